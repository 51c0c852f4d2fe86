"""What hands get wrong in a line of front matter, told by its look alone.

This module must not know YAML: its questions are asked of lines that YAML does not read as they were meant.
"""

from __future__ import annotations

from vaultcrm.model.patterns import regex

_FULL_WIDTH = regex(r"[^:：#\"'\[\]{}]+：")
_NO_SPACE = regex(r"[^\s:#\"'\[\]{}][^:\"'\[\]{}]*:[^ \t]")

_INVISIBLE = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What no text needs, and what YAML takes for line breaks where nobody sees any (U+0085, U+2028, U+2029)."""

_CURLY = regex(r"\{\{[^{}\n]*\}\}")

_CONFLICT = ("<<<<<<< ", "||||||| ", ">>>>>>> ")


def slip(line: str) -> str | None:
    """The code of the slip in how a line separates name and value; None where it shows none.

    ``备注：林姐`` is ``full-width-colon``, ``owner:Ann`` is ``colon-without-space``. The line may be indented
    or a list item.
    """
    bare = line.lstrip(" -")
    if _FULL_WIDTH.match(bare):
        return "full-width-colon"
    if ": " not in bare and ":\t" not in bare and bare.rstrip()[-1:] != ":" and _NO_SPACE.match(bare):
        return "colon-without-space"
    return None


def looks_like_property(line: str) -> bool:
    """Whether an unindented line seems to begin a property, however it is spelt."""
    bare = line.rstrip()
    return line[:1] not in _NO_NAME and (": " in line or bare.endswith(":") or slip(line) is not None)


_NO_NAME = ("", " ", "\t", "#", "-", "]", "}", ">", "|", "<")


def stray(line: str) -> str:
    """What to do about a line that is no part of the property above it; empty where that is not certain."""
    bare = line.lstrip(" ")
    if bare.startswith("- "):
        return "delete it, or put the list below a name without a value"
    return "delete the blanks before the name" if bare != line and looks_like_property(bare) else ""


def indented_rule(lines: list[str]) -> int:
    """The index of the first line ``---`` with blanks before it, which closes no properties; -1 for none.

    Within a text of several lines, in quotes or behind ``|``, it is a part of that.
    """
    in_text = False
    for index, line in enumerate(lines):
        if line[:1] not in _BLANK:
            in_text = line.partition(":")[2].lstrip()[:1] in _BEGIN_TEXT
        elif not in_text and line.strip() == "---":
            return index
        elif not in_text:
            in_text = line.rstrip()[-1:] in ("|", ">")
    return -1


_BLANK = ("", " ", "\t")
_BEGIN_TEXT = ("|", ">", '"', "'")


def invisible(text: str) -> int:
    """Where in a text the first control character stands that front matter cannot hold, or -1."""
    found = _INVISIBLE.search(text)
    return found.start() if found else -1


def without_blanks_before(text: str) -> str:
    """A note's text from the first character on that one sees: there its properties may have been meant."""
    return text.lstrip(_UNSEEN)


_UNSEEN = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_UNSEEN += "".join(map(chr, range(0x2000, 0x200E)))
"""Blanks of all kinds, and characters without a width: what copying from elsewhere leaves before a text."""


def placeholder(text: str) -> tuple[int, int] | None:
    """The half-open range of the first placeholder, ``{{…}}`` or ``<% … %>``, that was not filled in."""
    curly = _CURLY.search(text)
    start = text.find("<%")
    end = text.find("%>", start) if start >= 0 else -1
    if end >= 0 and (curly is None or start < curly.start()):
        return start, end + 2
    return curly.span() if curly else None


def conflict_lines(lines: list[str]) -> list[int]:
    """Indices of the lines that a merge left as conflict markers; ``=======`` is one only beside others."""
    found = [index for index, line in enumerate(lines) if line.startswith(_CONFLICT)]
    if found:
        found += [index for index, line in enumerate(lines) if line.rstrip() == "======="]
    return sorted(found)
