"""The bar on a terminal: late, seldom, and wiped."""

from __future__ import annotations

import io

import pytest

from vaultcrm.cli import progress
from vaultcrm.cli.printing import Printed
from vaultcrm.cli.progress import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_a_short_run_shows_nothing(clock: list[float]) -> None:
    stream = Terminal()
    bar = Bar(Printed(stream, 80, True))
    clock[0] = progress.PATIENCE_S / 2
    bar.read(100, 1000)
    bar.begin("join")
    assert stream.getvalue() == ""


def test_a_long_run_shows_a_bar_and_wipes_it(clock: list[float]) -> None:
    stream = Terminal()
    bar = Bar(Printed(stream, 80, True))
    clock[0] = progress.PATIENCE_S
    bar.read(5000, 10_000)
    bar.read(5100, 10_000)  # at the same moment
    bar.begin("join")
    bar.begin("assess")
    assert stream.getvalue() == "\r[" + "#" * 15 + "." * 15 + "] 5,000/10,000" + "\r\x1b[K"


def test_no_terminal_no_bar(clock: list[float]) -> None:
    stream = io.StringIO()
    bar = Bar(Printed(stream, 80, False))
    clock[0] = 100
    bar.read(5000, 10_000)
    bar.begin("join")
    assert stream.getvalue() == ""
