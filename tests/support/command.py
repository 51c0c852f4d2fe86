"""Runs `vaultcrm` inside the test's own process, and keeps what it prints in the order in which it does."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from unittest import mock

MISREAD = re.compile(r"[$\\]|!( |$)|\[\d+\]$")
"""Lines that look like a command, an escaped line, standard error or an exit status."""


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit status, and what it printed as `(to standard error?, bytes)`."""

    status: int
    printed: tuple[tuple[bool, bytes], ...] = ()

    @property
    def out(self) -> str:
        """Standard output."""
        return self.out_bytes.decode()

    @property
    def out_bytes(self) -> bytes:
        """Standard output as bytes, for what is promised to the byte."""
        return b"".join(data for is_error, data in self.printed if not is_error)

    @property
    def err(self) -> str:
        """Standard error."""
        return b"".join(data for is_error, data in self.printed if is_error).decode()

    def lines(self, names: Mapping[str, str] | None = None, misread: re.Pattern[str] = MISREAD) -> list[str]:
        """Both streams as a reader sees them: `! ` before standard error, `[N]` last for a status but 0.

        Args:
            names: what to write instead of texts that differ from run to run, such as temporary folders.
            misread: which lines of standard output look like something else, and get a backslash before them.
        """
        told: list[str] = []
        pending = {False: b"", True: b""}
        for is_error, data in self.printed:
            *whole, pending[is_error] = (pending[is_error] + data).split(b"\n")
            told += [_line(is_error, line, misread) for line in whole]
        told += [_line(is_error, rest, misread) for is_error, rest in pending.items() if rest]
        for text, name in (names or {}).items():
            told = [line.replace(text, name) for line in told]
        if self.status:
            told.append(f"[{self.status}]")
        return told

    def text(self) -> str:
        """The lines as one text."""
        return "".join(line + "\n" for line in self.lines())


def _line(is_error: bool, line: bytes, misread: re.Pattern[str]) -> str:
    text = line.decode(errors="backslashreplace").removesuffix("\r")
    if is_error:
        return "! " + text if text else "!"
    return "\\" + text if misread.match(text) else text


class _Tap(io.RawIOBase):
    """The lower end of a stream; both streams write into one list, so that their order is kept."""

    def __init__(self, printed: list[tuple[bool, bytes]], is_error: bool) -> None:
        super().__init__()
        self._printed, self._is_error = printed, is_error

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:
        taken = bytes(data)
        self._printed.append((self._is_error, taken))
        return len(taken)


def run_cli(*arguments: str | Path, today: date | None = None) -> Outcome:
    """Run `vaultcrm` with these arguments; standard input is empty and nothing is a terminal.

    Args:
        arguments: the command line.
        today: the day that the clock shows, for what people type without `--today`; None: the real one.
    """
    from vaultcrm.cli import printing, run  # late: tests can be collected while the package is broken

    printed: list[tuple[bool, bytes]] = []
    out = io.TextIOWrapper(_Tap(printed, False), encoding="utf-8", newline="", write_through=True)
    err = io.TextIOWrapper(
        _Tap(printed, True), encoding="utf-8", errors="backslashreplace", newline="", write_through=True
    )
    with (
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.object(sys, "stdin", io.StringIO()),
        mock.patch.object(printing, "datetime", _clock(today) if today else datetime),
    ):
        status = run([str(argument) for argument in arguments])
    return Outcome(status, tuple(printed))


def _clock(today: date) -> type[datetime]:
    """A clock that shows noon of this day."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Stopped:
            return cls(today.year, today.month, today.day, 12, tzinfo=tz)

    return Stopped
