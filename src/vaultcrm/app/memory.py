"""What a run leaves for the next one, in whatever process: a ledger, and what is known of each client.

Whatever is wrong with what was kept, there is none then. It is plain values alone, in the user's own cache.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from vaultcrm.app.ledger import Ledger, from_plain, to_plain
from vaultcrm.app.opening import Vault
from vaultcrm.app.since import NOTHING, Since, brought_up
from vaultcrm.model import directory
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import VaultPath
from vaultcrm.model.roster import Parts
from vaultcrm.rules.days import holidays_known
from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import Apart, digest, keep, keep_apart, read_apart, read_kept
from vaultcrm.store.places import cache_folder

FORMAT = 4
"""To be raised when what is kept changes its form."""

SINCE = ".since"
"""What the name of the file ends with that tells what is not as in the ledger."""

KEY, DAY, STAMPS, NOTES, PARTS = "key", "day", "stamps", "notes", "parts"
"""What is kept apart beside the directory: for what it holds, for which day its other parts hold, stamps, the
rest of the ledger, other parts."""

_CODE = ("", "app", "labels", "model", "parse", "phrases", "presets", "render", "rules", "store", "templates")


@dataclass(slots=True)
class Memory:
    """A ledger, and what was known of each client on a day: ``parts`` by path (see `model.roster`).

    ``made_of`` is what the vault's policy and language followed from. ``since`` tells what of it is not as in
    the ledger that was last written whole.
    """

    day: date
    made_of: bytes
    ledger: Ledger
    parts: Mapping[VaultPath, Parts] = field(default_factory=dict)
    since: Since = NOTHING

    def holds(self, vault: Vault, day: date) -> bool:
        """Whether it is of this day, policy and language."""
        return (self.day, self.made_of) == (day, vault.made_of)


def recall(vault: Vault, day: date) -> Memory | None:
    """What the last run left; None where that was of another day, policy or version of vaultcrm."""
    kept = _opened(vault)
    try:
        if kept is None or kept.read(DAY) != _of_day(vault, day):
            return None
        parts = kept.read(PARTS)
        for path, part in kept.read(directory.NAME).items():
            parts[path][directory.NAME] = part
        since, ledger, newer = _up_to_date(vault, kept)
        return Memory(day, vault.made_of, ledger, parts | newer, since)
    except (TypeError, ValueError, LookupError):
        return None


def recall_directory(vault: Vault) -> tuple[Ledger, Mapping[VaultPath, Any]] | None:
    """The ledger that the last run left, and what clients are called: all that it takes to find some.

    Both follow from the notes alone, so they hold on any day.
    """
    kept = _opened(vault)
    try:
        if kept is None:
            return None
        _, ledger, newer = _up_to_date(vault, kept)
        called = {path: parts[directory.NAME] for path, parts in newer.items() if directory.NAME in parts}
        return ledger, kept.read(directory.NAME) | called
    except (TypeError, ValueError, LookupError):
        return None


def _up_to_date(vault: Vault, kept: Apart) -> tuple[Since, Ledger, Mapping[VaultPath, Parts]]:
    """The ledger that was written whole, or with what was told since; and the parts told since."""
    ledger, told = from_plain(kept.read(STAMPS), kept.read(NOTES)), read_kept(_path(vault) + SINCE)
    if isinstance(told, tuple) and told and told[0] == kept.name:
        return brought_up(ledger, told)
    return Since(kept.name), ledger, {}


def remember(vault: Vault, what: Memory) -> None:
    """Leave it for the next run; where that cannot be, the next run does all of its work."""
    if not what.made_of:
        return
    path, since = _path(vault), what.since
    if since.base and keep(path + SINCE, since.plain(what.ledger, what.parts)):
        return
    what.since = Since(keep_apart(path, _to_keep(vault, what)))


def _to_keep(vault: Vault, what: Memory) -> Iterator[tuple[str, Any]]:
    yield KEY, _key(vault)
    yield DAY, _of_day(vault, what.day)
    yield STAMPS, what.ledger.stamps.plain()
    yield NOTES, to_plain(what.ledger)
    parts, called = what.parts, directory.NAME
    yield called, {path: each[called] for path, each in parts.items() if called in each}
    yield PARTS, {path: _without(each, called) for path, each in parts.items()}


def _opened(vault: Vault) -> Apart | None:
    kept = read_apart(_path(vault)) if vault.made_of else None
    try:
        return kept if kept is not None and kept.read(KEY) == _key(vault) else None
    except (ValueError, LookupError):
        return None


def _without(parts: Parts, name: str) -> Parts:
    return {each: part for each, part in parts.items() if each != name}


def _path(vault: Vault) -> str:
    name = "ledger" if vault.snapshot is None else "ledger-staged"
    return os.path.join(cache_folder(vault.root), name)


def _key(vault: Vault) -> bytes:
    return digest((FORMAT, code_stamp(*_CODE), vault.made_of))


def _of_day(vault: Vault, day: date) -> bytes:
    return digest((day.toordinal(), holidays_known(vault.policy.holidays)))
