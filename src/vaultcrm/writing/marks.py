"""The marks of a conversation that is typed: they stand in its first line, or in a last one of their own.

Beyond what an item of a ``Log`` section may say (specification 2, Client), days may be words. This module
must not know what becomes of them.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.errors import UsageError
from vaultcrm.model.note import ListItem
from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.log import DATE_SIGNS, Marks, split_marks, unglued
from vaultcrm.parse.vocabulary import KINDS, LOG_MARKS, TOPICS, fold
from vaultcrm.writing.when import LIKE, day_meant

_Told = tuple[str, str, str, tuple[str, ...]]
"""A diagnostic's code, what was read, what about, and what could stand there."""

Slip = tuple[str, str, tuple[str, ...]]
"""What seems to be a mark and is none, or not the one that was meant: the code, what was read, the hints."""


class TypedMarks(NamedTuple):
    """What the end of a typed text says: the text without it, the marks, hashtags of one's own, and slips."""

    text: str
    marks: Marks
    tags: tuple[str, ...]
    slips: tuple[Slip, ...]


def first_line(text: str, day: date, zone: str | None) -> tuple[str, str]:
    """The line with the marks, and the rest with its line break: of that only a last line of marks moves."""
    first, line_break, body = text.partition("\n")
    above, _, last = body.rpartition("\n")
    if last.strip() not in _SIGNS_ALONE:
        rest, marks, told, _ = _split(last, day, zone)
        if not rest.strip() and (told or marks != Marks()):
            return f"{first.rstrip()} {last.strip()}", f"\n{above}" if above.strip() else ""
    return first, line_break + body


def typed_marks(text: str, day: date, zone: str | None) -> TypedMarks:
    """The marks at the end of a text.

    Raises:
        UsageError: A mark means nothing.
    """
    rest, marks, told, hashtags = _split(text, day, zone)
    slips: list[Slip] = []
    for code, read, about, hints in told:
        if code == "bad-score":
            raise UsageError(f"{read!r} is no severity", "write a number from 1 to 5, like severity:3")
        if code != "bad-date":  # what is nearly a mark is text
            slips.append((code, read, hints))
            continue
        if about == "task":
            raise UsageError(f"{read!r} is no date", "write it like ✅ 2026-11-20")
        meant = day_meant(read, day, back=about == "resolved", timezone=zone)
        if meant is None:
            raise UsageError(f"{read!r} is no date", f"write {about}: with a date or a word like {LIKE}")
        setattr(marks, about, meant)
    tags = tuple(dict.fromkeys(each for each in hashtags if not _is_known(each)))
    return TypedMarks(rest, marks, tags, tuple(slips))


def _split(text: str, day: date, zone: str | None) -> tuple[str, Marks, list[_Told], list[str]]:
    """The text without its marks, these, what was told of them, and all hashtags.

    Days that are words are known from what is told. What an item of a log may end with and nothing is made of
    stays in the text: in a note it stands there all the same.
    """
    told: list[_Told] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, read, about, hints))

    text = unglued(text)
    words = _AGREED.search(text)  # a day of several words, which no mark in a note can have
    agreed = day_meant(words[1], day, timezone=zone) if words else None
    text = text[: words.start()] if words and agreed else text
    rest, marks = split_marks(text, ListItem(text, text, None, 1, 1), zone, tell)
    marks.next = marks.next or agreed
    end = text[len(rest) :]
    hashtags = [word[1:] for word in end.split() if word[0] == "#" and not word[1:].isdecimal()]
    said = [rest.rstrip(), *(found[0] for found in _PASSED_OVER.finditer(end))]
    return " ".join(filter(None, said)), marks, told, hashtags


def _is_known(tag: str) -> bool:
    return fold(tag) in TOPICS or fold(tag) in KINDS


def unmarked_next(said: str, day: date, zone: str | None) -> str | None:
    """The day in ``wants a poster, next friday``: part of what was said, where ``next:friday`` was meant."""
    found = (match[1] for match in map(_SAYS_NEXT.search, said.splitlines()) if match is not None)
    return next((each for each in found if day_meant(each, day, timezone=zone)), None)


def unread_day(said: str, day: date, zone: str | None) -> str | None:
    """The day that has passed and with which a text begins, ``yesterday he rang``: part of what was said."""
    line = said.partition("\n")[0]
    found = _CHINESE_DAY.match(line)
    words = line.split()[:LONGEST_DAY]
    tried = [" ".join(words[:count]).rstrip(",.:，：") for count in range(len(words), 0, -1)]
    for each in ([found[0]] if found else []) + tried:
        meant = day_meant(each, day, back=True, timezone=zone)
        if meant is not None and meant < day:
            return each
    return None


LONGEST_DAY = 4
"""How many words a day may have."""

_CHINESE_DAY = regex(
    r"(?:大?前天|昨[天日晚]|(?:[上这本]个?)?(?:周|星期|礼拜)[一二三四五六日天]|[0-9]{1,2}月[0-9]{1,2}[日号])(?:[上下中]午|早上|晚上)?"
)
NEXT_MARKS = tuple(name for name, mark in LOG_MARKS.items() if mark == "next")
_SAYS_NEXT = regex(r"(?i:\bnext|下次(?:沟通|联系)?)[\s:：]*+(\S.{0,20})\Z")
_AGREED = regex(rf"(?i)(?:^|\s)(?:{'|'.join(NEXT_MARKS)})[:：]\s*+(\S+(?:\s+\S+){{1,3}})\s*\Z")
_PASSED_OVER = regex(rf"(?<!\S)(?:[{DATE_SIGNS}]\ufe0f?\s*\S+|#\d+(?!\S))")
"""A day of a task, and a number."""
_SIGNS_ALONE = ("", "-", "+", "=", "*")
"""Lines that are no marks: a list's bullet is one, too."""
