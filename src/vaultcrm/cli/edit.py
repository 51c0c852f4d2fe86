"""Commands that change single lines of notes: done, snooze, writeback.

This module must not know how a note is changed.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vaultcrm.app.opening import Vault
from vaultcrm.cli.failures import tell_error
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import Printed, asked_day, err, now_ns, opened, out
from vaultcrm.render.terminal import problem_text
from vaultcrm.render.text import terminal_text
from vaultcrm.writing import edits
from vaultcrm.writing.edits import Done, Edited, Snoozed

NOT_WRITTEN = 3

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")]


def done(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLIENT] TEXT", help="Words of the follow-up, or all of it."),
    ] = None,
    vault: VaultOption = None,
    today: TodayOption = None,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> int:
    """Tick a follow-up: vaultcrm done Acme send the quote.

    Words of its text are enough where only one open follow-up has them; the client's name before them says
    whose it is. Nothing in the note changes but that line.
    """
    found = opened(vault)
    results = edits.tick_tasks(found, words or (), asked_day(today, found.policy), now_ns(), dry_run=dry_run)
    if json_:
        out().json([_done_dict(each) for each in results])
    for each in results:
        if each.failure is not None:
            tell_error(each.failure.message, each.failure.hint)
            continue
        if not json_:
            key = "would" if dry_run else "ticked" if each.edited.written else "not"
            _tell(found, each.edited, found.labels.get(f"cli.done.{key}", **_words_of(each)), dry_run)
        if each.recurs and not dry_run:
            err().line(found.labels.get("cli.done.recurs"))
    is_fine = all(each.failure is None and (dry_run or each.edited.written) for each in results)
    return 0 if is_fine else NOT_WRITTEN


def snooze(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLIENT WHEN", help="A client, and a day: 2026-12-04, 2w, friday; or off."),
    ] = None,
    vault: VaultOption = None,
    today: TodayOption = None,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> int:
    """Leave a client in peace until a day: vaultcrm snooze Acme 2w.

    Sets snooze_until in the client's note and touches nothing else; off takes it out again.
    """
    found = opened(vault)
    result = edits.snooze(found, words or (), asked_day(today, found.policy), now_ns(), dry_run=dry_run)
    if json_:
        out().json(_snoozed_dict(result))
    else:
        _tell(found, result.edited, _snoozed_text(found, result, dry_run), dry_run)
    return 0 if dry_run or result.edited.written else NOT_WRITTEN


def writeback(
    vault: VaultOption = None,
    today: TodayOption = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take all computed properties out of all notes.")
    ] = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> int:
    """Write computed properties into clients' notes, or take them out: vaultcrm writeback --remove.

    What is written is what [writeback] in vaultcrm.toml names; index does the same. Taken out, each note is
    byte for byte what it was without them.
    """
    found = opened(vault)
    if remove:
        result = edits.take_back(found, dry_run=dry_run)
    else:
        day = asked_day(today, found.policy)
        result = edits.write_back(found, day, now_ns(), dry_run=dry_run)
    if json_:
        out().json({"written": not dry_run, "paths": list(result.changed)})
    else:
        key = "stale" if dry_run else "wrote"
        for path in result.changed:
            out().line(found.labels.get(f"cli.index.{key}", path=terminal_text(path)))
        out().line(found.labels.get("cli.writeback.done", count=len(result.changed)))
    for each in result.problems:
        err().text(problem_text(each, found.labels))
    if remove and found.policy.writeback:
        err().line(found.labels.get("cli.writeback.again"))
    return 0


def _words_of(result: Done) -> dict[str, str]:
    task = result.task
    return {
        "text": terminal_text(task.follow_up.text),
        "client": terminal_text(task.client.name),
        "place": terminal_text(f"{result.edited.path}:{result.edited.line}"),
    }


def _snoozed_text(vault: Vault, result: Snoozed, dry_run: bool) -> str:
    client = terminal_text(result.client.name)
    if not dry_run and not result.edited.written:
        return vault.labels.get("cli.snooze.not", client=client)
    if result.until is None:
        return vault.labels.get("cli.snooze.off", client=client)
    return vault.labels.get("cli.snooze.until", client=client, day=vault.labels.weekday(result.until))


def _tell(vault: Vault, edited: Edited, text: str, dry_run: bool) -> None:
    """Say what was done; for a dry run, and with the lines, what would be."""
    printed = out()
    printed.line(text)
    if dry_run:
        _lines(printed, edited)
    for each in edited.told:
        err().text(problem_text(each, vault.labels))


def _lines(printed: Printed, edited: Edited) -> None:
    printed.line(terminal_text(f"{edited.path}:{edited.line}"))
    for sign, lines in (("-", edited.removed), ("+", edited.added)):
        for line in lines:
            printed.line(f"{sign} {terminal_text(line)}")


def _done_dict(result: Done) -> dict[str, Any]:
    task = result.task
    return {
        "text": task.follow_up.text,
        "client": task.client.name,
        "due": task.due.isoformat(),
        **_edited_dict(result.edited),
    }


def _snoozed_dict(result: Snoozed) -> dict[str, Any]:
    until = result.until.isoformat() if result.until is not None else None
    return {"client": result.client.name, "snooze_until": until, **_edited_dict(result.edited)}


def _edited_dict(edited: Edited) -> dict[str, Any]:
    return {
        "path": edited.path,
        "line": edited.line,
        "removed": list(edited.removed),
        "added": list(edited.added),
        "written": edited.written,
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Every day")(done)
    to.command(rich_help_panel="Every day")(snooze)
    to.command(rich_help_panel="Vault")(writeback)
