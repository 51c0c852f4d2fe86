"""Whatever is written in a note comes back from the feed as it was meant, and adds nothing to it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import icalendar
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from tests.render.builders import FRIDAY, events, read, written
from tests.rules.builders import client, contact, history
from vaultcrm.render.text import clean_text

TEXTS = st.text() | st.text(
    st.sampled_from("aN\\n,;:\"'\r\n\t\x00\x1b\x85\u2028é中👍\u202e\ud800 "), max_size=200
)
DAYS = st.dates(date(2026, 11, 21), date(2027, 11, 19))


def one(name: str, **fields: str) -> bytes:
    """The feed of one client of a name; ``summary`` is that of the last contact."""
    said = contact("2026-11-02", summary=fields.pop("summary", ""))
    who = client(name, path="Clients/x.md", next_contact="2026-12-01", **fields)
    return written(history(who, interactions=[said]))


def properties(data: bytes) -> Counter[str]:
    """The names of the properties, as they stand at the beginnings of unfolded lines."""
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    return Counter(line.split(":")[0].split(";")[0] for line in lines)


PLAIN = properties(one("Acme", goal="g", summary="s"))


@given(TEXTS)
@example("C:\\Notes\\New")
@example("\\N \\n \\, \\;")
@example("x\r\nATTENDEE:mailto:x@y.z")
@example("x\nEND:VEVENT\nEND:VCALENDAR")
def test_a_name_comes_back_equal(name: str) -> None:
    (event,) = read(one(name))
    clean = clean_text(name)
    assert str(event["SUMMARY"])[: min(len(clean), 150)] == clean[:150]


@given(TEXTS)
@example("C:\\Notes\\New")
@example("\\n\\N\\\\n")
def test_a_strict_reader_reads_the_same(name: str) -> None:
    data = one(name)
    (event,) = read(data)
    (other,) = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert other.summary == str(event["SUMMARY"])
    assert other.description == str(event["DESCRIPTION"])


@given(TEXTS, TEXTS, TEXTS)
@example("x\r\nATTENDEE:mailto:x@y.z", "\nBEGIN:VALARM", "\u2028DTSTART:1")
@example("END:VEVENT", "BEGIN:VEVENT" * 20, "END:VCALENDAR")
def test_no_value_adds_a_property(name: str, goal: str, summary: str) -> None:
    data = one(name or "a", goal=goal or "g", summary=summary)
    assert properties(data) == PLAIN
    assert [data.count(mark) for mark in (b"BEGIN:V", b"END:V")] == [3, 3], "not even before lines are joined"
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert icalendar.Calendar.from_ical(data).to_ical()


@given(DAYS, DAYS)
def test_a_uid_outlives_a_moved_date(first: date, second: date) -> None:
    (one,), (other,) = (events(history(client(next_contact=day))) for day in (first, second))
    assert one.uid == other.uid
    assert (one.start, other.start) == (first, second)


@settings(max_examples=30)
@given(st.integers(0, 60), DAYS)
def test_a_coming_event_keeps_its_bytes_until_its_day_is_over(days: int, due: date) -> None:
    who = history(client(next_contact=due), interactions=[contact("2026-11-02")])
    on = FRIDAY + timedelta(days=days)
    assert (written(who) == written(who, on=on)) is (on <= due)
