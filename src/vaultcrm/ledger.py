"""What a run found out about a vault, kept for the next one: which notes each client's history came from.

With it a run needs to read only what has changed since, and to look only at the clients whom that concerns
(see `refreshing`). It holds plain values alone. Whatever is wrong with what was kept, there is none then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from vaultcrm.model import directory
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.roster import Parts
from vaultcrm.opening import Vault
from vaultcrm.parse.links import Entry, Linked
from vaultcrm.rules.days import holidays_known
from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import Apart, digest, keep_apart, read_apart
from vaultcrm.store.places import cache_folder
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.walk import Stamp

FORMAT = 3
"""To be raised when what is kept changes its form."""

KEY, NOTES, PARTS = "key", "notes", "parts"
"""What is kept apart, beside the directory: for what it holds, the ledger, and all other parts of clients."""

_CODE = ("", "labels", "model", "parse", "phrases", "presets", "render", "rules", "store", "templates")

Problems = dict[VaultPath, tuple[Diagnostic, ...]]
"""Diagnostics by the note in which they are."""


@dataclass(slots=True)
class Ledger:
    """What is known of a vault's notes, of all days.

    ``stamps`` are those of the notes that were read, `UNKNOWN` where a stamp proves nothing. ``linked`` says
    where links lead. ``clients`` has the paths of all clients in their order, each with the notes that their
    history came from. ``reading`` and ``joining`` are problems of single notes, and of what they say
    together; ``listed`` those of files as the walk told them, for which it read what was ``compared``.
    ``ours`` are the notes that concern us. ``playbooks`` are by what they are for, ``playing`` the notes that
    may be some.
    """

    stamps: Mapping[VaultPath, Stamp]
    linked: Linked
    clients: dict[VaultPath, tuple[VaultPath, ...]]
    reading: Problems
    joining: Problems
    listed: tuple[Diagnostic, ...]
    compared: frozenset[VaultPath]
    ours: frozenset[VaultPath]
    with_regions: frozenset[VaultPath]
    playbooks: Mapping[str, VaultPath]
    playing: Mapping[VaultPath, tuple[str, ...]]


@dataclass(slots=True)
class Memory:
    """A ledger, and what was known of each client on a day: ``parts`` by path (see `model.roster`).

    ``made_of`` is what the vault's policy and language followed from.
    """

    day: date
    made_of: bytes
    ledger: Ledger
    parts: Mapping[VaultPath, Parts] = field(default_factory=dict)

    def holds(self, vault: Vault, day: date) -> bool:
        """Whether it is of this day, policy and language."""
        return (self.day, self.made_of) == (day, vault.made_of)


def recall(vault: Vault, day: date) -> Memory | None:
    """What the last run left; None where that was of another day, policy or version of vaultcrm."""
    kept = _opened(vault, day)
    try:
        if kept is None:
            return None
        parts = kept.read(PARTS)
        for path, part in kept.read(directory.NAME).items():
            parts[path][directory.NAME] = part
        return Memory(day, vault.made_of, _from_plain(kept.read(NOTES)), parts)
    except (TypeError, ValueError, LookupError):
        return None


def recall_directory(vault: Vault, day: date) -> tuple[Ledger, Mapping[VaultPath, Any]] | None:
    """The ledger that the last run left, and what clients are called: all that it takes to find some."""
    kept = _opened(vault, day)
    try:
        return None if kept is None else (_from_plain(kept.read(NOTES)), kept.read(directory.NAME))
    except (TypeError, ValueError, LookupError):
        return None


def remember(vault: Vault, what: Memory) -> None:
    """Leave it for the next run; where that cannot be, the next run does all of its work."""
    if not what.made_of:
        return
    called = {path: each[directory.NAME] for path, each in what.parts.items() if directory.NAME in each}
    parts = {path: _without(each, directory.NAME) for path, each in what.parts.items()}
    keep_apart(
        _path(vault),
        {
            KEY: _key(vault, what.day),
            NOTES: _to_plain(what.ledger),
            directory.NAME: called,
            PARTS: parts,
        },
    )


def _opened(vault: Vault, day: date) -> Apart | None:
    kept = read_apart(_path(vault)) if vault.made_of else None
    try:
        return kept if kept is not None and kept.read(KEY) == _key(vault, day) else None
    except (ValueError, LookupError):
        return None


def _without(parts: Parts, name: str) -> Parts:
    return {each: part for each, part in parts.items() if each != name}


def _path(vault: Vault) -> str:
    name = "ledger" if vault.snapshot is None else "ledger-staged"
    return os.path.join(cache_folder(vault.root), name)


def _key(vault: Vault, day: date) -> bytes:
    known = holidays_known(vault.policy.holidays)
    return digest((FORMAT, code_stamp(*_CODE), vault.made_of, day.toordinal(), known))


def by_note(problems: Iterable[Diagnostic]) -> Problems:
    """Diagnostics by the note in which they are, in their order."""
    found: dict[VaultPath, list[Diagnostic]] = {}
    for each in problems:
        found.setdefault(each.place.path, []).append(each)
    return {path: tuple(each) for path, each in found.items()}


def _to_plain(ledger: Ledger) -> tuple[Any, ...]:
    stamps = ledger.stamps
    return (
        stamps.plain() if isinstance(stamps, Stamps) else dict(stamps),
        {path: tuple(entry) for path, entry in ledger.linked.entries.items()},
        tuple(ledger.linked.shadows),
        tuple(ledger.linked.names),
        ledger.clients,
        {path: _plain(each) for path, each in ledger.reading.items()},
        {path: _plain(each) for path, each in ledger.joining.items()},
        _plain(ledger.listed),
        tuple(ledger.compared),
        tuple(ledger.ours),
        tuple(ledger.with_regions),
        dict(ledger.playbooks),
        dict(ledger.playing),
    )


def _from_plain(plain: Sequence[Any]) -> Ledger:
    stamps, entries, shadows, names, clients, reading, joining, listed, *more = plain
    compared, ours, with_regions, playbooks, playing = more
    return Ledger(
        stamps=stamps if isinstance(stamps, dict) else Stamps(stamps),
        linked=Linked(
            {path: Entry._make(each) for path, each in entries.items()}, frozenset(shadows), frozenset(names)
        ),
        clients=clients,
        reading={path: _problems(each) for path, each in reading.items()},
        joining={path: _problems(each) for path, each in joining.items()},
        listed=_problems(listed),
        compared=frozenset(compared),
        ours=frozenset(ours),
        with_regions=frozenset(with_regions),
        playbooks=playbooks,
        playing=playing,
    )


def _plain(problems: Iterable[Diagnostic]) -> tuple[tuple[Any, ...], ...]:
    return tuple((each.code, tuple(each.place), each.read, each.about, each.hints) for each in problems)


def _problems(plain: Any) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(code, Place(*place), read, about, hints) for code, place, read, about, hints in plain
    )
