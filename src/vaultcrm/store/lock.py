"""The lock of a vault: only one vaultcrm writes at a time.

The system gives it back when a process dies, however it dies. fcntl and msvcrt are used as they are:
filelock, which does the same, takes longer to import than everything else in a run.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from vaultcrm.errors import Locked
from vaultcrm.store.places import machine_name, state_folder

WAIT_S = 10.0
_PAUSE_S = 0.05
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def vault_lock(root: str, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the vault's lock within a ``with``.

    Where there can be no lock file, because the user's state folder is not writable or knows no locks, the
    run goes on without: every write is atomic all the same.

    Raises:
        Locked: another process still holds it after ``wait_s`` seconds.
    """
    handle = _lock_file(root)
    if handle is None:
        yield
        return
    try:
        _wait(handle, wait_s)
        _sign(handle, f"{os.getpid()} {machine_name()}")
        try:
            yield
        finally:
            _sign(handle, "")
    finally:
        os.close(handle)


def _lock_file(root: str) -> int | None:
    folder = state_folder(root)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None


def _wait(handle: int, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    while not _try(handle):
        if time.monotonic() >= until:
            process, _, host = _holder(handle).partition(" ")
            raise Locked(
                f"another vaultcrm is at work in this vault (process {process} on {host})"
                if host
                else "another vaultcrm is at work in this vault",
                "wait for it, or stop it",
            )
        time.sleep(_PAUSE_S)


def _sign(handle: int, holder: str) -> None:
    """Write down who holds the lock, for the message of those who wait."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, holder.encode("utf-8", "replace"))


def _holder(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 300).decode("utf-8", "replace")


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows locks bytes; one that nobody reads

    def _try(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return error.errno not in _HELD
        return True

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _HELD
        return True
