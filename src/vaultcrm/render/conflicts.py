"""What git leaves of a merge in a text: the lines of both sides, between markers.

Conflicts are rare: who may meet one loads this module when there is one. It must not know what a text says.
"""

from __future__ import annotations

from vaultcrm.model.patterns import regex


def sides_of(text: str) -> tuple[str, str, tuple[int, ...]] | None:
    """Our text, theirs, and where in ours the two differ; None where there are no whole conflicts.

    What git merged by itself is in both.
    """
    ours: list[str] = []
    theirs: list[str] = []
    torn: list[int] = []
    state, length = "both", 0
    for line in text.splitlines(keepends=True):
        mark = _CONFLICT.match(line)
        if mark is not None and (state, mark.group()) in _NEXT_SIDE:
            state = _NEXT_SIDE[state, mark.group()]
            torn.append(length)
            continue
        if state in ("both", "ours"):
            ours.append(line)
            length += len(line)
        if state in ("both", "theirs"):
            theirs.append(line)
    whole = state == "both" and torn
    return ("".join(ours), "".join(theirs), tuple(torn)) if whole else None


def of_both_sides(text: str) -> str:
    """The text without a conflict's markers, and without what both sides began with; its line ends are LF."""
    text = text.replace("\r\n", "\n")
    if "\n>>>>>>> " not in text or "<<<<<<< " not in text:
        return text
    kept, is_base = [], False
    for line in text.split("\n"):
        if _CONFLICT.match(line):
            is_base = line.startswith("|")
        elif not is_base:
            kept.append(line)
    return "\n".join(kept)


_CONFLICT = regex(r"(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|$)")
_NEXT_SIDE = {
    ("both", "<<<<<<<"): "ours",
    ("ours", "|||||||"): "base",
    ("ours", "======="): "theirs",
    ("base", "======="): "theirs",
    ("theirs", ">>>>>>>"): "both",
}
