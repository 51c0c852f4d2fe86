"""Messages from templates: blanks are filled in, and what is missing is plain to see."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.builders import overview, words
from tests.rules.builders import client, contact, day, feedback, history, person, project
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Person, Referral
from vaultcrm.model.results import Assessment
from vaultcrm.render.draft import (
    FIELDS,
    KINDS,
    depth_of,
    draft_values,
    fill_template,
    fitting_drafts,
    form_of_address,
)

EN, ZH = words(), words("zh")


def assessed(of: ClientHistory, policy: Policy | None = None) -> Assessment:
    return overview(of, policy=policy).assessments[0]


def values(of: ClientHistory, kind: str = "survey", to: Person | str | None = None) -> dict[str, str]:
    return draft_values(assessed(of), kind, to, EN, "EUR")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hello {{to}}, {{project}}.", "Hello Ann, ____ (the project)."),
        ("{{ TO }}{{称呼}}", "AnnAnn"),
        ("{{#to}}yes {{to}}{{/to}}{{^to}}no{{/to}}", "yes Ann"),
        ("{{#best}}yes{{/best}}{{^best}}no{{/best}}", "no"),
        ("{{#best}}{{#to}}x{{/to}}{{project}}{{/best}}y", "y"),
        ("{{#to}}{{^best}}x{{/best}}{{/to}}", "x"),
        ("a\n{{#best}}\nb\n{{/best}}\nc", "a\nc"),
        ("a\n\n{{#best}}b{{/best}}\n\n\nc\n\n", "a\n\nc"),
        ("{{? one sentence}}", "____ (one sentence)"),
        ("{{last contact}} {{last-contact}}", "1 May 1 May"),
        ("{{#to}}open", "open"),
        ("shut{{/to}}", "shut"),
        ("{{#best}}open", "open"),
        ("{{/best}}{{#best}}open", "open"),
        ("{{#best}}a{{#to}}b{{/best}}c{{/to}}d", "cd"),
        ("{{^to}}a{{#best}}b{{/best}}c{{/to}}d{{#best}}e{{/best}}f", "df"),
        ("{{nonsense}}", "____ (nonsense)"),
        ("{{}} {{ }} { {to} } {%to%} ${to}", "{{}} {{ }} { {to} } {%to%} ${to}"),
        ("[[{{to}}]] `x` <% tp %>", "[[Ann]] `x` <% tp %>"),
    ],
)
def test_template_is_filled_in(template: str, text: str) -> None:
    assert fill_template(template, {"to": "Ann", "last_contact": "1 May"}, EN).text == text + "\n"


def test_what_is_missing_is_listed_once() -> None:
    template = "{{project}} {{project}} {{? a day}} {{nonsens}} {{#best}}{{goal}}{{/best}}"
    filled = fill_template(template, {}, EN)
    assert filled.missing == ["the project", "a day", "nonsens"]
    assert filled.unknown == ["nonsens"]


def test_part_that_means_nothing_or_never_ends_is_told() -> None:
    template = "{{#nonsens}}a{{/nonsens}}{{^project}}b{{/project}}{{#to}}c{{#project}}d {{ ^ goal }}e"
    filled = fill_template(template, {"to": "Ann"}, EN)
    assert filled.text == "bcd e\n"
    assert (filled.unknown, filled.unclosed) == (["nonsens"], ["#to", "#project", "^goal"])


def test_values_are_never_templates() -> None:
    filled = fill_template("{{to}} {{client}}", {"to": "{{client}}", "client": "{{#to}}{{? x}}"}, EN)
    assert filled.text == "{{client}} {{#to}}{{? x}}\n"
    assert filled.missing == []


@given(st.text(st.sampled_from("{}#^/? \nabto"), max_size=60))
def test_any_template_is_filled(template: str) -> None:
    filled = fill_template(template, {"to": "Ann"}, EN)
    assert filled.text.endswith("\n")


@given(st.integers(1, 3000))
def test_hostile_template_takes_no_time(count: int) -> None:
    fill_template("{{#to}}" * count + "{{/to" * count + "{" * count, {}, EN)


def test_every_blank_has_a_name_in_both_languages() -> None:
    for labels in (EN, ZH):
        assert all(labels.has(f"draft.field.{name}") for name in FIELDS)
        assert all(labels.has(f"draft.kind.{kind}") for kind in KINDS)
    assert len(set(FIELDS.values())) == len(FIELDS)


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Ruth Amsel", "en", "Ruth"),
        ("Dr. Ruth Amsel", "en", "Dr. Amsel"),
        ("Prof Lee", "en", "Prof Lee"),
        ("Ruth", "en", "Ruth"),
        ("秦小满", "zh", "秦小满"),
        ("Ruth Amsel", "zh", "Ruth Amsel"),
        ("秦 小满", "en", "秦"),
    ],
)
def test_form_of_address(name: str, language: str, expected: str) -> None:
    assert form_of_address(name, language) == expected


def test_notes_fill_the_blanks() -> None:
    of = history(
        client("Acme", owner="Mara", products="Tea", goal="Grow", since="2023-01-10", interests="Chess"),
        [
            project("Old site", start="2024-01-01", delivered="2024-03-01"),
            project("Shop", start="2026-05-01", delivered="2026-10-20"),
            project("App", start="2026-11-01"),
            project("Later", start="2027-01-01", delivered="2027-02-01"),
        ],
        [
            contact("2026-11-10", summary="Talked about the fair."),
            contact("2026-11-12"),
            contact("2026-12-01", summary="not yet"),
        ],
        [feedback("2026-10-25", best="The quick answers.", improve="Prices"), feedback("2026-10-30")],
    )
    found = values(of, to=person("Dr. Ann Lee", interests="Rowing"))
    assert found == {
        "client": "Acme",
        "name": "Dr. Ann Lee",
        "to": "Dr. Lee",
        "me": "Mara",
        "interests": "Rowing",
        "products": "Tea",
        "goal": "Grow",
        "projects": "3",
        "today": "20 November 2026",
        "years": "3 years",
        "project": "Shop",
        "delivered": "20 October",
        "running": "App",
        "last_contact": "12 November",
        "last_topic": "Talked about the fair",
        "best": "The quick answers",
        "improve": "Prices",
        "holiday": "New Year",
    }


def test_project_is_the_one_that_the_occasion_is_about() -> None:
    of = history(
        client(),
        [
            project("First", start="2026-09-01", delivered="2026-11-15"),
            project("Second", start="2026-09-01", delivered="2026-11-16"),
        ],
    )
    assert values(of)["project"] == "First"
    assert values(of, "birthday")["project"] == "Second"


def test_nobody_and_nothing_known_is_left_out() -> None:
    assert values(history(client("Acme"))) == {"client": "Acme", "today": "20 November 2026"}


def test_complaint_and_its_solution() -> None:
    solved = contact("2026-11-01", kind="complaint", summary="Page is slow", resolved="2026-11-10")
    newer = contact("2026-11-05", kind="complaint", summary="Page is gone")
    assert values(history(client(), interactions=[solved]))["resolved"] == "10 November"
    silent = contact("2026-11-06", kind="complaint")
    assert "complaint" not in values(history(client(), interactions=[silent]))
    both = values(history(client(), interactions=[solved, newer]))
    assert both["complaint"] == "Page is gone"
    assert "resolved" not in both


def test_overdue_invoice() -> None:
    late = project("Shop", start="2026-01-01", delivered="2026-02-01", amount=1200, invoice_due="2026-11-10")
    found = values(history(client(), [late]))
    assert (found["invoice"], found["invoice_due"], found["invoice_days"], found["amount"]) == (
        "Shop",
        "10 November",
        "10 days",
        "1,200 EUR",
    )


def test_client_that_was_introduced_and_what_came_of_it() -> None:
    won = Referral(client("Bell", referred_on="2026-10-01"), (project("Labels", start="2026-11-01"),), "Acme")
    offered = (project("Offer", start="2026-11-01", status="proposal"),)
    open_ = Referral(client("Cove", referred_on="2026-11-19"), offered, "Acme")
    later = Referral(client("Dune", referred_on="2026-12-01"), (), "Acme")
    found = values(history(client(), introduced=[won, open_, later]), "birthday")
    assert (found["introduced"], "introduced_project" in found) == ("Cove", False)
    report = values(history(client(), introduced=[won, open_]), "referral-report")
    assert (report["introduced"], report["introduced_project"]) == ("Bell", "Labels")


def test_contract_and_holiday() -> None:
    of = history(
        client(contracts=[(None, "2025-12-31"), (None, "2026-12-31")], since="2024-01-01"),
        [project(str(n), start=f"2026-0{n}-01", delivered=f"2026-0{n}-20") for n in range(1, 5)],
        [contact("2026-11-01")],
    )
    found = values(of)
    assert found["contract_end"] == "31 December"
    assert found["holiday"] == "New Year"


@pytest.mark.parametrize(
    ("orders", "trust", "depth"),
    [
        (0, None, 1),
        (1, None, 1),
        (2, None, 2),
        (4, None, 3),
        (1, 8, 2),
        (2, 4, 1),
        (4, 4, 2),
        (4, 9, 3),
        (0, 1, 1),
        (2, 5, 2),
        (2, 7, 2),
    ],
)
def test_how_directly_to_ask(orders: int, trust: int | None, depth: int) -> None:
    scores = {} if trust is None else {"trust": Decimal(trust)}
    of = history(client(scores=scores), [project(str(n), start="2026-01-01") for n in range(orders)])
    assert depth_of(assessed(of)) == depth


def test_what_fits_now() -> None:
    quiet = history(client(), interactions=[contact("2026-11-18")])
    assert fitting_drafts(assessed(quiet)) == ()
    of = history(
        client(owner="x", cadence=7),
        [project("Shop", start="2026-01-01", delivered="2026-11-17", invoice_due="2026-11-01")],
        [contact("2026-10-01")],
    )
    assert fitting_drafts(assessed(of)) == ("survey", "payment", "win-back")
    assert day("2026-11-20") == assessed(of).standing.day
    angry = history(client(), interactions=[contact("2026-11-18", kind="complaint")])
    assert fitting_drafts(assessed(angry)) == ("apology",)


def test_overdue_invoice_without_an_amount() -> None:
    late = project("Shop", start="2026-01-01", delivered="2026-02-01", invoice_due="2026-11-10")
    found = values(history(client(), [late]))
    assert found["invoice"] == "Shop"
    assert "amount" not in found
