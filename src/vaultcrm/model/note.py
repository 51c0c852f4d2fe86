"""A note as it is written: places, front-matter values and list items, nothing interpreted.

Values here are named tuples, not dataclasses: a vault of 10,000 notes makes some 200,000 of them, and a
named tuple costs a third of a frozen dataclass to build. This module must not know what a property means.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.tuples import NamedTuple

VaultPath = Annotated[str, "path"]
"""Path of a file from the vault's root, with ``/`` on every system, as the disk spells it."""

Word = Annotated[str, "word"]
"""A text that many notes have in common: a word of a table, a name."""


class Place(NamedTuple):
    """Where something stands. Lines and columns count from 1, columns in code points of the file's line."""

    path: VaultPath
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Scalar(NamedTuple):
    """A front-matter value as it was typed, quotes taken off, never resolved by YAML's type rules."""

    text: str
    line: int
    column: int
    quoted: bool = False


class Items(NamedTuple):
    """A front-matter list."""

    items: tuple[Value, ...]
    line: int
    column: int


class Fields(NamedTuple):
    """A front-matter mapping, in the order of writing, equal keys included."""

    entries: tuple[Property, ...]
    line: int
    column: int


class Property(NamedTuple):
    """One ``name: value``; the place is that of the name."""

    name: str
    value: Value
    line: int
    column: int


Value = Scalar | Items | Fields


class LinkText(NamedTuple):
    """A link within a text: ``[[target#heading|shown]]`` or ``[shown](target)``.

    ``target`` has neither heading nor ``|``; for a Markdown link it is percent-decoded and ``relative`` is
    true. ``start`` and ``end`` are the half-open range in the text that was searched.
    """

    target: str
    shown: str
    start: int
    end: int
    relative: bool = False
    embed: bool = False


class ListItem(NamedTuple):
    """A list item outside code, quotes, comments and raw HTML (CommonMark 5.2; GFM 5.3 for the box).

    ``text`` is the item's own first paragraph joined by spaces, without bullet and box; ``first_line`` is
    the part of it on the item's first line. ``box`` is what stands in ``[ ]``, or None. ``sections`` are
    the titles of the headings the item stands under, outermost first.
    """

    text: str
    first_line: str
    box: str | None
    line: int
    column: int
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the vault as read from disk."""

    path: VaultPath
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart: its properties with their places, and its body as text.

    ``body_line`` is the file's line on which the body begins. ``has_front_matter`` is true for an empty
    block too.
    """

    path: VaultPath
    properties: tuple[Property, ...]
    body: str
    body_line: int
    has_front_matter: bool

    @property
    def stem(self) -> str:
        """The file's name without folder and ``.md``."""
        name = self.path.rpartition("/")[2]
        return name[:-3] if name[-3:].lower() == ".md" else name


def code_points(text: str) -> str:
    """The key that names and paths are sorted by: NFC (specification 3, Conventions)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
