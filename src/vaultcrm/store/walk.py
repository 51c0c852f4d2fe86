"""The walk through a vault: every note with its stamp, from one look at each folder.

It imports next to nothing, so that a run in which nothing has changed can use it before anything else is
loaded. It must not open a note, nor know what a conflict copy or a configuration is.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

NOTE_LIMIT = 2 * 1024 * 1024
"""How many bytes a note may have."""

Stamp = tuple[int, int, int, int]
"""What tells without reading whether a file may have changed: size, mtime and ctime in nanoseconds, inode."""

OWN_PREFIX = ".vaultcrm-"
"""How the names of our own temporary files begin."""

Problem = tuple[str, str, str]
"""A diagnostic's code, the path, and what was read."""

_EVICTED = {
    "darwin": ("st_flags", 0x40000000),  # SF_DATALESS
    "win32": ("st_file_attributes", 0x400000 | 0x1000),  # recall on data access, offline
}.get(sys.platform)
"""Where a system tells that a file's bytes are not here: reading would wait for a download."""


class Walk:
    """What one walk has found. Notes are in the order of the disk; what vanishes meanwhile is not there.

    ``unreadable`` are paths of notes and folders that are there but could not be looked at, ``leftovers``
    temporary files of our own, which only a killed run leaves behind. ``folders_ns`` is when an entry last
    came into a folder or left one, in nanoseconds.
    """

    __slots__ = (
        "_ignored",
        "_names",
        "_never",
        "_pending",
        "_root",
        "folders",
        "folders_ns",
        "leftovers",
        "notes",
        "problems",
        "unreadable",
    )

    def __init__(
        self, root: str, never: Collection[str] = (), ignored: Callable[[str, bool], bool] | None = None
    ) -> None:
        """Walk through the vault.

        ``never`` are files and folders that are passed over, as paths from the root, compared without case
        and Unicode form; ``ignored`` says the same for a path (and whether it is a folder).

        Raises:
            OSError: the root itself cannot be read.
        """
        self.notes: list[tuple[str, Stamp]] = []
        self.problems: list[Problem] = []
        self.unreadable: list[str] = []
        self.leftovers: list[str] = []
        self.folders = self.folders_ns = 0
        self._root = root
        self._ignored = ignored
        self._never = frozenset(fold(path.strip("/")) for path in never)
        self._names = frozenset(path.rpartition("/")[2] for path in self._never)
        self._pending = [""]
        while self._pending:
            self._enter(self._pending.pop())

    def _enter(self, folder: str) -> None:
        try:
            full = f"{self._root}/{folder}"
            status = os.stat(full)
            with os.scandir(full) as entries:
                self._look(folder + "/" if folder else "", entries)
            self.folders += 1
            self.folders_ns = max(self.folders_ns, status.st_mtime_ns, status.st_ctime_ns)
        except (FileNotFoundError, NotADirectoryError):
            if not folder:
                raise
        except OSError as error:
            if not folder:
                raise
            self._unreadable(folder, reason(error))

    def _look(self, prefix: str, entries: Iterable[os.DirEntry[str]]) -> None:
        plain = not (self._names or self._ignored or _EVICTED)
        found = self.notes.append
        for entry in entries:
            name = entry.name
            if plain and name[-3:] == ".md" and name[0] != "." and entry.is_file(follow_symlinks=False):
                # nearly every entry: the same as below, without a call of our own
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    pass  # what of it is to be told is found out below
                else:
                    size = status.st_size
                    if size <= NOTE_LIMIT:
                        stamp = size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
                        found((prefix + name, stamp))
                        continue
            folded = fold(name)
            if name[0] == ".":
                if name.startswith(OWN_PREFIX):
                    self.leftovers.append(prefix + name)
                elif folded.endswith(".md.icloud"):
                    self._placeholder(prefix + name[1:-7])
                continue
            is_note = folded.endswith(".md")
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link = entry.is_symlink() or (is_folder and _is_junction(entry))
            if not (is_note or is_folder or is_link):
                continue
            path = prefix + name
            if folded in self._names and fold(path) in self._never:
                continue
            if self._ignored is not None and self._ignored(path, is_folder):
                continue
            if is_link:
                self._link(path, is_note)
            elif is_folder:
                self._pending.append(path)
            else:
                self._note(entry, path)

    def _note(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return
        except OSError as error:
            self._unreadable(path, reason(error))
            return
        if not stat.S_ISREG(status.st_mode):
            return
        if status.st_size > NOTE_LIMIT:
            self.problems.append(("note-too-large", path, ""))
        elif _EVICTED and getattr(status, _EVICTED[0]) & _EVICTED[1]:
            self._unreadable(path, NOT_DOWNLOADED)
        else:
            self.notes.append((path, stamp_of(status)))

    def _link(self, path: str, is_note: bool) -> None:
        """A link is never followed: what it leads to in the vault is read there, else it is told."""
        full = f"{self._root}/{path}"
        target = os.path.realpath(full)
        real_root = os.path.realpath(self._root)
        inside = target == real_root or target.startswith(real_root.rstrip(os.sep) + os.sep)
        if not inside and (is_note or os.path.isdir(full)):
            self.problems.append(("link-outside", path, ""))

    def _placeholder(self, path: str) -> None:
        """Before macOS 12.3, iCloud puts ``.NAME.md.icloud`` in the place of a note that it took away."""
        if self._ignored and self._ignored(path, False):
            return
        if fold(path) not in self._never and not os.path.lexists(f"{self._root}/{path}"):
            self._unreadable(path, NOT_DOWNLOADED)

    def _unreadable(self, path: str, why: str) -> None:
        self.unreadable.append(path)
        self.problems.append(("note-unreadable", path, why))


def fold(name: str) -> str:
    """A name as file systems that ignore case and Unicode form compare it."""
    folded = name.casefold()
    if name.isascii():
        return folded
    from unicodedata import normalize  # a library of its own, which most vaults of Latin names never need

    return normalize("NFC", folded)


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file. The ctime sees an edit whose size is the same and whose mtime was set back."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def reason(error: OSError) -> str:
    """Why a file cannot be read, in the same words on every system."""
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or type(error).__name__).lower()


NOT_DOWNLOADED = "not downloaded"


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is one of Windows' folder links, which Python knows from 3.12 on."""
    known = getattr(entry, "is_junction", None)
    return known is not None and known()
