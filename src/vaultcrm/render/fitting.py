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
FOLDED, FOLDED_ALL = ("BEGIN:V", "END:V"), ":V"
"""What a text is folded in besides, and what all of these have."""


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
    title = _octets(event.summary)
    size = EVENT_BYTES + len(event.uid) + YEARLY_BYTES * event.yearly + _line("SUMMARY:", *title)
    size += alarms * (_line("DESCRIPTION:", *title) + ALARM_BYTES)
    size += _line("URL:", *_octets(event.url)) if event.url else 0
    size += _line("CATEGORIES:", *_octets(",".join(event.categories))) if event.categories else 0
    full, brief = event.description, event.brief
    whole = size + _described(full)
    return whole, whole if brief == full else size + _described(brief), brief != full


def _described(text: str) -> int:
    return _line("DESCRIPTION:", *_octets(text)) if text else 0


def _octets(text: str) -> tuple[int, int]:
    """The octets of a text, what escapes them included, and where it is folded whatever its length."""
    marks = sum(map(text.count, FOLDED)) if FOLDED_ALL in text else 0
    return len(text.encode("utf-8", "replace")) + sum(map(text.count, ESCAPED)), marks


def _line(name: str, octets: int, marks: int) -> int:
    """The octets of a line with its end and its folds."""
    octets += len(name)
    folds = max(0, -(-(octets - FIRST_LINE) // NEXT_LINE)) + marks
    return octets + folds * FOLD_BYTES + 2


def _uid(spot: Spot) -> str:
    return spot[3]
