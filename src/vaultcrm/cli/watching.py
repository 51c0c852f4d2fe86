"""The command that stays: watch.

This module must not know how a vault is watched.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Hashable
from datetime import datetime
from typing import Annotated

import typer

from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.cli.indexing import problems_line, tell
from vaultcrm.cli.options import QuietOption, TodayOption, VaultOption
from vaultcrm.cli.printing import Printed, asked_day, err, opened, out
from vaultcrm.cli.speech import say
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import terminal_text


def watch(
    vault: VaultOption = None,
    today: TodayOption = None,
    poll: Annotated[
        bool,
        typer.Option("--poll", help="Look at all files every second or so: for network shares."),
    ] = False,
    quiet: QuietOption = False,
) -> int:
    """Index on every save, and when a day begins, until stopped: vaultcrm watch.

    Ctrl+C ends it. With --today it stays with that day.
    """
    from vaultcrm.watch import Watcher  # watchdog takes longer to import than all else

    found = opened(vault)
    day = asked_day(today, found.policy) if today is not None else None
    teller = Teller(found.labels, quiet)
    watcher = Watcher(lambda: runs.open_vault(found.root, found.root), teller, poll=poll, day=day)
    if not quiet:
        teller.noted("begins", folder=found.root)
    watcher.run()
    return 0


PROBLEMS_TOLD = 5
"""Up to how many new problems each is told: after a sync there may be hundreds."""


class Teller:
    """Tells what the watcher does, each line with the time, as it happens."""

    def __init__(self, labels: Labels, quiet: bool) -> None:
        self._labels = labels
        self._quiet = quiet
        self._withheld: str | None = None
        self._problems: frozenset[Hashable] | None = None

    def indexed(self, vault: Vault, result: runs.Indexed) -> None:
        """Tell what was written, and what came up; the same reason to write nothing, once."""
        self._labels = vault.labels
        tell(vault, result.told)
        if result.withheld is not None and result.withheld != self._withheld:
            self._error(result.withheld, vault.labels.get("cli.watch.accept"))
        self._withheld = result.withheld
        if not self._quiet:
            for path in result.written:
                self._line(out(), vault.labels.get("cli.index.wrote", path=terminal_text(path)))
            self._tell_new(vault, result.overview.diagnostics)

    def _tell_new(self, vault: Vault, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Tell what has become wrong in the notes; what was wrong already, or is very much, in numbers."""
        known, self._problems = self._problems, frozenset(map(_same_problem, diagnostics))
        new = tuple(each for each in diagnostics if known is None or _same_problem(each) not in known)
        if known is not None and len(new) <= PROBLEMS_TOLD:
            tell(vault, new)
        elif new:
            self._line(err(), problems_line(vault, diagnostics))

    def failed(self, error: Exception) -> None:
        """Tell why a run could not be done."""
        if isinstance(error, VaultcrmError):
            self._error(error.message, error.hint)
            return
        self._error(self._labels.get("cli.watch.bug", error=f"{type(error).__name__}: {error}"), "")
        if os.environ.get("VAULTCRM_DEBUG"):
            traceback.print_exception(error, file=sys.stderr)

    def noted(self, key: str, **values: str) -> None:
        """Tell what has changed in how it watches."""
        shown = {name: terminal_text(value) for name, value in values.items()}
        self._line(err(), self._labels.get(f"cli.watch.{key}", **shown))

    def _error(self, message: str, hint: str) -> None:
        for line in message.splitlines():
            self._line(err(), say(f"error: {terminal_text(line)}"))
        if hint:
            self._line(err(), f"  {say(hint)}")

    def _line(self, printed: Printed, text: str) -> None:
        printed.line(f"{datetime.now():%H:%M:%S} {text}")
        printed.stream.flush()  # who reads a log wants to see it now


def _same_problem(each: Diagnostic) -> Hashable:
    """What stays the same of a problem when lines before it are written or deleted."""
    return each.code, each.place.path, each.read, each.about


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Vault")(watch)
