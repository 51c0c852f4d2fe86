"""What of a feed there is room for: some calendar programs read no more than 1 MB of it.

Nothing is left out of a feed that fits. Of one that does not, what stands nearest is kept, as much of it as
possible with its full description. Sizes are estimated from above, so that nothing is written in vain. This
module must not know clients, nor how an event is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, islice
from typing import NamedTuple

from vaultcrm.render.event_draft import Event, Slot

LIMIT_BYTES = 1_000_000
FULL_BYTES = 900_000
"""Up to here descriptions are full where not all of them can be: room for the days to come."""
FRAME_BYTES = 2_500
EVENT_BYTES = 204
"""What an event takes at most beside its UID, its texts, its alarms and its repetition."""
YEARLY_BYTES = 45
ALARM_BYTES = 62
FIRST_LINE, NEXT_LINE = 75, 71
"""Octets in a folded line: at most in the first one, at the least in the next ones, beside the fold."""
FOLD_BYTES = 3
ESCAPED = ("\n", ",", ";", "\\")
FOLDED = ("BEGIN:V", "END:V")
"""What a text is folded in besides."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The events that a feed has room for, in their order.

    ``shortened`` of them have their short description; ``left_out`` others are not there, the nearest of
    which, but for what could wait, stands on ``left_from``.
    """

    events: tuple[Event, ...]
    shortened: int = 0
    left_out: int = 0
    left_from: date | None = None


def fitted(slots: Sequence[Slot], alarms: Callable[[Event], int]) -> Fitted:
    """The events for which there is room; ``alarms`` tells how many an event has.

    From the nearest on, events are written until no more fit: those that are left out never are.
    """
    nearest = sorted(range(len(slots)), key=lambda index: _nearness(slots[index]))
    room: dict[int, _Sized] = {}
    size = FRAME_BYTES
    for index in nearest:
        sized = _sized(slots[index].write(), alarms)
        if size + sized.brief >= LIMIT_BYTES:
            break
        size += sized.brief
        room[index] = sized
    if len(room) == len(slots) and FRAME_BYTES + sum(each.full for each in room.values()) < LIMIT_BYTES:
        return Fitted(tuple(room[index].event for index in range(len(slots))))
    sizes = accumulate((each.full - each.brief for each in room.values()), initial=size)
    whole = sum(reached < FULL_BYTES for reached in islice(sizes, 1, None))  # the nearest of them
    result = {
        index: each.event if number < whole else replace(each.event, description=each.event.brief)
        for number, (index, each) in enumerate(room.items())
    }
    left = nearest[len(room) :]
    days = [slots[index].start for index in left if not slots[index].can_wait]
    return Fitted(
        tuple(result[index] for index in sorted(result)),
        sum(event.description != room[index].event.description for index, event in result.items()),
        len(left),
        min(days or [slots[index].start for index in left], default=None),
    )


class _Sized(NamedTuple):
    """An event, and how many bytes it takes at most, in full and with its short description."""

    event: Event
    full: int
    brief: int


def _sized(event: Event, alarms: Callable[[Event], int]) -> _Sized:
    count = alarms(event)
    return _Sized(event, fitted_size(event, count), _size(event, event.brief, count))


def fitted_size(event: Event, alarms: int) -> int:
    """How many bytes an event with so many alarms takes at most."""
    return _size(event, event.description, alarms)


def _nearness(slot: Slot) -> tuple[bool, date, bool, str]:
    return slot.can_wait, slot.start, slot.kind != "next-contact", slot.uid


def _size(event: Event, description: str, alarms: int) -> int:
    title = event.summary
    lines = _line("SUMMARY:", title) + alarms * (_line("DESCRIPTION:", title) + ALARM_BYTES)
    lines += _line("DESCRIPTION:", description) if description else 0
    lines += _line("URL:", event.url) if event.url else 0
    lines += _line("CATEGORIES:", ",".join(event.categories)) if event.categories else 0
    return EVENT_BYTES + len(event.uid) + YEARLY_BYTES * event.yearly + lines


def _line(name: str, text: str) -> int:
    """The octets of a line with its end and its folds."""
    octets = len(name) + len(text.encode("utf-8", "replace")) + sum(map(text.count, ESCAPED))
    folds = max(0, -(-(octets - FIRST_LINE) // NEXT_LINE)) + sum(map(text.count, FOLDED))
    return octets + folds * FOLD_BYTES + 2
