"""What of a feed there is room for: some calendar programs read no more than 1 MB of it.

Nothing is left out of a feed that fits. Of one that does not, what stands nearest is kept, as much of it as
possible with its full description. Sizes are estimated from above, so that nothing is written in vain. This
module must not know clients, nor how an event is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from vaultcrm.render.events import Event

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


def fitted(events: Sequence[Event], alarms: Callable[[Event], int]) -> Fitted:
    """The events for which there is room; ``alarms`` tells how many an event has."""
    sizes = (fitted_size(event, alarms(event)) for event in events)
    if all(size < LIMIT_BYTES for size in accumulate(sizes, initial=FRAME_BYTES)):
        return Fitted(tuple(events))
    nearest = sorted(range(len(events)), key=lambda index: _nearness(events[index]))
    size, briefs = FRAME_BYTES, []
    for index in nearest:
        event = events[index]
        brief = _size(event, event.brief, alarms(event))
        if size + brief >= LIMIT_BYTES:
            break
        size += brief
        briefs.append(brief)
    kept, left = nearest[: len(briefs)], nearest[len(briefs) :]
    result = {index: replace(events[index], description=events[index].brief) for index in kept}
    for index, brief in zip(kept, briefs, strict=True):
        size += fitted_size(events[index], alarms(events[index])) - brief
        if size >= FULL_BYTES:
            break
        result[index] = events[index]
    days = [events[index].start for index in left if not events[index].can_wait]
    return Fitted(
        tuple(result[index] for index in sorted(result)),
        sum(event.description != events[index].description for index, event in result.items()),
        len(left),
        min(days or [events[index].start for index in left], default=None),
    )


def fitted_size(event: Event, alarms: int) -> int:
    """How many bytes an event with so many alarms takes at most."""
    return _size(event, event.description, alarms)


def _nearness(event: Event) -> tuple[bool, date, bool, str]:
    return event.can_wait, event.start, event.kind != "next-contact", event.uid


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
    folds = max(0, -(-(octets - FIRST_LINE) // NEXT_LINE))
    return octets + folds * FOLD_BYTES + 2
