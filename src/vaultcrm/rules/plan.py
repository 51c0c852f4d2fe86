"""On which day to do what: priority, planned days within capacity, and touchpoints beside the next contact.

This module must not know why something is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from vaultcrm.model.note import VaultPath, code_points
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Occurrence, Standing, Touchpoint
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import ONE_DAY, WorkCalendar
from vaultcrm.rules.known import owner_key


class Row(NamedTuple):
    """A client to plan for, in plain values, so that it may be kept (see `model.roster`).

    ``owner`` is as owners are compared. ``due`` is the day of the next contact as an ordinal, None without
    one; ``agreed``: it was agreed, no interval gave it. The priority is ``numerator`` / ``denominator``.
    """

    name: str
    path: VaultPath
    owner: str
    due: int | None
    agreed: bool
    numerator: int
    denominator: int


def plan_row(standing: Standing, urgent: Fraction | None) -> Row:
    """What planning a client's next contact takes; ``urgent`` is their priority, as `priority` gives it."""
    client, contacting = standing.client, standing.contacting
    due, exact = contacting.next_day, urgent or Fraction()
    return Row(
        code_points(client.name),
        code_points(client.path),
        owner_key(client.owner),
        None if due is None else due.toordinal(),
        contacting.agreed is not None,
        exact.numerator,
        exact.denominator,
    )


def priority(standing: Standing, has_high: bool, policy: Policy) -> Fraction | None:
    """How urgent a contact is beside others, exact and not capped (specification 3, Priority).

    Args:
        standing: How the client stands.
        has_high: Whether they have a warning of high severity that is not muted.
        policy: The weights.

    Returns:
        The priority, None without a next contact.
    """
    contacting = standing.contacting
    if contacting.next is None:
        return None
    interval = contacting.interval_days
    importance = policy.priority_rank * standing.tier_rank + (policy.priority_high if has_high else 0)
    waited = policy.priority_overdue * contacting.overdue_days
    return Fraction(importance * interval + waited, interval)


def planned_days(
    rows: Sequence[Row], policy: Policy, calendar: WorkCalendar, day: date
) -> tuple[date | None, ...]:
    """The day on which each client's next contact is planned, in the order of the rows.

    Explicit days come first and stay, however full; the others follow by priority (ties: earlier due, name,
    path), each on the first working day from max(due, ``day``) on with room for its owner. Each takes one of
    its owner's places, no owner being one owner too. Clients without a next contact have no planned day.
    """
    planned: list[date | None] = [None] * len(rows)
    diaries: dict[str, Diary] = {}
    today = day.toordinal()
    explicit = [number for number, row in enumerate(rows) if row.agreed]
    by_interval = [number for number, row in enumerate(rows) if not row.agreed]
    for number in (*explicit, *_by_urgency(rows, by_interval)):
        row = rows[number]
        if row.due is None:
            continue
        diary = diaries.get(row.owner)
        if diary is None:
            diary = diaries[row.owner] = Diary(policy.capacity, calendar)
        earliest = day if row.due <= today else date.fromordinal(row.due)
        if not row.agreed:
            earliest = diary.first_free(earliest)
        diary.take(earliest)
        planned[number] = earliest
    return tuple(planned)


def plan_touchpoint(
    occurrence: Occurrence, standing: Standing, planned: date | None, policy: Policy, calendar: WorkCalendar
) -> Touchpoint:
    """The day on which a touchpoint is planned (specification 3, Touchpoints, Planned).

    Args:
        occurrence: What is due.
        standing: How the client stands.
        planned: The planned day of the client's next contact, None without one.
        policy: How far a touchpoint may be from the next contact to go along with it.
        calendar: The working days.
    """
    earliest, bundled = max(occurrence.due, standing.day), False
    if occurrence.own_day:
        day = earliest
    elif planned and -policy.bundle_before <= (earliest - planned).days <= policy.bundle_after:
        day, bundled = planned, True
    else:
        last = standing.contacting.last
        rested = last.day + timedelta(days=policy.min_gap) if last else earliest
        day = calendar.next_working(max(earliest, rested))
    lead_days = policy.touchpoints[occurrence.id].lead_days
    show_from = occurrence.due - timedelta(days=lead_days) if lead_days else occurrence.due
    return Touchpoint(occurrence, day, bundled, show_from)


class Diary:
    """How many contacts an owner has on each day; what is full is remembered, so that no search is long."""

    __slots__ = ("_calendar", "_capacity", "_later", "_taken")

    def __init__(self, capacity: int, calendar: WorkCalendar) -> None:
        """``capacity`` places a day, 0 for no limit."""
        self._capacity = capacity
        self._calendar = calendar
        self._taken: dict[date, int] = {}
        self._later: dict[date, date] = {}

    def take(self, day: date) -> None:
        """Take one of a day's places, also where none is left."""
        taken = self._taken[day] = self._taken.get(day, 0) + 1
        if taken == self._capacity:
            self._later[day] = day + ONE_DAY

    def first_free(self, day: date) -> date:
        """The first working day from ``day`` on with room."""
        passed = []
        while True:
            later = self._later.get(day)
            if later is None:
                if self._calendar.is_working(day):
                    break
                later = day + ONE_DAY
            passed.append(day)
            day = later
        for full in passed:
            self._later[full] = day
        return day


def _by_urgency(rows: Sequence[Row], numbers: Sequence[int]) -> list[int]:
    """The rows with these numbers, the most urgent first.

    Exact numbers take long to compare. Where each priority has a float of its own, these compare likewise.
    """
    told = [(rows[number], number) for number in numbers]
    exact = {(row.numerator, row.denominator) for row, _ in told}
    rough: dict[tuple[int, int], float | Fraction] = {each: -each[0] / each[1] for each in exact}
    if len(set(rough.values())) < len(exact):
        rough = {each: -Fraction(*each) for each in exact}
    ordered = [
        (rough[row.numerator, row.denominator], row.due or 0, row.name, row.path, number)
        for row, number in told
    ]
    ordered.sort()
    return [number for *_, number in ordered]
