"""The stamps of all notes of a vault, folder by folder as a walk has found them.

Two of them are compared a folder at a time: among a hundred thousand notes nothing is made for one that has
not changed. This module must not know what a stamp means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import ref

from vaultcrm.model.note import VaultPath
from vaultcrm.store.packed import (
    BETWEEN,
    STAMP_BYTES,
    Notes,
    Stamp,
    below,
    count_of,
    names_in,
    packed,
    stamps_in,
)

Plain = tuple[Notes, ...]
"""Of each folder the names of its notes as one text, and the numbers of their stamps in a row."""

FEW = 32
"""So many notes are looked for in the names of their folders; for more it pays to know the places of all."""

NONE = "", b""
"""What stands in a folder without notes."""


class Stamps(Mapping[VaultPath, Stamp]):
    """The stamp of each note by its path; in the order of their paths."""

    __slots__ = ("__weakref__", "_asked", "_folders", "_likened", "_places")

    def __init__(self, folders: Iterable[Notes]) -> None:
        """What stands in some folders; one that is there several times has all that is said of it."""
        self._folders: dict[str, tuple[str, bytes]] = {}
        self._asked = 0
        self._places: dict[str, dict[str, int]] = {}
        self._likened: tuple[ref[Stamps], list[VaultPath]] | None = None
        for folder, names, numbers in folders:
            before = self._folders.get(folder)
            if before is not None and names:
                names, numbers = BETWEEN.join(filter(None, (before[0], names))), before[1] + numbers
            if names:
                self._folders[folder] = names, numbers

    @classmethod
    def of(cls, stamps: Mapping[VaultPath, Stamp]) -> Stamps:
        """The same from any mapping."""
        if isinstance(stamps, Stamps):
            return stamps
        folders: dict[str, tuple[list[str], list[int]]] = {}
        for path, stamp in stamps.items():
            folder, _, name = path.rpartition("/")
            names, numbers = folders.setdefault(folder, ([], []))
            names.append(name)
            numbers += stamp
        return cls(_notes(folder, *found) for folder, found in folders.items())

    def plain(self) -> Plain:
        """The same in plain values, of which another one can be made."""
        return tuple((folder, names, each) for folder, (names, each) in self._folders.items())

    def within(self, folder: str) -> list[VaultPath]:
        """The notes right in a folder."""
        names, _ = self._folders.get(folder, NONE)
        return [below(folder) + name for name in names_in(names)]

    def unlike(self, other: Stamps) -> list[VaultPath]:
        """The notes of which the other ones have another stamp, or none, sorted.

        The last answer is held: a run asks the same more than once.
        """
        if self._likened is None or self._likened[0]() is not other:
            found = [
                below(folder) + name
                for folder, (names, numbers) in self._folders.items()
                for name in _unlike(names, numbers, *other._folders.get(folder, NONE))
            ]
            self._likened = ref(other), sorted(found)  # who only asked what is new must not hold all the old
        return self._likened[1]

    def absent_from(self, other: Stamps) -> list[VaultPath]:
        """The notes of which the other ones have no stamp."""
        found: list[VaultPath] = []
        for folder, (names, _) in self._folders.items():
            others, _ = other._folders.get(folder, NONE)
            if names != others:  # nearly all folders are as they were: no set is made of these
                gone = frozenset(names_in(names)).difference(names_in(others))
                found += [below(folder) + name for name in gone]
        return found

    def changed(self, stamps: Mapping[VaultPath, Stamp | None]) -> Stamps:
        """The same but for some notes: those are added or have another stamp, or with None are gone."""
        if not stamps:
            return self
        by_folder: dict[str, dict[str, Stamp | None]] = {}
        for path, stamp in stamps.items():
            folder, _, name = path.rpartition("/")
            by_folder.setdefault(folder, {})[name] = stamp
        new = Stamps(self._with(folder, by_folder.get(folder, {})) for folder in self._folders | by_folder)
        other = None if self._likened is None else self._likened[0]()
        if self._likened is not None and other is not None:
            unlike = self._likened[1]
            left = {path for path in unlike if path not in stamps}
            left.update(path for path, each in stamps.items() if each is not None and other.get(path) != each)
            new._likened = ref(other), sorted(left)
        return new

    def _with(self, folder: str, stamps: Mapping[str, Stamp | None]) -> Notes:
        names, numbers = self._folders.get(folder, NONE)
        same = _rewritten(names, numbers, stamps) if len(stamps) <= FEW else None
        if same is not None:
            return folder, names, same
        every = {**dict(zip(names_in(names), stamps_in(numbers), strict=True)), **stamps}
        left = {name: stamp for name, stamp in every.items() if stamp is not None}
        return _notes(folder, left, [number for stamp in left.values() for number in stamp])

    def _place(self, path: VaultPath) -> tuple[bytes, int]:
        """The numbers of the folder that a note is in, and where among these its own begin."""
        folder, _, name = path.rpartition("/")
        names, numbers = self._folders[folder]
        places = self._places.get(folder)
        if places is None and self._asked < FEW:
            self._asked += 1
            place = _place_of(name, names)
            if place is None:
                raise KeyError(path)
            return numbers, place * STAMP_BYTES
        if places is None:
            places = {each: place for place, each in enumerate(names_in(names))}
            self._places[folder] = places
        return numbers, places[name] * STAMP_BYTES

    def __getitem__(self, path: VaultPath) -> Stamp:
        numbers, first = self._place(path)
        return next(stamps_in(numbers[first : first + STAMP_BYTES]))

    def __contains__(self, path: Any) -> bool:
        try:
            self._place(path)
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[VaultPath]:
        return iter(
            sorted(
                below(folder) + name
                for folder, (names, _) in self._folders.items()
                for name in names_in(names)
            )
        )

    def __len__(self) -> int:
        return sum(count_of(numbers) for _, numbers in self._folders.values())


def _rewritten(names: str, numbers: bytes, stamps: Mapping[str, Stamp | None]) -> bytes | None:
    """A folder's stamps with other ones for a few of its notes; None where one of these came, or is gone.

    Nothing is made of the folder's other notes.
    """
    for name, stamp in stamps.items():
        place = _place_of(name, names)
        if place is None or stamp is None:
            return None
        begin, end = STAMP_BYTES * place, STAMP_BYTES * (place + 1)
        numbers = numbers[:begin] + packed(stamp) + numbers[end:]
    return numbers


def _place_of(name: str, names: str) -> int | None:
    """Where a name stands among the names of a folder; None where it does not."""
    text = f"{BETWEEN}{names}{BETWEEN}"
    before = text.find(f"{BETWEEN}{name}{BETWEEN}")
    return None if before < 0 else text.count(BETWEEN, 0, before)


def _notes(folder: str, names: Iterable[str], numbers: Sequence[int]) -> Notes:
    return folder, BETWEEN.join(names), packed(numbers)


def _unlike(names: str, numbers: bytes, other_names: str, other_numbers: bytes) -> list[str]:
    """The notes of a folder whose stamps are not the other ones."""
    if names == other_names and numbers == other_numbers:
        return []
    found = zip(names_in(names), stamps_in(numbers), strict=True)
    known = dict(zip(names_in(other_names), stamps_in(other_numbers), strict=True))
    return [name for name, stamp in found if known.get(name) != stamp]
