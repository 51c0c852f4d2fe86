"""Short interactions: items of ``Log`` sections and daily notes (specification 2, Client, Interaction).

``- 2026-11-20 wechat: sent the trend report #insight +2 next:2026-12-04``. This module must not know whose
note an item stands in, nor which links lead to clients.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import LinkText, ListItem, Place
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interaction, Reference
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.likely_dates import date_like
from vaultcrm.parse.log_slips import MISSPELT, ODD_ENDS, Tell, as_marks, tell_last, tell_slips
from vaultcrm.parse.values import FIRST_LIKELY, LAST_LIKELY, parse_date, parse_score
from vaultcrm.parse.vocabulary import CHANNELS, KINDS, LOG_MARKS, TOPICS, fold, nearest

BEGINS_WITH_DATE = regex(
    r"\s*((?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)"
    r"(?:[Tt ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?)(?![0-9])"
    r"[\s,，]*(?:[:：]\s*)?"
)
_CHANNEL = regex(r"\s*+([<>]?)\s*+([^\s:：<>#\[\]()0-9]{0,24}+)\s*+[:：](?!//)\s*")
"""Nothing is given back: three runs of blanks side by side would take cubic time to fail."""
_SIGNS = {"+": Decimal(1), "-": Decimal(-1), "\u2212": Decimal(-1), "=": Decimal(0)}
_MARK = rf"(?:{'|'.join(map(re.escape, LOG_MARKS))})[:：]"
_GLUED = regex(rf"([。！？；，、])({_MARK})", re.IGNORECASE)
_ENDS_GLUED = regex(rf"[。！？；，、]({_MARK}\s?\S++)\Z", re.IGNORECASE)
DATE_SIGNS = "📅📆🗓⏳⌛🛫➕✅❌"
"""Signs of the Obsidian Tasks notation that have a date behind them."""
_VARIATION = "\ufe0f"
LIKE_A_DATE = regex(r"[0-9]{1,4}[-/.年][0-9]")
"""How a day begins, be there such a day or not."""
BLOCK_NAME = regex(r"\s\^[A-Za-z0-9-]+\Z")
"""What Obsidian calls an item by, for links that lead to it: no part of what it says."""


class Said(NamedTuple):
    """An item's text, and what stands before its colon: direction's sign or nothing, channel or None."""

    direction: str
    channel: str | None
    text: str


@dataclass(slots=True)
class Marks:
    """What the end of an item says beside its text."""

    kind: str | None = None
    about: tuple[str, ...] = ()
    sentiment: Decimal | None = None
    next: date | None = None
    severity: Decimal | None = None
    resolved: date | None = None
    done_on: date | None = None


def parse_log_item(item: ListItem, path: str, timezone: str | None, tell: Tell) -> Interaction | None:
    """One item of a ``Log`` section; None for one that does not begin with a date."""
    match = BEGINS_WITH_DATE.match(item.text)
    if match is None:
        return None
    day = parse_date(match[1], timezone)
    if day is None:
        tell("bad-date", item.line, item.column, match[1], "Log", (date_like(match[1]),))
        return None
    if not FIRST_LIKELY <= day.year <= LAST_LIKELY:
        tell("doubtful-date", item.line, item.column, match[1], "")
    said = split_channel(item.text[match.end() :])
    text, marks = split_marks(said.text, item, timezone, tell)
    tell_slips(item, said.channel, text, tell)
    if marks.next is not None and marks.next <= day:
        tell("next-not-after", item.line, item.column, marks.next.isoformat(), "")
    return _interaction(item, path, "log", day, said._replace(text=text), marks)


def parse_daily_item(
    item: ListItem, path: str, day: date, links: tuple[LinkText, ...], timezone: str | None, tell: Tell
) -> Interaction | None:
    """One item of a daily note that has links; None for an open or cancelled task.

    The record's clients are all of the item's links that are no embeds; which of them lead to clients is
    decided where links are resolved.
    """
    if item.box is not None and item.box not in "xX":
        return None
    body, marks = split_marks(item.text, item, timezone, tell)
    said = _after_a_link(body, links) or Said("", None, _as_read(body, links))
    if said.channel in CHANNELS.values():  # what else a diary says behind a link need not be one of ours
        tell_slips(item, said.channel, said.text, tell)
    if item.box is not None and marks.done_on is not None:
        day = marks.done_on
    clients = tuple(
        Reference(link.target, link.shown, item.line, item.column + link.start, True, link.relative)
        for link in links
        if not link.embed
    )
    if not clients:
        return None
    return _interaction(item, path, "daily", day, said, marks, clients)


def says_more(item: ListItem, timezone: str | None) -> bool:
    """Whether an item of a daily note without a link goes on with the one above: with a channel, or marks."""
    if item.box is not None:
        return False
    text, marks = split_marks(item.text, item, timezone, _tell_nobody)
    return split_channel(text).channel in CHANNELS.values() or (not text.strip() and marks != Marks())


def _tell_nobody(*diagnostic: object, **more: object) -> None:
    """What is told elsewhere, or not at all."""


def _after_a_link(text: str, links: tuple[LinkText, ...]) -> Said | None:
    """Direction, channel and text where they stand behind one of the links."""
    for link in links:
        match = _channel(text, link.end) if link.end <= len(text) else None
        if match is not None:
            return _said(match)
    return None


def _as_read(text: str, links: tuple[LinkText, ...]) -> str:
    """The text with what its links show in their places."""
    parts: list[str] = []
    at = 0
    for link in links:
        if link.end <= len(text):
            parts += [text[at : link.start], link.shown]
            at = link.end
    return "".join((*parts, text[at:]))


def _interaction(
    item: ListItem,
    path: str,
    source: str,
    day: date,
    said: Said,
    marks: Marks,
    clients: tuple[Reference, ...] = (),
) -> Interaction:
    return Interaction(
        place=Place(path, item.line, item.column),
        day=day,
        source=source,
        clients=clients,
        channel=said.channel,
        kind=marks.kind or "contact",
        about=marks.about,
        direction={"<": "in", ">": "out"}.get(said.direction),
        sentiment=marks.sentiment,
        summary=said.text.strip() or None,
        next=marks.next,
        severity=marks.severity,
        resolved=marks.resolved,
        has_body=True,
    )


def split_channel(text: str) -> Said:
    """The direction sign (``<``, ``>`` or nothing), the channel and the text behind the colon.

    Where no single word and colon stand at the beginning, all is text. A channel that is not known stays as
    written.
    """
    match = _channel(text, 0)
    return Said("", None, text) if match is None else _said(match)


def _channel(text: str, at: int) -> re.Match[str] | None:
    """Where direction, channel and colon stand from a place in the text on; None where none do."""
    match = _CHANNEL.match(text, at)
    if match is None or fold(match[2]) in LOG_MARKS or not (match[1] or match[2]):
        return None
    return match


def _said(match: re.Match[str]) -> Said:
    word = match[2]
    return Said(match[1], CHANNELS.get(fold(word), word) if word else None, match.string[match.end() :])


def unglued(text: str) -> str:
    """The text with a blank before each mark with a name that stands right behind Chinese punctuation.

    There people write none: ``谈了续约。下次:周五``. Full-width marks and glued hashtags are mended, too.
    """
    return as_marks(text if text.isascii() else _GLUED.sub(r"\1 \2", text))


def without_block_name(text: str) -> str:
    """An item's text without the name of its block at its end."""
    named = BLOCK_NAME.search(text.rstrip()) if "^" in text else None
    return text if named is None else text[: named.start()]


def split_marks(text: str, item: ListItem, timezone: str | None, tell: Tell) -> tuple[str, Marks]:
    """Take the marks off the end of an item, in any order; a word that is no mark ends them.

    ``#1042`` is no hashtag in Obsidian, but a number; it is passed over where a mark stands before it.
    """
    text = without_block_name(text)
    marks = Marks()
    end = len(text.rstrip())
    numbers_end = 0
    while end:
        before, word = _last_word(text, end)
        is_number = word[0] == "#" and word[1:].isdecimal()
        if not is_number and not _take(word, marks, item, timezone, tell):
            break
        numbers_end = (numbers_end or end) if is_number else 0
        end = before
    end = numbers_end or end
    left = text[:end]
    if not text.isascii() or "#" in text or left[-1:] in ODD_ENDS:
        glued = _ENDS_GLUED.search(left)
        if glued is not None:
            tell("mark-glued", item.line, item.column, glued[1], "")
        tell_last(left, item, tell)
    return text[:end], marks


def _last_word(text: str, end: int) -> tuple[int, str]:
    """Where the text before its last word ends, and that word; ``next: DATE`` and ``✅ DATE`` are one word.

    Ends, not texts: an item may have a hundred thousand marks, and each would copy all before it.
    """
    before, word = _split_last(text, end)
    further, sign = _split_last(text, before)
    is_name = bool(sign) and sign[-1] in ":：" and fold(sign[:-1]) in LOG_MARKS
    if is_name or (sign and sign.rstrip(_VARIATION) in DATE_SIGNS):
        return further, sign + word
    return before, word


def _split_last(text: str, end: int) -> tuple[int, str]:
    """The last word before ``end``, behind which no blank stands, and where what is before it ends."""
    start = end
    while start and not text[start - 1].isspace():
        start -= 1
    before = start
    while before and text[before - 1].isspace():
        before -= 1
    return before, text[start:end]


def _take(word: str, marks: Marks, item: ListItem, timezone: str | None, tell: Tell) -> bool:
    """Read one word as a mark; false where it is none."""
    if word[0] == "#" and len(word) > 1 and "#" not in word[1:]:
        name = fold(word[1:])
        if name in TOPICS:
            marks.about = tuple(dict.fromkeys((TOPICS[name], *marks.about)))
        elif name in KINDS:
            marks.kind = KINDS[name]
        else:
            near = nearest(name, (*TOPICS, *KINDS), 1, MISSPELT)
            if near:
                tell("unknown-tag", item.line, item.column, word, "", (f"#{near[0]}",))
        return True
    if word[0] in _SIGNS:
        return _take_sentiment(word, marks)
    if word[0] in DATE_SIGNS:
        day = parse_date(word[1:].lstrip(_VARIATION), timezone)
        if word[0] == "✅":
            marks.done_on = day or marks.done_on
            written = word[1:].strip(_VARIATION + " ")
            if day is None and LIKE_A_DATE.match(written):
                tell("bad-date", item.line, item.column, written, "task", (date_like(written),))
                return True
        return day is not None
    name, colon, value = word.partition(":") if ":" in word else word.partition("：")
    field_name = LOG_MARKS.get(fold(name))
    if not colon or field_name is None:
        return False
    _take_named(field_name, value, marks, item, timezone, tell)
    return True


def _take_sentiment(word: str, marks: Marks) -> bool:
    if len(word) > 2 or (len(word) == 2 and word[1] not in "012"):
        return False
    size = Decimal(word[1]) if len(word) == 2 else Decimal(1)
    if marks.sentiment is None:
        marks.sentiment = _SIGNS[word[0]] * size
    return True


def _take_named(
    name: str, value: str, marks: Marks, item: ListItem, timezone: str | None, tell: Tell
) -> None:
    if name == "severity":
        severity = parse_score(value, 1, 5)
        if severity is None:
            tell("bad-score", item.line, item.column, value, "severity", ("1–5",))
        marks.severity = severity
        return
    day = parse_date(value, timezone)
    if day is None:
        tell("bad-date", item.line, item.column, value, name, (date_like(value),))
    elif name == "next":
        marks.next = day
    else:
        marks.resolved = day
