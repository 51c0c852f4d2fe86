"""Looking notes up by what links call them, as Obsidian does (specification 2, Links).

By path, else by file name, else by aliases and names, without regard to case and Unicode form. This module
must not know what a link is for.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import VaultPath, code_points
from vaultcrm.model.records import Client, Person, Project, Reading, Reference
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.vocabulary import fold, nearest, parts_of

LINKABLE = frozenset(("client", "person", "project"))
"""Kinds of notes that links between notes lead to."""

SHORTLIST = 50
"""How many of the names that share most letters with an unknown one are looked at closely."""


def link_key(text: str) -> str:
    """A name as links compare it: NFC, case folded, outer blanks off."""
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", text).strip().casefold()


class Entry(NamedTuple):
    """All of a note that bears on what links lead to, in plain values.

    ``counts``: it has a record. ``names`` are what it calls itself, its name first; ``id`` is that of a
    client or a person; ``client`` whom a person belongs to, as `Reference` has it: (target, relative).
    """

    path: VaultPath
    kind: str | None = None
    counts: bool = False
    names: tuple[str, ...] = ()
    id: str | None = None
    client: tuple[str, bool] | None = None


def entry_of(reading: Reading) -> Entry:
    """What links need to know of a note."""
    record = reading.record
    id_ = record.id if isinstance(record, Client | Person) else None
    link = record.client if isinstance(record, Person) else None
    client = None if link is None else (link.target, link.relative)
    return Entry(reading.path, reading.kind, record is not None, names_of(reading), id_, client)


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to: the notes it may mean, the one meant first."""

    entries: tuple[Entry, ...] = ()

    @property
    def one(self) -> Entry | None:
        """The note that is taken."""
        return self.entries[0] if self.entries else None

    @property
    def ambiguous(self) -> bool:
        """Whether several notes could be meant."""
        return len(self.entries) > 1


_Asked = tuple[str, "str | None", tuple[str, ...]]
"""What is looked up: a target, from which folder where that matters, and of which kinds."""


@dataclass(slots=True)
class Links:
    """An index of all notes by path, by file name and by the names they give themselves."""

    by_path: dict[str, Entry] = field(default_factory=dict)
    by_file: dict[str, list[Entry]] = field(default_factory=dict)
    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    _names: dict[tuple[str, ...], _Names] = field(default_factory=dict)
    _found: dict[_Asked, Found] = field(default_factory=dict)
    _nearest: dict[tuple[_Asked, str], Found] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Links:
        """Index notes, those of no kind too: a link may lead to a note that is none of ours."""
        links = cls()
        for entry in entries:
            key = link_key(_without_suffix(entry.path))
            links.by_path[key] = entry
            links.by_file.setdefault(key.rpartition("/")[2], []).append(entry)
            for name in entry.names:
                known = links.by_name.setdefault(link_key(name), [])
                if not known or known[-1] is not entry:  # its own names come one after the other
                    known.append(entry)
        return links

    def first_called(self, name: str, kind: str) -> VaultPath | None:
        """The first note of a kind, by its path, that has a name, which is no alias; None for none."""
        key = link_key(name)
        ours = (each for each in self.by_name.get(key, ()) if each.kind == kind and each.counts)
        return next((each.path for each in ours if link_key(each.names[0]) == key), None)

    def called(self, name: str, kind: str) -> tuple[Entry, ...]:
        """The notes of a kind that have a name, an alias or a file's name, by their paths."""
        key = link_key(name)
        found = {each.path: each for known in (self.by_file, self.by_name) for each in known.get(key, ())}
        return tuple(found[path] for path in sorted(found) if found[path].kind == kind and found[path].counts)

    def look_up(self, reference: Reference, from_path: VaultPath, kinds: tuple[str, ...]) -> Found:
        """The notes of some kinds that a reference may mean; kinds named first win over those named later."""
        folder = _folder(from_path)
        asked = (reference.target, folder if reference.relative else None, kinds)
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = self._look_up(reference, folder, kinds)
        return self._from(folder, asked, found) if found.ambiguous else found

    def _from(self, folder: str, asked: _Asked, found: Found) -> Found:
        """What was found, as notes in a folder mean it: those beside them come first."""
        nearest = self._nearest.get((asked, folder))
        if nearest is None:
            entries = sorted(found.entries, key=lambda entry: _folder(entry.path) != folder)
            nearest = self._nearest[asked, folder] = Found(tuple(entries))
        return nearest

    def _look_up(self, reference: Reference, folder: str, kinds: tuple[str, ...]) -> Found:
        target = link_key(_without_suffix(reference.target))
        for candidates in self._candidates(target, reference, folder):
            ours = [entry for kind in kinds for entry in candidates if entry.kind == kind and entry.counts]
            if ours:
                first = [entry for entry in ours if entry.kind == ours[0].kind]
                first.sort(key=lambda entry: (entry.path.count("/"), code_points(entry.path)))
                return Found(tuple(first))
            if candidates:
                return Found()
        return Found()

    def _candidates(self, target: str, reference: Reference, folder: str) -> Iterable[list[Entry]]:
        if not target:
            return
        if reference.relative:
            joined = link_key(_join(folder, target))
            if joined in self.by_path:
                yield [self.by_path[joined]]
        target = target.lstrip("/")
        if "/" in target:
            plain = target.removeprefix("./")
            while plain.startswith("../"):
                plain = plain[3:]
            if plain in self.by_path:
                yield [self.by_path[plain]]
            name = plain.rpartition("/")[2]
            ending = "/" + plain
            yield [
                r for r in self.by_file.get(name, ()) if link_key(_without_suffix(r.path)).endswith(ending)
            ]
        else:
            yield self.by_file.get(target, [])
        yield self.by_name.get(target, [])

    def several(self, reference: Reference, from_path: VaultPath, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """The names in a text that is no link and names several notes of some kinds in one; else nothing."""
        parts = () if reference.linked else parts_of(reference.target)
        named = (Reference(part, part, reference.line, reference.column) for part in parts)
        found = (self.look_up(each, from_path, kinds).one for each in named)
        return parts if parts and all(found) else ()

    def of_nobody(self, reference: Reference, from_path: VaultPath) -> Entry | None:
        """The note of a person that a reference means, where that note does not lead to a client."""
        target = link_key(_without_suffix(reference.target))
        found = self._candidates(target, reference, _folder(from_path))
        first = next(filter(None, found), [])
        return next((entry for entry in first if entry.kind == "person"), None)

    def near(self, reference: Reference, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """The names of notes of some kinds that look most like what was written."""
        names = self._names.get(kinds)
        if names is None:
            found = (entry for entries in self.by_file.values() for entry in entries)
            ours = (entry for entry in found if entry.kind in kinds and entry.counts)
            names = self._names[kinds] = _Names(entry.names[0] for entry in ours)
        return names.near(reference.target.rpartition("/")[2])


class _Names:
    """Names by the pairs of letters in them: a thousand unknown links among ten thousand notes take a second.

    To compare each with each letter by letter would take minutes.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._by_pair: dict[str, list[int]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for index, name in enumerate(self._names):
            for pair in _pairs(name):
                self._by_pair.setdefault(pair, []).append(index)

    def near(self, word: str) -> tuple[str, ...]:
        """The names that look most like a word, best first."""
        if word not in self._known:
            shared: Counter[int] = Counter()
            for pair in _pairs(word):
                shared.update(self._by_pair.get(pair, ()))
            self._known[word] = nearest(
                word, [self._names[index] for index, _ in shared.most_common(SHORTLIST)]
            )
        return self._known[word]


def _pairs(name: str) -> Iterator[str]:
    """Each two letters that stand side by side, once, in order; the first and the last also with the end."""
    folded = f"\n{fold(name)}\n"
    return iter(dict.fromkeys(map("".join, pairwise(folded))))


def names_of(reading: Reading) -> tuple[str, ...]:
    """What a note calls itself: its name or title, and its aliases."""
    record = reading.record
    if isinstance(record, Client | Person):
        return (record.name, *record.aliases)
    return (record.title,) if isinstance(record, Project) else ()


def file_key(path: VaultPath) -> str:
    """What links that give no folder call a note by its file."""
    return link_key(_without_suffix(path)).rpartition("/")[2]


@dataclass(frozen=True)  # without slots: the index is made once, however many runs of a process ask for it
class Linked:
    """All that decides where links between notes lead.

    ``entries`` are the clients, people and projects by path; ``names`` are what the file of a note would be
    called that could come between a link and one of these (see `file_key`), ``shadows`` the notes that are.
    """

    entries: Mapping[VaultPath, Entry]
    shadows: frozenset[VaultPath]
    names: frozenset[str]

    @cached_property
    def all(self) -> tuple[Entry, ...]:
        """An entry for each of these notes, by path."""
        return tuple(sorted((*self.entries.values(), *map(Entry, self.shadows)), key=_by_path))

    @cached_property
    def links(self) -> Links:
        """The index of all of them."""
        return Links.of(self.all)


def linked_among(readings: Collection[Reading]) -> Linked:
    """What decides where links between some notes lead."""
    entries = {reading.path: entry_of(reading) for reading in readings if is_linkable(reading)}
    names = {file_key(path) for path in entries}
    names.update(link_key(name).rpartition("/")[2] for entry in entries.values() for name in entry.names)
    shadows = (each.path for each in readings if each.path not in entries and file_key(each.path) in names)
    return Linked(entries, frozenset(shadows), frozenset(names))


def is_linkable(reading: Reading) -> bool:
    """Whether links to a client, a person or a project may mean the note."""
    return reading.kind in LINKABLE


def _by_path(entry: Entry) -> str:
    return code_points(entry.path)


def _folder(path: VaultPath) -> str:
    return path.rpartition("/")[0]


def _without_suffix(path: str) -> str:
    return path[:-3] if path[-3:].lower() == ".md" else path


def _join(folder: str, target: str) -> str:
    """A relative target joined to a folder; going above the root stays at the root."""
    parts = [part for part in folder.split("/") if part]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
