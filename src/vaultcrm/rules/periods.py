"""Periods by name: ``2026-12``, ``2026-W47``, ``2026-Q3``, ``2026``, and the one that a day is in.

This module must not know what a period is asked for.
"""

from __future__ import annotations

from datetime import date, timedelta

from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import ONE_DAY, add_months

WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
WEEK_DAYS = 7


class Period(NamedTuple):
    """A week (from Monday), month, quarter or year: [``first``, ``last``]."""

    length: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """How it is written: ``2026-W47``, ``2026-12``, ``2026-Q3``, ``2026``."""
        year, month = self.first.year, self.first.month
        if self.length == WEEK:
            iso = self.first.isocalendar()
            return f"{iso.year:04}-W{iso.week:02}"
        if self.length == QUARTER:
            return f"{year:04}-Q{(month + 2) // 3}"
        return f"{year:04}" if self.length == YEAR else f"{year:04}-{month:02}"

    @property
    def before(self) -> Period:
        """The period of the same length before it."""
        return period_of(self.length, self.first - ONE_DAY)

    @property
    def after(self) -> Period:
        """The period of the same length behind it."""
        return period_of(self.length, self.last + ONE_DAY)


def period_of(length: str, day: date) -> Period:
    """The week, month, quarter or year that a day is in."""
    if length == WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(length, monday, monday + timedelta(days=WEEK_DAYS - 1))
    months = _MONTHS[length]
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return Period(length, first, add_months(first, months) - ONE_DAY)


def parse_period(text: str) -> Period | None:
    """The period that is written so, in any case of letters; None where none is."""
    for length, form in _FORMS.items():
        match = form.fullmatch(text.strip())
        if match is not None:
            return _named(length, *(int(number) for number in match.groups()))
    return None


def parse_month(text: str) -> date | None:
    """The first day of a month that is written ``2026-12``; None where none is."""
    period = parse_period(text)
    return period.first if period is not None and period.length == MONTH else None


def _named(length: str, year: int, number: int = 1) -> Period | None:
    try:
        if length == WEEK:
            return period_of(length, date.fromisocalendar(year, number, 1))
        period = period_of(length, date(year, 1 + (number - 1) * _MONTHS[length], 1))
    except (ValueError, OverflowError):
        return None
    return period if date.min.year < year < date.max.year else None


_FORMS = {
    WEEK: regex(r"([0-9]{4})-?[Ww]([0-9]{1,2})"),
    MONTH: regex(r"([0-9]{4})[-/年]([0-9]{1,2})月?"),
    QUARTER: regex(r"([0-9]{4})-?[Qq]([1-4])"),
    YEAR: regex(r"([0-9]{4})年?"),
}
