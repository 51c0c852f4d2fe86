"""A walk through a vault that another process makes while this one loads what it needs.

This module must stay cheap to import, and must not know what is looked for.
"""

from __future__ import annotations

import os
import time

from vaultcrm.errors import VaultMissing
from vaultcrm.named import named_vault
from vaultcrm.store.helper import Helper, HelperLost, begun
from vaultcrm.store.places import cache_folder
from vaultcrm.store.root import find_vault
from vaultcrm.store.walk import LASTING_NS, PARTS, WHOLE, Walk, walk_through

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from vaultcrm.store.walk import Share

LARGE = 2_000_000
"""From how many bytes on, that the notes' cache takes, the walk takes longer than to copy a process."""

HUGE = 10_000_000
"""From how many bytes on the walk takes longer than to load all there is to load: then it is shared."""

TICK_NS = 20_000_000
"""By how much a file's time may be behind the clock: systems stamp files by ticks."""


class WalkAhead:
    """A walk that a helper has begun with; ``helper`` is free for other work once the walk was given.

    ``is_shared``: a part of it is left for this process, once it has loaded what it needs.
    """

    __slots__ = ("_began_ns", "_is_given", "_is_shared", "_root", "helper")

    def __init__(self, root: str, helper: Helper, began_ns: int, is_shared: bool) -> None:
        self._root = root
        self._began_ns = began_ns
        self._is_given = False
        self._is_shared = is_shared
        self.helper = helper

    def walked(self, root: str) -> Walk | None:
        """What was found in this vault, once and at once.

        None for another vault, for who asks again, or late, since notes may have changed, where another run
        has seen more meanwhile, and where the helper failed. Until somebody has asked, the helper cannot be
        asked for anything else.
        """
        if self._is_given:
            return None
        self._is_given = True
        walk = self._own_part() if root == self._root else None
        try:  # whatever vault is asked about: the helper waits until its answer is taken
            found, told_folders, ended_ns = self.helper.answer()
        except HelperLost:
            return None
        if walk is None or time.time_ns() >= ended_ns + LASTING_NS or has_run(root, self._began_ns):
            return None
        walk.add(found, told_folders)
        return walk

    def _own_part(self) -> Walk | None:
        if not self._is_shared:
            return Walk()
        try:
            return walk_through(self._root, share=_OWN)
        except OSError:  # the vault is gone: who walks again tells
            return None


def walk_ahead(arguments: Sequence[str], *, then: str = "") -> WalkAhead | None:
    """Have another process walk through the vault that a command line means.

    Args:
        arguments: The command line. Nothing goes wrong if it turns out to mean another vault.
        then: A module that it loads afterwards, for other work; where there is some, a process is to be had
            even where it does not pay for the walk.

    Returns:
        None where there is no vault, no other processor, or too little to walk through.
    """
    try:
        root = find_vault(os.getcwd(), named_vault(arguments, os.environ))
    except (VaultMissing, OSError, ValueError):  # the command tells
        return None
    size = _size_of_cache(root)
    if not then and size < LARGE:
        return None
    began_ns, is_shared = time.time_ns(), size >= HUGE
    helper = begun(lambda: _walk(root, _HELPERS if is_shared else WHOLE, then))
    return None if helper is None else WalkAhead(root, helper, began_ns, is_shared)


def has_run(root: str, since_ns: int) -> bool:
    """Whether another run may have left something in the vault's cache since then.

    It may have seen notes that a walk which began before has not: who takes that walk for the newest would
    take them for gone.
    """
    try:
        with os.scandir(cache_folder(root)) as entries:
            return any(entry.stat().st_mtime_ns >= since_ns - TICK_NS for entry in entries)
    except OSError:  # nothing is kept, or another run tidies up
        return False


def _size_of_cache(root: str) -> int:
    try:
        return os.path.getsize(os.path.join(cache_folder(root), "notes.sqlite"))
    except OSError:  # nothing has been read yet
        return 0


_OWN, _HELPERS = (0, PARTS), (1, PARTS)


def _walk(root: str, share: Share, then: str) -> Iterator[Any]:
    """In the other process: what `Walk.add` takes, and when it was found."""
    walk = walk_through(root, share=share)
    folders = walk.in_parts() if share == WHOLE else walk.found()[0]
    yield (folders, *walk.found()[1:]), tuple(walk.told_folders), time.time_ns()
    if then:
        __import__(then)
