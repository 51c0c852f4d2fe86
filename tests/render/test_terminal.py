from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset
from tests.render.builders import overview, words
from tests.rules.builders import client, contact, feedback, follow_up, history, person, project
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import ClientHistory, Money, YearlyDate
from vaultcrm.render.explain import explain_dict, explain_text, measures_text, topics
from vaultcrm.render.screen import Screen, wrap
from vaultcrm.render.terminal import (
    agenda_dict,
    agenda_text,
    client_text,
    github_text,
    metrics_text,
    problems_json,
    problems_text,
)
from vaultcrm.render.text import display_width

HOSTILE = "A\x1b[31m\u202ecme\x07"


def acme(name: str = "Acme", path: str = "Clients/Acme.md") -> ClientHistory:
    ann = person(birthday=YearlyDate(11, 22), phone=("+49 30 1234",), position="Head")
    fields = {"owner": "mira", "channel": "phone", "email": ("a@example.com",), "wechat": ("acme_wx",)}
    return history(
        client(name, path, interests="sailing", birthday=YearlyDate(8, 15, 1985, lunar=True), **fields),
        [
            project("Website", start="2026-06-01", delivered="2026-10-15", amount=12000),
            project("Prints", order=True, start="2026-03-01", amount=Money(Decimal(700), "SEK")),
        ],
        [contact("2026-10-15", channel="email", summary="sent the report", kind="visit")],
        [feedback("2026-10-20", recommend=5, improve="faster answers")],
        people=[ann],
        contacts=[ann],
        tasks=[follow_up("send the quote", due="2026-11-10"), follow_up("later", due="2026-11-24", line=10)],
    )


def agenda(
    what: Overview, width: int = 80, days: int = 7, owner: str | None = None, language: str = "en"
) -> str:
    return agenda_text(what, words(language), days, owner, width, False)


def page(what: Overview, width: int = 80, language: str = "en") -> str:
    return client_text(what.assessments[0], what, words(language), width, False)


def explained(what: Overview, topic: str | None = None, width: int = 80) -> str:
    return explain_text(what.assessments[0], what, words(), topic, width, False)


# -------------------------------------------------------------------------------------------- agenda


def test_agenda_says_why_and_how() -> None:
    text = agenda(overview(acme()))
    assert text.splitlines()[0] == "Today, Fri 20 Nov 2026"
    for said in (
        "22 days overdue",
        "send the quote",
        "phone · +49 30 1234",
        "15 October, e-mail, visit: sent the",
    ):
        assert said in " ".join(text.split()), said


def test_agenda_has_the_days_ahead() -> None:
    lines = agenda(overview(acme())).splitlines()
    assert "Sun 22 Nov" in lines
    assert lines[lines.index("Tue 24 Nov") + 1].split() == ["Acme", "Follow-up:", "later"]


def test_agenda_ends_with_its_last_day() -> None:
    assert "Tue 24 Nov" in agenda(overview(acme()), days=4)
    assert "Tue 24 Nov" not in agenda(overview(acme()), days=3)


def test_agenda_without_anything() -> None:
    assert agenda(overview()) == "Nothing is planned for 7 days. Enjoy it.\n"


def test_agenda_of_an_owner() -> None:
    assert "Acme" in agenda(overview(acme()), owner="Mira")
    assert "Acme" not in agenda(overview(acme()), owner="jo")
    mine = history(client("Acme", owner="mira"), tasks=[follow_up("call", due="2026-11-20", owners=("jo",))])
    assert "call" in agenda(overview(mine), owner="jo")
    assert "call" not in agenda(overview(mine), owner="mira")


def test_a_contact_that_found_no_room_today_stands_under_today_only() -> None:
    policy = preset(capacity=1)
    two = [history(client(name), (), [contact("2026-09-01", f"i/{name}.md")]) for name in ("Acme", "Beta")]
    text = agenda(overview(*two, policy=policy))
    assert text.count("Beta") == 1
    assert "planned for Mon 23 Nov" in " ".join(text.split())


def test_agenda_for_programs() -> None:
    found = agenda_dict(overview(acme()), words(), 7, None)
    assert (found["as_of"], found["days"]) == ("2026-11-20", 7)
    first = found["entries"][0]
    assert (first["day"], first["client"], first["contact"]) == ("2026-11-20", "Acme", True)
    assert [task["text"] for task in first["tasks"]] == ["send the quote"]
    assert [each["day"] for each in found["entries"]] == sorted(each["day"] for each in found["entries"])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_terminal(width: int, language: str) -> None:
    what = overview(acme("青禾食品有限公司（上海）与朋友们", "客户/青禾.md"))
    for text in (agenda(what, width, language=language), page(what, width, language)):
        assert max(map(display_width, text.splitlines())) <= width


# ---------------------------------------------------------------------------------------------- page


def test_page_has_what_one_reads_before_a_call() -> None:
    text = " ".join(page(overview(acme())).split())
    for said in (
        "growing client · B · active · mira",
        "Clients/Acme.md",
        "planned for Fri 20 Nov",
        "Ann Lee",
        "phone · +49 30 1234 · a@example.com · WeChat acme_wx",
        "15 October, e-mail, visit: sent the report",
        "10 November: send the quote",
        "Website · delivered 15 October · 12,000 CNY",
        "Prints · ordered 1 March · 700 SEK",
        "total 12,000 CNY",
        "20 October: recommends 5, to improve: faster answers",
        "interests: sailing",
        "birthday: lunar 1985-08-15",
        "detractor: would recommend us with 5 of 10 →",
    ):
        assert said in text, said


def test_page_of_a_client_without_next_contact() -> None:
    assert "not to be contacted" in page(overview(history(client(do_not_contact=True))))
    assert "no next contact" in page(overview(history(client(status="paused"))))


def test_page_leaves_out_what_nobody_noted() -> None:
    text = page(overview(history(client(owner="jo"))))
    for title in (
        "Last contacts",
        "Projects",
        "Feedback",
        "About them",
        "Open follow-ups",
        "Reach",
        "Warnings",
    ):
        assert title not in text


def test_colours_only_where_there_are_any() -> None:
    what = overview(acme())
    assert "\x1b" not in page(what)
    assert "\x1b[31m" in client_text(what.assessments[0], what, words(), 80, True)
    assert "\x1b[1m" in agenda_text(what, words(), 7, None, 80, True)


def test_nothing_steers_the_terminal() -> None:
    what = overview(acme(HOSTILE, f"Clients/{HOSTILE}.md"))
    problem = Diagnostic("bad-date", Place(f"{HOSTILE}.md", 1), HOSTILE, HOSTILE, ("2026-11-20",))
    texts = [page(what), agenda(what), explained(what), problems_text([problem], words())]
    for text in texts:
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


# ------------------------------------------------------------------------------------------- figures


def test_figures_one_a_line() -> None:
    what = overview(acme())
    lines = metrics_text(what.measures, what, words(), 80, False).splitlines()
    assert lines[0] == "21 November 2025 to 20 November 2026"
    assert re.search(r"^Active clients +1$", "\n".join(lines), re.MULTILINE)
    assert not any(line.startswith("Retention") for line in lines)


def test_churn_is_told_with_reasons() -> None:
    gone = history(
        client(status="lost", lost_on="2026-10-01", lost_reason="price", since="2024-01-01"),
    )
    unsaid = history(client("Beta", status="lost", lost_on="2026-10-01", since="2024-01-01"))
    what = overview(gone, unsaid)
    text = metrics_text(what.measures, what, words(), 80, False)
    assert re.search(r"Reasons of churn +not known \(1\), price \(1\)", text)


def test_figures_with_their_rules_and_what_went_in() -> None:
    what = overview(history(client("Gone", status="lost", lost_on="2026-10-01", since="2024-01-01")), acme())
    lines = measures_text(what.measures, what, words(), 80, False).splitlines()
    assert lines[0] == "21 November 2025 to 20 November 2026"
    at = lines.index("Churn  100%")
    assert lines[at - 1] == ""
    assert lines[at + 1].startswith("  ")
    assert lines[at + 2].split() == ["clients", "1"]
    assert not any(line.startswith("Growth") for line in lines), "there is nothing to compare with"


def test_explain_tells_when_somebody_was_lost() -> None:
    gone = overview(history(client(status="lost", lost_on="2026-10-01", since="2024-01-01")))
    assert re.search(r"lost on +2026-10-01 +Clients/Acme\.md:3", explained(gone, "status"))


def test_explain_has_rule_numbers_and_places() -> None:
    text = explained(overview(acme()))
    assert "Interactions/2026-10-15 visit.md:1" in text
    assert re.search(r"interval in days +14", text)
    assert "The mean by weight of the parts that have data: contact in time 25," in text
    assert re.search(r"^detractor  high$", text, re.MULTILINE)


def test_explain_names_status_and_warnings_in_the_language_of_the_vault() -> None:
    what = overview(acme())
    text = explain_text(what.assessments[0], what, words("zh"), None, 80, False)
    high = [each.id for each in what.assessments[0].warnings if each.severity == "high"]
    assert "status  合作中" in text
    assert high
    for id_ in high:
        assert re.search(rf"高风险预警 +{words('zh').get(f'warning.{id_}.name')}", text)
    figures = explain_dict(what.assessments[0], what, words("zh"), "priority")["figures"]
    assert {each["value"] for each in figures[0]["evidence"] if each["name"] == "high_warning"} == {*high}


def test_explain_one_topic() -> None:
    text = explained(overview(acme()), "amount_12m")
    assert re.search(r"^amount_12m  12,000$", text, re.MULTILINE)
    assert "health" not in text


def test_explain_a_pinned_tier() -> None:
    pinned = overview(history(client(tier="A", stage="core")))
    text = explained(pinned, "tier")
    assert "Pinned by hand; computed: C." in text
    assert re.search(r"tier +A +Clients/Acme\.md:2", text)
    assert re.search(r"stage +core client +Clients/Acme\.md:3", explained(pinned, "stage"))


def test_explain_a_pinned_tier_that_is_the_computed_one() -> None:
    text = explained(overview(history(client(tier="C"))), "tier")
    assert "Pinned" not in text
    assert "Clients/Acme.md:2" not in text


def test_explain_names_no_line_for_a_status_that_nobody_wrote() -> None:
    assert "Clients/Acme.md:" not in explained(overview(history()), "status")
    paused = overview(history(client(status="paused")))
    assert re.search(r"status +paused +Clients/Acme\.md:2", explained(paused, "status"))


def test_explain_tells_that_without_any_contact_none_was_in_time() -> None:
    fresh = overview(history(client(since="2026-11-19")))
    assert "0 until the first contact;" in explained(fresh, "recency")
    assert "0 until the first contact;" not in explained(overview(acme()), "recency")


def test_explain_names_festivals_in_the_language_of_the_vault() -> None:
    what = overview(history(client(stage="core", tier="A"), interactions=[contact("2026-11-19")]))
    assert re.search(r"festival +New Year", explained(what, "holiday"))
    figures = explain_dict(what.assessments[0], what, words(), "holiday")["figures"]
    assert figures[0]["evidence"][0]["value"] == "new-year"


def test_clients_who_are_overdue_are_not_days() -> None:
    what = overview(history(client(next_contact="2026-11-10"), interactions=[contact("2026-11-02")]))
    text = measures_text(what.measures, what, words(), 80, False)
    assert re.search(r"clients overdue +1$", text, re.MULTILINE)


def test_explain_without_next_contact_has_no_plan() -> None:
    what = overview(history(client(status="paused")))
    assert not {"next_contact", "planned", "priority"} & set(topics(what.assessments[0]))


def test_every_topic_can_be_explained() -> None:
    what = overview(acme())
    one = what.assessments[0]
    assert {"stage", "health", "recency", "detractor", "check-in-1m"} <= set(topics(one))
    for topic in topics(one):
        assert explain_dict(one, what, words(), topic)["figures"], topic


def test_explain_for_programs() -> None:
    what = overview(acme())
    figures = explain_dict(what.assessments[0], what, words(), "next_contact")["figures"]
    assert figures[0]["rule"] == "next-contact-interval"
    assert figures[0]["evidence"][0]["path"] == "Interactions/2026-10-15 visit.md"
    assert figures[0]["evidence"][1]["path"] is None


def test_explain_cuts_long_lists_and_never_places() -> None:
    many = [contact(f"2026-11-{day:02}", f"{'long ' * 12}{day}.md") for day in range(1, 21)]
    text = explained(overview(history(client(cadence=28), interactions=many)), width=60)
    assert "… and " in text
    assert f"{'long ' * 12}20.md:1" in text


# ------------------------------------------------------------------------------------------ problems

PROBLEM = Diagnostic(
    "bad-date", Place("Clients/A, B: 100%.md", 7, 9), "2026-02-30", "birthday", ("2026-11-20",)
)


def test_problems_begin_with_their_place() -> None:
    odd = Diagnostic("odd-name", Place("b.md"), "b")
    lines = problems_text([PROBLEM, odd], words()).splitlines()
    assert lines[0] == ("Clients/A, B: 100%.md:7:9: error[bad-date]: '2026-02-30' is no date — birthday")
    assert lines[1] == "  write it like 2026-11-20"
    assert lines[2].startswith("b.md:1:1: warning[odd-name]: ")
    assert lines[-1] == "1 error, 1 warning"


def test_no_problems() -> None:
    assert problems_text([], words()) == "The notes are all readable.\n"
    assert problems_json([], words()) == []
    assert github_text([], words()) == ""


def test_github_annotations_are_escaped() -> None:
    assert github_text([PROBLEM], words()) == (
        "::error file=Clients/A%2C B%3A 100%25.md,line=7,col=9,title=bad-date::"
        "'2026-02-30' is no date — birthday — write it like 2026-11-20\n"
    )


def test_problems_for_programs_are_those_of_the_export() -> None:
    assert problems_json([PROBLEM], words())[0]["code"] == "bad-date"


# -------------------------------------------------------------------------------------------- screen


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("青禾食品公司", 5, ["青禾", "食品", "公司"]),
        ("青禾，食品", 4, ["青", "禾，", "食品"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("a unbreakable", 4, ["a", "unbr", "eaka", "ble"]),
        ("", 4, []),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert list(wrap(text, width)) == lines


@given(st.text(alphabet="ab 青，。é\u0301"), st.integers(min_value=4, max_value=30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(display_width(line) <= width for line in lines)


def test_a_long_head_is_cut() -> None:
    assert list(Screen(80, False).hanging("abcdefghij", "text", 6)) == ["abcd… text"]
