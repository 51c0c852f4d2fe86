"""The day that a person means by a few words: ``today``, ``friday``, ``+2w``, ``昨天``, ``下周五``.

For what is typed at a command line; in notes only dates are dates, as words would mean another day tomorrow.
This module must not know what a day is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interval
from vaultcrm.parse.values import FIRST_YEAR, LAST_YEAR, parse_date, parse_interval, parse_yearly
from vaultcrm.rules.days import add_interval, add_months, next_yearly, yearly_on

WEEK = 7
LIKE = "2026-12-04, friday, +2w, tomorrow, 下周五"
LIKE_PAST = "2026-11-20, yesterday, monday, -3d, 昨天"
"""What may be written, for messages: of a day ahead, and of one that has passed."""


def day_meant(text: str, day: date, *, back: bool = False, timezone: str | None = None) -> date | None:
    """The day that a text means when it is typed on ``day``; None where it means none.

    A date is itself. ``+2w``, ``in 10 days``, ``2周后`` lie ahead, ``-3d``, ``3 days ago``, ``3天前`` behind.
    A weekday is the next one after ``day``, ``下周五`` that of the next week from Monday on.

    Args:
        text: What was typed.
        day: The day on which it was typed.
        back: Something that has happened is meant: a weekday, or a day of the year, is the last one up to
            ``day`` itself, and a bare ``2w`` means nothing.
        timezone: The vault's time zone, for a date-time.
    """
    written = parse_date(text.strip(), timezone)
    if written is not None:
        return written
    words = " ".join(text.casefold().split())
    for meant in (_near_day, _weekday, _period, _span, _of_the_year):
        try:
            found = meant(words, day, back)
        except (OverflowError, ValueError):  # beyond the calendar
            return None
        if found is not None:
            return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
    return None


def _near_day(words: str, day: date, back: bool) -> date | None:
    del back
    return day + timedelta(days=DAYS[words]) if words in DAYS else None


def _weekday(words: str, day: date, back: bool) -> date | None:
    match = _WEEKDAY.fullmatch(words)
    if match is None:
        return None
    wanted = WEEKDAYS.get(match["name"])
    if wanted is None:
        return None
    which = match["which"] or ""
    monday = day - timedelta(days=day.weekday())
    if which in _WEEKS:
        return monday + timedelta(days=wanted + WEEK * _WEEKS[which])
    if back or which == "last":
        return day - timedelta(days=(day.weekday() - wanted) % WEEK or (WEEK if which == "last" else 0))
    return day + timedelta(days=(wanted - day.weekday()) % WEEK or WEEK)


def _period(words: str, day: date, back: bool) -> date | None:
    """Next week, last month: the same day of it."""
    del back
    if words not in PERIODS:
        return None
    interval, sign = PERIODS[words]
    return _moved(day, interval, sign)


def _span(words: str, day: date, back: bool) -> date | None:
    match = _SPAN.fullmatch(words)
    if match is None:
        return None
    behind = match["sign"] == "-" or match["after"] in _AGO
    ahead = match["sign"] == "+" or match["in"] or match["after"] in _FROM_NOW
    if (behind and ahead) or (back and not behind and not ahead):
        return None
    interval = parse_interval(match["length"])
    return None if interval is None else _moved(day, interval, -1 if behind else 1)


def _of_the_year(words: str, day: date, back: bool) -> date | None:
    """``12-04``, ``12月4日``, ``4 december``: the nearest one in that direction, ``day`` included."""
    match = _NAMED_DAY.fullmatch(words) or _DAY_NAMED.fullmatch(words)
    if match is not None:
        month = MONTHS.get(match["month"])
        words = "" if month is None else f"{month:02}-{int(match['day']):02}"
    yearly = parse_yearly(words) if words else None
    if yearly is None or yearly.year is not None:
        return None
    if not back:
        return next_yearly(yearly, day)
    found = [yearly_on(yearly, day.year - years) for years in range(3)]  # a lunar year ends in the next one
    return max((each for each in found if each is not None and each <= day), default=None)


def _moved(day: date, interval: Interval, sign: int) -> date:
    if sign > 0:
        return add_interval(day, interval)
    return add_months(day, -interval.months) - timedelta(days=interval.days)


DAYS: Mapping[str, int] = {
    **dict.fromkeys(("today", "now", "今天", "今日"), 0),
    **dict.fromkeys(("tomorrow", "明天", "明日"), 1),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), -1),
    **dict.fromkeys(("day after tomorrow", "the day after tomorrow", "后天"), 2),
    **dict.fromkeys(("day before yesterday", "the day before yesterday", "前天"), -2),
    "大后天": 3,
    "大前天": -3,
}
"""Days by how far they are from today."""

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: Mapping[str, int] = {
    **{name: number for number, name in enumerate(_ENGLISH)},
    **{name[:3]: number for number, name in enumerate(_ENGLISH)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    **{week + name: n for week in ("周", "星期", "礼拜") for n, name in enumerate("一二三四五六日")},
    **{week + "天": 6 for week in ("周", "星期", "礼拜")},
}
"""Names of weekdays; 0 is Monday."""

_WEEKS = {"本": 0, "这": 0, "下": 1, "下个": 1, "上": -1, "上个": -1, "下下": 2, "上上": -2}
_WEEKDAY = regex(
    r"(?:(?P<which>next|last|this|on|本|这|上个?|上上|下个?|下下) ?)?(?P<name>[a-z]+|[周星礼]\w{1,2})"
)

PERIODS: Mapping[str, tuple[Interval, int]] = {
    **dict.fromkeys(("next week", "下周", "下个星期", "下星期", "下礼拜"), (Interval(days=WEEK), 1)),
    **dict.fromkeys(("last week", "上周", "上个星期", "上星期", "上礼拜"), (Interval(days=WEEK), -1)),
    **dict.fromkeys(("next month", "下月", "下个月"), (Interval(months=1), 1)),
    **dict.fromkeys(("last month", "上月", "上个月"), (Interval(months=1), -1)),
    **dict.fromkeys(("next quarter", "下季度", "下个季度"), (Interval(months=3), 1)),
    **dict.fromkeys(("next year", "明年"), (Interval(months=12), 1)),
    **dict.fromkeys(("last year", "去年"), (Interval(months=12), -1)),
}
"""Times named from today, and the direction in which they lie."""

_AGO = frozenset({"ago", "前", "以前", "之前"})
_FROM_NOW = frozenset({"from now", "later", "后", "以后", "之后"})
_SPAN = regex(
    r"(?P<sign>[+-]?) ?(?P<in>in )?(?P<length>.{1,20}?) ?(?P<after>ago|from now|later|以?前|之前|以?后|之后)?"
)

_FULL_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS: Mapping[str, int] = {
    **{name: number for number, name in enumerate(_FULL_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_FULL_MONTHS, 1)},
    "sept": 9,
}
"""Names of months; 1 is January."""

_DAY_NAMED = regex(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]{3,9})\.?")
_NAMED_DAY = regex(r"(?P<month>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?")
