"""What a person means by a few words: a day (``friday``, ``+2w``, ``昨天``), a period (``last month``).

For what is typed at a command line; in notes only dates are dates, as words would mean another day tomorrow.
This module must not know what a day or a period is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interval
from vaultcrm.parse.values import FIRST_YEAR, LAST_YEAR, parse_date, parse_interval, parse_yearly
from vaultcrm.rules.days import add_interval, add_months, month_end, next_yearly, yearly_on
from vaultcrm.rules.periods import MONTH, QUARTER, WEEK, WEEK_DAYS, YEAR, Period, parse_period, period_of

LIKE = "2026-12-04, friday, +2w, tomorrow"
LIKE_PAST = "2026-11-20, yesterday, monday, -3d"
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
    words = _spoken(" ".join(text.casefold().split()))
    for each in dict.fromkeys((words, _OF_THE_DAY.sub("", words))):
        for meant in (_near_day, _weekday, _period, _of_the_month, _span, _of_the_year):
            try:
                found = meant(each, day, back)
            except (OverflowError, ValueError):  # beyond the calendar
                return None
            if found is not None:
                return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
    return None


def period_meant(text: str | None, day: date) -> Period | None:
    """The period on which a person looks back; None where none is called so.

    Nothing is the month that the day is in. ``week`` is the one that it is in, ``last week`` the one before;
    ``october`` and ``三季度`` are the latest ones that have begun.
    """
    words = _words(text or MONTH)
    for length, (this, last) in LOOKED_BACK_ON.items():
        if words in this:
            return period_of(length, day)
        if words in last:
            return period_of(length, day).before
    found = parse_period(text or "")
    if found is not None:
        return found
    this_year = _in_a_year(words, day.year)
    is_ahead = this_year is not None and this_year.first > day
    return _in_a_year(words, day.year - 1) if is_ahead else this_year


def month_meant(text: str | None, day: date) -> Period | None:
    """The month that a person plans; None where none is called so.

    Nothing is the month that the day is in; ``next`` the one after it; ``march`` and ``三月`` the next one of
    that name, if it is not the one that the day is in.
    """
    this, words = period_of(MONTH, day), _words(text or "")
    if words in PLANNED_NEXT:
        return this.after
    if words in PLANNED_NOW:
        return this
    found = parse_period(text or "")
    if found is None:
        found = _in_a_year(words, day.year)
        if found is not None and found.last < day:
            found = _in_a_year(words, day.year + 1)
    return found if found is not None and found.length == MONTH else None


def _words(text: str) -> str:
    return " ".join(text.strip().casefold().replace("-", " ").split())


def _in_a_year(words: str, year: int) -> Period | None:
    """The month or quarter that has this name, of the year that is named with it, else of this one."""
    for length, form in ((MONTH, _MONTH_NAMED), (QUARTER, _QUARTER_NAMED)):
        match = form.fullmatch(words)
        number = NUMBERED[length].get(match["name"]) if match is not None else None
        if match is not None and number is not None:
            return parse_period(f"{int(match['year'] or year):04}-{'Q' if length == QUARTER else ''}{number}")
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
        return monday + timedelta(days=wanted + WEEK_DAYS * _WEEKS[which])
    if back or which == "last":
        least = WEEK_DAYS if which == "last" else 0
        return day - timedelta(days=(day.weekday() - wanted) % WEEK_DAYS or least)
    return day + timedelta(days=(wanted - day.weekday()) % WEEK_DAYS or WEEK_DAYS)


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
    if words in NUMBERED[MONTH]:  # 八月 is August, and no day; 八个月 and 八月后 are eight months from now
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


def _of_the_month(words: str, day: date, back: bool) -> date | None:
    """``18号``, ``the 18th``, ``下月5号``: the nearest one in that direction; the end of a month or year."""
    match = _MONTHS_DAY.fullmatch(words)
    if match is None:
        if words in END_OF_MONTH:
            return month_end(day.year, day.month)
        return date(day.year, 12, 31) if words in END_OF_YEAR else None
    first = day.replace(day=1)
    if match["month"]:
        months = {"上": -1, "下": 1}.get(match["month"][0], 0)
        return add_months(first, months).replace(day=int(match["day"]))
    for months in (0, -1, -2) if back else (0, 1, 2):  # not each month has a 31st
        try:
            found = add_months(first, months).replace(day=int(match["day"]))
        except ValueError:
            continue
        if (found <= day) if back else (found > day):
            return found
    return None


def _spoken(words: str) -> str:
    """Small numbers as digits, and ``10月30号`` as it is written: ``in two weeks``, ``a week ago``."""
    words = _HAO.sub(r"\g<1>日", words)
    return _SMALL.sub(lambda match: SMALL_NUMBERS[match[0]], words)


SMALL_NUMBERS: Mapping[str, str] = {
    **dict.fromkeys(("a", "an", "one"), "1"),
    **{name: f"{number}" for number, name in enumerate(("two", "three", "four", "five", "six"), 2)},
}
_SMALL = regex(
    r"(?:(?<=^in )|(?<=^)|(?<=^\+))(?:an?|one|two|three|four|five|six)(?= (?:days?|weeks?|months?|years?)\b)"
)
_HAO = regex(r"(月[0-9]{1,2})号")
_MONTHS_DAY = regex(r"(?:(?P<month>[上下本这]个?月)|the )?(?P<day>[0-9]{1,2})(?:[号日]|st|nd|rd|th)")
END_OF_MONTH = frozenset({"月底", "本月底", "这个月底", "end of the month", "the end of the month"})
END_OF_YEAR = frozenset({"年底", "今年底", "end of the year", "the end of the year"})


def _moved(day: date, interval: Interval, sign: int) -> date:
    if sign > 0:
        return add_interval(day, interval)
    return add_months(day, -interval.months) - timedelta(days=interval.days)


DAYS: Mapping[str, int] = {
    **dict.fromkeys(("today", "now", "tonight", "今天", "今日", "今早", "今晚"), 0),
    **dict.fromkeys(("this morning", "this afternoon", "this evening"), 0),
    **dict.fromkeys(("tomorrow", "明天", "明日"), 1),
    **dict.fromkeys(("yesterday", "last night", "昨天", "昨日", "昨晚"), -1),
    **dict.fromkeys(("day after tomorrow", "the day after tomorrow", "后天"), 2),
    **dict.fromkeys(("day before yesterday", "the day before yesterday", "前天"), -2),
    "大后天": 3,
    "大前天": -3,
}
"""Days by how far they are from today."""

_OF_THE_DAY = regex(r"(?<=\w) ?(?:(?<= )(?:morning|afternoon|evening)|[上下中]午|早上|晚上|傍晚)\Z")
"""A part of a day: ``friday morning`` and ``昨天下午`` are these days."""

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
    **dict.fromkeys(("next week", "下周", "下个星期", "下星期", "下礼拜"), (Interval(days=WEEK_DAYS), 1)),
    **dict.fromkeys(("last week", "上周", "上个星期", "上星期", "上礼拜"), (Interval(days=WEEK_DAYS), -1)),
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

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
NUMBERED: Mapping[str, Mapping[str, int]] = {
    MONTH: {
        **MONTHS,
        **{f"{each}月": number for number, name in enumerate(_NUMERALS, 1) for each in (name, number)},
    },
    QUARTER: {
        f"{before}{each}{behind}": number
        for number, name in enumerate(_NUMERALS[:4], 1)
        for before, each, behind in (("q", number, ""), ("", number, "季度"), ("", name, "季度"))
    },
}
"""Names of months and quarters; 1 is the first of a year."""

_MONTH_NAMED = regex(r"(?P<name>[a-z]{3,9}|[0-9一二三四五六七八九十]{1,2}月)份?(?:,? (?P<year>[0-9]{4}))?")
_QUARTER_NAMED = regex(r"(?:(?P<year>[0-9]{4})年? ?)?第?(?P<name>q[1-4]|[1-4一二三四]季度)")

LOOKED_BACK_ON: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    WEEK: (("week", "this week", "本周", "这周"), ("last week", "上周")),
    MONTH: (("month", "this month", "本月", "这个月"), ("last month", "上月", "上个月")),
    QUARTER: (("quarter", "this quarter", "本季度", "季度"), ("last quarter", "上季度", "上个季度")),
    YEAR: (("year", "this year", "今年", "本年"), ("last year", "去年")),
}
"""Words for the period that a day is in, and for the one before."""

PLANNED_NOW = ("", "this", "this month", "本月", "这个月")
PLANNED_NEXT = ("next", "next month", "下月", "下个月")
"""Words for months."""
