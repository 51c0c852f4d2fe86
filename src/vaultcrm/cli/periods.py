"""Commands that write the notes of a period: plan, review."""

from __future__ import annotations

from typing import Annotated

import typer

from vaultcrm.app import runs
from vaultcrm.cli.capture import DryRunOption
from vaultcrm.cli.indexing import tell
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, err, now_ns, opened, out
from vaultcrm.errors import UsageError
from vaultcrm.render.month_note import plan_counts, plan_dict, plan_text
from vaultcrm.render.review_note import review_dict, review_text
from vaultcrm.writing import periodical
from vaultcrm.writing.periodical import Periodical
from vaultcrm.writing.when import month_meant, period_meant

MonthArgument = Annotated[
    str | None, typer.Argument(metavar="[MONTH]", help="2026-12, december or next; this month if not given.")
]


def plan(
    month: MonthArgument = None,
    dry_run: DryRunOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Write the plan of a month, week by week; what was ticked or written into it stays.

    For example: vaultcrm plan next
    """
    found = opened(vault)
    labels, day = found.labels, asked_day(today, found.policy)
    period = month_meant(month, day)
    if period is None:
        raise UsageError(labels.get("cli.plan.no-month", text=repr(month)), labels.get("cli.plan.month-hint"))
    made = periodical.write_plan(found, period, day, now_ns(), dry_run=dry_run)
    tell(found, made.told)
    if json_:
        about = {"path": made.path, "written": bool(made.written), "note": made.text}
        out().json(about | plan_dict(made.overview, labels, period.first))
    elif made.path is None:
        err().line(labels.get("cli.plan.off"))
        printed = out()
        printed.text(plan_text(made.overview, labels, period.first, printed.width, printed.color))
    elif period.last < day:
        out().line(labels.get("cli.plan.over", month=period.name))
    else:
        _tell_written(found, made, dry_run)
        if not dry_run:
            out().line(plan_counts(made.overview, labels, period.first))
    return 0


PeriodArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PERIOD]",
        help="week, month, quarter or year, or one like 2026-W47, 2026-11, 2026-Q4; this month if not given.",
    ),
]


def review(
    period: PeriodArgument = None,
    dry_run: DryRunOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Look back on a period: figures beside those of the one before, what moved, who left, what was missed.

    For example: vaultcrm review quarter
    """
    found = opened(vault)
    labels, day = found.labels, asked_day(today, found.policy)
    meant = period_meant(period, day)
    if meant is None:
        raise UsageError(labels.get("cli.review.no-period", text=repr(period)), labels.get("cli.review.hint"))
    made, review_ = periodical.write_review(found, meant, day, now_ns(), dry_run=dry_run)
    tell(found, made.told)
    printed = out()
    if json_:
        about = {"path": made.path, "written": bool(made.written), "note": made.text}
        printed.json(about | review_dict(review_, labels))
        return 0
    if made.path is None:
        err().line(labels.get("cli.review.off"))
    else:
        _tell_written(found, made, dry_run)
    if made.path is None or not dry_run:
        printed.text(review_text(review_, labels, printed.width, printed.color))
    return 0


def _tell_written(vault: runs.Vault, made: Periodical, dry_run: bool) -> None:
    """What was written, or with ``dry_run`` would be, and then the note as it would be."""
    if not made.is_stale:
        out().line(vault.labels.get("cli.plan.unchanged", path=made.path))
    for path in made.written:
        out().line(vault.labels.get("cli.plan.wrote", path=path))
    if dry_run and made.is_stale:
        out().line(vault.labels.get("cli.plan.would", path=made.path))
        for line in made.text.splitlines():
            out().line(f"  {line}".rstrip())


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Every day")(plan)
    to.command(rich_help_panel="Every day")(review)
