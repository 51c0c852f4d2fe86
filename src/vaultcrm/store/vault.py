"""The vault on disk: which files are notes, and what is in them, as bytes.

Nothing outside the vault is read, no link is followed, and no file can hang the reader: only regular files of
a bounded size are read. This module must not know what a note means.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from vaultcrm.errors import VaultMissing
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, SourceFile, VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.folders import Folder
from vaultcrm.store.names import copied_name, ignore_rule, is_doubled, possible_originals, suspects
from vaultcrm.store.packed import Stamp
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.walk import NOTE_LIMIT, PassedOver, Walk, fold, reason, stamp_of, walk_through

SETTINGS_LIMIT = 1024 * 1024
HEAD = 4096
"""How many bytes of a file that is not read as a whole may be looked at."""

Read = Callable[[VaultPath], "bytes | None"]
"""Gives what a file of a vault holds; None where there is none."""

UNKNOWN: Stamp = (-1, 0, 0, 0)
"""A stamp that no file has: what was read with it must be read again."""

_PAUSES = (0.0, 0.01, 0.02, 0.05, 0.1)
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe must not hang the open
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.EISDIR)


@dataclass(frozen=True, slots=True)
class Listing:
    """The notes of a vault with their stamps, sorted by path, and what is to be told about the others.

    ``unreadable`` are notes and folders that are there but cannot be read now: a vault that has any must not
    be taken for whole. Each has a ``note-unreadable`` among the ``diagnostics``, which are sorted by path.
    ``leftovers`` are for `files.sweep_temporaries`. ``compared`` are notes that were read to tell whether one
    is a copy of the other. ``by_folder`` has the same stamps as the walk found them, where it told nothing.
    """

    root: str
    stamps: Mapping[VaultPath, Stamp]
    diagnostics: tuple[Diagnostic, ...] = ()
    unreadable: tuple[VaultPath, ...] = ()
    leftovers: tuple[VaultPath, ...] = ()
    compared: frozenset[VaultPath] = frozenset()
    by_folder: Stamps | None = field(default=None, repr=False, compare=False)

    @property
    def notes(self) -> tuple[VaultPath, ...]:
        """The notes' paths, sorted."""
        return tuple(self.stamps)


def walk(
    root: str,
    ignore: Sequence[str] = (),
    never: Collection[VaultPath] = (),
    templates: VaultPath | None = None,
    before: Sorted | None = None,
    through: Callable[[str, PassedOver], Walk] = walk_through,
) -> Listing:
    """List the notes of a vault (specification 2, Which note is what).

    Left out are dot folders and dot files, the templates folder (and ``templates``, one more), what the
    ``ignore`` globs name (see `names.ignore_rule`), ``never`` (outputs and generated folders, as paths from
    the root), conflict copies, files above 2 MiB, links, and what is no regular file. ``before`` is a
    listing in which nothing was to be told; ``through`` finds the notes, those passed over or not.

    Raises:
        VaultMissing: the root is gone or cannot be read.
    """
    skipped = [*never, *template_folders(root), *([templates] if templates else ())]
    passed_over = PassedOver(skipped, ignore_rule(ignore))
    try:
        found = through(root, passed_over).without(passed_over)
    except OSError as error:
        raise VaultMissing(
            f"the vault {root} cannot be read: {reason(error)}", "is its disk connected?"
        ) from error
    return listed(root, found, never, partial(read_file, root), before)


def listed(
    root: str,
    found: Walk,
    never: Collection[VaultPath],
    read: Read,
    before: Sorted | None = None,
    beside: Listing | None = None,
) -> Listing:
    """The listing of what a walk has found.

    Args:
        root: The vault's folder.
        found: What was found, without what is passed over.
        never: Files that are there but no notes.
        read: Gives the bytes of a note.
        before: A listing in which nothing was to be told.
        beside: Another listing, of other notes, which is a part of this one.
    """
    leftovers = tuple(sorted(found.leftovers))
    if before is not None and not found.problems:
        now = Stamps(found.in_parts())
        if before.tells_of(now):
            return Listing(root, now, leftovers=leftovers, compared=before.compared)
    notes, unreadable = found.notes(), [*found.unreadable]
    problems = [Diagnostic(code, Place(path), why) for code, path, why in found.problems]
    if beside is not None:
        notes = chain(notes, beside.stamps.items())
        problems += beside.diagnostics
        unreadable += beside.unreadable
    stamps, told, compared = sorted_out(notes, problems, never, read)
    by_folder = Stamps(found.in_parts()) if not told and beside is None else None
    return Listing(root, stamps, told, tuple(sorted(unreadable)), leftovers, compared, by_folder)


class Sorted(NamedTuple):
    """A listing in which nothing was to be told: its stamps, and which notes were compared."""

    stamps: Stamps
    compared: frozenset[VaultPath]

    def tells_of(self, now: Stamps) -> bool:
        """Whether there is nothing to be told of these notes either.

        Which are copies follows from the names of all, and from what stands in those that had to be compared.
        That notes are gone makes none of a copy.
        """
        came = now.absent_from(self.stamps)
        return (
            len(came) <= FEW
            and not _may_be_doubled(frozenset(came), now)
            and self.compared.isdisjoint(now.unlike(self.stamps))
        )


def _may_be_doubled(came: frozenset[VaultPath], now: Stamps) -> bool:
    """Whether one of the notes that came may be a copy, or the original of one, by their names."""
    beside = {path.rpartition("/")[0] for path in came}
    for path in suspects([each for folder in beside for each in now.within(folder)]):
        folder, slash, name = path.rpartition("/")
        originals = {folder + slash + each for each in possible_originals(name)}
        if not came.isdisjoint(originals):
            return True
        if path in came and (copied_name(name) is not None or any(each in now for each in originals)):
            return True
    return False


def sorted_out(
    notes: Iterable[tuple[VaultPath, Stamp]],
    problems: Iterable[Diagnostic],
    never: Collection[VaultPath],
    read: Read,
) -> tuple[dict[VaultPath, Stamp], tuple[Diagnostic, ...], frozenset[VaultPath]]:
    """The notes that count, sorted, and all problems with them: of conflict copies only the last may count.

    ``never`` are files that are there but no notes; ``read`` gives the bytes of a note. The last are those
    that were read for this.
    """
    stamps = dict(sorted(notes))
    told = list(problems)
    compared: set[VaultPath] = set()

    def noted(path: VaultPath) -> bytes | None:
        compared.add(path)
        return read(path)

    for copy, original, counts in _conflict_copies(stamps, {fold(path) for path in never}, noted):
        told.append(Diagnostic("conflict-copy-alone" if counts else "conflict-copy", Place(copy), original))
        if not counts:
            del stamps[copy]
    told.sort(key=lambda problem: (problem.place, problem.code))
    return stamps, tuple(told), frozenset(compared)


def _conflict_copies(
    stamps: Mapping[VaultPath, Stamp], never: Collection[str], read: Read
) -> list[tuple[VaultPath, VaultPath, bool]]:
    """The conflict copies: (copy, original, whether it counts).

    The last counts if the original is gone, and is the original of the others.
    """
    copies: list[tuple[VaultPath, VaultPath, bool]] = []
    orphans: dict[VaultPath, VaultPath] = {}
    for path in suspects(stamps):
        folder, slash, name = path.rpartition("/")
        copied = copied_name(name)
        if copied is not None:
            original = folder + slash + copied
            if original in stamps or fold(original) in never:
                copies.append((path, original, False))
            else:
                orphans[path] = original
            continue
        for candidate in possible_originals(name):
            original = folder + slash + candidate
            if original in stamps and _doubled(read, original, path):
                copies.append((path, original, False))
                break
    last = {original: path for path, original in orphans.items()}
    for path, original in orphans.items():
        counts = last[original] == path
        copies.append((path, original if counts else last[original], counts))
    return copies


def _doubled(read: Read, original: VaultPath, path: VaultPath) -> bool:
    one, other = read(original), read(path)
    return one is not None and other is not None and is_doubled(path.rpartition("/")[2], other, one)


def template_folders(root: str) -> tuple[VaultPath, ...]:
    """The folders of templates: those that Obsidian's or Templater's settings name, else the usual ones."""
    return named_templates(partial(read_file, root, limit=SETTINGS_LIMIT))


def named_templates(read: Read) -> tuple[VaultPath, ...]:
    """The same, where ``read`` gives what the settings' files hold."""
    named = []
    for path, key in _TEMPLATE_SETTINGS:
        settings = _settings(read(path))
        folder = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(folder, str) and folder.strip("/ "):
            named.append(folder.strip().strip("/"))
    return tuple(named) or ("Templates", "模板")


def daily_folder(root: str) -> VaultPath | None:
    """The folder of daily notes that Obsidian's or Periodic Notes' settings name, None where they do not."""
    for path, keys in _DAILY_SETTINGS:
        found = _settings(read_file(root, path, SETTINGS_LIMIT))
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, str) and found.strip("/ "):
            return found.strip().strip("/")
    return None


def _settings(data: bytes | None) -> Any:
    """What a file of settings says; None where it cannot be told, or there is none."""
    if not data:
        return None
    import json  # most folders of notes have no such settings

    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


_DAILY_SETTINGS = (
    (".obsidian/plugins/periodic-notes/data.json", ("daily", "folder")),
    (".obsidian/daily-notes.json", ("folder",)),
)
_TEMPLATE_SETTINGS = (
    (".obsidian/templates.json", "folder"),
    (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
)
SETTINGS = tuple(path for path, _ in _TEMPLATE_SETTINGS)
"""Files of other programs that say which folders hold templates."""


FEW = 32
"""Up to so many notes that came are looked at by themselves, by their names."""


class ReadNote(NamedTuple):
    """A note as it was read: its bytes, or why there are none, and the stamp that they belong to."""

    path: VaultPath
    content: SourceFile | Diagnostic
    stamp: Stamp


def read_notes(root: str, paths: Iterable[VaultPath]) -> Iterator[ReadNote]:
    """Read notes, fastest in the order of their paths. What has vanished or is no file any more is left out.

    A note that changes while it is read is read again; one that never rests is taken as it was last, with the
    stamp `UNKNOWN`.
    """
    folder: Folder | None = None
    held = None
    try:
        for path in paths:
            parent, _, name = path.rpartition("/")
            try:
                if folder is None or parent != held:
                    if folder is not None:
                        folder.close()
                    folder, held = None, parent
                    folder = Folder(root, parent)
                note = _read_settled(folder, name, path)
            except OSError as error:
                if error.errno in _GONE:
                    continue
                note = ReadNote(path, Diagnostic("note-unreadable", Place(path), reason(error)), UNKNOWN)
            if note is not None:
                yield note
    finally:
        if folder is not None:
            folder.close()


def _read_settled(folder: Folder, name: str, path: VaultPath) -> ReadNote | None:
    data = b""
    for pause in _PAUSES:
        if pause:
            time.sleep(pause)
        handle = os.open(folder.at(name), _FLAGS, dir_fd=folder.fd)
        try:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                return None
            data = _read_all(handle, before.st_size, NOTE_LIMIT)
            after = os.fstat(handle)
        finally:
            os.close(handle)
        if len(data) > NOTE_LIMIT:
            return ReadNote(path, Diagnostic("note-too-large", Place(path)), UNKNOWN)
        if len(data) == before.st_size and stamp_of(before) == stamp_of(after):
            return ReadNote(path, SourceFile(path, data), stamp_of(after))
    return ReadNote(path, SourceFile(path, data), UNKNOWN)


def _read_all(handle: int, size: int, limit: int) -> bytes:
    """What is in an open file, at most one byte more than the limit; ``size`` is only what to expect."""
    data = os.read(handle, min(size, limit) + 1)
    if len(data) == size:
        return data
    parts, total = [data], len(data)
    while parts[-1] and total <= limit:
        parts.append(os.read(handle, min(65536, limit + 1 - total)))
        total += len(parts[-1])
    return b"".join(parts)


def read_file(root: str, path: VaultPath, limit: int = NOTE_LIMIT) -> bytes | None:
    """A regular file of the vault that is reached without any link; None where there is none.

    A file that cannot be read, or is above the limit, counts as absent: use it only where that does no harm.
    """
    data = _read_upto(root, path, limit)
    return None if data is None or len(data) > limit else data


def read_head(root: str, path: VaultPath) -> bytes:
    """The first bytes of a file, read as `read_file` does, however large it is; none where there is none."""
    return _read_upto(root, path, HEAD) or b""


def _read_upto(root: str, path: VaultPath, limit: int) -> bytes | None:
    """As `read_file`, but at most a byte more than the limit of a larger file."""
    parent, _, name = path.rpartition("/")
    try:
        with Folder(root, parent) as folder:
            handle = os.open(folder.at(name), _FLAGS, dir_fd=folder.fd)
            try:
                status = os.fstat(handle)
                data = _read_all(handle, status.st_size, limit) if stat.S_ISREG(status.st_mode) else None
            finally:
                os.close(handle)
    except OSError:
        return None
    return data
