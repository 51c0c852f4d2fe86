"""Measures of time kept and time ahead: contacts in time, check-ins missed, the weeks to come.

This module must not know money, nor what a contact was about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from vaultcrm.model.records import Interval
from vaultcrm.model.results import Assessment, Evidence, Finding
from vaultcrm.rules.cadence import rhythm
from vaultcrm.rules.days import add_interval
from vaultcrm.rules.known import phase_on
from vaultcrm.rules.scope import Scope, share
from vaultcrm.rules.tiers import stage_of

CHECK_INS = frozenset({"check-in-1m", "check-in-3m"})
"""The touchpoints that follow a project's delivery."""


def in_time(period: Scope) -> Finding:
    """The share of contacts that came within the interval after the one before.

    Counted are the days of the period with a contact, where there is an earlier one, and once each client
    who is overdue at its end, for they are not in time. The interval is the client's own, else by the tier
    at the end, or by the stage and phase of the earlier day. Evidence: ``days``, ``in_time``, ``overdue``
    (how many each).
    """
    days = kept = overdue = 0
    for one in period.assessments:
        overdue += one.standing.contacting.overdue_days > 0
        for earlier, day in _pairs(one, period):
            days += 1
            kept += day <= add_interval(earlier, _interval_on(one, earlier, period))
    told = (Evidence("days", days), Evidence("in_time", kept), Evidence("overdue", overdue))
    return Finding("in-time", share(kept, days + overdue), told)


def check_ins_missed(period: Scope) -> Finding:
    """How many check-ins were due in the period and dropped. Evidence: ``delivered`` of each."""
    missed = [
        each
        for one in period.assessments
        for each in one.missed
        if each.id in CHECK_INS and period.holds(each.due)
    ]
    told = tuple(item for each in missed for item in each.finding.evidence)
    return Finding("check-ins-missed", len(missed), told)


def workload(period: Scope) -> Finding:
    """How much is planned in each of the weeks ahead, by its Monday (ISO); the first is the last day's week.

    Counted are next contacts, and touchpoints that do not go along with one.
    """
    monday = period.end - timedelta(days=period.end.weekday())
    weeks = [monday + timedelta(weeks=week) for week in range(period.policy.measures.workload_weeks)]
    planned = Counter(
        day - timedelta(days=day.weekday()) for one in period.assessments for day in _planned_days(one)
    )
    return Finding("workload", {week.isoformat(): planned[week] for week in weeks})


def contacts_by_month(period: Scope) -> Finding:
    """How many contacts there were in each month of the period (``2026-11``), one for each client named."""
    counts = Counter(
        (each.day.year, each.day.month)
        for one in period.assessments
        for each in one.standing.known.contacts
        if period.holds(each.day)
    )
    months = {f"{year}-{month:02}": count for (year, month), count in sorted(counts.items())}
    return Finding("contacts-by-month", months)


def _pairs(one: Assessment, period: Scope) -> Iterator[tuple[date, date]]:
    """Each day of the period with a contact, with the one before it, which may be earlier than the period."""
    days = dict.fromkeys(contact.day for contact in one.standing.known.contacts)
    return (pair for pair in pairwise(days) if period.holds(pair[1]))


def _interval_on(one: Assessment, day: date, period: Scope) -> Interval:
    """The interval that held on an earlier day, for the cadence and the tier of the last day."""
    standing, policy = one.standing, period.policy
    client = standing.client
    if client.cadence is not None or policy.cadence.by == "tier":
        return rhythm(client, standing.stage, False, standing.tier, policy).every
    count, in_project = phase_on(standing.known.history, day)
    stage = client.stage or stage_of(count, policy)
    return rhythm(client, stage, in_project, standing.tier, policy).every


def _planned_days(one: Assessment) -> Iterator[date]:
    if one.planned is not None:
        yield one.planned
    for touchpoint in one.touchpoints:
        if not touchpoint.bundled:
            yield touchpoint.planned
