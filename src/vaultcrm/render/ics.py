r"""Events and a calendar's frame as iCalendar bytes, by the ``icalendar`` library.

The library costs 70 ms to import: `render.feed` imports this module only where something has to be written
anew. Of its traps (7.3) these are avoided here: ``Calendar.new`` gives the calendar a random UID,
``refresh_interval`` leaves out the mandatory ``VALUE=DURATION``, and ``vText`` takes ``\N`` in a text for a
line break. This module must not know clients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from icalendar import Alarm, Calendar
from icalendar import Event as Component
from icalendar.parser import Parameters
from icalendar.prop import vDuration, vUri

from vaultcrm.model.patterns import regex
from vaultcrm.render.event_draft import EPOCH, Event, PlainEvent
from vaultcrm.render.text import clean_text

Unwritten = tuple[str, tuple[Any, ...]]
"""What is to be written: of which kind it is (see `WRITERS`), and what it says in plain values."""

PRODUCT = "-//vaultcrm//follow-ups//EN"
OCTETS = 75
BACKSLASH = ord("\\")
_MARKS = regex(rb"(?:BEGIN|END):(?=V)")


class Plain(str):
    """A value that has nothing left to escape: a number, a stamp, a rule, a word of the format."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The value."""
        return self.encode()


def escaped(text: str) -> Plain:
    """A text that is written exactly as it is: clean, and escaped by RFC 5545, 3.3.11."""
    clean = clean_text(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return Plain(clean.replace("\n", "\\n"))


class Line(bytes):
    """A content line that folds by slices; the library goes character by character, three times as long.

    A text that looks like the begin or end of a component is folded there, too: some programs look for these
    before they put lines together again (ts-ics, and scripts that split a feed into its events).
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The line in pieces of at most 75 octets, the blank before each but the first included."""
        data: bytes = self
        marked = b":V" in data
        if len(data) <= OCTETS and not marked:
            return data
        ends = [match.end() for match in _MARKS.finditer(data, 1)] if marked else []
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
    """What writes a component, and those in it: each property is a `Line`, and few of them have parameters.

    Properties are written in the order in which they were set, each looked at once.
    """

    def to_ical(self, sorted: bool = False) -> bytes:
        """The component from ``BEGIN`` to ``END``.

        Raises:
            ValueError: A line would be several.
        """
        component: Any = self
        begin, end = b"BEGIN:%b\r\n" % component.name.encode(), b"END:%b\r\n" % component.name.encode()
        lines = [b"%b\r\n" % _line(*each).to_ical() for each in component.items()]
        return b"".join([begin, *lines, *(each.to_ical() for each in component.subcomponents), end])


class Block(Lines, Component):
    """An event."""


class Bell(Lines, Alarm):
    """An alarm."""


class Frame(Lines, Calendar):
    """A calendar."""


class Always(Parameters):
    """Parameters that are the same wherever they stand, and so written once."""

    def __init__(self, **parameters: str) -> None:
        super().__init__(parameters)
        self._written: bytes = super().to_ical()

    def to_ical(self, sorted: bool = True) -> bytes:
        """The parameters."""
        return self._written


class Day(Plain):
    """A day without a time."""

    __slots__ = ()
    params = Always(VALUE="DATE")

    @classmethod
    def of(cls, day: date) -> Day:
        """A date as iCalendar writes it."""
        return cls(day.isoformat().replace("-", ""))


def written(unwritten: Sequence[Unwritten]) -> list[bytes]:
    """Some frames and events as bytes, in the same order."""
    return [WRITERS[what](*values) for what, values in unwritten]


def _event(plain: PlainEvent, second: int, alarms: Sequence[int], access: str | None) -> bytes:
    """An event as a block; should a value be refused, the event without link, description and alarms.

    One odd client must not cost the feed. Alarms are in minutes, else it is as in `event_block`.
    """
    event, triggers = Event.of(plain), tuple(timedelta(minutes=each) for each in alarms)
    try:
        return event_block(event, second, triggers, access)
    except (ValueError, TypeError, AttributeError):
        bare = Event(event.uid, event.kind, event.start, event.summary, event.revised)
        return event_block(bare, second, (), access)


def _frame(name: str, about: str, hours: int, color: tuple[str, str]) -> bytes:
    return calendar_frame(name, about, timedelta(hours=hours), color)


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
    stamp = _stamp(event.revised - timedelta(days=1), second)
    title = escaped(event.summary)
    component = Block()
    component["UID"] = escaped(event.uid)
    component["DTSTAMP"] = stamp
    component["LAST-MODIFIED"] = stamp
    component["SEQUENCE"] = Plain((event.revised - EPOCH).days)
    component["DTSTART"] = Day.of(event.start)
    component["DTEND"] = Day.of(event.start + timedelta(days=1))
    if event.yearly:
        component["RRULE"] = LAST_OF_FEBRUARY if event.month_end else YEARLY
    component["SUMMARY"] = title
    if event.description:
        component["DESCRIPTION"] = escaped(event.description)
    if event.url is not None:
        component["URL"] = vUri(event.url)
    if event.categories:
        component["CATEGORIES"] = Plain(",".join(map(escaped, event.categories)))
    if access is not None:
        component["CLASS"] = Plain(access.upper())
    component["TRANSP"] = TRANSPARENT
    for trigger in alarms:
        component.add_component(_alarm(title, trigger))
    return component.to_ical()


def calendar_frame(name: str, about: str, refresh: timedelta, color: tuple[str, str]) -> bytes:
    """A calendar without events; ``color`` is a CSS name and the same as ``#RRGGBB``."""
    calendar = Frame()
    calendar["VERSION"] = escaped("2.0")
    calendar["PRODID"] = escaped(PRODUCT)
    calendar["X-WR-CALDESC"] = escaped(about)
    calendar["CALSCALE"] = escaped("GREGORIAN")
    calendar["NAME"] = escaped(name)
    calendar["X-WR-CALNAME"] = escaped(name)
    calendar.add("REFRESH-INTERVAL", refresh, parameters={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(refresh)
    calendar["COLOR"] = escaped(color[0])
    calendar["X-APPLE-CALENDAR-COLOR"] = escaped(color[1])
    return calendar.to_ical()


WRITERS: Mapping[str, Callable[..., bytes]] = {"event": _event, "frame": _frame}
"""What writes each kind of `Unwritten`, of its plain values."""


def _line(name: str, value: Any) -> Line:
    """A property as a line."""
    written = value.to_ical()
    parameters = getattr(value, "params", None)
    head = b"%b;%b" % (name.encode(), parameters.to_ical()) if parameters else name.encode()
    if b"\n" in written:
        raise ValueError(name)
    return Line(b"%b:%b" % (head, written))


def _is_inside(data: bytes, at: int) -> bool:
    """Whether a fold would split a character, or a backslash from what it escapes."""
    return data[at] & 0xC0 == 0x80 or (data[at - 1] == BACKSLASH and data[at - 2] != BACKSLASH)


def _alarm(title: Plain, trigger: timedelta) -> Bell:
    alarm = Bell()
    alarm["ACTION"] = DISPLAY
    alarm["TRIGGER"] = _trigger(trigger)
    alarm["DESCRIPTION"] = title
    return alarm


@cache
def _trigger(trigger: timedelta) -> Plain:
    return Plain(vDuration(trigger).to_ical().decode())  # type: ignore[no-untyped-call]


def _stamp(day: date, second: int) -> Plain:
    moment = datetime.combine(day, time.min) + timedelta(seconds=second)
    return Plain(moment.isoformat().replace("-", "").replace(":", "") + "Z")


TRANSPARENT = Plain("TRANSPARENT")
DISPLAY = Plain("DISPLAY")
YEARLY = Plain("FREQ=YEARLY")
LAST_OF_FEBRUARY = Plain("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1")
"""For 29 February: a plain rule has occurrences in leap years only, or in some programs on 1 March."""
