"""Everything for one day: calls the rules in their order and has none of its own.

This module must not know how any figure comes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, VaultPath
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
UNCERTAIN = "holidays-uncertain"


class _Judged(NamedTuple):
    """A client before anything is planned; ``before`` is an earlier assessment that says the same, if any."""

    standing: Standing
    health: Health
    warnings: tuple[ClientWarning, ...]
    priority: Fraction | None
    before: Assessment | None = None


def assess(
    portfolio: Portfolio,
    policy: Policy,
    day: date,
    diagnostics: Sequence[Diagnostic] = (),
    notes_read: int = 0,
    before: Overview | None = None,
) -> Overview:
    """Compute everything for a day.

    Args:
        portfolio: The clients, sorted by name then path; the results keep that order.
        policy: All numbers.
        day: The day asked about; what is dated later has not happened yet.
        diagnostics: What reading the notes found.
        notes_read: How many notes were read.
        before: What was computed of these notes as they were before. What has not changed is taken from it:
            a client's own results follow from their history, the policy and the day.

    Returns:
        The overview; its diagnostics are those given, and one for each year whose public holidays were needed
        but are not certain yet.
    """
    calendar = work_calendar(policy)
    known_before = _by_path(before, policy, day)
    judged = [
        _judge(history, policy, day, calendar, known_before.get(history.client.path))
        for history in portfolio.histories
    ]
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


def _by_path(before: Overview | None, policy: Policy, day: date) -> dict[VaultPath, Assessment]:
    """The assessments of an overview that was made for the same policy and day.

    None where years without certain holidays were needed: nobody knows any more which client needed them.
    """
    if before is None or before.day != day or before.policy is not policy:
        return {}
    if any(each.code == UNCERTAIN for each in before.diagnostics):
        return {}
    return {one.client.path: one for one in before.assessments}


def _judge(
    history: ClientHistory, policy: Policy, day: date, calendar: WorkCalendar, before: Assessment | None
) -> _Judged:
    if before is not None and before.standing.known.history == history:
        return _Judged(before.standing, before.health, before.warnings, before.priority, before)
    figures = standing(history, policy, day, calendar)
    warnings = client_warnings(figures, policy)
    has_high = any(warning.severity == HIGH for warning in warnings)
    return _Judged(figures, assess_health(figures, policy), warnings, priority(figures, has_high, policy))


def _assessment(judged: _Judged, planned: date | None, policy: Policy, calendar: WorkCalendar) -> Assessment:
    if judged.before is not None and judged.before.planned == planned:
        return judged.before
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
        yield Diagnostic(UNCERTAIN, CONFIG, read=f"{policy.holidays} {year}", about="holidays")


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    def order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
        place = diagnostic.place
        return code_points(place.path), place.line, place.column, diagnostic.code, diagnostic.read

    return tuple(sorted(diagnostics, key=order))
