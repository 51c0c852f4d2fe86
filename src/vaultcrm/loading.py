"""Reads a vault: every note that changed since the last run, and what all of them say together.

The notes are those on the disk, or as git has them. This module must not know any rule, nor write anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, Portfolio
from vaultcrm.opening import Vault
from vaultcrm.outputs import generated_paths
from vaultcrm.parse.concerns import of_our_files
from vaultcrm.parse.notes import PARSER_VERSION, Read, read_file
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS, WARNING_IDS
from vaultcrm.parse.portfolio import join_readings
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.schema import SCORES
from vaultcrm.parse.vocabulary import fold
from vaultcrm.render.playbooks import find_playbooks
from vaultcrm.stages import SILENT, Stages
from vaultcrm.store.cache import NOTES, STAGED, Cache, Heard
from vaultcrm.store.readings import readings, without_large
from vaultcrm.store.vault import read_head, walk
from vaultcrm.upkeep import region_problems


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the notes say.

    ``unreadable`` are notes and folders that are there but could not be read; ``leftovers`` files that
    killed runs left; ``with_regions`` notes that seem to have marked regions; ``playbooks`` those that say
    what to do, by what they are for. ``said`` is for a later run of this process.
    """

    portfolio: Portfolio
    diagnostics: tuple[Diagnostic, ...]
    unreadable: tuple[VaultPath, ...]
    leftovers: tuple[VaultPath, ...]
    notes: int
    with_regions: tuple[VaultPath, ...] = ()
    playbooks: Mapping[str, VaultPath] = field(default_factory=dict)
    said: Heard = field(default_factory=dict, repr=False)


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
        sorted(part.items()) for part in (mapping.folders, mapping.tags, mapping.values, mapping.properties)
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


def load(
    vault: Vault,
    now_ns: int,
    use_cache: bool = True,
    stages: Stages = SILENT,
    before: Loaded | None = None,
) -> Loaded:
    """Read all notes that changed since the last run, and put them together.

    Args:
        vault: The vault; it says whether the notes are those on the disk, or as git has them.
        now_ns: The time of the run in nanoseconds since the epoch, for telling stamps that prove nothing.
        use_cache: False reads every note anew and leaves the cache as it is.
        stages: Is told how far it has come.
        before: What this process loaded from the vault before, under the same policy.
    """
    name = NOTES if vault.snapshot is None else STAGED
    key = fingerprint(read_config(vault.policy)) if use_cache else None

    heard = None if before is None else before.said
    return load_with(lambda: Cache.open(vault.root, key, name, heard), vault, now_ns, stages)


def load_with(open_cache: Callable[[], Cache], vault: Vault, now_ns: int, stages: Stages = SILENT) -> Loaded:
    """The same with a given cache, which is opened once it is needed, and closed."""
    policy = vault.policy
    config = read_config(policy)

    def parse(source: SourceFile) -> Read:
        return read_file(source, config)

    stages.begin("walk")
    never = (*generated_paths(policy), policy.paths.rescued)
    head: Callable[[VaultPath], bytes]
    ignore, templates, snapshot = policy.paths.ignore, policy.paths.templates, vault.snapshot
    if snapshot is None:
        listing = walk(vault.root, ignore, never, templates)
        read, head = None, partial(read_head, vault.root)
    else:
        listing = snapshot.listing(ignore, never, templates)
        read, head = snapshot.read, snapshot.head
    stages.begin("read")
    with open_cache() as cache:
        found, large = without_large(readings(vault.root, listing, cache, parse, now_ns, stages.read, read))
    stages.begin("join")
    portfolio, more = join_readings(found.readings, policy)
    with_regions = tuple(reading.path for reading in found.readings if reading.regions)
    clients = (reading.path for reading in found.readings if isinstance(reading.record, Client))
    torn = region_problems(vault, with_regions, clients, found.diagnostics) if with_regions else ()
    files = of_our_files((*listing.diagnostics, *large), found.readings, config, never, head)
    return Loaded(
        portfolio=portfolio,
        diagnostics=(*vault.told, *files, *found.diagnostics, *more, *torn),
        unreadable=tuple(sorted({*listing.unreadable, *found.unreadable})),
        leftovers=listing.leftovers,
        notes=len(found.readings),
        with_regions=with_regions,
        playbooks=find_playbooks(found.readings, policy.paths.playbooks, vault.labels),
        said=found.said,
    )
