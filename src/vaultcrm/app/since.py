"""What is no more as in the ledger that was written whole: kept beside it, a run writes only what is new.

It tells of all that differs from that ledger, whichever runs it comes from: the last one is enough. This
module must not know where either is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from vaultcrm.app.ledger import Ledger, plain_of, problems_of
from vaultcrm.model.frozen import replace
from vaultcrm.model.note import VaultPath
from vaultcrm.model.roster import Parts
from vaultcrm.model.tuples import NamedTuple

T = TypeVar("T")

Beside = tuple[bool, Parts]
"""What is known of a client beside what was written whole, and whether it stands instead of that."""

MOST = 200
"""Of so many notes and clients it tells at most: then the ledger is written whole again."""

_WHOLE = ("linked", "listed", "compared", "playbooks", "playing")
"""What of a ledger is only written whole."""


class Since(NamedTuple):
    """What differs from the ledger that was written whole, which ``base`` names: notes and clients.

    ``base`` is empty where there is none.
    """

    base: bytes = b""
    notes: frozenset[VaultPath] = frozenset()
    clients: frozenset[VaultPath] = frozenset()

    def then(self, old: Ledger, new: Ledger, clients: Collection[VaultPath]) -> Since:
        """The same after a run that found an ``old`` ledger, and left a new one and new parts of clients."""
        if not self.base or any(getattr(old, name) != getattr(new, name) for name in _WHOLE):
            return NOTHING
        if old.clients.keys() != new.clients.keys():
            return NOTHING
        problems = _unlike(old.reading, new.reading) | _unlike(old.joining, new.joining)
        stamps = {*new.stamps.unlike(old.stamps), *old.stamps.absent_from(new.stamps)}
        sets = _other(old.ours, new.ours) | _other(old.with_regions, new.with_regions)
        found = Since(
            self.base,
            self.notes.union(stamps, problems, sets),
            self.clients.union(clients, _unlike(old.clients, new.clients)),
        )
        return found if len(found.notes) + len(found.clients) <= MOST else NOTHING

    def plain(self, ledger: Ledger, parts: Mapping[VaultPath, Beside]) -> tuple[Any, ...]:
        """What stands in a ledger, and in the parts, of all that differs: plain values."""
        reading, joining, notes = ledger.reading, ledger.joining, sorted(self.notes)
        return (
            self.base,
            {path: ledger.stamps.get(path) for path in notes},
            {path: plain_of(reading[path]) if path in reading else None for path in notes},
            {path: plain_of(joining[path]) if path in joining else None for path in notes},
            [path for path in notes if path in ledger.ours],
            [path for path in notes if path in ledger.with_regions],
            {path: (ledger.clients[path], parts[path]) for path in sorted(self.clients)},
        )


NOTHING = Since()
"""No ledger was written from which anything could differ."""


def brought_up(ledger: Ledger, plain: tuple[Any, ...]) -> tuple[Since, Ledger, dict[VaultPath, Beside]]:
    """The ledger that was written whole, with what `Since.plain` told since; and the parts that it told.

    Raises:
        TypeError, ValueError: It told nothing of the kind.
    """
    base, stamps, reading, joining, ours, with_regions, clients = plain
    new = replace(
        ledger,
        stamps=ledger.stamps.changed(stamps),
        clients=ledger.clients | {path: sources for path, (sources, _) in clients.items()},
        reading=_with(ledger.reading, {path: each and problems_of(each) for path, each in reading.items()}),
        joining=_with(ledger.joining, {path: each and problems_of(each) for path, each in joining.items()}),
        ours=ledger.ours.difference(stamps).union(ours),
        with_regions=ledger.with_regions.difference(stamps).union(with_regions),
    )
    since = Since(base, frozenset(stamps), frozenset(clients))
    return since, new, {path: parts for path, (_, parts) in clients.items()}


def _unlike(old: Mapping[VaultPath, object], new: Mapping[VaultPath, object]) -> set[VaultPath]:
    """Where two mappings differ, of which one was made of the other: what has not changed is the same."""
    if old is new:
        return set()
    return {path for path, each in new.items() if old.get(path) is not each} | (old.keys() - new.keys())


def _other(old: frozenset[VaultPath], new: frozenset[VaultPath]) -> frozenset[VaultPath]:
    """What is in one of them alone; where nothing has changed they are the same."""
    return frozenset() if old is new else old ^ new


def _with(old: Mapping[VaultPath, T], new: Mapping[VaultPath, T | None]) -> dict[VaultPath, T]:
    """A mapping with other values; None is for what is not in it any more."""
    left = dict(old)
    for path, each in new.items():
        if each is not None:
            left[path] = each
        else:
            left.pop(path, None)
    return left
