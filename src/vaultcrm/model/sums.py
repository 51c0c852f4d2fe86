"""SHA-256, by which notes, regions and events are known, without what is not needed for it.

`hashlib` loads OpenSSL, which takes as long as a walk through a thousand notes. The interpreter has an
implementation of its own, a fifth as fast: whoever sums few bytes uses that. This module must not know what
is summed.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Sum(Protocol):
        """A sum of bytes."""

        def digest(self) -> bytes:
            """The sum's 32 bytes."""

        def hexdigest(self) -> str:
            """The same as 64 hexadecimal digits."""


def _found(*names: str) -> Callable[[bytes], Sum]:
    """The ``sha256`` of the first of these modules that the interpreter has."""
    for name in names:
        try:
            found: Callable[[bytes], Sum] = __import__(name).sha256
        except ImportError:
            continue
        return found
    raise ImportError(names)


def sha256_of_much() -> Callable[[bytes], Sum]:
    """The ``sha256`` for many bytes: from about a megabyte on it is worth being loaded."""
    return _found("hashlib")


sha256 = _found("_sha2", "_sha256", "hashlib")
"""The sum of some bytes, by the interpreter's own implementation: ``_sha2`` from Python 3.12 on."""
