"""The notes of a vault as git has them, in its index or in a commit, in the place of those on the disk.

Which paths are notes is decided as the walk decides it. This module must not know what a note means, nor
change anything.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import TracebackType

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, SourceFile, VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.blobs import Blob, Contents
from vaultcrm.store.calling import GitError
from vaultcrm.store.entries import LINK, SUBMODULE, Entries, Folders, stamp
from vaultcrm.store.git import Repository, find_repository, relation
from vaultcrm.store.names import ignore_rule
from vaultcrm.store.packed import below
from vaultcrm.store.vault import (
    HEAD,
    SETTINGS_LIMIT,
    UNKNOWN,
    Listing,
    ReadNote,
    Sorted,
    listed,
    named_templates,
    read_file,
    read_head,
    read_notes,
    walk,
)
from vaultcrm.store.walk import NOTE_LIMIT, UNREADABLE, PassedOver, Walk, fold

FILE_LIMIT = 64 * 1024 * 1024
"""How many bytes a file may have that is no note."""

UNMERGED = "unmerged"
NOT_THERE = "not in the repository"
"""Why a note that git knows of cannot be read."""


class Held(NamedTuple):
    """A file that git has: its mode, the id of its content, and its name in the repository that holds it."""

    mode: str
    oid: str
    name: str
    repository: Repository


class _Part(NamedTuple):
    """The files of one repository: ``lead`` is how their paths in the vault begin, ``inside`` their names."""

    repository: Repository
    entries: Entries
    lead: str
    inside: str = ""


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
        self._contents = {repository.top: Contents(repository)}
        self._parts: list[_Part] = []
        self._links: dict[VaultPath, Held] = {}
        self._unmerged: dict[VaultPath, None] = {}
        self._missing: list[VaultPath] = []
        self._disk: Listing | None = None
        inside, self.base = relation(root, repository.top)
        self._inside = below(inside)
        entries = repository.to_commit(inside) if commit is None else repository.committed(commit, inside)
        self._take(_Part(repository, entries, below(self.base), self._inside))
        self._contents[repository.top].begin()

    def _take(self, part: _Part) -> None:
        self._parts.append(part)
        for entry in part.entries.others:
            path = part.lead + entry.path.removeprefix(part.inside)
            if entry.stage:
                self._unmerged[path] = None
            elif entry.mode == SUBMODULE:
                self._enter(path, entry.oid)
            else:
                self._links[path] = Held(entry.mode, entry.oid, entry.path, part.repository)

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
        self._take(_Part(inner, entries, below(path)))

    def git_path(self, path: VaultPath) -> str | None:
        """A path of the vault as the repository names it; None where it lies outside."""
        if not self.base:
            return self._inside + path
        return path.removeprefix(self.base + "/") if path.startswith(self.base + "/") else None

    def held(self, path: VaultPath) -> Held | None:
        """What git has under a path; None where there is nothing, or a conflict."""
        for part in self._parts:
            if path.startswith(part.lead):
                entry = part.entries.get(part.inside + path[len(part.lead) :])
                if entry is not None:
                    return Held(entry.mode, entry.oid, entry.path, part.repository)
        return self._links.get(path)

    def is_unmerged(self, path: VaultPath) -> bool:
        """Whether a path is in conflict."""
        return path in self._unmerged

    def file(self, path: VaultPath) -> bytes | None:
        """What git has in a file that is no note; None where it has none, or only a link."""
        held = self.held(path)
        if held is None or held.mode == LINK:
            return None
        return self._one(path, held, FILE_LIMIT)

    # --------------------------------------------------------------------------------- notes, as the walk

    def listing(
        self,
        ignore: Sequence[str] = (),
        never: Collection[VaultPath] = (),
        templates: VaultPath | None = None,
        before: Sorted | None = None,
    ) -> Listing:
        """The notes, in the same way as `vault.walk` lists those on the disk.

        The stamp of a note is made of the id of its content: it never changes without it.
        """
        skipped = [*never, *named_templates(self._setting), *([templates] if templates else ())]
        found = self._walk().without(PassedOver(skipped, ignore_rule(ignore)))
        if not self.base:
            return listed(self.root, found, never, self.note, before)
        self._disk = walk(self.root, ignore, (*never, self.base), templates)
        return listed(self.root, found, never, self.note, beside=self._disk)

    def _walk(self) -> Walk:
        """What a walk through the disk would find, were there what git has."""
        found = Walk()
        folders = Folders()
        for part in self._parts:
            part.entries.add_notes(folders, part.lead, part.inside)
        for path, link in self._links.items():
            if folders.holds(path) and self._leads_out(path, link):
                found.tell("link-outside", path)
        for path in self._unmerged:
            if folders.holds(path) and path[-3:].casefold() == ".md":
                found.tell(UNREADABLE, path, UNMERGED)
        for path in self._missing:
            if folders.holds(path):
                found.tell(UNREADABLE, path, NOT_THERE, is_folder=True)
        found.folders, found.is_in_order = folders.notes(), True
        return found

    def read(self, paths: Iterable[VaultPath]) -> Iterator[ReadNote]:
        """Read notes, in the same way as `vault.read_notes` reads those on the disk."""
        wanted = {path: self.held(path) for path in paths}
        inside = {path: held for path, held in wanted.items() if held is not None}
        for path, blob in self._read(inside, NOTE_LIMIT):
            if blob.size < 0:
                yield ReadNote(path, Diagnostic("note-unreadable", Place(path), NOT_THERE), UNKNOWN)
            elif blob.size > NOTE_LIMIT:
                yield ReadNote(path, Diagnostic("note-too-large", Place(path)), UNKNOWN)
            else:
                yield ReadNote(path, SourceFile(path, blob.data), stamp(inside[path].oid))
        if self._disk is not None:
            yield from read_notes(self.root, [path for path in wanted if path not in inside])

    def note(self, path: VaultPath) -> bytes | None:
        """What a note holds; None where there is none."""
        held = self.held(path)
        if held is None:
            return read_file(self.root, path) if self._disk is not None else None
        return self._one(path, held, NOTE_LIMIT)

    def head(self, path: VaultPath) -> bytes:
        """The first bytes of a file, however large it is; none where there is none."""
        held = self.held(path)
        if held is None:
            return read_head(self.root, path) if self._disk is not None else b""
        return next(blob.data for _, blob in self._read({path: held}, HEAD))

    def _one(self, path: VaultPath, held: Held, limit: int) -> bytes | None:
        blob = next(blob for _, blob in self._read({path: held}, limit))
        return blob.data if 0 <= blob.size <= limit else None

    def _setting(self, path: VaultPath) -> bytes | None:
        """Another program's settings; many keep them out of git."""
        return read_file(self.root, path, SETTINGS_LIMIT) if self.held(path) is None else self.file(path)

    def _leads_out(self, path: VaultPath, held: Held) -> bool:
        """Whether a link leads to a note or a folder outside the vault."""
        leads = self._one(path, held, SETTINGS_LIMIT) or b""
        target = os.path.realpath(os.path.join(self.root, os.path.dirname(path), os.fsdecode(leads)))
        root = os.path.realpath(self.root)
        if target == root or target.startswith(root.rstrip(os.sep) + os.sep):
            return False
        return fold(path).endswith(".md") or os.path.isdir(target)

    def _read(self, files: Mapping[VaultPath, Held], limit: int) -> Iterator[tuple[VaultPath, Blob]]:
        """What files hold, by repository: as a checkout would write it where a filter hides it."""
        by_top: dict[str, dict[VaultPath, Held]] = {}
        for path, held in files.items():
            by_top.setdefault(held.repository.top, {})[path] = held
        for top, some in by_top.items():
            repository = next(iter(some.values())).repository
            contents = self._contents.setdefault(top, Contents(repository))
            hidden = contents.filtered([held.name for held in some.values()])
            plain = {path: held for path, held in some.items() if held.name not in hidden}
            yield from zip(
                plain, contents.read_all([held.oid for held in plain.values()], limit), strict=True
            )
            for path, held in some.items():
                if held.name in hidden:
                    data = repository.smudged(held.oid, held.name)
                    yield path, Blob(len(data), data[:limit])

    def close(self) -> None:
        """End git's processes; may be called again."""
        for contents in self._contents.values():
            contents.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
