"""Temporary files and what becomes of them: their names tell whose they are, so that a dead run's are known.

A file whose writer is still at work must stay; one whose writer was killed is to go at the next start, not
when it has become old. This module must not know what is in such a file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from vaultcrm.model.note import VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.sums import sha256
from vaultcrm.store.places import cache_folder, machine_name
from vaultcrm.store.walk import OWN_PREFIX

STALE_NS = 600 * 1_000_000_000
"""Temporary files of this age belong to no run that is still alive, whoever's they are."""

_NAME = regex(re.escape(OWN_PREFIX) + r"(?P<machine>[0-9a-f]{8})(?P<process>[0-9a-f]{8})[0-9a-f]{8}[-.]")


def own_name() -> str:
    """The beginning of a name that nothing else has: for a temporary file of this process."""
    return f"{OWN_PREFIX}{_machine()}{os.getpid():08x}{os.urandom(4).hex()}"


def is_forsaken(name: str, status: os.stat_result, now_ns: int) -> bool:
    """Whether nobody is at work on a temporary file any more.

    That is certain of a file of this machine whose process is gone, and of one of our own: nothing is being
    written while it is asked. Another machine's, which a sync program or a shared folder brought, has to be
    old.
    """
    if not stat.S_ISREG(status.st_mode):
        return False
    match = _NAME.match(name)
    if match is not None and match["machine"] == _machine() and not _is_alive(int(match["process"], 16)):
        return True
    return max(status.st_mtime_ns, status.st_ctime_ns) <= now_ns - STALE_NS


def strays_in(root: str, folders: Iterable[VaultPath]) -> set[VaultPath]:
    """The temporary files in folders of a vault that a walk may pass over."""
    found = set()
    for folder in folders:
        with suppress(OSError):  # it is not there, or not yet
            names = os.listdir(os.path.join(root, folder))
            found |= {f"{folder}/{name}".lstrip("/") for name in names if name.startswith(OWN_PREFIX)}
    return found


def sweep_cache(root: str, now_ns: int) -> None:
    """Remove what killed runs have left in a vault's cache: `kept` ends such names with their process."""
    with suppress(OSError), os.scandir(cache_folder(root)) as entries:
        for entry in entries:
            is_temporary = entry.name.rpartition(".")[2].isdecimal()
            if is_temporary and entry.stat().st_mtime_ns <= now_ns - STALE_NS:
                os.unlink(entry.path)


def _is_alive(process: int) -> bool:
    """Whether another process of this number is there, as far as it can be known."""
    if process == os.getpid():
        return False
    if os.name == "nt":  # there is no signal that only asks
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@cache
def _machine() -> str:
    return sha256(machine_name().encode("utf-8", "replace")).hexdigest()[:8]
