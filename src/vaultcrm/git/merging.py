"""The merge driver for generated files: git hands it three versions of one, and takes what comes back.

Of a note people's text is merged, and the sections are made anew from the merged notes: until then they are
ours, with what people wrote in theirs. Of a feed all is ours. This module must not know what is in a section.
"""

from __future__ import annotations

import os

from vaultcrm.render.merging import NOTHING, emptied, filled
from vaultcrm.store.calling import merge_texts
from vaultcrm.store.files import read_bytes, replace_file

FEED = b"BEGIN:VCALENDAR"


def merge_files(base: str, ours: str, theirs: str, path: str) -> bool:
    """Merge the file ``theirs`` into the file ``ours``; False where conflicts are left in it.

    Args:
        base: What both began with; an empty file where there was none.
        ours: Our version, which is replaced by the merged one.
        theirs: Their version.
        path: What the file is called in the repository.

    Raises:
        VaultcrmError: A file cannot be read or written.
    """
    before, mine, other = (read_bytes(os.path.abspath(each)) or b"" for each in (base, ours, theirs))
    merged, clean = merged_output(before, mine, other, path)
    if merged != mine:
        folder, name = os.path.split(os.path.abspath(ours))
        replace_file(folder, name, merged)
    return clean


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
