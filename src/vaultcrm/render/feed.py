"""The calendar feed as bytes (specification 4, Feed): frame, events and alarms, from an overview.

Blocks that were written before are taken from where the caller keeps them, and ``icalendar`` is imported
only where one is missing. This module must not know where a feed is kept or served, and no clock: a stamp
follows from the event alone.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from vaultcrm.model.policy import Feed
from vaultcrm.model.results import Overview
from vaultcrm.render.events import Event, feed_events
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import clean_text

FORMAT = "1"
"""Changes whenever the same event is written differently, so that no block of an older version is used."""
DAY_SECONDS = 86_400
WARN_BYTES = 900_000
LIMIT_BYTES = 1_000_000
EVENT_BYTES = 480
"""About what an event takes beside its texts, its alarm included."""
END = b"END:VCALENDAR\r\n"


def render_feed(
    overview: Overview,
    feed: Feed,
    labels: Labels,
    vault_name: str,
    *,
    blocks: MutableMapping[str, bytes] | None = None,
) -> bytes:
    """A feed's iCalendar file: UTF-8, CRLF, lines of at most 75 octets, the same bytes for the same overview.

    Descriptions are short where the feed would exceed 1 MB with the full ones: some programs read no more.

    Args:
        overview: What was computed.
        feed: What the feed holds and how much it says.
        labels: The language's texts.
        vault_name: The vault's name in Obsidian, for links.
        blocks: Blocks written before by their digest; those written now are added.
    """
    events = feed_events(overview, feed, labels, vault_name)
    if sum(map(_size, events)) > LIMIT_BYTES:
        events = tuple(replace(event, description=event.brief, brief="") for event in events)
    kept = {} if blocks is None else blocks
    frame = _frame(feed, labels, vault_name, kept)
    return b"".join([frame.removesuffix(END), *(_block(event, feed, kept) for event in events), END])


def feed_size_warning(data: bytes) -> int | None:
    """The feed's size in kilobytes from 900 on, since some programs refuse more than 1 MB; None below."""
    return len(data) // 1000 if len(data) >= WARN_BYTES else None


def _size(event: Event) -> int:
    return EVENT_BYTES + len((event.summary + event.summary + event.description).encode("utf-8", "replace"))


def _frame(feed: Feed, labels: Labels, vault_name: str, blocks: MutableMapping[str, bytes]) -> bytes:
    private = feed.privacy != "full"
    name = labels.get("feed.calendar-private") if private else labels.get("feed.calendar", vault=vault_name)
    refresh = timedelta(hours=feed.refresh_hours)
    values = clean_text(feed.title or name), labels.get("feed.about"), refresh, _color(feed)
    key = _digest("frame", *values)
    if key not in blocks:
        from vaultcrm.render.ics import calendar_frame

        blocks[key] = calendar_frame(*values)
    return blocks[key]


def _block(event: Event, feed: Feed, blocks: MutableMapping[str, bytes]) -> bytes:
    """An event's block; should a value be refused, the event without link, description and alarms.

    One odd client must not cost the feed.
    """
    alarms = _alarms(event, feed)
    key = _digest("event", event, alarms)
    if key not in blocks:
        from vaultcrm.render.ics import event_block

        second = int(key, 16) % DAY_SECONDS
        try:
            blocks[key] = event_block(event, second, alarms)
        except (ValueError, TypeError, AttributeError):
            bare = Event(event.uid, event.kind, event.start, event.summary, event.revised)
            blocks[key] = event_block(bare, second, ())
    return blocks[key]


def _digest(*values: object) -> str:
    return sha256(repr((FORMAT, *values)).encode("utf-8", "backslashreplace")).hexdigest()


def _alarms(event: Event, feed: Feed) -> tuple[timedelta, ...]:
    """When the alarms ring, counted from the day's beginning; for some kinds also some days ahead."""
    if feed.alarm is None:
        return ()
    alarm = _duration(feed.alarm)
    early = feed.early_alarm_days.get(event.kind, EARLY_ALARM_DAYS.get(event.kind, 0))
    return (alarm, alarm - timedelta(days=early)) if early else (alarm,)


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
    name = (feed.color or "").lower()
    for known, code in COLORS:
        if name in (known, code.lower()):
            return known, code
    return COLORS[0]


EARLY_ALARM_DAYS = {"renewal": 14, "birthday": 7}
"""Another alarm so many days ahead, unless the feed says otherwise (0: none)."""

COLORS = (
    ("steelblue", "#4682B4"),
    ("black", "#000000"),
    ("blue", "#0000FF"),
    ("brown", "#A52A2A"),
    ("coral", "#FF7F50"),
    ("crimson", "#DC143C"),
    ("darkgreen", "#006400"),
    ("darkorange", "#FF8C00"),
    ("fuchsia", "#FF00FF"),
    ("gold", "#FFD700"),
    ("gray", "#808080"),
    ("green", "#008000"),
    ("indigo", "#4B0082"),
    ("lime", "#00FF00"),
    ("maroon", "#800000"),
    ("navy", "#000080"),
    ("olive", "#808000"),
    ("orange", "#FFA500"),
    ("orchid", "#DA70D6"),
    ("pink", "#FFC0CB"),
    ("purple", "#800080"),
    ("red", "#FF0000"),
    ("salmon", "#FA8072"),
    ("silver", "#C0C0C0"),
    ("slateblue", "#6A5ACD"),
    ("teal", "#008080"),
    ("tomato", "#FF6347"),
    ("turquoise", "#40E0D0"),
    ("violet", "#EE82EE"),
    ("yellow", "#FFFF00"),
)
"""CSS3 names, which RFC 7986 wants, with what Apple reads. The first is the feed's own."""
