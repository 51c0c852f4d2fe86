"""A file that is to be written: where it really is, what it holds, and a temporary file beside it.

What the system answers is put into words here. This module must not know when a file may be written.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from vaultcrm.errors import ChangedOnDisk, NotWritable
from vaultcrm.model.note import VaultPath
from vaultcrm.store.attributes import copy_attributes
from vaultcrm.store.exchange import wait_until_unwritten
from vaultcrm.store.folders import Folder
from vaultcrm.store.strays import own_name

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
READ = os.O_RDONLY | NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)


class Target(Folder):
    """The folder of a file to be written, all links resolved, within the vault; ``name`` is the file's."""

    __slots__ = ("name",)

    def __init__(self, root: str, path: VaultPath, create: bool = False) -> None:
        try:
            real_root, real = os.path.realpath(root), os.path.realpath(os.path.join(root, path))
        except ValueError as error:
            raise NotWritable(f"{path!r} is no path", "set another path in vaultcrm.toml") from error
        base = real_root.rstrip(os.sep) + os.sep
        if not real.startswith(base):
            raise NotWritable(
                f"{path} leads out of the vault and is not written", "set a path within the vault"
            )
        folder, _, self.name = real[len(base) :].replace(os.sep, "/").rpartition("/")
        super().__init__(real_root, folder, create)

    def read(self) -> bytes | None:
        """What the file holds; None where there is none."""
        return read_in(self, self.name)

    def expect(self, expected: bytes | None) -> bytes | None:
        """What the file holds, if that is what was expected."""
        present = self.read()
        if expected is not None and (present or b"") != expected:
            raise self.changed()
        return present

    def changed(self) -> ChangedOnDisk:
        """What to raise where somebody saved in the meantime."""
        return ChangedOnDisk(f"{self.name} was changed in the meantime and is left as it is", "run it again")

    def check_writable(self, present: bytes | None) -> None:
        """Refuse a file that its owner made read-only: a rename would not ask."""
        if present is None or os.access(self.at(self.name), os.W_OK, dir_fd=self.fd):
            return
        with suppress(FileNotFoundError):  # gone since: what comes next finds that out
            os.close(os.open(self.at(self.name), os.O_WRONLY | NO_LINK, dir_fd=self.fd))  # says why not

    @contextmanager
    def temporary(self, data: bytes) -> Iterator[str]:
        """A hidden file with the data, and with what hangs on the file itself; gone after the ``with``."""
        name = f"{own_name()}.tmp"
        try:
            like = os.stat(self.at(self.name), dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            like = None
        try:
            handle = os.open(self.at(name), _WRITE, 0o666 if like is None else 0o600, dir_fd=self.fd)
            try:
                write_all(handle, data)
                if like is not None:
                    _take_over(handle, like)
                    with suppress(OSError):  # it is gone, or may not be read: what is read later tells that
                        self._hang_on(handle)
                os.fsync(handle)
            finally:
                os.close(handle)
            yield self.at(name)
        finally:
            remove(self, name)

    def _hang_on(self, handle: int) -> None:
        """Give a file what hangs on this one beside its text."""
        old = os.open(self.at(self.name), READ, dir_fd=self.fd)
        try:
            copy_attributes(old, handle)
        finally:
            os.close(old)

    def place_new(self, temporary: str) -> None:
        """Give a new file its name, but never in the place of one that has come since."""
        try:
            os.link(temporary, self.at(self.name), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        except OSError:  # something has come, or the file system knows no hard links
            self.expect(b"")
            os.replace(temporary, self.at(self.name), src_dir_fd=self.fd, dst_dir_fd=self.fd)


def read_in(folder: Folder, name: str) -> bytes | None:
    """What a file of a folder holds; None where there is none."""
    try:
        handle = os.open(folder.at(name), READ, dir_fd=folder.fd)
    except FileNotFoundError:
        return None
    try:
        return read_open(handle)
    finally:
        os.close(handle)


def read_settled(folder: Folder, name: str) -> tuple[bytes | None, bool]:
    """What a file of a folder holds as soon as nobody writes to it, and whether that came to be."""
    try:
        handle = os.open(folder.at(name), READ, dir_fd=folder.fd)
    except FileNotFoundError:
        return None, True
    try:
        is_settled = wait_until_unwritten(handle)
        return read_open(handle), is_settled
    finally:
        os.close(handle)


def read_open(handle: int) -> bytes:
    """What is in an open file, which must be a regular one."""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is no file")
    parts = []
    while part := os.read(handle, 1 << 20):
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def write_all(handle: int, data: bytes) -> None:
    """Write all of it, in as many pieces as the system takes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _take_over(handle: int, like: os.stat_result) -> None:
    if not hasattr(os, "fchown"):  # Windows
        return
    mine = os.fstat(handle)
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        with suppress(OSError):
            os.fchown(handle, like.st_uid, like.st_gid)
    os.fchmod(handle, stat.S_IMODE(like.st_mode))


def remove(folder: Folder, name: str) -> None:
    """Remove a file of ours; where that cannot be, it stays for a later run to sweep."""
    try:
        with suppress(FileNotFoundError):
            os.unlink(folder.at(name), dir_fd=folder.fd)
    except BaseException as error:  # an interrupt may fall into the removal itself
        with suppress(OSError):
            os.unlink(folder.at(name), dir_fd=folder.fd)
        if not isinstance(error, OSError):
            raise


def reason_and_hint(error: OSError) -> tuple[str, str]:
    """Why the system refused, in words that help, and what to do about it."""
    return _REASONS.get(error.errno or 0, ((error.strerror or str(error)).lower(), ""))


@contextmanager
def told(path: VaultPath) -> Iterator[None]:
    """Say what went wrong with a file in words that help."""
    try:
        yield
    except OSError as error:
        why, hint = reason_and_hint(error)
        raise NotWritable(f"{path} could not be written: {why}", hint) from error


_SPACE = "make room on the disk, then run it again"
_RIGHTS = "look at the permissions of the file and its folder"
_PLACE = "move away what stands there, or set another path in vaultcrm.toml"
_REASONS = {
    errno.ENOSPC: ("no space left on the disk", _SPACE),
    errno.EDQUOT: ("the disk quota is used up", _SPACE),
    errno.EFBIG: ("it would be larger than files may be here", _SPACE),
    errno.EACCES: ("permission denied", _RIGHTS),
    errno.EPERM: ("permission denied", _RIGHTS),
    errno.EROFS: ("the disk is read-only", "connect it so that it can be written"),
    errno.EIO: ("input/output error", "the disk may be failing: look at it, and at your backups"),
    errno.ENOENT: ("its folder is gone", "is the vault's disk connected?"),
    errno.EISDIR: ("a folder or special file stands there", _PLACE),
    errno.ENOTDIR: ("a file stands in the place of its folder", _PLACE),
    errno.ELOOP: ("a link stands in the place of its folder", _PLACE),
    errno.ENAMETOOLONG: ("the name is too long", "set a shorter path in vaultcrm.toml"),
}
