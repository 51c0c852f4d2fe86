"""The day, or the period, that a few words mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.parse.values import FIRST_YEAR, LAST_YEAR
from vaultcrm.writing.when import day_meant, month_meant, period_meant

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-04", "2026-12-04"),
        ("2026年12月4日", "2026-12-04"),
        ("today", "2026-11-20"),
        ("Tomorrow", "2026-11-21"),
        ("明天", "2026-11-21"),
        ("大后天", "2026-11-23"),
        ("昨天", "2026-11-19"),
        ("前天", "2026-11-18"),
        ("day after  tomorrow", "2026-11-22"),
        ("monday", "2026-11-23"),
        ("on Thu", "2026-11-26"),
        ("friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("this sunday", "2026-11-22"),
        ("last friday", "2026-11-13"),
        ("last monday", "2026-11-16"),
        ("周五", "2026-11-27"),
        ("星期天", "2026-11-22"),
        ("这周一", "2026-11-16"),
        ("本周日", "2026-11-22"),
        ("下周一", "2026-11-23"),
        ("下周五", "2026-11-27"),
        ("下个星期天", "2026-11-29"),
        ("下下周三", "2026-12-02"),
        ("上周五", "2026-11-13"),
        ("next week", "2026-11-27"),
        ("下周", "2026-11-27"),
        ("下个月", "2026-12-20"),
        ("next quarter", "2027-02-20"),
        ("明年", "2027-11-20"),
        ("+2w", "2026-12-04"),
        ("2w", "2026-12-04"),
        ("in 2 weeks", "2026-12-04"),
        ("10 days later", "2026-11-30"),
        ("两周后", "2026-12-04"),
        ("3天后", "2026-11-23"),
        ("+1 month", "2026-12-20"),
        ("三个月后", "2027-02-20"),
        ("三个月", "2027-02-20"),
        ("三月后", "2027-02-20"),
        ("-3d", "2026-11-17"),
        ("3 days ago", "2026-11-17"),
        ("三天前", "2026-11-17"),
        ("1 month ago", "2026-10-20"),
        ("12-04", "2026-12-04"),
        ("11-20", "2026-11-20"),
        ("11-19", "2027-11-19"),
        ("12月4日", "2026-12-04"),
        ("4 December", "2026-12-04"),
        ("Dec 4", "2026-12-04"),
        ("1st jan", "2027-01-01"),
        ("tomorrow morning", "2026-11-21"),
        ("10月30号", "2027-10-30"),
        ("25号", "2026-11-25"),
        ("25日", "2026-11-25"),
        ("25天", "2026-12-15"),
        ("20号", "2026-12-20"),
        ("下月31号", "2026-12-31"),
        ("the 3rd", "2026-12-03"),
        ("月底", "2026-11-30"),
        ("end of the year", "2026-12-31"),
        ("in two weeks", "2026-12-04"),
        ("in a week", "2026-11-27"),
        ("monday afternoon", "2026-11-23"),
        ("tonight", "2026-11-20"),
        ("下周五下午", "2026-11-27"),
        ("12月4日晚上", "2026-12-04"),
    ],
)
def test_words_that_lie_ahead(text: str, expected: str) -> None:
    assert day_meant(text, FRIDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday", "2026-11-20"),
        ("monday", "2026-11-16"),
        ("last friday", "2026-11-13"),
        ("周六", "2026-11-14"),
        ("11-20", "2026-11-20"),
        ("12-04", "2025-12-04"),
        ("29 feb", "2026-02-28"),
        ("3天前", "2026-11-17"),
        ("+1d", "2026-11-21"),
        ("this morning", "2026-11-20"),
        ("18号", "2026-11-18"),
        ("31号", "2026-10-31"),
        ("上月5号", "2026-10-05"),
        ("a week ago", "2026-11-13"),
        ("last night", "2026-11-19"),
        ("yesterday evening", "2026-11-19"),
        ("昨天下午", "2026-11-19"),
        ("昨晚", "2026-11-19"),
        ("周一上午", "2026-11-16"),
    ],
)
def test_words_for_what_has_happened(text: str, expected: str) -> None:
    assert day_meant(text, FRIDAY, back=True) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "八月",
        "3月",
        "12月",
        "",
        " ",
        "frday",
        "soon",
        "2026-02-30",
        "next",
        "下",
        "32 december",
        "4 decembre",
        "-+2w",
        "+2w ago",
        "in 3 days ago",
        "99999999 years",
        "+9999 years",
        "lunar 08-15x",
        "x" * 5000,
        "0d",
        "周八",
        "32号",
        "下月0号",
        "an hour ago",
        "morning",
        "下午",
        "next morning",
    ],
)
def test_words_that_mean_no_day(text: str) -> None:
    assert day_meant(text, FRIDAY) is None


@pytest.mark.parametrize(("text", "day"), [("yesterday", date.min), ("+10 years", date(9995, 1, 1))])
def test_beyond_the_calendar_there_is_no_day(text: str, day: date) -> None:
    assert day_meant(text, day) is None


def test_bare_length_is_no_day_that_has_been() -> None:
    assert day_meant("2w", FRIDAY, back=True) is None


@given(
    st.dates(date(1900, 1, 1), date(2500, 1, 1)),
    st.sampled_from(["mon", "tuesday", "wed", "周四", "星期五", "sat", "礼拜天"]),
)
def test_weekday_is_the_nearest(day: date, name: str) -> None:
    ahead, behind = day_meant(name, day), day_meant(name, day, back=True)
    assert ahead is not None
    assert behind is not None
    assert timedelta(0) < ahead - day <= timedelta(7)
    assert timedelta(0) <= day - behind < timedelta(7)
    assert ahead.weekday() == behind.weekday()


@given(st.text(max_size=30), st.dates(date(1, 1, 1), date(9999, 12, 31)), st.booleans())
def test_any_text_is_answered(text: str, day: date, back: bool) -> None:
    found = day_meant(text, day, back=back)
    assert found is None or 1600 <= found.year <= 2999


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "2026-11"),
        ("this month", "2026-11"),
        ("next", "2026-12"),
        ("下个月", "2026-12"),
        ("2027-03", "2027-03"),
        ("2027年3月", "2027-03"),
        ("december", "2026-12"),
        ("Dec", "2026-12"),
        ("November", "2026-11"),
        ("march", "2027-03"),
        ("march 2028", "2028-03"),
        ("12月", "2026-12"),
        ("十二月", "2026-12"),
        ("三月份", "2027-03"),
        ("13月", None),
        ("2026-Q4", None),
        ("q4", None),
        ("sometime", None),
    ],
)
def test_the_month_that_is_planned(text: str | None, expected: str | None) -> None:
    found = month_meant(text, FRIDAY)
    assert (found and found.name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "2026-11"),
        ("week", "2026-W47"),
        ("last-month", "2026-10"),
        ("去年", "2025"),
        ("2026-W40", "2026-W40"),
        ("october", "2026-10"),
        ("十月", "2026-10"),
        ("12月", "2025-12"),
        ("december 2024", "2024-12"),
        ("november", "2026-11"),
        ("Q3", "2026-Q3"),
        ("2025 Q3", "2025-Q3"),
        ("第三季度", "2026-Q3"),
        ("4季度", "2026-Q4"),
        ("2025年第三季度", "2025-Q3"),
        ("5季度", None),
        ("sometime", None),
    ],
)
def test_the_period_that_somebody_looks_back_on(text: str | None, expected: str | None) -> None:
    found = period_meant(text, FRIDAY)
    assert (found and found.name) == expected


@given(st.text(max_size=12), st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_any_words_mean_a_period_or_none(text: str, day: date) -> None:
    for meant in (month_meant(text, day), period_meant(text, day)):
        assert meant is None or meant.first <= meant.last
