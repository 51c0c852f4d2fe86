from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset
from tests.rules.builders import day
from vaultcrm.model.records import Interval, YearlyDate
from vaultcrm.rules.days import (
    FESTIVALS,
    WorkCalendar,
    add_interval,
    add_months,
    days_off,
    full_years,
    in_last,
    is_known_country,
    next_yearly,
    round_half_up,
    work_calendar,
    yearly_on,
)

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(start: str, months: int, expected: str) -> None:
    assert add_months(day(start), months) == day(expected)


@given(DAYS, st.integers(-240, 240))
def test_months_land_in_the_month_that_is_meant(start: date, months: int) -> None:
    later = add_months(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == start.day or (later + timedelta(days=1)).day == 1


def test_intervals_add_months_before_days() -> None:
    assert add_interval(day("2026-01-31"), Interval(months=1, days=1)) == day("2026-03-01")
    assert add_interval(day("2026-01-31"), Interval(days=14)) == day("2026-02-14")


@pytest.mark.parametrize(
    ("start", "on", "years"),
    [
        ("2020-11-20", "2026-11-19", 5),
        ("2020-11-20", "2026-11-20", 6),
        ("2020-11-20", "2026-11-21", 6),
        ("2024-02-29", "2025-02-27", 0),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-02-29", "2028-02-28", 3),
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-21", "2026-11-20", -1),
    ],
)
def test_full_years(start: str, on: str, years: int) -> None:
    assert full_years(day(start), day(on)) == years


def test_the_last_days_begin_one_day_short_and_end_on_the_day() -> None:
    last = day("2026-11-20")
    assert in_last(last, last, 365)
    assert in_last(last - timedelta(days=364), last, 365)
    assert not in_last(last - timedelta(days=365), last, 365)
    assert not in_last(last + timedelta(days=1), last, 365)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Fraction(1, 2), 0, 1),
        (Fraction(-1, 2), 0, 0),
        (Fraction(-3, 2), 0, -1),
        (Fraction(5, 2), 0, 3),
        (Fraction(203, 4), 1, Fraction(508, 10)),
        (Fraction(2, 3), 4, Fraction(6667, 10000)),
        (Decimal("0.125"), 2, Fraction(13, 100)),
        (7, 2, 7),
    ],
)
def test_halves_are_rounded_up(
    value: Fraction | Decimal | int, digits: int, expected: Fraction | int
) -> None:
    assert round_half_up(value, digits) == expected


@given(st.fractions(), st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_step(value: Fraction, digits: int) -> None:
    moved = round_half_up(value, digits) - value
    assert -Fraction(1, 2) < moved * 10**digits <= Fraction(1, 2)


class TestYearlyDates:
    def test_29_february_is_the_28th_in_other_years(self) -> None:
        leap = YearlyDate(2, 29, 1988)
        assert yearly_on(leap, 2027) == day("2027-02-28")
        assert yearly_on(leap, 2028) == day("2028-02-29")

    @pytest.mark.parametrize(
        ("first", "expected"),
        [
            ("2026-05-19", "2026-05-20"),
            ("2026-05-20", "2026-05-20"),
            ("2026-05-21", "2027-05-20"),
            ("2026-12-31", "2027-05-20"),
        ],
    )
    def test_the_next_one_may_be_the_day_itself(self, first: str, expected: str) -> None:
        assert next_yearly(YearlyDate(5, 20), day(first)) == day(expected)

    def test_a_lunar_day_of_the_twelfth_month_falls_into_the_next_solar_year(self) -> None:
        new_years_eve = YearlyDate(12, 29, lunar=True)
        assert yearly_on(new_years_eve, 2025) == day("2026-02-16")
        assert next_yearly(new_years_eve, day("2026-01-01")) == day("2026-02-16")
        assert next_yearly(new_years_eve, day("2026-02-17")) == day("2027-02-05")

    def test_the_30th_of_a_short_lunar_month_is_its_29th(self) -> None:
        assert yearly_on(YearlyDate(12, 30, lunar=True), 2025) == day("2026-02-16")
        assert yearly_on(YearlyDate(12, 30, lunar=True), 2023) == day("2024-02-09")

    def test_a_leap_month_counts_in_years_that_have_it(self) -> None:
        born = YearlyDate(6, 15, 1987, lunar=True, leap=True)
        ordinary = YearlyDate(6, 15, 1987, lunar=True)
        assert yearly_on(born, 2025) == day("2025-08-08")
        assert yearly_on(ordinary, 2025) == day("2025-07-09")

    def test_a_leap_month_is_the_ordinary_one_in_other_years(self) -> None:
        born = YearlyDate(6, 15, 1987, lunar=True, leap=True)
        assert yearly_on(born, 2026) == yearly_on(YearlyDate(6, 15, lunar=True), 2026) == day("2026-07-28")

    def test_another_leap_month_of_the_year_changes_nothing(self) -> None:
        # 2023 has a leap second month
        born = YearlyDate(6, 15, lunar=True, leap=True)
        assert yearly_on(born, 2023) == yearly_on(YearlyDate(6, 15, lunar=True), 2023)

    def test_lunar_years_that_nobody_has_tables_for(self) -> None:
        assert yearly_on(YearlyDate(8, 15, lunar=True), 1899) is None
        assert yearly_on(YearlyDate(8, 15, lunar=True), 2100) is None
        assert next_yearly(YearlyDate(1, 1, lunar=True), day("2099-12-01")) is None

    @given(st.integers(1, 12), st.integers(1, 30), st.booleans(), DAYS)
    def test_the_next_lunar_day_is_within_thirteen_months(
        self, month: int, number: int, leap: bool, first: date
    ) -> None:
        found = next_yearly(YearlyDate(month, number, lunar=True, leap=leap), first)
        assert found is not None
        assert 0 <= (found - first).days < 420

    @pytest.mark.parametrize(
        ("name", "year", "expected"),
        [
            ("spring-festival", 2026, "2026-02-17"),
            ("dragon-boat", 2026, "2026-06-19"),
            ("mid-autumn", 2026, "2026-09-25"),
            ("national-day", 2026, "2026-10-01"),
            ("new-year", 2027, "2027-01-01"),
        ],
    )
    def test_festivals(self, name: str, year: int, expected: str) -> None:
        assert yearly_on(FESTIVALS[name], year) == day(expected)
        assert next_yearly(FESTIVALS[name], day(expected)) == day(expected)


class TestWorkCalendar:
    def test_without_a_country_only_the_weekday_matters(self) -> None:
        calendar = work_calendar(preset())
        assert calendar.is_working(day("2026-12-25"))
        assert not calendar.is_working(day("2026-12-26"))
        assert calendar.next_working(day("2026-11-21")) == day("2026-11-23")
        assert calendar.next_working(day("2026-11-23")) == day("2026-11-23")

    def test_a_week_from_sunday_to_thursday(self) -> None:
        calendar = WorkCalendar(frozenset({6, 0, 1, 2, 3}), None)
        assert calendar.next_working(day("2026-11-20")) == day("2026-11-22")

    def test_public_holidays_are_days_off(self) -> None:
        calendar = work_calendar(preset(holidays="DE"))
        assert calendar.next_working(day("2026-12-25")) == day("2026-12-28")

    def test_observed_holidays_are_days_off(self) -> None:
        # Boxing Day 2026 is a Saturday; the Monday makes up for it
        calendar = work_calendar(preset(holidays="GB"))
        assert not calendar.is_working(day("2026-12-28"))
        # Independence Day 2026 is a Saturday; the Friday before makes up for it
        assert not work_calendar(preset(holidays="US")).is_working(day("2026-07-03"))

    def test_new_year_observed_in_the_year_before(self) -> None:
        assert not work_calendar(preset(holidays="US")).is_working(day("2027-12-31"))

    @pytest.mark.parametrize("worked", ["2026-01-04", "2026-02-28", "2026-10-10"])
    def test_make_up_days_of_china_are_worked(self, worked: str) -> None:
        assert day(worked).weekday() not in WEEKDAYS
        assert work_calendar(preset(holidays="CN")).is_working(day(worked))

    def test_a_make_up_day_at_the_end_of_the_year_before(self) -> None:
        assert work_calendar(preset(holidays="CN")).is_working(day("2006-12-30"))

    def test_exchanged_days_of_china_are_off(self) -> None:
        calendar = work_calendar(preset(holidays="CN"))
        assert calendar.next_working(day("2026-10-01")) == day("2026-10-08")
        assert not calendar.is_working(day("2026-02-23"))
        assert not calendar.is_working(day("2026-10-11"))

    def test_years_are_uncertain_only_once_they_are_needed(self) -> None:
        calendar = work_calendar(preset(holidays="CN"))
        calendar.is_working(day("2026-12-31"))
        assert calendar.uncertain_years() == ()
        calendar.next_working(day("2036-01-01"))
        calendar.is_working(day("2035-06-01"))
        assert calendar.uncertain_years() == (2035, 2036)

    def test_a_moon_that_has_to_be_seen_is_uncertain(self) -> None:
        assert not days_off("MA", 2035).certain

    def test_fixed_holidays_are_certain(self) -> None:
        assert days_off("DE", 2035).certain

    def test_a_country_nobody_knows_has_no_holidays(self) -> None:
        assert is_known_country("DE")
        assert not is_known_country("XX")
        assert not is_known_country("HolidayBase")
        calendar = work_calendar(preset(holidays="XX"))
        assert calendar.is_working(day("2026-12-25"))
        assert calendar.uncertain_years() == ()

    @given(DAYS)
    def test_the_next_working_day_is_the_first(self, start: date) -> None:
        calendar = WorkCalendar(WEEKDAYS, "CN")
        found = calendar.next_working(start)
        assert calendar.is_working(found)
        passed = (start + timedelta(days=n) for n in range((found - start).days))
        assert not any(map(calendar.is_working, passed))
