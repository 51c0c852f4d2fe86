"""What of a feed there is room for: some calendar programs read no more than 1 MB of it.

Nothing is left out of a feed that fits. Of one that does not, what stands nearest is kept, as much of it as
possible with its full description. Sizes are estimated from above, so that nothing is written in vain. This
module must not know clients, nor how an event is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from heapq import nsmallest

from vaultcrm.model.frozen import dataclass
from vaultcrm.render.event_draft import Event
from vaultcrm.render.feed_events import Spot

LIMIT_BYTES = 1_000_000
FULL_BYTES = 900_000
"""Up to here descriptions are full where not all of them can be: room for the days to come."""
FRAME_BYTES = 2_500
EVENT_BYTES = 204
"""What an event takes at most beside its UID, its texts, its alarms and its repetition."""
MOST = LIMIT_BYTES // EVENT_BYTES
"""So many events there may be room for; those that stand behind need not even be sorted."""
SMALL_PART = 6
"""One in so many is a small part."""
YEARLY_BYTES = 45
ALARM_BYTES = 62
FIRST_LINE, NEXT_LINE = 75, 71
"""Octets in a folded line: at most in the first one, at the least in the next ones, beside the fold."""
FOLD_BYTES = 3
ESCAPED = ("\n", ",", ";", "\\")
FOLDED, FOLDED_ALL = ("BEGIN:V", "END:V"), ":V"
"""What a text is folded in besides, and what all of these have."""


Sized = tuple[int, str, bool]
"""How many bytes an event takes at most, what it is found by once written, and whether it tells less so."""

Choice = tuple[Spot, bool, str]
"""An event that there is room for, whether with its short description, and what it is found by."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The events that a feed has room for, by UID.

    ``shortened`` of them say less for it; ``left_out`` others are not there, the nearest of which, but for
    what could wait, stands on ``left_from``.
    """

    events: tuple[Choice, ...]
    shortened: int = 0
    left_out: int = 0
    left_from: date | None = None


def fitted(spots: Sequence[Spot], sized: Callable[[Spot, bool], Sized]) -> Fitted:
    """The events for which there is room.

    From the nearest on, events are asked for until no more fit: those that are left out never are.

    Args:
        spots: Where the events stand.
        sized: What one takes, with its short description if the second argument is true.
    """
    nearest = _first(MOST, spots)
    in_full = _nearest(nearest, sized, is_brief=False) if len(nearest) == len(spots) else []
    if len(in_full) == len(spots):
        return Fitted(_chosen(nearest, in_full, len(in_full)))
    room = _nearest(nearest, sized, is_brief=True)
    size, whole = FRAME_BYTES + sum(each[0] for each in room), 0
    while whole < len(room) and size < FULL_BYTES:
        full = sized(nearest[whole], False)
        size += full[0] - room[whole][0]
        if size < FULL_BYTES:
            room[whole] = full
            whole += 1
    last = nearest[len(room) - 1] if room else None
    left = [spot for spot in spots if last is None or spot > last]
    days = [spot[1] for spot in left if not spot[0]] or [spot[1] for spot in left]
    return Fitted(
        _chosen(nearest, room, whole),
        sum(is_less for _, _, is_less in room),
        len(left),
        date.fromordinal(min(days)) if days else None,
    )


def _first(count: int, spots: Sequence[Spot]) -> list[Spot]:
    """So many spots, the nearest first; where they are no small part of all, to sort all takes less time."""
    return sorted(spots)[:count] if len(spots) < SMALL_PART * count else nsmallest(count, spots)


def _nearest(spots: Sequence[Spot], sized: Callable[[Spot, bool], Sized], *, is_brief: bool) -> list[Sized]:
    """What the first of some events take, as many as there is room for."""
    room: list[Sized] = []
    size = FRAME_BYTES
    for spot in spots:
        found = sized(spot, is_brief)
        size += found[0]
        if size >= LIMIT_BYTES:
            break
        room.append(found)
    return room


def _chosen(nearest: Sequence[Spot], room: Sequence[Sized], whole: int) -> tuple[Choice, ...]:
    """The events by UID; the nearest ``whole`` of them are in full."""
    chosen = [
        (spot, number >= whole, key)
        for number, (spot, (_, key, _)) in enumerate(zip(nearest, room, strict=False))
    ]
    return tuple(sorted(chosen, key=_uid))


def size_of(event: Event, alarms: int) -> int:
    """How many bytes an event with so many alarms takes at most."""
    title = _octets(event.summary)
    size = EVENT_BYTES + len(event.uid) + YEARLY_BYTES * event.yearly + _line("SUMMARY:", *title)
    size += alarms * (_line("DESCRIPTION:", *title) + ALARM_BYTES)
    size += _line("DESCRIPTION:", *_octets(event.description)) if event.description else 0
    size += _line("URL:", *_octets(event.url)) if event.url else 0
    size += _line("CATEGORIES:", *_octets(",".join(event.categories))) if event.categories else 0
    return size


def _octets(text: str) -> tuple[int, int]:
    """The octets of a text, what escapes them included, and where it is folded whatever its length."""
    marks = sum(map(text.count, FOLDED)) if FOLDED_ALL in text else 0
    return len(text.encode("utf-8", "replace")) + sum(map(text.count, ESCAPED)), marks


def _line(name: str, octets: int, marks: int) -> int:
    """The octets of a line with its end and its folds."""
    octets += len(name)
    folds = max(0, -(-(octets - FIRST_LINE) // NEXT_LINE)) + marks
    return octets + folds * FOLD_BYTES + 2


def _uid(choice: Choice) -> str:
    return choice[0][3]
