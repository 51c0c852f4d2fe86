"""The notes of a vault as git has them, in its index or in a commit, in the place of those on the disk.

Which paths are notes is decided as the walk decides it. This module must not know what a note means, nor
change anything.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import TracebackType

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, SourceFile, VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.blobs import Blob, Blobs
from vaultcrm.store.git import LINK, SUBMODULE, Entry, GitError, Repository, find_repository
from vaultcrm.store.names import ignore_rule
from vaultcrm.store.vault import (
    HEAD,
    SETTINGS_LIMIT,
    UNKNOWN,
    Listing,
    ReadNote,
    named_templates,
    read_file,
    read_head,
    read_notes,
    sorted_out,
    walk,
)
from vaultcrm.store.walk import NOTE_LIMIT, PassedOver, Stamp, below, fold

FILE_LIMIT = 64 * 1024 * 1024
"""How many bytes a file may have that is no note."""

UNMERGED = "unmerged"
NOT_THERE = "not in the repository"
"""Why a note that git knows of cannot be read."""

_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""What an empty file is called in git, by SHA-1 and by SHA-256."""


class Held(NamedTuple):
    """A file that git has: its mode, the id of its content, and its name in the repository that holds it."""

    mode: str
    oid: str
    name: str
    repository: Repository


class Snapshot:
    """A vault as git has it; for a ``with``.

    Where the vault reaches beyond the repository, its other notes are those on the disk. Submodules are taken
    as they were committed. ``base`` is where the repository's top lies, seen from the vault: ``""`` where the
    vault is the top or below it, else a folder of the vault.
    """

    def __init__(self, root: str, repository: Repository, commit: str | None = None) -> None:
        """Look at the index of a repository, or at one of its commits.

        Raises:
            GitError: There is no such commit.
        """
        self.root = root
        self.repository = repository
        self.commit = commit
        self._blobs: dict[str, Blobs] = {}
        self._files: dict[VaultPath, Held] = {}
        self._unmerged: dict[VaultPath, None] = {}
        self._missing: list[VaultPath] = []
        self._disk: Listing | None = None
        below, self.base = relation(root, repository.top)
        self._below = below + "/" if below else ""
        entries = repository.staged(below) if commit is None else repository.committed(commit, below)
        lead = self.base + "/" if self.base else ""
        self._take(repository, ((lead + entry.path.removeprefix(self._below), entry) for entry in entries))
        if commit is None:
            self._forget_intended()

    def _take(self, repository: Repository, found: Iterable[tuple[VaultPath, Entry]]) -> None:
        for path, entry in found:
            if entry.stage:
                self._unmerged[path] = None
            elif entry.mode == SUBMODULE:
                self._enter(path, entry.oid)
            else:
                self._files[path] = Held(entry.mode, entry.oid, entry.path, repository)

    def _enter(self, path: VaultPath, commit: str) -> None:
        """A submodule as it was committed; one that is not checked out has no notes here, as on the disk."""
        folder = os.path.join(self.root, path)
        if not os.path.lexists(os.path.join(folder, ".git")):
            return
        inner = find_repository(folder)
        if inner is None:
            return
        try:
            entries = inner.committed(commit)
        except GitError:
            self._missing.append(path)
            return
        self._take(inner, ((f"{path}/{entry.path}", entry) for entry in entries))

    def _forget_intended(self) -> None:
        """Leave out what ``git add -N`` announced: it looks like an empty file, and is in no commit."""
        empty = {
            held.name: path
            for path, held in self._files.items()
            if held.oid in _EMPTY and held.repository is self.repository
        }
        for name in self.repository.only_intended(list(empty)) if empty else ():
            del self._files[empty[name]]

    def git_path(self, path: VaultPath) -> str | None:
        """A path of the vault as the repository names it; None where it lies outside."""
        if not self.base:
            return self._below + path
        return path.removeprefix(self.base + "/") if path.startswith(self.base + "/") else None

    def held(self, path: VaultPath) -> Held | None:
        """What git has under a path; None where there is nothing, or a conflict."""
        return self._files.get(path)

    def is_unmerged(self, path: VaultPath) -> bool:
        """Whether a path is in conflict."""
        return path in self._unmerged

    def file(self, path: VaultPath) -> bytes | None:
        """What git has in a file that is no note; None where it has none, or only a link."""
        held = self._files.get(path)
        if held is None or held.mode == LINK:
            return None
        return self._one(path, FILE_LIMIT)

    # --------------------------------------------------------------------------------- notes, as the walk

    def listing(
        self,
        ignore: Sequence[str] = (),
        never: Collection[VaultPath] = (),
        templates: VaultPath | None = None,
    ) -> Listing:
        """The notes, in the same way as `vault.walk` lists those on the disk.

        The stamp of a note is made of the id of its content: it never changes without it.
        """
        skipped = [*never, *named_templates(self._setting), *([templates] if templates else ())]
        looked_at = _LookedAt(skipped, ignore)
        notes: list[tuple[VaultPath, Stamp]] = []
        problems: list[Diagnostic] = []
        for path, held in self._files.items():
            if held.mode == LINK:
                if looked_at.holds(path) and self._leads_out(path, held):
                    problems.append(Diagnostic("link-outside", Place(path)))
            elif looked_at.is_note(path):
                notes.append((path, _stamp(held)))
        lost = {path: UNMERGED for path in self._unmerged if looked_at.is_note(path)}
        lost |= {path: NOT_THERE for path in self._missing if looked_at.holds(path)}
        problems += [Diagnostic("note-unreadable", Place(path), why) for path, why in lost.items()]
        if self.base:
            self._disk = walk(self.root, ignore, (*never, self.base), templates)
            notes += self._disk.stamps.items()
            problems += self._disk.diagnostics
            lost |= dict.fromkeys(self._disk.unreadable, "")
        stamps, told, compared = sorted_out(notes, problems, never, self.note)
        return Listing(self.root, stamps, told, tuple(sorted(lost)), compared=compared)

    def read(self, paths: Iterable[VaultPath]) -> Iterator[ReadNote]:
        """Read notes, in the same way as `vault.read_notes` reads those on the disk."""
        wanted = list(paths)
        inside = [path for path in wanted if path in self._files]
        for path, blob in self._contents(inside, NOTE_LIMIT):
            if blob.size < 0:
                yield ReadNote(path, Diagnostic("note-unreadable", Place(path), NOT_THERE), UNKNOWN)
            elif blob.size > NOTE_LIMIT:
                yield ReadNote(path, Diagnostic("note-too-large", Place(path)), UNKNOWN)
            else:
                yield ReadNote(path, SourceFile(path, blob.data), _stamp(self._files[path]))
        if self._disk is not None:
            yield from read_notes(self.root, [path for path in wanted if path not in self._files])

    def note(self, path: VaultPath) -> bytes | None:
        """What a note holds; None where there is none."""
        if path not in self._files:
            return read_file(self.root, path) if self._disk is not None else None
        return self._one(path, NOTE_LIMIT)

    def head(self, path: VaultPath) -> bytes:
        """The first bytes of a file, however large it is; none where there is none."""
        if path not in self._files:
            return read_head(self.root, path) if self._disk is not None else b""
        return next(blob.data for _, blob in self._contents([path], HEAD))

    def _one(self, path: VaultPath, limit: int) -> bytes | None:
        blob = next(blob for _, blob in self._contents([path], limit))
        return blob.data if 0 <= blob.size <= limit else None

    def _setting(self, path: VaultPath) -> bytes | None:
        """Another program's settings; many keep them out of git."""
        return self.file(path) if path in self._files else read_file(self.root, path, SETTINGS_LIMIT)

    def _leads_out(self, path: VaultPath, held: Held) -> bool:
        """Whether a link leads to a note or a folder outside the vault."""
        leads = self._one(path, SETTINGS_LIMIT) or b""
        target = os.path.realpath(os.path.join(self.root, os.path.dirname(path), os.fsdecode(leads)))
        root = os.path.realpath(self.root)
        if target == root or target.startswith(root.rstrip(os.sep) + os.sep):
            return False
        return fold(path).endswith(".md") or os.path.isdir(target)

    def _contents(self, paths: Sequence[VaultPath], limit: int) -> Iterator[tuple[VaultPath, Blob]]:
        """What files hold, by repository: as a checkout would write it where a filter hides it."""
        by_top: dict[str, list[VaultPath]] = {}
        for path in paths:
            by_top.setdefault(self._files[path].repository.top, []).append(path)
        for top, some in by_top.items():
            repository = self._files[some[0]].repository
            names = {path: self._files[path].name for path in some}
            hidden = repository.filtered(names.values())
            plain = [path for path in some if names[path] not in hidden]
            blobs = self._blobs.setdefault(top, Blobs(repository))
            yield from zip(
                plain, blobs.read_all([self._files[path].oid for path in plain], limit), strict=True
            )
            for path in some:
                if names[path] in hidden:
                    data = repository.smudged(self._files[path].oid, names[path])
                    yield path, Blob(len(data), data[:limit])

    def close(self) -> None:
        """End git's processes; may be called again."""
        for blobs in self._blobs.values():
            blobs.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


class _LookedAt:
    """Which paths the walk would come to: the same decisions, for paths that are given."""

    def __init__(self, never: Collection[VaultPath], ignore: Sequence[str]) -> None:
        self._passed_over = PassedOver(never, ignore_rule(ignore))
        self._folders = {"": True}

    def is_note(self, path: VaultPath) -> bool:
        """Whether a file is a note."""
        return path[-3:].casefold() == ".md" and self.holds(path)

    def holds(self, path: VaultPath) -> bool:
        """Whether a file lies where the walk comes, and is not passed over itself."""
        folder, _, name = path.rpartition("/")
        return self._comes_to(folder) and self._passes(folder, name, False)

    def _comes_to(self, folder: VaultPath) -> bool:
        known = self._folders.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            known = self._folders[folder] = self._comes_to(above) and self._passes(above, name, True)
        return known

    def _passes(self, folder: VaultPath, name: str, is_folder: bool) -> bool:
        return name[0] != "." and not self._passed_over.has(below(folder), name, is_folder)


def relation(root: str, top: str) -> tuple[str, str]:
    """Where the vault lies seen from the repository's top, and the top seen from the vault: one is empty.

    Raises:
        GitError: Neither lies in the other.
    """
    vault, repository = os.path.realpath(root), os.path.realpath(top)
    if vault == repository:
        return "", ""
    for inner, outer in ((vault, repository), (repository, vault)):
        lead = outer.rstrip(os.sep) + os.sep
        if inner.startswith(lead):
            between = inner[len(lead) :].replace(os.sep, "/")
            return (between, "") if inner is vault else ("", between)
    raise GitError(f"the vault {root} is not in the repository {top}")


def _stamp(held: Held) -> Stamp:
    return 0, 0, 0, int(held.oid, 16)
