"""Runs the program as a user does, for pages and pictures that show what it really prints."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str | Path) -> str:
    """What `vaultcrm` prints, without a trace in the cache of whoever makes the pages."""
    source = str(ROOT / "src")
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, "-m", "vaultcrm", *map(str, arguments)],
            env={**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPATH": source, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        )
    return done.stdout.decode("utf-8")
