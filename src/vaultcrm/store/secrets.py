"""The secret from which the addresses of a vault's feeds are made: a file of the user's alone.

It lies in the user's state folder, keyed by the vault, and never in the vault: what is synced or committed is
no secret. This module must not know what the addresses look like, nor print or log anything.
"""

from __future__ import annotations

import os
import re
import stat
from base64 import urlsafe_b64encode
from contextlib import suppress

from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.store.places import state_folder
from vaultcrm.store.target import NO_LINK, reason_and_hint

SECRET_BYTES = 32
_FILE = "feed-secret"
_FORM = re.compile(rb"[A-Za-z0-9_-]{43}\n")
_READ = os.O_RDONLY | NO_LINK | getattr(os, "O_CLOEXEC", 0)
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_CLOEXEC", 0)


def secret_path(root: str) -> str:
    """Where the secret of a vault lies, or will lie."""
    return os.path.join(state_folder(root), _FILE)


def feed_secret(root: str) -> bytes:
    """The vault's secret, which is made when it is first asked for.

    Raises:
        VaultcrmError: It cannot be read or written, or is damaged.
    """
    path = secret_path(root)
    try:
        found = _read(path)
        if found is None:
            with suppress(FileExistsError):  # another process was faster: its secret is the one
                _make(path)
            found = _read(path)
    except OSError as error:
        raise _refused(error) from error
    if found is None or not _FORM.fullmatch(found):
        raise VaultcrmError(
            "the secret of the feed's address is damaged", "make a new one: vaultcrm serve --rotate"
        )
    return found.strip()


def rotate_secret(root: str) -> bytes:
    """A new secret in the place of the old one, whose addresses lead nowhere from then on.

    Raises:
        VaultcrmError: It cannot be written; the old one stands.
    """
    path = secret_path(root)
    spare = f"{path}.{os.urandom(8).hex()}.tmp"
    try:
        made = _make(spare)
        try:
            os.replace(spare, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(spare)
            raise
    except OSError as error:
        raise _refused(error) from error
    return made


def _read(path: str) -> bytes | None:
    """What the file holds, None without one; others who may read it may no longer."""
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        return None
    try:
        if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
            os.fchmod(handle, 0o600)
        return os.read(handle, 200)
    finally:
        os.close(handle)


def _make(path: str) -> bytes:
    """A file with a new secret, which is there whole or not at all."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if os.name == "posix" and stat.S_IMODE(os.stat(folder).st_mode) != 0o700:
        os.chmod(folder, 0o700)
    secret = urlsafe_b64encode(os.urandom(SECRET_BYTES)).rstrip(b"=")
    handle = os.open(path, _MAKE, 0o600)
    try:
        os.write(handle, secret + b"\n")
        os.fsync(handle)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise
    finally:
        os.close(handle)
    return secret


def _refused(error: OSError) -> NotWritable:
    why, hint = reason_and_hint(error)
    return NotWritable(f"the secret of the feed's address could not be kept: {why}", hint)
