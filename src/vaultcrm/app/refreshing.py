"""Brings what the last run found out up to date with the notes that have changed since.

Only these are read, and only the histories that they go into are put together anew; others are read once
somebody looks at them. Where a change may bear on more than that (a note that links lead to is there, is gone
or is called otherwise; a note cannot be read), there is nothing to refresh, and everything is to be loaded.
What comes out is the same. This module must not know any rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import overload

from vaultcrm.app.ledger import Ledger, by_note
from vaultcrm.app.loading import (
    Loaded,
    Sight,
    look,
    never_read,
    open_cache,
    parser,
    proven,
    read_config,
    seen_on_disk,
    torn_regions,
)
from vaultcrm.app.opening import Vault
from vaultcrm.app.stages import SILENT, Stages
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.note import VaultPath
from vaultcrm.model.records import ClientHistory, Portfolio, Reading, Record
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.concerns import is_ours, of_our_files
from vaultcrm.parse.links import entry_of, file_key, is_linkable
from vaultcrm.parse.portfolio import Joiner, sources
from vaultcrm.render.playbooks import may_be_playbook
from vaultcrm.store.cache import Cache, stamp_text
from vaultcrm.store.codec import decode
from vaultcrm.store.packed import Stamp
from vaultcrm.store.readings import Found, Progress, readings
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.vault import UNKNOWN, Sorted

FEW = 4
"""Up to so many changed notes each is looked for by itself."""

MANY = 500
"""From how many changed notes on it takes no longer to load everything."""


class Refreshed(NamedTuple):
    """What the notes say now; ``concerned`` has the paths of the clients of whom something has changed."""

    loaded: Loaded
    concerned: frozenset[VaultPath]


class _Everything(Exception):  # noqa: N818 - it is no error
    """A change bears on more than the notes that have changed."""


def refresh(
    vault: Vault,
    ledger: Ledger,
    now_ns: int,
    stages: Stages = SILENT,
    seen: Mapping[VaultPath, Stamp] | None = None,
) -> Refreshed | None:
    """What the notes say now, given what they said; None where everything is to be loaded.

    Args:
        vault: The vault, with the policy that it had.
        ledger: What the last run found out.
        now_ns: The time of the run in nanoseconds since the epoch.
        stages: Is told how far it has come.
        seen: The notes that there are with their stamps, where somebody knows; None: they are looked at.

    Raises:
        VaultMissing: The vault is gone, or cannot be read.
    """
    stages.begin("walk")
    before = None if ledger.listed else Sorted(ledger.stamps, ledger.compared)
    stamps = None if seen is None else Stamps.of(seen)
    if stamps is not None and before is not None and before.tells_of(stamps):
        sight = seen_on_disk(vault, stamps, ledger.compared)
    else:
        sight = look(vault, before)
    stages.begin("read")
    try:
        return _Refresh(vault, ledger, sight, now_ns, stages).run()
    except _Everything:
        return None


@dataclass(frozen=True, slots=True)
class _Change:
    """What has changed: notes that are to be read, and those that are gone."""

    read: Mapping[VaultPath, Reading]
    gone: frozenset[VaultPath]

    @property
    def paths(self) -> frozenset[VaultPath]:
        """All of them."""
        return self.gone.union(self.read)


class _Refresh:
    """One refresh."""

    def __init__(self, vault: Vault, ledger: Ledger, sight: Sight, now_ns: int, stages: Stages) -> None:
        self._vault = vault
        self._ledger = ledger
        self._listed = Stamps.of(sight.listing.stamps)
        self._sight = sight._replace(listing=replace(sight.listing, stamps=self._listed))
        self._now_ns = now_ns
        self._stages = stages

    def run(self) -> Refreshed:
        """Read what changed, and join it.

        Raises:
            _Everything: That is not enough.
        """
        ledger, listing = self._ledger, self._sight.listing
        if listing.unreadable or listing.diagnostics != ledger.listed:
            raise _Everything
        to_read, gone = self._changed()
        if len(to_read) + len(gone) > MANY:
            raise _Everything
        notes = _Notes(self._vault, self._sight, self._now_ns)
        found = notes.read(to_read, gone, self._stages.read)
        if len(found.readings) < len(to_read) or any(each.code in WHOLE for each in found.diagnostics):
            raise _Everything
        change = _Change({reading.path: reading for reading in found.readings}, gone)
        self._check(change)
        self._stages.begin("join")
        histories = _Histories(self._vault, ledger, notes)
        affected = self._affected(change, histories)
        joining = {path: told for path, told in ledger.joining.items() if path not in change.paths}
        clients = dict(ledger.clients)
        anew = histories.of_all(sorted(affected))
        clients |= {path: sources(history, {}) for path, history in anew.items()}
        if histories.is_begun:
            joining = {path: told for path, told in joining.items() if path not in histories.joined}
            joining |= by_note(histories.told())
        reading = {path: told for path, told in ledger.reading.items() if path not in change.paths}
        reading |= by_note(found.diagnostics)
        regions = {path for path, each in change.read.items() if each.regions}
        ours = {path for path, each in change.read.items() if is_ours(each)}
        new = replace(
            ledger,
            stamps=self._stamps(to_read),
            clients=clients,
            reading=reading,
            joining=joining,
            compared=listing.compared,
            ours=_now(ledger.ours, change.paths, ours),
            with_regions=_now(ledger.with_regions, change.paths, regions),
        )
        return Refreshed(self._loaded(new, histories), frozenset(affected))

    def _changed(self) -> tuple[list[VaultPath], frozenset[VaultPath]]:
        """The notes that are to be read, in the listing's order, and those that are gone."""
        known, stamps = self._ledger.stamps, self._listed
        return stamps.unlike(known), frozenset(known.absent_from(stamps))

    def _stamps(self, read: Iterable[VaultPath]) -> Stamps:
        """The stamps of all notes; of those that were read some may be so young that they prove nothing."""
        found = ((path, proven(self._listed[path], self._now_ns)) for path in read)
        return self._listed.changed({path: stamp for path, stamp in found if stamp == UNKNOWN})

    def _check(self, change: _Change) -> None:
        """Whether what links lead to, what concerns us, and the playbooks are the same as before."""
        ledger, linked = self._ledger, self._ledger.linked
        folder = self._vault.policy.paths.playbooks
        for path in change.gone:
            if path in linked.entries or path in linked.shadows or path in ledger.playing:
                raise _Everything
        for path, reading in change.read.items():
            is_new = path not in ledger.stamps
            if is_linkable(reading) or path in linked.entries:
                if linked.entries.get(path) != entry_of(reading):
                    raise _Everything
            elif is_new and file_key(path) in linked.names:
                raise _Everything
            playing = reading.playbooks if may_be_playbook(reading, folder) else None
            if playing != ledger.playing.get(path):
                raise _Everything

    def _affected(self, change: _Change, histories: _Histories) -> set[VaultPath]:
        """The clients into whose histories something goes, or went, that has changed."""
        changed = change.paths
        affected = set(_with_any_of(changed, self._ledger.clients))
        for path, reading in change.read.items():
            if reading.record is not None or reading.interactions:
                affected |= histories.add(path)
        if not changed.isdisjoint(self._ledger.linked.entries):
            # who introduced a client looks at that client's note and projects
            affected |= {path for path in map(histories.referrer, sorted(affected)) if path is not None}
        return affected

    def _loaded(self, ledger: Ledger, histories: _Histories) -> Loaded:
        vault, listing, head = self._vault, self._sight.listing, self._sight.head
        config, outputs = read_config(vault.policy), never_read(vault)
        files = of_our_files(listing.diagnostics, ledger.ours, config, outputs, head)
        merged = tuple(each for told in ledger.reading.values() for each in told)
        regions = sorted(ledger.with_regions)
        torn = torn_regions(vault, regions, ledger.clients, merged)
        joining = (each for told in ledger.joining.values() for each in told)
        return Loaded(
            portfolio=Portfolio(histories),
            diagnostics=(*vault.told, *files, *merged, *joining, *torn),
            unreadable=(),
            leftovers=listing.leftovers,
            notes=len(ledger.stamps),
            with_regions=tuple(regions),
            playbooks=ledger.playbooks,
            playing=ledger.playing,
            ledger=ledger,
        )


def _now(
    known: frozenset[VaultPath], changed: frozenset[VaultPath], now: set[VaultPath]
) -> frozenset[VaultPath]:
    """The notes that were known for something, after some have changed, of which it now holds of these."""
    return known if known & changed == now else known.difference(changed).union(now)


def _with_any_of(
    changed: frozenset[VaultPath], clients: Mapping[VaultPath, tuple[VaultPath, ...]]
) -> list[VaultPath]:
    """The clients whose histories came from any of these notes: to look for a few is quicker in order."""
    if len(changed) <= FEW:
        return [path for path, notes in clients.items() for each in changed if each in notes]
    return [path for path, notes in clients.items() if not changed.isdisjoint(notes)]


class _Notes:
    """What single notes say: those that were just read, the others as they were kept."""

    def __init__(self, vault: Vault, sight: Sight, now_ns: int) -> None:
        self._vault = vault
        self._sight = sight
        self._now_ns = now_ns
        self._known: dict[VaultPath, Reading] = {}
        self._kept: Cache | None = None

    def __del__(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def __contains__(self, path: VaultPath) -> bool:
        return path in self._sight.listing.stamps

    def read(
        self, paths: Sequence[VaultPath], gone: Iterable[VaultPath] = (), progress: Progress | None = None
    ) -> Found:
        """Read some notes anew, and keep what they say; what was kept of those that are gone is dropped."""
        vault, listing = self._vault, self._sight.listing
        few = replace(listing, stamps={path: listing.stamps[path] for path in paths})
        with open_cache(vault, with_rows=False) as cache:
            cache.kept = cache.fetch((*paths, *gone))
            found = readings(
                vault.root, few, cache, parser(vault.policy), self._now_ns, progress, self._sight.read
            )
        self._known |= {reading.path: reading for reading in found.readings}
        return found

    def record(self, path: VaultPath) -> Record | None:
        """The record of a note."""
        return next((reading.record for reading in self.readings([path])), None)

    def readings(self, paths: Iterable[VaultPath]) -> Iterator[Reading]:
        """The readings of some notes, in no order; what was lost of them meanwhile is read again.

        Raises:
            VaultcrmError: It cannot be read.
        """
        wanted = list(paths)
        lost = self._fetch([path for path in wanted if path not in self._known])
        if lost:
            found = self.read(lost)
            read = {reading.path for reading in found.readings}.difference(found.unreadable)
            if len(read) < len(lost):
                path = next(path for path in lost if path not in read)
                raise VaultcrmError(f"{path} cannot be read any more", "run the command again")
        return map(self._known.__getitem__, wanted)

    def _fetch(self, paths: Sequence[VaultPath]) -> list[VaultPath]:
        """Take what was kept of some notes; those of which nothing was, or of another state, are given."""
        if not paths:
            return []
        stamps = self._sight.listing.stamps
        if self._kept is None:  # to open it takes longer than to read what one client's history came from
            self._kept = open_cache(self._vault, with_rows=False)
        rows = self._kept.fetch(paths)
        kept = [path for path in paths if path in rows and rows[path].stamp == stamp_text(stamps[path])]
        with suppress(ValueError, TypeError, LookupError):  # rows of another form: somebody is changing code
            said = decode([rows[path].said for path in kept], kept)
            self._known |= {reading.path: reading for reading, _ in said}
        return [path for path in paths if path not in self._known]


class _Histories(Sequence[ClientHistory]):
    """The histories of all clients in their order, each put together once somebody asks for it."""

    def __init__(self, vault: Vault, ledger: Ledger, notes: _Notes) -> None:
        self._policy = vault.policy
        self._ledger = ledger
        self._notes = notes
        self._joiner: Joiner | None = None
        self._paths = tuple(ledger.clients)
        self._made: dict[VaultPath, ClientHistory] = {}
        self.joined: set[VaultPath] = set()

    @property
    def is_begun(self) -> bool:
        """Whether anything had to be joined."""
        return self._joiner is not None

    def told(self) -> tuple[Diagnostic, ...]:
        """What was told of the notes that were joined."""
        return tuple(self._joiner.told) if self._joiner is not None else ()

    def add(self, path: VaultPath) -> frozenset[VaultPath]:
        """Add what a note says, and tell into whose histories it goes."""
        self._join([path])
        return frozenset(self._begun().goes_to.get(path, ()))

    def referrer(self, path: VaultPath) -> VaultPath | None:
        """The client that introduced a client."""
        self._join([path])
        return next((each for each in self._begun().goes_to.get(path, ()) if each != path), None)

    def of_all(self, paths: Sequence[VaultPath]) -> dict[VaultPath, ClientHistory]:
        """The histories of some clients: what goes into one may stand in the notes of another."""
        for path in paths:
            self._join(self._ledger.clients[path])
        return {path: self.of(path) for path in paths}

    def of(self, path: VaultPath) -> ClientHistory:
        """The history of the client whose note this is."""
        found = self._made.get(path)
        if found is None:
            self._join(self._ledger.clients[path])
            found = self._made[path] = self._begun().finish(path)
        return found

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, number: int) -> ClientHistory: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[ClientHistory]: ...
    def __getitem__(self, number: int | slice) -> ClientHistory | Sequence[ClientHistory]:
        if isinstance(number, slice):
            return tuple(self.of(path) for path in self._paths[number])
        return self.of(self._paths[number])

    def _begun(self) -> Joiner:
        if self._joiner is None:
            self._joiner = Joiner(self._ledger.linked, self._policy, self._notes.record)
        return self._joiner

    def _join(self, paths: Iterable[VaultPath]) -> None:
        """Add notes that are there and have not been added yet."""
        new = [path for path in paths if path not in self.joined and path in self._notes]
        joiner = self._begun()
        self.joined.update(new)
        for reading in self._notes.readings(new):
            joiner.add(reading)


WHOLE = frozenset({"note-unreadable", "note-too-large"})
"""What can be wrong with a file, so that all of the vault has to be looked at."""
