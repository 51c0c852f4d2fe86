r"""Events and a calendar's frame as iCalendar bytes, by the ``icalendar`` library.

The library costs 70 ms to import: `render.feed` imports this module only where something has to be written
anew. Of its traps (7.3) these are avoided here: ``Calendar.new`` gives the calendar a random UID,
``refresh_interval`` leaves out the mandatory ``VALUE=DURATION``, and ``vText`` takes ``\N`` in a text for a
line break. This module must not know clients.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Alarm, Calendar
from icalendar import Event as Component
from icalendar.parser import Contentline, Parameters
from icalendar.prop import vCategory, vDuration, vUri

from vaultcrm.model.patterns import regex
from vaultcrm.render.event_draft import EPOCH, Event
from vaultcrm.render.text import clean_text

PRODUCT = "-//vaultcrm//follow-ups//EN"
OCTETS = 75
BACKSLASH = ord("\\")
_MARKS = regex(rb"(?:BEGIN|END):(?=V)")


class Text(str):
    """A text that is written exactly as it is: clean, and escaped by RFC 5545, 3.3.11."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The escaped text."""
        escaped = clean_text(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode("utf-8")


class Line(Contentline):
    """A content line that folds by slices; the library goes character by character, three times as long.

    A text that looks like the begin or end of a component is folded there, too: some programs look for these
    before they put lines together again (ts-ics, and scripts that split a feed into its events).
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The line in pieces of at most 75 octets, the blank before each but the first included."""
        data = self.encode("utf-8")
        ends = [match.end() for match in _MARKS.finditer(data, 1)] if b":V" in data else []
        pieces, begin = [], 0
        for stop in (*ends, len(data)):
            end = begin + (OCTETS - 1 if begin else OCTETS)
            while end < stop:
                while _is_inside(data, end):
                    end -= 1
                pieces.append(data[begin:end])
                begin, end = end, end + OCTETS - 1
            pieces.append(data[begin:stop])
            begin = stop
        return b"\r\n ".join(pieces)


class Lines:
    """What makes a component's lines, and those of all in it, a `Line`; few of them have parameters."""

    def content_line(self, name: str, value: Any, sorted: bool = True) -> Line:
        """A property as a line."""
        written = value if isinstance(value, bytes) else value.to_ical()
        text = written.decode() if isinstance(written, bytes) else written
        parameters = getattr(value, "params", None)
        head = f"{name};{parameters.to_ical().decode()}" if parameters else name
        return Line(f"{head}:{text}")  # type: ignore[no-untyped-call]


class Block(Lines, Component):
    """An event."""


class Frame(Lines, Calendar):
    """A calendar."""


class Plain(str):
    """A value that has nothing to escape: a number, a stamp, a rule, a word of the format."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The value."""
        return self.encode("ascii")


class Day(Plain):
    """A day without a time."""

    __slots__ = ()
    params = Parameters({"VALUE": "DATE"})

    @classmethod
    def of(cls, day: date) -> Day:
        """A date as iCalendar writes it."""
        return cls(day.isoformat().replace("-", ""))


def event_block(event: Event, second: int, alarms: Sequence[timedelta], access: str | None = None) -> bytes:
    """An event from ``BEGIN:VEVENT`` to ``END:VEVENT``.

    Args:
        event: What it says.
        second: The second of the day before ``event.revised`` that the stamps name, from 0 to 86399.
        alarms: When its alarms ring, from the day's beginning on.
        access: Who may see it, as CLASS says it in small letters; None for no word of it.

    Raises:
        ValueError: A value that the library refuses.
    """
    midnight = datetime.combine(event.revised - timedelta(days=1), time.min)
    stamp = Plain(f"{midnight + timedelta(seconds=second):%Y%m%dT%H%M%SZ}")
    component = Block()
    component["UID"] = Text(event.uid)
    component["DTSTAMP"] = stamp
    component["LAST-MODIFIED"] = stamp
    component["SEQUENCE"] = Plain((event.revised - EPOCH).days)
    component["DTSTART"] = Day.of(event.start)
    component["DTEND"] = Day.of(event.start + timedelta(days=1))
    if event.yearly:
        component["RRULE"] = LAST_OF_FEBRUARY if event.month_end else YEARLY
    component["SUMMARY"] = Text(event.summary)
    if event.description:
        component["DESCRIPTION"] = Text(event.description)
    if event.url is not None:
        component["URL"] = vUri(event.url)
    if event.categories:
        categories = vCategory([])
        categories.cats = [Text(each) for each in event.categories]
        component["CATEGORIES"] = categories
    if access is not None:
        component["CLASS"] = Plain(access.upper())
    component["TRANSP"] = TRANSPARENT
    for trigger in alarms:
        component.add_component(_alarm(event.summary, trigger))
    return bytes(component.to_ical(sorted=False))


def calendar_frame(name: str, about: str, refresh: timedelta, color: tuple[str, str]) -> bytes:
    """A calendar without events; ``color`` is a CSS name and the same as ``#RRGGBB``."""
    calendar = Frame()
    calendar["VERSION"] = Text("2.0")
    calendar["PRODID"] = Text(PRODUCT)
    calendar["X-WR-CALDESC"] = Text(about)
    calendar["CALSCALE"] = Text("GREGORIAN")
    calendar["NAME"] = Text(name)
    calendar["X-WR-CALNAME"] = Text(name)
    calendar.add("REFRESH-INTERVAL", refresh, parameters={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(refresh)
    calendar["COLOR"] = Text(color[0])
    calendar["X-APPLE-CALENDAR-COLOR"] = Text(color[1])
    return bytes(calendar.to_ical(sorted=False))


def _is_inside(data: bytes, at: int) -> bool:
    """Whether a fold would split a character, or a backslash from what it escapes."""
    return data[at] & 0xC0 == 0x80 or (data[at - 1] == BACKSLASH and data[at - 2] != BACKSLASH)


def _alarm(text: str, trigger: timedelta) -> Alarm:
    alarm = Alarm()
    alarm["ACTION"] = DISPLAY
    alarm["TRIGGER"] = vDuration(trigger)
    alarm["DESCRIPTION"] = Text(text)
    return alarm


TRANSPARENT = Plain("TRANSPARENT")
DISPLAY = Plain("DISPLAY")
YEARLY = Plain("FREQ=YEARLY")
LAST_OF_FEBRUARY = Plain("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1")
"""For 29 February: a plain rule has occurrences in leap years only, or in some programs on 1 March."""
