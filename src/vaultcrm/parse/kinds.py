"""Which kind of note a note is: by its type, by what the configuration maps, by its folder (specification 2).

This module must not know what else a note says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from vaultcrm.model.note import LinkText, Note, Scalar, Value
from vaultcrm.parse.body import find_links
from vaultcrm.parse.readers import Context, ReadConfig, scalars
from vaultcrm.parse.vocabulary import FOLDERS, KINDS_OF_NOTE, fold

_FOLDERS = {fold(folder): kind for folder, kind in FOLDERS.items()}


def kind_of(note: Note, config: ReadConfig) -> tuple[str | None, bool]:
    """The kind of a note, and whether it is an order. None for a note that is none of ours, or is to be none.

    ``type`` decides, as the configuration maps its value, else as we do; else what else the configuration
    maps, a property's value, a tag, a folder; else the kind's own folder.
    """
    properties = config.mapping.properties
    typed: str | None = None
    for item in note.properties:
        name = fold(item.name)
        if (properties.get(name) or name) == "type":
            texts = words_of(item.value)
            if texts:
                own = config.mapping.values
                mapped = {text: own[name, text] for text in texts if (name, text) in own} if own else {}
                ours = (KINDS_OF_NOTE[text] for text in texts if text in KINDS_OF_NOTE and text not in mapped)
                typed = next(filter(None, mapped.values()), None) or next(ours, "")
                if mapped and not typed:
                    return None, False
                break
    if typed:
        return ("project", True) if typed == "order" else (typed, False)
    kind = _mapped(note, config)
    if kind is None and typed is None:
        kind = folder_kind(note.path, config)
    return ("project", True) if kind == "order" else (kind or None, False)


def words_of(value: Value) -> tuple[str, ...]:
    """The folded words of a value, links taken for the names of the notes that they lead to."""
    if isinstance(value, Scalar) and "[[" not in value.text and "](" not in value.text:
        word = fold(value.text)
        return (word,) if word else ()
    found: list[str] = []
    for scalar in scalars(value, "", Context("", ReadConfig())):
        links = find_links(scalar.text)
        found.extend(fold(name_of_target(link)) for link in links) if links else found.append(
            fold(scalar.text)
        )
    return tuple(word for word in found if word)


def name_of_target(link: LinkText) -> str:
    """What the note is called that a link leads to."""
    name = link.target.rpartition("/")[2]
    return name[:-3] if fold(name).endswith(".md") else name


def _mapped(note: Note, config: ReadConfig) -> str | None:
    mapping = config.mapping
    if mapping.values:
        for item in note.properties:
            for word in words_of(item.value):
                kind = mapping.values.get((fold(item.name), word))
                if kind is not None:
                    return kind
    if mapping.tags:
        for item in note.properties:
            if fold(item.name) in ("tags", "tag"):
                for tag in _tags(item.value):
                    kind = mapping.tags.get(tag)
                    if kind:
                        return kind
    return None


def _tags(value: Value) -> Iterator[str]:
    """The folded tags of a value; behind one that lies below others, ``client/vip``, those."""
    for word in words_of(value):
        for tag in word.split(","):
            name = tag.strip("_#")
            while name:
                yield name
                name = name.rpartition("/")[0]


def folder_kind(path: str, config: ReadConfig) -> str | None:
    """The kind that a note's folder stands for.

    The deepest folder that the configuration maps decides, else the kind's own folder at the root.
    """
    if config.mapping.folders:
        mapped = _folded(tuple(config.mapping.folders.items()))
        folder = fold(path.rpartition("/")[0])
        while folder:
            if folder in mapped:
                return mapped[folder] or None
            folder = folder.rpartition("/")[0]
    top, slash, _ = path.partition("/")
    return _FOLDERS.get(fold(top)) if slash else None


@lru_cache(maxsize=4)
def _folded(folders: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Folders as they are compared: one of a Mac is spelled in other code points than what is typed."""
    return {fold(folder): kind for folder, kind in folders}
