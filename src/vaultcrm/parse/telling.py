"""Which faults of a note are worth telling: each once, and those of a note that says it is ours in any case.

This module must not know how a note is read.
"""

from __future__ import annotations

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE, fold

LOOKED_AT = 4096
"""How many bytes at a note's beginning are looked at for what it says it is."""

Diagnostics = tuple[Diagnostic, ...]


def says_a_kind(data: bytes) -> bool:
    """Whether a line of a note with faults says that it is one of ours: the fault may stand in that line."""
    for line in data[:LOOKED_AT].decode(errors="replace").splitlines():
        name, _, value = line.replace("：", ":").partition(":")
        if fold(name) == "type" and fold(value.strip(" \t\"'")) in KINDS_OF_NOTE:
            return True
    return False


def not_said_yet(more: Diagnostics, said: Diagnostics) -> Diagnostics:
    """What was found in the values of a note, without what only follows from faults of its front matter."""
    unfilled = {each.place.line for each in said if each.code == "template-placeholder"}
    no_properties = any(each.code in _NO_PROPERTIES for each in said)
    return tuple(
        each
        for each in more
        if each.place.line not in unfilled and not (no_properties and each.code in _FOLLOW_FROM_NONE)
    )


_NO_PROPERTIES = frozenset(
    {"not-utf8", "front-matter-late", "front-matter-unclosed", "front-matter-too-large"}
)
_FOLLOW_FROM_NONE = frozenset({"missing-client", "missing-date", "project-undated"})
