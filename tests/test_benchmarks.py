"""The project's own benchmark runs; what it measures is told in docs/performance.md."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.vaults import TESTS

RUN = TESTS.parent / "benchmarks" / "run.py"


@pytest.mark.slow
def test_a_small_benchmark_gives_a_whole_table() -> None:
    command = [sys.executable, str(RUN), "--notes", "100", "--rounds", "1"]
    table = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    rows = [line for line in table.splitlines() if line.startswith("| ") and "×" in line]
    assert len(rows) == 9
    assert all("nan" not in row for row in rows)
