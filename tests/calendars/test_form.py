"""The form of our feeds, line by line: what the standard and the programs that read it ask for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.calendars.feeds import EACH, FEED, VAULTS, indexed
from tests.calendars.truth import Component, read, text
from tests.support.vaults import AS_OF

FORBIDDEN = {"METHOD", "RDATE", "ATTENDEE", "ORGANIZER", "TZID", "STATUS", "DUE"}
IN_EVERY_EVENT = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "TRANSP"}


@pytest.fixture(scope="module", params=EACH)
def feed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The feed of each vault."""
    return indexed(VAULTS[request.param](tmp_path_factory.mktemp("feed")))


@pytest.fixture(autouse=True, scope="module")
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder / name))
        yield


def events(data: bytes) -> list[Component]:
    return [each for each in read(data).within if each.name == "VEVENT"]


def test_lines_are_short_and_whole(feed: bytes) -> None:
    assert feed.startswith(b"BEGIN:VCALENDAR\r\n")
    assert feed.endswith(b"\r\nEND:VCALENDAR\r\n")
    assert feed.count(b"\r\n") == feed.count(b"\r") == feed.count(b"\n")
    for line in feed.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


def test_there_are_no_characters_that_break_programs(feed: bytes) -> None:
    whole = feed.decode("utf-8").replace("\r\n ", "")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", whole)
    assert normalize("NFC", whole) == whole


def test_the_calendar_says_what_it_is_and_no_more(feed: bytes) -> None:
    calendar = read(feed)
    assert [name for name, _ in calendar.properties] == [
        "VERSION",
        "PRODID",
        "X-WR-CALDESC",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
        "COLOR",
        "X-APPLE-CALENDAR-COLOR",
    ]
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in feed
    assert {each.name for each in calendar.within} <= {"VEVENT"}


def test_it_stays_below_a_megabyte(feed: bytes) -> None:
    assert len(feed) < 1_000_000


def test_every_event_has_what_programs_need_once(feed: bytes) -> None:
    for event in events(feed):
        names = [name for name, _ in event.properties]
        assert len(names) == len(set(names))
        assert set(names) >= IN_EVERY_EVENT
        assert not FORBIDDEN & set(names)
        assert event.value("TRANSP") == "TRANSPARENT"
        assert re.fullmatch(r"\d{8}", event.value("DTSTART"))
        assert re.fullmatch(r"\d{1,5}", event.value("SEQUENCE"))
        assert event.value("DTSTAMP") == event.value("LAST-MODIFIED")
        assert event.value("DTSTAMP")[:8] < AS_OF.replace("-", "")


def test_every_event_has_an_identity_that_tells_nothing(feed: bytes) -> None:
    found = [event.value("UID") for event in events(feed)]
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[0-9a-f]{32}(-\d{4})?@vaultcrm", uid) for uid in found)


def test_every_link_can_be_read_by_anybody_and_ends_the_text(feed: bytes) -> None:
    for event in events(feed):
        link = event.value("URL")
        assert re.fullmatch(r"obsidian://open\?vault=[A-Za-z0-9_.~%-]+&file=[A-Za-z0-9_.~%-]+", link)
        assert text(event.value("DESCRIPTION")).split("\n")[-1] == link
        assert len(text(event.value("DESCRIPTION"))) <= 2000


def test_every_alarm_is_whole(feed: bytes) -> None:
    for event in events(feed):
        assert event.within
        for alarm in event.within:
            assert [name for name, _ in alarm.properties] == ["ACTION", "TRIGGER", "DESCRIPTION"]
            assert alarm.value("ACTION") == "DISPLAY"
            assert re.fullmatch(r"-?P(\d+D)?(T(\d+H)?(\d+M)?)?", alarm.value("TRIGGER"))
            assert alarm.value("DESCRIPTION") == event.value("SUMMARY")


def test_titles_begin_with_the_client(tmp_path: Path) -> None:
    for event in events(indexed(VAULTS["birthdays"](tmp_path))):
        assert re.match(r"Born \d\d (☎|🎂) ", text(event.value("SUMMARY")))


@pytest.mark.parametrize(("zone", "seed"), [("Pacific/Kiritimati", "1"), ("Etc/GMT+12", "2")])
def test_bytes_are_the_same_everywhere(zone: str, seed: str, tmp_path: Path) -> None:
    vault = VAULTS["chinese"](tmp_path)
    expected = indexed(vault)
    (vault / FEED).unlink()
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C", "LANG": "tr_TR"}
    command = [
        sys.executable,
        "-O",
        "-m",
        "vaultcrm",
        "index",
        "--full",
        "--vault",
        str(vault),
        "--today",
        AS_OF,
    ]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert (vault / FEED).read_bytes() == expected


def test_an_unchanged_feed_is_not_written(tmp_path: Path) -> None:
    vault = VAULTS["typical"](tmp_path)
    indexed(vault)
    os.utime(vault / FEED, (1, 1))
    indexed(vault)
    assert (vault / FEED).stat().st_mtime == 1
