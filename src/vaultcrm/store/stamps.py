"""The stamps of all notes of a vault, folder by folder as a walk has found them.

Two of them are compared a folder at a time: among a hundred thousand notes nothing is made for one that has
not changed. This module must not know what a stamp means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import ref

from vaultcrm.model.note import VaultPath
from vaultcrm.store.walk import Stamp, below

NUMBERS = 4
"""How many numbers a stamp has."""

Plain = tuple[tuple[str, Sequence[str], Sequence[int]], ...]
"""Of each folder the names of its notes, and the numbers of their stamps in a row."""


class Stamps(Mapping[VaultPath, Stamp]):
    """The stamp of each note by its path; in the order of their paths."""

    __slots__ = ("__weakref__", "_folders", "_likened", "_places")

    def __init__(self, folders: Iterable[tuple[str, Sequence[str], Sequence[int]]]) -> None:
        """What stands in some folders; one that is there several times has all that is said of it."""
        self._folders: dict[str, tuple[Sequence[str], Sequence[int]]] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._likened: tuple[ref[Stamps], list[VaultPath]] | None = None
        for folder, names, numbers in folders:
            before = self._folders.get(folder)
            if before is not None:
                names, numbers = [*before[0], *names], [*before[1], *numbers]
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
        return cls((folder, *found) for folder, found in folders.items())

    def plain(self) -> Plain:
        """The same in plain values, of which another one can be made."""
        # no copies: what two hold is looked up before it is written, which takes room for each of them
        return tuple((folder, names, each) for folder, (names, each) in self._folders.items())

    def has_names_of(self, other: Stamps) -> bool:
        """Whether these are of the same notes."""
        mine, others = self._folders, other._folders
        return mine.keys() == others.keys() and not self.absent_from(other) and not other.absent_from(self)

    def unlike(self, other: Stamps) -> list[VaultPath]:
        """The notes of which the other ones have another stamp, or none, sorted.

        The last answer is held: a run asks the same more than once.
        """
        if self._likened is None or self._likened[0]() is not other:
            found = [
                below(folder) + name
                for folder, (names, numbers) in self._folders.items()
                for name in _unlike(names, numbers, *other._folders.get(folder, ((), ())))
            ]
            self._likened = ref(other), sorted(found)  # who only asked what is new must not hold all the old
        return self._likened[1]

    def absent_from(self, other: Stamps) -> list[VaultPath]:
        """The notes of which the other ones have no stamp."""
        found: list[VaultPath] = []
        for folder, (names, _) in self._folders.items():
            others, _ = other._folders.get(folder, ((), ()))
            if [*names] != [*others]:  # nearly all folders are as they were: no set is made of these
                found += [below(folder) + name for name in frozenset(names).difference(others)]
        return found

    def changed(self, stamps: Mapping[VaultPath, Stamp | None]) -> Stamps:
        """The same but for some notes: those are added or have another stamp, or with None are gone."""
        if not stamps:
            return self
        by_folder: dict[str, dict[str, Stamp | None]] = {}
        for path, stamp in stamps.items():
            folder, _, name = path.rpartition("/")
            by_folder.setdefault(folder, {})[name] = stamp
        found = self._folders | {folder: self._with(folder, each) for folder, each in by_folder.items()}
        new = Stamps((folder, *each) for folder, each in found.items())
        other = None if self._likened is None else self._likened[0]()
        if self._likened is not None and other is not None:
            unlike = self._likened[1]
            left = {path for path in unlike if path not in stamps}
            left.update(path for path, each in stamps.items() if each is not None and other.get(path) != each)
            new._likened = ref(other), sorted(left)
        return new

    def _with(self, folder: str, stamps: Mapping[str, Stamp | None]) -> tuple[list[str], list[int]]:
        names, numbers = self._folders.get(folder, ((), ()))
        every = {**dict(zip(names, _stamps(numbers), strict=True)), **stamps}
        left = {name: stamp for name, stamp in every.items() if stamp is not None}
        return [*left], [number for stamp in left.values() for number in stamp]

    def _place(self, path: VaultPath) -> tuple[str, int]:
        folder, _, name = path.rpartition("/")
        places = self._places.get(folder)
        if places is None:
            if folder not in self._folders:
                raise KeyError(path)
            places = {each: place for place, each in enumerate(self._folders[folder][0])}
            self._places[folder] = places
        return folder, places[name]

    def __getitem__(self, path: VaultPath) -> Stamp:
        folder, place = self._place(path)
        first = NUMBERS * place
        size, mtime_ns, ctime_ns, inode = self._folders[folder][1][first : first + NUMBERS]
        return size, mtime_ns, ctime_ns, inode

    def __contains__(self, path: Any) -> bool:
        try:
            self._place(path)
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[VaultPath]:
        return iter(
            sorted(below(folder) + name for folder, (names, _) in self._folders.items() for name in names)
        )

    def __len__(self) -> int:
        return sum(len(names) for names, _ in self._folders.values())


def _unlike(
    names: Sequence[str], numbers: Sequence[int], other_names: Sequence[str], other_numbers: Sequence[int]
) -> list[str]:
    """The notes of a folder whose stamps are not the other ones."""
    stamps, others = _stamps(numbers), _stamps(other_numbers)
    if [*names] == [*other_names]:
        if [*numbers] == [*other_numbers]:
            return []
        return [name for name, stamp, other in zip(names, stamps, others, strict=True) if stamp != other]
    known = dict(zip(other_names, others, strict=True))
    return [name for name, stamp in zip(names, stamps, strict=True) if known.get(name) != stamp]


def _stamps(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    each = iter(numbers)
    return zip(each, each, each, each, strict=True)
