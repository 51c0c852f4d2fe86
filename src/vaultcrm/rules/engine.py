"""Everything for one day: calls the rules in their order and has none of its own.

This module must not know how any figure comes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, code_points
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.results import Assessment, ClientWarning, Health, Standing
from vaultcrm.model.roster import NOTHING, Deferred, Kept, Roster
from vaultcrm.model.tuples import NamedTuple, again
from vaultcrm.rules.days import WorkCalendar, work_calendar
from vaultcrm.rules.health import assess_health
from vaultcrm.rules.measures import measure
from vaultcrm.rules.plan import Row, plan_row, plan_touchpoint, planned_days, priority
from vaultcrm.rules.standing import standing
from vaultcrm.rules.tasks import open_tasks, task_order
from vaultcrm.rules.touchpoints import occurrences
from vaultcrm.rules.warnings import client_warnings

CONFIG = Place("vaultcrm.toml")
"""Where a user names the country whose public holidays count."""


HIGH = "high"
UNCERTAIN = "holidays-uncertain"


PLAN, PLANNED, YEARS = "plan", "planned", "uncertain years"
"""Parts of a client (see `model.roster`): what planning takes, the day that it gave, and which years were
needed whose holidays are not certain yet."""


class _Judged(NamedTuple):
    """A client before anything is planned."""

    standing: Standing
    health: Health
    warnings: tuple[ClientWarning, ...]
    priority: Fraction | None


def assess(
    portfolio: Portfolio,
    policy: Policy,
    day: date,
    diagnostics: Sequence[Diagnostic] = (),
    notes_read: int = 0,
) -> Overview:
    """Compute everything for a day.

    Args:
        portfolio: The clients, sorted by name then path; the results keep that order.
        policy: All numbers.
        day: The day asked about; what is dated later has not happened yet.
        diagnostics: What reading the notes found.
        notes_read: How many notes were read.

    Returns:
        The overview; its diagnostics are those given, and one for each year whose public holidays were needed
        but are not certain yet.
    """
    histories = portfolio.histories
    return assess_changed(histories, policy, day, NOTHING, diagnostics, notes_read)


def assess_changed(
    histories: Sequence[ClientHistory],
    policy: Policy,
    day: date,
    kept: Kept,
    diagnostics: Sequence[Diagnostic] = (),
    notes_read: int = 0,
) -> Overview:
    """As `assess`, where something of the clients is known already.

    Args:
        histories: The clients in their order. Only the histories of those that have to be computed, or that
            somebody looks at, are asked for: they may be read only then.
        policy: All numbers.
        day: The day asked about.
        kept: What is known of clients whose history, policy, language and day are still the same.
        diagnostics: What reading the notes found.
        notes_read: How many notes were read.
    """
    clients = _Clients(histories, policy, day, kept)
    roster = clients.roster()
    start = day - timedelta(days=policy.period_days)
    return Overview(
        day=day,
        policy=policy,
        assessments=roster,
        tasks=Deferred(lambda: sorted((task for one in roster for task in one.tasks), key=task_order)),
        measures=measure(roster, policy, start, day),
        diagnostics=_sorted([*diagnostics, *_uncertain_holidays(policy, clients.uncertain_years(roster))]),
        notes_read=notes_read,
    )


class _Clients:
    """All clients of one day while they are assessed: each is judged, then all are planned together."""

    def __init__(
        self,
        histories: Sequence[ClientHistory],
        policy: Policy,
        day: date,
        kept: Kept,
    ) -> None:
        self._histories = histories
        self._policy = policy
        self._day = day
        self._calendar = work_calendar(policy)
        count = len(histories)
        self._judged: list[_Judged | None] = [None] * count
        self._years: list[tuple[int, ...]] = [()] * count
        self._rows = kept.column(PLAN, count, self._row)
        self._planned = planned_days([*again(Row, self._rows)], policy, self._calendar, day)
        self._years_of_planning = self._calendar.uncertain_years()
        self._days = tuple(map(_ordinal, self._planned))
        if kept is not NOTHING:
            before = kept.column(PLANNED, count, _unplanned)
            if before != self._days:
                kept = kept.without(n for n in range(count) if before[n] != self._days[n])
        self._kept = kept

    def roster(self) -> Roster:
        """The roster. It holds this; what is held by it in turn would stay for good."""
        made = Roster([None] * len(self._days), self._kept, self._assess)
        made.each_by_number(PLAN, self._rows.__getitem__)
        made.each_by_number(PLANNED, self._days.__getitem__)
        return made

    def uncertain_years(self, roster: Roster) -> tuple[int, ...]:
        """The years whose holidays were needed, and are not certain."""

        def years_of(one: Assessment) -> tuple[int, ...]:
            return self._years[roster.number_of(one.client.path)]

        found = {year for years in roster.each(YEARS, years_of) for year in years}
        return tuple(sorted(found.union(self._years_of_planning)))

    def _row(self, number: int) -> tuple[Any, ...]:
        judged = self._judge(number)
        return tuple(plan_row(judged.standing, judged.priority))

    def _judge(self, number: int) -> _Judged:
        found = self._judged[number]
        if found is None:
            found = self._judged[number] = _judge(
                self._histories[number], self._policy, self._day, self._calendar
            )
            self._note_years(number)
        return found

    def _assess(self, number: int) -> Assessment:
        judged, planned = self._judge(number), self._planned[number]
        self._judged[number] = None  # from now on the assessment holds all of it, as long as it is held
        made = _assessment(judged, planned, self._policy, self._calendar)
        self._note_years(number)
        return made

    def _note_years(self, number: int) -> None:
        """Note which uncertain years a client's dates lie in."""
        years = self._calendar.uncertain_years()
        if years:
            self._years[number] = tuple(sorted({*self._years[number], *years}))


def _judge(history: ClientHistory, policy: Policy, day: date, calendar: WorkCalendar) -> _Judged:
    figures = standing(history, policy, day, calendar)
    warnings = client_warnings(figures, policy)
    has_high = any(warning.severity == HIGH for warning in warnings)
    return _Judged(figures, assess_health(figures, policy), warnings, priority(figures, has_high, policy))


def _assessment(judged: _Judged, planned: date | None, policy: Policy, calendar: WorkCalendar) -> Assessment:
    figures = judged.standing
    tasks = open_tasks(figures.known.history, policy, figures.day)
    found = occurrences(figures, policy, planned, tasks)
    return Assessment(
        standing=figures,
        health=judged.health,
        warnings=judged.warnings,
        priority=judged.priority,
        planned=planned,
        touchpoints=tuple(
            plan_touchpoint(each, figures, planned, policy, calendar) for each in found if not each.missed
        ),
        missed=tuple(each for each in found if each.missed),
        tasks=tasks,
    )


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _unplanned(number: int) -> int:
    """What is no day that a client was ever planned for."""
    return ~number


def _uncertain_holidays(policy: Policy, years: Iterable[int]) -> Iterator[Diagnostic]:
    for year in years:
        yield Diagnostic(UNCERTAIN, CONFIG, read=f"{policy.holidays} {year}", about="holidays")


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    def order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
        place = diagnostic.place
        return code_points(place.path), place.line, place.column, diagnostic.code, diagnostic.read

    return tuple(sorted(diagnostics, key=order))
