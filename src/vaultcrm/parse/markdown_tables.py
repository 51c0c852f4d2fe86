"""Tables of a note as people write them: GitHub's notation, with the place of each cell.

Nothing in a code fence, a comment or a generated region is a table. This module must not know what a table
means.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.slips import conflict_lines


class Cell(NamedTuple):
    """A cell's text without emphasis and code marks; lines and columns count from 1."""

    text: str
    line: int
    column: int


class TableText(NamedTuple):
    """A table: its head, and its rows, each of as many cells as somebody wrote."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(text: str) -> Iterator[TableText]:
    """The tables of a note in their order.

    A table ends where GitHub ends it, at a blank line. A line without a bar is no row, but those below it
    are: a merge leaves its marks in the middle of a table.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    hidden = _hidden(lines)
    marks = frozenset(conflict_lines(lines))
    index = 0
    while index + 1 < len(lines):
        if hidden[index] or not _is_head(lines, index):
            index += 1
            continue
        head = _cells(lines[index], index + 1)
        index += 2
        rows = []
        while index < len(lines) and lines[index].strip() and not hidden[index]:
            if _is_head(lines, index):
                break
            if "|" in lines[index] and index not in marks:
                rows.append(_cells(lines[index], index + 1))
            index += 1
        yield TableText(head, tuple(rows))


def _is_head(lines: list[str], index: int) -> bool:
    """Whether a table begins on a line."""
    under = lines[index + 1] if index + 1 < len(lines) else ""
    return "|" in lines[index] and "-" in under and _RULE.fullmatch(under) is not None


def _hidden(lines: list[str]) -> list[bool]:
    """Which lines stand in a code fence, a comment over several lines or a generated region."""
    found = []
    fence, closing, inside = "", "", False
    last = {sign: number for number, line in enumerate(lines) for sign in _CLOSINGS if sign in line}
    for number, line in enumerate(lines):
        mark = None if closing else _FENCE.match(line)
        opened = "" if fence or closing or mark else _comment(line)
        opened = opened if last.get(opened, 0) > number else ""
        begins = mark is not None and not fence
        found.append(bool(fence or closing or opened) or begins or inside or _REGION in line)
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif mark is not None:
            fence = mark[1]
        closing = opened or ("" if closing in line else closing)
        inside = (inside or f"{_REGION}begin" in line) and f"{_REGION}end" not in line
    return found


def _comment(line: str) -> str:
    """What ends the comment that begins a line and goes on behind it; empty where none does."""
    mark = _COMMENT.match(line)
    closing = "" if mark is None else _CLOSING[mark[1]]
    return "" if mark is None or closing in line[mark.end() :] else closing


def _cells(line: str, number: int) -> tuple[Cell, ...]:
    """The cells of a line; a bar behind a backslash is text."""
    found = []
    start = len(line) - len(line.lstrip(" \t\ufeff"))
    start += line[start : start + 1] == "|"
    for end in [match.start() for match in _BAR.finditer(line, start)] + [len(line)]:
        written = line[start:end]
        if end < len(line) or written.strip():
            column = start + len(written) - len(written.lstrip()) + 1
            found.append(Cell(_plain(written), number, column))
        start = end + 1
    return tuple(found)


def _plain(written: str) -> str:
    """What a cell says: without emphasis, code marks, links' brackets and escapes."""
    text = _LINK.sub(lambda match: match[2] or match[1], written.replace("\\|", "|"))
    return _ESCAPE.sub(r"\1", text.strip().strip("*`").strip())


_RULE = regex(r"[ \t]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BAR = regex(r"(?<!\\)\|")
_FENCE = regex(r" {0,3}(`{3,}|~{3,})")
_COMMENT = regex(r" {0,3}(<!--|%%)")
_CLOSING = {"<!--": "-->", "%%": "%%"}
_CLOSINGS = frozenset(_CLOSING.values())
_LINK = regex(r"\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_ESCAPE = regex(r"\\([!-/:-@\[-`{-~])")
_REGION = "<!-- vaultcrm:"
