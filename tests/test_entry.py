"""The console script ends as a program should, whenever it is interrupted."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
def test_an_interruption_before_the_command_runs_is_no_failure(module: str, function: str) -> None:
    code = INTERRUPTED.format(module=module, function=function)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
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
