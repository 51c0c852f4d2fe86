"""Readings become histories: links resolved, sorted, checked against each other (specification 2, Links)."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from tests.parse.builders import codes, history, joined, places, policy, read
from vaultcrm.model.note import Place
from vaultcrm.model.records import Client, Person, Reading
from vaultcrm.parse.portfolio import join_readings

ACME = {"Clients/Acme.md": ""}
ANN = {"People/Ann Keller.md": "---\nclient: '[[Acme]]'\n---\n"}


def call(day: str, client: str, more: str = "") -> str:
    return f"---\nclient: {client}\ndate: {day}\n{more}\n---\n"


def project(client: str, more: str = "start: 2026-01-01") -> str:
    return f"---\nclient: {client}\n{more}\n---\n"


# What belongs to whom


def test_an_empty_vault() -> None:
    portfolio, told = joined({})
    assert (portfolio.histories, told) == ((), ())


def test_everything_finds_its_client() -> None:
    acme = history(
        {
            **ACME,
            **ANN,
            "Projects/Web.md": project("'[[Acme]]'"),
            "Interactions/Call.md": call("2026-11-13", "Acme"),
            "Feedback/2026-07-01.md": "---\nclient: '[[Clients/Acme|they]]'\nproject: Web\nresult: 9\n---\n",
        }
    )
    assert [each.name for each in acme.people] == ["Ann Keller"]
    assert [each.title for each in acme.projects] == ["Web"]
    assert [each.path for each in acme.interactions] == ["Interactions/Call.md"]
    (feedback,) = acme.feedback
    assert acme.feedback_project[feedback.place].title == "Web"


@pytest.mark.parametrize(
    "link",
    [
        "Acme",
        '"[[Acme]]"',
        "[[Acme]]",
        '"[[acme|the people]]"',
        '"[[Clients/Acme]]"',
        '"[Acme](../Clients/Acme.md)"',
        '"[Acme](/Clients/Acme.md)"',
        "ACM",
        "Acme Holding",
        "'[[Ann Keller]]'",
        "Ann Keller",
    ],
)
def test_links_to_the_client_in_every_form_and_by_a_person(link: str) -> None:
    files = {
        "Clients/Acme.md": "---\nname: Acme Holding\naliases: [ACM]\n---\n",
        **ANN,
        "Interactions/Call.md": call("2026-11-13", link),
    }
    assert len(history(files, "Acme Holding").interactions) == 1


def test_percent_encoded_markdown_links() -> None:
    files = {
        "Clients/Acme & Söhne.md": "",
        "Interactions/2026/Call.md": call("2026-11-13", '"[A](../../Clients/Acme%20&%20S%C3%B6hne.md)"'),
    }
    assert len(history(files, "Acme & Söhne").interactions) == 1


def test_several_clients_each_get_the_interaction_once_and_the_first_the_tasks() -> None:
    files = {
        **ACME,
        **ANN,
        "Clients/Bell.md": "",
        "Interactions/Call.md": call("2026-11-13", "['[[Bell]]', '[[Acme]]', '[[Ann Keller]]']")
        + "- [ ] send 📅 2026-12-01",
    }
    acme, bell = history(files), history(files, "Bell")
    assert (len(acme.interactions), len(bell.interactions)) == (1, 1)
    assert (len(acme.tasks), len(bell.tasks)) == (0, 1)


def test_of_several_clients_the_unknown_is_told_and_the_known_counts() -> None:
    portfolio, told = joined(
        {**ACME, "Interactions/Call.md": call("2026-11-13", "['[[Acmee]]', '[[Acme]]']")}
    )
    assert len(portfolio.histories[0].interactions) == 1
    assert places(told) == ["Interactions/Call.md:2:10 unknown-client Acmee"]
    assert told[0].hints == ("Acme",)


@pytest.mark.parametrize("folder", ["Projects", "Interactions", "Feedback"])
def test_without_a_known_client_nothing_counts(folder: str) -> None:
    text = "---\nclient: Zebra\ndate: 2026-01-01\nstart: 2026-01-01\n---\n- [ ] x 📅 2026-12-01\n"
    portfolio, told = joined({**ACME, f"{folder}/A.md": text})
    (acme,) = portfolio.histories
    assert (acme.projects, acme.interactions, acme.feedback, acme.tasks) == ((), (), (), ())
    assert places(told) == [f"{folder}/A.md:2:9 unknown-client Zebra"]
    assert told[0].hints == ()


def test_a_project_belongs_to_the_first_of_its_clients() -> None:
    files = {**ACME, "Clients/Bell.md": "", "Projects/W.md": project("[Bell, Acme]")}
    portfolio, told = joined(files)
    assert {one.client.name: len(one.projects) for one in portfolio.histories} == {"Acme": 0, "Bell": 1}
    assert [(each.code, each.read) for each in told] == [("first-only", "Acme")]


def test_projects_in_the_client_s_note_count_beside_notes_of_their_own_and_are_sorted() -> None:
    files = {
        "Clients/Acme.md": "---\nprojects: [{title: B, start: 2026-03-01}, {title: D, status: 提案}]\n---\n",
        "Projects/A.md": project("Acme", "signed: 2026-05-01"),
        "Projects/C.md": project("Acme", "delivered: 2026-02-01"),
    }
    assert [each.title for each in history(files).projects] == ["C", "B", "A", "D"]


def test_a_person_needs_a_client_that_is_known() -> None:
    portfolio, told = joined({**ACME, "People/Ann.md": "---\nclient: Acmee\n---\n"})
    assert portfolio.histories[0].people == ()
    assert places(told) == ["People/Ann.md:2:9 unknown-client Acmee"]
    assert told[0].hints == ("Acme",)


def test_a_link_to_a_person_without_a_known_client_is_unknown() -> None:
    files = {
        **ACME,
        "People/Ann.md": "---\nclient: Acmee\n---\n",
        "Interactions/C.md": call("2026-01-01", "Ann"),
    }
    _, told = joined(files)
    assert codes(told) == ["person-without-client", "unknown-client"]
    assert told[0].hints == ("People/Ann.md",)


def test_a_link_to_a_person_who_names_no_client() -> None:
    files = {
        "Clients/Acme.md": "---\nreferred_by: '[[Ann]]'\n---\n",
        "People/Ann.md": "---\nposition: baker\n---\n",
        "Interactions/C.md": call("2026-01-01", "Ann"),
    }
    assert codes(joined(files)[1]) == ["missing-client", "person-without-client", "person-without-client"]


@pytest.mark.parametrize(
    ("note", "hint"),
    [
        ("Interactions/C.md", '["[[Acme]]", "[[甲]]"]'),
        ("Projects/C.md", '"[[Acme]]"'),
        ("People/C.md", '"[[Acme]]"'),
    ],
)
def test_several_clients_in_one_text(note: str, hint: str) -> None:
    files = {
        **ACME,
        "Clients/甲.md": "",
        note: "---\nclient: Acme、甲\nstart: 2026-01-01\ndate: 2026-01-01\n---\n",
    }
    (told,) = joined(files)[1]
    assert (told.code, told.read, told.hints) == ("several-in-one", "Acme、甲", (hint,))


@pytest.mark.parametrize("written", ["Acme、乙", "Acme & Co", "Acme、"])
def test_what_does_not_name_several_is_one_name(written: str) -> None:
    _, told = joined({**ACME, "Interactions/C.md": call("2026-01-01", f'"{written}"')})
    assert codes(told) == ["unknown-client"]


def test_no_hint_is_what_was_written() -> None:
    shadowed = {"Clients/b.md": "---\nname: Bell\n---\n", "Inbox/Bell.md": "x"}
    _, told = joined({**shadowed, "Interactions/C.md": call("2026-01-01", "Bell")})
    assert [(each.code, each.hints) for each in told] == [("unknown-client", ())]


def test_a_client_is_no_person_s_client_by_way_of_a_person() -> None:
    files = {**ACME, **ANN, "People/Bo.md": "---\nclient: Ann Keller\n---\n- [ ] x 📅 2026-12-01"}
    portfolio, told = joined(files)
    assert [each.name for each in portfolio.histories[0].people] == ["Ann Keller"]
    assert codes(told) == ["unknown-client"]
    assert portfolio.histories[0].tasks == ()


def test_tasks_of_client_person_project_and_interaction() -> None:
    task = "- [ ] x 📅 2026-12-01\n"
    files = {
        "Clients/Acme.md": task,
        "People/Ann.md": "---\nclient: Acme\n---\n" + task,
        "Projects/W.md": project("Acme") + task,
        "Interactions/C.md": call("2026-01-01", "Acme") + task,
    }
    assert [each.path for each in history(files).tasks] == sorted(files)


DAILY = policy('[capture]\ndaily = "Daily"')


def test_items_of_daily_notes_find_their_clients() -> None:
    files = {
        **ACME,
        **ANN,
        "Clients/Bell.md": "",
        "Daily/2026-11-20.md": "- [[Acme]] phone: a\n- [[Ann Keller]] and [[Bell]] phone: b\n- [[Zebra]] x\n",
    }
    acme, bell = history(files, under=DAILY), history(files, "Bell", DAILY)
    assert [each.summary and each.summary.strip() for each in acme.interactions] == ["a", "b"]
    assert len(bell.interactions) == 1


def test_a_daily_item_may_link_to_anything_and_an_ambiguous_one_takes_the_first() -> None:
    files = {
        "Clients/Bell.md": "",
        "Clients/X/Bell.md": "---\nname: Other\n---\n",
        "Daily/2026-11-20.md": "- [[Bell]] and [[Recipes]] phone: a\n",
    }
    portfolio, told = joined(files, DAILY)
    assert [(each.client.name, len(each.interactions)) for each in portfolio.histories] == [
        ("Bell", 1),
        ("Other", 0),
    ]
    assert places(told) == ["Daily/2026-11-20.md:1:3 ambiguous-link Bell"]


def test_a_slip_in_the_name_of_a_daily_item_is_told() -> None:
    files = {**ACME, **ANN, "Daily/2026-11-20.md": "- rain\n- [[Recipes]] and [[Acmee]] phone: a\n"}
    portfolio, told = joined(files, DAILY)
    assert portfolio.histories[0].interactions == ()
    assert places(told) == ["Daily/2026-11-20.md:2:19 daily-unknown Acmee"]
    assert told[0].hints == ("Acme",)


@pytest.mark.parametrize(
    "item",
    [
        "[[Zebra]] phone: nobody is called nearly so",
        "[[Acmee]] is a word for the highest point",
        "[[Acmee]] on: no channel",
        "[[Acme]] and [[Acmee]] phone: counts for somebody",
        "- [ ] [[Acmee]] phone: an intention",
    ],
)
def test_other_links_of_daily_notes_are_nobody_s_business(item: str) -> None:
    assert joined({**ACME, "Daily/2026-11-20.md": f"- {item}\n"}, DAILY)[1] == ()


# Feedback


def test_feedback_on_a_project_in_the_client_s_note() -> None:
    files = {
        "Clients/Acme.md": "---\nprojects: [{title: Website, start: 2026-01-01}]\n---\n",
        "Feedback/2026-07-01.md": "---\nclient: Acme\nproject: '[[website]]'\n---\n",
    }
    acme = history(files)
    assert [each.title for each in acme.feedback_project.values()] == ["Website"]


def test_feedback_on_an_unknown_project_counts_and_is_told() -> None:
    files = {
        **ACME,
        "Projects/Website.md": project("Acme"),
        "Feedback/2026-07-01.md": "---\nclient: Acme\nproject: Websit\n---\n",
    }
    portfolio, told = joined(files)
    assert (len(portfolio.histories[0].feedback), portfolio.histories[0].feedback_project) == (1, {})
    assert places(told) == ["Feedback/2026-07-01.md:3:10 unknown-link Websit"]
    assert told[0].hints == ("Website",)


# Contacts, decision makers, referrals


def test_of_several_people_of_a_name_the_contact_is_the_client_s_own() -> None:
    notes = {
        "Clients/Acme.md": "---\ncontact: John Smith\ndecision_maker: '[[John Smith]]'\n---\n",
        "Clients/Bell.md": "---\ncontact: John Smith\n---\n",
        "Clients/Cole.md": "---\ncontact: John Smith\n---\n",
        "People/John Smith.md": "---\nclient: '[[Acme]]'\n---\n",
        "People/John Smith, Bell.md": "---\nname: John Smith\nclient: '[[Bell]]'\n---\n",
    }
    portfolio, told = joined(notes)
    paths = [
        [each.path for each in found.contacts if isinstance(each, Person)] for found in portfolio.histories
    ]
    assert paths == [["People/John Smith.md"], ["People/John Smith, Bell.md"], ["People/John Smith.md"]]
    assert [each.path for each in portfolio.histories[0].decision_makers if isinstance(each, Person)] == [
        "People/John Smith.md"
    ]
    assert codes(told) == []


def test_contacts_are_people_where_they_have_a_note() -> None:
    files = {
        "Clients/Acme.md": "---\ncontact: ['[[Ann Keller]]', Bo]\ndecision_maker: Cy\n---\n",
        "People/Ann Keller.md": "---\nclient: Acme\n---\n",
        "People/Di.md": "---\nclient: Acme\ndecision_maker: true\n---\n",
    }
    acme = history(files)
    ann, bo = acme.contacts
    assert isinstance(ann, Person)
    assert bo == "Bo"
    cy, di = acme.decision_makers
    assert cy == "Cy"
    assert isinstance(di, Person)


def test_a_decision_maker_named_twice_is_one() -> None:
    files = {
        "Clients/Acme.md": "---\ndecision_maker: '[[Di]]'\n---\n",
        "People/Di.md": "---\nclient: Acme\ndecision_maker: true\n---\n",
    }
    assert len(history(files).decision_makers) == 1


def test_a_contact_that_is_linked_must_be_there_and_a_name_need_not() -> None:
    files = {**ANN, "Clients/Acme.md": "---\ncontact: '[[Anne Keller]]'\ndecision_maker: Bo\n---\n"}
    portfolio, told = joined(files)
    assert portfolio.histories[0].contacts == ("Anne Keller",)
    assert places(told) == ["Clients/Acme.md:2:10 unknown-link Anne Keller"]
    assert told[0].hints == ("Ann Keller",)


def test_referrals_by_a_client_or_one_of_their_people() -> None:
    files = {
        **ACME,
        **ANN,
        "Clients/Bell.md": "---\nreferred_by: '[[Ann Keller]]'\nprojects: {start: 2026-01-01}\n---\n",
        "Clients/Oak.md": "---\nreferred_by: Acme\n---\n",
        "Clients/Elm.md": "---\nreferred_by: a friend\n---\n",
        "Clients/Ash.md": "---\nreferred_by: Ash\n---\n",
    }
    introduced = history(files).introduced
    assert [(each.client.name, each.referrer, len(each.projects)) for each in introduced] == [
        ("Bell", "Ann Keller", 1),
        ("Oak", "Acme", 0),
    ]
    assert history(files, "Ash").introduced == ()


def test_a_referrer_that_is_linked_must_be_there() -> None:
    _, told = joined({**ACME, "Clients/Bell.md": "---\nreferred_by: '[[Acmee]]'\n---\n"})
    assert places(told) == ["Clients/Bell.md:2:14 unknown-link Acmee"]


# What is told


def test_an_ambiguous_link_is_told_with_the_paths() -> None:
    files = {
        "Clients/Bell.md": "",
        "Clients/X/Bell.md": "---\nname: Other\n---\n",
        "Interactions/C.md": call("2026-01-01", "'[[Bell]]'"),
        "People/Ann.md": "---\nclient: Bell\n---\n",
    }
    portfolio, told = joined(files)
    assert len(portfolio.histories[0].interactions) == 1
    assert places(told) == [
        "Interactions/C.md:2:9 ambiguous-link Bell",
        "People/Ann.md:2:9 ambiguous-link Bell",
    ]
    assert told[0].hints == ("Clients/Bell.md", "Clients/X/Bell.md")
    assert told[0].message == "'Bell' could be several notes; Clients/Bell.md is taken — client"


def test_equal_names_and_ids_are_told_once_at_the_later_path() -> None:
    files = {
        "Clients/A.md": "---\nname: Bell\nid: c-1\n---\n",
        "Clients/B.md": "---\nname: BELL\nid: c-1\n---\n",
        "People/C.md": "---\nclient: '[[A]]'\nid: c-1\n---\n",
    }
    portfolio, told = joined(files)
    assert len(portfolio.histories) == 2
    assert places(told) == [
        "Clients/B.md:2:1 duplicate-client BELL",
        "Clients/B.md:3:1 duplicate-id c-1",
        "People/C.md:3:1 duplicate-id c-1",
    ]
    assert told[0].hints == ("Clients/A.md",)


@pytest.mark.parametrize("tier", ["A", "a", "B"])
def test_a_known_tier(tier: str) -> None:
    assert history({"Clients/Acme.md": f"---\ntier: {tier}\n---\n"}).client.tier == tier


def test_tiers_are_those_of_the_policy() -> None:
    files = {"Clients/Acme.md": "---\ntier: S\n---\n"}
    _, told = joined(files)
    assert places(told) == ["Clients/Acme.md:2:1 unknown-tier S"]
    assert told[0].hints == ("A", "B", "C")
    assert joined(files, policy(name="enterprise"))[1] == ()
    assert joined({"Clients/Acme.md": "---\ntier: 重点\n---\n"}, policy(name="sales"))[1] == ()


def test_a_currency_without_a_rate_is_told_wherever_the_project_stands() -> None:
    files: Mapping[str, str] = {
        "Clients/Acme.md": "---\nprojects: [{title: W, start: 2026-01-01, amount: 5 CHF}]\n---\n",
        "Projects/A.md": project("Acme", "start: 2026-01-01\namount: 5 USD"),
        "Projects/B.md": project("Acme", "start: 2026-01-01\namount: 5 CNY"),
        "Projects/C.md": project("Acme", "start: 2026-01-01\namount: 5"),
    }
    assert places(joined(files)[1]) == [
        "Clients/Acme.md:2:1 unknown-currency CHF",
        "Projects/A.md:4:1 unknown-currency USD",
    ]
    rated = policy('[currency]\ncode = "CNY"\nrates = {USD = 7.1, CHF = 8}')
    assert joined(files, rated)[1] == ()


@pytest.mark.parametrize("stem", ["a#b", "a^b", "a[b", "a]b", "a|b", "a%%b", "a\u200bb", "a\nb"])
def test_a_file_that_cannot_be_linked_is_told_and_counts(stem: str) -> None:
    portfolio, told = joined({f"Clients/{stem}.md": ""})
    assert (len(portfolio.histories), codes(told)) == (1, ["odd-name"])


@pytest.mark.parametrize("stem", ["a & b", "a (b)", "a'b", "100%", "青禾", "a: b"])
def test_a_file_that_can_be_linked(stem: str) -> None:
    assert joined({f"Clients/{stem}.md": ""})[1] == ()


# Order


def test_clients_and_people_are_sorted_by_name_then_path() -> None:
    files = {
        "Clients/z.md": "---\nname: Acme\n---\n",
        "Clients/a.md": "---\nname: Zoé\n---\n",
        "Clients/b.md": "---\nname: Acme\n---\n",
        "Clients/c.md": "---\nname: Émile\n---\n",
        "People/2.md": "---\nclient: '[[a]]'\nname: Bo\n---\n",
        "People/1.md": "---\nclient: '[[a]]'\nname: Bo\n---\n",
        "People/3.md": "---\nclient: '[[a]]'\nname: Al\n---\n",
    }
    portfolio, _ = joined(files)
    assert [each.client.path for each in portfolio.histories] == [
        "Clients/b.md",
        "Clients/z.md",
        "Clients/a.md",
        "Clients/c.md",
    ]
    assert [each.path for each in portfolio.histories[2].people] == [
        "People/3.md",
        "People/1.md",
        "People/2.md",
    ]


def test_of_things_of_one_day_the_later_is_the_one_with_the_larger_path_then_line() -> None:
    files = {
        "Clients/Acme.md": "## Log\n- 2026-11-20 b: x\n- 2026-11-20 a: y\n- 2026-11-19 c: z\n",
        "Interactions/A.md": call("2026-11-20", "Acme"),
        "Aside/A.md": "---\ntype: interaction\nclient: Acme\ndate: 2026-11-20\n---\n",
    }
    assert [f"{each.path}:{each.place.line}" for each in history(files).interactions] == [
        "Clients/Acme.md:4",
        "Aside/A.md:1",
        "Clients/Acme.md:2",
        "Clients/Acme.md:3",
        "Interactions/A.md:1",
    ]


def test_the_order_of_the_readings_does_not_matter() -> None:
    files = {
        **ANN,
        "Clients/Bell.md": "---\nreferred_by: Acme\n---\n## Log\n- 2026-01-01 x\n",
        "Clients/Acme.md": "---\nid: 1\ncontact: '[[Ann Keller]]'\n---\n- [ ] x 📅 2026-12-01",
        "Clients/X/Bell.md": "---\nid: 1\n---\n",
        "Projects/W.md": project("Bell"),
        "Interactions/C.md": call("2026-01-01", "[Bell, Acme, Zebra]"),
        "Feedback/2026-07-01.md": "---\nclient: Bell\nproject: W\n---\n",
    }
    readings = [read(text, path)[0] for path, text in files.items()]
    expected = join_readings(readings, policy())
    for seed in range(20):
        Random(seed).shuffle(readings)
        assert join_readings(readings, policy()) == expected


def test_the_last_contact_of_a_client_s_note_counts_where_no_note_tells_of_that_day() -> None:
    alone = {"Clients/Acme.md": "---\nlast-contact: 2026-10-01\n---\n"}
    (contact,) = history(alone, "Acme").interactions
    assert (contact.day.isoformat(), contact.source, contact.place.line) == ("2026-10-01", "property", 2)
    told = {"Clients/Acme.md": "---\nlast-contact: 2026-10-01\n---\n## Log\n- 2026-10-01 phone: x\n"}
    assert [each.source for each in history(told, "Acme").interactions] == ["log"]


def test_a_person_of_no_client_belongs_to_nobody() -> None:
    client = Client(place=Place("Clients/A.md"), name="A")
    nobody = Reading("People/Bob.md", "person", Person(place=Place("People/Bob.md"), name="Bob"))
    portfolio, told = join_readings([nobody, Reading("Clients/A.md", "client", client)], policy())
    assert [each.people for each in portfolio.histories] == [()]
    assert told == ()


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("Clients/Fern/Fern contract.md", "Signed.\n", True),
        ("Clients/Fern/2026/Notes.md", "", False),
        ("Clients/Fern/Fern Ltd.md", "---\ntype: client\n---\n", False),
        ("Clients/Fern/Fern Ltd.md", "---\nowner: mira\n---\n", False),
        ("Clients/Fern/Fern Ltd.md", "## Log\n- 2026-11-02 phone: hi\n", False),
        ("Clients/Elm/Elm.md", "", False),
        ("Clients/Oak/Ideas.md", "", True),
        ("Clients/Ash.md", "", False),
    ],
)
def test_a_note_in_the_folder_of_a_client_is_told_unless_it_says_what_it_is(
    path: str, text: str, told: bool
) -> None:
    notes = {"Clients/Fern/Fern.md": "", "Clients/Oak.md": "", "Clients/Clients.md": "", path: text}
    _, found = joined(notes)
    assert [(each.code, each.place.path) for each in found] == ([("client-by-folder", path)] if told else [])


def test_a_note_called_as_a_mapped_folder_is_about_all_in_it() -> None:
    notes = {"Work/Customers/Customers.md": "", "Work/Customers/Fern.md": ""}
    assert joined(notes, policy('[mapping.folders]\n"Work/Customers" = "client"'))[1] == ()
