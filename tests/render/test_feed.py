"""The feed's bytes: form, stamps, alarms, caching, size; and what three other programs see of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

import vaultcrm
from tests.policies import preset
from tests.render.builders import FRIDAY, VAULT, events, feed, overview, read, words, written
from tests.rules.builders import client, contact, follow_up, history, person, project
from vaultcrm.model.records import ClientHistory, ImportantDate, YearlyDate
from vaultcrm.render import event_draft, fitting
from vaultcrm.render import feed as module
from vaultcrm.render.event_draft import EPOCH, Event
from vaultcrm.render.feed import FeedFile, feed_size_warning, feed_warning, make_feed, render_feed
from vaultcrm.render.feed_events import Spot
from vaultcrm.render.ics import event_block

vobject = pytest.importorskip("vobject")
DAY = timedelta(days=1)


def typical() -> tuple[ClientHistory, ...]:
    """Two clients with something of everything: overdue, recurring, lunar, with an age, tasks, odd names."""
    ann = person("Ann Lee", birthday=YearlyDate(5, 20, 1988), phone=("+49 30 1",))
    founded = ImportantDate(YearlyDate(6, 11, 2015), "Founding day", False, 30)
    acme = client(
        "Acme; Foods, Ltd\\New",
        since="2025-01-01",
        birthday=YearlyDate(2, 29),
        contracts=((None, "2027-03-01"),),
        important_dates=(founded,),
    )
    qinghe = client("青禾食品 👩‍💻 עברית", next_contact="2026-11-02", birthday=YearlyDate(8, 15, lunar=True))
    work = [
        project("Website", start="2026-09-01", delivered="2026-11-01", amount=50000),
        project("Shop", start="2026-08-01"),
    ]
    tasks = [follow_up("send the quote", due="2026-11-25", noted="2026-11-03")]
    said = contact("2026-11-03", summary='C:\\Notes \\N \\, "x"')
    return (
        history(acme, work, [said], people=[ann], contacts=[ann], tasks=tasks),
        history(qinghe, interactions=[contact("2026-10-01", channel="wechat", summary="问候")]),
    )


# ---------------------------------------------------------------------------------------- file and frame


def test_the_file_is_well_formed() -> None:
    data = written(*typical())
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\nEND:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no fold within a character
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_vault_gives_a_valid_empty_calendar(language: str) -> None:
    data = written(language=language)
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar.events == []
    assert IcsCalendarStream.calendar_from_ics(data.decode()).events == []


def test_the_frame() -> None:
    lines = written(refresh_hours=3, color="Tomato", title="Mine; \n yours").decode().split("\r\n")
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//vaultcrm//follow-ups//EN",
        "X-WR-CALDESC:Made by vaultcrm from the notes of a vault\\, not to be edited.",
        "  Anew: vaultcrm index.",
        "CALSCALE:GREGORIAN",
        "NAME:Mine\\; \\n yours",
        "X-WR-CALNAME:Mine\\; \\n yours",
        "REFRESH-INTERVAL;VALUE=DURATION:PT3H",
        "X-PUBLISHED-TTL:PT3H",
        "COLOR:tomato",
        "X-APPLE-CALENDAR-COLOR:#FF6347",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("color", "line"),
    [
        (None, b"COLOR:steelblue"),
        ("#ff6347", b"COLOR:tomato"),
        ("red\r\nATTENDEE:x", b"COLOR:steelblue"),
        ("nocolor", b"COLOR:steelblue"),
    ],
)
def test_only_known_colours_are_written(color: str | None, line: bytes) -> None:
    data = written(color=color)
    assert line + b"\r\n" in data
    assert b"ATTENDEE" not in data


def test_the_calendar_is_named_after_the_vault_unless_the_feed_is_private() -> None:
    assert b"\r\nNAME:My vault: follow-ups\r\n" in written()
    assert b"\r\nNAME:Follow-ups\r\n" in written(privacy="initials")
    assert b"vault: follow-ups" not in written(privacy="busy")


def test_nothing_that_breaks_programs_is_in_a_feed() -> None:
    data = written(*typical())
    for name in (
        b"METHOD",
        b"BEGIN:VTIMEZONE",
        b"BEGIN:VTODO",
        b"RDATE",
        b"ATTENDEE",
        b"ORGANIZER",
        b"TZID",
        b"STATUS",
    ):
        assert not re.search(rb"^" + name, data, re.MULTILINE)
    head, _, _ = data.partition(b"BEGIN:VEVENT")
    assert b"UID" not in head


# ------------------------------------------------------------------------------------------------ events


def test_an_event_line_by_line() -> None:
    one = history(client(next_contact="2026-12-01", phone=("030 1",)), interactions=[contact("2026-11-02")])
    (block,) = re.findall(rb"BEGIN:VEVENT\r\n(.*?)END:VEVENT", written(one), re.DOTALL)
    lines = block.replace(b"\r\n ", b"").decode().split("\r\n")
    uid, stamp, modified, *rest = lines
    assert uid.startswith("UID:")
    assert re.fullmatch(r"DTSTAMP:20261101T\d{6}Z", stamp)
    assert modified == stamp.replace("DTSTAMP", "LAST-MODIFIED")
    link = "obsidian://open?vault=My%20vault&file=Clients%2FAcme"
    assert rest == [
        f"SEQUENCE:{(date(2026, 11, 2) - EPOCH).days}",
        "DTSTART;VALUE=DATE:20261201",
        "DTEND;VALUE=DATE:20261202",
        "SUMMARY:Acme ☎ agreed contact · C",
        "DESCRIPTION:Agreed for 2026-12-01."
        "\\nSay: Give something that helps them\\, without asking for anything."
        f"\\nLast contact: 2026-11-02\\nPhone: 030 1\\n{link}",
        f"URL:{link}",
        "CATEGORIES:next-contact,contact,C",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT9H",
        "DESCRIPTION:Acme ☎ agreed contact · C",
        "END:VALARM",
        "",
    ]


@pytest.mark.parametrize(
    ("last", "next_day"), [("2026-11-30", "20261201"), ("2026-12-31", "20270101"), ("2027-02-28", "20270301")]
)
def test_an_event_ends_on_the_next_day(last: str, next_day: str) -> None:
    assert f"DTEND;VALUE=DATE:{next_day}\r\n".encode() in written(history(client(next_contact=last)))


def test_29_february_is_written_as_the_last_of_february() -> None:
    data = written(history(client(next_contact="2026-12-01", birthday=YearlyDate(2, 29))))
    assert b"\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1\r\n" in data
    days = occurrences_by_recurring(data)
    assert [day for _, day in days if day.month == 2] == [
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]


@pytest.mark.parametrize(
    ("alarm", "trigger"),
    [("PT9H", "PT9H"), ("-PT15H", "-PT15H"), ("P1DT9H30M", "P1DT9H30M"), ("PT0M", "P0D\r\n")],
)
def test_the_alarm_is_the_feeds(alarm: str, trigger: str) -> None:
    data = written(history(client(next_contact="2026-12-01")), alarm=alarm)
    assert data.count(b"BEGIN:VALARM") == 1
    assert f"\r\nTRIGGER:{trigger}".encode() in data


def test_a_feed_without_alarms() -> None:
    assert b"VALARM" not in written(*typical(), alarm=None)


def test_renewals_and_birthdays_ring_some_days_ahead_too() -> None:
    who = history(client(next_contact="2026-12-01", birthday=YearlyDate(5, 20)))
    assert b"TRIGGER:-P6DT15H" in written(who)
    assert b"TRIGGER:-P2DT15H" in written(who, early_alarm_days={"birthday": 3})
    assert (
        written(who, early_alarm_days={"birthday": 0}).count(b"VALARM") == written(who).count(b"VALARM") - 2
    )
    assert written(who, early_alarm_days={"next-contact": 1}).count(b"TRIGGER:-PT15H") == 1


def test_an_event_that_is_refused_costs_only_its_details(monkeypatch: pytest.MonkeyPatch) -> None:
    odd, good = (history(client(name, next_contact="2026-12-01")) for name in ("Acme", "Bolt"))
    links = {"Clients/Acme.md": "obsidian://x\r\nATTENDEE:mailto:x@y.z", "Clients/Bolt.md": "obsidian://y"}
    monkeypatch.setattr(event_draft, "link_to", lambda _, path: links[path])
    data = written(odd, good)
    assert b"ATTENDEE" not in data
    found = {str(event["SUMMARY"]): ("URL" in event, "DESCRIPTION" in event) for event in read(data)}
    assert found == {
        "Acme ☎ agreed contact · C": (False, False),
        "Bolt ☎ agreed contact · C": (True, True),
    }


def test_a_calendar_s_name_that_looks_like_an_end() -> None:
    data = written(history(client()), title="END:VCALENDAR")
    assert data.count(b"END:VCALENDAR") == 1
    assert str(icalendar.Calendar.from_ical(data)["X-WR-CALNAME"]) == "END:VCALENDAR"


@pytest.mark.parametrize("name", ["\\" * 200, "a" * 74 + "\\n", "é" * 200, "👍" * 100, "," * 90, "\\;" * 60])
def test_long_names_fold_and_come_back(name: str) -> None:
    data = written(history(client(name, path="Clients/x.md", next_contact="2026-12-01")))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (event,) = read(data)
    assert str(event["SUMMARY"]).startswith(name[:100])


# ------------------------------------------------------------------------------------------------ stamps


def blocks_of(data: bytes) -> dict[str, bytes]:
    found = re.findall(rb"BEGIN:VEVENT\r\nUID:(.*?)\r\n(.*?)END:VEVENT", data, re.DOTALL)
    return {uid.decode(): block for uid, block in found}


def test_two_builds_are_equal_in_any_order() -> None:
    assert written(*typical()) == written(*reversed(typical()))


def test_what_is_unchanged_keeps_its_bytes_the_next_day() -> None:
    before, after = (blocks_of(written(*typical(), on=on)) for on in (FRIDAY, FRIDAY + 3 * DAY))
    moved = {event.uid for event in events(*typical()) if event.revised == FRIDAY}
    assert moved
    assert {uid for uid in before.keys() & after.keys() if before[uid] != after[uid]} <= moved
    assert len(before.keys() & after.keys() - moved) > 5


def test_a_changed_text_changes_the_stamps_though_no_date_did() -> None:
    def stamps(phone: str) -> tuple[str, str, str]:
        data = written(
            history(client(next_contact="2026-12-01", phone=(phone,)), interactions=[contact("2026-11-02")])
        )
        (event,) = read(data)
        return tuple(event[name].to_ical().decode() for name in ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE"))  # type: ignore[return-value]

    one, other = stamps("030 1"), stamps("030 2")
    assert one[0] != other[0]
    assert one[1] != other[1]
    assert one[2] == other[2]
    assert one == stamps("030 1")


def test_no_value_adds_a_line() -> None:
    (event,) = events(history(client(next_contact="2026-12-01")))
    with pytest.raises(ValueError, match="CLASS"):
        event_block(event, 1, (), "public\nATTENDEE:mailto:x@y.z")


def test_a_class_is_written_where_the_feed_asks_for_one() -> None:
    who = history(client(next_contact="2026-12-01"))
    assert b"\r\nCLASS:" not in written(who)
    (one,), (other,) = read(written(who)), read(written(who, access="confidential"))
    assert other["CLASS"] == "CONFIDENTIAL"
    assert one["DTSTAMP"].dt != other["DTSTAMP"].dt


def test_another_alarm_changes_the_stamps() -> None:
    who = history(client(next_contact="2026-12-01"))
    (one,), (other,) = read(written(who)), read(written(who, alarm="-PT15H"))
    assert one["DTSTAMP"].dt != other["DTSTAMP"].dt


def test_stamps_never_lie_in_the_future_and_grow() -> None:
    late = history(client(next_contact="2026-11-02"), interactions=[contact("2026-10-01")])
    days = [FRIDAY, FRIDAY + DAY, FRIDAY + 2 * DAY]
    found = [read(written(late, on=on))[0] for on in days]
    for on, event in zip(days, found, strict=True):
        assert event["DTSTAMP"].dt < datetime(on.year, on.month, on.day, tzinfo=UTC)
        assert event["SEQUENCE"] == (on - EPOCH).days
    assert found[0]["DTSTAMP"].dt < found[1]["DTSTAMP"].dt < found[2]["DTSTAMP"].dt


# ------------------------------------------------------------------------------------------ cache, size


def test_blocks_are_written_once() -> None:
    blocks: dict[str, bytes] = {}
    first = written(*typical(), blocks=blocks)
    kept = dict(blocks)
    assert written(*typical(), blocks=blocks) == first == written(*typical())
    assert blocks == kept


def test_icalendar_is_imported_only_where_something_has_to_be_written() -> None:
    code = "import sys, vaultcrm.render.feed; print('icalendar' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == "False"


def test_a_warm_feed_does_not_call_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks: dict[str, bytes] = {}
    first = written(*typical(), blocks=blocks)
    monkeypatch.setitem(sys.modules, "vaultcrm.render.ics", None)
    assert written(*typical(), blocks=blocks) == first


def many(count: int) -> tuple[ClientHistory, ...]:
    """Clients with one contact each, on as many days, with much to tell."""
    return tuple(
        history(client(f"Client {number:03}", next_contact=FRIDAY + number * DAY, goal="g; " * 50))
        for number in range(1, count + 1)
    )


def with_room(monkeypatch: pytest.MonkeyPatch, limit: int, full: int) -> None:
    monkeypatch.setattr(fitting, "LIMIT_BYTES", limit)
    monkeypatch.setattr(fitting, "FULL_BYTES", full)
    monkeypatch.setattr(fitting, "FRAME_BYTES", 600)


def made(*histories: ClientHistory, **fields: Any) -> FeedFile:
    return make_feed(overview(*histories), feed(**fields), words(), VAULT)


def test_what_is_far_has_short_descriptions_where_the_feed_would_get_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = made(*many(20))
    assert (whole.shortened, whole.left_out) == (0, 0)
    with_room(monkeypatch, len(whole.data), len(whole.data) * 9 // 10)
    short = made(*many(20))
    assert len(short.data) < len(whole.data) * 9 // 10
    assert short.left_out == 0
    assert [event["UID"] for event in read(short.data)] == [event["UID"] for event in read(whole.data)]
    by_day = sorted(read(short.data), key=lambda event: event["DTSTART"].dt)
    telling = ["Goal" in event["DESCRIPTION"] for event in by_day]
    assert 0 < sum(telling) < 20
    assert telling == sorted(telling, reverse=True)
    assert short.shortened == 20 - sum(telling)
    for event in by_day:
        assert str(event["DESCRIPTION"]).endswith(str(event["URL"]))
    assert feed_warning(short, "a.ics", words()) == (
        f"a.ics would exceed the 1 MB that some calendar programs read, so {short.shortened} far events tell"
        " less: split it by owners, tiers or kinds"
    )


def test_what_is_farthest_is_left_out_where_there_is_no_room_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(*many(20))
    with_room(monkeypatch, len(whole.data) // 2, len(whole.data) // 2)
    cut = made(*many(20))
    assert len(cut.data) < len(whole.data) // 2
    days = sorted(event["DTSTART"].dt for event in read(cut.data))
    assert days == [FRIDAY + number * DAY for number in range(1, len(days) + 1)]
    assert cut.left_out == 20 - len(days)
    assert cut.left_from == days[-1] + DAY
    assert f"so {cut.left_out} events are left out, the first on {cut.left_from}" in str(
        feed_warning(cut, "a.ics", words())
    )


def test_what_is_long_overdue_and_later_years_are_left_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    born = history(client("Born", next_contact="2027-06-01", birthday=YearlyDate(5, 20, 1988)))
    task = follow_up("an old promise", due="2026-10-20", noted="2026-10-01")
    late = history(client("Late", next_contact="2027-07-01"), tasks=[task])
    whole = made(born, late, days_back=30)
    kept: list[str] = []
    for limit in range(len(whole.data), 1000, -50):
        with_room(monkeypatch, limit, 0)
        titles = [str(event["SUMMARY"]) for event in read(made(born, late).data)]
        kept = [*kept, *(title for title in titles if title not in kept)]
        if len(titles) == 3:
            break
    assert sorted(titles) == [
        "Born ☎ agreed contact · C",
        "Born 🎂 birthday (39) · C",
        "Late ☎ agreed contact · C",
    ]


def test_what_is_left_out_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch, 6_000, 0)
    written: list[Spot] = []

    def sized(spot: Spot, is_brief: bool) -> fitting.Sized:
        written.append(spot)
        return (400 if is_brief else 500), spot[3], is_brief

    spots = [(False, FRIDAY.toordinal() + day, False, f"{99 - day}", 0, day) for day in range(50)]
    room = fitting.fitted(spots[::-1], sized)
    assert 0 < len(room.events) < len(spots) - 1
    assert set(written) == set(spots[: len(room.events) + 1])
    assert room.left_from == FRIDAY + len(room.events) * DAY
    assert room.events == tuple((spot, True, spot[3]) for spot in spots[len(room.events) - 1 :: -1])


def test_a_feed_of_what_fits_has_nothing_to_tell() -> None:
    assert feed_warning(made(*typical()), "a.ics", words()) is None
    large = FeedFile(b"x" * 950_000)
    assert "has 950 kB" in str(feed_warning(large, "a.ics", words()))


@pytest.mark.parametrize("privacy", ["full", "initials", "busy"])
def test_sizes_are_estimated_from_above(privacy: str) -> None:
    odd = [history(client(name, path="Clients/x.md", next_contact="2026-12-01", goal=name)) for name in ODD]
    for who in ([each] for each in (*odd, *typical())):
        for event in events(*who, privacy=privacy):
            for alarms in ((), (DAY,), (DAY, -14 * DAY)):
                block = event_block(event, 1, alarms, "confidential")
                assert len(block) <= fitting.size_of(event, len(alarms)) <= len(block) * 1.1 + 40


ODD = [
    "\\" * 200,
    ",;\n" * 60,
    "é" * 200,
    "👍" * 100,
    "中" * 150,
    "a",
    "\ud800" * 20,
    "\u0344" * 50,
    "END:V" * 30,
]


def test_the_size_is_told_from_900_kilobytes() -> None:
    assert feed_size_warning(b"x" * 899_999) is None
    assert feed_size_warning(b"x" * 900_000) == 900


# ---------------------------------------------------------------------------------- other programs

SPAN = date(2026, 11, 1), date(2029, 11, 1)


def occurrences_by_recurring(data: bytes) -> list[tuple[str, date]]:
    calendar = icalendar.Calendar.from_ical(data)
    found = recurring_ical_events.of(calendar).between(*SPAN)
    return sorted((str(event["SUMMARY"]), event["DTSTART"].dt) for event in found)


def occurrences_by_home_assistant(data: bytes) -> list[tuple[str, date]]:
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return sorted((event.summary, event.start) for event in calendar.timeline.overlapping(*SPAN))


def occurrences_by_vobject(data: bytes) -> list[tuple[str, date]]:
    found = []
    begin, end = (datetime(day.year, day.month, day.day) for day in SPAN)
    for event in vobject.readOne(data.decode()).vevent_list:
        rule = event.getrruleset(addRDate=True) if hasattr(event, "rrule") else None
        days = [when.date() for when in rule.between(begin, end, inc=True)] if rule else [event.dtstart.value]
        found += [(event.summary.value, day) for day in days if SPAN[0] <= day < SPAN[1]]
    return sorted(found)


def facts_by_icalendar(data: bytes) -> Iterable[tuple[object, ...]]:
    for event in read(data):
        alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
        yield (
            str(event["UID"]),
            str(event["SUMMARY"]),
            str(event["DESCRIPTION"]),
            str(event["URL"]),
            sorted(alarms),
        )


def facts_by_home_assistant(data: bytes) -> Iterable[tuple[object, ...]]:
    for event in IcsCalendarStream.calendar_from_ics(data.decode()).events:
        alarms = [alarm.trigger for alarm in event.alarm]
        yield event.uid, event.summary, event.description, str(event.url), sorted(alarms)


def facts_by_vobject(data: bytes) -> Iterable[tuple[object, ...]]:
    for event in vobject.readOne(data.decode()).vevent_list:
        alarms = [alarm.trigger.value for alarm in event.valarm_list]
        yield event.uid.value, event.summary.value, event.description.value, event.url.value, sorted(alarms)


@pytest.mark.parametrize("see", [facts_by_icalendar, facts_by_home_assistant, facts_by_vobject])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_programs_see_the_same_events(see: Callable[[bytes], Iterable[tuple[Any, ...]]]) -> None:
    meant = events(*typical())
    alarms = {event.uid: list(module._alarms(event, feed())) for event in meant}
    seen = {uid: rest for uid, *rest in see(written(*typical()))}
    assert seen == {
        event.uid: [event.summary, event.description, event.url, sorted(alarms[event.uid])] for event in meant
    }


@pytest.mark.parametrize("see", [occurrences_by_home_assistant, occurrences_by_vobject])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_programs_see_the_same_days(see: Callable[[bytes], list[tuple[str, date]]]) -> None:
    data = written(*typical())
    assert see(data) == occurrences_by_recurring(data)


# ----------------------------------------------------------------------------------------------- labels


def test_both_languages_have_the_same_texts_and_values() -> None:
    folder = Path(vaultcrm.__file__).parent / "labels"
    english, chinese = (
        tomllib.loads((folder / f"feed.{each}.toml").read_text("utf-8"))["feed"] for each in ("en", "zh")
    )
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        slots = re.compile(r"\{(\w+)")
        assert set(slots.findall(text)) == set(slots.findall(chinese[key])), key


def test_a_feed_in_chinese() -> None:
    data = render_feed(
        overview(*typical(), policy=preset(config='language = "zh"')), feed(), words("zh"), VAULT
    )
    titles = {str(event["SUMMARY"]) for event in read(data)}
    assert "青禾食品 👩‍💻 עברית ☎ 约定沟通 · C" in titles


def test_an_event_is_a_value() -> None:
    event = Event("u", "k", FRIDAY, "s", FRIDAY)
    assert event == replace(event)
    assert "brief" not in repr(event)


def test_a_calendars_name_is_not_longer_than_anybody_reads() -> None:
    data = written(title="\U0001f44d" * 5000)
    assert len(data) < fitting.FRAME_BYTES
    assert str(icalendar.Calendar.from_ical(data)["NAME"]).endswith("\U0001f44d…")
