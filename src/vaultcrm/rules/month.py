"""The plan of a month in four weeks (specification 1, system 12): whom to contact when, within capacity.

Weeks 1 and 2 are for clients above the lowest tier, week 3 for news to all, open follow-ups and the other
clients, week 4 for looking back and planning on. This module must not know how a plan is written down, nor
what a person ticked in one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import code_points
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interval
from vaultcrm.model.results import Assessment, Task, Touchpoint
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.cadence import rhythm
from vaultcrm.rules.days import ONE_DAY, WorkCalendar, add_interval, add_months, work_calendar
from vaultcrm.rules.known import owner_key
from vaultcrm.rules.tasks import is_for

WEEKS = 4
WEEK_DAYS = 7
FOLLOW_UP, NEWS = "follow-up", "news"


class Item(NamedTuple):
    """One thing to do in a month.

    ``kind`` is ``contact``, ``touchpoint``, ``follow-up``, or one of the month as such: ``news``,
    ``look-back``, ``next-plan``. ``key`` tells it from all others of the month, and stays the same whatever
    day one looks. ``number`` counts the contacts with a client in the month, ``comes_next`` is true for the
    next one; ``due`` is its own day, whatever day is free. ``touchpoints`` go along with a contact.
    """

    kind: str
    key: str
    day: date | None = None
    due: date | None = None
    assessment: Assessment | None = None
    number: int = 0
    comes_next: bool = False
    touchpoints: tuple[Touchpoint, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the plan, [``first``, ``last``]. ``talked`` are the contacts that it had, by day."""

    number: int
    first: date
    last: date
    items: tuple[Item, ...]
    talked: tuple[tuple[date, Assessment], ...]


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What a month is for, as one sees it on a day.

    ``left_out`` are the clients whose contact finds no place within capacity; ``everybody`` those who may be
    written to; ``owners`` how many people have clients in it.
    """

    first: date
    day: date
    weeks: tuple[Week, ...]
    left_out: tuple[Assessment, ...]
    everybody: tuple[Assessment, ...]
    owners: int


class _Wish(NamedTuple):
    """A contact that is to find its day: wished for ``day``, counted from ``number`` in the month."""

    assessment: Assessment
    day: date
    number: int
    comes_next: bool


class _Room:
    """How many contacts each owner has on each day of the month."""

    def __init__(self, policy: Policy, calendar: WorkCalendar) -> None:
        self._capacity = policy.capacity
        self._calendar = calendar
        self._taken: Counter[tuple[str, date]] = Counter()

    def take(self, assessment: Assessment, day: date) -> date:
        """Take a place, also where none is left."""
        self._taken[_owner(assessment), day] += 1
        return day

    def first(self, assessment: Assessment, first: date, last: date) -> date | None:
        """The first working day in [first, last] with room; None without any."""
        return next((day for day in _days(first, last) if self._is_free(assessment, day)), None)

    def latest(self, assessment: Assessment, first: date, last: date) -> date | None:
        """The last one."""
        found = reversed(list(_days(first, last)))
        return next((day for day in found if self._is_free(assessment, day)), None)

    def _is_free(self, assessment: Assessment, day: date) -> bool:
        taken = self._taken[_owner(assessment), day]
        return self._calendar.is_working(day) and (not self._capacity or taken < self._capacity)


def plan_month(overview: Overview, first: date, owner: str | None = None) -> MonthPlan:
    """The plan of the month that begins on ``first``, as of the overview's day.

    A contact that is planned for an earlier month is thought to take place, and counted on by the cadence.
    What lies before the overview's day is not planned any more.

    Args:
        overview: Everything computed for a day.
        first: The first day of the month.
        owner: Only this one's clients and follow-ups; None: everybody's.
    """
    plan = _Month(overview, first, owner)
    contacts, left_out = plan.contacts()
    with_contact = {item.assessment.client.path for item in contacts if item.assessment is not None}
    beside = [*plan.touchpoints(contacts)]  # which puts into the contacts what goes along with them
    items = [*contacts, *beside, *plan.follow_ups(), *plan.fixed()]
    items.sort(key=_order)
    weeks = tuple(plan.week(number, items) for number in range(1, WEEKS + 1))
    missing = tuple(one for one in left_out if one.client.path not in with_contact)
    owners = {_owner(one) for one in plan.everybody} - {""}
    return MonthPlan(first, overview.day, weeks, missing, plan.everybody, len(owners))


class _Month:
    """A month while it is planned."""

    def __init__(self, overview: Overview, first: date, owner: str | None) -> None:
        self._policy, self._day, self._owner = overview.policy, overview.day, owner
        self._tasks = [task for task in overview.tasks if is_for(task, owner)]
        self._clients = [one for one in overview.assessments if owner is None or _is_owned(one, owner)]
        self.first, self.last = first, add_months(first, 1) - ONE_DAY
        self._start = max(first, overview.day)
        self.everybody = tuple(one for one in self._clients if one.standing.contacting.next is not None)

    def week_first(self, number: int) -> date:
        """The first day of a week; week 4 ends with the month."""
        return self.first + timedelta(days=WEEK_DAYS * (number - 1))

    def week(self, number: int, items: Iterable[Item]) -> Week:
        """A week with its items."""
        first = self.week_first(number)
        last = self.last if number == WEEKS else self.week_first(number + 1) - ONE_DAY
        own = tuple(item for item in items if item.day is not None and first <= item.day <= last)
        talked = [
            (contact.day, one)
            for one in self._clients
            for contact in one.standing.known.contacts
            if first <= contact.day <= last
        ]
        in_order = sorted({(day, one.client.path): one for day, one in talked}.items())
        return Week(number, first, last, own, tuple((day, one) for (day, _), one in in_order))

    # ------------------------------------------------------------------------------------------- contacts

    def contacts(self) -> tuple[list[Item], list[Assessment]]:
        """The contacts with their days, and the clients for whom there is no room."""
        room = _Room(self._policy, work_calendar(self._policy))
        found: list[Item] = []
        left_out: list[Assessment] = []
        for wish in sorted(self._wishes(), key=_urgency):
            day = self._placed(wish, room)
            if day is None:
                left_out.append(wish.assessment)
            else:
                found.append(_contact(wish, room.take(wish.assessment, day)))
        for item in sorted(found, key=_order):
            found += self._again(item, room)
        return list(self._named(found)), left_out

    def _wishes(self) -> Iterator[_Wish]:
        """The first contact of the month with each client who has one."""
        for one in self.everybody:
            due = one.standing.contacting.next_day
            if due is None:
                continue
            day = max(due, self._day)
            there = {each.day for each in one.standing.known.contacts if self.first <= each.day}
            comes_next = day >= self.first
            while day < self.first:
                later = add_interval(day, self._every(one))
                day = later if later > day else self.first
            if day <= self.last:
                yield _Wish(one, day, len(there) + 1, comes_next)

    def _placed(self, wish: _Wish, room: _Room) -> date | None:
        """The day of a contact: an agreed one is kept, the others go where their week is."""
        one, day = wish.assessment, max(wish.day, self._start)
        if wish.comes_next and one.standing.contacting.agreed is not None:
            return day
        third = self.week_first(3)
        if one.standing.tier_rank <= 1:
            return room.first(one, max(day, third), self.last)
        if day < third:
            return room.first(one, day, self.last)
        earliest = [self._start]
        if one.standing.contacting.last is not None:
            earliest.append(one.standing.contacting.last.day + timedelta(days=self._policy.min_gap))
        if one.client.snooze_until is not None:
            earliest.append(one.client.snooze_until)
        forward = room.latest(one, max(earliest), third - ONE_DAY)
        return forward or room.first(one, day, self.last)

    def _again(self, item: Item, room: _Room) -> Iterator[Item]:
        """The further contacts of the month that the cadence asks for."""
        one, day, number = item.assessment, item.day, item.number
        assert one is not None
        assert day is not None
        while True:
            due = add_interval(day, self._every(one))
            if not day < due <= self.last:
                return
            free = room.first(one, due, self.last)
            if free is None:
                return
            day, number = room.take(one, free), number + 1
            yield _contact(_Wish(one, due, number, False), day)

    def _named(self, contacts: Iterable[Item]) -> Iterator[Item]:
        """The contacts with their keys: the month's first with a client, the others by their week.

        How many there were before depends on the day on which one looks.
        """
        seen: Counter[str] = Counter()
        for item in sorted(contacts, key=_order):
            assert item.assessment is not None
            key = f"{_name(item.assessment)} contact"
            if item.number > 1:
                key += f" {min((item.day or self.first).day - 1, WEEK_DAYS * WEEKS - 1) // WEEK_DAYS + 1}"
                seen[key] += 1
                key += f" {seen[key]}"
            yield item._replace(key=key)

    def _every(self, one: Assessment) -> Interval:
        standing = one.standing
        return rhythm(
            one.client, standing.stage, standing.known.in_project, standing.tier, self._policy
        ).every

    # ----------------------------------------------------------------------------------------- what else

    def touchpoints(self, contacts: list[Item]) -> Iterator[Item]:
        """What is planned for the month by itself; what goes along with a contact is put into it."""
        places = {
            item.assessment.client.path: index
            for index, item in enumerate(contacts)
            if item.assessment is not None and item.comes_next
        }
        for one in self._clients:
            for each in one.touchpoints:
                index = places.get(one.client.path)
                if each.id == FOLLOW_UP:
                    continue
                if each.bundled and index is not None:
                    item = contacts[index]
                    contacts[index] = item._replace(touchpoints=(*item.touchpoints, each))
                elif not each.bundled and each.id != NEWS and self._start <= each.planned <= self.last:
                    subject = f"{each.id} {each.occurrence.anchor} {each.occurrence.subject}"
                    key = f"{_name(one)} {subject}"
                    yield Item("touchpoint", key, each.planned, each.due, one, touchpoints=(each,))

    def follow_ups(self) -> Iterator[Item]:
        """Open follow-ups: in the week of their date, late ones in week 3 or what is left of the month."""
        by_path = {one.client.path: one for one in self._clients}
        seen: Counter[str] = Counter()
        for task in self._tasks:
            if task.due > self.last:
                continue
            day = task.due if task.due >= self._start else max(self.week_first(3), self._start)
            key = f"{FOLLOW_UP} {task.follow_up.path} {task.follow_up.text}"
            seen[key] += 1
            one = by_path.get(task.client.path)
            yield Item(FOLLOW_UP, f"{key} {seen[key]}", day, task.due, one, tasks=(task,))

    def fixed(self) -> Iterator[Item]:
        """What every month has."""
        if self.everybody:
            yield Item(NEWS, NEWS, self.week_first(3))
        yield Item("look-back", "look-back", self.week_first(WEEKS))
        yield Item("next-plan", "next-plan", self.week_first(WEEKS))


def _contact(wish: _Wish, day: date) -> Item:
    one = wish.assessment
    due = one.standing.contacting.next_day if wish.comes_next else wish.day
    return Item("contact", "", day, due, one, wish.number, wish.comes_next)


def _name(one: Assessment) -> str:
    return one.client.id or one.client.path


def _owner(one: Assessment) -> str:
    return owner_key(one.client.owner)


def _is_owned(one: Assessment, owner: str) -> bool:
    return _owner(one) == owner_key(owner)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _urgency(wish: _Wish) -> tuple[bool, bool, float, date, str, str]:
    """Agreed days first, then those whose week it is, the highest priority first."""
    one = wish.assessment
    agreed = wish.comes_next and one.standing.contacting.agreed is not None
    priority = -float(one.priority or 0)
    names = code_points(one.client.name), code_points(one.client.path)
    return not agreed, not wish.comes_next, priority, wish.day, *names


_KINDS = (NEWS, "look-back", "next-plan", FOLLOW_UP, "contact", "touchpoint")


def _order(item: Item) -> tuple[date, int, float, str, str]:
    """By day; what has no day of its own first, then contacts, the highest priority first."""
    one = item.assessment
    name = code_points(one.client.name) if one is not None else ""
    priority = -float(one.priority or 0) if one is not None and item.kind == "contact" else 0.0
    return item.day or date.max, _KINDS.index(item.kind), priority, name, item.key
