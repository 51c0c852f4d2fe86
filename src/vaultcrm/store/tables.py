"""TOML that was read before: to read it again takes as long as to assess ten clients.

It is found by a digest of the text, so it cannot be out of date. This module must not know what is in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from vaultcrm.store.kept import digest, keep, read_kept

FORMAT = 1
"""To be raised when tables are kept, or read, in another way."""

ReadToml = Callable[[str], dict[str, Any]]
"""Reads a text as TOML; numbers with a point are a `Decimal`."""


@contextmanager
def kept_tables(path: str, read: ReadToml) -> Iterator[ReadToml]:
    """Reads TOML, for the time of a ``with``; at its end the texts that were read are kept in a file."""
    kept = read_kept(path)
    known: dict[bytes, Any] = kept[1] if kept is not None and kept[0] == FORMAT else {}
    used: dict[bytes, Any] = {}

    def remembered(text: str) -> dict[str, Any]:
        key = digest(text)
        if key not in used:
            used[key] = known[key] if key in known else _plain(read(text))
        table: dict[str, Any] = _decimals(used[key])
        return table

    yield remembered
    if used.keys() != known.keys():
        keep(path, (FORMAT, used))


def _plain(value: Any) -> Any:
    """Values that can be kept: a number with a point is its text in a tuple, which TOML does not have."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return (str(value),) if isinstance(value, Decimal) else value


def _decimals(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _decimals(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_decimals(each) for each in value]
    return Decimal(value[0]) if isinstance(value, tuple) else value
