"""Measures of time kept and time ahead: contacts in time, check-ins missed, the weeks to come.

This module must not know money, nor what a contact was about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vaultcrm.model.note import Place
from vaultcrm.model.records import Interval
from vaultcrm.model.results import Assessment, Evidence, Finding
from vaultcrm.rules.cadence import rhythm
from vaultcrm.rules.days import YEAR_MONTHS, add_interval
from vaultcrm.rules.known import phase_on
from vaultcrm.rules.scope import Scope, Spot, share, spot
from vaultcrm.rules.tiers import stage_of

CHECK_INS = frozenset({"check-in-1m", "check-in-3m"})
"""The touchpoints that follow a project's delivery."""

WEEK_DAYS = 7

Counts = tuple[tuple[int, int], ...]
"""How often there is each of something that has a number."""

Dropped = tuple[tuple[int, Spot], ...]
"""Of each check-in that was dropped the delivery: its day as an ordinal, and where that is written."""


def contacts_in_time(one: Assessment, period: Scope) -> tuple[int, int, int] | None:
    """Of a client: the days that count, how many of these were in time, and 1 for one who is overdue."""
    days = kept = 0
    overdue = int(one.standing.contacting.overdue_days > 0)
    latest = None
    for contact in reversed(one.standing.known.contacts):
        earlier = contact.day
        if latest is not None and earlier != latest:
            days += 1
            kept += latest <= add_interval(earlier, _interval_on(one, earlier, period))
        if earlier <= period.start:
            break
        latest = earlier
    return (days, kept, overdue) if days or overdue else None


def in_time(clients: Sequence[tuple[int, int, int] | None], period: Scope) -> Finding:
    """The share of contacts that came within the interval after the one before.

    Counted are the days of the period with a contact, where there is an earlier one, and once each client
    who is overdue at its end, for they are not in time. The interval is the client's own, else by the tier
    at the end, or by the stage and phase of the earlier day. Evidence: ``days``, ``in_time``,
    ``clients_overdue`` (how many each).
    """
    there = [each for each in clients if each]
    days, kept, overdue = (sum(each[index] for each in there) for index in range(3))
    told = (Evidence("days", days), Evidence("in_time", kept), Evidence("clients_overdue", overdue))
    return Finding("in-time", share(kept, days + overdue), told)


def check_ins_dropped(one: Assessment, period: Scope) -> Dropped | None:
    """A client's check-ins that were due in the period and dropped."""
    told = [
        item
        for each in one.missed
        if each.id in CHECK_INS and period.holds(each.due)
        for item in each.finding.evidence
    ]
    return tuple(map(_delivered, told)) or None


def check_ins_missed(clients: Sequence[Dropped | None], period: Scope) -> Finding:
    """How many check-ins were due in the period and dropped. Evidence: ``delivered`` of each."""
    told = tuple(
        Evidence("delivered", date.fromordinal(day), Place(*where))
        for each in clients
        if each
        for day, where in each
    )
    return Finding("check-ins-missed", len(told), told)


def weeks_ahead(one: Assessment, period: Scope) -> Counts | None:
    """How much is planned with a client in each of the weeks ahead; 0 is that of the last day."""
    days = [touchpoint.planned for touchpoint in one.touchpoints if not touchpoint.bundled]
    if one.planned is not None:
        days.append(one.planned)
    monday, weeks = _monday(period), period.policy.measures.workload_weeks
    numbers = [(day.toordinal() - monday) // WEEK_DAYS for day in days]
    return _counted([number for number in numbers if 0 <= number < weeks])


def workload(clients: Sequence[Counts | None], period: Scope) -> Finding:
    """How much is planned in each of the weeks ahead, by its Monday (ISO); the first is the last day's week.

    Counted are next contacts, and touchpoints that do not go along with one.
    """
    monday, planned = _monday(period), _added_up(clients)
    weeks = range(period.policy.measures.workload_weeks)
    first_days = [date.fromordinal(monday + WEEK_DAYS * week) for week in weeks]
    value = {day.isoformat(): planned.get(week, 0) for week, day in zip(weeks, first_days, strict=True)}
    return Finding("workload", value)


def contacts_of_months(one: Assessment, period: Scope) -> Counts | None:
    """How many contacts there were with a client in each month of the period, months counted from year 0."""
    months = []
    for contact in reversed(one.standing.known.contacts):
        day = contact.day
        if day <= period.start:
            break  # they are sorted by day
        months.append(day.year * YEAR_MONTHS + day.month - 1)
    return _counted(months)


def contacts_by_month(clients: Sequence[Counts | None], period: Scope) -> Finding:
    """How many contacts there were in each month of the period (``2026-11``), one for each client named."""
    counts = sorted(_added_up(clients).items())
    months = {f"{month // YEAR_MONTHS}-{month % YEAR_MONTHS + 1:02}": count for month, count in counts}
    return Finding("contacts-by-month", months)


def _interval_on(one: Assessment, day: date, period: Scope) -> Interval:
    """The interval that held on an earlier day, for the cadence and the tier of the last day."""
    standing, policy = one.standing, period.policy
    client = standing.client
    if client.cadence is not None or policy.cadence.by == "tier":
        return rhythm(client, standing.stage, False, standing.tier, policy).every
    count, in_project = phase_on(standing.known.history, day)
    stage = client.stage or stage_of(count, policy)
    return rhythm(client, stage, in_project, standing.tier, policy).every


def _delivered(evidence: Evidence) -> tuple[int, Spot]:
    day, place = evidence.value, evidence.place
    assert evidence.name == "delivered"
    assert isinstance(day, date)
    assert place is not None
    return day.toordinal(), spot(place)


def _monday(period: Scope) -> int:
    return period.end.toordinal() - period.end.weekday()


def _counted(numbers: Sequence[int]) -> Counts | None:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return tuple(counts.items()) or None


def _added_up(clients: Sequence[Counts | None]) -> dict[int, int]:
    total: dict[int, int] = {}
    for each in clients:
        for number, count in each or ():
            total[number] = total.get(number, 0) + count
    return total
