"""Files of the user's alone, in the state folder of a vault: whole or not there, for nobody else to read.

This module must not know what is in them.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from vaultcrm.store.places import state_folder
from vaultcrm.store.target import NO_LINK, write_all

_READ = os.O_RDONLY | NO_LINK | getattr(os, "O_BINARY", 0)
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)


def private_path(root: str, name: str) -> str:
    """Where a vault's private file of a name lies, or will lie."""
    return os.path.join(state_folder(root), name)


def read_private(root: str, name: str, most: int) -> bytes | None:
    """What the file holds, its first ``most`` bytes; None without one. Others who may read it no longer may.

    Raises:
        OSError: It cannot be read, or is a link.
    """
    try:
        handle = os.open(private_path(root, name), _READ)
    except FileNotFoundError:
        return None
    try:
        if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
            os.fchmod(handle, 0o600)
        return os.read(handle, most)
    finally:
        os.close(handle)


def write_private(root: str, name: str, data: bytes, *, anew: bool = True) -> None:
    """Put the data in the file's place in one step.

    Raises:
        FileExistsError: There is such a file, and ``anew`` is false.
        OSError: It cannot be written; the old one stands.
    """
    path = private_path(root, name)
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if os.name == "posix" and stat.S_IMODE(os.stat(folder).st_mode) != 0o700:
        os.chmod(folder, 0o700)
    spare = f"{path}.{os.urandom(8).hex()}.tmp"
    handle = os.open(spare, _MAKE, 0o600)
    try:
        try:
            write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        if anew:
            os.replace(spare, path)
        else:
            _place_new(spare, path)
    finally:
        with suppress(OSError):
            os.unlink(spare)


def _place_new(spare: str, path: str) -> None:
    """Give a file its name, but never in the place of one that has come since."""
    try:
        os.link(spare, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(spare, path)
