"""Days as address books write them, in our own notation.

This module must not know whose days they are.
"""

from __future__ import annotations

from vaultcrm.model.patterns import regex
from vaultcrm.parse.values import parse_yearly

NO_YEAR = frozenset({"0000", "0001", "1604"})
"""Years that programs write for none: 1604 is Apple's."""

CYCLE, FIRST_YEAR = 60, 1984
"""Apple counts lunar years in cycles of sixty; the first of the 78th was 1984."""

_ISO = regex(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_YEARLESS = regex(r"--?(\d{2})-?(\d{2})(?:[T ].*)?")
_APPLE_LUNAR = regex(r"(\d{4})(\d{4})(\d{2})(\d{2})")
_CHINESE_NO_YEAR = regex(r"(\d{1,2})月(\d{1,2})[日号]?")
_SLASHED = regex(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def yearly_text(text: str, *, lunar: bool = False, day_first: bool | None = None) -> str | None:
    """A day of every year as our notes write it: ``1988-04-15``, ``04-15``, ``lunar 08-15``.

    None is what cannot be read. A time behind the day is left out and no zone is heeded: a birthday is the
    day that was written.

    Args:
        text: The day as written: ``19880415``, ``--0415``, ``1604-04-15``, ``农历八月十五``.
        lunar: The calendar was said to be the Chinese one.
        day_first: Which of ``4/5/1988`` is the day; None: it is not known, unless only one of the two can be.
    """
    text = text.strip()
    found = _lunar(text) if lunar else _solar(text, day_first)
    day = None if found is None else parse_yearly(found)
    if day is None:
        return None
    year = "" if day.year is None else f"{day.year:04}-"
    leap = "闰" if day.leap else ""
    return f"{'lunar ' if day.lunar else ''}{year}{leap}{day.month:02}-{day.day:02}"


def _solar(text: str, day_first: bool | None) -> str | None:
    iso = _ISO.fullmatch(text)
    if iso is not None:
        day = f"{iso[2]}-{iso[3]}"
        return day if iso[1] in NO_YEAR else f"{iso[1]}-{day}"
    yearless = _YEARLESS.fullmatch(text) or _CHINESE_NO_YEAR.fullmatch(text)
    if yearless is not None:
        return f"{int(yearless[1]):02}-{int(yearless[2]):02}"
    slashed = _SLASHED.fullmatch(text)
    if slashed is None:
        return text
    one, other = int(slashed[1]), int(slashed[2])
    first = day_first if day_first is not None else is_day_first(text)
    if one == other or first is not None:
        month, day_number = (other, one) if first else (one, other)
        return f"{slashed[3]}-{month:02}-{day_number:02}"
    return None


def is_day_first(text: str) -> bool | None:
    """Whether the first number of a day such as ``15/4/1988`` is the day; None where it could be either."""
    slashed = _SLASHED.fullmatch(text.strip())
    if slashed is None or max(int(slashed[1]), int(slashed[2])) <= 12:
        return None
    return int(slashed[1]) > 12


def _lunar(text: str) -> str | None:
    apple = _APPLE_LUNAR.fullmatch(text)
    if apple is not None:
        era, year = int(apple[1]), int(apple[2])
        head = f"{FIRST_YEAR + (era - 78) * CYCLE + year - 1}-" if era and year else ""
        return f"lunar {head}{apple[3]}-{apple[4]}"
    solar = _solar(text, None)
    return f"lunar {solar}" if solar is not None and solar[:1].isdigit() else text
