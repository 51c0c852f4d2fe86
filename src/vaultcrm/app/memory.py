"""What a run leaves for the next one, in whatever process: a ledger, and what is known of each client.

Whatever is wrong with what was kept, there is none then. It is plain values alone, in the user's own cache.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from vaultcrm.app.ledger import Ledger, from_plain, to_plain
from vaultcrm.app.opening import Vault
from vaultcrm.app.since import NOTHING, Beside, Since, brought_up
from vaultcrm.model import directory
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.model.roster import NOTHING as NOBODY
from vaultcrm.model.roster import Kept
from vaultcrm.rules.days import holidays_known
from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import SINCE, Apart, digest, keep, keep_apart, read_apart, read_kept
from vaultcrm.store.places import cache_folder

FORMAT = 6
"""To be raised when what is kept changes its form."""

KEY, DAY, STAMPS, NOTES, CELLS = "key", "day", "stamps", "notes", "cells"
"""What is kept apart beside the columns: for what it holds, for which day all but the directory holds,
stamps, the rest of the ledger, the names of the columns and the cells."""

_CODE = ("", "app", "labels", "model", "parse", "phrases", "presets", "render", "rules", "store", "templates")


@dataclass(slots=True)
class Memory:
    """A ledger, and what was known of its clients on a day: ``kept``, in their order (see `model.roster`).

    ``made_of`` is what the vault's policy and language followed from. ``since`` tells what of it is not as in
    the ledger that was last written whole.
    """

    day: date
    made_of: bytes
    ledger: Ledger
    kept: Kept = NOBODY
    since: Since = NOTHING

    def holds(self, vault: Vault, day: date) -> bool:
        """Whether it is of this day, policy and language."""
        return (self.day, self.made_of) == (day, vault.made_of)


class _Columns(Mapping[Hashable, tuple[Any, ...]]):
    """Columns, each read once somebody asks for it; one that turns out to be damaged is no more there."""

    __slots__ = ("_count", "_kept", "_read", "_sections")

    def __init__(self, kept: Apart, names: Iterable[Hashable], count: int) -> None:
        self._sections = {name: _section(number, name) for number, name in enumerate(names)}
        self._kept = kept.only(self._sections.values())
        self._count = count
        self._read: dict[Hashable, tuple[Any, ...]] = {}

    def __getitem__(self, name: Hashable) -> tuple[Any, ...]:
        found = self._read.get(name)
        if found is None:
            found = self._found(self._sections[name])
            if found is None:
                del self._sections[name]
                raise KeyError(name)
            self._read[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._sections

    def _found(self, section: str) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] = self._kept.read(section)
        except (ValueError, LookupError):
            return None
        return found if len(found) == self._count else None

    def __iter__(self) -> Iterator[Hashable]:
        return iter([name for name in [*self._sections] if self.get(name) is not None])

    def __len__(self) -> int:
        return len(self._sections)


def recall(vault: Vault, day: date) -> Memory | None:
    """What the last run left; None where that was of another day, policy or version of vaultcrm."""
    kept = _opened(vault)
    try:
        if kept is None or kept.read(DAY) != _of_day(vault, day):
            return None
        names, cells = kept.read(CELLS)
        since, ledger, newer = _up_to_date(vault, kept)
        numbers = {path: number for number, path in enumerate(ledger.clients)} if newer else {}
        instead = {numbers[path]: parts for path, (is_all, parts) in newer.items() if is_all}
        more = {numbers[path]: parts for path, (is_all, parts) in newer.items() if not is_all}
        columns = _Columns(kept, names, len(ledger.clients))
        return Memory(day, vault.made_of, ledger, Kept(columns, cells, instead, more), since)
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
        called = dict(zip(ledger.clients, kept.read(directory.NAME), strict=True))
        told = ((path, parts) for path, (_, parts) in newer.items() if directory.NAME in parts)
        called |= {path: parts[directory.NAME] for path, parts in told}
        return ledger, called
    except (TypeError, ValueError, LookupError):
        return None


def _up_to_date(vault: Vault, kept: Apart) -> tuple[Since, Ledger, Mapping[VaultPath, Beside]]:
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
    if since.base:
        paths = tuple(what.ledger.clients)
        newer = {paths[number]: (False, parts) for number, parts in what.kept.more.items()}
        newer |= {paths[number]: (True, parts) for number, parts in what.kept.instead.items()}
        if keep(path + SINCE, since.plain(what.ledger, newer)):
            return
    what.kept = what.kept.whole()
    what.since = Since(keep_apart(path, _to_keep(vault, what)))


def _to_keep(vault: Vault, what: Memory) -> Iterator[tuple[str, Any]]:
    yield KEY, _key(vault)
    yield DAY, _of_day(vault, what.day)
    yield STAMPS, what.ledger.stamps.plain()
    yield NOTES, to_plain(what.ledger)
    columns, cells, *_ = what.kept
    yield CELLS, ([*columns], cells)
    for number, name in enumerate(columns):
        yield _section(number, name), columns[name]


def _opened(vault: Vault) -> Apart | None:
    kept = read_apart(_path(vault)) if vault.made_of else None
    try:
        return kept if kept is not None and kept.read(KEY) == _key(vault) else None
    except (ValueError, LookupError):
        return None


def _section(number: int, name: Hashable) -> str:
    """What the column with that number is called; who wants the directory does not ask for its number."""
    return name if name == directory.NAME else str(number)


def _path(vault: Vault) -> str:
    name = "ledger" if vault.snapshot is None else "ledger-staged"
    return os.path.join(cache_folder(vault.root), name)


def _key(vault: Vault) -> bytes:
    return digest((FORMAT, code_stamp(*_CODE), vault.made_of))


def _of_day(vault: Vault, day: date) -> bytes:
    return digest((day.toordinal(), holidays_known(vault.policy.holidays)))
