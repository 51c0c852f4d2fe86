"""Values kept in a file of their own between runs, with a sum that tells damage.

What is not there, or damaged, is None: whoever asks does the work again. This module must stay cheap to
import, and must not know what is kept.
"""

from __future__ import annotations

import marshal
import os

# hashlib loads OpenSSL, which takes as long as the walk through a thousand notes
from _blake2 import blake2b

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_BYTES = 32
_NUMBER = 4


def digest(value: Any) -> bytes:
    """A digest of plain values: numbers, texts, bytes, None, and tuples, lists and dictionaries of them."""
    return _sum(marshal.dumps(value, 2))  # from version 3 on, equal values may be written differently


def read_kept(path: str) -> Any:
    """The value that was kept; None where there is none, or not that any more."""
    try:
        with open(path, "rb") as file:
            data = memoryview(file.read())  # its parts are no copies
        return marshal.loads(data[_BYTES:]) if _sum(data[_BYTES:]) == data[:_BYTES] else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def keep(path: str, value: Any, limit: int | None = None) -> bool:
    """Keep a plain value for the next run, readable by its owner alone; whether it was.

    ``limit`` is how many bytes it may take.
    """
    try:
        data = marshal.dumps(value)
    except ValueError:  # it is not plain
        return False
    if limit is not None and len(data) > limit:
        return False
    return _write(path, [_sum(data), data])


def read_apart(path: str) -> Apart | None:
    """What `keep_apart` kept; None where there is none, or not that any more."""
    try:
        with open(path, "rb") as file:
            data = memoryview(file.read())
        start = _BYTES + _NUMBER
        end = start + int.from_bytes(data[_BYTES:start], "big")
        head = data[start:end]
        name = _sum(head)
        return Apart(marshal.loads(head), data[end:], name) if name == data[:_BYTES] else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def keep_apart(path: str, values: Mapping[str, Any]) -> bytes:
    """Keep plain values for the next run, which may ask for some of them alone.

    Returns:
        What they are called as long as they stand there; empty where they could not be kept.
    """
    try:
        parts = {name: marshal.dumps(value) for name, value in values.items()}
    except ValueError:  # one is not plain
        return b""
    head = marshal.dumps(tuple([(name, len(data), _sum(data)) for name, data in parts.items()]))
    name, size = _sum(head), len(head).to_bytes(_NUMBER, "big")
    return name if _write(path, [name, size, head, *parts.values()]) else b""


class Apart:
    """Values of one file by name, each with a sum of its own: to read all of them takes long.

    ``name`` is what they are called together: others have another one.
    """

    __slots__ = ("_places", "name")

    def __init__(self, head: Iterable[tuple[str, int, bytes]], data: memoryview, name: bytes) -> None:
        """The values that ``head`` tells of, one behind the other in ``data``."""
        self.name = name
        self._places: dict[str, tuple[memoryview, bytes]] = {}
        for each, size, total in head:
            self._places[each] = data[:size], total
            data = data[size:]

    def read(self, name: str) -> Any:
        """One of the values.

        Raises:
            LookupError: It is not there.
            ValueError: It is damaged.
        """
        data, total = self._places[name]
        if _sum(data) != total:
            raise ValueError("a damaged value")
        return marshal.loads(data)


def _write(path: str, pieces: Iterable[bytes]) -> bool:
    """Have a file that is readable by its owner alone hold this; whether it does."""
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "wb", opener=_private) as file:
            file.writelines(pieces)
        os.replace(temporary, path)
    except OSError:  # the next run takes as long as this one: that is all
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sum(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=_BYTES).digest()
