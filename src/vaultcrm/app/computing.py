"""Computes what a vault's notes say for a day: only what has changed since the last run, where that will do.

What comes out is the same as if everything were computed. This module must not write into a vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vaultcrm.app.helping import prepare
from vaultcrm.app.loading import Loaded, load
from vaultcrm.app.memory import Memory, recall, remember
from vaultcrm.app.opening import Vault
from vaultcrm.app.refreshing import refresh
from vaultcrm.app.since import NOTHING
from vaultcrm.app.stages import SILENT, Stages
from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.rules.engine import assess, assess_changed
from vaultcrm.store.helper import Helper
from vaultcrm.store.packed import Stamp


@dataclass(frozen=True, slots=True)
class Computed:
    """What a vault's notes say, and what follows from it for a day; ``before`` is what was known before."""

    loaded: Loaded
    overview: Overview
    before: Memory | None = field(default=None, repr=False, compare=False)

    def left(self, vault: Vault) -> Memory | None:
        """What a later run needs of it, which is far less than all of it; None where it may not have any."""
        ledger, roster = self.loaded.ledger, self.overview.assessments
        if ledger is None:
            return None
        paths, kept, before, since = roster.paths(), roster.kept(), self.before, NOTHING
        if before is not None and kept.columns is before.kept.columns:
            newer = {paths[number] for number in (*kept.instead, *kept.more)}
            since = before.since.then(before.ledger, ledger, newer)
        return Memory(self.overview.day, vault.made_of, ledger, kept, since)

    def keep(self, vault: Vault) -> Memory | None:
        """Leave that for the next run, of this process or another."""
        left = self.left(vault)
        if left is not None:
            remember(vault, left)
        return left


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be computed.

    ``use_cache`` False reads every note anew; ``from_memory`` False loads all of them. ``before`` is what
    an earlier run of this process left; None: what another process left is taken.
    ``seen`` are the stamps of all notes, where they are known. ``helper`` is another process, where one is
    there for it.
    """

    vault: Vault
    day: date
    now_ns: int
    use_cache: bool = True
    from_memory: bool = True
    before: Memory | None = None
    seen: Mapping[VaultPath, Stamp] | None = None
    stages: Stages = SILENT
    helper: Helper | None = None


def computed(task: Task) -> Computed:
    """Everything of a day; histories are read once somebody looks at them.

    Raises:
        VaultcrmError: The vault cannot be read.
    """
    vault, stages = task.vault, task.stages
    prepare(task.helper, vault.policy)  # what has changed is likely to concern somebody
    found = refreshed(task) if task.use_cache and task.from_memory else None
    if found is not None:
        return found
    loaded = load(vault, task.now_ns, task.use_cache, stages)
    stages.begin("assess")
    return Computed(loaded, assessed(vault, loaded, task.day))


def assessed(vault: Vault, loaded: Loaded, day: date) -> Overview:
    """Everything computed for a day from what was loaded."""
    overview = assess(loaded.portfolio, vault.policy, day, loaded.diagnostics, loaded.notes)
    return replace(overview, playbooks=loaded.playbooks)


def refreshed(task: Task) -> Computed | None:
    """As `computed`, from what the last run left; None where that will not do.

    Raises:
        VaultcrmError: The vault cannot be read.
    """
    vault, stages = task.vault, task.stages
    before = task.before
    kept = before if before is not None and before.holds(vault, task.day) else recall(vault, task.day)
    if kept is None:
        return None
    ledger = kept.ledger
    found = refresh(vault, ledger, task.now_ns, stages, task.seen)
    if found is None:
        return None
    stages.begin("assess")
    loaded, concerned = found.loaded, found.concerned
    changed = [number for number, path in enumerate(ledger.clients) if path in concerned]
    overview = assess_changed(
        loaded.portfolio.histories,
        vault.policy,
        task.day,
        kept.kept.without(changed),
        loaded.diagnostics,
        loaded.notes,
    )
    return Computed(loaded, replace(overview, playbooks=loaded.playbooks), kept)
