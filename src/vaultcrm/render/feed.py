"""The calendar feed as bytes (specification 4, Feed): frame, events and alarms, from an overview.

Blocks that were written before are taken from where the caller keeps them, and ``icalendar`` is imported
only where one is missing. This module must not know where a feed is kept or served, and no clock: a stamp
follows from the event alone.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from vaultcrm.model.colors import COLORS, DEFAULT_COLOR, color_code
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.model.sums import sha256
from vaultcrm.render.event_draft import Event
from vaultcrm.render.feed_events import EventParts, FeedEvents, Spot
from vaultcrm.render.fitting import Sized, fitted, size_of
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import clean_text, shorten

if TYPE_CHECKING:
    from vaultcrm.render.ics import Unwritten

FORMAT = "1"
"""Changes whenever the same event is written differently, so that no block of an older version is used."""
DAY_SECONDS = 86_400
WARN_BYTES = 900_000
TITLE_CAP = 200
END = b"END:VCALENDAR\r\n"


Write = Callable[["Sequence[Unwritten]"], "Sequence[bytes]"]
"""Writes what is new in a feed, as `ics.written` does, or has it written elsewhere."""


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A feed's bytes; ``shortened`` events have short descriptions, ``left_out`` ones did not fit.

    The nearest of those stands on ``left_from``.
    """

    data: bytes
    shortened: int = 0
    left_out: int = 0
    left_from: date | None = None


def render_feed(
    overview: Overview,
    feed: Feed,
    labels: Labels,
    vault_name: str,
    *,
    blocks: MutableMapping[str, bytes] | None = None,
) -> bytes:
    """A feed's iCalendar file: UTF-8, CRLF, lines of at most 75 octets, the same bytes for the same overview.

    Args:
        overview: What was computed.
        feed: What the feed holds and how much it says.
        labels: The language's texts.
        vault_name: The vault's name in Obsidian, for links.
        blocks: Blocks written before by their digest; those written now are added.
    """
    return make_feed(overview, feed, labels, vault_name, blocks=blocks).data


def make_feed(
    overview: Overview,
    feed: Feed,
    labels: Labels,
    vault_name: str,
    *,
    blocks: MutableMapping[str, bytes] | None = None,
    write: Write | None = None,
) -> FeedFile:
    """The same as `render_feed`, with what did not fit into 1 MB; ``write`` writes what is new."""
    kept = {} if blocks is None else blocks
    drafts = _Drafts(FeedEvents(overview, feed, labels, vault_name), feed)
    room = fitted(drafts.events.spots, drafts.sized)
    drafts.keep()
    head = _frame(feed, labels, vault_name)
    frame = _digest(*head)
    unwritten = {} if frame in kept else {frame: head}
    for spot, is_brief, key in room.events:
        if key not in kept:
            unwritten[key] = drafts.unwritten(spot, is_brief, key)
    if unwritten:
        kept.update(zip(unwritten, (write or written)(tuple(unwritten.values())), strict=True))
    data = b"".join([kept[frame].removesuffix(END), *(kept[key] for _, _, key in room.events), END])
    return FeedFile(data, room.shortened, room.left_out, room.left_from)


def written(unwritten: Sequence[Unwritten]) -> Sequence[bytes]:
    """What is new in a feed, written here."""
    from vaultcrm.render import ics

    return ics.written(unwritten)


def feed_size_warning(data: bytes) -> int | None:
    """The feed's size in kilobytes from 900 on, since some programs refuse more than 1 MB; None below."""
    return len(data) // 1000 if len(data) >= WARN_BYTES else None


def feed_warning(made: FeedFile, path: str, labels: Labels) -> str | None:
    """What to tell of a feed that is nearly too large, or would be; None where there is nothing to tell."""
    size = feed_size_warning(made.data)
    if made.left_out and made.left_from is not None:
        day = made.left_from.isoformat()
        return labels.get("feed.warn-left-out", path=path, count=made.left_out, day=day)
    if made.shortened:
        return labels.get("feed.warn-shortened", path=path, count=made.shortened)
    return None if size is None else labels.get("feed.warn-size", path=path, size=size)


def _frame(feed: Feed, labels: Labels, vault_name: str) -> Unwritten:
    private = feed.privacy != "full"
    name = labels.get("feed.calendar-private") if private else labels.get("feed.calendar", vault=vault_name)
    title = shorten(clean_text(feed.title or name), TITLE_CAP)
    return "frame", (title, labels.get("feed.about"), feed.refresh_hours, _color(feed))


class _Drafts:
    """The events of a feed before they are written: what each takes, and what it says."""

    __slots__ = ("_feed", "_sizes", "events")

    def __init__(self, events: FeedEvents, feed: Feed) -> None:
        self.events = events
        self._feed = feed
        form = (feed.access, feed.alarm, tuple(sorted(feed.early_alarm_days.items())))
        self._sizes = [
            EventParts(events, ("sized", *form, is_brief), partial(_sized, feed, is_brief))
            for is_brief in (False, True)
        ]

    def sized(self, spot: Spot, is_brief: bool) -> Sized:
        """What an event's block takes at most, and its digest."""
        return self._sizes[is_brief][spot]

    def keep(self) -> None:
        """Have that known for later."""
        for each in self._sizes:
            each.keep()

    def unwritten(self, spot: Spot, is_brief: bool, key: str) -> Unwritten:
        """An event to be written; its stamps name a second that follows from what it says."""
        event = _shown(self.events.event(spot), is_brief)
        alarms = tuple(each // timedelta(minutes=1) for each in _alarms(event, self._feed))
        return "event", (event.plain(), int(key, 16) % DAY_SECONDS, alarms, self._feed.access)


def _sized(feed: Feed, is_brief: bool, event: Event) -> Sized:
    shown, alarms = _shown(event, is_brief), _alarms(event, feed)
    key = _digest("event", shown, alarms, feed.access)
    return size_of(shown, len(alarms)), key, shown.description != event.description


def _shown(event: Event, is_brief: bool) -> Event:
    return replace(event, description=event.brief) if is_brief and event.brief != event.description else event


def _digest(*values: object) -> str:
    return sha256(repr((FORMAT, *values)).encode("utf-8", "backslashreplace")).hexdigest()


def _alarms(event: Event, feed: Feed) -> tuple[timedelta, ...]:
    """When the alarms ring, counted from the day's beginning; for some kinds also some days ahead."""
    if feed.alarm is None:
        return ()
    alarm = _duration(feed.alarm)
    early = feed.early_alarm_days.get(event.kind, EARLY_ALARM_DAYS.get(event.kind, 0))
    return (alarm, alarm - timedelta(days=early)) if early else (alarm,)


@cache
def _duration(text: str) -> timedelta:
    """An iCalendar duration of days, hours and minutes: ``PT9H``, ``-PT15H``, ``-P1DT9H30M``."""
    days, _, time = text.lstrip("-").removeprefix("P").partition("T")
    hours, _, rest = time.rpartition("H")
    total = timedelta(days=_number(days, "D"), hours=_number(hours, ""), minutes=_number(rest, "M"))
    return -total if text.startswith("-") else total


def _number(text: str, unit: str) -> int:
    digits = text.removesuffix(unit)
    return int(digits) if digits else 0


def _color(feed: Feed) -> tuple[str, str]:
    """The colour as a CSS name and as ``#RRGGBB``; one that is not known is left for the feed's own."""
    return color_code(feed.color or "") or (DEFAULT_COLOR, COLORS[DEFAULT_COLOR])


EARLY_ALARM_DAYS = {"renewal": 14, "birthday": 7}
"""Another alarm so many days ahead, unless the feed says otherwise (0: none)."""
