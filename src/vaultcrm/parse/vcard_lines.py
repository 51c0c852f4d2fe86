"""The lines of a vCard file, taken apart: each card's properties with their parameters and decoded values.

Version 2.1, 3.0 and 4.0 alike. vobject takes a line apart; it knows neither cards of which one line is broken
nor lower-case ``quoted-printable``, so lines are joined and decoded here. It is imported here only, and only
where a file is read. This module must not know what a property means.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.patterns import regex
from vaultcrm.parse.encodings import decoded_text

LONGEST_LINE = 100_000
"""Characters beyond which a line is a picture or an attack, and is not looked at."""

_VALUE = r'(?:"[^"]*+"|[^";:,]*+)'
_HEAD = regex(rf"(?:[\w-]++\.)?[\w-]++(?:;[\w-]++(?:={_VALUE}(?:,{_VALUE})*+)?+)*+:", re.ASCII)
"""What stands before a value. A line that has no such head is not given to vobject: its own pattern for one
takes a time that doubles with each parameter before it gives up."""

_QUOTED = regex(r"quoted-printable", re.IGNORECASE)
_MARK_OF_QUOTED = regex(r";(?:ENCODING=)?\"?QUOTED-PRINTABLE\"?(?=[;:])", re.IGNORECASE)
_OF_BYTES = regex(r";(?:ENCODING=)?(?:BASE64|B)(?=;|$)", re.IGNORECASE)
_BYTES = regex(r"[A-Za-z0-9+/]+={0,2}")
_LINE_ENDS = regex(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class CardLine:
    """A property of a card. ``parameters`` by their name in capitals, their values in small letters.

    ``value`` is as written, but decoded where it was quoted-printable. ``group`` joins lines: ``item1`` in
    ``item1.TEL``.
    """

    number: int
    group: str
    name: str
    value: str
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def said(self, name: str) -> tuple[str, ...]:
        """The values of a parameter."""
        return self.parameters.get(name, ())


@dataclass(slots=True)
class Card:
    """A card as far as it could be read: where it begins, its lines, and those that could not be."""

    number: int
    lines: list[CardLine] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    closed: bool = False


def cards_of(text: str) -> tuple[Card, ...]:
    """All cards of a file. A broken line costs itself; a card that is never closed ends where another begins.

    Cards within cards (``AGENT``) are passed over. What stands outside of cards is nobody's.
    """
    cards: list[Card] = []
    depth = 0
    for number, line in _logical_lines(text):
        word = line.removeprefix("\ufeff").strip().upper()  # files may have been put one behind another
        if word.startswith("BEGIN:") and word[6:].strip() == "VCARD":
            nested = depth > 0 and bool(cards) and _is_agent(cards[-1])
            depth = depth + 1 if nested else 1
            if not nested:
                cards.append(Card(number))
        elif word.startswith("END:") and word[4:].strip() == "VCARD" and depth:
            depth -= 1
            cards[-1].closed = cards[-1].closed or not depth
        elif depth == 1:
            _add(cards[-1], number, line)
    return tuple(cards)


def _is_agent(card: Card) -> bool:
    return bool(card.lines) and card.lines[-1].name == "AGENT" and not card.lines[-1].value.strip()


def _add(card: Card, number: int, line: str) -> None:
    if not line.strip():
        return
    taken = _taken_apart(number, line[:LONGEST_LINE])
    if taken is None:
        card.unread.append((number, line))
    else:
        card.lines.append(taken)


def _taken_apart(number: int, line: str) -> CardLine | None:
    from vobject.base import parseLine

    head = line.partition(":")[0] + ":"
    quoted = bool(_MARK_OF_QUOTED.search(head))
    plain = _MARK_OF_QUOTED.sub("", head, count=1) + line[len(head) :] if quoted else line
    if _HEAD.match(plain) is None:
        return None
    name, parameters, value, group = parseLine(plain, number)
    said: dict[str, list[str]] = {}
    for key, *values in parameters:
        if values:
            said.setdefault(key.upper(), []).extend(values)
        else:  # version 2.1 names types alone: TEL;WORK;VOICE
            said.setdefault("TYPE", []).append(key)
    # a list may stand in quotes: TYPE="work,voice"
    lists = {key: tuple(_listed_words(values)) for key, values in said.items()}
    if quoted:
        value = _unquoted(value, said.get("CHARSET", ["utf-8"])[0])
    return CardLine(number, (group or "").lower(), name.upper(), value, lists)


def _listed_words(values: Iterable[str]) -> Iterator[str]:
    return (word.strip().lower() for value in values for word in value.split(",") if word.strip())


def _unquoted(value: str, charset: str) -> str:
    data = binascii.a2b_qp(value.encode("utf-8", "surrogatepass"))
    try:
        return data.decode(charset.strip('"'))
    except (UnicodeError, LookupError):  # such as that of the codec called undefined
        return decoded_text(data)[0]


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that go on joined: folded by a blank, or quoted-printable ended by ``=``."""
    begun, parts = 0, []
    soft = in_bytes = False
    for number, line in enumerate(_LINE_ENDS.split(text), 1):
        if soft:
            parts.append(line)
        elif line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
        elif in_bytes and _BYTES.fullmatch(line):  # some programs do not fold what a picture is made of
            parts.append(line)
        else:
            if parts:
                yield begun, "".join(parts)
            begun, parts = number, [line]
            in_bytes = bool(_OF_BYTES.search(line.partition(":")[0]))
        soft = line.endswith("=") and bool(_QUOTED.search(parts[0].partition(":")[0]))
        if soft:
            parts[-1] = parts[-1][:-1]
    yield begun, "".join(parts)


def text_of(value: str) -> str:
    r"""A text value: ``\n`` is a new line, ``\,`` a comma."""
    return _ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]), value).strip()


def fields_of(value: str, separator: str = ";") -> tuple[str, ...]:
    """The parts of a structured value, each as a text: a separator behind a backslash is none."""
    parts, start, at = [], 0, 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
        elif value[at] == separator:
            parts.append(value[start:at])
            start = at + 1
        at += 1
    return tuple(text_of(part) for part in (*parts, value[start:]))


def listed(parts: Iterable[str], between: str = " ") -> str:
    """What of the parts says something, joined."""
    return between.join(part for part in parts if part)


_ESCAPED = regex(r"\\(.)", re.DOTALL)
_MEANT = {"n": "\n", "N": "\n"}
