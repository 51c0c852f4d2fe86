"""What of a feed there is room for: some calendar programs read no more than 1 MB of it.

Nothing is left out of a feed that fits. Of one that does not, what stands nearest is kept, as much of it as
possible with its full description. Sizes are estimated from above, so that nothing is written in vain. This
module must not know clients, nor how an event is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import accumulate, islice

from vaultcrm.model.frozen import dataclass
from vaultcrm.render.event_draft import Event
from vaultcrm.render.feed_events import Spot

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


Sizes = tuple[int, int, bool]
"""How many bytes an event takes at most, in full and in brief, and whether the two differ at all."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The events that a feed has room for, by UID, each with whether it has its short description.

    ``shortened`` of them say less for it; ``left_out`` others are not there, the nearest of which, but for
    what could wait, stands on ``left_from``.
    """

    events: tuple[tuple[Spot, bool], ...]
    shortened: int = 0
    left_out: int = 0
    left_from: date | None = None


def fitted(spots: Sequence[Spot], sizes: Callable[[Spot], Sizes]) -> Fitted:
    """The events for which there is room; ``sizes`` gives those of one.

    From the nearest on, events are asked for their sizes until no more fit: those that are left out never
    are.
    """
    nearest = sorted(spots)
    room: list[Sizes] = []
    size, whole_size = FRAME_BYTES, FRAME_BYTES
    for spot in nearest:
        full, brief, _ = sized = sizes(spot)
        if size + brief >= LIMIT_BYTES:
            break
        size += brief
        whole_size += full
        room.append(sized)
    if len(room) == len(spots) and whole_size < LIMIT_BYTES:
        return Fitted(tuple((spot, False) for spot in sorted(nearest, key=_uid)))
    reached = accumulate((full - brief for full, brief, _ in room), initial=size)
    whole = sum(each < FULL_BYTES for each in islice(reached, 1, None))  # the nearest of them
    left = nearest[len(room) :]
    days = [start for can_wait, start, *_ in left if not can_wait] or [start for _, start, *_ in left]
    chosen = [(spot, number >= whole) for number, spot in enumerate(nearest[: len(room)])]
    return Fitted(
        tuple(sorted(chosen, key=lambda each: _uid(each[0]))),
        sum(has_brief for _, _, has_brief in room[whole:]),
        len(left),
        date.fromordinal(min(days)) if days else None,
    )


def sizes_of(event: Event, alarms: int) -> Sizes:
    """How many bytes an event with so many alarms takes at most."""
    title = event.summary
    lines = _line("SUMMARY:", title) + (
        alarms * (_line("DESCRIPTION:", title) + ALARM_BYTES) if alarms else 0
    )
    lines += _line("URL:", event.url) if event.url else 0
    lines += _line("CATEGORIES:", ",".join(event.categories)) if event.categories else 0
    size = EVENT_BYTES + len(event.uid) + YEARLY_BYTES * event.yearly + lines
    full = brief = _line("DESCRIPTION:", event.description) if event.description else 0
    has_brief = event.brief != event.description
    if has_brief:
        brief = _line("DESCRIPTION:", event.brief) if event.brief else 0
    return size + full, size + brief, has_brief


def _line(name: str, text: str) -> int:
    """The octets of a line with its end and its folds."""
    octets = len(name) + len(text.encode("utf-8", "replace")) + sum(map(text.count, ESCAPED))
    folds = max(0, -(-(octets - FIRST_LINE) // NEXT_LINE)) + sum(map(text.count, FOLDED))
    return octets + folds * FOLD_BYTES + 2


def _uid(spot: Spot) -> str:
    return spot[3]
