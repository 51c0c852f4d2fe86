"""The files that git has in an index or in a tree, as it lists them: each taken apart once it is asked for.

In a vault of ten thousand notes a commit asks for a few. This module must not call git, nor know what a note
says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from struct import unpack
from typing import Any

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.packed import BETWEEN, Notes, Stamp, below

LINK, SUBMODULE = "120000", "160000"
"""Modes of entries that are no files."""

_FILES = "100"
"""How the modes of files begin."""

FEW = 30
"""Up to so many files each is looked for by itself: to take all apart takes longer."""

_HALF = 8
"""Bytes of an id's last ones that become one number of a stamp."""
_NOTHING = bytes(2 * _HALF)


class Entry(NamedTuple):
    """A path of an index or a tree, counted from the work tree's top.

    ``stage`` is 0 but for the sides of a conflict (1 to 3).
    """

    path: str
    mode: str
    oid: str
    stage: int = 0


class Entries:
    """The files that git lists. A file is looked for in what git has said; notes are put together once."""

    __slots__ = ("_asked", "_left_out", "_listed", "_others", "_said", "_with_notes")

    def __init__(self, listed: bytes) -> None:
        """What ``git ls-files -s -z`` or ``git ls-tree -r -z`` has said."""
        self._listed = listed
        self._asked = 0
        self._said: dict[str, str] | None = None
        self._left_out: set[str] = set()
        self._with_notes: list[Notes] | None = None
        self._others: list[Entry] = []

    @classmethod
    def of_plain(cls, plain: Sequence[Any]) -> Entries:
        """Those of which `plain` was made."""
        listed, left_out, with_notes, others = plain
        found = cls(listed)
        found._left_out, found._with_notes = {*left_out}, with_notes
        found._others = [Entry(*each) for each in others]
        return found

    def plain(self) -> tuple[Any, ...]:
        """All of it in plain values, the notes put together by folder."""
        return self._listed, [*self._left_out], self._by_folder(), [tuple(each) for each in self._others]

    @property
    def others(self) -> list[Entry]:
        """Links, submodules and the sides of conflicts."""
        self._by_folder()
        return self._others

    def __iter__(self) -> Iterator[Entry]:
        """All of them."""
        for record in records(self._listed):
            said, _, path = record.partition("\t")
            if path not in self._left_out:
                yield _entry(path, said)

    def get(self, path: str) -> Entry | None:
        """A file; None where there is none, or something else."""
        self._asked += 1
        said = self._look_for(path) if self._asked <= FEW else self._all().get(path)
        if said is None or not _is_file(said) or path in self._left_out:
            return None
        return _entry(path, said)

    def _look_for(self, path: str) -> str | None:
        key = b"\t" + os.fsencode(path) + b"\0"
        end = self._listed.find(key)
        while end >= 0:
            said = os.fsdecode(self._listed[self._listed.rfind(b"\0", 0, end) + 1 : end])
            if "\t" not in said:  # else it is another path, which ends like this one
                return said
            end = self._listed.find(key, end + 1)
        return None

    def _all(self) -> dict[str, str]:
        """What git says of each path; of the sides of a conflict it is one."""
        if self._said is None:
            taken_apart = (record.partition("\t") for record in records(self._listed))
            self._said = {path: said for said, _, path in taken_apart}
        return self._said

    def paths_of(self, oids: Iterable[str]) -> list[str]:
        """The files that have one of these contents."""
        wanted = frozenset(oid for oid in oids if oid.encode() in self._listed)
        return [each.path for each in self if each.oid in wanted] if wanted else []

    def leave_out(self, path: str) -> None:
        """Leave a file out from now on."""
        self._left_out.add(path)
        self._with_notes = None

    def add_notes(self, to: Folders, lead: str = "", inside: str = "") -> None:
        """Add the notes among them to folders.

        Args:
            to: The folders.
            lead: How paths begin there: with ``/`` at its end, or empty.
            inside: How they begin here, in place of that.
        """
        for folder, names, stamps in self._by_folder():
            found = to.get(lead + below(folder)[len(inside) :])
            if found is not None:
                found[0].append(names)
                found[1].append(stamps)

    def _by_folder(self) -> list[Notes]:
        """The notes, by the folders that git knows; what is no file is noted down on the way."""
        if self._with_notes is not None:
            return self._with_notes
        found: dict[str, tuple[list[str], list[bytes]]] = {}
        self._others = []
        for record in records(self._listed):
            said, _, path = record.partition("\t")
            if (said[:3] != _FILES or said[-2:] != " 0") and not _is_file(said):  # nearly all are plain files
                self._others.append(_entry(path, said))
                continue
            folder, _, name = path.rpartition("/")
            if name[0] == "." or (name[-3:] != ".md" and name[-3:].casefold() != ".md"):
                continue
            if path not in self._left_out:
                names, rows = found.get(folder) or found.setdefault(folder, ([], []))
                names.append(name)
                rows.append(_row(said))
        self._with_notes = [(folder, *_joined(each)) for folder, each in found.items()]
        return self._with_notes


class Folders:
    """The folders of a walk that is put together from paths, which come in any order."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        """No folders yet."""
        self._known: dict[str, tuple[list[str], list[bytes]] | None] = {}

    def get(self, prefix: str) -> tuple[list[str], list[bytes]] | None:
        """A folder's notes and their stamps as `Notes` have them, to add some; None where no walk would go.

        ``prefix`` is how paths in it begin, with ``/`` at its end, or empty.
        """
        if prefix not in self._known:
            above, _, name = prefix[:-1].rpartition("/")
            found: tuple[list[str], list[bytes]] | None = ([], [])
            if prefix and (name[0] == "." or self.get(below(above)) is None):
                found = None
            self._known[prefix] = found
        return self._known[prefix]

    def notes(self) -> list[Notes]:
        """All folders with their notes, as a `Walk` has them."""
        return [(prefix[:-1], *_joined(found)) for prefix, found in self._known.items() if found is not None]

    def holds(self, path: str) -> bool:
        """Whether a walk would come to a file."""
        folder, _, name = path.rpartition("/")
        return name[0] != "." and self.get(below(folder)) is not None


def records(said: bytes) -> list[str]:
    """What git tells with a NUL behind each."""
    return os.fsdecode(said).split("\0")[:-1]


def stamp(oid: str) -> Stamp:
    """The stamp of a note in git: it is another one exactly where the note is."""
    first, last = unpack("qq", bytes.fromhex(oid)[-2 * _HALF :])
    return first, 0, 0, last


def _row(said: str) -> bytes:
    """The same, packed, for what git says of a file."""
    data = bytes.fromhex(said[7:-2] if said[-2] == " " else said.rpartition(" ")[2])
    return data[-2 * _HALF : -_HALF] + _NOTHING + data[-_HALF:]


def _joined(notes: tuple[list[str], list[bytes]]) -> tuple[str, bytes]:
    return BETWEEN.join(notes[0]), b"".join(notes[1])


def _entry(path: str, said: str) -> Entry:
    mode, between, last = said.split(" ")
    is_tree = len(last) > 1  # which says a kind before the id, in place of a stage behind it
    return Entry(path, mode, last) if is_tree else Entry(path, mode, between, int(last))


def _is_file(said: str) -> bool:
    # an index says a stage behind the id, which is 0 but in a conflict
    return said[:3] == _FILES and (said[-2] != " " or said[-1] == "0")
