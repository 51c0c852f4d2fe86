"""Reads a vault: every note that changed since the last run, and what all of them say together.

The notes are those on the disk, or as git has them. This module must not know any rule, nor write anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from vaultcrm.app.beside import generated_paths
from vaultcrm.app.ledger import Ledger, by_note
from vaultcrm.app.opening import Vault
from vaultcrm.app.stages import SILENT, Stages
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, Portfolio
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.concerns import is_ours, of_our_files
from vaultcrm.parse.links import Linked, linked_among
from vaultcrm.parse.notes import PARSER_VERSION, Read, read_file
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS, WARNING_IDS
from vaultcrm.parse.portfolio import join_readings, sources
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.schema import SCORES
from vaultcrm.parse.vocabulary import fold
from vaultcrm.render.playbooks import find_playbooks, may_be_playbook
from vaultcrm.store.cache import NOTES, RACY_NS, STAGED, Cache
from vaultcrm.store.packed import Stamp
from vaultcrm.store.readings import Found, ReadAll, readings, without_large
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.vault import UNKNOWN, Listing, Sorted, read_head, walk


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the notes say.

    ``unreadable`` are notes and folders that are there but could not be read; ``leftovers`` files that
    killed runs left; ``with_regions`` notes that seem to have marked regions; ``playbooks`` those that say
    what to do, by what they are for, ``playing`` all that may be some, with what they say to be for.
    ``ledger`` is for a later run, None where nothing may be kept of this one.
    """

    portfolio: Portfolio
    diagnostics: tuple[Diagnostic, ...]
    unreadable: tuple[VaultPath, ...]
    leftovers: tuple[VaultPath, ...]
    notes: int
    with_regions: tuple[VaultPath, ...] = ()
    playbooks: Mapping[str, VaultPath] = field(default_factory=dict)
    playing: Mapping[VaultPath, tuple[str, ...]] = field(default_factory=dict)
    ledger: Ledger | None = field(default=None, repr=False, compare=False)


class Sight(NamedTuple):
    """The notes that there are, and how they are read: from the disk, or as git has them."""

    listing: Listing
    read: ReadAll | None
    head: Callable[[VaultPath], bytes]


def read_config(policy: Policy) -> ReadConfig:
    """What of the policy changes how notes are read."""
    own = tuple(
        fold(d.name) for d in policy.tiers.dimensions if d.source == "fixed" and fold(d.name) not in SCORES
    )
    return ReadConfig(
        currency=policy.currency,
        timezone=policy.timezone,
        daily=policy.daily,
        mapping=policy.mapping,
        dimensions=own,
        mutable=frozenset((*TOUCHPOINT_IDS, *WARNING_IDS, *policy.touchpoints)),
    )


def fingerprint(config: ReadConfig) -> str:
    """What a cached reading depends on beside the note itself."""
    mapping = config.mapping
    parts = [
        sorted(part.items())
        for part in (mapping.folders, mapping.tags, mapping.values, mapping.properties, mapping.sections)
    ]
    return repr(
        (
            PARSER_VERSION,
            config.currency,
            config.timezone,
            config.daily,
            config.dimensions,
            sorted(config.mutable),
            parts,
        )
    )


def load(vault: Vault, now_ns: int, use_cache: bool = True, stages: Stages = SILENT) -> Loaded:
    """Read all notes that changed since the last run, and put them together.

    Args:
        vault: The vault; it says whether the notes are those on the disk, or as git has them.
        now_ns: The time of the run in nanoseconds since the epoch, for telling stamps that prove nothing.
        use_cache: False reads every note anew and leaves the cache as it is.
        stages: Is told how far it has come.
    """
    return load_with(lambda: open_cache(vault, use_cache), vault, now_ns, stages)


def open_cache(vault: Vault, use_cache: bool = True, *, with_rows: bool = True) -> Cache:
    """The cache of the vault's notes, of the disk's or of git's, as `Cache.open` has it."""
    name = NOTES if vault.snapshot is None else STAGED
    key = fingerprint(read_config(vault.policy)) if use_cache else None
    return Cache.open(vault.root, key, name, with_rows=with_rows)


def look(vault: Vault, before: Sorted | None = None) -> Sight:
    """Look which notes there are; ``before`` is an earlier listing in which nothing was to be told.

    Raises:
        VaultMissing: The vault is gone, or cannot be read.
    """
    paths, snapshot = vault.policy.paths, vault.snapshot
    never = never_read(vault)
    if snapshot is not None:
        return Sight(
            snapshot.listing(paths.ignore, never, paths.templates, before), snapshot.read, snapshot.head
        )
    listing = walk(vault.root, paths.ignore, never, paths.templates, before, vault.walk)
    return Sight(listing, None, partial(read_head, vault.root))


def seen_on_disk(
    vault: Vault, stamps: Mapping[VaultPath, Stamp], compared: frozenset[VaultPath] = frozenset()
) -> Sight:
    """The same where it is known which notes there are, and nothing is to be told of any."""
    return Sight(Listing(vault.root, stamps, compared=compared), None, partial(read_head, vault.root))


def never_read(vault: Vault) -> tuple[VaultPath, ...]:
    """What lies in the vault, and is no note of anybody's."""
    return (*generated_paths(vault.policy), vault.policy.paths.rescued)


def parser(policy: Policy) -> Callable[[SourceFile], Read]:
    """What reads a note under a policy."""
    config = read_config(policy)

    def parse(source: SourceFile) -> Read:
        return read_file(source, config)

    return parse


def load_with(open_cache: Callable[[], Cache], vault: Vault, now_ns: int, stages: Stages = SILENT) -> Loaded:
    """The same with a given cache, which is opened once it is needed, and closed."""
    policy = vault.policy
    stages.begin("walk")
    sight = look(vault)
    listing = sight.listing
    stages.begin("read")
    with open_cache() as cache:
        read = readings(vault.root, listing, cache, parser(policy), now_ns, stages.read, sight.read)
        found, large = without_large(read)
    stages.begin("join")
    linked = linked_among(found.readings)
    portfolio, more = join_readings(found.readings, policy, linked)
    with_regions = tuple(reading.path for reading in found.readings if reading.regions)
    clients = (reading.path for reading in found.readings if isinstance(reading.record, Client))
    torn = torn_regions(vault, with_regions, clients, found.diagnostics)
    told = (*listing.diagnostics, *large)
    ours = frozenset(reading.path for reading in found.readings if is_ours(reading))
    files = of_our_files(told, ours, read_config(policy), never_read(vault), sight.head)
    folder = policy.paths.playbooks
    playing = [reading for reading in found.readings if may_be_playbook(reading, folder)]
    loaded = Loaded(
        portfolio=portfolio,
        diagnostics=(*vault.told, *files, *found.diagnostics, *more, *torn),
        unreadable=tuple(sorted({*listing.unreadable, *found.unreadable})),
        leftovers=listing.leftovers,
        notes=len(found.readings),
        with_regions=with_regions,
        playbooks=find_playbooks(playing, folder, vault.labels),
        playing={reading.path: reading.playbooks for reading in playing},
    )
    if loaded.unreadable or large:
        return loaded
    return replace(loaded, ledger=_ledger(loaded, listing, found, more, ours, linked, now_ns))


def _ledger(
    loaded: Loaded,
    listing: Listing,
    found: Found,
    joining: Iterable[Diagnostic],
    ours: frozenset[VaultPath],
    linked: Linked,
    now_ns: int,
) -> Ledger:
    same = {reading.path: reading.path for reading in found.readings}
    stamps: Mapping[VaultPath, Stamp] = {path: proven(listing.stamps[path], now_ns) for path in same}
    if listing.by_folder is not None and len(stamps) == len(listing.stamps):
        stamps = listing.by_folder.changed({path: each for path, each in stamps.items() if each == UNKNOWN})
    return Ledger(
        stamps=Stamps.of(stamps),
        linked=linked,
        clients={each.client.path: sources(each, same) for each in loaded.portfolio.histories},
        reading=by_note(found.diagnostics),
        joining=by_note(joining),
        listed=listing.diagnostics,
        compared=listing.compared,
        ours=ours,
        with_regions=frozenset(loaded.with_regions),
        playbooks=loaded.playbooks,
        playing=loaded.playing,
    )


def torn_regions(
    vault: Vault, paths: Collection[VaultPath], clients: Iterable[VaultPath], told: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """What is wrong with the regions of the notes that have some (see `upkeep.region_problems`)."""
    if not paths:
        return ()
    from vaultcrm.app.upkeep import region_problems  # few vaults have any, and it takes long to load

    return region_problems(vault, paths, clients, told)


def proven(stamp: Stamp, now_ns: int) -> Stamp:
    """The stamp; `UNKNOWN` where it is so young that it proves nothing."""
    return stamp if stamp[1] < now_ns - RACY_NS else UNKNOWN
