"""Blocks of feeds that were written before, by their digest: joining them is much cheaper than writing them.

A digest stands for all that a block says, so none can be out of date. This module must not know what is in
a block.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager

from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import keep, read_kept
from vaultcrm.store.places import cache_folder

_FILE = "blocks"


class Blocks(MutableMapping[str, bytes]):
    """The blocks by digest, read once one is asked for; it notes which are used, and whether any is new."""

    def __init__(self, read: Callable[[], dict[str, bytes]]) -> None:
        self._read = read
        self._blocks: dict[str, bytes] | None = None
        self._used: set[str] = set()
        self._has_new = False

    def to_keep(self) -> dict[str, bytes] | None:
        """Those that were used; None where what was kept may stay."""
        known, used = self._blocks or {}, self._used
        if not self._has_new and len(used) >= len(known) // 2:
            return None
        return {key: block for key, block in known.items() if key in used}

    def _known(self) -> dict[str, bytes]:
        if self._blocks is None:
            self._blocks = self._read()
        return self._blocks

    def __contains__(self, key: object) -> bool:
        return key in self._known()

    def __getitem__(self, key: str) -> bytes:
        self._used.add(key)
        return self._known()[key]

    def __setitem__(self, key: str, block: bytes) -> None:
        self._has_new = True
        self._known()[key] = block

    def __delitem__(self, key: str) -> None:
        del self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


@contextmanager
def kept_blocks(root: str) -> Iterator[Blocks]:
    """A vault's blocks for the time of a ``with``; at its end those that were used are kept."""
    path = os.path.join(cache_folder(root), _FILE)
    version = code_stamp("model", "render")

    def read() -> dict[str, bytes]:
        kept = read_kept(path)
        return kept[1] if kept is not None and kept[0] == version else {}

    blocks = Blocks(read)
    yield blocks
    left = blocks.to_keep()
    if left is not None:
        keep(path, (version, left))
