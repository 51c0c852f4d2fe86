"""What is to be done on which day, as rows: the dashboard's lists and the terminal's agenda are made of them.

A row is one client on one day: the next contact with what goes along, touchpoints of that day, follow-ups.
Rows are made of parts (see `model.roster`) and know the client by number; `opened` gives what they stand for.
This module must not know how rows are written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.results import Assessment, Overview, Task, Touchpoint
from vaultcrm.render.wording import FOLLOW_UP
from vaultcrm.rules.tasks import owners_of


class Row(NamedTuple):
    """What there is to do for one client on one day, by numbers.

    ``contact``: their next contact is planned on that day. ``touchpoints`` are the places, among those of the
    client, of those planned on it, bundled ones first; follow-ups are told by ``tasks``, those of the day (on
    the first day: overdue ones too). ``urgency`` is as in `urgency`, 0 without a contact.
    """

    day: date
    number: int
    contact: bool
    urgency: float
    touchpoints: tuple[int, ...]
    tasks: tuple[int, ...]

    @property
    def name(self) -> tuple[object, ...]:
        """What tells this row from others of the client, in plain values."""
        return self.day.toordinal(), self.contact, self.touchpoints, self.tasks


class Pending(NamedTuple):
    """An open follow-up: the day as an ordinal, the client's number, the place among the client's tasks."""

    day: int
    number: int
    place: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A `Row` with what it stands for."""

    day: date
    assessment: Assessment
    contact: bool
    touchpoints: tuple[Touchpoint, ...]
    tasks: tuple[Task, ...]


def opened(row: Row, assessment: Assessment) -> Entry:
    """What a row of the client stands for."""
    return Entry(
        row.day,
        assessment,
        row.contact,
        tuple(assessment.touchpoints[place] for place in row.touchpoints),
        tuple(assessment.tasks[place] for place in row.tasks),
    )


def rows(overview: Overview, last: date, owner: str | None = None) -> tuple[Row, ...]:
    """All that is planned up to ``last`` (inclusive), by day, then as priority has it, then by name and path.

    Touchpoints are shown from their lead on (specification 3, Touchpoints). What is overdue stands on the day
    asked about.
    """
    end, today = last.toordinal(), overview.day.toordinal()
    wanted = None if owner is None else owner.casefold()
    found = [
        row
        for number, waits in enumerate(_waiting(overview))
        if waits.first <= end
        for row in _rows(number, waits, end, today, wanted)
    ]
    return tuple(sorted(found, key=_order))


def due_now(overview: Overview, owner: str | None = None) -> tuple[Row, ...]:
    """What is due on the day asked about, those first whose planned day is near.

    A contact that is due counts whatever day it is planned for: on a day off, or where there is no room, that
    is a later one.
    """
    found = {row.number: row for row in rows(overview, overview.day, owner)}
    today = overview.day.toordinal()
    for number, waits in enumerate(_waiting(overview)):
        if waits.due is None or waits.planned is None or waits.due > today:
            continue
        if owner is not None and waits.owner != owner.casefold():
            continue
        row = found.get(number)
        if row is None or not row.contact:
            planned = waits.planned
            bundled = tuple(place for day, goes, place in waits.touchpoints if goes and day == planned)
            touchpoints, tasks = (row.touchpoints, row.tasks) if row else ((), ())
            day = date.fromordinal(planned)
            found[number] = Row(day, number, True, waits.urgency, bundled + touchpoints, tasks)
    return tuple(sorted(found.values(), key=_order))


def follow_ups(overview: Overview, owner: str | None = None) -> tuple[Pending, ...]:
    """All open follow-ups, client by client."""
    wanted = None if owner is None else owner.casefold()
    return tuple(
        Pending(due, number, place)
        for number, waits in enumerate(_waiting(overview))
        for due, place in waits.tasks_of(wanted)
    )


def contacts_due(overview: Overview) -> int:
    """How many clients are to be contacted by the day asked about."""
    today = overview.day.toordinal()
    return sum(waits.due is not None and waits.due <= today for waits in _waiting(overview))


def days_ahead(overview: Overview, days: int) -> date:
    """The last of so many days ahead, the day asked about not counted."""
    return overview.day + timedelta(days=days)


def urgency(one: Assessment) -> float:
    """What clients are sorted by who come first by priority; those without any come last.

    Fractions take long to compare; what is a hair apart may stand in any order.
    """
    return 1.0 if one.priority is None else -float(one.priority)


class _Waiting(NamedTuple):
    """What is to be done for a client on whatever day, in plain values; days are ordinals.

    ``due`` and ``planned`` are those of the next contact, None without one. ``touchpoints`` are those whose
    lead has begun, with their planned day, whether they go along with the contact, and their place; bundled
    ones first. ``tasks`` have their day, and who is named in them. On the day ``first`` the first of all this
    is to be done.
    """

    first: int
    owner: str
    due: int | None
    planned: int | None
    urgency: float
    touchpoints: tuple[tuple[int, bool, int], ...]
    tasks: tuple[tuple[int, tuple[str, ...]], ...]

    def tasks_of(self, owner: str | None) -> Iterator[tuple[int, int]]:
        """The day and the place of each task of an owner's; None: everybody's."""
        for place, (due, named) in enumerate(self.tasks):
            if owner is None or owner in (named or (self.owner,)):
                yield due, place


def _waiting(overview: Overview) -> Iterator[_Waiting]:
    return map(_Waiting._make, overview.assessments.each("agenda", _waits))


def _waits(one: Assessment) -> tuple[object, ...]:
    touchpoints = [
        (each.planned.toordinal(), each.bundled, place)
        for place, each in enumerate(one.touchpoints)
        if each.show_from <= one.standing.day and each.id != FOLLOW_UP
    ]
    owner = (one.client.owner or "").casefold()
    tasks = [(each.due.toordinal(), _named(each, owner)) for each in one.tasks]
    due, planned = one.standing.contacting.next_day, one.planned
    days = [*(each[0] for each in touchpoints), *(each[0] for each in tasks)]
    if planned is not None:
        days.append(planned.toordinal())
    return tuple(
        _Waiting(
            min(days, default=NEVER),
            owner,
            None if due is None else due.toordinal(),
            None if planned is None else planned.toordinal(),
            urgency(one),
            tuple(sorted(touchpoints, key=lambda each: not each[1])),
            tuple(tasks),
        )
    )


def _named(task: Task, owner: str) -> tuple[str, ...]:
    owners = owners_of(task)
    return () if owners == (owner,) else owners


def _rows(number: int, waits: _Waiting, last: int, today: int, owner: str | None) -> Iterator[Row]:
    days: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    own, contact = owner is None or waits.owner == owner, None
    if own and waits.planned is not None and waits.planned <= last:
        contact = waits.planned
        days[contact] = ([], [])
    for planned, _, place in waits.touchpoints if own else ():
        if planned <= last:
            days[planned][0].append(place)
    for due, place in waits.tasks_of(owner):
        if due <= last:
            days[max(due, today)][1].append(place)
    for each, (touchpoints, tasks) in days.items():
        day, urgent = date.fromordinal(each), waits.urgency if each == contact else 0.0
        yield Row(day, number, each == contact, urgent, tuple(touchpoints), tuple(tasks))


def _order(row: Row) -> tuple[date, bool, float, int]:
    """By day; contacts before the rest; the highest priority first."""
    return row.day, not row.contact, row.urgency, row.number


NEVER = date.max.toordinal() + 1
