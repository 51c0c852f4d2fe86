"""The kernel ends a run, or refuses it something: at each of its real system calls, and at any moment.

What goes past Python, SQLite's writing above all, is reached here and nowhere else.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.undisturbed import Vaults, assert_nothing_lost, assert_recovers, index, is_own
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, contents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace, and processes of POSIX")

CALLS = (
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fchmod",
    "mkdir",
    "linkat",
    "renameat",
    "renameat2",
    "rename",
    "unlink",
    "unlinkat",
)
"""What changes a disk; opening is not among them, since most of it is Python's own reading of its modules."""

KILL = "signal=KILL"
STUCK_S = 300
"""Seconds after which a command that does not end is given up, and the test fails."""
RUN = (sys.executable, "-m", "vaultcrm", "index", "--today", AS_OF, "--vault")


def traced(call: str, command: Sequence[str], *options: str, log: str = os.devnull) -> int:
    """The exit status of a command whose calls of one kind strace sees; -9 where it was killed."""
    strace = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}", *options]
    return subprocess.run([*strace, *command], capture_output=True, check=False, timeout=STUCK_S).returncode


def injected(call: str, fault: str, number: int, command: Sequence[str]) -> int:
    """The same, where something happens to the call of that number."""
    return traced(call, command, "-e", f"inject={call}:{fault}:when={number}")


@pytest.fixture(scope="module")
def strace() -> None:
    """Skips where there is no strace that may do this."""
    if shutil.which("strace") is None or injected("write", KILL, 1, ["echo", "x"]) != -signal.SIGKILL:
        pytest.skip("no strace")


def go_wrong(vaults: Vaults, call: str, fault: str, number: int) -> None:
    """A run that goes wrong at that call of its kind, from 1 on."""
    root, what = vaults.fresh(), f"{call}:{fault}:when={number}"
    status = injected(call, fault, number, [*RUN, str(root)])
    assert status in (0, 3, -signal.SIGKILL), what
    if status != -signal.SIGKILL:
        assert not [path for path in contents(root) if is_own(path)], what
    assert_nothing_lost(vaults, root, what)
    assert_recovers(vaults, root, what)


@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize(("call", "fault"), [("renameat2", KILL), ("pwrite64", "error=EIO")])
def test_it_goes_wrong_at_a_real_system_call(quick: Path, call: str, fault: str, tally: Tally) -> None:
    go_wrong(Vaults(quick, index), call, fault, 2)
    tally("real call", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", [KILL, "error=ENOSPC", "error=EIO"])
def test_it_goes_wrong_at_each_real_system_call(quick: Path, call: str, fault: str, tally: Tally) -> None:
    vaults, log = Vaults(quick, index), quick / "calls"
    assert traced(call, [*RUN, str(vaults.fresh())], log=str(log)) == 0
    number = len(log.read_text(encoding="utf-8").splitlines())
    for each in range(1, number + 1):
        go_wrong(vaults, call, fault, each)
    tally("real call", number)


LARGE = {
    f"Clients/Large {size}.md": "---\ntype: client\n---\n" + "A line of a long note.\n" * (size * 1000 // 23)
    for size in (8, 40, 100, 400)
}


@pytest.mark.parametrize("moments", [12, pytest.param(1000, marks=pytest.mark.slow)])
def test_it_is_killed_at_any_moment(quick: Path, moments: int, tally: Tally) -> None:
    vaults = Vaults(quick, index, LARGE)
    began = time.perf_counter()
    index(vaults.fresh())
    takes = time.perf_counter() - began
    killed = 0
    for seed in range(moments):
        root = vaults.fresh()
        child = os.fork()
        if child == 0:
            try:
                index(root)
            finally:
                os._exit(0)
        time.sleep(takes * random.Random(seed).random())
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert_nothing_lost(vaults, root, f"moment {seed}")
        assert_recovers(vaults, root, f"moment {seed}")
    assert killed
    tally("killed at random", killed)
