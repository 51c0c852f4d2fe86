"""Lists with boxes that people tick: written anew around their ticks and their own lines, which all stay.

Each of our lines ends in a comment of two digests, ``<!-- 1f3a9c02-77b0e1 -->``: which thing it is about, and
what we wrote of it. So a line is known again when its text has changed, when it was moved, and when a person
changed it. Each part begins with a comment of its name and the digest of its heading. A tick is a person's
mark and nothing more: no rule reads it. This module must not know what is on a list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.patterns import regex
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple

CHECKLISTS = frozenset({"plan", "actions"})
"""The regions that are such lists."""


class Line(NamedTuple):
    """A line of ours: what it is about, its Markdown, and whether it has a box."""

    key: str
    text: str
    has_box: bool = True


class Part(NamedTuple):
    """A part of a list: its name, the lines above its list (one block, without blank ends), the list."""

    name: str
    head: str
    lines: tuple[Line, ...]


def render_checklist(parts: Iterable[Part]) -> str:
    """The Markdown of a list that nobody has touched yet."""
    return "\n\n".join(_part_text(part) for part in parts)


def lines_known_in(text: str) -> frozenset[str]:
    """Which lines of ours stand in a text, by their digests."""
    return frozenset(match[1] for match in _MARK.finditer(text))


def merge_checklist(old: str, fresh: str, elsewhere: Collection[str] = ()) -> str:
    """A list anew, with all that people did to the old one.

    A line that a person ticked, changed, moved or wrote something below stays as it is, where it is; the
    other lines of ours are those of ``fresh``, in its order. People's own lines stay behind the line of ours
    that they stood behind, or behind the one before it where that is gone. What git left of a conflict goes:
    both sides' lines stay.

    Args:
        old: What stands there, as `render_checklist` or a person wrote it.
        fresh: What `render_checklist` gives now.
        elsewhere: The lines of ours that stand in the rest of the note (`lines_known_in`): one that was moved
            there, or above the first part, is not written again.
    """
    new = _parsed(fresh, {})
    there = _parsed(_whole(old), {part.name: part for part in new.parts})
    merge = _Merge(new, there, lines_known_in("\n".join(there.before)).union(elsewhere))
    return "\n".join(merge.lines()).strip("\n")


@dataclass(slots=True)
class _Entry:
    """A line of ours as it stands, or a block of a person's own lines (``id`` empty).

    ``is_held``: a person did something to it. ``has_more``: a person's lines belong to it.
    """

    lines: list[str]
    id: str = ""
    is_held: bool = False
    has_more: bool = False
    text: str = ""


@dataclass(slots=True)
class _Standing:
    """A part as it stands: the comment that it begins with, its heading, its entries.

    ``is_held``: a person changed the heading, which then is the first of the entries.
    """

    name: str
    comment: str
    head: list[str] = field(default_factory=list)
    is_held: bool = False
    entries: list[_Entry] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """A list taken apart; ``before`` are the lines before its first part."""

    before: list[str]
    parts: list[_Standing]

    def entries(self) -> Iterator[tuple[_Standing, _Entry]]:
        """All lines of ours with their parts."""
        return ((part, entry) for part in self.parts for entry in part.entries if entry.id)


def _part_text(part: Part) -> str:
    lines = [f"<!-- {part.name} {_digest(part.head)} -->", "", part.head]
    if part.lines:
        lines += ["", *(_line_text(part.name, line) for line in part.lines)]
    return "\n".join(lines)


def _line_text(part: str, line: Line) -> str:
    bullet = f"- {'[ ] ' if line.has_box else ''}{line.text}"
    id_ = sha256(line.key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{bullet} <!-- {id_}-{_digest(_said(part, bullet))} -->"


def _said(part: str, bullet: str) -> str:
    """What of a line its digest is about: all but whether it is ticked."""
    return f"{part} {_BOX.sub('- [ ] ', bullet, count=1)}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


# ------------------------------------------------------------------------------------------- taking apart


def _whole(old: str) -> str:
    old = old.replace("\r\n", "\n")
    if "\n>>>>>>> " not in old:
        return old
    from vaultcrm.render.conflicts import of_both_sides

    return of_both_sides(old)


def _parsed(text: str, known: Mapping[str, _Standing]) -> _List:
    """A list taken apart; ``known`` are the parts of today, for lines and headings without their comment."""
    lines = text.split("\n")
    begins = _beginnings(lines, known)
    marks = sorted(begins)
    before = lines[: marks[0]] if marks else lines
    parts: dict[str, _Standing] = {}
    for start, end in pairwise([*marks, len(lines)]):
        name, comment, at = begins[start]
        part = parts.setdefault(name, _Standing(name, comment))
        bare = _by_text(known.get(name))
        part.entries += _entries(name, _take_head(part, comment, lines[at:end], bare), bare)
    return _List(_trimmed(before), list(parts.values()))


def _beginnings(lines: list[str], known: Mapping[str, _Standing]) -> dict[int, tuple[str, str, int]]:
    """Where parts begin: name, comment, and the line behind that.

    A part whose comment is gone begins with its heading.
    """
    found = {}
    for index, line in enumerate(lines):
        match = _PART.fullmatch(line.strip())
        if match is not None:
            found[index] = (match[1], line.strip(), index + 1)
    named = {name for name, _, _ in found.values()}
    lost = {part.head[0]: part for name, part in known.items() if name not in named and part.head}
    for index, line in enumerate(lines):
        part = lost.pop(line.rstrip(), None)
        if part is not None and index not in found:
            found[index] = (part.name, part.comment, index)
    return found


def _by_text(known: _Standing | None) -> dict[str, _Entry]:
    """The lines of a part of today by what they say, for those without their comment."""
    return {entry.text: entry for entry in known.entries if entry.id} if known is not None else {}


def _take_head(part: _Standing, comment: str, lines: list[str], bare: Mapping[str, _Entry]) -> list[str]:
    """Give the part its heading, which is ours if it has the digest of the comment; the other lines.

    A line of ours that was put into the heading or above it is none of its lines, and stands below it then.
    """
    wanted = comment.split()[-2]
    others = [index for index, line in enumerate(lines) if _ours(part.name, line, bare) is None]
    first = next((at for at, index in enumerate(others) if lines[index].strip()), len(others))
    others = others[first : first + HEAD_LINES]
    for count in range(1, len(others) + 1):
        head = [lines[index] for index in others[:count]]
        if _digest("\n".join(head)) == wanted:
            part.head = part.head or head
            end = others[count - 1] + 1
            above = [lines[index] for index in range(end) if _ours(part.name, lines[index], bare)]
            return [*above, "", *lines[end:]]
    part.is_held = not part.head  # else these are lines of the other side of a conflict
    return lines


def _entries(name: str, lines: list[str], bare: Mapping[str, _Entry]) -> list[_Entry]:
    found: list[_Entry] = []
    own: list[str] = []
    for line in [*_trimmed(lines), None]:
        entry = None if line is None else _ours(name, line, bare)
        if line is not None and entry is None:
            own.append(line)
            continue
        if any(each.strip() for each in own):
            if found and _belongs(own[0]):
                found[-1].has_more = True
            found.append(_Entry(own))
        own = []
        if entry is not None:
            found.append(entry)
    return found


def _ours(part: str, line: str, bare: Mapping[str, _Entry]) -> _Entry | None:
    """A line of ours; None for a person's own."""
    mark = _MARK.search(line)
    if mark is None:
        known = bare.get(_said(part, line.rstrip()))
        if known is None:
            return None
        # an editor took the comments away; all else is as we wrote it
        marked = line.rstrip() + "".join(each[0] for each in _MARK.finditer(known.lines[0]))
        return _Entry([marked], known.id, _is_ticked(line))
    text = (line[: mark.start()] + line[mark.end() :]).rstrip()
    said = _said(part, text)
    is_held = _digest(said) != mark[2] or _is_ticked(text)
    return _Entry([line], mark[1], is_held, text=said)


def _is_ticked(line: str) -> bool:
    box = _BOX.match(line)
    return box is not None and box[1] != " "


def _belongs(line: str) -> bool:
    """Whether a line directly behind an item is a part of it."""
    return bool(line.strip()) and (line[0] in " \t" or not _BLOCK.match(line))


def _trimmed(lines: list[str]) -> list[str]:
    """The lines without blank ones at either end."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


# ---------------------------------------------------------------------------------------- putting together


class _Merge:
    """The old list and the new one while they are put together."""

    def __init__(self, new: _List, old: _List, elsewhere: Iterable[str]) -> None:
        self._new, self._old = new, old
        self._fresh = {entry.id: part.name for part, entry in new.entries()}
        self._kept = self._chosen()
        self._elsewhere = frozenset(elsewhere) - self._kept.keys()

    def _chosen(self) -> dict[str, tuple[str, _Entry]]:
        """What stays of the old lines of ours, with its part: of several of one thing the first held one.

        A line with more below it stays unless its place is the same in the new list, where it is written
        anew.
        """
        kept: dict[str, tuple[str, _Entry]] = {}
        for part, entry in self._old.entries():
            moves = self._fresh.get(entry.id) != part.name
            if entry.is_held or (entry.has_more and moves):
                kept.setdefault(entry.id, (part.name, entry))
        return kept

    def lines(self) -> Iterator[str]:
        """The merged list."""
        old = {part.name: part for part in self._old.parts}
        if self._old.before:
            yield from [*self._old.before, ""]
        for part in self._new.parts:
            yield from self._part(part, old.pop(part.name, None))
        for left in old.values():
            mine = [each for each in left.entries if not each.id or self._stays(left.name, each)]
            if mine or left.is_held:
                yield from [left.comment, "", *left.head, "", *_trimmed(list(_flat(mine))), ""]

    def _part(self, new: _Standing, old: _Standing | None) -> Iterator[str]:
        yield from [old.comment] if old is not None and old.is_held else [new.comment, "", *new.head]
        entries = _trimmed(list(_flat(self._entries(new, old))))
        yield from ["", *entries, ""] if entries else [""]

    def _entries(self, new: _Standing, old: _Standing | None) -> Iterator[_Entry]:
        behind: dict[str, list[_Entry]] = {"": []}
        fresh = {entry.id for entry in new.entries}
        anchor = ""
        for entry in old.entries if old is not None else ():
            if entry.id in fresh and self._is_here(new.name, entry.id):
                anchor = entry.id
                kept = self._kept.get(anchor)
                if kept is not None and entry.is_held and entry.lines != kept[1].lines:
                    behind.setdefault(anchor, []).append(entry)
            elif not entry.id or self._stays(new.name, entry):
                behind.setdefault(anchor, []).append(entry)
        yield from behind[""]
        for entry in new.entries:
            if self._is_here(new.name, entry.id):
                kept = self._kept.get(entry.id)
                yield entry if kept is None else kept[1]
                yield from behind.get(entry.id, ())

    def _is_here(self, part: str, id_: str) -> bool:
        """Whether what is new stands in this part: a person may have put it elsewhere."""
        kept = self._kept.get(id_)
        return kept[0] == part if kept is not None else id_ not in self._elsewhere

    def _stays(self, part: str, entry: _Entry) -> bool:
        """Whether an old line of ours stays where it is, though the new list has it not here."""
        return entry.is_held or self._kept.get(entry.id, ("", None)) == (part, entry)


def _flat(entries: Iterable[_Entry]) -> Iterator[str]:
    """The lines of entries; a person's paragraph is kept apart from the list behind it."""
    text = ""
    for entry in entries:
        if entry.id and text.strip() and not _APART.match(text):
            yield ""
        yield from entry.lines
        text = "" if entry.id else entry.lines[-1]


HEAD_LINES = 12
"""How many lines the heading of a part may have at most."""

_MARK = regex(r" ?<!-- ([0-9a-f]{8})-([0-9a-f]{6}) -->")
_PART = regex(r"<!-- ([a-z]+(?:-[a-z0-9]+)*) ([0-9a-f]{6}) -->")
_BOX = regex(r"- \[([^\[\]])\] ")
_BULLET = regex(r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)")
_BLOCK = regex(r"(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)|#{1,6} |>|```|~~~|\||<")
_APART = regex(r"\s|(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)|$")

__all__ = ["CHECKLISTS", "Line", "Part", "lines_known_in", "merge_checklist", "render_checklist"]
