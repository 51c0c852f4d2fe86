"""What a feed takes of clients who have not changed: parts of them, and never their notes."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from functools import cache
from itertools import permutations

import pytest

from tests.render.builders import VAULT, feed, overview, words
from tests.rules.builders import client, contact, follow_up, history, person, project
from tests.support import closed
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.model.records import ClientHistory, ImportantDate, YearlyDate
from vaultcrm.model.results import Assessment
from vaultcrm.model.roster import Kept, Roster
from vaultcrm.render import feed_events, fitting
from vaultcrm.render.feed import FeedFile, make_feed


def clients() -> list[ClientHistory]:
    """Something of everything: copies with one id, festivals, series, lunar dates, things with one UID."""
    ann, ben = (person(name, id="same", birthday=YearlyDate(5, 20 + len(name), 1988)) for name in ("A", "Be"))
    fairs = tuple(ImportantDate(YearlyDate(6, 11), title, False, 30) for title in ("Zenith", "Fair"))
    promised = [
        follow_up(text, due="2026-12-04", noted="2026-11-03", owners=(owner,), path="Clients/Acme.md", line=9)
        for text, owner in (("a quote", "mira"), ("an answer", "jon"))
    ]
    acme = client("Acme", id="x", next_contact="2026-12-01", owner="mira", important_dates=fairs)
    copy = client("Acme", "Clients/Acme copy.md", id="x", next_contact="2026-12-02", owner="jon")
    bolt = client(
        "Bolt", stage="new", tier="B", next_contact="2026-12-01", phone=("030 1",), goal="grow; " * 50
    )
    qinghe = client(
        "青禾食品", stage="new", birthday=YearlyDate(8, 15, lunar=True), next_contact="2026-11-02"
    )
    shop = [project("Shop", start="2026-09-01", delivered="2026-11-01")]
    return [
        history(acme, people=[ann, ben], tasks=promised),
        history(copy),
        history(bolt, shop, [contact("2026-11-02")]),
        history(qinghe, interactions=[contact("2026-10-01", summary="问候")]),
        history(client("Gone", status="lost", lost_on="2026-11-01", next_contact="2026-12-01")),
    ]


FEEDS = {
    "all": feed(),
    "initials": feed(privacy="initials"),
    "private": feed(privacy="initials", access="private"),
    "quiet": feed(alarm=None),
    "busy": feed(privacy="busy", alarm=None),
    "mira": feed(owners=("mira",)),
    "jon": feed(owners=("jon",)),
    "tier": feed(tiers=("B",)),
    "tasks": feed(kinds=("follow-up", "holiday")),
    "key-dates": feed(key_dates_only=True, years_ahead=1, early_alarm_days={"birthday": 2}),
    "near": feed(months_ahead=1, days_back=2, alarm="-PT15H"),
}


def made(one: Overview, which: Feed, blocks: dict[str, bytes] | None = None) -> FeedFile:
    return make_feed(one, which, words(), VAULT, blocks=blocks)


ROOMS = ("all", "initials", "quiet", "tier")
"""Feeds that have room for another number of events each, or for more of what these say."""


@cache
def alone(name: str) -> FeedFile:
    return made(overview(*clients()), FEEDS[name])


def kept_of(
    one: Overview, opened: list[int], changed: Container[int] = (), before: Overview | None = None
) -> Overview:
    """The overview as another process has it: the parts that were asked for, and no assessment.

    ``opened`` gets the numbers of those that are looked at. Clients who have ``changed`` have no parts; the
    parts of the others are those of the overview ``before``.
    """
    kept = closed.kept_of((before or one).assessments)

    def assess(number: int) -> Assessment:
        opened.append(number)
        return one.assessments[number]

    numbers = range(len(one.assessments))
    known = kept.without(number for number in numbers if number in changed)
    return replace(one, assessments=Roster([None] * len(numbers), known, assess))


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_made_of_parts_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one, blocks, opened = overview(*clients()), dict[str, bytes](), list[int]()
    first = made(one, FEEDS[name], blocks)
    assert first.data.count(b"BEGIN:VEVENT") >= 2
    monkeypatch.setattr("vaultcrm.render.ics.event_block", None)
    assert made(kept_of(one, opened), FEEDS[name], blocks) == first
    assert opened == []


def test_a_feed_without_room_for_all_is_made_of_parts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "FRAME_BYTES", 600)
    whole = made(overview(*clients()), feed())
    for limit in range(2000, len(whole.data), len(whole.data) // 10):
        monkeypatch.setattr(fitting, "LIMIT_BYTES", limit)
        monkeypatch.setattr(fitting, "FULL_BYTES", limit * 9 // 10)
        one, blocks, opened = overview(*clients()), dict[str, bytes](), list[int]()
        first = made(one, feed(), blocks)
        assert first.left_out
        assert made(kept_of(one, opened), feed(), blocks) == first
        assert opened == []


@pytest.mark.parametrize("name", FEEDS)
def test_of_a_changed_client_alone_the_assessment_is_opened(name: str) -> None:
    old, blocks, opened = overview(*clients()), dict[str, bytes](), list[int]()
    made(old, FEEDS[name], blocks)
    known = clients()
    known[2] = replace(known[2], client=replace(known[2].client, phone=("030 2",)))
    new = overview(*known)
    number = new.assessments.number_of("Clients/Bolt.md")
    assert made(kept_of(new, opened, {number}, old), FEEDS[name], blocks) == made(
        overview(*known), FEEDS[name]
    )
    assert opened == [number]


@pytest.mark.parametrize("held", [0, 2])
def test_of_many_clients_events_are_made_again_when_they_are_written(
    held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_events, "HELD", held)
    for name, which in FEEDS.items():
        assert made(overview(*clients()), which) == alone(name)


def test_what_was_lost_of_the_blocks_is_written_anew() -> None:
    one, blocks, opened = overview(*clients()), dict[str, bytes](), list[int]()
    first = made(one, feed(), blocks)
    number = one.assessments.number_of("Clients/Bolt.md")
    lost = [key for key, block in blocks.items() if b"SUMMARY:Bolt" in block or b"greetings" in block]
    left = {key: block for key, block in blocks.items() if key not in lost}
    assert made(kept_of(one, opened), feed(), left) == first
    assert set(opened) == {number}
    assert left == blocks


def test_a_copy_that_is_deleted_gives_its_identity_back() -> None:
    old = overview(*clients())
    made(old, feed())
    new = overview(*(each for each in clients() if each.client.path != "Clients/Acme copy.md"))
    gone = old.assessments.number_of("Clients/Acme copy.md")
    parts = [part for number, part in enumerate(closed.parts_of(old.assessments)) if number != gone]
    kept = Kept.of_each(parts)
    still = replace(
        new, assessments=Roster([None] * len(parts), kept, lambda number: new.assessments[number])
    )
    assert made(still, feed()) == made(new, feed())


@pytest.mark.parametrize("names", [*permutations(["mira", "all", "jon"])])
def test_what_has_one_uid_is_not_mixed_up_between_feeds(names: tuple[str, ...]) -> None:
    assert b"a quote" in alone("mira").data
    assert b"an answer" in alone("jon").data
    one = overview(*clients())
    for name in names:
        assert made(one, FEEDS[name]) == alone(name)


@pytest.mark.parametrize("names", [ROOMS, ROOMS[::-1]])
def test_what_fits_into_one_feed_is_not_taken_for_another(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit in (("FRAME_BYTES", 600), ("FULL_BYTES", 5000), ("LIMIT_BYTES", 6000)):
        monkeypatch.setattr(fitting, name, limit)
    one = overview(*clients())
    found = [made(one, FEEDS[name]) for name in names]
    assert found == [made(overview(*clients()), FEEDS[name]) for name in names]
    assert len({each.left_out for each in found}) == 4


@pytest.mark.parametrize("first", FEEDS)
def test_a_feed_behind_another_is_as_alone(first: str) -> None:
    for second, which in FEEDS.items():
        one, blocks = overview(*clients()), dict[str, bytes]()
        made(one, FEEDS[first], blocks)
        assert made(one, which, blocks) == alone(second), second


def test_a_feed_that_holds_less_asks_for_nothing_that_another_has_written() -> None:
    one, blocks = overview(*clients()), dict[str, bytes]()
    made(one, feed(), blocks)
    kept = dict(blocks)
    made(one, feed(kinds=("next-contact",), title="Contacts", days_back=9), blocks)
    assert len(blocks.keys() - kept.keys()) == 1  # the frame
