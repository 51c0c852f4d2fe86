"""Calendar programs that are Python libraries: what each sees in a feed.

A function takes the feed's bytes and gives what the program sees. A program that is not installed is told as
such, with the package that has it.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from typing import Any, NamedTuple

from tests.calendars.truth import FIRST, LAST, Seen


def _as_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def see_icalendar(data: bytes) -> Seen:
    """``icalendar`` itself, with the days by ``recurring-ical-events``."""
    import icalendar

    return _of_icalendar(icalendar.Calendar.from_ical(data))


def _of_icalendar(calendar: Any) -> Seen:
    import recurring_ical_events

    found = recurring_ical_events.of(calendar).between(FIRST, LAST)
    events = list(calendar.walk("VEVENT"))
    return Seen(
        events=len({str(event["UID"]) for event in events}),
        days=Counter((str(event["SUMMARY"]), event["DTSTART"].dt) for event in found),
        titles=Counter(str(event["SUMMARY"]) for event in events),
        alarms=len(list(calendar.walk("VALARM"))),
        links=Counter(str(event["URL"]) for event in events if "URL" in event),
        descriptions=Counter(str(event["DESCRIPTION"]) for event in events if "DESCRIPTION" in event),
    )


def see_x_wr_timezone(data: bytes) -> Seen:
    """``x-wr-timezone``, which rewrites calendars for others; the rewritten one is looked at."""
    import icalendar
    import x_wr_timezone

    return _of_icalendar(x_wr_timezone.to_standard(icalendar.Calendar.from_ical(data)))


def see_home_assistant(data: bytes) -> Seen:
    """``ical``, the strict reader of Home Assistant: one bad property, and it refuses the whole feed."""
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    events = calendar.events
    return Seen(
        events=len({event.uid for event in events}),
        days=Counter((event.summary, event.start) for event in calendar.timeline.overlapping(FIRST, LAST)),
        titles=Counter(event.summary for event in events),
        alarms=sum(len(event.alarm) for event in events),
        links=Counter(str(event.url) for event in events if event.url),
        descriptions=Counter(event.description for event in events if event.description),
    )


def see_vobject(data: bytes) -> Seen:
    """``vobject``, which Radicale is built on."""
    import vobject

    calendar = vobject.readOne(data.decode())
    events = getattr(calendar, "vevent_list", [])
    begin, end = (datetime(day.year, day.month, day.day) for day in (FIRST, LAST))
    days: Counter[tuple[str, date]] = Counter()
    for event in events:
        rule = event.getrruleset(addRDate=True) if hasattr(event, "rrule") else None
        found = rule.between(begin, end, inc=True) if rule else [event.dtstart.value]
        days.update((event.summary.value, _as_day(day)) for day in found if FIRST <= _as_day(day) < LAST)
    return Seen(
        events=len({event.uid.value for event in events}),
        days=days,
        titles=Counter(event.summary.value for event in events),
        alarms=sum(len(getattr(event, "valarm_list", [])) for event in events),
        links=Counter(event.url.value for event in events if hasattr(event, "url")),
        descriptions=Counter(event.description.value for event in events if hasattr(event, "description")),
    )


def see_ics(data: bytes) -> Seen:
    """``ics``, which opens no repetitions; it takes an escaped backslash before an n for a line break."""
    import ics

    calendar = ics.Calendar(data.decode())
    return Seen(
        events=len({event.uid for event in calendar.events}),
        titles=Counter(event.name for event in calendar.events),
        alarms=sum(len(event.alarms) for event in calendar.events),
        links=Counter(event.url for event in calendar.events if event.url),
    )


def see_icalevents(data: bytes) -> Seen:
    """``icalevents``, which gives occurrences and nothing else."""
    from icalevents.icalevents import events

    found = events(string_content=data, start=FIRST, end=LAST - timedelta(days=1))
    return Seen(days=Counter((event.summary, _as_day(event.start)) for event in found))


class Program(NamedTuple):
    """A program: its name, the package that has it and is imported, and what it sees."""

    name: str
    package: str
    module: str
    see: Callable[[bytes], Seen]

    def missing(self) -> str | None:
        """Why it cannot be asked; None where it can."""
        return None if find_spec(self.module) else f"{self.package} is not installed"


def quietly(program: Program, data: bytes) -> Seen:
    """What a program sees; what it warns of is its own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return program.see(data)


LIBRARIES = (
    Program(
        "icalendar and recurring-ical-events", "recurring-ical-events", "recurring_ical_events", see_icalendar
    ),
    Program("Home Assistant (ical)", "ical", "ical", see_home_assistant),
    Program("vobject", "vobject", "vobject", see_vobject),
    Program("x-wr-timezone", "x-wr-timezone", "x_wr_timezone", see_x_wr_timezone),
    Program("ics", "ics", "ics", see_ics),
    Program("icalevents", "icalevents", "icalevents", see_icalevents),
)
