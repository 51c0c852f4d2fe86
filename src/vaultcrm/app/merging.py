"""Two versions of a generated file as one, and what git left in conflict made anew from both of them.

Of a note people's text is merged, and the sections are made anew from the merged notes: until then they are
ours, with what people wrote in theirs. Of a feed all is ours. This module must not know what is in a section.
"""

from __future__ import annotations

import os

from vaultcrm.model.note import VaultPath
from vaultcrm.render.merging import NOTHING, emptied, filled
from vaultcrm.store.calling import GitError, merge_texts
from vaultcrm.store.git import find_repository

FEED = b"BEGIN:VCALENDAR"

_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


def mended(root: str, path: VaultPath, there: bytes) -> bytes:
    """What the merge driver makes of a file that git left in conflict where it was not asked.

    The file itself where a person has written into it since, or git does not know both sides any more.

    Args:
        root: The vault's folder.
        path: The file's path in the vault.
        there: What it holds.
    """
    real = os.path.realpath(os.path.join(root, path))
    try:
        repository = find_repository(os.path.dirname(real))
        sides = repository.sides(real) if repository is not None else None
    except GitError:
        return there
    if sides is None:
        return there
    known = {line for text in sides for line in text.splitlines()}
    if any(line not in known and not line.startswith(_MARKERS) for line in there.splitlines()):
        return there
    merged, clean = merged_output(*sides, path)
    return merged if clean else there


def merged_output(base: bytes, ours: bytes, theirs: bytes, path: str = "") -> tuple[bytes, bool]:
    """Two versions of a generated file as one, and whether nothing is left to a person."""
    if path.endswith(".ics") or ours.startswith(FEED):
        return ours, True
    note = _merged_note(base, ours, theirs)
    if note is not None:
        return note, True
    merged, conflicts = merge_texts(base, ours, theirs)
    return merged, not conflicts


def _merged_note(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The note with people's text of both sides; None where it is not certain what is whose."""
    texts = [data.decode("utf-8", "surrogateescape") for data in (base, ours, theirs)]
    alike = all(_line_end(text) is not None for text in texts)
    before, mine, other = (emptied(text.replace("\r\n", "\n") if alike else text) for text in texts)
    if mine is None or other is None or not mine.sections or not other.sections:
        return None
    before = before or NOTHING
    whole = filled(_union(before.text, mine.text, other.text), before, mine, other, _union)
    if whole is None:
        return None
    if alike:
        whole = whole.replace("\n", _line_end(texts[1]) or "")
    return whole.encode("utf-8", "surrogateescape")


def _line_end(text: str) -> str | None:
    """How all lines of a text end; None where they differ, and each stays as it is."""
    turned = text.count("\r\n")
    if not turned:
        return "\n"
    return "\r\n" if turned == text.count("\n") else None


def _union(base: str, ours: str, theirs: str) -> str:
    """A merge of lines that keeps those of both sides where both changed the same."""
    merged, _ = merge_texts(
        *(text.encode("utf-8", "surrogateescape") for text in (base, ours, theirs)), union=True
    )
    return merged.decode("utf-8", "surrogateescape")
