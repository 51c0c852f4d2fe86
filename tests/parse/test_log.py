"""Log items and items of daily notes (specification 2, Client and Interaction)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.note import LinkText, ListItem
from vaultcrm.model.records import Interaction
from vaultcrm.parse.log import parse_daily_item, parse_log_item, unglued

DAY = date(2026, 11, 20)


def log(text: str) -> tuple[Interaction | None, list[tuple[str, str]]]:
    told: list[tuple[str, str]] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, read))

    return parse_log_item(ListItem(text, text, None, 7, 3), "Clients/Acme.md", None, tell), told


def logged(text: str) -> Interaction:
    item, told = log(text)
    assert item is not None
    assert told == []
    return item


def test_all_parts_of_an_item() -> None:
    item = logged("2026-11-20 wechat: sent the trend report #insight +2 next:2026-12-04")
    assert (item.day, item.channel, item.summary) == (DAY, "wechat", "sent the trend report")
    assert (item.about, item.sentiment, item.next) == (("insight",), Decimal(2), date(2026, 12, 4))
    assert (item.kind, item.direction, item.source, item.place.line) == ("contact", None, "log", 7)


def test_name_of_its_block_hides_no_mark_of_an_item() -> None:
    item = logged("2026-11-20 wechat: sent the trend report +2 next:2026-12-04 ^report-1")
    assert (item.summary, item.sentiment, item.next) == (
        "sent the trend report",
        Decimal(2),
        date(2026, 12, 4),
    )
    assert logged("2026-11-20 wechat: a ^b c").summary == "a ^b c"


@pytest.mark.parametrize(
    ("text", "direction", "channel"),
    [
        ("2026-11-20 <wechat: they asked", "in", "wechat"),
        ("2026-11-20 >wechat: we asked", "out", "wechat"),
        ("2026-11-20 微信：转了一篇文章", None, "wechat"),
        ("2026年11月20日 电话: 谈预算", None, "phone"),
        ("2026/11/20 carrier-pigeon: hello", None, "carrier-pigeon"),
        ("2026-11-20 14:30 phone: hello", None, "phone"),
        ("2026-11-20 met them at the fair: fine", None, None),
        ("2026-11-20 sent them the study", None, None),
        ("2026-11-20 https://example.org was what they liked", None, None),
        ("2026-11-20 next:2026-12-04", None, None),
    ],
)
def test_channel_and_direction(text: str, direction: str | None, channel: str | None) -> None:
    item = logged(text)
    assert (item.direction, item.channel) == (direction, channel)


@pytest.mark.parametrize("mark", ["next:", "Next：", "下次沟通:", "下次联系：", "下次: "])
def test_the_next_contact_in_either_language(mark: str) -> None:
    item = logged(f"2026-11-20 微信：聊了新项目 #商机 +1 {mark}2026-12-04")
    assert item.next == date(2026, 12, 4)
    assert (item.about, item.summary) == (("opportunity",), "聊了新项目")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("谈了续约。下次:2026-12-04", "下次:2026-12-04"),
        ("谈了续约，下次： 2026-12-04 #商机", "下次： 2026-12-04"),
        ("谈了续约。下次再说", None),
        ("谈了下次:2026-12-04", None),
        ("谈了续约。 下次:2026-12-04", None),
        ("问：下次:2026-12-04 行不行", None),
    ],
)
def test_a_mark_glued_to_punctuation_is_text_and_told(text: str, mark: str | None) -> None:
    item, told = log(f"2026-11-20 电话：{text}")
    assert told == ([] if mark is None else [("mark-glued", mark)])
    assert item is not None
    assert (item.next is None) is (mark is not None or not text.endswith(" 下次:2026-12-04"))


def test_text_with_a_colon_behind_several_words_is_text() -> None:
    assert logged("2026-11-20 met them at the fair: fine").summary == "met them at the fair: fine"


@pytest.mark.parametrize(
    ("text", "summary", "sentiment"),
    [
        ("2026-11-20 email: called - no answer", "called - no answer", None),
        (
            "2026-11-20 email: called first - no answer, then wrote #progress",
            "called first - no answer, then wrote",
            None,
        ),
        ("2026-11-20 email: no answer -", "no answer", Decimal(-1)),
        ("2026-11-20 email: fine =", "fine", Decimal(0)),
        ("2026-11-20 email: fine \u22122", "fine", Decimal(-2)),
        ("2026-11-20 email: sold +500", "sold +500", None),
        ("2026-11-20 email: about #progress in general", "about #progress in general", None),
    ],
)
def test_marks_count_at_the_end_only(text: str, summary: str, sentiment: Decimal | None) -> None:
    item = logged(text)
    assert (item.summary, item.sentiment) == (summary, sentiment)


def test_marks_stand_in_any_order() -> None:
    one = logged("2026-11-20 email: x #complaint severity:3 resolved:2026-11-25 -1 #progress next:2026-12-01")
    other = logged(
        "2026-11-20 email: x next:2026-12-01 -1 resolved：2026-11-25 #progress severity：3 #complaint"
    )
    for item in (one, other):
        assert (item.kind, item.about, item.sentiment) == ("complaint", ("progress",), Decimal(-1))
        assert (item.severity, item.resolved, item.next) == (
            Decimal(3),
            date(2026, 11, 25),
            date(2026, 12, 1),
        )


def test_a_word_that_names_kind_and_topic_is_the_topic() -> None:
    item = logged("2026-11-20 微信: 转了一篇文章 #资讯")
    assert (item.kind, item.about) == ("contact", ("insight",))


@pytest.mark.parametrize(
    ("written", "said", "about"),
    [
        ("sent invoice #1042", "sent invoice #1042", ()),
        ("sent invoice #1042 +1 #insight", "sent invoice #1042", ("insight",)),
        ("sent it #insight #1042 #88", "sent it", ("insight",)),
        ("sent it #1042a", "sent it", ()),
        ("#1042", "#1042", ()),
        ("#insight #1042", None, ("insight",)),
    ],
)
def test_a_number_with_a_hash_is_no_hashtag(written: str, said: str | None, about: tuple[str, ...]) -> None:
    found = logged(f"2026-11-20 email: {written}")
    assert (found.summary, found.about) == (said, about)


def test_an_unknown_hashtag_at_the_end_is_passed_over() -> None:
    item = logged("2026-11-20 email: x #insight #q4 +")
    assert (item.summary, item.about, item.sentiment) == ("x", ("insight",), Decimal(1))


def test_an_item_without_a_date_is_none() -> None:
    assert log("talked about the fair")[0] is None


def test_impossible_dates_are_told() -> None:
    assert log("2026-02-30 email: x") == (None, [("bad-date", "2026-02-30")])
    item, told = log("2026-11-20 email: x next:2026-02-30")
    assert item is not None
    assert (item.next, told) == (None, [("bad-date", "2026-02-30")])


@given(st.text("。，； ab:：x2下次next-"))
def test_what_is_unglued_says_the_same_but_for_blanks(text: str) -> None:
    made = unglued(text)
    assert made.replace(" ", "") == text.replace(" ", "")
    assert unglued(made) == made
    assert len(made) >= len(text)


def test_a_severity_out_of_range_is_told() -> None:
    assert log("2026-11-20 email: x severity:9")[1] == [("bad-score", "9")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[[Acme]] phone: sent it ✅ 2026-02-30", [("bad-date", "2026-02-30")]),
        ("[[Acme]] phone: sent it + ✅\ufe0f 31.11.2026", [("bad-date", "31.11.2026")]),
        ("[[Acme]] phone: sent it ✅ 3", []),
    ],
)
def test_day_that_there_is_not_is_told_of_a_ticked_item(text: str, codes: list[tuple[str, str]]) -> None:
    told: list[tuple[str, str]] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, read))

    found = parse_daily_item(ListItem(text, text, "x", 4, 3), "Daily/2026-11-20.md", DAY, (ACME,), None, tell)
    assert found is not None
    assert (found.day, told) == (DAY, codes)
    if codes:
        assert found.summary == "sent it"


def daily(text: str, *links: LinkText, box: str | None = None) -> Interaction | None:
    told: list[str] = []
    item = ListItem(text, text, box, 4, 3)
    found = parse_daily_item(
        item, "Daily/2026-11-20.md", DAY, links, None, lambda code, *_: told.append(code)
    )
    assert told == []
    return found


ACME = LinkText("Acme", "Acme", 0, 8)


def test_daily_item_with_channel_between_link_and_colon() -> None:
    item = daily("[[Acme]] phone: the launch moved to May +1 next:2026-12-01", ACME)
    assert item is not None
    assert (item.day, item.channel, item.sentiment, item.next) == (
        DAY,
        "phone",
        Decimal(1),
        date(2026, 12, 1),
    )
    assert [reference.target for reference in item.clients] == ["Acme"]
    assert item.source == "daily"


def test_daily_item_about_two_clients() -> None:
    item = daily(
        "[[Acme]] and [[Birch]] swapped stories at the fair +1", ACME, LinkText("Birch", "Birch", 13, 22)
    )
    assert item is not None
    assert [reference.target for reference in item.clients] == ["Acme", "Birch"]
    assert (item.channel, item.direction) == (None, None)


def test_intentions_are_no_contact_but_a_ticked_task_is() -> None:
    text = "[[Acme]] email: sent the calendar ✅ 2026-11-23"
    assert daily(text, ACME, box=" ") is None
    assert daily(text, ACME, box="-") is None
    assert daily(text, ACME, box="/") is None
    ticked = daily(text, ACME, box="x")
    assert ticked is not None
    assert (ticked.day, ticked.channel) == (date(2026, 11, 23), "email")
    undated = daily("[[Acme]] email: sent the calendar", ACME, box="X")
    assert undated is not None
    assert undated.day == DAY


def test_marks_stand_before_the_tick() -> None:
    item = daily("[[Acme]] email: sent it #resource + ✅ 2026-11-23", ACME, box="x")
    assert item is not None
    assert (item.day, item.about, item.sentiment) == (date(2026, 11, 23), ("resource",), Decimal(1))


def test_an_embed_is_no_link() -> None:
    assert daily("![[Acme]]", LinkText("Acme", "Acme", 0, 9, embed=True)) is None


def test_a_link_within_a_mark_is_no_part_of_what_is_said() -> None:
    item = daily("[[Acme]] was here #with-[[Bob]]", ACME, LinkText("Bob", "Bob", 24, 31))
    assert item is not None
    assert item.summary == "Acme was here"


def test_the_day_of_a_task_is_a_mark() -> None:
    assert logged("2026-11-20 phone: they will write 📅 2026-12-01").summary == "they will write"
