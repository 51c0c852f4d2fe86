"""A note becomes a reading: its kind, its record, its log and its tasks (specification 2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.builders import codes, of, places, policy, properties, read
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, Feedback, Interaction, Person, Project
from vaultcrm.parse.body import list_items
from vaultcrm.parse.vocabulary import LOG_SECTIONS, fold

DAY = date(2026, 11, 20)


def kind(text: str, path: str = "Notes/Acme.md", under: Policy | None = None) -> str | None:
    reading, _ = read(text, path, under)
    if isinstance(reading.record, Project) and reading.record.is_order:
        return "order"
    return reading.kind


# Which note is what


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("client", "client"),
        ("Client", "client"),
        ("客户", "client"),
        ("person", "person"),
        ("联系人", "person"),
        ("project", "project"),
        ("项目", "project"),
        ("order", "order"),
        ("订单", "order"),
        ("interaction", "interaction"),
        ("沟通记录", "interaction"),
        ("feedback", "feedback"),
        ("反馈", "feedback"),
        ("[client]", "client"),
        ("[meeting, client]", "client"),
        ('"[[Client]]"', "client"),
        ("'[[Types/Client|client]]'", "client"),
        ("recipe", None),
        ("", None),
    ],
)
def test_type_decides(written: str, found: str | None) -> None:
    assert kind(f"---\ntype: {written}\n---\n") == found


@pytest.mark.parametrize("name", ["type", "Type", "TYPE"])
def test_type_is_found_in_any_case(name: str) -> None:
    assert kind(f"---\n{name}: client\n---\n") == "client"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Clients/Acme.md", "client"),
        ("clients/Acme.md", "client"),
        ("Clients/Berlin/2026/Acme.md", "client"),
        ("客户/青禾.md", "client"),
        ("People/Ann.md", "person"),
        ("联系人/周青.md", "person"),
        ("Projects/Web.md", "project"),
        ("项目/官网.md", "project"),
        ("Interactions/2026/2026-11-20 call.md", "interaction"),
        ("沟通记录/2026-11-20.md", "interaction"),
        ("Feedback/2026-11-20.md", "feedback"),
        ("反馈/2026-11-20.md", "feedback"),
        ("Archive/Clients/Acme.md", None),
        ("Clients.md", None),
        ("Clientside/Acme.md", None),
    ],
)
def test_a_kind_s_folder_holds_for_all_below_it(path: str, found: str | None) -> None:
    assert kind("Hello.", path) == found


def test_type_wins_over_the_folder() -> None:
    assert kind("---\ntype: person\nclient: Acme\n---\n", "Clients/Ann.md") == "person"
    assert kind("---\ntype: recipe\n---\n", "Clients/Pancakes.md") is None


def test_an_empty_type_leaves_it_to_the_folder() -> None:
    assert kind("---\ntype:\n---\n", "Clients/Acme.md") == "client"


MAPPING = """
    [mapping.folders]
    Accounts = "client"
    "Accounts/People" = "person"
    "Work/Jobs" = "order"
    "Auftr\u00e4ge" = "project"
    [mapping.tags]
    "#kunde" = "client"
    "log/call" = "interaction"
    [mapping.values.category]
    People = "person"
    "Big Deals" = "project"
    Family = false
    [mapping.values.type]
    person = false
    [mapping.properties]
    Sort = "type"
    """


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("", "Accounts/Acme.md", "client"),
        ("", "Accounts/Deep/Acme.md", "client"),
        ("", "Accounts/People/Ann.md", "person"),
        ("", "Accounts/People/Old/Ann.md", "person"),
        ("---\nstart: 2026-01-01\n---", "Work/Jobs/A.md", "order"),
        ("", "Work/A.md", None),
        ("", "accounts/people/Ann.md", "person"),
        ("", "Auftra\u0308ge/A.md", "project"),
        ("---\ntags: [Kunde, red]\n---", "a.md", "client"),
        ("---\ntags: '#kunde'\n---", "a.md", "client"),
        ("---\ntag: kunde\n---", "a.md", "client"),
        ("---\ntags: [red]\n---", "a.md", None),
        ("---\ntags: [log/call]\ndate: 2026-01-01\n---", "a.md", "interaction"),
        ('---\ncategory: "[[People]]"\n---', "a.md", "person"),
        ("---\ncategory: [[People]]\n---", "a.md", "person"),
        ('---\ncategory: "[[People|who]]"\n---', "a.md", "person"),
        ('---\ncategory: "[[Sorts/People#all]]"\n---', "a.md", "person"),
        ('---\ncategory: "[who](../Sorts/People.md)"\n---', "a.md", "person"),
        ('---\ncategory: "[[Recipes|People]]"\n---', "a.md", None),
        ("---\ntags: [kunde/wichtig]\n---", "a.md", "client"),
        ("---\ntags: red, kunde\n---", "a.md", "client"),
        ("---\ntags: [wichtig/kunde]\n---", "a.md", None),
        ("---\nCategory: big-deals\n---", "a.md", "project"),
        ("---\ncategory: Recipes\n---", "a.md", None),
        ("---\nother: People\n---", "a.md", None),
        ("---\nsort: client\n---", "a.md", "client"),
        ("---\ncategory: People\ntags: kunde\n---", "Accounts/a.md", "person"),
        ("---\ntags: kunde\n---", "People/a.md", "client"),
        ("---\ntype: feedback\ntags: kunde\ndate: 2026-01-01\n---", "Accounts/a.md", "feedback"),
        ("---\ntype: recipe\ntags: kunde\n---", "a.md", "client"),
        ("---\ntype: person\nclient: Acme\n---", "People/a.md", None),
        ("---\ntype: person\ntags: kunde\n---", "a.md", None),
        ("---\ntype: [person, client]\n---", "a.md", "client"),
        ("---\ntype: client\ncategory: Family\n---", "a.md", "client"),
        ("---\ncategory: Family\ntags: kunde\n---", "a.md", None),
        ("---\ncategory: Family\n---", "Clients/a.md", None),
    ],
)
def test_kinds_that_the_configuration_maps(text: str, path: str, found: str | None) -> None:
    assert kind(text, path, policy(MAPPING)) == found


@pytest.mark.parametrize(
    "text",
    [
        "---\ntype: recipe\nsince: 2026-02-30\n---\n- [ ] buy flour 📅 2026-02-30",
        "---\nsince: [\n---\n",
        "---\nsince: 2026-02-30\n---\n## Log\n- yesterday: nothing",
    ],
)
def test_a_note_that_is_none_of_ours_is_left_alone(text: str) -> None:
    reading, told = read(text, "Notes/Pancakes.md")
    assert (reading.kind, reading.record, reading.interactions, reading.tasks, told) == (
        None,
        None,
        (),
        (),
        (),
    )


def test_a_broken_block_in_a_kind_s_folder_is_told() -> None:
    reading, told = read("---\ntype: [client\nowner: a\n---\n", "Clients/Acme.md")
    assert reading.kind == "client"
    assert codes(told) == ["front-matter-syntax"]


def test_a_note_in_our_folder_that_says_that_it_is_another_is_left_alone() -> None:
    assert read("---\ntype: recipe\nowner: [a\n---\n", "Clients/Acme.md")[1] == ()


# Client


def test_lost_on_alone_says_nothing() -> None:
    client, told = properties(Client, "owner: a\nlost_on: 2026-10-01")
    assert (client.status, client.lost_on) == ("active", date(2026, 10, 1))
    assert places(told) == ["Clients/Acme.md:3:1 lost-on-without-status"]
    assert codes(properties(Client, "status: paused\nlost_on: 2026-10-01")[1]) == ["lost-on-without-status"]
    assert of(Client, "lost_on: 2026-10-01\nstatus: lost").status == "lost"
    assert of(Client, "status: lost").lost_on is None


@pytest.mark.parametrize(
    ("lines", "contracts"),
    [
        ("contract_end: 2026-12-31", [(None, "2026-12-31")]),
        ("contract_start: 2026-01-01\ncontract_end: 2026-12-31", [("2026-01-01", "2026-12-31")]),
        (
            "contract_start: [2025-01-01, 2026-01-01]\ncontract_end: [2025-12-31, 2026-12-31]",
            [("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-12-31")],
        ),
        ("contract_end: [2025-12-31, 2026-12-31]", [(None, "2025-12-31"), (None, "2026-12-31")]),
        ("contract_start: 2026-01-01", []),
        ("contract_end: []", []),
    ],
)
def test_contracts(lines: str, contracts: list[tuple[str | None, str]]) -> None:
    found = [(str(start) if start else None, str(end)) for start, end in of(Client, lines).contracts]
    assert found == contracts


def test_contracts_of_unequal_length_are_told_and_the_ends_count() -> None:
    client, told = properties(Client, "contract_start: [2025-01-01, 2026-01-01]\ncontract_end: 2026-12-31")
    assert client.contracts == ((None, date(2026, 12, 31)),)
    assert places(told) == ["Clients/Acme.md:3:1 contracts-unequal"]


def test_a_contract_that_begins_after_its_end_is_told() -> None:
    lines = "contract_start: [2025-01-01, 2027-01-01, x]\ncontract_end: [2025-01-01, 2026-12-31, 2027-12-31]"
    client, told = properties(Client, lines)
    assert client.contracts[1] == (date(2027, 1, 1), date(2026, 12, 31))
    assert [each.message for each in told if each.code == "contract-reversed"] == [
        "this contract begins on 2027-01-01, after its end on 2026-12-31"
    ]


def test_a_wrong_date_among_contracts_costs_its_own_pair_only() -> None:
    client, told = properties(
        Client, "contract_start: [2025-01-01, soon]\ncontract_end: [2025-02-30, 2026-12-31]"
    )
    assert client.contracts == ((None, date(2026, 12, 31)),)
    assert codes(told) == ["bad-date", "bad-date"]


LOG = """\
    # Acme

    - 2026-01-01 not in the log

    ## Log

    - 2026-11-20 wechat: sent the trend report #insight +2 next:2026-12-04
      - 2026-11-21 within another
    - [ ] 2026-11-22 a task
    - yesterday: nothing
      - nor this

    ### 2025

    - 2025-05-05 phone: hello

    ## Others

    - 2026-01-02 not in the log
    """


def test_the_log_reaches_to_the_next_heading_of_its_level() -> None:
    reading, told = read(LOG)
    assert [(item.day.isoformat(), item.channel, item.place.line) for item in reading.interactions] == [
        ("2026-11-20", "wechat", 7),
        ("2026-11-21", None, 8),
        ("2025-05-05", "phone", 15),
    ]
    assert places(told) == ["Clients/Acme.md:10:3 log-item-undated yesterday: nothing"]


@pytest.mark.parametrize("title", ["# Log", "## log", "### LOG", "## 沟通记录", "Log\n---"])
def test_names_of_the_log(title: str) -> None:
    reading, told = read(f"{title}\n\n- 2026-11-20 phone: hello\n")
    assert ([item.day for item in reading.interactions], told) == ([DAY], ())


@pytest.mark.parametrize("indent", ["\t", "  ", "    "])
def test_what_stands_below_an_item_of_the_log_goes_along_with_it(indent: str) -> None:
    below = f"{indent}- she wants less green\n{indent}- price at 5\n"
    reading, told = read(f"## Log\n\n- 2026-11-20 meeting: kick-off +1\n{below}- 2026-11-02 phone: hi\n")
    assert (len(reading.interactions), told) == (2, ())
    reading, told = read(f"## Log\n\n- 2026-11-20 meeting: kick-off\n{indent}- next:2026-12-04\n- hello\n")
    assert [(each.code, each.place.line) for each in told] == [("mark-inside", 4), ("log-item-undated", 5)]


def test_a_ticked_item_of_the_log_is_told_to_be_no_conversation() -> None:
    items = ("[x] 2026-11-20 phone: hello", "[X] 2026/11/20 hello", "[ ] 2026-11-20 hello", "[x] call them")
    reading, told = read("## Log\n\n" + "".join(f"- {item}\n" for item in items))
    assert reading.interactions == ()
    assert places(told) == [
        "Clients/Acme.md:3:7 log-item-boxed 2026-11-20 phone: hello",
        "Clients/Acme.md:4:7 log-item-boxed 2026/11/20 hello",
    ]
    assert read("## Tasks\n\n- [x] 2026-11-20 phone: hello\n")[1] == ()


@pytest.mark.parametrize("day", ["2206-11-20", "1926-11-20"])
def test_a_conversation_in_another_age_is_told_and_counts(day: str) -> None:
    reading, told = read(f"## Log\n\n- {day} phone: hello\n- 1970-01-01 hello\n- 2099-12-31 hello\n")
    assert (len(reading.interactions), places(told)) == (3, [f"Clients/Acme.md:3:3 doubtful-date {day}"])
    record, told = properties(Interaction, f"client: Acme\ndate: {day}")
    assert record.day == date.fromisoformat(day)
    assert [(each.code, each.place.line, each.read) for each in told] == [("doubtful-date", 3, day)]


def test_an_item_of_the_log_with_an_impossible_date_is_told() -> None:
    reading, told = read("## Log\n\n- 2026-02-30 phone: hello\n")
    assert reading.interactions == ()
    assert places(told) == ["Clients/Acme.md:3:3 bad-date 2026-02-30"]


def test_only_what_says_something_has_a_place() -> None:
    record, _ = properties(Client, "status: 🟢 active\nowner: Mira\nlost_on:\n")
    assert record.lines == {"owner": 3}


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("owner:: mira", ["owner: mira"]),
        ("- **Owner**:: mira", ["Owner: mira"]),
        ("(phone:: 020 1) and (mood:: good)", ["phone: 020 1"]),
        ("[contact:: [[Ann]]]", ["contact: [[Ann]]"]),
        ("责任人:: 小周\nnext-contact:: 2026-12-03", ["责任人: 小周", "next-contact: 2026-12-03"]),
        ("owner:: a\nowner:: b", ["owner: a"]),
        ("mood:: good\nowner::\nowner: mira\nsee (owner:: x)", []),
        ("channel:: phone", []),
        ("```\nowner:: mira\n```", []),
        ("std::vector", []),
    ],
)
def test_fields_of_dataview_are_told(text: str, hints: list[str]) -> None:
    _, told = read(f"---\nchannel: email\n---\n{text}\n")
    assert [(each.code, each.hints[0]) for each in told] == [("inline-field", each) for each in hints]
    assert read(f"---\nchannel: email\n---\n{text}\n", "Notes/Acme.md")[1] == ()


def test_a_log_is_a_client_s_only() -> None:
    reading, told = read("---\nclient: Acme\n---\n## Log\n- 2026-11-20 x", "People/Ann.md")
    assert reading.interactions == ()
    assert codes(told) == ["log-elsewhere"]


def test_tasks_of_every_kind_but_feedback() -> None:
    text = (
        "---\nclient: Acme\nstart: 2026-01-01\ndate: 2026-11-20\n---\n- [ ] call 📅 2026-12-01\n- [ ] think\n"
    )
    for folder, noted in (("Clients", None), ("People", None), ("Projects", None), ("Interactions", DAY)):
        reading, told = read(text, f"{folder}/Acme.md")
        assert [(task.text, task.due, task.noted) for task in reading.tasks] == [
            ("call", date(2026, 12, 1), noted),
            ("think", None, noted),
        ], folder
        assert told == ()
    assert read(text, "Feedback/Acme.md")[0].tasks == ()


# Person, project, interaction, feedback


@pytest.mark.parametrize("kind", [Person, Project, Interaction, Feedback])
@pytest.mark.parametrize("line", ["", "client:", "client: []"])
def test_a_client_must_be_named(kind: type, line: str) -> None:
    name = kind.__name__.lower()
    folder = {"person": "People", "project": "Projects", "interaction": "Interactions"}.get(name, "Feedback")
    text = f"---\nowner: a\n{line}\ndate: 2026-01-01\nstart: 2026-01-01\n---\n"
    reading, told = read(text, f"{folder}/A.md")
    assert places(told) == [f"{folder}/A.md:{3 if line else 1}:1 missing-client"]
    assert (reading.record is None) == (kind is Person)


@pytest.mark.parametrize(
    ("stem", "day"),
    [
        ("2026-11-20 Acme kick-off", DAY),
        ("2026-11-20", DAY),
        ("2026-11-20T10-30 call", DAY),
        ("2026-11-20_call", DAY),
        ("2026年11月20日 电话", DAY),
        ("20261120 call", None),
        ("2026-02-30 call", None),
        ("call 2026-11-20", None),
        ("2026-11", None),
    ],
)
@pytest.mark.parametrize("folder", ["Interactions", "Feedback"])
def test_the_date_that_the_file_name_begins_with(folder: str, stem: str, day: date | None) -> None:
    reading, told = read("---\nclient: Acme\n---\n", f"{folder}/{stem}.md")
    record = reading.record
    assert (record.day if isinstance(record, Interaction | Feedback) else None) == day
    assert codes(told) == ([] if day else ["missing-date"])


def test_the_date_written_wins_over_the_file_s_name() -> None:
    path = "Interactions/2026-11-20 call.md"
    assert of(Interaction, "client: Acme\ndate: 2026-11-13", path).day == date(2026, 11, 13)
    interaction, told = properties(Interaction, "client: Acme\ndate: 2026-02-30", path)
    assert (interaction.day, codes(told)) == (DAY, ["bad-date"])


@pytest.mark.parametrize("folder", ["Interactions", "Feedback"])
def test_with_neither_it_does_not_count(folder: str) -> None:
    reading, told = read("---\nclient: Acme\n---\n- [ ] a task 📅 2026-12-01", f"{folder}/Call.md")
    assert (reading.record, reading.tasks) == (None, ())
    assert places(told) == [f"{folder}/Call.md:1:1 missing-date"]


def test_defaults_of_an_interaction() -> None:
    interaction = of(Interaction, "client: Acme\ndate: 2026-11-20")
    assert (interaction.kind, interaction.direction, interaction.channel, interaction.about) == (
        "contact",
        None,
        None,
        (),
    )
    assert (interaction.sentiment, interaction.severity, interaction.has_body) == (None, None, False)


@pytest.mark.parametrize(
    ("body", "says"),
    [("", False), ("\n \n", False), ("# Title", True), ("\nWe met.", True), ("- [ ] call", True)],
)
def test_whether_the_body_says_something(body: str, says: bool) -> None:
    reading, _ = read(f"---\nclient: Acme\ndate: 2026-11-20\n---\n{body}\n", "Interactions/A.md")
    assert isinstance(reading.record, Interaction)
    assert reading.record.has_body is says


def test_an_order_note_is_a_project() -> None:
    reading, told = read("---\ntype: 订单\nclient: Acme\nstart: 2026-01-01\n---\n", "Orders/Cups.md")
    assert isinstance(reading.record, Project)
    assert (reading.kind, reading.record.is_order, reading.record.title, told) == (
        "project",
        True,
        "Cups",
        (),
    )


# Daily notes

DAILY = policy('[capture]\ndaily = "Daily/"')


def daily(text: str, path: str = "Daily/2026-11-20.md") -> list[Interaction]:
    reading, told = read(text, path, DAILY)
    assert told == ()
    assert (reading.kind, reading.record) == (None, None)
    return list(reading.interactions)


def test_an_item_that_links_to_a_client() -> None:
    (item,) = daily("- [[Acme]] phone: the launch moved to May +1 next:2026-12-01\n")
    assert (item.day, item.channel, item.summary, item.sentiment, item.next) == (
        DAY,
        "phone",
        "the launch moved to May",
        Decimal(1),
        date(2026, 12, 1),
    )
    assert (item.clients[0].target, item.source, item.place.line) == ("Acme", "daily", 1)


@pytest.mark.parametrize(
    "text",
    [
        "[[Acme]] phone: a paragraph",
        "# [[Acme]]",
        "- [ ] call [[Acme]]",
        "- [-] call [[Acme]]",
        "> - [[Acme]] said",
        "```\n- [[Acme]] phone: hello\n```",
        "- ![[Acme]]",
        "- call Acme",
        "- `[[Acme]]` is code",
        "",
    ],
)
def test_what_is_no_contact(text: str) -> None:
    assert daily(text + "\n") == []


def test_a_ticked_task_is_a_contact_on_its_day() -> None:
    (item,) = daily("- [x] call [[Acme]] ✅ 2026-11-22\n")
    assert item.day == date(2026, 11, 22)
    (item,) = daily("- [x] call [[Acme]]\n")
    assert item.day == DAY


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("Daily/2026-11-20.md", 1),
        ("Daily/2026/11/2026-11-20 Friday.md", 1),
        ("daily/2026-11-20.md", 1),
        ("Daily/Ideas.md", 0),
        ("Other/2026-11-20.md", 0),
        ("Daily.md", 0),
    ],
)
def test_only_notes_named_by_a_date_in_the_folder(path: str, count: int) -> None:
    assert len(daily("- [[Acme]] phone: hello\n", path)) == count


def test_the_folder_may_be_spelled_in_other_code_points() -> None:
    config = policy('[capture]\ndaily = "Tagebu\u0308cher"')
    reading, _ = read("- [[Acme]] phone: hello\n", "Tageb\u00fccher/2026-11-20.md", config)
    assert len(reading.interactions) == 1


def test_a_mark_within_an_item_of_a_daily_note_is_told() -> None:
    def told(item: str) -> list[str]:
        return codes(read(f"- {item}\n", "Daily/2026-11-20.md", DAILY)[1])

    assert told("[[Acme]] phone: agreed next:2026-12-09\n  more text") == ["mark-inside"]
    assert told("[[Acme]] read next: 2 chapters, then sleep") == []
    assert told("[[Acme]] phone: agreed\n  more text next:2026-12-09") == []


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        ("\t- phone: he wants blue +1\n\t- next:2026-12-03\n", [2, 3]),
        ("  - #insight +1\n", [2]),
        ("  - he wants blue\n  - read next: 2 chapters\n  - + \n  - [ ] phone: call 📅 2026-12-01\n", []),
        ("  - mood: good\n- phone: my mother\n", []),
        ("- a list\n  - phone: my mother\n", []),
        ("  - [[Acme]] phone: hi\n", []),
    ],
)
def test_what_stands_below_an_item_of_a_daily_note_is_told(below: str, lines: list[int]) -> None:
    reading, told = read(f"- [[Acme]]\n{below}", "Daily/2026-11-20.md", DAILY)
    assert reading.interactions
    assert [(each.code, each.place.line) for each in told] == [("daily-below", line) for line in lines]


def test_daily_notes_are_opt_in() -> None:
    assert read("- [[Acme]] phone: hello\n", "Daily/2026-11-20.md")[0].interactions == ()


def test_a_daily_note_with_a_type_is_what_it_says() -> None:
    reading, _ = read("---\ntype: client\n---\n- [[Acme]] x\n", "Daily/2026-11-20.md", DAILY)
    assert (reading.kind, reading.interactions) == ("client", ())


def test_marks_of_a_daily_item_that_are_wrong_are_told() -> None:
    reading, told = read("- [[Acme]] phone: hello next:2026-02-30\n", "Daily/2026-11-20.md", DAILY)
    assert len(reading.interactions) == 1
    assert places(told) == ["Daily/2026-11-20.md:1:3 bad-date 2026-02-30"]


TITLES = [
    "# Log",
    "##  LOG ##",
    "# log\t#",
    "Log",
    "   log  ",
    "沟通记录",
    "# 沟通记录",
    "#\xa0Log",
    "# Logs",
    "# Blog",
]
BELOW = [
    "---",
    "===",
    "",
    "text",
    "- 2026-11-20 phone: a",
    "- [ ] b",
    "  - 2026-11-21 c",
    "```",
    "> q",
    "# h",
]


@given(st.lists(st.sampled_from([*TITLES, *BELOW]), max_size=9).map("\n".join))
def test_every_log_is_found_however_its_title_is_written(body: str) -> None:
    reading, _ = read(f"---\ntype: client\n---\n{body}", "Clients/Acme.md")
    items = list_items(body, 4)
    logged = [item for item in items if any(fold(title) in LOG_SECTIONS for title in item.sections)]
    assert [each.place.line for each in reading.interactions] == [
        item.line for item in logged if item.text.startswith("2026")
    ]
    assert [each.place.line for each in reading.tasks] == [item.line for item in items if item.box]


@pytest.mark.parametrize("amount", ["4.500,00 €", "12,50 €", "1.200.000,50 EUR"])
def test_a_comma_before_decimals_on_one_line_is_told_as_a_whole(amount: str) -> None:
    client, told = properties(Client, f"projects:\n  - {{title: A, start: 2026-01-01, amount: {amount}}}")
    assert client.projects[0].amount is None
    assert [(each.code, each.read) for each in told] == [("bad-money", amount)]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("amount: 12,000", "12000"),
        ("amount: ¥1,200,000.50", "¥1200000.50"),
        ("amount: 12,000 EUR", "12000 EUR"),
        ("amount: '12,000'", "12000"),
        ("amount: 12", "12"),
        ("amount: 12, remarks: 000", "12"),
        ("amount: 1200, 300: ", "1200"),
        ("amount: 12, 30: ", "12"),
    ],
)
def test_thousands_may_be_separated_in_a_project_on_one_line(written: str, amount: str) -> None:
    inline, told = properties(Client, f"projects:\n  - {{title: A, {written}, start: 2026-01-01}}")
    block, _ = properties(Client, f"projects:\n  - title: A\n    amount: {amount}\n    start: 2026-01-01")
    assert told == ()
    assert inline.projects[0].amount == block.projects[0].amount
    assert inline.projects[0].title == "A"
    assert inline.projects[0].start == block.projects[0].start


def test_a_box_with_nothing_behind_it_is_no_task() -> None:
    body = "- [ ] \n- [ ] @wang\n- [ ] 📅 2026-11-25\n- [ ] send the offer\n"
    reading, told = read(f"---\ntype: interaction\nclient: Acme\ndate: 2026-11-20\n---\n{body}", "a.md")
    assert [(task.text, str(task.due)) for task in reading.tasks] == [
        ("", "2026-11-25"),
        ("send the offer", "None"),
    ]
    assert told == ()


def test_an_order_among_the_projects_of_a_client_in_chinese() -> None:
    reading, _ = read(
        "---\n类型: 客户\ntype: 客户\n合作项目: [{标题: b, 类型: 订单, 开始日期: 2026-11-01}]\n---\n", "a.md"
    )
    assert isinstance(reading.record, Client)
    assert [project.is_order for project in reading.record.projects] == [True]


def test_a_conflict_of_git_is_told_only_where_both_sides_stand() -> None:
    told = read("---\ntype: client\n---\nsee `<<<<<<< HEAD`\n<<<<<<< HEAD\n", "a.md")[1]
    assert told == ()


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("标题: A，金额：100, 签约日期: 2026-01-01", ["full-width-colon"]),
        ("标题: 甲，乙：丙, 签约日期: 2026-01-01", []),
        ('标题: "A，金额：100", 签约日期: 2026-01-01', []),
    ],
)
def test_a_property_behind_a_full_width_comma_is_told(entries: str, told: list[str]) -> None:
    _, found = properties(Client, f"projects:\n  - {{{entries}}}")
    assert codes(found) == told


@pytest.mark.parametrize(
    ("start", "delivered", "is_told"),
    [("2026-09-01", "2026-08-15", True), ("2026-09-01", "2026-09-01", False), ("2026-09-01", "", False)],
)
def test_a_project_that_ends_before_it_begins_is_told(start: str, delivered: str, is_told: bool) -> None:
    _, told = read(f"---\nclient: Acme\nstart: {start}\ndelivered: {delivered}\n---\n", "Projects/Web.md")
    assert places(told) == (["Projects/Web.md:4:1 project-reversed 2026-08-15"] if is_told else [])
