"""Readings and diagnostics as JSON and back, exactly, for the cache.

The functions that take records apart and put them together again are made from the records' types, once and
not in each run (`store.coded`). This module must not know what a field means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import VaultPath
from vaultcrm.model.records import Reading
from vaultcrm.store.coded import read, write

Said = tuple[Reading, tuple[Diagnostic, ...]]
"""What one note said."""

_AT_ONCE = 500  # one call for many texts takes two thirds of the time of one call each


def encode(said: Said, path: VaultPath) -> bytes:
    """What the note with this path said, as bytes. Lone surrogates, which paths may hold, survive."""
    return _JSON.encode(write(said, path)).encode("utf-8", "surrogatepass")


def decode(each: Sequence[bytes], paths: Sequence[VaultPath]) -> list[Said]:
    """What the notes with these paths said, from bytes that `encode` made.

    Raises:
        ValueError, TypeError, LookupError: some bytes are not `encode`'s, or those of another version.
    """
    found: list[Said] = []
    for start in range(0, len(each), _AT_ONCE):
        part = each[start : start + _AT_ONCE]
        together = b"[" + b",".join(part) + b"]"
        flat = json.loads(together.decode("utf-8", "surrogatepass"))
        if len(flat) != len(part):
            raise ValueError("not one value for each text")
        found += map(read, flat, paths[start : start + _AT_ONCE])
    return found


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
