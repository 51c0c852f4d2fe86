"""Blocks of feeds that were written before, by their digest: joining them is much cheaper than writing them.

A digest stands for all that a block says, so none can be out of date. This module must not know what is in
a block.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.kept import keep, read_kept
from vaultcrm.store.places import cache_folder

_FILE = "blocks"


class Blocks(dict[str, bytes]):
    """The blocks by digest; it notes which are used, and whether any is new."""

    def __init__(self, kept: dict[str, bytes]) -> None:
        super().__init__(kept)
        self.used: set[str] = set()
        self.has_new = False

    def __getitem__(self, key: str) -> bytes:
        self.used.add(key)
        return super().__getitem__(key)

    def __setitem__(self, key: str, block: bytes) -> None:
        self.has_new = True
        super().__setitem__(key, block)


@contextmanager
def kept_blocks(root: str) -> Iterator[Blocks]:
    """A vault's blocks for the time of a ``with``; at its end those that were used are kept."""
    path = os.path.join(cache_folder(root), _FILE)
    version = code_stamp("model", "render")
    kept = read_kept(path)
    blocks = Blocks(kept[1] if kept is not None and kept[0] == version else {})
    yield blocks
    if blocks.has_new or len(blocks.used) < len(blocks) // 2:
        keep(path, (version, {key: block for key, block in blocks.items() if key in blocks.used}))
