"""Sets, adds or removes single properties in the bytes of a note, and leaves every other byte as it is.

No YAML is ever written from values that were read: whole lines are put in or taken out, and values of one
line exchanged. What `set_properties` has put in it takes out again without a trace. Where it is not certain
what a line means, nothing is changed and the reason is told. This module must not know what a property is
for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from vaultcrm.model.note import Fields, Property, Scalar, Value
from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import NoteMapping
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.frontmatter import FIRST_LINE, LARGEST_BLOCK, read_block
from vaultcrm.parse.slips import conflict_lines, invisible, looks_like_property, without_blanks_before
from vaultcrm.parse.telling import first_unopened

BOM = b"\xef\xbb\xbf"
FENCE = b"---"

EMPTY_BLOCK = "# vaultcrm: this block was empty"
"""Stands in a block that a person left empty: without it, taking out our lines would take the block, too."""


class Refusal(NamedTuple):
    """Why a note is left as it is: a reason of `REASONS`, and the line that it is about (0: no line)."""

    reason: str
    line: int = 0


class _Block(NamedTuple):
    """Front matter as bytes: its lines with their ends, without the fences; ``first`` is its first byte.

    ``start`` is where the opening fence begins, ``end`` the first byte behind the closing one. ``newline`` is
    the line end that new lines get.
    """

    lines: list[str]
    start: int
    first: int
    last: int
    end: int
    newline: str


class _UnsureError(Exception):
    """Something in the note is not certain."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, line)


def set_properties(data: bytes, values: Mapping[str, str | None]) -> bytes | Refusal:
    """The note with each property having its value, or without it where that is None.

    A property that has the value already is left as it is written, one that has another keeps its place and
    the comment behind it; new ones come last. A note without front matter gets a block, which goes again with
    the last line that was put into it. The comment behind a property that is taken out stays.

    Args:
        data: The bytes of the note.
        values: By name, exactly as it is to be written; a value is the text that is to be read there.

    Returns:
        The new bytes, the same where nothing is to be done; or why they cannot be made, one of `REASONS`.
    """
    try:
        _check_text(data)
        block = _block(data)
        if block is None:
            return _with_new_block(data, values)
        return _with_lines(data, block, values)
    except _UnsureError as unsure:
        return unsure.refusal


def yaml_text(value: str) -> str:
    """A text as a YAML value on one line, in double quotes unless every program reads it as what it is."""
    if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    while (at := invisible(quoted)) >= 0:
        quoted = quoted.replace(quoted[at], f"\\u{ord(quoted[at]):04x}")
    return quoted


def _check_text(data: bytes) -> None:
    if b"\0" in data:
        raise _UnsureError("not-utf8")
    if b"<<<<<<< " in data and b">>>>>>> " in data:
        lines = [line.decode(errors="replace") for line in data.removeprefix(BOM).splitlines()]
        marks = conflict_lines(lines)
        if marks:
            raise _UnsureError("merge-conflict", marks[0] + 1)
    try:
        data.decode()
    except UnicodeDecodeError:
        raise _UnsureError("not-utf8") from None


def _block(data: bytes) -> _Block | None:
    """The front matter; None where the note has none, and may get one."""
    start = len(BOM) if data.startswith(BOM) else 0
    lines = data[start:].splitlines(keepends=True)
    if not lines or lines[0].rstrip(b" \t\r\n") != FENCE:
        first = without_blanks_before(data[start:].decode()).partition("\n")[0]
        if first.strip().encode() == FENCE or invisible(first[:3]) >= 0:
            raise _UnsureError("front-matter-misplaced", 1)
        unopened = first_unopened(data[start:].decode(), True, NoteMapping())
        if unopened:
            raise _UnsureError("front-matter-unopened", unopened)
        return None
    at = first_byte = start + len(lines[0])
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip(b" \t\r\n") == FENCE:
            inner = [each.decode() for each in lines[1:number]]
            end = lines[number - 1][len(lines[number - 1].rstrip(b"\r\n")) :].decode()
            return _Block(inner, start, first_byte, at, at + len(line), end)
        at += len(line)
    if any(looks_like_property(line.decode().rstrip()) for line in lines[1:10]):
        raise _UnsureError("front-matter-unclosed", 1)
    raise _UnsureError("front-matter-rule", 1)


def _text(lines: list[str]) -> str:
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _read(block: _Block) -> tuple[Property, ...]:
    """The properties of a block in which nothing is wrong."""
    text = _text(block.lines)
    if len(text.encode()) > LARGEST_BLOCK - _MARGIN:
        raise _UnsureError("front-matter-too-large")
    properties, problems = read_block("", text)
    if problems:
        raise _UnsureError("front-matter-broken", problems[0].place.line)
    return properties


def _found(properties: tuple[Property, ...], name: str) -> Property | None:
    found = [each for each in properties if each.name == name]
    if len(found) > 1:
        raise _UnsureError("duplicate-property", found[1].line)
    return found[0] if found else None


def _with_new_block(data: bytes, values: Mapping[str, str | None]) -> bytes:
    lines = [f"{name}: {yaml_text(value)}".encode() for name, value in values.items() if value is not None]
    if not lines:
        return data
    start = len(BOM) if data.startswith(BOM) else 0
    first = data[start:].splitlines(keepends=True)[:1]
    newline = (first[0][len(first[0].rstrip(b"\r\n")) :] if first else b"") or b"\n"
    return data[:start] + newline.join((FENCE, *lines, FENCE, b"")) + data[start:]


def _with_lines(data: bytes, block: _Block, values: Mapping[str, str | None]) -> bytes:
    properties = _read(block)
    changed: dict[int, str] = {}
    added: list[str] = []
    for name, value in values.items():
        found = _found(properties, name)
        if found is None and value is not None:
            indent = " " * (properties[-1].column - 1) if properties else ""
            added.append(f"{indent}{name}: {yaml_text(value)}{block.newline}")
        elif found is not None and not (isinstance(found.value, Scalar) and found.value.text == value):
            index = _only_line(block, properties, found)
            changed[index] = _changed(block.lines[index], found, value)
    if not changed and not added:
        return data
    if added and not block.lines and _is_plain(data, block):
        added.insert(0, EMPTY_BLOCK + block.newline)
    lines = [changed.get(index, line) for index, line in enumerate(block.lines)] + added
    lines = [line for line in lines if line]
    if [line.rstrip() for line in lines] == [EMPTY_BLOCK]:
        lines = []
    elif not lines and _is_plain(data, block):
        return data[: block.start] + data[block.end :]
    _verify(block, properties, lines, values)
    return data[: block.first] + "".join(lines).encode() + data[block.last :]


def _is_plain(data: bytes, block: _Block) -> bool:
    """Whether the fences are as `_with_new_block` writes them."""
    fences = data[block.start : block.first] + data[block.last : block.end]
    newline = block.newline.encode()
    return fences in (FENCE + newline + FENCE + newline, FENCE + newline + FENCE)


def _only_line(block: _Block, properties: tuple[Property, ...], found: Property) -> int:
    """The index of the line that a property stands on, if it is the only one that belongs to it."""
    if not isinstance(found.value, Scalar):
        raise _UnsureError("several-values", found.line)
    index = found.line - FIRST_LINE
    following = [each.line - FIRST_LINE for each in properties if each.line > found.line]
    between = block.lines[index + 1 : min(following, default=len(block.lines))]
    more = any(line.strip() and not line.lstrip().startswith("#") for line in between)
    others = any(each is not found and each.line == found.line for each in properties)
    if more or others or not _Line(block.lines[index], found).whole:
        raise _UnsureError("several-lines", found.line)
    return index


class _Line:
    """A property's line taken apart: all up to the value, the value, the comment behind it.

    ``whole`` is false where the line is more, or less, than that.
    """

    __slots__ = ("comment", "head", "value", "whole")

    def __init__(self, line: str, found: Property) -> None:
        match = _LINE.fullmatch(line.rstrip("\r\n"))
        self.whole = match is not None and found.value.line == found.line
        self.head, self.value, self.comment = (
            match.group("head", "value", "comment") if match else ("", "", "")
        )
        if self.value and self.value[0] not in "\"'" and isinstance(found.value, Scalar):
            # plain text may hold '#': what was read tells where it ends
            self.whole = self.whole and self.value == found.value.text
        self.comment = self.comment or ""


def _changed(line: str, found: Property, value: str | None) -> str:
    """The line with another value; without one, what remains is the comment."""
    parts = _Line(line, found)
    bare = line.rstrip("\r\n")
    newline = line[len(bare) :]
    if value is None:
        return parts.comment + newline if parts.comment else ""
    behind = bare[len(parts.head) + len(parts.value) :]
    before = "" if parts.head[-1:] in (" ", "\t") else " "
    gap = " " if behind.startswith("#") else ""
    return f"{parts.head}{before}{yaml_text(value)}{gap}{behind}{newline}"


def _verify(
    block: _Block, properties: tuple[Property, ...], lines: list[str], values: Mapping[str, str | None]
) -> None:
    """Look whether the new lines say what they should, and all else as before."""
    wanted = [(name, value) for name, value in values.items() if value is not None]
    kept = [_placeless(each) for each in properties if each.name not in values]
    try:
        after = _read(block._replace(lines=lines))
    except _UnsureError:
        raise _UnsureError("not-certain") from None
    ours = [_placeless(each) for each in after if each.name in values]
    rest = [_placeless(each) for each in after if each.name not in values]
    if rest != kept or len(ours) != len(wanted) or set(ours) != set(wanted):
        raise _UnsureError("not-certain")


def _placeless(value: Property | Value) -> object:
    """What is said, without the places of the lines, which move."""
    if isinstance(value, Property):
        return value.name, _placeless(value.value)
    if isinstance(value, Scalar):
        return value.text
    parts = value.entries if isinstance(value, Fields) else value.items
    return type(value), tuple(_placeless(each) for each in parts)


_MARGIN = 4096
"""How far below the size that is read a block must stay, so that it can still be read with what is added."""

_LINE = regex(
    r"(?P<head>[ ]*(?:\"[^\"\\]*\"|'[^']*'|[^\s\"'#:{}\[\],&*!|>%@`?-][^:#{}\[\]]*)[ \t]*:(?:[ \t]+|$))"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s\"'#&*!|>{}\[\],%@`](?:.*?\S)??|)"
    r"[ \t]*(?:(?<=[ \t])(?P<comment>#.*))?"
)
_PLAIN = regex(
    r"[A-Za-z][A-Za-z0-9_-]{0,60}|0|-?[1-9][0-9]{0,14}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[\u4e00-\u9fff]{1,30}"
)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"))

REASONS = (
    "not-utf8",
    "merge-conflict",
    "front-matter-misplaced",
    "front-matter-unopened",
    "front-matter-unclosed",
    "front-matter-rule",
    "front-matter-too-large",
    "front-matter-broken",
    "duplicate-property",
    "several-values",
    "several-lines",
    "not-certain",
)
"""Why a note can be left as it is."""
