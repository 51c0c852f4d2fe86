"""What a run found out about a vault, kept for the next one: which notes each client's history came from.

With it a run needs to read only what has changed since, and to look only at the clients whom that concerns
(see `refreshing`). This module must not know where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.tuples import again
from vaultcrm.parse.links import Entry, Linked
from vaultcrm.store.stamps import Plain, Stamps

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

    stamps: Stamps
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


def by_note(problems: Iterable[Diagnostic]) -> Problems:
    """Diagnostics by the note in which they are, in their order."""
    found: dict[VaultPath, list[Diagnostic]] = {}
    for each in problems:
        found.setdefault(each.place.path, []).append(each)
    return {path: tuple(each) for path, each in found.items()}


def to_plain(ledger: Ledger) -> tuple[Any, ...]:
    """All of it but the stamps, in plain values."""
    return (
        {path: tuple(entry) for path, entry in ledger.linked.entries.items()},
        tuple(ledger.linked.shadows),
        tuple(ledger.linked.names),
        ledger.clients,
        {path: plain_of(each) for path, each in ledger.reading.items()},
        {path: plain_of(each) for path, each in ledger.joining.items()},
        plain_of(ledger.listed),
        tuple(ledger.compared),
        tuple(ledger.ours),
        tuple(ledger.with_regions),
        dict(ledger.playbooks),
        dict(ledger.playing),
    )


def from_plain(stamps: Plain, plain: Sequence[Any]) -> Ledger:
    """A ledger of its stamps, and of what `to_plain` gave.

    Raises:
        TypeError, ValueError: Nothing of the kind.
    """
    entries, shadows, names, clients, reading, joining, listed, *more = plain
    compared, ours, with_regions, playbooks, playing = more
    return Ledger(
        stamps=Stamps(stamps),
        linked=Linked(
            dict(zip(entries, again(Entry, entries.values()), strict=True)),
            frozenset(shadows),
            frozenset(names),
        ),
        clients=clients,
        reading={path: problems_of(each) for path, each in reading.items()},
        joining={path: problems_of(each) for path, each in joining.items()},
        listed=problems_of(listed),
        compared=frozenset(compared),
        ours=frozenset(ours),
        with_regions=frozenset(with_regions),
        playbooks=playbooks,
        playing=playing,
    )


def plain_of(problems: Iterable[Diagnostic]) -> tuple[tuple[Any, ...], ...]:
    """Diagnostics in plain values, of which `problems_of` makes them."""
    return tuple((each.code, tuple(each.place), each.read, each.about, each.hints) for each in problems)


def problems_of(plain: Any) -> tuple[Diagnostic, ...]:
    """Diagnostics of what `plain_of` gave."""
    new = tuple.__new__  # of thousands, to be given each field by name takes three times as long
    return tuple(
        [
            new(Diagnostic, (code, new(Place, place), read, about, hints))
            for code, place, read, about, hints in plain
        ]
    )
