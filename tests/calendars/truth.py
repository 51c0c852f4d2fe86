"""What a feed says, read from its bytes by nothing but the standard library: what calendar programs must see.

It knows no more of iCalendar than our feeds have: all-day events, yearly repetition, alarms in words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST, LAST = date(2026, 11, 1), date(2029, 11, 1)
"""The three years that are looked at; the end is out."""


@dataclass
class Seen:
    """What a program sees. None: it does not tell.

    ``days`` are (title, day) of every occurrence from `FIRST` to before `LAST`; the others are of all events.
    """

    events: int | None = None
    days: Counter[tuple[str, date]] | None = None
    titles: Counter[str] | None = None
    alarms: int | None = None
    links: Counter[str] | None = None
    descriptions: Counter[str] | None = None

    def differences(self, truth: Seen) -> list[str]:
        """How this differs from what is true, for people; empty where it does not."""
        told = []
        for name in ("events", "alarms"):
            mine, other = getattr(self, name), getattr(truth, name)
            if mine is not None and mine != other:
                told.append(f"{name}: {mine} instead of {other}")
        for name in ("days", "titles", "links", "descriptions"):
            mine, other = getattr(self, name), getattr(truth, name)
            if mine is not None and mine != other:
                lost, more = other - mine, mine - other
                told.append(f"{name}: {lost.total()} lost {_some(lost)}, {more.total()} more {_some(more)}")
        return told


def _some(counter: Counter[object]) -> str:
    return ", ".join(repr(each) for each in list(counter)[:3])


@dataclass
class Component:
    """A component of a calendar: properties as (name, value) in their order, and what is within it."""

    name: str
    properties: list[tuple[str, str]] = field(default_factory=list)
    within: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of a property, empty without it."""
        return next((value for key, value in self.properties if key == name), "")


def read(data: bytes) -> Component:
    """The calendar of a feed."""
    lines = data.decode("utf-8").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    root = Component("")
    stack = [root]
    for line in lines:
        head, _, value = line.partition(":")
        name = head.partition(";")[0]
        if name == "BEGIN":
            component = Component(value)
            stack[-1].within.append(component)
            stack.append(component)
        elif name == "END":
            assert stack.pop().name == value
        else:
            stack[-1].properties.append((name, value))
    (calendar,) = root.within
    return calendar


def truth(data: bytes) -> Seen:
    """What is in a feed."""
    events = [each for each in read(data).within if each.name == "VEVENT"]
    days = Counter((text(each.value("SUMMARY")), day) for each in events for day in occurrences(each))
    return Seen(
        events=len({each.value("UID") for each in events}),
        days=days,
        titles=Counter(text(each.value("SUMMARY")) for each in events),
        alarms=sum(len(each.within) for each in events),
        links=Counter(each.value("URL") for each in events if each.value("URL")),
        descriptions=Counter(text(each.value("DESCRIPTION")) for each in events if each.value("DESCRIPTION")),
    )


def occurrences(event: Component) -> list[date]:
    """The days of an event, from `FIRST` to before `LAST`."""
    start = _day(event.value("DTSTART"))
    assert _day(event.value("DTEND")) == start + timedelta(days=1)
    rule = event.value("RRULE")
    years = range(start.year, LAST.year + 1) if rule else range(start.year, start.year + 1)
    found = [_in_year(start, year, rule) for year in years]
    return [day for day in found if day is not None and FIRST <= day < LAST]


def _in_year(start: date, year: int, rule: str) -> date | None:
    if rule == "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1":
        return date(year, 3, 1) - timedelta(days=1)
    assert rule in ("", "FREQ=YEARLY")
    return start.replace(year=year)


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def text(value: str) -> str:
    """A text as it was before it was escaped."""
    found, escaped = [], False
    for character in value:
        if escaped:
            found.append("\n" if character in "nN" else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            found.append(character)
    return "".join(found)
