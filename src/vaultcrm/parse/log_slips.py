"""Slips in a log, by which a conversation or what was agreed in it is lost: told by their look.

What such lines say stays as it is read. This module must not know how an item is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from vaultcrm.model.note import ListItem
from vaultcrm.model.patterns import regex
from vaultcrm.parse.vocabulary import (
    CHANNELS,
    KINDS,
    LOG_MARKS,
    TOPICS,
    fold,
    near_channel,
    nearest,
)

LONGEST_SHOWN = 40
"""Characters of a line that are shown."""


class Tell(Protocol):
    """Takes a diagnostic of an item."""

    def __call__(
        self, code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()
    ) -> None:
        """Its code, where it is, what was read, what about, and what could stand there."""


def tell_slips(item: ListItem, channel: str | None, text: str, tell: Tell) -> None:
    """Tell what an item of a log seems to mean and does not say.

    Args:
        item: The item.
        channel: The word that was taken for the channel.
        text: What is left of the item once its marks are taken off its end.
        tell: Takes what is found.
    """
    if channel is not None and channel not in CHANNELS.values():
        near = near_channel(channel)
        if near:
            tell("unknown-channel", item.line, item.column, channel, "Log", near)
    first = _FIRST.match(text) if text[:1] in "#＃" else None
    if first is not None and fold(first[1]) in _TAGS:
        tell("mark-first", item.line, item.column, first[0].rstrip(), "")
    inside = _INSIDE.search(text) if ":" in text or "：" in text else None
    if inside is not None:
        tell("mark-inside", item.line, item.column, inside[1][:LONGEST_SHOWN], "")
        return
    last = text[-LONGEST_SHOWN:].rsplit(None, 1)[-1] if text.strip() else ""
    name, colon, value = last.replace("：", ":").partition(":")
    if colon and value[:1].isdigit():
        meant = nearest(name, LOG_MARKS, 1, MISSPELT)
        if meant:
            tell("mark-misspelt", item.line, item.column, last, "", (f"{meant[0]}:{value}",))


def tell_last(text: str, item: ListItem, tell: Tell) -> None:
    """Tell of marks at the end of an item that are none: full-width ones, and hashtags glued to a word.

    Args:
        text: The item without the marks that were taken off its end.
        item: The item.
        tell: Takes what is found.
    """
    words = text[-LONGEST_SHOWN:].split()
    beyond = _BEYOND.fullmatch(words[-1]) if words else None
    if beyond is not None:
        tell(
            "mark-misspelt", item.line, item.column, beyond[0], "", (f"{beyond[0][0].replace(MINUS, '-')}2",)
        )
        return
    glued = _GLUED_SIGN.search(words[-1]) if words else None
    if glued is not None:
        is_alone = glued.start() == 0
        hints = ((glued[1] or glued[2]).translate(_HALF_WIDTH),) if is_alone else ()
        tell("mark-misspelt" if is_alone else "mark-glued", item.line, item.column, glued[0], "", hints)
        return
    first = len(words)
    while first and _is_mark(words[first - 1].translate(_HALF_WIDTH)):
        first -= 1
    last = " ".join(words[first:])
    plain = last.translate(_HALF_WIDTH)
    if plain != last:
        tell("mark-misspelt", item.line, item.column, last, "", (plain,))
    elif words:
        word = text.rsplit(None, 1)[-1]  # all of it: an address may be long
        at = _glued_at(word)
        if at:
            tell("mark-glued", item.line, item.column, word[at:], "")


def as_marks(text: str) -> str:
    """The text with each word that `tell_last` would tell at the end of an item as it is meant."""
    return text if text.isascii() and "#" not in text else _WORD.sub(_as_mark, text)


def _as_mark(match: re.Match[str]) -> str:
    word = match[0]
    plain = word.translate(_HALF_WIDTH)
    if _is_mark(plain):
        return plain
    at = _glued_at(word)
    return f"{word[:at]} {plain[at:]}" if at else word


def _glued_at(word: str) -> int:
    """Where in a word a known hashtag begins that is glued to what stands before it; 0 for nowhere."""
    before, sign, name = word.replace("＃", "#").rpartition("#")
    glued = sign and before[-1:].isalnum() and "://" not in before and fold(name) in _TAGS
    return len(before) if glued else 0


def _is_mark(word: str) -> bool:
    return (word[0] == "#" and fold(word[1:]) in _TAGS) or (word[0] in "+-=" and word[1:] in ("0", "1", "2"))


MINUS = "\u2212"
_TAGS = frozenset({*TOPICS, *KINDS})
_BEYOND = regex(rf"[+\-{MINUS}](?:[3-9]|10)|\+{{2,}}")
"""Marks for how it went that go too far: from -2 to 2 there are some."""
ODD_ENDS = frozenset("+0123456789")
"""What they end with."""
_WORD = regex(r"\S+")
_FIRST = regex(r"[#＃](\S+)(?=\s)")
_GLUED_SIGN = regex(
    rf"(?<=[\u3400-\u9fff！。，；、～…）”])([+＋][0-2]?|[\-－{MINUS}=＝][0-2])[。！]?\Z|\A([+＋\-－{MINUS}=＝][0-2]?)[。！.!]\Z"
)
"""A mark for how it went that stands right behind a Chinese word, or has a full stop behind it."""
_HALF_WIDTH = str.maketrans("＃＋－＝０１２", "#+-=012")
"""Signs of marks as input methods for Chinese write them."""


def lost_lines(body: str, first_line: int, titles: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Lines of logs that begin with a date as items do, and are none: the file's line, and the text.

    ``titles`` are the folded headings of logs.

    Markdown takes them for a part of the item above, for a paragraph, a table or a quote. Of a table the
    first row is told; a heading that is a day, where no items stand below it.
    """
    if _LOST.search(f"\n{body}") is None:
        return
    level, fence = 0, ""
    day: tuple[int, str] | None = None
    is_told = False
    for number, line in enumerate(body.split("\n"), first_line):
        bare = line.strip()
        if fence or bare.startswith(("```", "~~~")):
            is_end = fence and bare.startswith(fence) and not bare.strip(fence[0])
            fence = "" if is_end else fence or bare[:3]
            continue
        heading, was_told = _HEADING.match(line), is_told
        is_lost = is_told = bool(level) and _LOST.match(f"\n{line}") is not None
        if day is not None and (heading is not None or _ITEM.match(line)):
            if heading is not None:
                yield day
            day = None
        if heading is not None:
            is_log = fold(heading[2]) in titles
            level = len(heading[1]) if is_log else 0 if len(heading[1]) <= level else level
            day = (number, bare[:LONGEST_SHOWN]) if is_lost and level else None
        elif is_lost and not (was_told and bare.startswith("|")):
            yield number, bare[:LONGEST_SHOWN]
    if day is not None:
        yield day


def undeclared_log(body: str, first_line: int) -> tuple[int, str, str] | None:
    """The first item that looks as in a log, for a body in which no heading says that there is one.

    Given are the file's line, the text, and the heading that seems to say so; empty where there is none, or a
    line in bold.

    It begins with a date and says a channel, or stands below a heading such as ``Interactions``; there it
    may also be the row of a table.
    """
    text = f"\n{body}"
    if _DATED.search(text) is None and _ROW.search(text) is None:
        return None
    level, fence, heading = 0, "", ""  # the heading that seems to say that conversations stand below it
    for number, line in enumerate(body.split("\n"), first_line):
        bare = line.strip()
        if fence or bare.startswith(("```", "~~~")):
            fence = "" if fence and bare.startswith(fence) else fence or bare[:3]
            continue
        title = _TITLE.match(line)
        if title is not None:
            own = len(title[1]) if title[1] else DEEPEST
            if not level or own <= level:
                level = own if _LIKE_LOG.search(title[2]) else 0
                heading = _bare(title[2]) if level and title[1] else ""
            continue
        item = _DATED.match(f"\n{line}")
        is_said = item is not None and item[1] is not None and fold(item[1]) in CHANNELS
        if is_said or (level and (item is not None or _ROW.match(f"\n{line}") is not None)):
            return number, bare[:LONGEST_SHOWN], heading
    return None


def _bare(title: str) -> str:
    """A heading without what closes it."""
    return title.rstrip("# \t") or title


DEEPEST = 7
"""The level of a line in bold that stands for a heading: those of Markdown go to 6."""

MISSPELT = 0.8
"""How alike a word is to one that was meant, from 0 to 1."""

_DATE = (
    r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)"
)
_SAID = r"[ \t,，]*+[<>]?([^\s:：<>#\[\]()0-9]{1,24})[ \t]*[:：]"
_OF_TABLE = rf"[ \t]*+\|[ \t]*+(?:\[\[)?{_DATE}(?:\]\])?[ \t]*+\|"
_ROW = regex(rf"\n{_OF_TABLE}")
_LOST = regex(
    rf"\n(?:[ \t]*+(?:[-*+]|[•–—][ \t]*+|>[> \t]*+(?:[-*+][ \t]++)?+)?+{_DATE}{_SAID}"
    rf"|{_OF_TABLE}|[ \t]{{0,3}}#{{1,6}}[ \t]++(?:\[\[)?{_DATE})"
)
_ITEM = regex(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_DATED = regex(
    rf"\n[ \t]{{0,3}}[-*+][ \t]+(?:(?:\*\*|\[)?{_DATE}(?:{_SAID})?|\[\[{_DATE}\]\][ \t]*+[^ \t\n])"
)
"""A link to a day alone is an item; one to a note whose name begins with a day may be of a list of notes."""
_TITLE = regex(r"[ \t]{0,3}(?:(#{1,6})[ \t]+|(?=\*\*)(?!\*\*[^*]+\*\*[ \t:：]*[^ \t:：]))(.*)")
_LIKE_LOG = regex(
    r"(?i)\b(?:logs?|interactions?|conversations?|calls?|meetings?|communications?|touch ?points?"
    r"|contact histor(?:y|ies))\b"
    r"|(?:跟进|沟通|往来|联系|互动|拜访|回访|交流|会议)(?:记录|日志|历史|纪要)"
)
_HEADING = regex(r"[ \t]{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
SAID_DAY = (
    r"(?i:today|tomorrow|next\s+[a-z]{3,9}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|in\s+[0-9]+\s+[a-z]{3,6}"
    r"|[今明后]天|[本这下]?个?(?:周|星期|礼拜)[一二三四五六日天]|下个?月|月底)"
)
"""A day as people say it."""
_DAY = (
    r"(?:[0-9]|today|tomorrow|next\b|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|in\s+[0-9]"
    r"|[今明后]天|下?个?(?:周|星期|礼拜)[一二三四五六日天]|下个?月)"
)
_DATED_MARKS = [name for name, mark in LOG_MARKS.items() if mark != "severity"]
_INSIDE = regex(rf"(?i)(?:^|\s)((?:{'|'.join(_DATED_MARKS)})[:：]\s*{_DAY}.*)\Z")
