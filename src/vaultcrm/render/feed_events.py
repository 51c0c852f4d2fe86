"""All events of a feed, by parts of its clients: where each stands, and what is asked of those that it shows.

Of a client who has not changed everything is known: they are opened only where one of their events has to be
written that nobody has asked for before. This module must not know what makes an event, nor what becomes
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import partial
from typing import Generic, TypeVar

from vaultcrm.model.frozen import replace
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.model.results import Assessment
from vaultcrm.model.roster import Roster
from vaultcrm.model.sums import sha256
from vaultcrm.render.event_draft import Case, Event, Scene, Slot
from vaultcrm.render.event_text import greeting_line
from vaultcrm.render.events import client_slots, festival, greetings
from vaultcrm.render.identity import client_keys, event_uid
from vaultcrm.render.labels import Labels

T = TypeVar("T")

Spot = tuple[bool, int, bool, str, int, int]
"""A `Slot` without what writes it, and behind it the client's number: spots sort by how near they are."""

EVERYBODY = -1
"""Stands for the client's number where an event is of no client alone: a festival."""

HELD = 1_000
"""Of so many clients is held what writes their events, of others only where some are to be written."""

_Plain = tuple[bool, int, bool, str, int]
_Places = tuple[tuple[_Plain, ...], tuple[tuple[int, str], ...]]
"""Of a client the slots, and the festivals on which they are greeted: the day's ordinal, and the name."""


class FeedEvents:
    """The events of a feed, each known by its spot. Of a festival there is one, whoever is greeted."""

    __slots__ = ("_festivals", "_keys", "_opened", "_renamed", "_roster", "_scene", "_written", "spots")

    spots: tuple[Spot, ...]
    """All events of the feed, in no order, each UID once, at most 200 of a client beside festivals."""

    def __init__(self, overview: Overview, feed: Feed, labels: Labels, vault_name: str) -> None:
        """``vault_name`` is what Obsidian calls the vault, for links."""
        self._scene = Scene(overview, feed, labels, vault_name)
        self._roster = overview.assessments
        self._keys = client_keys(overview.assessments)
        self._opened: dict[int, dict[tuple[str, int], Slot]] = {}
        self._festivals: list[Slot] = []
        self._renamed: dict[str, str] = {}
        self._written: dict[tuple[str, int, int], Event] = {}
        self.spots = self._distinct(tuple(self._found()))

    @property
    def roster(self) -> Roster:
        """The clients."""
        return self._roster

    @property
    def privacy(self) -> str:
        """How much the feed tells of them."""
        return self._scene.feed.privacy

    def event(self, spot: Spot) -> Event:
        """What an event says."""
        _, _, _, uid, source, number = spot
        found = self._written.get((uid, source, number))
        if found is None:
            first = self._renamed.get(uid, uid)
            slot = self._festivals[source] if number == EVERYBODY else self._slots(number)[first, source]
            found = slot.write() if first == uid else replace(slot.write(), uid=uid)
            self._written[uid, source, number] = found
        return found

    def part(self, spot: Spot, name: Hashable, of: Callable[[Event], T]) -> T:
        """Something that follows from an event, which is written only where this is not known yet.

        Args:
            spot: Where the event stands.
            name: What it is called, with all that ``of`` depends on beside the event, as of a roster's part.
            of: Makes it, of plain values.
        """
        _, _, _, uid, source, number = spot
        if number == EVERYBODY:
            return of(self.event(spot))
        whole = ("feed event", name, self._scene.feed.privacy, uid, source)
        return self._roster.part(number, whole, lambda _: of(self.event(spot)))

    def _found(self) -> Iterator[Spot]:
        """Clients in their order, the slots of each by day, then festivals."""
        feed = self._scene.feed
        filters = (feed.owners, feed.tiers, feed.kinds, feed.key_dates_only)
        reach = (feed.days_back, feed.months_ahead, feed.years_ahead)
        greeted: dict[tuple[int, str], list[int]] = {}
        keys = sha256("\0".join(self._keys).encode("utf-8", "surrogatepass")).hexdigest()
        name = ("feed slots", filters, reach, keys)
        for number, (slots, festivals) in enumerate(self._roster.each_by_number(name, self._places)):
            for slot in slots:
                yield (*slot, number)
            for each in festivals:
                greeted.setdefault(each, []).append(number)
        line = partial(_greeting, self._roster, self._scene.labels)  # a method would hold all of this
        for (due, called), whom in greeted.items():
            made = festival(self._scene, date.fromordinal(due), called, whom, line)
            yield made.can_wait, made.start, made.is_other, made.uid, len(self._festivals), EVERYBODY
            self._festivals.append(made)

    def _places(self, number: int) -> _Places:
        one = self._roster[number]
        self._roster.looked_at(number)
        tiers = self._scene.feed.tiers
        if tiers and one.standing.tier not in tiers:
            return (), ()
        days = tuple((due.toordinal(), name) for due, name in greetings(self._scene, one))
        slots = self._slots_of(number, one)
        if len(self._opened) < HELD:
            self._opened[number] = slots
        return tuple(map(_plain, slots.values())), days

    def _slots(self, number: int) -> dict[tuple[str, int], Slot]:
        """A client's slots, of whose events some are to be written."""
        found = self._opened.get(number)
        if found is None:
            found = self._opened[number] = self._slots_of(number, self._roster[number])
        return found

    def _slots_of(self, number: int, one: Assessment) -> dict[tuple[str, int], Slot]:
        """A client's slots, by UID and source, with what writes them."""
        slots = client_slots(Case(self._scene, one, self._keys[number]))
        return {(slot.uid, slot.source): slot for slot in slots}

    def _distinct(self, spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
        """Each UID once: where two have the same, the later one by day and title gets another."""
        if len({spot[3] for spot in spots}) == len(spots):
            return spots
        alike: dict[str, list[Spot]] = {}
        for spot in spots:
            alike.setdefault(spot[3], []).append(spot)
        found = {uid: same[0] for uid, same in alike.items()}
        for uid in sorted(uid for uid, same in alike.items() if len(same) > 1):
            found[uid], *others = sorted(alike[uid], key=self._day_and_title)
            for can_wait, start, is_other, _, source, number in others:
                renamed, count = uid, 1
                while renamed in found:
                    count += 1
                    renamed = event_uid(uid, str(count))
                found[renamed] = (can_wait, start, is_other, renamed, source, number)
                self._renamed[renamed] = uid
        return tuple(found.values())

    def _day_and_title(self, spot: Spot) -> tuple[int, str]:
        return spot[1], self.part(spot, "title", _title)


class EventParts(Generic[T]):
    """What follows from each event of a feed; all that is known of one client is one part.

    With parts of their own, to look thousands of events up would take longer than to sort them.
    """

    __slots__ = ("_events", "_known", "_name", "_new", "_of", "_roster")

    def __init__(self, events: FeedEvents, name: Hashable, of: Callable[[Event], T]) -> None:
        """Of some events.

        Args:
            events: The events. One is written only where what follows from it is not known yet.
            name: What it is called, with all that ``of`` depends on beside the event, as of a roster's part.
            of: Makes it, of plain values and not None.
        """
        self._events = events
        self._roster = events.roster
        self._name = ("feed events", name, events.privacy)
        self._of = of
        self._known: dict[int, dict[tuple[str, int], T]] = {EVERYBODY: {}}
        self._new: set[int] = set()

    def __getitem__(self, spot: Spot) -> T:
        """What follows from the event that stands there."""
        _, _, _, uid, source, number = spot
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = dict(self._roster.told(number, self._name, ()))
        found = known.get((uid, source))
        if found is None:
            found = known[uid, source] = self._of(self._events.event(spot))
            self._new.add(number)
        return found

    def keep(self) -> None:
        """Have all that was made known for later; festivals are of no client."""
        for number in sorted(self._new - {EVERYBODY}):
            self._roster.tell(number, self._name, tuple(self._known[number].items()))
        self._new.clear()


def _greeting(roster: Roster, labels: Labels, number: int) -> str:
    return roster.part(number, "feed greeting", lambda one: greeting_line(one, labels))


def _plain(slot: Slot) -> _Plain:
    return slot.can_wait, slot.start, slot.is_other, slot.uid, slot.source


def _title(event: Event) -> str:
    return event.summary
