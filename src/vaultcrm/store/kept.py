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
    from typing import Any

_BYTES = 32


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
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "wb", opener=_private) as file:
            file.write(_sum(data))
            file.write(data)
        os.replace(temporary, path)
    except OSError:  # the next run takes as long as this one: that is all
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sum(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=_BYTES).digest()
