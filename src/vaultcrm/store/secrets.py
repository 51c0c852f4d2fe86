"""The secret from which the addresses of a vault's feeds are made: a file of the user's alone.

It lies in the user's state folder, keyed by the vault, and never in the vault: what is synced or committed is
no secret. This module must not know what the addresses look like, nor print or log anything.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from contextlib import suppress

from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.model.patterns import regex
from vaultcrm.store.private import private_path, read_private, write_private
from vaultcrm.store.target import reason_and_hint

SECRET_BYTES = 32
_FILE = "feed-secret"
_MOST = 200
_FORM = regex(rb"[A-Za-z0-9_-]{43}\n")


def secret_path(root: str) -> str:
    """Where the secret of a vault lies, or will lie."""
    return private_path(root, _FILE)


def feed_secret(root: str) -> bytes:
    """The vault's secret, which is made when it is first asked for.

    Raises:
        VaultcrmError: It cannot be read or written, or is damaged.
    """
    try:
        found = read_private(root, _FILE, _MOST)
        if found is None:
            with suppress(FileExistsError):  # another process was faster: its secret is the one
                write_private(root, _FILE, _new_secret(), anew=False)
            found = read_private(root, _FILE, _MOST)
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
    made = _new_secret()
    try:
        write_private(root, _FILE, made)
    except OSError as error:
        raise _refused(error) from error
    return made.strip()


def _new_secret() -> bytes:
    return urlsafe_b64encode(os.urandom(SECRET_BYTES)).rstrip(b"=") + b"\n"


def _refused(error: OSError) -> NotWritable:
    why, hint = reason_and_hint(error)
    return NotWritable(f"the secret of the feed's address could not be kept: {why}", hint)
