"""Everything for one day: calls the rules in their order and has none of its own.

This module must not know how any figure comes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.results import Assessment, ClientWarning, Health, Overview, Standing
from vaultcrm.rules.changes import changes
from vaultcrm.rules.days import WorkCalendar, work_calendar
from vaultcrm.rules.health import assess_health
from vaultcrm.rules.measures import measure
from vaultcrm.rules.plan import Row, code_points, plan_touchpoint, planned_days, priority
from vaultcrm.rules.standing import standing
from vaultcrm.rules.tasks import open_tasks, task_order
from vaultcrm.rules.touchpoints import occurrences
from vaultcrm.rules.warnings import client_warnings

CONFIG = Place("vaultcrm.toml")
"""Where a user names the country whose public holidays count."""


HIGH = "high"


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
    calendar = work_calendar(policy)
    judged = [_judge(history, policy, day, calendar) for history in portfolio.histories]
    planned = planned_days([Row(one.standing, one.priority) for one in judged], policy, calendar, day)
    assessments = tuple(
        _assessment(one, planned.get(one.standing.client.path), policy, calendar) for one in judged
    )
    start = day - timedelta(days=policy.period_days)
    return Overview(
        day=day,
        policy=policy,
        assessments=assessments,
        tasks=tuple(sorted((task for one in assessments for task in one.tasks), key=task_order)),
        measures=measure(assessments, policy, start, day),
        changes=changes((one.standing for one in judged), policy, day),
        diagnostics=_sorted([*diagnostics, *_uncertain_holidays(policy, calendar)]),
        notes_read=notes_read,
    )


def _judge(history: ClientHistory, policy: Policy, day: date, calendar: WorkCalendar) -> _Judged:
    figures = standing(history, policy, day, calendar)
    warnings = client_warnings(figures, policy)
    has_high = any(warning.severity == HIGH for warning in warnings)
    return _Judged(figures, assess_health(figures, policy), warnings, priority(figures, has_high, policy))


def _assessment(judged: _Judged, planned: date | None, policy: Policy, calendar: WorkCalendar) -> Assessment:
    figures = judged.standing
    found = occurrences(figures, policy, planned)
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
        tasks=open_tasks(figures.known.history, policy, figures.day),
    )


def _uncertain_holidays(policy: Policy, calendar: WorkCalendar) -> Iterator[Diagnostic]:
    for year in calendar.uncertain_years:
        yield Diagnostic("holidays-uncertain", CONFIG, read=f"{policy.holidays} {year}", about="holidays")


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    def order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
        place = diagnostic.place
        return code_points(place.path), place.line, place.column, diagnostic.code, diagnostic.read

    return tuple(sorted(diagnostics, key=order))
