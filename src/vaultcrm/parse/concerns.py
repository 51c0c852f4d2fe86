"""Which files that were not read concern us: a vault holds far more than clients.

What is wrong with a recipe or a drawing is nobody's business. This module must not know what is in a note.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import VaultPath
from vaultcrm.model.records import Reading
from vaultcrm.parse.kinds import folder_kind
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.telling import says_a_kind

OF_ANY_FILE = frozenset({"conflict-copy", "conflict-copy-alone", "note-too-large"})
"""Codes that every file may have, a note of ours or not."""


def is_ours(reading: Reading) -> bool:
    """Whether a note concerns us."""
    return reading.kind is not None or bool(reading.interactions)


def of_our_files(
    told: Collection[Diagnostic],
    ours: Collection[VaultPath],
    config: ReadConfig,
    outputs: Collection[VaultPath],
    head: Callable[[VaultPath], bytes],
) -> tuple[Diagnostic, ...]:
    """Problems with files as such, without those of conflict copies and large files that are none of ours.

    Args:
        told: What the walk found.
        ours: The notes that concern us, as `is_ours` has it.
        config: How notes are read.
        outputs: The files that are written: a copy of one concerns us.
        head: Gives the first bytes of a file, none where it cannot be read.
    """
    if not any(each.code in OF_ANY_FILE for each in told):
        return tuple(told)
    known = {*ours, *outputs}
    known |= {each.read for each in told if each.code == "conflict-copy" and each.place.path in ours}

    def concerns(each: Diagnostic) -> bool:
        path = each.read if each.code == "conflict-copy" else each.place.path
        return path in known or folder_kind(path, config) is not None or says_a_kind(head(path))

    return tuple(each for each in told if each.code not in OF_ANY_FILE or concerns(each))
