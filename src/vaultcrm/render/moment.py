"""Days and times in the formats that Obsidian's templates name, which are those of Moment.js.

This module must not know any template, nor the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from vaultcrm.model.patterns import regex

DATE_FORMAT = "YYYY-MM-DD"
TIME_FORMAT = "HH:mm"
"""What Obsidian takes where its settings name nothing else."""


def moment_text(pattern: str, moment: datetime, language: str) -> str:
    """A moment in a format such as ``dddd, D MMMM YYYY``; text in ``[ ]``, and what is no token, stays.

    ``language`` is ``en`` or ``zh``, for the names of months and weekdays. (https://momentjs.com/docs/,
    "Format": the tokens that depend on a locale's own formats are not among them.)
    """

    def filled(match: re.Match[str]) -> str:
        token = match[0]
        if token.startswith("["):
            return token[1:-1]
        return TOKENS[token](moment, language)

    return _TOKEN.sub(filled, pattern)


def _month(moment: datetime, language: str) -> str:
    return f"{_numeral(moment.month)}月" if language == "zh" else _MONTHS[moment.month - 1]


def _short_month(moment: datetime, language: str) -> str:
    return f"{moment.month}月" if language == "zh" else _MONTHS[moment.month - 1][:3]


def _weekday(moment: datetime, language: str) -> str:
    day = moment.weekday()
    return f"星期{_CHINESE_DAYS[day]}" if language == "zh" else _DAYS[day]


def _short_weekday(moment: datetime, language: str) -> str:
    day = moment.weekday()
    return f"周{_CHINESE_DAYS[day]}" if language == "zh" else _DAYS[day][:3]


def _ordinal(moment: datetime, language: str) -> str:
    if language == "zh":
        return f"{moment.day}日"
    suffix = "th" if 10 < moment.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
    return f"{moment.day}{suffix}"


def _half(moment: datetime, language: str) -> str:
    if language == "zh":
        return "上午" if moment.hour < 12 else "下午"
    return "AM" if moment.hour < 12 else "PM"


def _numeral(number: int) -> str:
    return ("" if number < 10 else "十") + ("〇一二三四五六七八九"[number % 10] if number % 10 else "")


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "一二三四五六日"

TOKENS: Mapping[str, Callable[[datetime, str], str]] = {
    "YYYY": lambda at, _: f"{at.year:04}",
    "YY": lambda at, _: f"{at.year % 100:02}",
    "GGGG": lambda at, _: f"{at.isocalendar().year:04}",
    "gggg": lambda at, _: f"{at.isocalendar().year:04}",
    "Q": lambda at, _: f"{(at.month + 2) // 3}",
    "MMMM": _month,
    "MMM": _short_month,
    "MM": lambda at, _: f"{at.month:02}",
    "M": lambda at, _: f"{at.month}",
    "DDDD": lambda at, _: f"{at.timetuple().tm_yday:03}",
    "DDD": lambda at, _: f"{at.timetuple().tm_yday}",
    "DD": lambda at, _: f"{at.day:02}",
    "Do": _ordinal,
    "D": lambda at, _: f"{at.day}",
    "dddd": _weekday,
    "ddd": _short_weekday,
    "dd": lambda at, language: _CHINESE_DAYS[at.weekday()] if language == "zh" else _DAYS[at.weekday()][:2],
    "d": lambda at, _: f"{at.isoweekday() % 7}",
    "E": lambda at, _: f"{at.isoweekday()}",
    "WW": lambda at, _: f"{at.isocalendar().week:02}",
    "W": lambda at, _: f"{at.isocalendar().week}",
    "ww": lambda at, _: f"{at.isocalendar().week:02}",
    "w": lambda at, _: f"{at.isocalendar().week}",
    "HH": lambda at, _: f"{at.hour:02}",
    "H": lambda at, _: f"{at.hour}",
    "hh": lambda at, _: f"{at.hour % 12 or 12:02}",
    "h": lambda at, _: f"{at.hour % 12 or 12}",
    "mm": lambda at, _: f"{at.minute:02}",
    "m": lambda at, _: f"{at.minute}",
    "ss": lambda at, _: f"{at.second:02}",
    "s": lambda at, _: f"{at.second}",
    "A": _half,
    "a": lambda at, language: _half(at, language).lower(),
}
"""The tokens that are filled in; weeks are those of ISO 8601."""

_TOKEN = regex(r"\[[^\[\]]*\]|" + "|".join(sorted(TOKENS, key=lambda token: (-len(token), token))))
