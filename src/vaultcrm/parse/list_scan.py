"""List items by one pass over the lines: what CommonMark says of a note, where it can be said without doubt.

A full Markdown parser takes fifty times as long. This one follows items, paragraphs, fences and headings, and
owns up where a construct makes it uncertain (raw HTML, quotes in lists): ``parse.list_tokens`` is asked then.
Both give the same for every text of which this one is sure. This module must not know what an item means.
"""

from __future__ import annotations

import re

from vaultcrm.model.patterns import regex

DEEPEST = 20
"""How deep lists may stand in one another; a list that is deeper is text."""

_SPECIAL = frozenset("-+*0123456789>#`~<=_")
_NOT_PLAIN = _SPECIAL | {"", " ", "\t"}
_MARKER = regex(r"(?:[-+*]|([0-9]{1,9})[.)])(?=[ \t]|$)")
_FENCE = regex(r"`{3,}(?=[^`]*$)|~{3,}")
_HEADING = regex(r"#{1,6}(?=[ \t]|$)")
_UNDERLINE = regex(r"(?:=+|-+)[ \t]*")
_HTML = regex(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[A-Za-z/?!]")
"""What may begin raw HTML; ``<https:`` does not."""


class FoundItem:
    """A list item while it is read: the index of its line, its first paragraph, the titles above it.

    ``first`` is what the paragraph has on the item's own line, None where it begins further down or never;
    ``rest`` are its further lines. All have their outer blanks off.
    """

    __slots__ = ("bare", "content", "first", "index", "rest", "sections")

    def __init__(self, index: int, sections: tuple[str, ...], content: int = 0) -> None:
        self.index = index
        self.sections = sections
        self.content = content  # the column, tabs expanded, that lines within the item reach at least
        self.bare = True  # no block in it so far
        self.first: str | None = None
        self.rest: list[str] = []


class Outline:
    """The titles that what follows stands under."""

    def __init__(self) -> None:
        self.sections: tuple[str, ...] = ()
        self._levels: list[int] = []

    def add(self, level: int, title: str) -> None:
        """A heading: it ends those of its own level and of lower ones."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self.sections = (*self.sections[: len(self._levels)], title)
        self._levels.append(level)


class Scan:
    """What stands open after the lines taken so far: items, a paragraph, a fence, a comment, a quote."""

    def __init__(self) -> None:
        self.found: list[FoundItem] = []
        self.sure = True
        self._outline = Outline()
        self._open: list[FoundItem] = []
        self._paragraph = False
        self._owner: FoundItem | None = None  # whose first paragraph is open
        self._lines: list[str] = []  # of a paragraph outside lists: it may yet become a heading
        self._fence = ""
        self._comment = False
        self._quote = False

    def run(self, lines: list[str]) -> None:
        """Read all lines, which have no line ends; what nine of ten lines are is decided without a detour."""
        for index, line in enumerate(lines):
            if not line:
                if self._open or self._fence or self._comment:
                    self._take(index, line)
                else:
                    self._paragraph = self._quote = False
                continue
            first = line[0]
            if first in " \t" or self._fence or self._comment or self._quote:
                self._take(index, line)
            elif first not in _SPECIAL:
                self._text(index, line, 0)
            elif first in "-*+" and line[1:2] == " " and line[2:3] not in _NOT_PLAIN:
                self._close(0)
                self._open_item(index, 2)
                self._text(index, line[2:], 1)
            else:
                self._special(index, line, 0, 0)

    def _take(self, index: int, line: str) -> None:
        text = line.lstrip(" \t")
        indent = len(line) - len(text)
        if indent and "\t" in line[:indent]:
            indent = _columns(line[:indent], 0)
        if (self._fence or self._comment) and self._goes_on(text, indent):
            return
        if not text:
            self._blank(index)
            return
        if self._quote and self._is_quoted(text, indent):
            return
        depth = len(self._open)
        while depth and self._open[depth - 1].content > indent:
            depth -= 1
        if indent - (self._open[depth - 1].content if depth else 0) >= 4:
            self._indented(text, depth)
        elif text[0] in _SPECIAL:
            self._special(index, text, indent, depth)
        else:
            self._text(index, text, depth)

    def _goes_on(self, text: str, indent: int) -> bool:
        """Whether a line belongs to the open fence or comment; it may close it."""
        if self._comment:
            self._comment = "-->" not in text
            return True
        base = self._open[-1].content if self._open else 0
        if text and indent < base:
            self._fence = ""
            return False
        bare = text.rstrip(" \t")
        if indent - base < 4 and bare.startswith(self._fence) and not bare.strip(self._fence[0]):
            self._fence = ""
        return True

    def _blank(self, index: int) -> None:
        self._paragraph = self._quote = False
        self._owner = None
        if self._open and self._open[-1].bare and self._open[-1].index == index - 1:
            self._open.pop()  # an item cannot begin with two blank lines

    def _is_quoted(self, text: str, indent: int) -> bool:
        if text[0] == ">":
            self._paragraph = bool(text[1:].strip(" \t"))
            return True
        if self._paragraph and (indent >= 4 or not _begins_block(text)):
            self.sure = False  # it may go on with the quote's last paragraph
        self._quote = self._paragraph = False
        return False

    def _indented(self, text: str, depth: int) -> None:
        """A line that is indented like code; within a paragraph it goes on with that."""
        if not self._paragraph:
            self._close(depth)
            return
        if depth < len(self._open) and text[0] in _SPECIAL:
            # markdown-it looks at such lines from the inner item, where they are not indented like code
            is_item = depth == len(self._open) - 1 and _MARKER.match(text) and not _is_rule(text)
            self.sure = self.sure and bool(is_item)
        self._continue(text)

    def _special(self, index: int, text: str, indent: int, depth: int) -> None:
        """A line whose first character may begin something else than a paragraph."""
        first = text[0]
        if self._paragraph and depth == len(self._open) and first in "-=" and _UNDERLINE.fullmatch(text):
            self._underline(1 if first == "=" else 2)
        elif first in "`~" and (fence := _FENCE.match(text)):
            self._close(depth)
            self._fence = fence[0]
        elif first == ">":
            self._close(depth)
            self.sure = self.sure and depth == 0
            self._quote, self._paragraph = depth == 0, depth == 0 and bool(text[1:].strip(" \t"))
        elif first in "-*_" and _is_rule(text):
            self._close(depth)
        elif (marker := _MARKER.match(text)) and self._may_begin(marker, depth):
            self._item(index, text, indent, depth, marker.end())
        elif first == "<" and _HTML.match(text):
            self._html(text, depth)
        elif first == "#" and (heading := _HEADING.match(text)):
            self._close(depth)
            if depth == 0:
                self._outline.add(heading.end(), _title(text[heading.end() :]))
        else:
            self._text(index, text, depth)

    def _may_begin(self, marker: re.Match[str], depth: int) -> bool:
        """Whether an item can begin here: within a paragraph it has to have a text, and 1 as its number."""
        if depth >= DEEPEST:
            return False
        if not self._paragraph or depth < len(self._open):
            return True
        return int(marker[1] or 1) == 1 and bool(marker.string[marker.end() :].strip(" \t"))

    def _item(self, index: int, text: str, indent: int, depth: int, width: int) -> None:
        """Open an item, and read what stands behind its marker as a line within it."""
        self._close(depth)
        rest = text[width:].lstrip(" \t")
        begin = indent + width
        blanks = text[width : len(text) - len(rest)]
        column = begin + 1 if blanks == " " else _columns(blanks, begin)
        is_code = column - begin > 4
        item = self._open_item(index, begin + 1 if is_code or not rest else column)
        if is_code and rest:
            item.bare = False
        elif rest and rest[0] in _SPECIAL:
            self._special(index, rest, column, depth + 1)
        elif rest:
            self._text(index, rest, depth + 1)

    def _open_item(self, index: int, content: int) -> FoundItem:
        item = FoundItem(index, self._outline.sections, content)
        self.found.append(item)
        self._open.append(item)
        return item

    def _html(self, text: str, depth: int) -> None:
        is_comment = text.startswith("<!--")
        self.sure = self.sure and is_comment and depth == 0
        self._close(depth)
        self._comment = is_comment and "-->" not in text

    def _text(self, index: int, text: str, depth: int) -> None:
        if self._paragraph:
            self._continue(text)
            return
        owner = self._close(depth)
        self._paragraph, self._owner = True, owner
        if owner is None:
            self._lines = [text]
        elif owner.index == index:
            owner.first = text.strip()
            self.sure = self.sure and owner.first != ""  # nothing but blanks that Markdown takes for text
        else:
            self._continue(text)

    def _continue(self, text: str) -> None:
        if self._owner is not None:
            line = text.strip()
            if line:
                self._owner.rest.append(line)
        elif not self._open:
            self._lines.append(text)

    def _underline(self, level: int) -> None:
        """The open paragraph turns out to be a heading."""
        if self._owner is not None:
            self._owner.first = None
            self._owner.rest.clear()
        if not self._open:
            self._outline.add(level, " ".join(filter(None, map(str.strip, self._lines))))
        self._close(len(self._open))

    def _close(self, depth: int) -> FoundItem | None:
        """End the paragraph and all deeper items; the item in which its first block begins now, if so."""
        self._paragraph = False
        self._owner = None
        del self._open[depth:]
        if not depth:
            return None
        item = self._open[-1]
        was_bare, item.bare = item.bare, False
        return item if was_bare else None


def _columns(blanks: str, column: int) -> int:
    """The column behind blanks that begin at a column; tabs reach to the next multiple of 4."""
    for blank in blanks:
        column += 4 - column % 4 if blank == "\t" else 1
    return column


def _begins_block(text: str) -> bool:
    return bool(
        _MARKER.match(text)
        or _FENCE.match(text)
        or _HEADING.match(text)
        or (text[0] in "-*_" and _is_rule(text))
    )


def _is_rule(text: str) -> bool:
    if text[-1] != text[0] and text[-1] not in " \t":
        return False
    signs = text.replace(" ", "").replace("\t", "")
    return len(signs) >= 3 and signs.count(signs[0]) == len(signs)


def _title(text: str) -> str:
    """A heading's text without the number signs that may close it."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    return (bare if bare != text and bare[-1:] in (" ", "\t") else text).strip()
