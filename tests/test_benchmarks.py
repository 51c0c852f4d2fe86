"""The project's own benchmark runs; what it measures is told in docs/performance.md."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.vaults import TESTS

BENCHMARKS = TESTS.parent / "benchmarks"


def measured(name: str, *options: str) -> list[str]:
    """The rows of the table that a benchmark prints."""
    command = [sys.executable, str(BENCHMARKS / name), *options, "--rounds", "1"]
    table = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    return [line for line in table.splitlines() if line.startswith("| ") and "×" in line]


@pytest.mark.slow
def test_a_small_benchmark_gives_a_whole_table() -> None:
    rows = measured("run.py", "--notes", "100")
    assert len(rows) >= 13
    assert all("nan" not in row for row in rows)


@pytest.mark.skipif(os.name != "posix", reason="commands are measured from a forked process")
def test_a_command_that_fails_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    bench = import_module("run").Bench(tmp_path, 10)
    assert bench.take([sys.executable, "-c", "pass"]).passed > 0
    with pytest.raises(subprocess.CalledProcessError):
        bench.take([sys.executable, "-c", "raise SystemExit(3)"])


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="each feed is built in a forked process")
def test_a_small_benchmark_of_the_feed() -> None:
    rows = measured("feed.py", "--clients", "5")
    assert [row[2:6] for row in rows] == ["warm", "one ", "cold"]
