"""Which code made what was kept: nobody has to raise a number when a module changes.

This module must stay cheap to import: a run in which nothing has changed needs it before anything else.
"""

from __future__ import annotations

import os
import sys

import vaultcrm
from vaultcrm.store.blake2 import blake2b

_SEEN: dict[str, list[str]] = {}
"""What was seen of the files of a folder: a process runs the code that it has loaded, whatever comes."""

_LIBRARIES = ("site-packages", "dist-packages")


def code_stamp(*folders: str) -> str:
    """A digest of the sizes and times of the files in some folders of the package; ``""`` is its own.

    The libraries are in it too: another version of one may know of other holidays, or read a note otherwise.
    """
    seen = [line for folder in folders for line in _files(folder)]
    seen += _installed()
    seen.append(vaultcrm.__version__)
    seen.sort()
    return blake2b("\n".join(seen).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _files(folder: str) -> list[str]:
    found = _SEEN.get(folder)
    if found is None:
        found = _SEEN[folder] = []
        try:
            with os.scandir(os.path.join(os.path.dirname(vaultcrm.__file__), folder)) as entries:
                for entry in entries:
                    if entry.name.endswith((".py", ".toml", ".md")):
                        status = entry.stat()
                        found.append(f"{folder}/{entry.name} {status.st_size} {status.st_mtime_ns}")
        except OSError:  # a package in an archive has no folders; it does not change either
            pass
    return found


def _installed() -> list[str]:
    """The times of the folders that libraries are in: to put in another version of one changes them."""
    found = _SEEN.get(_LIBRARIES[0])
    if found is None:
        found = _SEEN[_LIBRARIES[0]] = []
        for folder in sys.path:
            if folder.endswith(_LIBRARIES):
                try:  # noqa: SIM105 - contextlib takes as long to load as all of this module
                    found.append(f"{folder} {os.stat(folder).st_mtime_ns}")
                except OSError:  # nothing is loaded from a folder that is not there
                    pass
    return found
