"""Blocks of feeds that were written before, by their digest: joining them is much cheaper than writing them.

A digest stands for all that a block says, so none can be out of date. They are written whole once; what is
new is written beside them. This module must not know what is in a block.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import SINCE, keep, keep_apart, read_apart, read_kept
from vaultcrm.store.places import cache_folder

MOST = 200
"""So many blocks are written beside the others at most: then all are written again."""

_FILE = "blocks"
_VERSION, _BLOCKS = "version", "blocks"


class Blocks(MutableMapping[str, bytes]):
    """The blocks by digest, read once one is asked for; it notes which are used, and which are new."""

    def __init__(self, root: str) -> None:
        """Those of a vault. Nothing is read yet."""
        self._path = os.path.join(cache_folder(root), _FILE)
        self._version = code_stamp("model", "render")
        self._base = b""
        self._blocks: dict[str, bytes] | None = None
        self._newer: dict[str, bytes] = {}
        self._used: set[str] = set()
        self._has_new = False

    def keep(self) -> None:
        """Keep those that were used, unless what was kept may stay."""
        known, used = self._blocks or {}, self._used
        if len(used) >= len(known) // 2:
            if not self._has_new:
                return
            newer = {key: block for key, block in self._newer.items() if key in used}
            if self._base and len(newer) <= MOST and keep(self._path + SINCE, (self._base, newer)):
                return
        left = {key: block for key, block in known.items() if key in used}
        keep_apart(self._path, ((_VERSION, self._version), (_BLOCKS, left)))

    def _known(self) -> dict[str, bytes]:
        if self._blocks is None:
            self._blocks = self._read()
        return self._blocks

    def _read(self) -> dict[str, bytes]:
        kept = read_apart(self._path)
        try:
            if kept is None or kept.read(_VERSION) != self._version:
                return {}
            known: dict[str, bytes] = kept.read(_BLOCKS)
        except (ValueError, LookupError):
            return {}
        self._base = kept.name
        told = read_kept(self._path + SINCE)
        if isinstance(told, tuple) and told[0] == kept.name:
            self._newer = told[1]
        return known | self._newer

    def __contains__(self, key: object) -> bool:
        return key in self._known()

    def __getitem__(self, key: str) -> bytes:
        self._used.add(key)
        return self._known()[key]

    def __setitem__(self, key: str, block: bytes) -> None:
        self._has_new = True
        self._known()[key] = self._newer[key] = block

    def __delitem__(self, key: str) -> None:
        del self._known()[key]
        self._newer.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


@contextmanager
def kept_blocks(root: str) -> Iterator[Blocks]:
    """A vault's blocks for the time of a ``with``; at its end those that were used are kept."""
    blocks = Blocks(root)
    yield blocks
    blocks.keep()
