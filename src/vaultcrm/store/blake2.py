"""BLAKE2b, by which what is kept between runs is known, without what is not needed for it.

`hashlib` loads OpenSSL, which takes as long as the walk through a thousand notes; the interpreter has an
implementation of its own, and only where it was built without is the library asked.
"""

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ("blake2b",)
