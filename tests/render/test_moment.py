"""Formats of Moment.js, as Obsidian's templates name them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.render.moment import moment_text

AT = datetime(2026, 3, 2, 15, 4, 9)


@pytest.mark.parametrize(
    ("pattern", "english", "chinese"),
    [
        ("YYYY-MM-DD", "2026-03-02", "2026-03-02"),
        ("D.M.YY", "2.3.26", "2.3.26"),
        ("dddd, Do MMMM", "Monday, 2nd March", "星期一, 2日 三月"),
        ("ddd dd d E MMM", "Mon Mo 1 1 Mar", "周一 一 1 1 3月"),
        ("HH:mm:ss H m s", "15:04:09 15 4 9", "15:04:09 15 4 9"),
        ("h:mm A, hh a", "3:04 PM, 03 pm", "3:04 下午, 03 下午"),
        ("GGGG-[W]WW W ww gggg", "2026-W10 10 10 2026", "2026-W10 10 10 2026"),
        ("DDDD DDD Q", "061 61 1", "061 61 1"),
        ("[Day] D [of] YYYY年", "Day 2 of 2026年", "Day 2 of 2026年"),
        ("", "", ""),
    ],
)
def test_formats(pattern: str, english: str, chinese: str) -> None:
    assert moment_text(pattern, AT, "en") == english
    assert moment_text(pattern, AT, "zh") == chinese


@pytest.mark.parametrize(
    ("day", "ordinal"),
    [(1, "1st"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (22, "22nd")],
)
def test_ordinals(day: int, ordinal: str) -> None:
    assert moment_text("Do", datetime(2026, 1, day), "en") == ordinal


@pytest.mark.parametrize(("hour", "shown"), [(0, "12 AM"), (12, "12 PM"), (11, "11 AM"), (23, "11 PM")])
def test_hours(hour: int, shown: str) -> None:
    assert moment_text("h A", datetime(2026, 1, 1, hour), "en") == shown


def test_chinese_months() -> None:
    shown = [moment_text("MMMM", datetime(2026, month, 1), "zh") for month in (1, 9, 10, 11, 12)]
    assert shown == ["一月", "九月", "十月", "十一月", "十二月"]
    assert moment_text("A", datetime(2026, 1, 1, 8), "zh") == "上午"


@given(st.text(max_size=30), st.datetimes())
def test_any_format_is_filled(pattern: str, at: datetime) -> None:
    assert isinstance(moment_text(pattern, at, "en"), str)
