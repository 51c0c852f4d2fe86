"""Task items in the Obsidian Tasks notation, and Dataview's (specification 2, Interaction).

``- [ ] send the quote 📅 2026-11-25 ⏫ @wang``. This module must not know whose task it is.
"""

from __future__ import annotations

import re
from datetime import date

from vaultcrm.model.note import ListItem, Place
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import FollowUp
from vaultcrm.parse.likely_dates import date_like
from vaultcrm.parse.log import DATE_SIGNS, LIKE_A_DATE, without_block_name
from vaultcrm.parse.log_slips import SAID_DAY, Tell
from vaultcrm.parse.values import parse_date

_STATES = {"x": "done", "X": "done", "-": "cancelled"}
_DATE_WORD = r"[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?"
_SIGNED_DATE = regex(rf"([{DATE_SIGNS}])\ufe0f?\s*({_DATE_WORD})")
_SIGNED_OTHERWISE = regex(rf"([📅📆🗓✅])\ufe0f?\s*(?!{_DATE_WORD})([0-9]\S{{0,40}})")
"""A day that is due, or so it seems, and is no date: few signs stand before a number for another reason."""
_FIELD = regex(
    r"[(\[]\s*(due|scheduled|start|created|completion|done|completed|cancelled|priority|repeat|id|dependsOn)"
    r"\s*::\s*([^)\]]{0,60})[)\]]",
    re.IGNORECASE,
)
_DUE_WORD = regex(  # a class of characters that is blind to case takes 4 ms to make
    rf"(?:(?<=\s)|^)[Dd][Uu][Ee]\s*[:：]\s*({_DATE_WORD})(?=\s|$)"
)
_SAID = regex(
    rf"(?:(?:\s|^)[Dd][Uu][Ee]\s*[:：]|[📅📆🗓]\ufe0f?)\s*({SAID_DAY})(?=\s*(?:[@🔺⏫🔼🔽⏬]|\Z))"
    rf"|(?:\s|^)[Dd][Uu][Ee][:：](?!{_DATE_WORD}(?:\s|\Z))([^\s:：]{{1,40}})(?=\s|\Z)"
)
"""A day that somebody said, and nothing behind it: ``due: tomorrow``; or whatever a colon holds fast."""
_MEANT = regex(
    rf"(?:[📅📆🗓]\ufe0f?\s*\[\[|@\{{|@\[\[|(?:(?<=[\s(（])|^)@|截止(?:日期|时间)?\s*[:：]?\s*)({_DATE_WORD})(?:\}}|\]\])?"
)
"""A day as others write it: ``@{2026-12-03}``, ``(@2026-12-03)``, ``📅 [[2026-12-03]]``, ``截止：…``."""
_AT_THE_END = regex(rf"(?:^|[\s(（])({_DATE_WORD})[)）]?\s*\Z")
_ENDS_OF_DAYS = frozenset("0123456789日号")
_RECURRENCE = regex(rf"🔁\ufe0f?[^{DATE_SIGNS}🔺⏫🔼🔽⏬🆔⛔@#]*")
_IDENTITY = regex(r"[🆔⛔]\ufe0f?\s*[\w,-]+")
_PRIORITY = regex(r"[🔺⏫🔼🔽⏬]\ufe0f?")
_OWNER = regex(r"(?:(?<=\s)|^)@([^\s@,，;；]+)")
_BESIDE_DATES = regex("[:：@🔁🆔⛔🔺⏫🔼🔽⏬]")
"""What any of these has in it but a date behind its sign."""

_SPACES = regex(r"\s+")
_DUE_NAMES, _DONE_NAMES = frozenset({"due"}), frozenset({"completion", "done", "completed"})


def parse_task(item: ListItem, path: str, noted: date | None, timezone: str | None, tell: Tell) -> FollowUp:
    """One task item; ``item.box`` is not None. An unknown box counts as open."""
    text = without_block_name(item.first_line)
    due, done = _days(text, item, timezone, tell)
    return FollowUp(
        place=Place(path, item.line, item.column),
        text=_plain(text),
        due=due,
        noted=noted,
        state=_STATES.get(item.box or "", "open"),
        done_on=done,
        owners=tuple(_OWNER.findall(text)) if "@" in text else (),
    )


def _days(text: str, item: ListItem, timezone: str | None, tell: Tell) -> tuple[date | None, date | None]:
    """The day on which a task is due, and the one on which it was done; what seems to be one is told."""
    due: date | None = None
    done: date | None = None

    def told(word: str) -> date | None:
        day = parse_date(word.strip(), timezone)
        if day is None:
            tell("bad-date", item.line, item.column, word.strip(), "task", (date_like(word),))
        return day

    for match in _FIELD.finditer(text) if "::" in text else ():
        if match[1].lower() in _DUE_NAMES:
            due = due or told(match[2])
        elif match[1].lower() in _DONE_NAMES:
            done = done or told(match[2])
    for match in () if text.isascii() else _SIGNED_DATE.finditer(text):
        if match[1] in "📅📆🗓":
            due = due or told(match[2])
        elif match[1] == "✅":
            done = done or told(match[2])
    for match in () if text.isascii() else _SIGNED_OTHERWISE.finditer(text):
        known = done or not LIKE_A_DATE.match(match[2]) if match[1] == "✅" else due
        if not known:
            told(match[2])
    for match in _DUE_WORD.finditer(text) if _has_colon(text) else ():
        due = due or told(match[1])
    if due is None:
        _tell_meant(text, item, tell)
    return due, done


def _tell_meant(text: str, item: ListItem, tell: Tell) -> None:
    """Tell of a day in a task without one that is written as none is read."""
    said = _SAID.search(text) if _has_colon(text) or not text.isascii() else None
    if said is not None:
        word = (said[1] or said[2]).strip()
        tell("bad-date", item.line, item.column, word, "task", (date_like(word),))
        return
    is_open = item.box not in _STATES
    meant = _MEANT.search(text) if is_open and ("@" in text or not text.isascii()) else None
    if meant is not None:
        tell("bad-date", item.line, item.column, meant[0].strip(), "task", (f"📅 {meant[1]}",))
        return
    ends_so = is_open and text.rstrip(" )）")[-1:] in _ENDS_OF_DAYS
    bare = _AT_THE_END.search(text) if ends_so and _SIGNED_DATE.search(text) is None else None
    if bare is not None and parse_date(bare[1]) is not None:
        tell("day-unmarked", item.line, item.column, bare[1], "", (f"📅 {bare[1]}",))


def _has_colon(text: str) -> bool:
    return ":" in text or "：" in text


def _plain(text: str) -> str:
    """The text without dates, marks and @names; most have words and a date, and nothing more is sought."""
    if _BESIDE_DATES.search(text) is not None:
        for pattern in (_FIELD, _RECURRENCE, _SIGNED_DATE, _DUE_WORD, _IDENTITY, _PRIORITY, _OWNER):
            text = pattern.sub(" ", text)
    elif not text.isascii():
        text = _SIGNED_DATE.sub(" ", text)
    return " ".join(text.split()) if text.isascii() else _SPACES.sub(" ", text).strip()
