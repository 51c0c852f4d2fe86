"""``vaultcrm log``: the run. It has a conversation noted down, and tells what follows.

This module must not load typer; it must not know how a note is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

from vaultcrm.app.opening import Vault
from vaultcrm.cli.conversation import Request
from vaultcrm.cli.printing import asked_day, err, now_ns, opened, out
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.render.outcome import outcome_dict, outcome_hints, outcome_text
from vaultcrm.render.text import terminal_text
from vaultcrm.writing import capture

__all__ = ("Request", "run", "tell_path")


def run(asked: Request) -> int:
    """Note a conversation down, and tell what follows."""
    found = opened(asked.vault)
    typed = capture.Typed(
        (asked.client, *asked.text),
        asked.clients,
        asked.date,
        asked.channel,
        asked.kind,
        asked.about,
        asked.direction,
        asked.sentiment,
        asked.next,
        bare=asked.edit,
    )
    day = asked_day(asked.today, found.policy)
    logged = capture.log(found, typed, day, now_ns(), dry_run=asked.dry_run)
    if asked.edit:
        from vaultcrm.cli.editor import open_in_editor  # it loads what calls other programs

        open_in_editor(os.path.join(found.root, *logged.path.split("/")))
        logged = capture.logged_again(found, logged, day, now_ns())
    _tell(found, logged, day, asked)
    return 0


def _tell(vault: Vault, logged: capture.Logged, day: date, asked: Request) -> None:
    if asked.json:
        out().json(_logged_dict(vault, logged, written=not asked.dry_run))
    else:
        tell_path(vault, logged.path, logged.text, asked.dry_run)
        for outcome in logged.outcomes:
            for line in outcome_text(outcome, vault.labels).splitlines():
                out().line(terminal_text(line))
    for hint in _hints(vault, logged, day):
        err().line(hint)


def tell_path(vault: Vault, path: str, text: str, dry_run: bool) -> None:
    """Where the note is, or would be; then what it would say."""
    out().line(vault.labels.get(f"cli.log.{'would' if dry_run else 'wrote'}", path=terminal_text(path)))
    for line in text.splitlines() if dry_run else ():
        out().line(f"  {terminal_text(line)}".rstrip())


def _hints(vault: Vault, logged: capture.Logged, day: date) -> Iterator[str]:
    labels = vault.labels
    if logged.odd_channel is not None:
        yield labels.get("cli.log.odd-channel", word=terminal_text(logged.odd_channel))
    if logged.unmarked_next is not None:
        yield labels.get("cli.log.unmarked-next", word=terminal_text(logged.unmarked_next))
    if logged.unread_day is not None:
        yield labels.get("cli.log.unread-day", word=terminal_text(logged.unread_day))
    for code, read, hints in logged.slips:
        slip = Diagnostic(code, Place(logged.path), read, "", hints)
        yield labels.get(
            "cli.log.slip",
            what=terminal_text(labels.message(slip)),
            remedy=terminal_text(labels.remedy(slip)),
        )
    if logged.day > day:
        yield labels.get("cli.log.future", day=labels.weekday(logged.day, day))
    for outcome in logged.outcomes:
        yield from (terminal_text(hint) for hint in outcome_hints(outcome, labels))
    if not logged.outcomes:
        yield labels.get("cli.log.nobody")


def _logged_dict(vault: Vault, logged: capture.Logged, written: bool) -> dict[str, Any]:
    return {
        "path": logged.path,
        "written": written,
        "date": logged.day.isoformat(),
        "note": logged.text,
        "clients": [outcome_dict(outcome, vault.labels) for outcome in logged.outcomes],
    }
