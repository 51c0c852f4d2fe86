"""The command that makes a vault or joins one: init.

This module must not know how a vault is made, nor how its notes are looked through.
"""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, Any

import typer

from vaultcrm.app import runs
from vaultcrm.cli.options import JsonOption, TodayOption
from vaultcrm.cli.printing import asked_day, err, out
from vaultcrm.cli.speech import environment_language
from vaultcrm.render.labels import Labels
from vaultcrm.render.terminal import agenda_text
from vaultcrm.render.text import cut, terminal_text, typed_word
from vaultcrm.starting import starter
from vaultcrm.starting.adopt_text import shown
from vaultcrm.starting.outlook import Outlook, outlook
from vaultcrm.starting.proposed import Proposed, Row
from vaultcrm.starting.starter import Started

SHOWN_ROWS = 24
"""How many lines of a proposed mapping are shown; all of them are in the configuration."""

AGENDA_LINES = 8
"""How many lines of the agenda are shown."""

MEANINGS = {"capture": "daily", "folders": "strange", "ignore": "templates", "properties": "strange"}
"""What a line means that has no meaning of ours, by its table."""

KNOWN = ("clients", "people", "projects", "interactions", "feedback")


class Language(StrEnum):
    """Languages of vaults."""

    EN = "en"
    ZH = "zh"


class Preset(StrEnum):
    """Policies to start from."""

    STUDIO = "studio"
    ENTERPRISE = "enterprise"
    SALES = "sales"
    RETENTION = "retention"


def init(
    target: Annotated[
        str, typer.Argument(metavar="[DIR]", help="The folder; it is made if it is not there.")
    ] = ".",
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The vault's language; else that of the environment.")
    ] = None,
    policy: Annotated[Preset, typer.Option("--policy", help="The policy to start from.")] = Preset.STUDIO,
    sample: Annotated[
        bool, typer.Option("--sample", help="Put a sample studio's notes in, dated around today.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written and known, and write nothing.")
    ] = False,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Make a vault, or join an existing one; nothing is ever overwritten.

    For example: vaultcrm init Clients --sample

    In a folder with notes it says what they seem to be, and what would be known of them; only vaultcrm.toml
    and a folder CRM are written.
    """
    language = lang.value if lang else environment_language(os.environ)
    words = runs.words(language)
    standard, _ = runs.read_policy(None)
    day = asked_day(today, standard)
    started = starter.start_vault(
        target, language=language, policy=policy.value, sample=sample, day=day, dry_run=dry_run
    )
    joined = None
    if started.proposed is not None:
        root = os.path.abspath(target)
        joined = outlook(root, started.config, day), outlook(root, None, day)
    if json_:
        out().json(_as_dict(started, joined, written=not dry_run))
        return 0
    if started.proposed is not None and joined is not None:
        _tell_joined(started.proposed, joined, words)
    _tell_made(started, target, words, dry_run=dry_run)
    return 0


def _tell_made(started: Started, folder: str, words: Labels, *, dry_run: bool) -> None:
    for path in started.skipped:
        err().line(words.get("cli.init.skipped", path=path))
    for path in started.written if dry_run else ():
        out().line(words.get("cli.log.would", path=terminal_text(path)))
    key = "would" if dry_run else "done"
    out().line(words.get(f"cli.init.{key}", count=len(started.written), folder=terminal_text(folder)))
    if not dry_run:
        out().line(words.get("cli.init.next", folder=typed_word(folder)))


def _tell_joined(proposed: Proposed, joined: tuple[Outlook, Outlook], words: Labels) -> None:
    """What the notes seem to be, and what that makes known, beside what is known without it."""
    printed = out()
    more = (each for each in (proposed.daily, proposed.currency) if each is not None)
    rows = [*proposed.rows, *more, *proposed.ignored]
    understood = joined[1].counts["clients"]
    printed.line(words.get(f"cli.init.{'seem' if rows else 'understood' if understood else 'nothing'}"))
    for row in rows[:SHOWN_ROWS]:
        printed.line(cut(terminal_text(_row_text(row, words)), printed.width))
    if len(rows) > SHOWN_ROWS:
        printed.line("  " + words.get("cli.init.more", count=len(rows) - SHOWN_ROWS))
    if any(not row.on for row in rows):
        printed.line(words.get("cli.init.uncertain"))
    mapped, plain = joined
    printed.line()
    for key, known in (("with", mapped), ("without", plain)):
        if key == "with" or known.counts != mapped.counts:
            printed.line(words.get(f"cli.init.known-{key}", known=_counts_text(known, words)))
    if mapped.counts["problems"]:
        printed.line(words.get("cli.init.problems", count=mapped.counts["problems"]))
    if mapped.counts["clients"]:
        overview, labels = mapped.overview, mapped.vault.labels
        lines = agenda_text(overview, labels, 7, None, printed.width, printed.color).splitlines()
        printed.line()
        for line in lines[:AGENDA_LINES]:
            printed.text(line + "\n")
        if len(lines) > AGENDA_LINES:
            printed.line("  …")
    printed.line()


def _row_text(row: Row, words: Labels) -> str:
    table, _, name = row.table.partition(".")
    what = words.get(f"cli.init.what.{table}", key=row.key, name=name.strip('"'))
    meaning = row.meaning or words.get(f"cli.init.{MEANINGS[table]}")
    sign = " " if row.on else "?"
    return f"{sign} " + words.get(
        "cli.init.row", what=what, meaning=meaning, count=row.count, example=shown(row.example)
    )


def _counts_text(known: Outlook, words: Labels) -> str:
    parts = (words.get(f"cli.init.count.{key}", count=known.counts[key]) for key in KNOWN)
    return words.get("cli.init.between").join(parts)


def _as_dict(started: Started, joined: tuple[Outlook, Outlook] | None, *, written: bool) -> dict[str, Any]:
    proposed = started.proposed or Proposed()
    return {
        "written": written,
        "paths": list(started.written),
        "skipped": list(started.skipped),
        "mapping": [_row_dict(row) for row in proposed.rows],
        "daily": _row_dict(proposed.daily) if proposed.daily else None,
        "currency": _row_dict(proposed.currency) if proposed.currency else None,
        "ignored": [_row_dict(row) for row in proposed.ignored],
        "known": dict(joined[0].counts) if joined else None,
        "known_without": dict(joined[1].counts) if joined else None,
        "config": started.config,
    }


def _row_dict(row: Row) -> dict[str, Any]:
    table, _, name = row.table.partition(".")
    return {
        "table": table,
        "property": name.strip('"') or None,
        "key": row.key,
        "meaning": row.meaning or None,
        "count": row.count,
        "example": row.example,
        "on": row.on,
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Vault")(init)
