"""Commands that show what is known: agenda, show, explain, metrics, export."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from vaultcrm.app import runs
from vaultcrm.app.finding import find_client, find_owner
from vaultcrm.cli import looking, showing
from vaultcrm.cli.clients import ClientArgument
from vaultcrm.cli.options import JsonOption, OwnerOption, TodayOption, VaultOption
from vaultcrm.cli.printing import computed, out
from vaultcrm.errors import UsageError
from vaultcrm.model.results import Assessment
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS, WARNING_IDS
from vaultcrm.parse.values import parse_date
from vaultcrm.parse.vocabulary import fold, nearest
from vaultcrm.render.explain import explain_dict, explain_text, measures_text, names_of_topics
from vaultcrm.render.export import export_csv, export_json, metrics_dict
from vaultcrm.render.labels import Labels
from vaultcrm.render.terminal import metrics_text
from vaultcrm.rules.days import ONE_DAY
from vaultcrm.writing.when import period_meant

PERIODS = {"week": 7, "month": 30, "quarter": 91, "half-year": 182, "year": 365}
PERIOD_HINT = f"write one of {', '.join(PERIODS)}, one like 2026-Q3, or a first day like 2026-01-01"


def agenda(
    vault: VaultOption = None,
    today: TodayOption = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days ahead.")] = 7,
    owner: OwnerOption = None,
    json_: JsonOption = False,
) -> int:
    """Show what to do today and in the days ahead."""
    return looking.run(looking.Request(vault, today, days, owner, json_))


def show(
    client: ClientArgument,
    vault: VaultOption = None,
    today: TodayOption = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, with links.")] = False,
    json_: JsonOption = False,
) -> int:
    """Show the page that one reads before a call.

    For example: vaultcrm show Acme
    """
    return showing.run(showing.Request(client, vault, today, markdown, json_))


def explain(
    client: ClientArgument,
    what: Annotated[
        str | None, typer.Argument(metavar="[WHAT]", help="One figure, such as tier, health or silent.")
    ] = None,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Show how each figure came about: the rule, the numbers that went in, and where each was written."""
    found, overview = computed(vault, today, few=True)
    assessment = find_client(overview, client)
    if what is not None:
        what = _topic(what, assessment, found.labels)
    printed = out()
    if json_:
        printed.json(explain_dict(assessment, overview, found.labels, what))
    else:
        printed.text(explain_text(assessment, overview, found.labels, what, printed.width, printed.color))
    return 0


def _topic(what: str, assessment: Assessment, labels: Labels) -> str:
    """The figure that a text names: as it is typed here, or as other commands show it.

    Raises:
        UsageError: The client has no such figure; the hint has the nearest.
    """
    named = names_of_topics(assessment, labels)
    for name, topic in named:
        if fold(name) == fold(what):
            return topic
    known, client = dict.fromkeys(topic for _, topic in named), assessment.client.name
    if _is_called(what, WARNING_IDS, "warning.{}.name", labels):
        raise UsageError(f"the warning {what!r} does not hold for {client}", f"one of: {', '.join(known)}")
    if _is_called(what, TOUCHPOINT_IDS, "touchpoint.{}.title", labels):
        raise UsageError(f"no {what!r} is planned for {client}", f"one of: {', '.join(known)}")
    near = nearest(what, known)
    hint = f"the nearest: {', '.join(near)}" if near else f"one of: {', '.join(known)}"
    raise UsageError(f"there is no figure {what!r} for {client}", hint)


def _is_called(what: str, ids: Iterable[str], key: str, labels: Labels) -> bool:
    """Whether a text names one of these rules, by its id or by what it is called."""
    names = (name for id_ in ids for name in (id_, labels.get(key.format(id_), subject=None)))
    return fold(what) in map(fold, names)


def metrics(
    vault: VaultOption = None,
    today: TodayOption = None,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="week, month, quarter, half-year, year, one like 2026-Q3 or 2026-11, or a first day.",
        ),
    ] = "year",
    owner: OwnerOption = None,
    why: Annotated[
        bool, typer.Option("--explain", help="Tell the rule of each figure and what went in.")
    ] = False,
    json_: JsonOption = False,
) -> int:
    """Show the figures of a period: retention, satisfaction, referrals, contacts in time."""
    found, overview = computed(vault, today, few=True)
    named = None if period in PERIODS else period_meant(period, overview.day)
    if named is not None and named.last < overview.day:
        found, overview = computed(vault, named.last.isoformat(), tell_unreadable=False, few=True)
    if named is not None and named.first > overview.day:
        raise _not_begun(named.name, found.labels)
    start = named.first - ONE_DAY if named is not None else _start(period, overview.day, found.labels)
    owner = owner and find_owner(overview, owner)
    measures = runs.measured(overview, start, owner)
    printed = out()
    if json_:
        printed.json(metrics_dict(measures))
    else:
        text = measures_text if why else metrics_text
        printed.text(text(measures, overview, found.labels, printed.width, printed.color))
    return 0


def _start(period: str, day: date, labels: Labels) -> date:
    """The day before the period's first: periods are (start, day].

    Raises:
        UsageError: The text means no period, or one that has not begun.
    """
    if period in PERIODS:
        return day - timedelta(days=PERIODS[period])
    first = parse_date(period)
    if first is None:
        raise UsageError(f"{period!r} is no period", PERIOD_HINT)
    if first > day:
        raise _not_begun(period, labels)
    return first - ONE_DAY


def _not_begun(period: str, labels: Labels) -> UsageError:
    return UsageError(labels.get("cli.review.not-yet", period=period), PERIOD_HINT)


class ExportFormat(StrEnum):
    """Formats of export."""

    JSON = "json"
    CSV = "csv"


def export(
    format_: Annotated[ExportFormat, typer.Argument(metavar="json|csv", help="The format.")],
    vault: VaultOption = None,
    today: TodayOption = None,
) -> int:
    """Print everything that is computed, for other programs."""
    found, overview = computed(vault, today)
    make = export_json if format_ is ExportFormat.JSON else export_csv
    out().data(make(overview, found.labels))
    return 0


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Every day")(agenda)
    to.command(rich_help_panel="Every day")(show)
    to.command(rich_help_panel="Understand")(explain)
    to.command(rich_help_panel="Understand")(metrics)
    to.command(rich_help_panel="Understand")(export)
