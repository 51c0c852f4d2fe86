"""Joins the floors: load, assess, render, write.

Every door (command line, watcher, server) has its runs from here; floors below are asked for what it shows.

The day is always given. This module must not know any rule, nor what an output looks like.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext
from datetime import date

from vaultcrm.app.beside import generated_paths
from vaultcrm.app.computing import Computed, Task, assessed, computed
from vaultcrm.app.helping import workshop
from vaultcrm.app.loading import Loaded, fingerprint, load, read_config
from vaultcrm.app.memory import Memory
from vaultcrm.app.opening import (
    Vault,
    config_of,
    open_vault,
    package_texts,
    read_policy,
    read_text,
    with_policy_note,
    words,
)
from vaultcrm.app.outputs import Output, is_ours, render
from vaultcrm.app.stages import SILENT, Stages
from vaultcrm.app.upkeep import Rest, Upkept, write_into_notes
from vaultcrm.errors import NotWritable
from vaultcrm.model import directory
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Measures
from vaultcrm.model.roster import HELD
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.dashboard import clients_listed
from vaultcrm.rules.measures import measure
from vaultcrm.store.files import keep_file, read_bytes, replace_file, sweep_temporaries
from vaultcrm.store.helper import Helper
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.packed import Stamp
from vaultcrm.store.strays import strays_in, sweep_cache

ROUNDS = 3
"""How often notes are written into again at most: the first time there should be nothing left to do."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index run did: which files are (or, with ``check``, would be) written, and why none were.

    ``told`` is what came up while writing, ``notices`` what to tell of the outputs, in the vault's language;
    ``notes`` what was done in people's notes, ``outputs`` what was put into each output that is written.
    ``left`` is for a later run of this process.
    """

    overview: Overview
    stale: tuple[VaultPath, ...] = ()
    written: tuple[VaultPath, ...] = ()
    withheld: str | None = None
    told: tuple[Diagnostic, ...] = ()
    notices: tuple[str, ...] = ()
    notes: Upkept = field(default_factory=Upkept)
    outputs: Mapping[VaultPath, bytes] = field(default_factory=dict, repr=False)
    left: Memory | None = field(default=None, repr=False, compare=False)


def overview_of(
    vault: Vault, day: date, now_ns: int, use_cache: bool = True, *, few: bool = False
) -> Overview:
    """Everything computed for a day; ``few``: no more than a few clients are going to be looked at."""
    return computed(Task(vault, day, now_ns, use_cache, from_memory=few)).overview


def index(  # noqa: PLR0913 - one for each option
    vault: Vault,
    day: date,
    now_ns: int,
    *,
    check: bool = False,
    full: bool = False,
    accept_loss: bool = False,
    rest: Rest | None = None,
    stages: Stages = SILENT,
    before: Memory | None = None,
    seen: Mapping[VaultPath, Stamp] | None = None,
    helper: Helper | None = None,
) -> Indexed:
    """Read, compute and write what changed.

    Args:
        vault: The vault.
        day: The day to compute for.
        now_ns: The time of the run.
        check: Write nothing, only say what is stale.
        full: Read every note anew.
        accept_loss: Write even where notes are missing or cannot be read.
        rest: Which notes of people are not to be written into now; None: none.
        stages: Is told how far it has come.
        before: What an earlier run of this process left: what has not changed is taken from it.
        seen: The stamps of all notes, where they are known; None: they are looked at.
        helper: Another process, where one is there for it.

    Raises:
        VaultcrmError: The vault cannot be read or written, or another run holds it.
    """
    task = Task(vault, day, now_ns, not full, before=before, seen=seen, stages=stages, helper=helper)
    with nullcontext() if check else vault_lock(vault.root):
        return _index(_Run(task, rest), check=check, accept_loss=accept_loss)


@dataclass(frozen=True, slots=True)
class _Run:
    """What an index run is about, and how it goes: nothing of it changes while it lasts."""

    task: Task
    rest: Rest | None

    @property
    def vault(self) -> Vault:
        """The vault."""
        return self.task.vault

    @property
    def stages(self) -> Stages:
        """Is told how far it has come."""
        return self.task.stages


def _index(run: _Run, *, check: bool, accept_loss: bool) -> Indexed:
    vault = run.vault
    now = computed(run.task)
    loaded, overview = now.loaded, now.overview
    kept = () if check else _swept(run, loaded)
    existing = {
        path: read_bytes(os.path.join(vault.root, path)) for path in sorted(generated_paths(vault.policy))
    }
    foreign = tuple(path for path, data in existing.items() if data is not None and not is_ours(path, data))
    found = (
        *(Diagnostic("changed-on-disk", Place(path), path) for path in kept),
        *(Diagnostic("output-foreign", Place(path), path) for path in foreign),
    )
    withheld = None if accept_loss else loss(vault, loaded, existing)
    if withheld is not None:
        return Indexed(overview, withheld=withheld, told=found)
    run.stages.begin("notes")
    notes = write_into_notes(vault, overview, loaded.with_regions, check=check, rest=run.rest)
    if notes.changed and not check:
        now, notes = _settled(run, now, notes)
        overview = now.overview
    overview.assessments.have(directory.NAME, directory.part)  # for who looks for a client
    outputs = _brought_up_to_date(run, overview, existing, foreign, check=check)
    notices = tuple(output.notice for output in outputs.made if output.notice is not None)
    told = (*found, *notes.problems, *(problem for output in outputs.made for problem in problems_of(output)))
    error = notes.error or outputs.error
    if error is not None and not check:
        raise error
    stale, written = outputs.stale, outputs.written
    if check:
        stale = (*notes.changed, *stale)
    else:
        written = (*notes.rescued, *notes.changed, *written)
    if len(overview.assessments) > HELD:  # what is left of them takes their room; to free few is not worth it
        overview.assessments.let_go()
    left = now.keep(vault) if run.task.use_cache else None
    put = {each.path: each.data for each in outputs.made if each.path in outputs.written}
    return Indexed(overview, stale, written, told=told, notices=notices, notes=notes, outputs=put, left=left)


class _Outputs(NamedTuple):
    """What became of the outputs: all, those that were stale, all files written, and the first failure."""

    made: tuple[Output, ...]
    stale: tuple[VaultPath, ...]
    written: tuple[VaultPath, ...]
    error: NotWritable | None


def _brought_up_to_date(
    run: _Run,
    overview: Overview,
    existing: Mapping[VaultPath, bytes | None],
    foreign: Collection[VaultPath],
    *,
    check: bool,
) -> _Outputs:
    """Make the outputs and write each as soon as it is made, but for files that are somebody else's."""
    vault, stages = run.vault, run.stages
    outputs: list[Output] = []
    stale: list[VaultPath] = []
    written: list[VaultPath] = []
    error: NotWritable | None = None
    stages.begin("render")
    with workshop(vault.root, run.task.helper) as tools:
        for output in render(vault, overview, existing, tools):
            if output.path in foreign:
                continue
            outputs.append(output)
            if existing[output.path] == output.data:
                continue
            stale.append(output.path)
            if not check:
                stages.begin("write")
                try:
                    written += write_output(vault, output, existing)
                except NotWritable as failure:  # it costs only itself: the others are written all the same
                    error = error or failure
                stages.begin("render")
    return _Outputs(tuple(outputs), tuple(stale), tuple(written), error)


def _swept(run: _Run, loaded: Loaded) -> tuple[VaultPath, ...]:
    """Remove what killed runs have left; the paths of what may be a person's text, and is kept."""
    policy = run.vault.policy
    sweep_cache(run.vault.root, run.task.now_ns)
    written_to = {path.rpartition("/")[0] for path in generated_paths(policy)} | {policy.paths.rescued}
    leftovers = strays_in(run.vault.root, written_to) | set(loaded.leftovers)
    return sweep_temporaries(run.vault.root, sorted(leftovers), run.task.now_ns)


def _settled(run: _Run, now: Computed, notes: Upkept) -> tuple[Computed, Upkept]:
    """Read anew what was written into notes, until nothing more is to be written.

    Lines have moved in them: what outputs say of places has to be what the next run would say.
    """
    for _ in range(ROUNDS):
        now = computed(replace(run.task, before=now.left(run.vault), seen=None))
        rest = run.rest.after(notes.changed) if run.rest is not None else None
        more = write_into_notes(run.vault, now.overview, now.loaded.with_regions, rest=rest)
        notes = notes.then(more)
        if not more.changed:
            break
    return now, notes


def problems_of(output: Output) -> Iterator[Diagnostic]:
    """What is to be told of an output: its broken markers, and people's text that is kept elsewhere."""
    yield from output.problems
    for path, _ in output.rescued:
        yield Diagnostic("region-edited", Place(output.path), path)


def write_output(vault: Vault, output: Output, existing: Mapping[VaultPath, bytes | None]) -> list[VaultPath]:
    """Write an output, what is to be kept of people's text first.

    Returns:
        The paths of the files that changed.

    Raises:
        ChangedOnDisk: Somebody saved one of them in the meantime.
        NotWritable: One of them could not be written.
    """
    written = [path for path, data in output.rescued if keep_file(vault.root, path, data)]
    if replace_file(vault.root, output.path, output.data, expected=existing[output.path] or b""):
        written.append(output.path)
    return written


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


def path_in_vault(root: str, path: str) -> VaultPath | None:
    """A path that a user named, from the vault's root; ``""`` for the root itself, None for one outside."""
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
    if relative == ".":
        return ""
    return None if relative == ".." or relative.startswith("../") else relative


def measured(overview: Overview, start: date, owner: str | None) -> Measures:
    """The measures of a period (``start``, the overview's day] and an owner."""
    return measure(overview.assessments, overview.policy, start, overview.day, owner)


def simulated(vault: Vault, other: Policy, day: date, now_ns: int) -> tuple[Overview, Overview]:
    """The overview under the policy in force, and under another."""
    changed = replace(vault, policy=other, made_of=b"")
    return overview_of(vault, day, now_ns), overview_of(changed, day, now_ns, use_cache=False)


__all__ = [
    "Indexed",
    "Loaded",
    "Output",
    "Task",
    "Vault",
    "assessed",
    "computed",
    "config_of",
    "fingerprint",
    "index",
    "is_ours",
    "load",
    "loss",
    "measured",
    "open_vault",
    "overview_of",
    "package_texts",
    "path_in_vault",
    "problems_of",
    "read_config",
    "read_policy",
    "read_text",
    "render",
    "simulated",
    "with_policy_note",
    "words",
    "write_output",
]
