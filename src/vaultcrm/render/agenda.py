"""What is to be done on which day, as rows: the dashboard's lists and the terminal's agenda are made of them.

A row is one client on one day: the next contact with what goes along, touchpoints of that day, follow-ups.
Rows are made of parts (see `model.roster`) and know the client by number; `opened` gives what they stand for.
This module must not know how rows are written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.overview import Overview
from vaultcrm.model.results import Assessment, Task, Touchpoint
from vaultcrm.model.tuples import NamedTuple, again
from vaultcrm.render.wording import FOLLOW_UP
from vaultcrm.rules.known import owner_key
from vaultcrm.rules.tasks import owners_of


class Row(NamedTuple):
    """What there is to do for one client on one day, by numbers.

    Rows sort as they are to be shown: by day, contacts before the rest, the highest priority first, then by
    the clients' order. ``beside``: their next contact is not planned on that day. ``urgency`` is as in
    `urgency`, 0 without a contact. ``touchpoints`` are the places, among those of the client, of those
    planned on it, bundled ones first; follow-ups are told by ``tasks``, those of the day (on the first day:
    overdue ones too).
    """

    day: date
    beside: bool
    urgency: float
    number: int
    touchpoints: tuple[int, ...]
    tasks: tuple[int, ...]

    @property
    def name(self) -> tuple[object, ...]:
        """What tells this row from others of the client, in plain values."""
        return self.day.toordinal(), self.beside, self.touchpoints, self.tasks


class Due(NamedTuple):
    """What sorts the row of a client who is due; as `Row` has it, ``day`` as an ordinal."""

    day: int
    beside: bool
    urgency: float
    number: int


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
        not row.beside,
        tuple(assessment.touchpoints[place] for place in row.touchpoints),
        tuple(assessment.tasks[place] for place in row.tasks),
    )


def rows(overview: Overview, last: date, owner: str | None = None, first: date = date.min) -> tuple[Row, ...]:
    """All that is planned from ``first`` up to ``last`` (inclusive), as rows sort.

    Touchpoints are shown from their lead on (specification 3, Touchpoints). What is overdue stands on the day
    asked about.
    """
    begin, end, wanted = first.toordinal(), last.toordinal(), None if owner is None else owner_key(owner)
    found = [
        row
        for number, waits in enumerate(_waiting(overview))
        if waits.days and waits.days[0][0] <= end and waits.days[-1][0] >= begin
        for row in waits.rows(number, begin, end, wanted)
    ]
    found.sort()
    return tuple(found)


def due_now(overview: Overview, owner: str | None = None) -> tuple[Due, ...]:
    """Who is due on the day asked about, those first whose planned day is near; `row_of` tells what is.

    A contact that is due counts whatever day it is planned for: on a day off, or where there is no room, that
    is a later one.
    """
    today = overview.day.toordinal()
    if owner is None:
        found = _all_due(_kept(overview), today)
    else:
        wanted = owner_key(owner)
        mine = (waits.on_day(number, today, wanted) for number, waits in enumerate(_waiting(overview)))
        found = [(row.day.toordinal(), row.beside, row.urgency, row.number) for row in filter(None, mine)]
    found.sort()
    return tuple(again(Due, found))


def row_of(due: Due, overview: Overview, owner: str | None = None) -> Row:
    """The row of a client who is due for that owner."""
    waits = _Waiting._make(_kept(overview)[due.number])
    row = waits.on_day(due.number, overview.day.toordinal(), None if owner is None else owner_key(owner))
    assert row is not None, "who is due has a row"
    return row


def follow_up_days(overview: Overview, owner: str | None = None) -> list[int]:
    """The days of all open follow-ups as ordinals, the first one first."""
    if owner is None:
        return sorted(chain.from_iterable([tasks for *_, tasks, _ in _kept(overview)]))
    return sorted(each.day for each in follow_ups(overview, owner))


def follow_ups(overview: Overview, owner: str | None = None, last: int | None = None) -> tuple[Pending, ...]:
    """All open follow-ups up to a day, an ordinal, client by client."""
    wanted = None if owner is None else owner_key(owner)
    return tuple(
        Pending(waits.tasks[place], number, place)
        for number, waits in enumerate(_waiting(overview))
        if waits.tasks and (last is None or min(waits.tasks) <= last)
        for place in waits.tasks_of(wanted)
        if last is None or waits.tasks[place] <= last
    )


def contacts_due(overview: Overview) -> int:
    """How many clients are to be contacted by the day asked about."""
    today = overview.day.toordinal()
    return sum([due is not None and due <= today for _, due, *_ in _kept(overview)])


def days_ahead(overview: Overview, days: int) -> date:
    """The last of so many days ahead, the day asked about not counted."""
    return overview.day + timedelta(days=days)


def urgency(one: Assessment) -> float:
    """What clients are sorted by who come first by priority; those without any come last.

    Fractions take long to compare; what is a hair apart may stand in any order.
    """
    return 1.0 if one.priority is None else -float(one.priority)


_Days = tuple[tuple[int, bool, tuple[int, ...], tuple[int, ...]], ...]
_Kept = tuple[
    str,
    "int | None",
    "int | None",
    float,
    tuple[int, ...],
    _Days,
    tuple[int, ...],
    tuple[tuple[str, ...], ...],
]


class _Waiting(NamedTuple):
    """What is to be done for a client on whatever day, in plain values; days are ordinals.

    ``due`` and ``planned`` are those of the next contact, None without one; ``bundled`` are the places of the
    touchpoints that go along with it. ``days`` are as `Row` has them: day, contact, touchpoints, tasks.
    ``tasks`` are the days of the tasks, ``named`` whose each is; empty where all are the client's owner's.
    """

    owner: str
    due: int | None
    planned: int | None
    urgency: float
    bundled: tuple[int, ...]
    days: _Days
    tasks: tuple[int, ...]
    named: tuple[tuple[str, ...], ...]

    def is_of(self, owner: str | None) -> bool:
        """Whether the client is an owner's; None: everybody's."""
        return owner is None or self.owner == owner

    def tasks_of(self, owner: str | None) -> Sequence[int]:
        """The places of an owner's tasks; None: everybody's."""
        if owner is None or (not self.named and self.owner == owner):
            return range(len(self.tasks))
        return [place for place, named in enumerate(self.named) if owner in named]

    def on_day(self, number: int, today: int, owner: str | None) -> Row | None:
        """The owner's row of the day asked about, of which a contact that is due is always a part."""
        waits = self.days and self.days[0][0] == today
        row = next(self.rows(number, today, today, owner), None) if waits else None
        if row is not None and not row.beside:
            return row
        if self.planned is None or self.due is None or self.due > today or not self.is_of(owner):
            return row
        touchpoints, tasks = (row.touchpoints, row.tasks) if row else ((), ())
        day = date.fromordinal(self.planned)
        return Row(day, False, self.urgency, number, self.bundled + touchpoints, tasks)

    def rows(self, number: int, first: int, last: int, owner: str | None) -> Iterator[Row]:
        """The owner's rows from a day up to another; the client has this number."""
        own = self.is_of(owner)
        kept = None if owner is None else self.tasks_of(owner)
        for day, contact, touchpoints, tasks in self.days:
            if day > last:
                return
            if day < first:
                continue
            if kept is not None:
                contact, touchpoints = (contact, touchpoints) if own else (False, ())
                tasks = tuple(place for place in tasks if place in kept)
            if contact or touchpoints or tasks:
                urgent = self.urgency if contact else 0.0
                yield Row(date.fromordinal(day), not contact, urgent, number, touchpoints, tasks)


def _all_due(kept: Iterable[_Kept], today: int) -> list[tuple[int, bool, float, int]]:
    """What `due_now` tells of everybody: of those who are not due nothing is made."""
    found = []
    for number, (_, due, planned, urgent, _, days, _, _) in enumerate(kept):
        waits = bool(days) and days[0][0] == today
        if waits and days[0][1]:
            found.append((today, False, urgent, number))
        elif planned is not None and due is not None and due <= today:
            found.append((planned, False, urgent, number))
        elif waits:
            found.append((today, True, 0.0, number))
    return found


def _waiting(overview: Overview) -> Iterator[_Waiting]:
    return again(_Waiting, _kept(overview))


def _kept(overview: Overview) -> tuple[_Kept, ...]:
    """What is kept of each client: a `_Waiting` as a plain tuple."""
    return overview.assessments.each("agenda", _waits)


def _waits(one: Assessment) -> tuple[Any, ...]:
    owner, today = owner_key(one.client.owner), one.standing.day
    shown = [
        (place, each)
        for place, each in enumerate(one.touchpoints)
        if each.show_from <= today and each.id != FOLLOW_UP
    ]
    shown.sort(key=lambda each: not each[1].bundled)
    days: dict[date, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    if one.planned is not None:
        days[one.planned] = ([], [])
    for place, touchpoint in shown:
        days[touchpoint.planned][0].append(place)
    for place, task in enumerate(one.tasks):
        days[max(task.due, today)][1].append(place)
    due, is_named = one.standing.contacting.next_day, any(each.follow_up.owners for each in one.tasks)
    named = tuple(map(owners_of, one.tasks)) if is_named else ()
    return tuple(
        _Waiting(
            owner,
            None if due is None else due.toordinal(),
            None if one.planned is None else one.planned.toordinal(),
            urgency(one),
            tuple(place for place, each in shown if each.bundled and each.planned == one.planned),
            tuple(
                (day.toordinal(), day == one.planned, tuple(touchpoints), tuple(tasks))
                for day, (touchpoints, tasks) in sorted(days.items())
            ),
            tuple(each.due.toordinal() for each in one.tasks),
            named if any(each != (owner,) for each in named) else (),
        )
    )
