"""What libical sees in a feed, as JSON: ask_libical.py FILE FIRST LAST, by the Python of the system."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ICal  # noqa: E402

file, first, last = sys.argv[1:]
calendar = ICal.Component.new_from_string(Path(file).read_bytes().decode())
assert ICal.restriction_check(calendar), "the calendar does not keep the rules"
assert calendar.count_errors() == 0, calendar.as_ical_string()


def inner(component: Any, kind: Any) -> list[Any]:
    found, each = [], component.get_first_component(kind)
    while each:
        found.append(each)
        each = component.get_next_component(kind)
    return found


def value(component: Any, kind: Any, get: str) -> list[str]:
    given = component.get_first_property(kind)
    return [getattr(given, get)()] if given else []


def day(time: Any) -> str:
    return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"


days = []
events = inner(calendar, ICal.ComponentKind.VEVENT_COMPONENT)
for event in events:
    start = event.get_dtstart()
    rule = event.get_first_property(ICal.PropertyKind.RRULE_PROPERTY)
    found = [start]
    if rule:
        iterator = ICal.RecurIterator.new(rule.get_rrule(), start)
        found = []
        time = iterator.next()
        while time and not time.is_null_time() and day(time) < last:
            found.append(time)
            time = iterator.next()
    days += [[event.get_summary(), day(time)] for time in found]
sys.stdout.write(
    json.dumps(
        {
            "events": len({event.get_uid() for event in events}),
            "alarms": sum(len(inner(event, ICal.ComponentKind.VALARM_COMPONENT)) for event in events),
            "titles": [event.get_summary() for event in events],
            "links": [
                link for event in events for link in value(event, ICal.PropertyKind.URL_PROPERTY, "get_url")
            ],
            "descriptions": [event.get_description() for event in events if event.get_description()],
            "days": days,
        }
    )
    + "\n"
)
