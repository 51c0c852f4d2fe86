"""What sections need of clients are parts: once they are known, no client is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.policies import preset
from tests.render.builders import FRIDAY, VAULT, overview, words
from tests.render.test_dashboard import acme, quiet
from tests.rules.builders import client, contact, follow_up, history
from tests.support.closed import closed, parts_of
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Loyalty
from vaultcrm.model.records import YearlyDate
from vaultcrm.model.roster import Kept, Roster
from vaultcrm.render.agenda import contacts_due, due_now, follow_up_days, follow_ups, row_of, rows
from vaultcrm.render.dashboard import REGION_NAMES, render_dashboard, render_section
from vaultcrm.render.lists import foremost

OPTIONS: tuple[dict[str, str], ...] = (
    {},
    {"limit": "1"},
    {"limit": "0"},
    {"days": "400", "limit": "100"},
    {"owner": "mira"},
    {"owner": "Jo", "days": "30"},
    {"owner": "nobody"},
)
OPENING = {"plan"}
"""Regions that still look at every client."""
CASES = [(name, options) for name in REGION_NAMES for options in OPTIONS if name not in OPENING]


def told() -> Overview:
    """Clients about whom each section has something to say, of two owners and of none."""
    policy = replace(preset("studio"), loyalty=Loyalty(on=True, per_amount=Decimal(100), per_referral=50))
    late = [contact("2026-01-15", "i/late.md")]
    return overview(
        acme(text="mira"),
        acme("Bell", "Clients/Bell.md", "jo"),
        quiet("Cole", birthday=YearlyDate(11, 20), tier="A", stage="core"),
        quiet("Dale", birthday=YearlyDate(11, 25), owner=None, tier="A", stage="core"),
        history(client("Earl"), (), late, tasks=[follow_up("@jo call", owners=("jo",), due="2026-11-18")]),
        policy=policy,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_dashboard_is_written_anew_without_looking_at_any_client(language: str) -> None:
    what = told()
    made = render_dashboard(what, words(language), VAULT)
    assert render_dashboard(closed(what), words(language), VAULT) == made


@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_a_region_is_written_anew_without_looking_at_any_client(name: str, options: dict[str, str]) -> None:
    what = told()
    made = render_section(name, what, words(), options)
    assert render_section(name, closed(what), words(), options) == made


def test_what_one_region_asks_for_changes_no_line_of_another() -> None:
    shared = told()
    cases = [(name, options) for name in REGION_NAMES for options in OPTIONS]
    found = [render_section(name, shared, words(), options) for name, options in cases]
    assert found == [render_section(name, told(), words(), options) for name, options in cases]
    render_dashboard(shared, words(), VAULT)
    assert found == [render_section(name, shared, words(), options) for name, options in cases]


@pytest.mark.parametrize("owner", [None, "MIRA", "jo"])
def test_the_agenda_is_known_without_looking_at_any_client(owner: str | None) -> None:
    def asked(of: Overview) -> object:
        due = [row_of(each, of, owner) for each in due_now(of, owner)]
        return due, rows(of, FRIDAY + timedelta(days=30), owner), follow_ups(of, owner)

    what = told()
    assert asked(what) == asked(closed(what)) != ([], (), ())


@pytest.mark.parametrize("owner", [None, "MIRA", "jo"])
def test_who_is_due_sorts_as_their_rows_do(owner: str | None) -> None:
    what = told()
    due = due_now(what, owner)
    assert due
    for each in due:
        row = row_of(each, what, owner)
        assert each == (row.day.toordinal(), row.beside, row.urgency, row.number)
    assert list(due) == sorted(due)


@pytest.mark.parametrize("owner", [None, "MIRA", "jo"])
def test_days_of_follow_ups_are_those_of_all_of_them(owner: str | None) -> None:
    what = told()
    days = follow_up_days(what, owner)
    assert days == sorted(each.day for each in follow_ups(what, owner))
    for last in days:
        near = [each for each in follow_ups(what, owner) if each.day <= last]
        assert near == list(follow_ups(what, owner, last))
        assert near


def test_how_many_are_due_is_known_without_looking_at_any_client() -> None:
    what = told()
    due = sum(not row.beside for row in due_now(what))
    assert contacts_due(what) == contacts_due(closed(what)) == due > 0


def test_lines_of_a_client_hold_whatever_their_number() -> None:
    what = told()
    made = render_section("agenda", what, words(), {"days": "60"})
    kept = Kept.of_each(parts_of(what.assessments)[1:])
    one_less = replace(what, assessments=Roster([None] * (len(what.assessments) - 1), kept))
    lines = render_section("agenda", one_less, words(), {"days": "60"}).splitlines()
    assert lines
    assert set(lines) <= set(made.splitlines())


class TestForemost:
    WORDS = ("cc", "a", "bb", "b", "aa", "c")

    def test_what_is_shown_is_in_order(self) -> None:
        assert foremost(self.WORDS, 2, len, str) == ["a", "b", "c", "cc", "bb", "aa"]
        assert foremost(self.WORDS, 4, len, str) == ["a", "b", "c", "aa", "bb", "cc"]

    @pytest.mark.parametrize("count", [0, 6, 100])
    def test_all_are_in_order_where_all_are_shown(self, count: int) -> None:
        assert foremost(self.WORDS, count, len, str) == ["a", "b", "c", "aa", "bb", "cc"]
        assert foremost([], count, len, str) == []

    def test_what_is_not_shown_is_not_asked(self) -> None:
        asked: list[date] = []

        def place(day: date) -> int:
            asked.append(day)
            return 0

        days = [FRIDAY + timedelta(days=number) for number in range(9)]
        assert foremost(reversed(days), 3, date.toordinal, place) == days
        assert sorted(asked) == days[:3]
