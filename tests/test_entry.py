"""The console script ends as a program should, whenever that is, and has other processes begin early."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.store.places import cache_folder

INTERRUPTED = """
import signal, os, sys
import {module} as module

def pressed(*arguments, **options):
    os.kill(os.getpid(), signal.SIGINT)

module.{function} = pressed
sys.argv = ["vaultcrm", "index"]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("vaultcrm.store.answers", "question"),
        ("vaultcrm.store.helper", "begun"),
        ("vaultcrm.cli.ending", "end_when_told"),
    ],
)
def test_an_interruption_before_the_command_runs_is_no_failure(
    module: str, function: str, tmp_path: Path
) -> None:
    write_vault(tmp_path, SMALL_VAULT)
    code = INTERRUPTED.format(module=module, function=function)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 130
    assert done.stderr == b""


TERMINATED = """
import os, signal, sys
from vaultcrm.cli.answering import Run

def told(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)

Run.keep = told
sys.argv = ["vaultcrm", "index", "--help"]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_to_be_ended_after_the_command_is_no_failure() -> None:
    done = subprocess.run([sys.executable, "-c", TERMINATED], capture_output=True, check=False)
    assert done.returncode == 143
    assert done.stderr == b""


AHEAD = """
import sys
import vaultcrm.store.helper as helper, vaultcrm.store.walking as walking, vaultcrm.store.vault as vault

def refuse(*arguments, **options):
    raise AssertionError("another process walks")

helper.processors = lambda: 2
walking.LARGE = 1
vault.walk_through = refuse
sys.argv = ["vaultcrm", *sys.argv[1:]]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no way to copy a process")
@pytest.mark.parametrize(
    "words",
    [("index",), ("agenda",), ("log", "Acme", "phone: all is well", "--dry-run")],
    ids=lambda words: words[0],
)
def test_another_process_walks_through_a_large_vault(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    asked = [*words, "--vault", str(root), "--today", AS_OF]
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    before = run_cli(*asked)
    for kept in Path(cache_folder(str(root))).iterdir():  # else it might be another run's
        os.utime(kept, ns=(0, time.time_ns() - 1_000_000_000))
    done = subprocess.run([sys.executable, "-c", AHEAD, *asked], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, before.out_bytes), done.stderr
