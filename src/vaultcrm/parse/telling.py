"""Which faults of a note are worth telling: each once, and those of a note that says it is ours in any case.

This module must not know how a note is read.
"""

from __future__ import annotations

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Note, Place, Scalar
from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.schema import is_property, row_of
from vaultcrm.parse.slips import conflict_lines
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE, fold, nearest

LOOKED_AT = 4096
"""How many bytes at a note's beginning are looked at for what it says it is."""

Diagnostics = tuple[Diagnostic, ...]


def says_a_kind(data: bytes) -> bool:
    """Whether a line of a note with faults says that it is one of ours: the fault may stand in that line."""
    return any(map(_says_a_kind, data[:LOOKED_AT].decode(errors="replace").splitlines()))


def _says_a_kind(line: str) -> bool:
    name, value = _taken_apart(line)
    return fold(name) == "type" and fold(value.strip(" \t\"'")) in KINDS_OF_NOTE


def _taken_apart(line: str) -> tuple[str, str]:
    name, _, value = line.replace("：", ":").partition(":")
    return name, value


def unopened(note: Note, ours: bool, mapping: NoteMapping) -> Diagnostics:
    """That a note without front matter begins with properties, which nobody reads."""
    line = 0 if note.has_front_matter else first_unopened(note.body, ours, mapping)
    return (Diagnostic("front-matter-unopened", Place(note.path, line)),) if line else ()


def misspelt_kind(note: Note) -> Diagnostics:
    """That a note's ``type`` is nearly one of ours; for notes that stand where ours do."""
    for each in note.properties:
        if fold(each.name) == "type" and isinstance(each.value, Scalar):
            meant = nearest(each.value.text, KINDS_OF_NOTE, 1, MISSPELT)
            place = Place(note.path, each.value.line, each.value.column)
            return (Diagnostic("unknown-type", place, each.value.text, "", meant),) if meant else ()
    return ()


def inline_fields(note: Note, kind: str, mapping: NoteMapping) -> Diagnostics:
    """Properties of ours that stand in the text as Dataview writes them, and not at the top: none is read."""
    if "::" not in note.body:
        return ()
    said = {row.field for each in note.properties if (row := row_of(kind, each.name, mapping)) is not None}
    told: list[Diagnostic] = []
    line, fences, at = note.body_line, 0, 0
    for found in _INLINE.finditer(note.body):
        bracket, name, value = found.groups()
        row = row_of(kind, name, mapping)
        if row is None or row.field in said:
            continue
        line += note.body.count("\n", at, found.start())
        fences += note.body.count("```", at, found.start())
        at = found.start()
        if fences % 2:
            continue
        said.add(row.field)
        if bracket:
            value = value.partition(")")[0] if bracket == "(" else value.rpartition("]")[0]
        place = Place(note.path, line)
        told.append(Diagnostic("inline-field", place, f"{name}::", hints=(f"{name}: {value.strip()}",)))
    return tuple(told)


_INLINE = regex(
    r"(?m)^[ \t]{0,3}(?:[-*+][ \t]+)?([(\[]?)(?:\*\*|__)?([^\W\d][^:\n()\[\]`*]{0,40}?)(?:\*\*|__)?"
    r"::[ \t]*([^\s:][^\n]{0,80})"
)
"""``owner:: mira``, ``- **owner**:: mira``, ``(owner:: mira)`` at the beginning of a line."""


def conflict_in_body(note: Note) -> Diagnostics:
    """That a merge left both sides in a note's text: all that stands there is read."""
    if CONFLICT_BEGINS not in note.body:
        return ()
    lines = note.body.split("\n")
    marks = conflict_lines(lines)
    signs = [lines[index][:1] for index in marks]
    if "<" not in signs or ">" not in signs[signs.index("<") :]:
        return ()
    first = marks[signs.index("<")]
    return (Diagnostic("merge-conflict", Place(note.path, note.body_line + first)),)


CONFLICT_BEGINS = "<<<<<<< "

MISSPELT = 0.8
"""How alike a word is to one that was meant, from 0 to 1."""


def first_unopened(text: str, ours: bool, mapping: NoteMapping) -> int:
    """The line on which properties begin that no line ``---`` opens, 0 for none.

    A first line that says its kind is certain. Two properties in a row are enough in a note of ours;
    elsewhere they may be anybody's words. Above them may stand what an editor makes of ``---``: a dash, or a
    longer rule.
    """
    lines = text[:LOOKED_AT].split("\n", _FIRST_FEW)[:_FIRST_FEW]
    first = next((number for number, line in enumerate(lines) if line.strip(_RULE)), len(lines))
    begin = lines[first : first + 2]
    if any(map(_says_a_kind, begin[:1])):
        return first + 1
    names = [_taken_apart(line)[0] for line in begin if ":" in line or "：" in line]
    may_be = len(names) > 1 and (ours or _says_a_kind(begin[1]))
    return first + 1 if may_be and all(is_property(name, mapping) for name in names) else 0


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
    {
        "not-utf8",
        "front-matter-late",
        "front-matter-unopened",
        "front-matter-unclosed",
        "front-matter-too-large",
    }
)
_FOLLOW_FROM_NONE = frozenset({"missing-client", "missing-date", "project-undated"})

_FIRST_FEW = 9  # lines: whoever leaves so many blank means no properties
_RULE = " \t\r-–—"
"""What lines are made of that are blank, or a rule."""
