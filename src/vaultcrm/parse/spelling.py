"""How our own words are written in a vault's language: names of properties, kinds, channels, topics.

What is written with these is read back as what was meant, also where the vault has names of its own. This
module must not know what a note is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.schema import PROPERTIES, row_of
from vaultcrm.parse.vocabulary import FOLDERS, KINDS_OF_NOTE, fold

TYPE = "type"
CHINESE = "zh"


def property_name(kind: str, field: str, language: str, mapping: NoteMapping) -> str:
    """The name under which a kind of note has a record's field.

    Args:
        kind: The kind of note.
        field: The record's field; it must be one that the kind has.
        language: The vault's.
        mapping: Names of the vault's own: a standard name that means something else there is not used.
    """
    names = [name for row in PROPERTIES if row.field == field and kind in row.kinds for name in row.names]
    names.sort(key=lambda name: (name.isascii() == (language == CHINESE), (kind, name) in _SAID_OTHERWISE))
    own = [name for name, standard in mapping.properties.items() if standard in map(fold, names)]
    for name in (*names, *own):
        row = row_of(kind, name, mapping)
        if row is not None and row.field == field:
            return name
    return names[0]


def type_name(mapping: NoteMapping) -> str:
    """The property that says a note's kind: ``type``, unless the vault means something else by that."""
    if mapping.properties.get(TYPE, TYPE) == TYPE:
        return TYPE
    return next((name for name, standard in mapping.properties.items() if standard == TYPE), TYPE)


def spelled(table: Mapping[str, str], word: str, language: str) -> str:
    """A word of a vocabulary's table as the language writes it; one that is not in the table as it is."""
    if language != CHINESE:
        return word
    return next((each for each, meant in table.items() if meant == word and not each.isascii()), word)


def kind_word(kind: str, language: str) -> str:
    """The value of ``type`` for a kind."""
    return spelled(KINDS_OF_NOTE, kind, language)


def kind_folder(kind: str, language: str) -> str:
    """The folder that a new vault of the language has for a kind; an order lies among the projects."""
    of_kind = "project" if kind == "order" else kind
    folders = [folder for folder, meant in FOLDERS.items() if meant == of_kind]
    folders.sort(key=lambda folder: folder.isascii() == (language == CHINESE))
    return folders[0]


_SAID_OTHERWISE = frozenset({("interaction", "沟通偏好")})
"""Names of a property of several kinds that sound odd in this one: what was used is no preference."""
