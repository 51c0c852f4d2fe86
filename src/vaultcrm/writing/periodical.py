"""Writes the notes that people ask for by period: the plan of a month, the review of a period.

What a person did to such a note stays when it is made anew. This module must not know what is in one, nor how
two versions of one are put together.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import date

from vaultcrm.app.loading import Loaded
from vaultcrm.app.opening import Vault
from vaultcrm.app.outputs import Output, is_ours, rescued_copy
from vaultcrm.app.runs import assessed, load, loss, problems_of, write_output
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.render.dashboard import render_section
from vaultcrm.render.generated import merge_dashboard
from vaultcrm.render.month_note import render_plan
from vaultcrm.render.regions import Region, find_regions
from vaultcrm.render.review_note import render_review
from vaultcrm.rules.days import ONE_DAY
from vaultcrm.rules.periods import Period
from vaultcrm.rules.review import Review, look_back
from vaultcrm.store.files import read_bytes
from vaultcrm.store.lock import vault_lock


@dataclass(frozen=True, slots=True)
class Periodical:
    """A note of a period, as it was written or would be.

    ``path`` is None where such notes are switched off. ``written`` are the paths of files that changed:
    nothing did where it was up to date. ``told`` is what came up.
    """

    path: VaultPath | None
    text: str
    overview: Overview
    is_stale: bool = False
    written: tuple[VaultPath, ...] = ()
    told: tuple[Diagnostic, ...] = ()


def write_plan(vault: Vault, month: Period, day: date, now_ns: int, *, dry_run: bool = False) -> Periodical:
    """Write the plan of a month, or bring it up to date; that of a month which is over stays as it is.

    Args:
        vault: The vault.
        month: The month.
        day: The day as of which it is planned.
        now_ns: The time of the run.
        dry_run: Write nothing, only say what would be.

    Raises:
        UsageError: The month is over, and was never planned.
        VaultcrmError: Notes cannot be read or are gone, or another file stands there.
        NotWritable: The note could not be written.
    """
    path = vault.policy.paths.plan(month.name)
    with nullcontext() if dry_run else vault_lock(vault.root):
        overview = _whole(vault, load(vault, now_ns), day)
        old = _present(vault, path)
        if month.last < day:
            if old is None:
                labels = vault.labels
                hint = labels.get("cli.plan.review", month=month.name)
                raise UsageError(labels.get("cli.plan.past", month=month.name), hint)
            return Periodical(path, _decoded(old), overview)
        fresh = render_plan(overview, vault.labels, month.first)
        return _written(vault, path, old, fresh, overview, dry_run=dry_run)


def write_review(
    vault: Vault, period: Period, day: date, now_ns: int, *, dry_run: bool = False
) -> tuple[Periodical, Review]:
    """Write the review of a period as of its end, or of the day where it is not over; or bring it up to date.

    Args:
        vault: The vault.
        period: The period.
        day: The day on which one looks back.
        now_ns: The time of the run.
        dry_run: Write nothing, only say what would be.

    Raises:
        UsageError: The period has not begun.
        VaultcrmError: Notes cannot be read or are gone, or another file stands there.
        NotWritable: The note could not be written.
    """
    labels = vault.labels
    if day < period.first:
        message = labels.get("cli.review.not-yet", period=period.name)
        raise UsageError(message, labels.get("cli.review.hint"))
    path = vault.policy.paths.review(period.name)
    with nullcontext() if dry_run else vault_lock(vault.root):
        loaded = load(vault, now_ns)
        now = _whole(vault, loaded, min(day, period.last))
        before = assessed(vault, loaded, period.first - ONE_DAY)
        review = look_back(period, now, before, day > period.last)
        fresh = render_review(review, labels)
        made = _written(vault, path, _present(vault, path), fresh, now, dry_run=dry_run)
    return made, review


def _whole(vault: Vault, loaded: Loaded, day: date) -> Overview:
    """Everything computed for a day; a vault that has lost its notes is not taken for a smaller one."""
    dashboard = vault.policy.paths.dashboard
    existing = {dashboard: read_bytes(os.path.join(vault.root, dashboard))} if dashboard else {}
    withheld = loss(vault, loaded, existing)
    if withheld is not None:
        raise VaultcrmError(withheld, vault.labels.get("cli.withheld.remedy"))
    return assessed(vault, loaded, day)


def _present(vault: Vault, path: VaultPath | None) -> bytes | None:
    """What stands there now.

    Raises:
        VaultcrmError: A file that vaultcrm did not make.
    """
    old = None if path is None else read_bytes(os.path.join(vault.root, path))
    if path is not None and old is not None and not is_ours(path, old):
        labels = vault.labels
        message = labels.message(Diagnostic("output-foreign", Place(path), path))
        raise VaultcrmError(message, labels.remedy(Diagnostic("output-foreign", Place(path), path)))
    return old or None


def _written(
    vault: Vault,
    path: VaultPath | None,
    old: bytes | None,
    fresh: bytes,
    overview: Overview,
    *,
    dry_run: bool,
) -> Periodical:
    if path is None:
        return Periodical(None, _decoded(fresh), overview)

    own = {region.name for region in find_regions(fresh.decode("utf-8"))[0]}

    def section(region: Region) -> str | None:
        """A section that a person put into the note; ours are as they are."""
        if region.name in own:
            return None
        try:
            return render_section(region.name, overview, vault.labels, dict(region.options))
        except KeyError:
            return None

    merged = merge_dashboard(old, fresh, path, section)
    folder = vault.policy.paths.rescued
    rescued = tuple(rescued_copy(folder, path, name, text) for name, text in merged.rescued)
    output = Output(path, merged.data, rescued, merged.problems)
    written = () if dry_run else tuple(write_output(vault, output, {path: old}))
    told = tuple(problems_of(output))
    return Periodical(path, _decoded(merged.data), overview, merged.data != old, written, told)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")
