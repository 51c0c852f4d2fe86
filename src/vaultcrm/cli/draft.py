"""The command that drafts messages: the text goes to standard output, what one must know of it beside.

This module must not know what a template holds.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vaultcrm.app import runs
from vaultcrm.app.finding import find_client
from vaultcrm.cli.clients import complete_client
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import computed, err, opened, out
from vaultcrm.errors import UsageError
from vaultcrm.model.results import Assessment
from vaultcrm.render.draft import KINDS, LOGGED_AS, depth_of, fitting_drafts
from vaultcrm.render.terminal import reach_line
from vaultcrm.render.text import display_width, pad, shell_text, terminal_text
from vaultcrm.writing import drafts

OptionalClient = Annotated[
    str | None,
    typer.Argument(
        metavar="CLIENT", help="A name, an alias or the beginning of one.", autocompletion=complete_client
    ),
]
DraftArgument = Annotated[
    str | None,
    typer.Argument(metavar="KIND", help="What to write: see --list.", autocompletion=lambda: list(KINDS)),
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="PERSON", help="Whom it goes to; else the main contact.")
]
ListOption = Annotated[bool, typer.Option("--list", help="Show the kinds; with a client, which fit now.")]


def draft(
    client: OptionalClient = None,
    kind: DraftArgument = None,
    to: ToOption = None,
    list_: ListOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Draft a message from a text template, filled in from the notes; what is missing is a clear blank.

    For example: vaultcrm draft Acme check-in-1m
    """
    if client is None and not list_:
        raise UsageError("to whom, and what?", "vaultcrm draft Acme check-in-1m; vaultcrm draft --list")
    if client is None:
        _tell_list(opened(vault), None, json_)
        return 0
    found, overview = computed(vault, today, few=True)
    assessment = find_client(overview, client)
    if list_:
        _tell_list(found, assessment, json_)
        return 0
    if kind is None:
        fitting = fitting_drafts(assessment) or KINDS
        raise UsageError(
            found.labels.get("cli.draft.which", kinds=fitting), f"vaultcrm draft {client!r} {fitting[0]}"
        )
    made = drafts.draft(found, assessment, kind, to)
    if json_:
        out().json(_draft_dict(made))
    else:
        _tell(found, made)
    return 0


def _tell(vault: runs.Vault, made: drafts.Draft) -> None:
    """The message on standard output, so that it can be piped; all else on standard error."""
    labels, beside = vault.labels, err()
    if made.to is None:
        beside.line(terminal_text(labels.get("cli.draft.nobody", client=made.client)))
    else:
        reach = reach_line(made.reach, labels) or None
        beside.line(terminal_text(labels.get("cli.draft.to", to=made.to, reach=reach)))
    if made.subject is not None:
        beside.line(terminal_text(labels.get("cli.draft.subject", subject=made.subject)))
    if made.source is not None:
        beside.line(terminal_text(labels.get("cli.draft.from", path=made.source)))
    if made.missing:
        beside.line(terminal_text(labels.get("cli.draft.missing", missing=made.missing)))
    for name, near in made.unknown:
        said = labels.get("cli.draft.unknown", name=f"{{{{{name}}}}}", near=near or None)
        beside.line(terminal_text(said))
    for part in made.unclosed:
        names = {"begin": f"{{{{{part}}}}}", "end": f"{{{{/{part[1:]}}}}}"}
        beside.line(terminal_text(labels.get("cli.draft.unclosed", **names)))
    beside.line()
    for line in made.text.splitlines():
        out().line(terminal_text(line))
    options = LOGGED_AS.get(made.kind)
    beside.line()
    beside.line(labels.get("cli.draft.log", client=shell_text(made.client), options=options))


def _tell_list(vault: runs.Vault, assessment: Assessment | None, json_: bool) -> None:
    labels = vault.labels
    templates = drafts.templates_of(vault)
    fitting = _fitting(assessment) if assessment is not None else ()
    order = {kind: number for number, kind in enumerate(KINDS)}
    rows = sorted(templates.values(), key=lambda each: (order.get(_plain(each.kind), len(order)), each.kind))
    if json_:
        out().json([{"kind": each.kind, "source": each.path, "fits": each.kind in fitting} for each in rows])
        return
    kinds = max(display_width(each.kind) for each in rows) + 2
    titles = {each.kind: labels.name("draft.kind", each.kind) for each in rows}
    column = max(map(display_width, titles.values())) + 2
    for each in rows:
        source = each.path or labels.get("cli.draft.ours")
        fits = f" · {labels.get('cli.draft.fits')}" if each.kind in fitting else ""
        out().line(terminal_text(f"{pad(each.kind, kinds)}{pad(titles[each.kind], column)}{source}{fits}"))


def _fitting(assessment: Assessment) -> frozenset[str]:
    """The kinds that fit now; of the ways to ask for a referral the one for this client."""
    fitting = fitting_drafts(assessment)
    return frozenset((*fitting, *([f"{drafts.ASK}-{depth_of(assessment)}"] if drafts.ASK in fitting else [])))


def _plain(kind: str) -> str:
    return drafts.ASK if kind.startswith(f"{drafts.ASK}-") else kind


def _draft_dict(made: drafts.Draft) -> dict[str, Any]:
    return {
        "kind": made.kind,
        "client": made.client,
        "to": made.to,
        "channel": made.reach.channel,
        "phone": list(made.reach.phones),
        "email": list(made.reach.emails),
        "wechat": list(made.reach.wechat),
        "subject": made.subject,
        "text": made.text,
        "missing": list(made.missing),
        "unknown": [name for name, _ in made.unknown],
        "unclosed": list(made.unclosed),
        "source": made.source,
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Every day")(draft)
