from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.builders import day, history, project
from tests.rules.standings import D, ago
from vaultcrm.model.results import Known
from vaultcrm.rules.known import known
from vaultcrm.rules.orders import days_since_order, last_order, median_gap, own_gap


def ordered(*days: int) -> Known:
    return known(history(projects=[project(f"p{n}", start=ago(n)) for n in days]), D)


def test_median_of_an_even_number_of_gaps_may_be_a_half() -> None:
    days = [day("2026-01-01"), day("2026-01-11"), day("2026-01-26")]
    assert median_gap(days) == Fraction(25, 2)


def test_median_is_not_moved_by_one_long_gap() -> None:
    assert median_gap([ago(500), ago(30), ago(20), ago(10)]) == 10


@given(st.sets(st.dates(), min_size=2).map(sorted))
def test_it_is_the_median_of_the_gaps(days: list[date]) -> None:
    gaps = [Fraction((later - earlier).days) for earlier, later in pairwise(days)]
    assert median_gap(days) == median(gaps)


def test_own_gap_needs_three_distinct_order_days() -> None:
    two = known(
        history(projects=[project(t, start=d) for t, d in zip("abc", [D, ago(9), ago(9)], strict=True)]), D
    )
    assert own_gap(two) is None
    assert own_gap(ordered(0, 10, 30)) == 15


def test_days_since_the_last_order() -> None:
    assert days_since_order(ordered(7, 90)) == 7
    assert days_since_order(ordered()) is None


def test_the_last_order_tells_where_its_day_was_written() -> None:
    told = known(history(projects=[project("a", start=ago(3), signed=ago(5)), project("b", start=ago(4))]), D)
    found = last_order(told)
    assert (found.value, str(found.place)) == (ago(4), "Projects/b.md:2:1")
