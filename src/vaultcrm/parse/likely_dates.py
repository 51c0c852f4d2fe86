"""Days that are not written as notes write them: which one it can only be, for what is told of it.

None of them counts: what seems plain in one note may be a month for a day in the next. This module must not
know where a day stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vaultcrm.model.patterns import regex
from vaultcrm.parse.values import FIRST_YEAR, LAST_YEAR, LONGEST

EXAMPLE = "2026-11-20"
"""How a day is written, where it is not known which one is meant."""


def date_like(text: str) -> str:
    """How the day is to be written that somebody wrote as ``10/28/2026``; else an example."""
    text = text.strip(" \t[]{}@")  # also a link to a day, or another program's date
    found = {day for day in _days(text) if day is not None} if len(text) <= LONGEST else set()
    return found.pop().isoformat() if len(found) == 1 else EXAMPLE


def _days(text: str) -> Iterator[date | None]:
    """The days that it could be."""
    match = _YEAR_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text)
    if match is not None:
        yield _day(match[1], match[2], match[3])
    match = _DOTTED.fullmatch(text)
    if match is not None:
        yield _day(match[3], match[2], match[1])
    match = _SLASHED.fullmatch(text)
    if match is not None:
        yield _day(match[3], match[1], match[2])
        yield _day(match[3], match[2], match[1])
    match = _NAMED.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if match is not None and match["month"][:3].lower() in _MONTHS:
        yield _day(match["year"], str(_MONTHS.index(match["month"][:3].lower()) + 1), match["day"])


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = regex(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})")
_TOGETHER = regex(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DOTTED = regex(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_SLASHED = regex(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_NAMED = regex(r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})")
_DAY_FIRST = regex(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>[0-9]{4})")
