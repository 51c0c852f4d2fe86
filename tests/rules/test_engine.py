from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, feedback, follow_up, history, project
from tests.support.closed import parts_of
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.roster import Kept
from vaultcrm.rules.engine import assess, assess_changed

D = day("2026-11-20")


def overview(*told: ClientHistory, policy: str = "studio", **settings: object) -> Overview:
    return assess(Portfolio(told), preset(policy, **settings), D)


def busy(name: str, **fields: object) -> ClientHistory:
    """A client with something of everything."""
    return history(
        client(name, since="2025-01-10", **fields),
        [project(f"{name} site", start="2026-08-01", delivered="2026-11-01", amount=20_000)],
        [
            contact("2026-11-05", path=f"Interactions/{name}.md", channel="phone"),
            contact("2026-08-01", path=f"Interactions/{name} start.md"),
        ],
        [feedback("2026-11-06", path=f"Feedback/{name}.md", recommend=3)],
        tasks=[follow_up(path=f"Interactions/{name}.md", noted="2026-11-05")],
    )


def test_an_empty_vault_has_an_overview() -> None:
    result = overview()
    assert (result.assessments, result.tasks, result.diagnostics) == ((), (), ())
    assert result.measures.end == D


def test_everything_is_assessed_in_the_order_of_the_portfolio() -> None:
    result = overview(busy("Acme"), busy("Birch"))
    assert [one.client.name for one in result.assessments] == ["Acme", "Birch"]
    acme = result.assessments[0]
    assert (acme.standing.stage, acme.standing.tier) == ("new", "C")
    assert "detractor" in [warning.id for warning in acme.warnings]
    assert acme.priority == 10 + 15
    assert acme.planned == day("2026-12-07")
    assert {one.id for one in acme.touchpoints} >= {"check-in-1m", "check-in-3m", "follow-up"}
    assert [(one.due, one.client.name) for one in result.tasks] == [
        (day("2026-11-08"), "Acme"),
        (day("2026-11-08"), "Birch"),
    ]


def test_the_same_client_is_found_again() -> None:
    result = overview(busy("Acme"), busy("Birch"))
    assert result.of(result.assessments[1].client) is result.assessments[1]
    with pytest.raises(KeyError):
        result.of(client("Nobody"))


def test_capacity_is_shared_by_all_clients_of_an_owner() -> None:
    told = [history(client(name, owner="mira")) for name in ("A", "B")]
    result = overview(*told, capacity=1)
    assert [one.planned for one in result.assessments] == [D, day("2026-11-23")]


def test_touchpoints_wait_for_the_planned_day() -> None:
    acme = overview(busy("Acme", next_contact="2026-11-30")).assessments[0]
    bundled = {one.id: one.planned for one in acme.touchpoints if one.bundled}
    assert bundled["check-in-1m"] == day("2026-11-30")


def test_touchpoints_dropped_after_the_window_are_told_as_missed() -> None:
    told = history(
        client(since="2026-01-01"), [project(start="2026-01-01", delivered="2026-02-01")], [contact(D)]
    )
    acme = overview(told).assessments[0]
    assert "survey" in [one.id for one in acme.missed]
    assert "survey" not in [one.id for one in acme.touchpoints]


def test_clients_who_are_not_active_have_figures_but_no_plan() -> None:
    acme = overview(busy("Acme", status="paused")).assessments[0]
    assert (acme.priority, acme.planned, acme.touchpoints) == (None, None, ())
    assert acme.standing.amount_total.value == 20_000
    assert len(acme.tasks) == 1


def test_diagnostics_are_sorted_and_uncertain_holidays_are_among_them() -> None:
    given = [
        Diagnostic("bad-date", Place("b.md", 3, 1), "x"),
        Diagnostic("bad-date", Place("b.md", 2, 9), "x"),
        Diagnostic("bad-date", Place("a.md", 9, 1), "x"),
    ]
    told = history(client(since="2026-01-01", cadence=120), interactions=[contact("2035-09-10")])
    result = assess(Portfolio((told,)), preset(holidays="CN"), day("2035-11-20"), given, notes_read=4)
    assert [(str(one.place), one.code) for one in result.diagnostics] == [
        ("a.md:9:1", "bad-date"),
        ("b.md:2:9", "bad-date"),
        ("b.md:3:1", "bad-date"),
        ("vaultcrm.toml:1:1", "holidays-uncertain"),
    ]
    assert "CN 2036" in result.diagnostics[-1].message
    assert result.notes_read == 4


def test_holidays_that_nothing_depends_on_are_no_diagnostic() -> None:
    assert overview(holidays="CN").diagnostics == ()
    assert overview(busy("Acme", next_contact="2036-01-01"), holidays=None).diagnostics == ()


# ----------------------------------------------------------------------- with what was computed before


class Asked(tuple[ClientHistory, ...]):
    """Histories, with the numbers of those that somebody asked for."""

    def __new__(cls, histories: Iterable[ClientHistory]) -> Asked:
        made = super().__new__(cls, histories)
        made.numbers = []
        return made

    numbers: list[int]

    def __getitem__(self, number: Any) -> Any:
        self.numbers.append(number)
        return super().__getitem__(number)


def kept(overview: Overview, *numbers: int) -> Kept:
    """What is kept of an overview, for the clients with these numbers alone."""
    roster = overview.assessments
    return roster.kept().without(number for number in range(len(roster)) if number not in numbers)


def test_only_clients_whose_history_is_another_are_read_and_computed() -> None:
    policy = preset()
    told = tuple(busy(name) for name in ("Acme", "Bolt", "Cole"))
    before = assess(Portfolio(told), policy, D)
    bolt = replace(told[1], interactions=(*told[1].interactions, contact("2026-11-19", path="x.md")))
    changed = Asked((told[0], bolt, told[2]))
    now = assess_changed(changed, policy, D, kept(before, 0, 2))
    anew = assess(Portfolio(tuple(changed)), policy, D)
    assert (now.measures, now.diagnostics) == (anew.measures, anew.diagnostics)
    assert now.assessments[1] == anew.assessments[1] != before.assessments[1]
    assert set(changed.numbers) == {1}
    assert now == anew


def test_a_client_whose_place_in_the_plan_is_taken_is_planned_anew() -> None:
    policy = preset(capacity=1)
    told = tuple(history(client(name, owner="mira")) for name in ("A", "B"))
    before = assess(Portfolio(told[1:]), policy, D)
    now = assess_changed(told, policy, D, Kept.of_each([{}, *parts_of(before.assessments)]))
    assert now == assess(Portfolio(told), policy, D)
    assert (before.assessments[0].planned, now.assessments[1].planned) == (D, day("2026-11-23"))


def test_years_without_certain_holidays_are_told_again_and_no_longer_than_needed() -> None:
    policy, asked = preset(holidays="CN"), day("2035-11-20")
    told = history(client("Acme", since="2026-01-01", cadence=120), interactions=[contact("2035-09-10")])
    before = assess(Portfolio((told,)), policy, asked)
    assert before.diagnostics
    assert assess_changed((told,), policy, asked, kept(before, 0)).diagnostics == before.diagnostics
    assert assess_changed((), policy, asked, Kept.of_each([])).diagnostics == ()
