"""Birthdays as telephones and programs write them."""

from __future__ import annotations

import pytest

from vaultcrm.parse.contact_dates import is_day_first, yearly_text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19880415", "1988-04-15"),
        ("1988-04-15", "1988-04-15"),
        ("1988/4/15", "1988-04-15"),
        ("1988-04-15T23:30:00-0800", "1988-04-15"),  # no zone moves a birthday
        ("19531015T231000Z", "1953-10-15"),
        ("--0415", "04-15"),
        ("--04-15", "04-15"),
        (" --04-15 ", "04-15"),
        ("-0415", "04-15"),
        ("--0229", "02-29"),
        ("1604-04-15", "04-15"),
        ("0000-04-15", "04-15"),
        ("15.4.1988", "1988-04-15"),
        ("4/15/1988", "1988-04-15"),
        ("4/4/1988", "1988-04-04"),
        ("4/5/1988", None),  # April or May?
        ("4月15日", "04-15"),
        ("4月15", "04-15"),
        ("农历八月十五", "lunar 08-15"),
        ("阴历1985年八月十五", "lunar 1985-08-15"),
        ("农历闰六月初一", "lunar 闰06-01"),
        ("---15", None),
        ("1988", None),
        ("1988-04", None),
        ("1988-02-30", None),
        ("circa 1800", None),
        ("", None),
    ],
)
def test_day_is_read(text: str, day: str | None) -> None:
    assert yearly_text(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("007800350815", "lunar 2018-08-15"),  # the 35th year of the 78th cycle
        ("000000000815", "lunar 08-15"),
        ("19850815", "lunar 1985-08-15"),
        ("--0230", "lunar 02-30"),
        ("八月十五", None),
        ("农历八月十五", "lunar 08-15"),
        ("4/5/1988", None),
    ],
)
def test_lunar_day_is_read(text: str, day: str | None) -> None:
    assert yearly_text(text, lunar=True) == day


def test_what_other_days_tell_decides() -> None:
    assert yearly_text("4/5/1988", day_first=True) == "1988-05-04"
    assert yearly_text("4/5/1988", day_first=False) == "1988-04-05"
    assert (is_day_first("15/4/1988"), is_day_first("4/15/1988")) == (True, False)
    assert is_day_first("4/5/1988") is None
    assert is_day_first("1988-04-15") is None
