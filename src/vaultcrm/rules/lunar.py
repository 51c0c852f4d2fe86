"""Days of the Chinese lunar calendar in the solar one.

This module must not know what a day is for, nor anything of the solar calendar's own rules.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1900, 2099
"""The years that the tables of `lunardate` hold."""

SHORT_MONTH = 29


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int, leap: bool) -> date | None:
    """The solar day of a lunar one (specification 2, Values).

    A leap month that the year does not have is the ordinary one; the 30th of a month of 29 days is the 29th.

    Args:
        year: The lunar year, which begins in January or February of the solar year of that number.
        month: 1 to 12.
        day: 1 to 30.
        leap: Whether the leap month of that number is meant.

    Returns:
        The day, None for a year before 1900 or after 2099, which nobody has tables for.
    """
    from lunardate import LunarDate  # only vaults with lunar dates pay for it

    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        return None
    in_leap = leap and LunarDate.leap_month_for_year(year) == month
    try:
        solar: date = LunarDate(year, month, day, in_leap).to_solar_date()
    except ValueError:
        solar = LunarDate(year, month, SHORT_MONTH, in_leap).to_solar_date()
    return solar
