"""A walk through a vault that another process makes while this one loads what it needs.

This module must not know what is looked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from vaultcrm.app.opening import Vault
from vaultcrm.model.frozen import replace
from vaultcrm.store.helper import Helper, HelperLost, begun
from vaultcrm.store.places import cache_folder
from vaultcrm.store.walk import Walk, walk_through

LARGE = 2_000_000
"""From how many bytes on, that the notes' cache takes, the walk takes longer than to copy a process."""


@contextmanager
def walking(vault: Vault) -> Iterator[Vault]:
    """The vault, through which another process walks if it is large, for the time of a ``with``."""
    helper = begun(partial(_walk, vault.root)) if _is_large(vault) else None
    if helper is None:
        yield vault
        return
    try:
        yield replace(vault, walked=_Walking(helper).walked)
    finally:
        helper.end()


def _is_large(vault: Vault) -> bool:
    try:
        return os.path.getsize(os.path.join(cache_folder(vault.root), "notes.sqlite")) >= LARGE
    except OSError:  # nothing has been read yet
        return False


def _walk(root: str) -> Iterator[Any]:
    walk = walk_through(root)
    yield walk.found(), tuple(walk.told_folders)


class _Walking:
    """What a helper finds, which it gives once."""

    __slots__ = ("_helper",)

    def __init__(self, helper: Helper) -> None:
        self._helper: Helper | None = helper

    def walked(self) -> Walk | None:
        """What was found; None where the helper failed, and for who asks again: notes may have changed."""
        helper, self._helper = self._helper, None
        if helper is None:
            return None
        walk = Walk()
        try:
            walk.add(*helper.answer())
        except HelperLost:
            return None
        return walk
