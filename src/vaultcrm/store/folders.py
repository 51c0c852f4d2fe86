"""Folders of a vault, opened one name after the other so that no link leads out of the vault on the way.

A link that is put in the place of a folder after the walk has seen it is refused by the kernel. This module
must not know what the files in a folder are.
"""

from __future__ import annotations

import errno
import os
from types import TracebackType
from typing import Self

RELATIVE = os.open in os.supports_dir_fd
"""Whether files can be opened relative to an open folder; not on Windows, where paths are used instead."""

_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Folder:
    """An open folder of the vault; closes itself at the end of a ``with``.

    ``fd`` is to be given to the functions of `os` as ``dir_fd``, together with the name that `at` gives. It
    is None where the system knows no such thing.
    """

    __slots__ = ("fd", "path")

    def __init__(self, root: str, folder: str, create: bool = False) -> None:
        """Open ``folder``, a path from the root (empty: the root itself), and ``create`` what is missing.

        Raises:
            OSError: it is not there, is no folder, or a link stands in its way (ELOOP or ENOTDIR).
        """
        self.path = os.path.join(root, *folder.split("/")) if folder else root
        self.fd = _descend(root, folder, create) if RELATIVE else None
        if not RELATIVE and create:
            os.makedirs(self.path, exist_ok=True)

    def at(self, name: str) -> str:
        """How a file of this folder is called in a call that is given ``fd``."""
        return name if self.fd is not None else os.path.join(self.path, name)

    def sync(self) -> None:
        """Have the folder's names written to the disk, where the system can do that for a folder."""
        if self.fd is not None:
            _sync(self.fd)

    def close(self) -> None:
        """Close it; may be called again."""
        if self.fd is not None:
            fd, self.fd = self.fd, None
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def _sync(fd: int) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):  # network shares know no such thing
            raise


def _descend(root: str, folder: str, create: bool) -> int:
    fd = os.open(root, _FLAGS)
    try:
        for name in folder.split("/") if folder else ():
            below = _enter(fd, name, create)
            fd, above = below, fd
            os.close(above)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _enter(fd: int, name: str, create: bool) -> int:
    try:
        return os.open(name, _FLAGS | _NO_LINK, dir_fd=fd)
    except FileNotFoundError:
        if not create:
            raise
    try:
        os.mkdir(name, dir_fd=fd)
        _sync(fd)
    except FileExistsError:
        pass  # another program was faster
    return os.open(name, _FLAGS | _NO_LINK, dir_fd=fd)
