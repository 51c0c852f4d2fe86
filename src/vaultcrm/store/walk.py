"""The walk through a vault: every note with its stamp, from one look at each folder.

It imports next to nothing, so that a run in which nothing has changed can use it before anything else is
loaded. It must not open a note, nor know what a conflict copy or a configuration is.
"""

from __future__ import annotations

import os
import stat
import sys

from vaultcrm.store.packed import (
    BETWEEN,
    NUMBERS,
    Notes,
    Stamp,
    below,
    count_of,
    numbers_in,
    packed,
    signed,
    some,
    stamped,
)

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

NOTE_LIMIT = 2 * 1024 * 1024
"""How many bytes a note may have."""

Share = tuple[int, int]
"""Which part of what a vault holds, from 0 on, of how many parts. Each has all folders."""

WHOLE: Share = (0, 1)

PARTS = 2
"""Into how many parts a walk is divided among processes."""

LASTING_NS = 1_000_000_000
"""How long a walk is as good as another one: a run that had to wait for others looks anew."""

OWN_PREFIX = ".vaultcrm-"
"""How the names of our own temporary files begin."""

Problem = tuple[str, str, str]
"""A diagnostic's code, the path, and what was read."""

_EVICTED = {
    "darwin": ("st_flags", 0x40000000),  # SF_DATALESS
    "win32": ("st_file_attributes", 0x400000 | 0x1000),  # recall on data access, offline
}.get(sys.platform)
"""Where a system tells that a file's bytes are not here: reading would wait for a download."""


RELATIVE = os.stat in os.supports_dir_fd
"""Whether files can be looked at relative to an open folder, which spares a tenth of the time."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class PassedOver:
    """Which files and folders of a vault are passed over."""

    __slots__ = ("_folders", "_ignored", "_names", "_never")

    def __init__(
        self, never: Collection[str] = (), ignored: Callable[[str, bool], bool] | None = None
    ) -> None:
        """The rule.

        ``never`` are paths of files and folders from the root, compared without case and Unicode form;
        ``ignored`` says the same of a path (and whether it is a folder).
        """
        self._never = frozenset([fold(path.strip("/")) for path in never])
        self._names = frozenset([path.rpartition("/")[2] for path in self._never])
        self._folders = frozenset([path.rpartition("/")[0] for path in self._never])
        self._ignored = ignored

    def may_be_in(self, folder: str) -> bool:
        """Whether anything in a folder may be passed over, so that each name there is to be looked at."""
        return self._ignored is not None or fold(folder) in self._folders

    def spares(self, prefix: str) -> Callable[[str], bool]:
        """Tells of a note's name in a folder, whose path is the prefix, whether it is not passed over."""
        return lambda name: not self.has(prefix, name, False)

    def has(self, prefix: str, name: str, is_folder: bool) -> bool:
        """Whether what is called so is passed over; ``prefix`` is its folder's path with ``/``, or empty."""
        if fold(name) in self._names and fold(prefix + name) in self._never:
            return True
        return self._ignored is not None and self._ignored(prefix + name, is_folder)


Found = tuple[list[Notes], list[Problem], list[str], list[str]]
"""Folders, problems, what is unreadable, and leftovers, as a `Walk` has them."""


class Walk:
    """What a walk has found. Notes are in the order of the disk; what vanishes meanwhile is not there.

    ``folders`` are all folders, one that holds another before it: each with its notes. Where several have
    walked, each folder is there once for each part of the notes. ``folders_ns`` is when an entry last came
    into a folder or left one, in nanoseconds. ``unreadable`` are paths of notes and folders that are there
    but could not be looked at, ``told_folders`` those of folders among the problems, ``leftovers`` temporary
    files of our own, which only a killed run leaves behind. ``is_in_order``: parts stand one after
    the other.
    """

    __slots__ = (
        *("folders", "folders_ns", "is_in_order", "leftovers"),
        *("problems", "told_folders", "unreadable"),
    )

    def __init__(self) -> None:
        """A walk that has found nothing yet."""
        self.folders: list[Notes] = []
        self.problems: list[Problem] = []
        self.unreadable: list[str] = []
        self.leftovers: list[str] = []
        self.folders_ns = 0
        self.told_folders: set[str] = set()
        self.is_in_order = False

    def notes(self) -> Iterator[tuple[str, Stamp]]:
        """The path of each note with its stamp."""
        for notes in self.folders:
            yield from stamped(notes)

    def count(self) -> int:
        """How many notes there are."""
        return sum(count_of(numbers) for _, _, numbers in self.folders)

    def found(self) -> Found:
        """All that was found but for times, in plain values."""
        return self.folders, self.problems, self.unreadable, self.leftovers

    def in_parts(self) -> list[Notes]:
        """The same folders in one order, whether one process has walked or two have."""
        if self.is_in_order:
            return self.folders
        return [notes for part in range(PARTS) for notes in self.part((part, PARTS))[0]]

    def part(self, share: Share) -> Found:
        """The folders of a part of that, as a walk for this share finds them; all else is left out."""
        part, parts = share
        return [some(each, lambda name: _part(name, parts) == part) for each in self.folders], [], [], []

    def add(self, found: Found, told_folders: Iterable[str]) -> None:
        """Add what a walk has found for another part; of folders both have told the same."""
        folders, problems, unreadable, leftovers = found
        self.folders += folders
        self.is_in_order = True
        self.problems += [each for each in problems if each not in self.problems]
        self.unreadable += [path for path in unreadable if path not in self.unreadable]
        self.leftovers += leftovers
        self.told_folders.update(told_folders)

    def youngest_ns(self) -> int:
        """When anything changed last. A folder's own stamp tells of what was removed."""
        times = (1, 2)  # mtime and ctime
        changed = [max(numbers_in(each)[n::NUMBERS]) for _, _, each in self.folders if each for n in times]
        return max([self.folders_ns, *changed])

    def youngest(self, most: int) -> list[tuple[str, Stamp]]:
        """So many notes, or a few more, that changed last, with their stamps."""
        changed = sorted(ns for *_, each in self.folders if each for ns in numbers_in(each)[2::NUMBERS])
        since = changed[-most:][0] if changed else 0
        folders = [
            notes for notes in self.folders if notes[2] and max(numbers_in(notes[2])[2::NUMBERS]) >= since
        ]
        return [each for notes in folders for each in stamped(notes) if each[1][2] >= since]

    def without(self, passed_over: PassedOver) -> Walk:
        """What would have been found if that were not there which is passed over."""
        rest = Walk()
        rest.folders_ns, rest.told_folders = self.folders_ns, self.told_folders
        rest.is_in_order = self.is_in_order
        entered: set[str] = set()

        def stays(path: str, is_folder: bool) -> bool:
            folder, _, name = path.rpartition("/")
            return folder in entered and not passed_over.has(below(folder), name, is_folder)

        for notes in self.folders:
            folder = notes[0]
            if not folder or stays(folder, True):
                entered.add(folder)
                if passed_over.may_be_in(folder):
                    notes = some(notes, passed_over.spares(below(folder)))
                rest.folders.append(notes)
        rest.problems = [each for each in self.problems if stays(each[1], each[1] in self.told_folders)]
        rest.unreadable = [path for path in self.unreadable if stays(path, path in self.told_folders)]
        rest.leftovers = [path for path in self.leftovers if path.rpartition("/")[0] in entered]
        return rest

    def tell(self, code: str, path: str, read: str = "", *, is_folder: bool = False) -> None:
        """Note down a problem."""
        self.problems.append((code, path, read))
        if code == UNREADABLE:
            self.unreadable.append(path)
        if is_folder:
            self.told_folders.add(path)


def _part(name: str, parts: int) -> int:
    """In which part a note is: its name alone says it, so that processes agree however folders change."""
    return ord(name[-4]) % parts if name[-3:] == ".md" and name[0] != "." else 0


def walk_through(root: str, unentered: PassedOver | None = None, share: Share = WHOLE) -> Walk:
    """Walk through a vault.

    Folders that are ``unentered`` are not looked into, which spares time; to leave out all that is passed
    over there is `Walk.without`. Of the notes only those of the ``share`` are looked at.

    Raises:
        OSError: the root itself cannot be read.
    """
    walker = _Walker(root, unentered, share)
    while walker.pending:
        walker.enter(walker.pending.pop())
    return walker.found


class _Walker:
    """Looks at one folder after the other; ``pending`` are those still to be entered."""

    __slots__ = ("_root", "_share", "_unentered", "found", "pending")

    def __init__(self, root: str, unentered: PassedOver | None, share: Share) -> None:
        self._root = root
        self._unentered = unentered
        self._share = share
        self.found = Walk()
        self.pending = [""]

    def enter(self, folder: str) -> None:
        """Look at what is in a folder."""
        full = f"{self._root}/{folder}"
        try:
            handle = os.open(full, _FOLDER) if RELATIVE else None
            try:
                status = os.stat(full if handle is None else handle)
                with os.scandir(full) as entries:
                    self._look(folder, handle, entries)
            finally:
                if handle is not None:
                    os.close(handle)
            changed_ns = max(status.st_mtime_ns, status.st_ctime_ns)
            self.found.folders_ns = max(self.found.folders_ns, changed_ns)
        except (FileNotFoundError, NotADirectoryError):
            if not folder:
                raise
        except OSError as error:
            if not folder:
                raise
            self.found.tell(UNREADABLE, folder, reason(error), is_folder=True)

    def _look(self, folder: str, handle: int | None, entries: Iterable[os.DirEntry[str]]) -> None:
        """Look at each entry; in an open folder the system finds a note by its name alone."""
        names: list[str] = []
        numbers: list[int] = []
        try:
            self._look_at_each(folder, handle, entries, names, numbers)
        finally:
            self.found.folders.append((folder, BETWEEN.join(names), packed(numbers)))

    def _look_at_each(
        self,
        folder: str,
        handle: int | None,
        entries: Iterable[os.DirEntry[str]],
        names: list[str],
        numbers: list[int],
    ) -> None:
        prefix = below(folder)
        is_plain = handle is not None and not _EVICTED
        part, parts = self._share
        for entry in entries:
            name = entry.name
            if is_plain and name[-3:] == ".md" and name[0] != "." and entry.is_file(follow_symlinks=False):
                # nearly every entry: the same as below, without a call of our own
                if parts > 1 and ord(name[-4]) % parts != part:
                    continue
                try:
                    status = os.stat(name, dir_fd=handle, follow_symlinks=False)
                except OSError:
                    pass  # what of it is to be told is found out below
                else:
                    if status.st_size <= NOTE_LIMIT:
                        names.append(name)
                        numbers += status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
                        continue
            stamp = self._other(prefix, entry)
            if stamp is not None:
                names.append(name)
                numbers += stamp

    def _other(self, prefix: str, entry: os.DirEntry[str]) -> Stamp | None:
        """Look at anything; the stamp if it is a note."""
        name = entry.name
        path = prefix + name
        part, parts = self._share
        if parts > 1 and _part(name, parts) != part:
            if name[0] != "." and entry.is_dir(follow_symlinks=False):
                self._folder(prefix, name)
            return None
        folded = fold(name)
        if name[0] == ".":
            if name.startswith(OWN_PREFIX):
                self.found.leftovers.append(path)
            elif folded.endswith(".md.icloud"):
                self._placeholder(prefix + name[1:-7])
            return None
        is_note = folded.endswith(".md")
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.is_symlink() or (is_folder and _is_junction(entry)):
            self._link(path, is_note, is_folder)
        elif is_folder:
            self._folder(prefix, name)
        elif is_note:
            return self._note(entry, path)
        return None

    def _folder(self, prefix: str, name: str) -> None:
        if self._unentered is None or not self._unentered.has(prefix, name, True):
            self.pending.append(prefix + name)

    def _note(self, entry: os.DirEntry[str], path: str) -> Stamp | None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.found.tell(UNREADABLE, path, reason(error))
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        if status.st_size > NOTE_LIMIT:
            self.found.tell("note-too-large", path)
        elif _EVICTED and getattr(status, _EVICTED[0]) & _EVICTED[1]:
            self.found.tell(UNREADABLE, path, NOT_DOWNLOADED)
        else:
            return stamp_of(status)
        return None

    def _link(self, path: str, is_note: bool, is_folder: bool) -> None:
        """A link is never followed: what it leads to in the vault is read there, else it is told."""
        full = f"{self._root}/{path}"
        target = os.path.realpath(full)
        real_root = os.path.realpath(self._root)
        inside = target == real_root or target.startswith(real_root.rstrip(os.sep) + os.sep)
        if not inside and (is_note or os.path.isdir(full)):
            self.found.tell("link-outside", path, is_folder=is_folder)

    def _placeholder(self, path: str) -> None:
        """Before macOS 12.3, iCloud puts ``.NAME.md.icloud`` in the place of a note that it took away."""
        if not os.path.lexists(f"{self._root}/{path}"):
            self.found.tell(UNREADABLE, path, NOT_DOWNLOADED)


def fold(name: str) -> str:
    """A name as file systems that ignore case and Unicode form compare it."""
    folded = name.casefold()
    if name.isascii():
        return folded
    from unicodedata import normalize  # a library of its own, which most vaults of Latin names never need

    return normalize("NFC", folded)


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file. The ctime sees an edit whose size is the same and whose mtime was set back."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, signed(status.st_ino)


def reason(error: OSError) -> str:
    """Why a file cannot be read, in the same words on every system."""
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or type(error).__name__).lower()


UNREADABLE = "note-unreadable"
"""The problem of a note or a folder that is there but could not be looked at."""

NOT_DOWNLOADED = "not downloaded"


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is one of Windows' folder links, which Python knows from 3.12 on."""
    known = getattr(entry, "is_junction", None)
    return known is not None and known()
