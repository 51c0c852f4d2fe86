"""One reader per kind of value: text as written in, a value or None out (specification 2, Values).

Readers never raise and never guess: what they do not know is None, and the caller tells it with its place.
This module must not know which property a value stands in.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache

from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interval, Money, YearlyDate
from vaultcrm.parse.vocabulary import SENTIMENTS, fold

FIRST_YEAR, LAST_YEAR = 1600, 2999
"""Years that dates may have: far beyond any client, and far from the ends of the calendar's arithmetic."""

FIRST_LIKELY, LAST_LIKELY = 1970, 2099
"""Years in which somebody talked with a client; any other is most likely a slip."""

LONGEST = 40
"""Characters after which no value of these kinds is looked at any more."""

_DATE = regex(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
    r"(?:(?:[Tt]|\ +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"\ ?([Zz]|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?)?"
)


def parse_date(text: str, timezone_name: str | None = None) -> date | None:
    """A day: ``2026-11-20``, ``2026/11/20``, ``2026年11月20日``, each also with a time.

    A time with a zone is brought into ``timezone_name``; without one its date is taken as written.
    """
    if len(text) == 10 and text[4] == "-" and text[7] == "-" and text.isascii():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return _parse_other_date(text.strip(), timezone_name) if len(text) <= LONGEST else None


def _parse_other_date(text: str, timezone_name: str | None) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, *parts, hour, minute, second, zone = match.groups()
    month, day = (int(part) for part in parts if part is not None)
    try:
        moment = datetime(int(year), month, day, int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if zone is None or timezone_name is None:
        return moment.date()
    offset = _offset(zone)
    if offset is None:
        return None
    return moment.replace(tzinfo=offset).astimezone(_zone(timezone_name)).date()


def _offset(zone: str) -> timezone | None:
    if zone in "Zz":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60 or int(digits[2:]) >= 60:
        return None
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


@lru_cache(maxsize=4)
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # it takes long to load, and few notes have a time with a zone

    return ZoneInfo(name)


_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}


def parse_numeral(text: str) -> int | None:
    """A whole number from 0 to 99 in digits or Chinese numerals: ``12``, ``十二``, ``廿三``, ``初九``."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    text = text.removeprefix("初").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS.get(text) if len(text) == 1 else None
    high = 1 if tens == "" else _NUMERALS.get(tens)
    low = 0 if ones == "" else _NUMERALS.get(ones)
    return None if high is None or low is None else high * 10 + low


_LUNAR_PREFIX = regex(r"(?:lunar|农历|阴历|農曆|旧历)[\s:：]*", re.IGNORECASE)
_LUNAR_DIGITS = regex(r"(?:([0-9]{4})[-/])?(闰|閏|leap )?([0-9]{1,2})[-/]([0-9]{1,2})")
_LUNAR_WORDS = regex(r"(?:([0-9]{4})年)?\s*(闰|閏)?([^\s月闰閏]{1,3})月([^\s日]{1,3})日?")
_MONTH_DAY = regex(r"(?:--)?([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})月([0-9]{1,2})日")


def parse_yearly(text: str, timezone_name: str | None = None) -> YearlyDate | None:
    """A yearly date: ``05-20``, ``1988-05-20``, ``lunar 08-15``, ``lunar 1987-闰06-15``, ``农历八月十五``.

    A time with a zone is brought into ``timezone_name`` as in `parse_date`.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    prefix = _LUNAR_PREFIX.match(text)
    if prefix is not None:
        return _parse_lunar(text[prefix.end() :])
    match = _MONTH_DAY.fullmatch(text)
    if match is not None:
        month, day = (int(part) for part in match.groups() if part is not None)
        try:
            date(2000, month, day)  # a leap year
        except ValueError:
            return None
        return YearlyDate(month, day)
    whole = parse_date(text, timezone_name)
    return None if whole is None else YearlyDate(whole.month, whole.day, whole.year)


def _parse_lunar(text: str) -> YearlyDate | None:
    match = _LUNAR_DIGITS.fullmatch(text) or _LUNAR_WORDS.fullmatch(text)
    if match is None:
        return None
    year, leap, month_text, day_text = match.groups()
    month = _LUNAR_MONTHS.get(month_text) or parse_numeral(month_text)
    day = parse_numeral(day_text)
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    return YearlyDate(month, day, int(year) if year else None, lunar=True, leap=bool(leap))


_UNITS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("d", "day", "days", "天", "日"), (0, 1)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "周", "星期", "礼拜", "个星期", "个礼拜"), (0, 7)),
    **dict.fromkeys(("m", "mo", "mos", "month", "months", "月", "个月"), (1, 0)),
    **dict.fromkeys(("q", "quarter", "quarters", "季", "季度", "个季度"), (3, 0)),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years", "年"), (12, 0)),
}
_ALONE = {
    "daily": (0, 1),
    "weekly": (0, 7),
    "monthly": (1, 0),
    "quarterly": (3, 0),
    **dict.fromkeys(("yearly", "annually", "once a year"), (12, 0)),
    **dict.fromkeys(("fortnightly", "every fortnight", "every other week", "双周", "隔周"), (0, 14)),
    **dict.fromkeys(("半个月", "半月"), (0, 15)),
    "once a week": (0, 7),
    "once a month": (1, 0),
    "once a quarter": (3, 0),
    "every other month": (2, 0),
    **dict.fromkeys(("half-yearly", "every half year", "半年"), (6, 0)),
}
_INTERVAL = regex(  # of small letters, and any: a class that names thousands of characters takes 5 ms to make
    r"(?:every\s+|每隔?)?\s*([0-9]{1,4}|[一二三四五六七八九十两]{1,3})?\s*([^\W\d_]+)"
)
_ISO_INTERVAL = regex(
    r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?", re.IGNORECASE
)
LONGEST_INTERVAL_MONTHS = 120


def parse_interval(text: str) -> Interval | None:
    """A length of time: ``2w``, ``10 days``, ``1 month``, ``每2周``, ``P1M``.

    More than nothing, at most ten years.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    interval = _parse_interval(text)
    if interval is None or interval == Interval():
        return None
    return interval if interval.months + interval.days / 30 <= LONGEST_INTERVAL_MONTHS else None


def _parse_interval(text: str) -> Interval | None:
    small = text.lower().removesuffix("一次").removesuffix("1次").rstrip()  # 每月一次 is 每月
    alone = _ALONE.get(small.removeprefix("每"))
    if alone is not None:
        return Interval(*alone)
    iso = _ISO_INTERVAL.fullmatch(text)
    if iso is not None:
        years, months, weeks, days = (int(part or 0) for part in iso.groups())
        return Interval(years * 12 + months, weeks * 7 + days)
    match = _INTERVAL.fullmatch(small)
    if match is None:
        return None
    count_text, unit = match.groups()
    size = _UNITS.get(unit)
    if size is None or (count_text is None and not small.startswith(("every", "每"))):
        return None
    count = 1 if count_text is None else parse_numeral(count_text)
    return None if count is None else Interval(size[0] * count, size[1] * count)


_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,6})?"
_MONEY = regex(
    rf"(?P<before>[A-Za-z]{{3}}|[¥￥€$£]|人民币)?\s*(?P<number>{_NUMBER})\s*(?P<factor>[kK]|千|万|亿)?\s*"
    r"(?P<after>[A-Za-z]{3}|[¥￥€$£]|元|块|人民币)?"
)
_FACTORS = {"k": 1_000, "千": 1_000, "万": 10_000, "亿": 100_000_000}
POINTED = regex(r"[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*")
"""An amount that is most likely a thousand times as much: elsewhere a point separates thousands."""
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"})
_YUAN = frozenset({"CNY", "JPY"})


def parse_money(text: str, currency: str) -> Money | None:
    """An amount: ``12000``, ``12,000.50``, ``12000 EUR``, ``¥3万``, ``3.5万``.

    ``currency`` is the vault's; a sign that several currencies share means the vault's where it is one of
    them.
    """
    text = text.strip()
    match = _MONEY.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    before, after = match["before"], match["after"]
    if before and after and _currency(before, currency) != _currency(after, currency):
        return None
    number = Decimal(match["number"].replace(",", ""))
    factor = _FACTORS.get((match["factor"] or "").lower(), 1)
    sign = before or after
    return Money(number * factor, _currency(sign, currency) if sign else None)


def _currency(sign: str, vault: str) -> str:
    if sign in "¥￥元块":
        return vault if vault in _YUAN else "CNY"
    if sign == "$":
        return vault if vault in _DOLLARS else "USD"
    return {"€": "EUR", "£": "GBP", "人民币": "CNY", "RMB": "CNY"}.get(sign.upper(), sign.upper())


_PLAIN_NUMBER = regex(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?")


def parse_number(text: str) -> Decimal | None:
    """A plain decimal number."""
    text = text.strip().replace("\u2212", "-")
    return Decimal(text) if len(text) <= LONGEST and _PLAIN_NUMBER.fullmatch(text) else None


def parse_score(text: str, low: int, high: int) -> Decimal | None:
    """A number from ``low`` to ``high``, both included."""
    number = parse_number(text)
    return number if number is not None and low <= number <= high else None


_MOODS = {"positive": Decimal(1), "neutral": Decimal(0), "negative": Decimal(-1)}


def parse_sentiment(text: str) -> Decimal | None:
    """An attitude from −2 to 2: a word, or a number with or without its sign."""
    word = SENTIMENTS.get(fold(text))
    return _MOODS[word] if word is not None else parse_score(text, -2, 2)
