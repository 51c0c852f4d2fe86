"""Bytes to a note: its properties with their places, its body as text (specification 2, Broken front matter).

Nothing is interpreted here: scalars stay as typed, equal names are all kept. Whatever the bytes are, a note
comes back, in time linear in their number. This module must not know which properties there are.

It does without python-frontmatter, whose import alone takes as long as reading a thousand notes: the
library's handler in ``parse.new_notes`` calls what stands here, and only what makes new notes imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Items, Note, Place, Property, Scalar, SourceFile, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.parse.plain_fields import plain_fields
from vaultcrm.parse.slips import (
    conflict_lines,
    indented_rule,
    invisible,
    looks_like_property,
    placeholder,
    slip,
    stray,
    without_blanks_before,
)

if TYPE_CHECKING:
    from vaultcrm.parse.yaml_events import UnreadableYamlError

LARGEST_BLOCK = 64 * 1024
"""Bytes of front matter that are looked at (specification 2, Broken front matter)."""

FIRST_LINE = 2
"""The file's line on which the properties begin: the first is the opening ``---``."""

_BOM = b"\xef\xbb\xbf"
_OPENING = regex(r"---[ \t]*(?:\n|\Z)")
_CLOSING = regex(r"\n---[ \t]*(?:\n|\Z)")

Properties = tuple[Property, ...]
Diagnostics = tuple[Diagnostic, ...]


def parse_note(source: SourceFile) -> tuple[Note, Diagnostics]:
    """Take a note apart. Never raises; a note that is no UTF-8 text has neither properties nor body.

    Line ends are line feeds in the body, however the file has them; a byte order mark is no part of it.
    """
    path = source.path
    text, problem = _decoded(source)
    if problem is not None:
        return Note(path, (), "", 1, False), (problem,)
    if not text.startswith("---"):
        diagnostics: Diagnostics = ()
        if text.startswith("<<<<<<< "):
            diagnostics = (Diagnostic("merge-conflict", Place(path)),)
        elif text[:1].isspace() or not text[:1].isascii():
            diagnostics = _late(path, text)
        return Note(path, (), text, 1, False), diagnostics
    parts = split_text(text)
    if parts is None:
        return Note(path, (), text, 1, False), _unclosed(path, text)
    block, body = parts
    properties, diagnostics = read_block(path, block)
    return Note(path, properties, body, block.count("\n") + FIRST_LINE + 1, True), diagnostics


def split_text(text: str) -> tuple[str, str] | None:
    """Front matter and body by Obsidian's rule, or None where there is no closed block.

    ``---`` is the first line, and the next ``---`` line closes it; blanks may follow on both.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    closing = _CLOSING.search(text, start - 1)
    if closing is None:
        return None
    return text[start : max(start, closing.start() + 1)], text[closing.end() :]


def read_block(path: VaultPath, block: str) -> tuple[Properties, Diagnostics]:
    """The properties between the ``---`` lines; what cannot be read costs only the property it stands in."""
    if not block or block.isspace():
        return (), ()
    if len(block) * 4 > LARGEST_BLOCK and len(block.encode()) > LARGEST_BLOCK:
        return (), (Diagnostic("front-matter-too-large", Place(path)),)
    properties = plain_fields(block, FIRST_LINE) or _all_at_once(block)
    if properties is not None:
        return properties, ()
    return _Entries(path).read(block)


def _decoded(source: SourceFile) -> tuple[str, Diagnostic | None]:
    data = source.data
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
    if b"\0" in data:
        strange = _strange(data)
        if strange:
            return "", Diagnostic("not-utf8", Place(source.path), strange)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        found = _strange(data) or f"0x{data[error.start]:02X}"
        before = data[: error.start].decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        place = Place(source.path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return "", Diagnostic("not-utf8", place, found)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, None


def _strange(data: bytes) -> str:
    """What bytes are that a text cannot be; empty where nothing is certain."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = data.count(0)
    if zeros * 2 > len(data) or data.startswith(b"\0\0"):
        return "NUL bytes"
    return "UTF-16" if zeros * 4 > len(data) else ""


def _unclosed(path: VaultPath, text: str) -> Diagnostics:
    """A rule as the first line is no front matter: only what looks like properties behind it is missed."""
    if _OPENING.match(text) is None:
        return ()
    lines = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    first = next((line for line in lines[1:9] if line and not line.startswith("#")), "")
    if not looks_like_property(first):
        return ()
    meant = indented_rule(lines)
    hints = (str(meant + 1),) if meant > 0 else ()
    return (Diagnostic("front-matter-unclosed", Place(path), hints=hints),)


_LOOKED_AT = 300
"""Lines among which the one is sought that was to close the properties."""


def _late(path: VaultPath, text: str) -> Diagnostics:
    """Behind blanks and blank lines stands no front matter, but somebody may have meant some."""
    meant = without_blanks_before(text)
    begin = len(text) - len(meant)
    parts = split_text(meant) if begin else None
    if parts is None or not looks_like_property(parts[0].partition("\n")[0]):
        return ()
    return (Diagnostic("front-matter-late", Place(path, text.count("\n", 0, begin) + 1)),)


def _all_at_once(block: str) -> Properties | None:
    """The block as YAML reads it; None where something in it has to be looked at property by property."""
    from vaultcrm.parse.yaml_events import UnreadableYamlError, read_fields

    if "{{" in block or "<%" in block or "<<<<" in block or ">>>>" in block or invisible(block) >= 0:
        return None
    try:
        properties = read_fields(block, FIRST_LINE)
    except UnreadableYamlError:
        return None
    if properties is None or _swallowed(properties, block):
        return None
    if "---" in block and indented_rule(block.split("\n")) >= 0:
        return None
    if "：" in block and any("：" in each.name for each in properties):
        return None
    return properties


def _swallowed(properties: Properties, block: str) -> bool:
    """Whether an open quote took in the properties behind it, up to the next quote: to YAML, one value."""
    if block.count("\n") == len(properties):
        return False
    lines: list[str] = []
    following = [each.line for each in properties[1:]] + [block.count("\n") + FIRST_LINE]
    for each, end in zip(properties, following, strict=False):
        if end - each.line > 1 and isinstance(each.value, Scalar) and each.value.quoted:
            lines = lines or block.split("\n")
            if any(map(looks_like_property, lines[each.line + 1 - FIRST_LINE : end - FIRST_LINE])):
                return True
    return False


class _Entries:
    """Reads a block property by property, each for itself, and tells what is wrong with some of them."""

    def __init__(self, path: VaultPath) -> None:
        self._path = path
        self._properties: list[Property] = []
        self._diagnostics: list[Diagnostic] = []
        self._no_properties: list[Diagnostic] = []

    def read(self, block: str) -> tuple[Properties, Diagnostics]:
        lines = block.split("\n")
        marks = conflict_lines(lines)
        if marks:
            self._tell("merge-conflict", FIRST_LINE + marks[0])
            for index in marks:
                lines[index] = ""
        meant = indented_rule(lines)
        if meant >= 0:
            line = FIRST_LINE + meant
            place = Place(self._path, line)
            self._diagnostics.append(Diagnostic("front-matter-unclosed", place, hints=(str(line),)))
            lines = lines[:meant]
        for start, end in _entries(lines):
            entry = "\n".join(lines[start:end])
            self._read_entry(FIRST_LINE + start, entry if end == len(lines) else entry + "\n")
        if self._no_properties and not self._properties and not self._diagnostics:
            first = self._no_properties[0]
            return (), (Diagnostic("front-matter-no-fields", first.place, first.read),)
        told = sorted([*self._diagnostics, *self._no_properties], key=lambda each: each.place)
        return tuple(self._properties), tuple(told)

    def _read_entry(self, line: int, entry: str) -> None:
        first = entry.partition("\n")[0]
        bad = invisible(entry)
        slipped = None if first.lstrip(" ").startswith("- ") else slip(first)
        if bad >= 0:
            self._tell_at("control-character", line, entry, bad)
        elif slipped is not None:
            self._tell(slipped, line, 1, first)
        elif ":" not in first and "{" not in first and "[" not in first:
            remedy = "write it as 'name: value', or delete the line"
            self._no_properties.append(
                Diagnostic("front-matter-syntax", Place(self._path, line), first.strip(), remedy)
            )
        else:
            self._read_yaml(line, entry)

    def _read_yaml(self, line: int, entry: str) -> None:
        from vaultcrm.parse.yaml_events import UnreadableYamlError, read_fields

        unfilled = placeholder(entry)
        if unfilled is not None:
            self._tell_at("template-placeholder", line, entry, *unfilled)
        try:
            properties = read_fields(entry, line) or ()
        except UnreadableYamlError as error:
            if unfilled is None and not self._kept_above(error, line, entry):
                self._tell_error(error, line, entry)
                head = entry.partition("\n")[0]
                if error.code == "tab-indent" and error.line > line and head.partition(":")[2].strip():
                    self._read_yaml(line, head)  # says something without the lines that a tab indents
            return
        self._properties += properties
        if not properties:
            read = entry.strip().partition("\n")[0]
            remedy = "write it as 'name: value'"
            self._no_properties.append(
                Diagnostic("front-matter-syntax", Place(self._path, line), read, remedy)
            )

    def _kept_above(self, error: UnreadableYamlError, line: int, entry: str) -> bool:
        """Keep the property above a line that is no part of it, and tell of that line; false without one."""
        from vaultcrm.parse.yaml_events import UnreadableYamlError, read_fields

        lines = entry.split("\n")
        remedy = stray(lines[error.line - line]) if error.line > line else ""
        if error.code != "front-matter-syntax" or not remedy:
            return False
        try:
            above = read_fields("\n".join(lines[: error.line - line]), line) or ()
        except UnreadableYamlError:
            return False
        is_item = lines[error.line - line].lstrip().startswith("-")
        if not all(_is_whole(each, is_item) for each in above):
            return False
        self._properties += above
        for number, text in enumerate(lines[error.line - line :], error.line):
            indent = len(text) - len(text.lstrip())
            if stray(text) == remedy:
                self._tell("front-matter-syntax", number, indent + 1, text, remedy)
        return True

    def _tell(self, code: str, line: int, column: int = 1, read: str = "", about: str = "") -> None:
        self._diagnostics.append(Diagnostic(code, Place(self._path, line, column), read.strip(), about))

    def _tell_at(self, code: str, line: int, entry: str, start: int, end: int | None = None) -> None:
        """Tell what stands at an offset of an entry: the line to its end, or the range given."""
        line_start = entry.rfind("\n", 0, start) + 1
        line_end = entry.find("\n", start)
        read = (
            entry[line_start : line_end if line_end >= 0 else len(entry)] if end is None else entry[start:end]
        )
        self._tell(code, line + entry.count("\n", 0, start), start - line_start + 1, read.replace("\n", " "))

    def _tell_error(self, error: UnreadableYamlError, line: int, entry: str) -> None:
        read = entry.split("\n")[error.line - line]
        name = entry.partition(":")[0].strip()
        about = error.remedy or (name if error.code == "front-matter-too-deep" else "")
        self._tell(error.code, error.line, error.column, read, about)


def _is_whole(above: Property, is_item: bool) -> bool:
    """Whether a property says something, and could not have gone on with a name or an item of its own."""
    value = above.value
    if isinstance(value, Items):
        is_open = is_item and value.line > above.line
        return bool(value.items) and not is_open and all(isinstance(each, Scalar) for each in value.items)
    return isinstance(value, Scalar) and bool(value.text)


_DASHES = ("- ", "-\t")


def _entries(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of lines, one for each property, by indentation alone.

    A line that is indented no deeper than the first begins a new one, but for blank lines, comments, list
    items and closing brackets.
    """
    start, base = -1, 0
    for index, line in enumerate(lines):
        bare = line.lstrip(" ")
        if not bare.strip() or bare[0] == "#":
            continue
        indent = len(line) - len(bare)
        if start < 0:
            start, base = index, indent
        elif indent <= base and bare[0] not in "]}\t" and bare[:2] not in _DASHES and bare != "-":
            yield start, index
            start = index
    if start >= 0:
        yield start, len(lines)
