"""Days: months and years later, yearly dates, festivals, working days, and exact rounding.

This module must not know any client, nor why a day is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interval, YearlyDate
from vaultcrm.rules.lunar import lunar_day

ONE_DAY = timedelta(days=1)
YEAR_DAYS = 365
"""What "the last 365 days" are where the specification counts a year in days."""
YEAR_MONTHS = 12


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier), or the month's last where it has none.

    ``add_months(date(2026, 1, 31), 1)`` is 28 February 2026. (Specification 3, Conventions.)
    """
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    return _day_of_month(year, month + 1, day.day)


def add_interval(day: date, interval: Interval) -> date:
    """The day an interval later: first its months, then its days."""
    later = add_months(day, interval.months) if interval.months else day
    return later + timedelta(days=interval.days)


def full_years(start: date, day: date) -> int:
    """The largest n with ``start`` + n years ≤ ``day``; negative where ``start`` is later."""
    years = day.year - start.year
    return years if add_months(start, years * YEAR_MONTHS) <= day else years - 1


def in_last(day: date, last: date, days: int) -> bool:
    """Whether ``day`` is among the last ``days`` days to ``last``: in (last − days, last]."""
    return 0 <= (last - day).days < days


def round_half_up(value: Fraction | Decimal | int, digits: int = 0) -> Fraction:
    """Rounded to so many decimals, halves towards +∞, exactly (specification 3, Conventions)."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    scale = 10**digits
    return Fraction((2 * exact.numerator * scale + exact.denominator) // (2 * exact.denominator), scale)


def yearly_on(yearly: YearlyDate, year: int) -> date | None:
    """The occurrence of a yearly date in a year.

    Args:
        yearly: 29 February is the 28th in other years.
        year: The solar year; for a lunar date the lunar one, whose last months fall into the next solar year.

    Returns:
        The day, None for a lunar date outside of the years that are known (1900 to 2099).
    """
    if yearly.lunar:
        return lunar_day(year, yearly.month, yearly.day, yearly.leap)
    return _day_of_month(year, yearly.month, yearly.day)


def next_yearly(yearly: YearlyDate, first: date) -> date | None:
    """The first occurrence on or after ``first``, None for a lunar date of which none is known any more.

    The year in which the date began is not looked at.
    """
    for year in (first.year - 1, first.year, first.year + 1):
        day = yearly_on(yearly, year)
        if day is not None and day >= first:
            return day
    return None


def is_known_country(code: str) -> bool:
    """Whether the public holidays of a country, by its ISO code in capitals, are known."""
    from holidays.registry import EntityLoader

    return code in EntityLoader.get_country_codes()


def holidays_known(country: str | None) -> str:
    """What stands for all that is known of public holidays; nothing where no country's are asked for."""
    if country is None:
        return ""
    import holidays

    return str(vars(holidays)["__version__"])


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A country's year: its public holidays, its make-up working days, and whether both are settled."""

    holidays: frozenset[date]
    made_up: frozenset[date]
    certain: bool


class WorkCalendar:
    """Which days are worked. It remembers the years asked about, for speed and for `uncertain_years`."""

    __slots__ = ("_country", "_uncertain", "_workdays", "_years")

    def __init__(self, workdays: frozenset[int], country: str | None) -> None:
        """``workdays`` from 0 (Monday); ``country`` an ISO code, None for no holidays at all."""
        self._workdays = workdays
        self._country = country
        self._years: dict[int, DaysOff] = {}
        self._uncertain: set[int] = set()

    def is_working(self, day: date) -> bool:
        """Whether a day is worked: a workday that is no public holiday, or a make-up working day."""
        if self._country is None:
            return day.weekday() in self._workdays
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = days_off(self._country, day.year)
        if not year.certain:
            self._uncertain.add(day.year)
        if day.weekday() in self._workdays:
            return day not in year.holidays
        return day in year.made_up

    def next_working(self, day: date) -> date:
        """The day itself where it is worked, else the next one that is."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def uncertain_years(self) -> tuple[int, ...]:
        """Of the years asked about since this was called last, those that nobody has settled yet."""
        years = tuple(sorted(self._uncertain))
        self._uncertain.clear()
        return years


def work_calendar(policy: Policy) -> WorkCalendar:
    """The policy's working days; a country that is not known has no holidays."""
    country = policy.holidays if policy.holidays and is_known_country(policy.holidays) else None
    return WorkCalendar(policy.workdays, country)


@lru_cache(maxsize=64)
def days_off(country: str, year: int) -> DaysOff:
    """The public holidays of a year, observed days included, and the make-up working days.

    A year is not certain where the library marks a holiday as estimated (a moon that has to be seen), or
    where the country exchanges days by decree and the library knows no decree for that year yet (China
    publishes the next year's in November).
    """
    from holidays import country_holidays

    # the language fixed: the library asks the environment otherwise
    found = country_holidays(country, years=year, expand=False, language="en_US")
    estimated = [
        found.tr(label).replace("%s", "")
        for label in (getattr(found, name, None) for name in ("estimated_label", "observed_estimated_label"))
        if label
    ]
    certain = not any(mark in name for mark in estimated for name in found.values())
    return DaysOff(
        holidays=frozenset(found),
        made_up=frozenset(day for day in found.weekend_workdays if day.year == year),
        certain=certain and year <= _last_decree(getattr(found, "special_public_holidays", {}), year),
    )


def _last_decree(special: Mapping[int, tuple[object, ...]], year: int) -> int:
    """The last year that a decree is known for, ``year`` itself for a country that never exchanges days.

    The library's rows are (month, day, name), or (to month, to day, from month, from day) for an exchange;
    a year with a single row has it bare.
    """
    exchanges = any(
        isinstance(row[-1], int)
        for rows in special.values()
        for row in (rows, *rows)
        if isinstance(row, tuple)
    )
    return max(special) if exchanges else year


def _day_of_month(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return month_end(year, month)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, 31) if month == YEAR_MONTHS else date(year, month + 1, 1) - ONE_DAY


FESTIVALS: Mapping[str, YearlyDate] = {
    "spring-festival": YearlyDate(1, 1, lunar=True),
    "dragon-boat": YearlyDate(5, 5, lunar=True),
    "mid-autumn": YearlyDate(8, 15, lunar=True),
    "national-day": YearlyDate(10, 1),
    "new-year": YearlyDate(1, 1),
}
"""Days of greetings, by the names that a policy lists (specification 3, Touchpoints: holiday)."""
