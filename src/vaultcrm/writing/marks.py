"""The marks of a conversation that is typed: they stand in its first line, or in a last one of their own.

Beyond what an item of a ``Log`` section may say (specification 2, Client), days may be words. This module
must not know what becomes of them.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.errors import UsageError
from vaultcrm.model.note import ListItem
from vaultcrm.model.patterns import regex
from vaultcrm.parse.log import Marks, split_marks, unglued
from vaultcrm.parse.vocabulary import KINDS, LOG_MARKS, TOPICS, fold
from vaultcrm.writing.when import LIKE, day_meant

_Told = tuple[str, str, str]
"""A diagnostic's code, what was read, and what about."""


def first_line(text: str, day: date, zone: str | None) -> tuple[str, str]:
    """The line with the marks, and the rest with its line break: of that only a last line of marks moves."""
    first, line_break, body = text.partition("\n")
    above, _, last = body.rpartition("\n")
    if last.strip() not in _SIGNS_ALONE:
        rest, marks, told, _ = _split(last, day, zone)
        if not rest.strip() and (told or marks != Marks()):
            return f"{first.rstrip()} {last.strip()}", f"\n{above}" if above.strip() else ""
    return first, line_break + body


def typed_marks(text: str, day: date, zone: str | None) -> tuple[str, Marks, tuple[str, ...]]:
    """The text without the marks at its end, these, and the hashtags of one's own among them.

    Raises:
        UsageError: A mark means nothing.
    """
    rest, marks, told, hashtags = _split(text, day, zone)
    for code, read, about in told:
        if code == "bad-score":
            raise UsageError(f"{read!r} is no severity", "write a number from 1 to 5, like severity:3")
        if code != "bad-date":  # what is nearly a mark is text
            continue
        if about == "task":
            raise UsageError(f"{read!r} is no date", "write it like ✅ 2026-11-20")
        meant = day_meant(read, day, back=about == "resolved", timezone=zone)
        if meant is None:
            raise UsageError(f"{read!r} is no date", f"write {about}: with a date or a word like {LIKE}")
        setattr(marks, about, meant)
    return rest, marks, tuple(dict.fromkeys(each for each in hashtags if not _is_known(each)))


def _split(text: str, day: date, zone: str | None) -> tuple[str, Marks, list[_Told], list[str]]:
    """The text without its marks, these, what was told of them, and all hashtags.

    Days that are words are known from what is told.
    """
    told: list[_Told] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, read, about))

    text = unglued(text)
    words = _AGREED.search(text)  # a day of several words, which no mark in a note can have
    agreed = day_meant(words[1], day, timezone=zone) if words else None
    text = text[: words.start()] if words and agreed else text
    rest, marks = split_marks(text, ListItem(text, text, None, 1, 1), zone, tell)
    marks.next = marks.next or agreed
    hashtags = [word[1:] for word in text[len(rest) :].split() if word[0] == "#"]
    return rest, marks, told, hashtags


def _is_known(tag: str) -> bool:
    return fold(tag) in TOPICS or fold(tag) in KINDS


def unmarked_next(said: str, day: date, zone: str | None) -> str | None:
    """The day in ``wants a poster, next friday``: part of what was said, where ``next:friday`` was meant."""
    found = (match[1] for match in map(_SAYS_NEXT.search, said.splitlines()) if match is not None)
    return next((each for each in found if day_meant(each, day, timezone=zone)), None)


NEXT_MARKS = tuple(name for name, mark in LOG_MARKS.items() if mark == "next")
_SAYS_NEXT = regex(r"(?i:\bnext|下次(?:沟通|联系)?)[\s:：]*+(\S.{0,20})\Z")
_AGREED = regex(rf"(?i)(?:^|\s)(?:{'|'.join(NEXT_MARKS)})[:：]\s*+(\S+(?:\s+\S+){{1,3}})\s*\Z")
_SIGNS_ALONE = ("", "-", "+", "=", "*")
"""Lines that are no marks: a list's bullet is one, too."""
