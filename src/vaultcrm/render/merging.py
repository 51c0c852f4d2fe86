"""Two versions of a generated note in a git merge: only what people wrote between the sections is merged.

What stands in the sections is ours, and will be made anew from the merged notes. This module must not know
how lines are merged, nor touch a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.regions import GENERATED, find_regions

_FIRST = f"<!-- {GENERATED} -->"
_END = "<!-- vaultcrm:end -->"


class Emptied(NamedTuple):
    """A generated note without what was generated.

    ``first`` is the comment that says what made it, empty where there is none; ``sections`` has the text of
    each section, by the line of its begin marker.
    """

    text: str
    first: str
    sections: Mapping[str, str]


def emptied(note: str) -> Emptied | None:
    """A note's text with nothing in its sections; None where its markers are broken."""
    regions, problems = find_regions(note)
    if problems:
        return None
    pieces: list[str] = []
    sections: dict[str, str] = {}
    at = 0
    for region in regions:
        begin = note[region.open : region.start].strip()
        pieces += [note[at : region.open], begin, "\n", _END]
        sections[begin] = note[region.start : region.close]
        at = region.close
    text = "".join([*pieces, note[at:]]).replace("\r\n", "\n")
    start = text.find(f"<!-- {GENERATED}")
    end = text.find("-->", start) + 3 if start >= 0 else -1
    if end < 3:
        return Emptied(text, "", sections)
    return Emptied(text[:start] + _FIRST + text[end:], text[start:end], sections)


def filled(merged: str, ours: Emptied, theirs: Emptied) -> str | None:
    """The merged text with our sections in their places, and theirs where only they have one.

    None where the merge tore the markers apart.
    """
    regions, problems = find_regions(merged)
    if problems or merged.count(_FIRST) > 1:
        return None
    pieces: list[str] = []
    at = 0
    for region in regions:
        begin = merged[region.open : region.start].strip()
        section = ours.sections.get(begin, theirs.sections.get(begin))
        if section is None:
            return None
        pieces += [merged[at : region.open], begin, "\n", section]
        at = region.close
    return "".join([*pieces, merged[at:]]).replace(_FIRST, ours.first or theirs.first)
