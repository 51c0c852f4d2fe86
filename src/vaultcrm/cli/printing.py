"""What commands share beside their options: the vault and the day asked about, and how they print.

This module must not load typer, which takes longer than an index run in which nothing has changed.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from typing import TYPE_CHECKING, Any, TextIO

from vaultcrm.app.beside import files_beside
from vaultcrm.app.opening import Vault, open_vault, words
from vaultcrm.cli.answering import RUN
from vaultcrm.cli.speech import environment_language
from vaultcrm.errors import UsageError
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.policy import Policy
from vaultcrm.parse.values import parse_date
from vaultcrm.render.text import terminal_text
from vaultcrm.store.root import marks_above

if TYPE_CHECKING:
    from vaultcrm.model.overview import Overview

SHOWN_PATHS = 3
"""How many notes a line names."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A stream to print to: how wide it is, and whether colours may be used."""

    stream: TextIO
    width: int
    color: bool

    @classmethod
    def to(cls, stream: TextIO) -> Printed:
        """A stream as it is: colours and its real width on a terminal only."""
        terminal = stream.isatty()
        width = 80
        if terminal:
            from shutil import get_terminal_size  # it loads what packs files

            width = get_terminal_size((80, 24)).columns
        return cls(stream, max(width, 40), terminal and "NO_COLOR" not in os.environ)

    def line(self, text: str = "") -> None:
        """Print a line of plain text; what could steer a terminal, or what its encoding lacks, is escaped."""
        self.text("\n".join(map(terminal_text, text.split("\n"))) + "\n")

    def text(self, text: str) -> None:
        """Print text as UTF-8 (or as the terminal has it)."""
        encoding = self.stream.encoding or "utf-8"
        shown = text.encode(encoding, "backslashreplace").decode(encoding)
        self.stream.write(shown)
        RUN.note(self.stream is sys.stderr, shown)

    def data(self, data: bytes) -> None:
        """Print bytes as they are."""
        self.stream.flush()
        buffer = getattr(self.stream, "buffer", None)
        if buffer is None:
            self.stream.write(data.decode("utf-8"))
        else:
            buffer.write(data)
        RUN.note(self.stream is sys.stderr, data)

    def json(self, value: Any) -> None:
        """Print a value as JSON."""
        from vaultcrm.render.export import json_bytes  # most runs print text

        self.data(json_bytes(value))


def out() -> Printed:
    """Standard output."""
    return Printed.to(sys.stdout)


def err() -> Printed:
    """Standard error."""
    return Printed.to(sys.stderr)


def opened(vault: str | None) -> Vault:
    """The vault that the options mean."""
    if vault is not None and not vault.strip():
        raise UsageError("--vault names no folder", "leave it away to have the vault found upwards from here")
    here = os.getcwd() if vault is None else vault
    found = replace(open_vault(here, vault), walk=RUN.walk)
    RUN.vault, RUN.beside = found, files_beside(found.root, found.policy, None if vault else here)
    return found


def asked_day(text: str | None, policy: Policy) -> date:
    """The day asked about: ``--today``, else today in the vault's time zone."""
    if text is None:
        zone = _zone(policy)
        today = datetime.now(zone).date()
        midnight = datetime.combine(today, clock_time(), zone)
        RUN.hours = midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
        return today
    day = parse_date(text.strip())
    if day is None:
        raise UsageError(f"{text!r} is no date", "write it like --today 2026-11-20")
    return day


def asked_moment(day: date, policy: Policy) -> datetime:
    """The time of the clock on a day."""
    return datetime.combine(day, datetime.now(_zone(policy)).time())


def _zone(policy: Policy) -> tzinfo | None:
    """The vault's time zone; None: the machine's."""
    if policy.timezone is None:
        return None
    from zoneinfo import ZoneInfo  # it takes long to load

    return ZoneInfo(policy.timezone)


def now_ns() -> int:
    """The time in nanoseconds, for telling which stamps prove nothing."""
    return time.time_ns()


def computed(
    vault: str | None, today: str | None, *, tell_unreadable: bool = True, few: bool = False
) -> tuple[Vault, Overview]:
    """The vault and everything computed for the day asked about; ``few`` as in `runs.overview_of`.

    Notes that cannot be read now are told on standard error: the figures are without them.
    """
    from vaultcrm.app import runs  # to write a note takes less

    found = opened(vault)
    overview = runs.overview_of(found, asked_day(today, found.policy), now_ns(), few=few)
    unreadable = [each.place.path for each in overview.diagnostics if each.code == "note-unreadable"]
    if unreadable and tell_unreadable:
        paths = ", ".join(unreadable[:SHOWN_PATHS]) + (", …" if len(unreadable) > SHOWN_PATHS else "")
        err().line(found.labels.get("cli.unreadable", count=len(unreadable), paths=paths))
    return found, overview


def tell_nobody(vault: Vault, overview: Overview) -> None:
    """Say how to begin where there is no client yet, or not even a vault."""
    if overview.assessments:
        return
    if any(os.path.lexists(mark) for mark in marks_above(vault.root)[:2]):
        err().line(vault.labels.get("cli.nobody.client"))
    else:  # no vault says which language it has
        err().line(words(environment_language(os.environ)).get("cli.nobody.vault"))
