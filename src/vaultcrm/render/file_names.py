"""Names of files out of what people call things: good on every system, and good to link to.

This module must not know which file is named, nor whether it exists.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from vaultcrm.model.patterns import regex
from vaultcrm.render.text import clean_text

LONGEST_BYTES = 200
"""A name may have 255 bytes; a sync program and a suffix add theirs."""


def file_name(text: str, fallback: str, longest: int = 120) -> str:
    r"""A text as the name of a file, without a suffix.

    Windows forbids ``\ / : * ? " < > |``, names such as ``CON``, and dots or blanks at the end; a wikilink
    cannot hold ``# ^ [ ] |``, nor be shown with ``{ } $ ~``; what begins with a dot is hidden. Each of
    these becomes a blank or goes.

    Args:
        text: What the file is called.
        fallback: The name where nothing is left.
        longest: How many characters at most; it is cut at a word where one is near.
    """
    name = _FORBIDDEN.sub(" ", _BETWEEN.sub(_hyphen, clean_text(text)))
    name = " ".join(name.split()).strip(" .")
    name = _cut(normalize("NFC", name), longest)
    while len(name.encode("utf-8", "replace")) > LONGEST_BYTES:
        name = name[:-1]
    name = name.strip(" .")
    if name.partition(".")[0].strip().casefold() in _RESERVED:
        name = f"_{name}"
    return name or fallback


def opening_words(text: str, longest: int = 40) -> str:
    """The beginning of a text that tells what it is about: at most so many columns, whole words, no more.

    It ends where the first sentence or clause does, unless that is only a word or two. A Chinese character
    counts for two.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    clause = _CLAUSE.split(first, maxsplit=1)[0]
    columns = sum(2 if ord(each) > _WIDE else 1 for each in clause)
    told = clause if columns >= _TOO_SHORT else first
    taken, used = 0, 0
    for character in told:
        used += 2 if ord(character) > _WIDE else 1
        if used > longest:
            break
        taken += 1
    return _cut(told, taken) if taken < len(told) else told.strip()


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[:longest]
    if text[longest] != " " and ord(text[longest]) < _WIDE:
        space = head.rfind(" ")
        head = head[:space] if space > longest // 2 else head
    return head.strip()


def _hyphen(match: re.Match[str]) -> str:
    return " -" if match.string[match.end()].isspace() else "-"


_BETWEEN = regex(r":(?=\s)|(?<=\w)[/\\:](?=\w)")
"""Signs between words that a hyphen can stand for: ``9/10``, ``CRM: a start``."""

_FORBIDDEN = regex(
    '[\\\\/:*?"<>|#^\\[\\]{}$~`\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]|%(?=%)|=(?==)'
)
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)
_CLAUSE = regex(r"[.;!?](?:\s|$)|[,:](?:\s|$)|[，。；！？：、]| [-–—] ")
_TOO_SHORT = 12
_WIDE = 0x2E7F
