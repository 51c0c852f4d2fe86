"""Joins the floors: load, assess, render, write.

Every door (command line, watcher, server) calls this and nothing below.

The day is always given. This module must not know any rule, nor what an output looks like.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.policy import Feed, Policy
from vaultcrm.model.records import Client, Portfolio
from vaultcrm.model.results import Assessment, Measures, Overview
from vaultcrm.parse.links import link_key
from vaultcrm.parse.notes import PARSER_VERSION, Read, read_file
from vaultcrm.parse.policy import parse_policy
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS, WARNING_IDS
from vaultcrm.parse.portfolio import join_readings
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.schema import SCORES
from vaultcrm.parse.toml_table import CONFIG_NAME, ConfigProblem
from vaultcrm.parse.vocabulary import fold, nearest
from vaultcrm.render.dashboard import clients_listed, dashboard_section, is_dashboard, render_dashboard
from vaultcrm.render.labels import Labels, labels
from vaultcrm.render.regions import Region, digest, merge_dashboard
from vaultcrm.rules.days import is_known_country
from vaultcrm.rules.engine import assess
from vaultcrm.rules.measures import measure
from vaultcrm.store.cache import Cache
from vaultcrm.store.files import read_bytes, replace_file, sweep_temporaries
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.readings import readings
from vaultcrm.store.vault import find_vault, walk

PACKAGE = os.path.dirname(__file__)
TEMPLATE_NAME = "dashboard.md.j2"
"""The name of a user's own dashboard template in the folder that ``[paths] dashboard_templates`` names."""


@dataclass(frozen=True, slots=True)
class Vault:
    """An opened vault: its folder, its policy and the words of its language."""

    root: str
    policy: Policy
    labels: Labels


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the notes say.

    ``unreadable`` are notes and folders that are there but could not be read; ``leftovers`` files that
    killed runs left.
    """

    portfolio: Portfolio
    diagnostics: tuple[Diagnostic, ...]
    unreadable: tuple[VaultPath, ...]
    leftovers: tuple[VaultPath, ...]
    notes: int


@dataclass(frozen=True, slots=True)
class Output:
    """A generated file: its path in the vault, and its bytes.

    ``rescued`` is what a person had written where only generated text belongs, to be kept in files of its
    own.
    """

    path: VaultPath
    data: bytes
    rescued: tuple[tuple[VaultPath, bytes], ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index run did: which outputs are (or, with ``check``, would be) written, and why none were."""

    overview: Overview
    stale: tuple[VaultPath, ...] = ()
    written: tuple[VaultPath, ...] = ()
    withheld: str | None = None
    foreign: tuple[VaultPath, ...] = field(default=())


def package_texts(folder: str, suffix: str = ".toml") -> dict[str, str]:
    """The data files of a folder in the package, by name."""
    base = os.path.join(PACKAGE, folder)
    found = {}
    for name in sorted(os.listdir(base)):
        if name.endswith(suffix):
            with open(os.path.join(base, name), encoding="utf-8") as file:
                found[name] = file.read()
    return found


def words(language: str) -> Labels:
    """The texts of a language."""
    return labels(package_texts("labels"), language)


def read_policy(config: str | None) -> tuple[Policy, tuple[ConfigProblem, ...]]:
    """A policy from the text of a configuration, with everything that is wrong with it."""
    presets = {name.removesuffix(".toml"): text for name, text in package_texts("presets").items()}
    policy, problems = parse_policy(presets, config)
    if policy.holidays is not None and not is_known_country(policy.holidays):
        problem = ConfigProblem(
            "holidays", f"no public holidays are known for {policy.holidays!r}; write an ISO country code"
        )
        problems = (*problems, problem)
    return policy, problems


def open_vault(start: str, explicit: str | None = None) -> Vault:
    """Find a vault and its policy.

    Args:
        start: The folder from which the vault is looked for upwards.
        explicit: The folder that a user named, None where none was.

    Raises:
        VaultcrmError: There is no such folder (3), or the configuration is wrong (2; the message has every
        problem).
    """
    root = find_vault(start, explicit)
    data = read_bytes(os.path.join(root, CONFIG_NAME))
    try:
        config = None if data is None else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{CONFIG_NAME}: this is not UTF-8 text", "save it as UTF-8 in your editor"
        ) from error
    policy, problems = read_policy(config)
    if problems:
        raise UsageError("\n".join(str(problem) for problem in problems), f"mend {CONFIG_NAME} in {root}")
    return Vault(root, policy, words(policy.language))


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


def generated_paths(policy: Policy) -> frozenset[VaultPath]:
    """The files that are written, and so are never read as notes."""
    paths = policy.paths
    own = (paths.dashboard, paths.feed, *(feed.path for feed in policy.feeds))
    return frozenset(path for path in own if path is not None)


def load(vault: Vault, now_ns: int, use_cache: bool = True) -> Loaded:
    """Read all notes that changed since the last run, and put them together.

    Args:
        vault: The vault.
        now_ns: The time of the run in nanoseconds since the epoch, for telling stamps that prove nothing.
        use_cache: False reads every note anew and leaves the cache as it is.
    """
    policy = vault.policy
    config = read_config(policy)

    def parse(source: SourceFile) -> Read:
        return read_file(source, config)

    never = (*generated_paths(policy), policy.paths.rescued)
    listing = walk(vault.root, policy.paths.ignore, never, policy.paths.templates)
    with Cache.open(vault.root, fingerprint(config) if use_cache else None) as cache:
        found = readings(vault.root, listing, cache, parse, now_ns)
    portfolio, more = join_readings(found.readings, policy)
    return Loaded(
        portfolio=portfolio,
        diagnostics=(*listing.diagnostics, *found.diagnostics, *more),
        unreadable=tuple(sorted({*listing.unreadable, *found.unreadable})),
        leftovers=listing.leftovers,
        notes=len(listing.notes),
    )


def overview_of(vault: Vault, day: date, now_ns: int, use_cache: bool = True) -> Overview:
    """Everything computed for a day."""
    return assessed(vault, load(vault, now_ns, use_cache), day)


def assessed(vault: Vault, loaded: Loaded, day: date) -> Overview:
    """Everything computed for a day from what was loaded."""
    return assess(loaded.portfolio, vault.policy, day, loaded.diagnostics, loaded.notes)


def _dashboard(vault: Vault, overview: Overview, path: VaultPath, old: bytes | None) -> Output:
    labels, paths = vault.labels, vault.policy.paths

    def section(region: Region) -> str | None:
        """A section to which a person gave options, such as ``agenda days=30``."""
        try:
            return dashboard_section(region.name, overview, labels, dict(region.options))
        except KeyError:
            return None

    fresh = render_dashboard(overview, labels, paths.vault, _own_template(vault))
    merged = merge_dashboard(old, fresh, path, section)
    rescued = tuple(_rescued(paths.rescued, path, name, text) for name, text in merged.rescued)
    return Output(path, merged.data, rescued, merged.problems)


def _own_template(vault: Vault) -> str | None:
    """The user's template for the dashboard, None where the folder of templates has none."""
    folder = vault.policy.paths.dashboard_templates
    if folder is None:
        return None
    path = os.path.join(vault.root, folder, TEMPLATE_NAME)
    return read_text(path) if os.path.lexists(path) else None


def _rescued(folder: VaultPath, path: VaultPath, region: str, text: str) -> tuple[VaultPath, bytes]:
    """Where a person's text from a region is kept.

    The name tells where from, and is the same for the same text.
    """
    stem = path.rpartition("/")[2].removesuffix(".md")
    return f"{folder}/{stem} {region} {digest(text)}.md", text.encode("utf-8", "surrogateescape")


def _feed(vault: Vault, overview: Overview, path: VaultPath, old: bytes | None) -> Output:
    from vaultcrm.render.feed import render_feed  # icalendar takes a tenth of a second; only a feed needs it

    del old
    feed = next((feed for feed in vault.policy.feeds if feed.path == path), None) or Feed(path)
    return Output(path, render_feed(overview, feed, vault.labels, vault.policy.paths.vault))


Renderer = Callable[[Vault, Overview, VaultPath, "bytes | None"], Output]
"""Takes the file that stands there, for text of people that is to stay."""


class RendererRow(NamedTuple):
    """An output: its name, where it goes under a policy, and what makes it."""

    name: str
    paths: Callable[[Policy], tuple[VaultPath, ...]]
    make: Renderer


def _dashboard_paths(policy: Policy) -> tuple[VaultPath, ...]:
    return (policy.paths.dashboard,) if policy.paths.dashboard else ()


def _feed_paths(policy: Policy) -> tuple[VaultPath, ...]:
    main = (policy.paths.feed,) if policy.paths.feed else ()
    return tuple(dict.fromkeys((*main, *(feed.path for feed in policy.feeds))))


RENDERERS: tuple[RendererRow, ...] = (
    RendererRow("dashboard", _dashboard_paths, _dashboard),
    RendererRow("feed", _feed_paths, _feed),
)
"""Every output."""


def render(
    vault: Vault, overview: Overview, existing: Mapping[VaultPath, bytes | None]
) -> tuple[Output, ...]:
    """Make every output that is switched on; ``existing`` has the bytes that stand at its path now."""
    return tuple(
        row.make(vault, overview, path, existing.get(path))
        for row in RENDERERS
        for path in row.paths(vault.policy)
    )


def index(
    vault: Vault,
    day: date,
    now_ns: int,
    *,
    check: bool = False,
    full: bool = False,
    accept_loss: bool = False,
) -> Indexed:
    """Read, compute and write what changed.

    Args:
        vault: The vault.
        day: The day to compute for.
        now_ns: The time of the run.
        check: Write nothing, only say what is stale.
        full: Read every note anew.
        accept_loss: Write even where notes are missing or cannot be read.

    Raises:
        VaultcrmError: The vault cannot be read or written, or another run holds it.
    """
    if check:
        return _index(vault, day, now_ns, check=True, use_cache=not full, accept_loss=accept_loss)
    with vault_lock(vault.root):
        return _index(vault, day, now_ns, check=False, use_cache=not full, accept_loss=accept_loss)


def _index(
    vault: Vault, day: date, now_ns: int, *, check: bool, use_cache: bool, accept_loss: bool
) -> Indexed:
    loaded = load(vault, now_ns, use_cache)
    if not check:
        sweep_temporaries(vault.root, loaded.leftovers, now_ns)
    overview = assessed(vault, loaded, day)
    existing = {
        path: read_bytes(os.path.join(vault.root, path)) for path in sorted(generated_paths(vault.policy))
    }
    foreign = tuple(path for path, data in existing.items() if data is not None and not is_ours(path, data))
    withheld = None if accept_loss else loss(vault, loaded, existing)
    if withheld is not None:
        return Indexed(overview, withheld=withheld, foreign=foreign)
    outputs = [output for output in render(vault, overview, existing) if output.path not in foreign]
    stale = tuple(output.path for output in outputs if existing[output.path] != output.data)
    if check:
        return Indexed(overview, stale=stale, foreign=foreign)
    written = tuple(
        path for output in outputs if output.path in stale for path in _write(vault, output, existing)
    )
    return Indexed(overview, stale, written, foreign=foreign)


def _write(vault: Vault, output: Output, existing: Mapping[VaultPath, bytes | None]) -> Iterator[VaultPath]:
    """Write an output, what is to be kept of people's text first.

    Gives the paths of the files that changed.
    """
    for path, data in output.rescued:
        if replace_file(vault.root, path, data):
            yield path
    if replace_file(vault.root, output.path, output.data, expected=existing[output.path] or b""):
        yield output.path


def is_ours(path: VaultPath, data: bytes) -> bool:
    """Whether a file that stands where an output goes was made by vaultcrm, or is empty."""
    if not data.strip():
        return True
    if path.endswith(".ics"):
        return b"PRODID:-//vaultcrm" in data[:2000]
    return is_dashboard(data)


def loss(vault: Vault, loaded: Loaded, existing: Mapping[VaultPath, bytes | None]) -> str | None:
    """Why outputs must stay as they are, None where they need not (specification 4, a vanished vault).

    A vault that lost more than half of the clients that its last dashboard lists, or whose notes cannot be
    read, is not taken for a smaller one.
    """
    if loaded.unreadable:
        return vault.labels.get(
            "cli.withheld.unreadable", paths=list(loaded.unreadable[:5]), count=len(loaded.unreadable)
        )
    dashboard = vault.policy.paths.dashboard
    old = existing.get(dashboard) if dashboard else None
    before = clients_listed(old) if old else 0
    now = len(loaded.portfolio.histories)
    if before > 0 and now * 2 < before:
        return vault.labels.get("cli.withheld.lost", before=before, now=now)
    return None


def find_client(overview: Overview, text: str) -> Assessment:
    """The client that a name, an alias, a file's name or an unambiguous beginning of one means.

    Raises:
        UsageError: None or several do; the hint has the nearest.
    """
    key = link_key(text)
    found: list[Assessment] = []
    for matches in (_is_named, _is_called, _begins_with):
        found = found or [a for a in overview.assessments if key and matches(a.client, key)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{text!r} could be several clients", ", ".join(sorted(a.client.name for a in found)[:8])
        )
    near = nearest(text, [n for a in overview.assessments for n in (a.client.name, *a.client.aliases)])
    raise UsageError(f"no client is called {text!r}", ", ".join(near))


def _is_named(client: Client, key: str) -> bool:
    return key in (link_key(client.name), link_key(client.path), link_key(client.path.removesuffix(".md")))


def _is_called(client: Client, key: str) -> bool:
    stem = client.path.rpartition("/")[2].removesuffix(".md")
    return key in (link_key(name) for name in (stem, *client.aliases))


def _begins_with(client: Client, key: str) -> bool:
    return any(link_key(name).startswith(key) for name in (client.name, *client.aliases))


def path_in_vault(root: str, path: str) -> VaultPath | None:
    """A path that a user named, from the vault's root; ``""`` for the root itself, None for one outside."""
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
    if relative == ".":
        return ""
    return None if relative == ".." or relative.startswith("../") else relative


def measured(overview: Overview, start: date, owner: str | None) -> Measures:
    """The measures of a period (``start``, the overview's day] and an owner."""
    return measure(overview.assessments, overview.policy, start, overview.day, owner)


def read_text(path: str) -> str:
    """The text of a file that a user named.

    Raises:
        UsageError: It cannot be read, or is not UTF-8.
    """
    try:
        data = read_bytes(path)
    except VaultcrmError as error:
        raise UsageError(error.message, error.hint) from error
    if data is None:
        raise UsageError(f"there is no file {path}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error


def simulated(vault: Vault, other: Policy, day: date, now_ns: int) -> tuple[Overview, Overview]:
    """The overview under the policy in force, and under another."""
    changed = Vault(vault.root, other, vault.labels)
    return overview_of(vault, day, now_ns), overview_of(changed, day, now_ns, use_cache=False)
