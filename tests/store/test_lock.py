from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from vaultcrm.errors import Locked
from vaultcrm.store import lock
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.places import state_folder

HOLDER = """\
import sys
from vaultcrm.store.lock import vault_lock
with vault_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(root: Path) -> subprocess.Popen[str]:
    """Another process that holds the vault's lock until its input is closed."""
    command = [sys.executable, "-c", HOLDER, str(root)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    for _ in range(2):
        with vault_lock(str(tmp_path), wait_s=0):
            pass


def test_who_waits_too_long_is_told_by_whom_it_is_held(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(Locked) as caught, vault_lock(str(tmp_path), wait_s=0.1):
            pytest.fail("two hold the lock")
        assert f"process {process.pid} on {platform.node()}" in caught.value.message
        assert caught.value.exit_status == 3
        assert process.stdin is not None
        process.stdin.close()


def test_who_waits_long_enough_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with holder(tmp_path) as process:

        def pause(seconds: float) -> None:
            assert 0 < seconds < 1
            assert process.poll() is None, "it waits only as long as it has to"
            process.communicate("")  # gives the lock back, and ends

        monkeypatch.setattr(lock, "time", SimpleNamespace(monotonic=time.monotonic, sleep=pause))
        with vault_lock(str(tmp_path), wait_s=30):
            assert process.returncode == 0, "two hold the lock"


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        with vault_lock(str(tmp_path), wait_s=0):
            pass


def test_two_vaults_have_two_locks(tmp_path: Path) -> None:
    with vault_lock(str(tmp_path / "a"), wait_s=0), vault_lock(str(tmp_path / "b"), wait_s=0):
        pass


def test_within_one_process_it_excludes_too(tmp_path: Path) -> None:
    with vault_lock(str(tmp_path)), pytest.raises(Locked), vault_lock(str(tmp_path), wait_s=0):
        pytest.fail("two hold the lock")


def test_without_a_state_folder_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for variable in ("XDG_STATE_HOME", "HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "file"))
    with vault_lock(str(tmp_path), wait_s=0):
        pass


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_the_lock_is_nobody_else_s_business(tmp_path: Path) -> None:
    with vault_lock(str(tmp_path)):
        folder = Path(state_folder(str(tmp_path)))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "lock").stat().st_mode & 0o777 == 0o600


def test_an_error_within_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), vault_lock(str(tmp_path)):
        raise OSError("full")
    with vault_lock(str(tmp_path), wait_s=0):
        pass
