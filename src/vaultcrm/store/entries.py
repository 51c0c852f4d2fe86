"""The files that git has in an index or in a tree, as it lists them: each taken apart once it is asked for.

In a vault of ten thousand notes a commit asks for a few. This module must not call git, nor know what a note
says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.packed import BETWEEN, Notes, Stamp, packed, signed
from vaultcrm.store.walk import below

LINK, SUBMODULE = "120000", "160000"
"""Modes of entries that are no files."""

_FILES = "100"
"""How the modes of files begin."""


_ByFolder = list[tuple[str, list[str], list[int]]]
"""Of each folder the names of its notes, and the numbers of their stamps in a row."""


class Entry(NamedTuple):
    """A path of an index or a tree, counted from the work tree's top.

    ``stage`` is 0 but for the sides of a conflict (1 to 3).
    """

    path: str
    mode: str
    oid: str
    stage: int = 0


class Entries:
    """The files that git lists, by path; ``others`` are links, submodules and the sides of conflicts."""

    __slots__ = ("_files", "_folders", "others")

    def __init__(self, listed: bytes) -> None:
        """What ``git ls-files -s -z`` or ``git ls-tree -r -z`` has said."""
        self._files: dict[str, str] = {}
        self._folders: _ByFolder | None = None
        self.others: list[Entry] = []
        files = self._files
        for record in records(listed):
            said, _, path = record.partition("\t")
            # an index says a stage behind the id, which is 0 but in a conflict
            if said[:3] == _FILES and (said[-2] != " " or said[-1] == "0"):
                files[path] = said
            else:
                self.others.append(_entry(path, said))

    @classmethod
    def of_plain(cls, plain: Sequence[Any]) -> Entries:
        """Those of which `plain` was made."""
        found = cls(b"")
        found._files, found._folders, others = plain
        found.others = [Entry(*each) for each in others]
        return found

    def plain(self) -> tuple[Any, ...]:
        """All of it in plain values, the notes put together by folder."""
        return self._files, self._by_folder(), [tuple(each) for each in self.others]

    def __iter__(self) -> Iterator[Entry]:
        """All of them, the files first."""
        yield from (_entry(path, said) for path, said in self._files.items())
        yield from self.others

    def get(self, path: str) -> Entry | None:
        """A file; None where there is none, or something else."""
        said = self._files.get(path)
        return None if said is None else _entry(path, said)

    def paths_of(self, oids: frozenset[str]) -> list[str]:
        """The files that have one of these contents."""
        return [path for path, said in self._files.items() if _oid(said) in oids]

    def forget(self, path: str) -> None:
        """Leave a file out."""
        del self._files[path]
        self._folders = None

    def add_notes(self, to: Folders, lead: str = "", inside: str = "") -> None:
        """Add the notes among them to folders.

        Args:
            to: The folders.
            lead: How paths begin there: with ``/`` at its end, or empty.
            inside: How they begin here, in place of that.
        """
        for folder, names, numbers in self._by_folder():
            found = to.get(lead + below(folder)[len(inside) :])
            if found is not None:
                found[0].extend(names)
                found[1].extend(numbers)

    def _by_folder(self) -> _ByFolder:
        if self._folders is None:
            found: dict[str, tuple[list[str], list[int]]] = {}
            for path, said in self._files.items():
                folder, _, name = path.rpartition("/")
                if name[0] == "." or (name[-3:] != ".md" and name[-3:].casefold() != ".md"):
                    continue
                names, numbers = found.get(folder) or found.setdefault(folder, ([], []))
                names.append(name)
                numbers.extend(stamp(_oid(said)))
            self._folders = [(folder, *each) for folder, each in found.items()]
        return self._folders


class Folders:
    """The folders of a walk that is put together from paths, which come in any order."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        """No folders yet."""
        self._known: dict[str, tuple[list[str], list[int]] | None] = {}

    def get(self, prefix: str) -> tuple[list[str], list[int]] | None:
        """A folder's notes and the numbers of their stamps, to add some; None where a walk would not go.

        ``prefix`` is how paths in it begin, with ``/`` at its end, or empty.
        """
        if prefix not in self._known:
            above, _, name = prefix[:-1].rpartition("/")
            found: tuple[list[str], list[int]] | None = ([], [])
            if prefix and (name[0] == "." or self.get(below(above)) is None):
                found = None
            self._known[prefix] = found
        return self._known[prefix]

    def notes(self) -> list[Notes]:
        """All folders with their notes, as a `Walk` has them."""
        return [
            (prefix[:-1], BETWEEN.join(found[0]), packed(found[1]))
            for prefix, found in self._known.items()
            if found is not None
        ]

    def holds(self, path: str) -> bool:
        """Whether a walk would come to a file."""
        folder, _, name = path.rpartition("/")
        return name[0] != "." and self.get(below(folder)) is not None


def records(said: bytes) -> list[str]:
    """What git tells with a NUL behind each."""
    return os.fsdecode(said).split("\0")[:-1]


def stamp(oid: str) -> Stamp:
    """The stamp of a note in git: it is another one exactly where the note is."""
    number = int(oid, 16)
    return signed(number >> 64), 0, 0, signed(number)


def _entry(path: str, said: str) -> Entry:
    mode, between, last = said.split(" ")
    is_tree = len(last) > 1  # which says a kind before the id, in place of a stage behind it
    return Entry(path, mode, last) if is_tree else Entry(path, mode, between, int(last))


def _oid(said: str) -> str:
    return said[7:-2] if said[-2] == " " else said.rpartition(" ")[2]
