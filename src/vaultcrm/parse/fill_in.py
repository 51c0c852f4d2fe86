"""Puts values into the text of a note template: properties into its front matter, words into its blanks.

A template's copy is a new note: lines may be replaced. A note that exists is edited by ``parse.splice``. This
module must not know what a property means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vaultcrm.model.note import Note, Property, Scalar, SourceFile
from vaultcrm.model.patterns import regex
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.new_notes import VaultHandler, new_note

_TITLE = r"(?:\{\{ *title *\}\}|<%[-_*]? *tp\.file\.title *[-_]?%>)"
_BLANK = regex(
    r"\{\{ *((?i:title|date|time)) *(?:: *([^{}\n]*?) *)?\}\}"
    r"|<%[-_*]? *tp\.(?:file\.(title)|date\.now\( *(?:([\"'])([^\"'{}\n]*)\4)? *\)) *[-_]?%>"
)
"""Obsidian's blanks and Templater's, at once: what stands in one is none, whatever it is."""
_TITLE_ALONE = regex(rf"([^\s#:\[{{\"'][^:#\[{{]*:)[ \t]+([\"']?){_TITLE}\2[ \t]*", re.IGNORECASE)
_COMMENT = regex(r"[^#]*:[ \t]+(#.*)")

FILE = "file"
Blank = Callable[[str, str], str]
"""Gives what stands for a blank: its name (title, file, date, time), and the format or nothing."""


def fill_blanks(text: str, blank: Blank) -> str:
    """The text with Obsidian's own blanks filled in: ``{{title}}``, ``{{date}}``, ``{{time:HH:mm}}``.

    So are the two of Templater that mean the same, ``tp.file.title`` and ``tp.date.now``; all else stays,
    since it is a program. A property that is the title alone is written so that it reads as the title,
    whatever signs that has; within another value stands the file's name, which has few.
    """
    note = _taken_apart(text)
    lines = text.split("\n")
    end = _block_end(note) if note.has_front_matter else 0
    for index in range(1, end):
        alone = _TITLE_ALONE.fullmatch(lines[index])
        lines[index] = (
            _lines(alone[1][:-1], blank("title", ""))[0]
            if alone is not None
            else _filled(lines[index], blank, FILE)
        )
    return "\n".join((*lines[:end], *(_filled(line, blank, "title") for line in lines[end:])))


def fill_properties(text: str, values: Mapping[str, object], first: Mapping[str, object]) -> str:
    """The text with each property having its value.

    A property that the template has is replaced where it stands, the comment behind an empty one is kept. Of
    the others, those in ``first`` come behind the first line, those in ``values`` last. A template without
    front matter gets a block.

    Args:
        text: The template's text.
        values: By name as it is to be written; texts, numbers, days, booleans, None, or lists of these.
        first: The same.
    """
    note = _taken_apart(text)
    wanted = {**first, **values}
    if not note.has_front_matter:
        return new_note(wanted, text)
    lines = text.split("\n")
    end = _block_end(note)
    found = {each.name: each for each in reversed(note.properties)}
    for name in sorted(wanted.keys() & found.keys(), key=lambda name: -found[name].line):
        begin, behind = _span(found[name], note, lines)
        new = _kept_comment(_lines(name, wanted[name]), lines[begin], found[name])
        lines[begin:behind] = new
        end += len(new) - (behind - begin)
    last = [line for name, value in values.items() if name not in found for line in _lines(name, value)]
    lines[end:end] = last
    head = [line for name, value in first.items() if name not in found for line in _lines(name, value)]
    at = min(2, end)
    lines[at:at] = head
    return "\n".join(lines)


def _filled(line: str, blank: Blank, title: str) -> str:
    def filled(match: re.Match[str]) -> str:
        if match[1] is None:
            return blank(title, "") if match[3] else blank("date", match[5] or "YYYY-MM-DD")
        name = match[1].lower()
        return blank(title if name == "title" else name, match[2] or "")

    return _BLANK.sub(filled, line) if "{{" in line or "<%" in line else line


def _taken_apart(text: str) -> Note:
    return parse_note(SourceFile("", text.encode("utf-8", "replace")))[0]


def _block_end(note: Note) -> int:
    """The index of the closing fence's line."""
    return note.body_line - 2


def _span(found: Property, note: Note, lines: list[str]) -> tuple[int, int]:
    """The half-open range of the lines of a property, without comments and blank lines at its end."""
    following = [each.line for each in note.properties if each.line > found.line]
    behind = min(following, default=_block_end(note) + 1) - 1
    while behind > found.line and lines[behind - 1].strip()[:1] in ("", "#"):
        behind -= 1
    return found.line - 1, behind


def _kept_comment(new: list[str], old: str, found: Property) -> list[str]:
    comment = _COMMENT.fullmatch(old.rstrip("\r"))
    empty = isinstance(found.value, Scalar) and not found.value.text
    return [f"{new[0]} {comment[1]}"] if comment and empty and len(new) == 1 else new


def _lines(name: str, value: object) -> list[str]:
    return VaultHandler().export({name: value}).splitlines()
