"""Pieces of terminal text: colour, columns, wrapping with Chinese characters as wide as they are.

All text comes in as users wrote it and goes out unable to steer a terminal. This module must not know any
command.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultcrm.model.frozen import dataclass
from vaultcrm.render.text import cut, display_width, pad, terminal_text

NARROWEST = 40
"""Columns below which lines are not made shorter: what is left would not be readable."""

_CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Screen:
    """How wide the terminal is, in columns, and whether it shows colours."""

    width: int
    color: bool

    def ink(self, text: str, name: str) -> str:
        """The text in a colour or weight, where there are any."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.color and text else text

    def wrapped(self, text: str, indent: int = 0) -> Iterator[str]:
        """The text in lines that fit behind ``indent`` columns; the blanks are not put in."""
        yield from wrap(terminal_text(text), max(self.width, NARROWEST) - indent)

    def hanging(self, head: str, text: str, column: int, ink: str = "") -> Iterator[str]:
        """A head, then the text from ``column`` on, wrapped there; the head is cut where it is too long."""
        label = pad(cut(terminal_text(head), column - 1), column)
        for number, line in enumerate(self.wrapped(text, column)):
            yield (self.ink(label, ink) if ink else label) + line if number == 0 else " " * column + line


def wrap(text: str, width: int) -> Iterator[str]:
    """Lines of at most so many columns, broken at blanks, between wide characters, or in words too long."""
    line, used = "", 0
    for piece in _pieces(text):
        if used + display_width(piece.rstrip()) <= width:
            line += piece
            used += display_width(piece)
            continue
        if line.strip():
            yield line.rstrip()
        line = piece.lstrip()
        while (used := display_width(line)) > width:
            head = _fitting(line, width)
            yield head
            line = line[len(head) :]
    if line.strip():
        yield line.rstrip()


def _fitting(text: str, width: int) -> str:
    taken = used = 0
    for character in text:
        used += display_width(character)
        if used > width and taken:
            break
        taken += 1
    return text[:taken]


def _pieces(text: str) -> Iterator[str]:
    """Words with the blank behind them; each wide character is a word, and keeps the sign that follows it."""
    piece = ""
    for character in text:
        wide = ord(character) > 0x2E7F
        if piece and (piece[-1] == " " != character or (wide and character not in NO_LINE_BEGINS)):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


NO_LINE_BEGINS = "，。、；：？！）」』》”’…"
"""Signs that must not begin a line in Chinese."""
