from __future__ import annotations

import pytest

from tests.rules.builders import day
from vaultcrm.rules.periods import Period, parse_month, parse_period, period_of


@pytest.mark.parametrize(
    ("text", "length", "first", "last"),
    [
        ("2026-W47", "week", "2026-11-16", "2026-11-22"),
        ("2026w1", "week", "2025-12-29", "2026-01-04"),
        ("2020-W53", "week", "2020-12-28", "2021-01-03"),
        ("2026-11", "month", "2026-11-01", "2026-11-30"),
        ("2026年2月", "month", "2026-02-01", "2026-02-28"),
        ("2026-Q3", "quarter", "2026-07-01", "2026-09-30"),
        ("2026q4", "quarter", "2026-10-01", "2026-12-31"),
        ("2025", "year", "2025-01-01", "2025-12-31"),
    ],
)
def test_period_by_name(text: str, length: str, first: str, last: str) -> None:
    period = parse_period(text)
    assert period == Period(length, day(first), day(last))
    assert parse_period(period.name) == period
    assert period.after.before == period
    assert period_of(length, period.last) == period


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2021-W53", "2026-W00", "2026-Q5", "0001", "9999", "20260", "x"]
)
def test_no_period(text: str) -> None:
    assert parse_period(text) is None


def test_month_by_name() -> None:
    assert (parse_month("2026-12"), parse_month("2026"), parse_month("")) == (day("2026-12-01"), None, None)
