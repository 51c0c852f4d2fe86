"""Values kept in a file of their own between runs, with a sum that tells damage.

What is not there, or damaged, is None: whoever asks does the work again. This module must stay cheap to
import, and must not know what is kept.
"""

from __future__ import annotations

import marshal
import os

from vaultcrm.store.blake2 import blake2b

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

SINCE = ".since"
"""What the name of a file ends with that tells what is new beside another one, which is not written again."""

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
        end = len(data) - _BYTES - _NUMBER
        start = end - int.from_bytes(data[end : end + _NUMBER], "big")
        if start < 0:
            return None
        told, name = data[start:end], data[end + _NUMBER :]
        return Apart(marshal.loads(told), data, bytes(name)) if _sum(told) == name else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def keep_apart(path: str, values: Iterable[tuple[str, Any]]) -> bytes:
    """Keep plain values by name for the next run, which may ask for some of them alone.

    Each is asked for when the one before it is written: all at once they may take much room.

    Returns:
        What they are called as long as they stand there; empty where they could not be kept.
    """
    told: list[tuple[str, int, int]] = []
    return _sum(marshal.dumps(told)) if _write(path, _apart(values, told)) else b""


def _apart(values: Iterable[tuple[str, Any]], told: list[tuple[str, int, int]]) -> Iterator[bytes]:
    """The values, what is told of each (its name, its length, its sum), how long that is, and its sum."""
    from zlib import crc32  # a run without work keeps nothing apart

    for name, value in values:
        data = marshal.dumps(value)
        told.append((name, len(data), crc32(data)))
        yield data
        del value, data  # the next one takes their room
    end = marshal.dumps(told)
    yield end
    yield len(end).to_bytes(_NUMBER, "big")
    yield _sum(end)


class Apart:
    """Values of one file by name, each with a sum of its own: to read all of them takes long.

    The sums tell damage, no more, and of many megabytes these are the quickest to be had.

    ``name`` is what they are called together: others have another one.
    """

    __slots__ = ("_places", "name")

    def __init__(self, told: Iterable[tuple[str, int, int]], data: memoryview, name: bytes) -> None:
        """The values that are told of, one behind the other in ``data``."""
        self.name = name
        self._places: dict[str, tuple[memoryview, int]] = {}
        for each, size, total in told:
            self._places[each] = data[:size], total
            data = data[size:]

    def only(self, names: Iterable[str]) -> Apart:
        """These of the values, without the room that the others take."""
        made = Apart((), memoryview(b""), self.name)
        for name in names:
            data, total = self._places[name]
            made._places[name] = memoryview(bytes(data)), total
        return made

    def read(self, name: str) -> Any:
        """One of the values.

        Raises:
            LookupError: It is not there.
            ValueError: It is damaged.
        """
        from zlib import crc32

        data, total = self._places[name]
        if crc32(data) != total:
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
    except (OSError, ValueError):  # the disk is full, or something is not plain: the next run takes as long
        try:  # noqa: SIM105 - contextlib takes as long to load as all of this module
            os.unlink(temporary)
        except OSError:  # it was never there
            pass
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sum(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=_BYTES).digest()
