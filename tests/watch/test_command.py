"""The command as a process of its own: signals, the system's real limits, what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

COMMAND = (sys.executable, "-m", "vaultcrm", "watch", "--today", AS_OF)
SOON = 15.0
BELL = "---\ntype: client\nname: Bell\n---\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", SMALL_VAULT)


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """Processes hear Ctrl+C, also where the tests themselves run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def watched(vault: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process; it is killed where it does not end."""
    with subprocess.Popen(
        [*before, *COMMAND, "--vault", str(vault)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait(done: Callable[[], object]) -> None:
    until = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


def shows(vault: Path, text: str) -> Callable[[], bool]:
    dashboard = vault / "CRM/Dashboard.md"
    return lambda: dashboard.exists() and text in dashboard.read_text(encoding="utf-8")


def ended(process: subprocess.Popen[str], number: int) -> float:
    """Send a signal; the seconds until the process has ended."""
    began = time.monotonic()
    process.send_signal(number)
    process.wait(SOON)
    return time.monotonic() - began


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 143)]
)
def test_it_ends_when_it_is_told_to(vault: Path, number: int, status: int) -> None:
    with watched(vault) as process:
        wait(shows(vault, "Acme"))
        (vault / "Clients/Bell.md").write_text(BELL, encoding="utf-8")
        wait(shows(vault, "Bell"))
        assert ended(process, number) < 2
        out, err = process.communicate()
    assert process.returncode == status
    assert [line[9:] for line in out.splitlines()][:2] == [
        "wrote CRM/Dashboard.md",
        "wrote CRM/follow-ups.ics",
    ]
    assert err.splitlines()[0][9:] == f"watching {vault}; Ctrl+C ends it"
    assert "Traceback" not in err


@pytest.mark.parametrize("moments", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_it_ends_in_the_middle_of_a_run_and_leaves_nothing_half_done(vault: Path, moments: int) -> None:
    with (vault / "vaultcrm.toml").open("a", encoding="utf-8") as file:
        file.write('\n[writeback]\nproperties = ["tier", "health"]\n')
    names = [f"Client {number}" for number in range(200)]
    write_vault(vault, {f"Clients/{name}.md": BELL.replace("Bell", name) for name in names})
    before = {path: data for path, data in contents(vault).items() if path.startswith("Clients/")}
    for moment in range(moments):
        with watched(vault) as process:
            time.sleep(0.2 + 1.2 * moment / moments)
            assert ended(process, signal.SIGTERM if moment % 2 else signal.SIGINT) < 2
            assert process.returncode in (143, 130, -signal.SIGTERM, -signal.SIGINT)  # before Python listens
        found = contents(vault)
        assert not [path for path in found if ".vaultcrm-" in path]
        for path, data in before.items():
            lines = [line for line in found[path].splitlines(keepends=True) if not line.startswith(b"crm_")]
            assert b"".join(lines) == data
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0


def test_a_vault_that_is_not_there_is_told(tmp_path: Path) -> None:
    with watched(tmp_path / "none") as process:
        _, err = process.communicate(timeout=SOON)
    assert process.returncode == 3
    assert "does not exist" in err


def can_limit() -> bool:
    """Whether a name space of our own can have limits of its own."""
    if sys.platform != "linux":
        return False
    trial = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", LIMITED, "-", "true"], capture_output=True, check=False
    )
    return trial.returncode == 0


LIMITED = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"'


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_it_goes_on_where_the_system_really_watches_no_more_folders(vault: Path) -> None:
    if not can_limit():
        pytest.skip("no name space of our own")
    with watched(vault, "unshare", "-Ur", "sh", "-c", LIMITED, "-") as process:
        wait(shows(vault, "Acme"))
        (vault / "Clients/Bell.md").write_text(BELL, encoding="utf-8")
        wait(shows(vault, "Bell"))
        ended(process, signal.SIGTERM)
        _, err = process.communicate()
    assert "sudo sysctl fs.inotify.max_user_watches=524288" in err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_events_that_the_system_drops_are_noticed(vault: Path, tally: Tally) -> None:
    def fresh() -> bool:
        return run_cli("index", "--check", "--vault", vault, "--today", AS_OF).status == 0

    with watched(vault) as process:
        wait(shows(vault, "Acme"))
        time.sleep(1)
        process.send_signal(signal.SIGSTOP)
        for number in range(40_000):  # the system keeps 16,384 events
            (vault / f"Clients/{number % 400}.md").write_text(f"{BELL}{number}\n", encoding="utf-8")
        (vault / "Late").mkdir()
        (vault / "Late/Client.md").write_text(BELL.replace("Bell", "Late"), encoding="utf-8")
        process.send_signal(signal.SIGCONT)
        wait(fresh)
        assert b"Late" in (vault / "CRM/follow-ups.ics").read_bytes()
        (vault / "Late/Client.md").write_text(BELL.replace("Bell", "Then"), encoding="utf-8")
        assert not fresh()
        wait(fresh)
        assert ended(process, signal.SIGTERM) < 2
    tally("event", 40_000)
