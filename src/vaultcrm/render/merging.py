"""Two versions of a generated note in a git merge: only what people wrote is merged.

What stands in the sections is ours, and will be made anew from the merged notes. Where a person wrote within
one, it stays together with an end marker that does not fit: the next run sees that, and keeps their words.
This module must not know how lines are merged, nor touch a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.regions import GENERATED, edited, find_regions

_LINES = 4
"""How many lines stand for what is generated: git makes one conflict of two with up to three between them."""

_FIRST = f"<!-- {GENERATED}" + "\nhere" * _LINES + " -->"
_END = "<!-- vaultcrm:end -->"

UnionMerge = Callable[[str, str, str], str]
"""Merges the lines of base, ours and theirs: where both sides changed the same ones, those of both stay."""


class Section(NamedTuple):
    """A section with its markers, what stands between them, and whether any of that may be a person's.

    The line ends of what stands between them are LF. Of a list that people tick all may be a person's.
    """

    text: str
    inside: str
    is_edited: bool


class Emptied(NamedTuple):
    """A generated note without what was generated.

    ``first`` is the comment that says what made it, empty where there is none; ``sections`` has each section
    by its begin marker.
    """

    text: str
    first: str
    sections: Mapping[str, Section]


NOTHING = Emptied("", "", {})
"""What both sides began with where there was no note."""


def emptied(note: str) -> Emptied | None:
    """A note's text with nothing in its sections; None where its markers are broken."""
    regions, problems = find_regions(note)
    if problems:
        return None
    pieces: list[str] = []
    sections: dict[str, Section] = {}
    at = 0
    for region in regions:
        begin = note[region.open : region.start].strip()
        pieces += [note[at : region.open], begin, _inside(begin), _END]
        whole = note[region.open : region.close]
        inside = note[region.start : region.end].replace("\r\n", "\n")
        sections[begin] = Section(whole, inside, edited(note, region))
        at = region.close
    text = "".join([*pieces, note[at:]])
    start = text.find(f"<!-- {GENERATED}")
    end = text.find("-->", start) + 3 if start >= 0 else -1
    if end < 3:
        return Emptied(text, "", sections)
    return Emptied(text[:start] + _FIRST + text[end:], text[start:end], sections)


def _inside(begin: str) -> str:
    """What stands in a section for what was generated: lines that no other one has."""
    return f"\nin {begin.strip('<->')}" * _LINES + "\n"


def filled(merged: str, before: Emptied, ours: Emptied, theirs: Emptied, union: UnionMerge) -> str | None:
    """The merged text with a section in each place: ours, but for what people wrote in theirs.

    None where the merge tore the markers apart, or left no place for a section in which a person wrote.
    """
    regions, problems = find_regions(merged)
    if problems or merged.count(_FIRST) > 1:
        return None
    pieces: list[str] = []
    unplaced = {begin for side in (ours, theirs) for begin in _written(side, before)}
    at = 0
    for region in regions:
        begin = merged[region.open : region.start].strip()
        section = _of_both(begin, before, ours, theirs, union)
        if section is None or merged[region.start - 1 : region.end] != _inside(begin):
            return None
        pieces += [merged[at : region.open], section]
        unplaced.discard(begin)
        at = region.close
    if unplaced:
        return None
    return "".join([*pieces, merged[at:]]).replace(_FIRST, ours.first or theirs.first)


def _written(side: Emptied, before: Emptied) -> set[str]:
    """The begin markers of sections in which a person of this side wrote."""
    old = before.sections
    return {
        begin
        for begin, section in side.sections.items()
        if section.is_edited and not (begin in old and old[begin].inside == section.inside)
    }


def _of_both(begin: str, before: Emptied, ours: Emptied, theirs: Emptied, union: UnionMerge) -> str | None:
    """A section of the merged note; None where neither side has it."""
    mine, other = ours.sections.get(begin), theirs.sections.get(begin)
    if mine is None or other is None:
        one = mine or other
        return None if one is None else one.text
    if not other.is_edited or mine.inside == other.inside:
        return mine.text
    if not mine.is_edited:
        return other.text
    old = before.sections.get(begin)
    inside = union(old.inside if old is not None else "", mine.inside, other.inside)
    lead = "" if inside.endswith("\n") else "\n"
    return f"{begin}\n{inside}{lead}{_END}"  # without a digest it is as edited as both were
