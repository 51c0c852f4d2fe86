"""Values as people write them (specification 2, Values)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.records import Interval, Money, YearlyDate
from vaultcrm.parse import values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-1-5", date(2026, 1, 5)),
        ("2026/11/20", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("2026-11-20 23:30", date(2026, 11, 20)),
        ("2026-11-20T23:30:00.123", date(2026, 11, 20)),
        (" 2026-11-20 ", date(2026, 11, 20)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-29", None),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("0000-00-00", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("9999/12/31", None),
        ("0001-01-01 10:00", None),
        ("2026-11-20 25:00", None),
        ("20.11.2026", None),
        ("01/01/1980", None),
        ("2026-11", None),
        ("2026-W01-1", None),
        ("2026-11-20, 10:00", None),
        ("Friday, December 9th 2022", None),
        ("", None),
        ("2" * 5000, None),
    ],
)
def test_date(text: str, day: date | None) -> None:
    assert values.parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-11-20T23:30:00Z", "Asia/Shanghai", date(2026, 11, 21)),
        ("2026-11-20T23:30:00Z", None, date(2026, 11, 20)),
        ("2026-11-20T00:30:00+08:00", "Europe/Berlin", date(2026, 11, 19)),
        ("2026-11-20T00:30:00+0800", "Asia/Shanghai", date(2026, 11, 20)),
        ("2026-11-20 00:30:00-05", "UTC", date(2026, 11, 20)),
        ("2026-11-20 23:30", "Asia/Shanghai", date(2026, 11, 20)),
        ("2026-11-20T10:00:00+99:00", "UTC", None),
        ("2026-07-01T22:30Z", "Europe/Berlin", date(2026, 7, 2)),
        ("2026-12-01T22:30Z", "Europe/Berlin", date(2026, 12, 1)),
    ],
)
def test_date_time_is_brought_into_the_zone(text: str, zone: str | None, day: date | None) -> None:
    assert values.parse_date(text, zone) == day


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("2w", Interval(days=14)),
        ("2 wks", Interval(days=14)),
        ("fortnightly", Interval(days=14)),
        ("Every other week", Interval(days=14)),
        ("once a month", Interval(months=1)),
        ("隔周", Interval(days=14)),
        ("每半个月", Interval(days=15)),
        ("每月一次", Interval(months=1)),
        ("两周一次", Interval(days=14)),
        ("每季度 1次", Interval(months=3)),
        ("每周两次", None),
        ("一次", None),
        ("10 days", Interval(days=10)),
        ("1 month", Interval(months=1)),
        ("每2周", Interval(days=14)),
        ("每2个礼拜", Interval(days=14)),
        ("每两周", Interval(days=14)),
        ("每周", Interval(days=7)),
        ("3个月", Interval(months=3)),
        ("半年", Interval(months=6)),
        ("每半年", Interval(months=6)),
        ("P1M", Interval(months=1)),
        ("P1Y2M3W4D", Interval(months=14, days=25)),
        ("every 6 weeks", Interval(days=42)),
        ("every month", Interval(months=1)),
        ("Quarterly", Interval(months=3)),
        ("1 year", Interval(months=12)),
        ("0 days", None),
        ("-5 days", None),
        ("1.5 months", None),
        ("month", None),
        ("P", None),
        (".inf", None),
        ("100000000000000000000", None),
        ("9999 years", None),
        ("soon", None),
        ("1" * 5000 + " days", None),
        ("", None),
    ],
)
def test_interval(text: str, interval: Interval | None) -> None:
    assert values.parse_interval(text) == interval


@pytest.mark.parametrize(
    ("text", "currency", "money"),
    [
        ("12000", "EUR", Money(Decimal(12000))),
        ("12,000.50", "EUR", Money(Decimal("12000.50"))),
        ("480,000", "USD", Money(Decimal(480000))),
        ("12000 EUR", "USD", Money(Decimal(12000), "EUR")),
        ("EUR 12000", "USD", Money(Decimal(12000), "EUR")),
        ("41500 eur", "USD", Money(Decimal(41500), "EUR")),
        ("¥3万", "CNY", Money(Decimal(30000), "CNY")),
        ("¥3万", "JPY", Money(Decimal(30000), "JPY")),
        ("¥3万", "EUR", Money(Decimal(30000), "CNY")),
        ("￥3.2万", "CNY", Money(Decimal(32000), "CNY")),
        ("3.5万", "CNY", Money(Decimal(35000))),
        ("3万元", "EUR", Money(Decimal(30000), "CNY")),
        ("$500", "EUR", Money(Decimal(500), "USD")),
        ("$500", "CAD", Money(Decimal(500), "CAD")),
        ("€1,200", "USD", Money(Decimal(1200), "EUR")),
        ("1.2亿", "CNY", Money(Decimal(120000000))),
        ("12,00", "EUR", None),
        ("1,2345", "EUR", None),
        ("12.000,50", "EUR", None),
        ("twelve", "EUR", None),
        ("$5 EUR", "EUR", None),
        ("nan", "EUR", None),
        ("1e9", "EUR", None),
        ("9" * 5000, "EUR", None),
    ],
)
def test_money(text: str, currency: str, money: Money | None) -> None:
    assert values.parse_money(text, currency) == money


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05-20", YearlyDate(5, 20)),
        ("02-29", YearlyDate(2, 29)),
        ("1988-05-20", YearlyDate(5, 20, 1988)),
        ("5月20日", YearlyDate(5, 20)),
        ("1988年5月20日", YearlyDate(5, 20, 1988)),
        ("农历八月十五", YearlyDate(8, 15, None, lunar=True)),
        ("农历正月初九", YearlyDate(1, 9, None, lunar=True)),
        ("农历腊月廿三", YearlyDate(12, 23, None, lunar=True)),
        ("农历十二月三十", YearlyDate(12, 30, None, lunar=True)),
        ("农历闰六月十五", YearlyDate(6, 15, None, lunar=True, leap=True)),
        ("农历1985年八月十五", YearlyDate(8, 15, 1985, lunar=True)),
        ("lunar 08-15", YearlyDate(8, 15, None, lunar=True)),
        ("lunar 1985-08-15", YearlyDate(8, 15, 1985, lunar=True)),
        ("Lunar 1987-闰06-15", YearlyDate(6, 15, 1987, lunar=True, leap=True)),
        ("lunar 13-01", None),
        ("lunar 08-31", None),
        ("02-30", None),
        ("1987-02-29", None),
        ("20 May", None),
        ("农历", None),
    ],
)
def test_yearly_date(text: str, day: YearlyDate | None) -> None:
    assert values.parse_yearly(text) == day


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("positive", 1),
        ("消极", -1),
        ("中性", 0),
        ("+2", 2),
        ("-2", -2),
        ("\u22121", -1),
        ("0", 0),
        ("3", None),
        ("fine", None),
    ],
)
def test_sentiment(text: str, mood: int | None) -> None:
    assert values.parse_sentiment(text) == mood


@pytest.mark.parametrize(
    ("text", "score"),
    [("7.5", Decimal("7.5")), ("10", 10), ("1", 1), ("0", None), ("10.1", None), ("８", None)],
)
def test_score(text: str, score: Decimal | None) -> None:
    assert values.parse_score(text, 1, 10) == score


@given(st.text(max_size=80))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    values.parse_date(text, "Asia/Shanghai")
    values.parse_interval(text)
    values.parse_money(text, "EUR")
    values.parse_yearly(text)
    values.parse_sentiment(text)
    values.parse_score(text, 1, 10)


@given(st.dates(date(1600, 1, 1), date(2999, 12, 31)))
def test_every_spelling_of_a_day_means_that_day(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.year:04}/{day.month}/{day.day}",
        f"{day.year:04}年{day.month}月{day.day}日",
        f"{day.isoformat()}T10:00:00",
    ):
        assert values.parse_date(text, "Asia/Tokyo") == day
