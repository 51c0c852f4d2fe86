"""Indexes a vault as it stands in git's index, so that outputs are exactly those of the notes committed.

What is not staged does not count, and what a person wrote into an output without staging it stays as it is,
unstaged. This module must not know how outputs are made.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date

from vaultcrm.app.beside import generated_paths
from vaultcrm.app.computing import Task, computed
from vaultcrm.app.helping import workshop
from vaultcrm.app.opening import Vault, configured
from vaultcrm.app.outputs import RENDERERS, Output, Workshop, is_ours
from vaultcrm.app.runs import Indexed, loss, problems_of, write_output
from vaultcrm.app.stages import SILENT, Stages
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.toml_table import CONFIG_NAME
from vaultcrm.store.calling import Begun
from vaultcrm.store.files import read_bytes
from vaultcrm.store.git import FILE, Repository
from vaultcrm.store.helper import Helper
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.snapshot import Snapshot

LARGE = 100_000
"""From how many bytes on git takes longer to store something than to be called."""

_PARTIAL = regex(r"next-index-\d+\.lock")
"""What git calls the index of ``git commit -- PATH``: made of the last commit and these paths alone."""


class Staged(NamedTuple):
    """A vault opened as it is staged. ``own_config``: its configuration is not in git, the disk's counts."""

    vault: Vault
    snapshot: Snapshot
    own_config: bool


@dataclass(frozen=True, slots=True)
class StagedIndex:
    """What an index run over staged notes did.

    ``indexed`` tells what became of the files in the work tree; its ``stale`` are the outputs that git's
    index has not as they should be. ``added`` are those that were put there, ``to_add`` those that are to be.
    """

    indexed: Indexed
    added: tuple[VaultPath, ...] = ()
    to_add: tuple[VaultPath, ...] = ()


@contextmanager
def open_staged(root: str, repository: Repository, commit: str | None = None) -> Iterator[Staged]:
    """Open a vault as its index has it, or a commit; for a ``with``.

    Args:
        root: The vault's folder.
        repository: Where its notes, or some of them, are committed.
        commit: Another state than the index.

    Raises:
        VaultcrmError: The configuration is in conflict, or wrong.
    """
    with Snapshot(root, repository, commit) as snapshot:
        if snapshot.is_unmerged(CONFIG_NAME):
            raise VaultcrmError(f"{CONFIG_NAME} is in conflict", "merge it, and add it to git's index")
        data, own = snapshot.file(CONFIG_NAME), False
        if data is None:
            data = read_bytes(os.path.join(root, CONFIG_NAME))
            own = data is not None
        yield Staged(configured(root, data, snapshot), snapshot, own)


def index_staged(  # noqa: PLR0913 - one for each option
    staged: Staged,
    day: date,
    now_ns: int,
    *,
    check: bool = False,
    add: bool = False,
    full: bool = False,
    accept_loss: bool = False,
    stages: Stages = SILENT,
    helper: Helper | None = None,
) -> StagedIndex:
    """Read, compute and write what changed, all of it from what is staged.

    Args:
        staged: The vault.
        day: The day to compute for.
        now_ns: The time of the run.
        check: Write nothing, only say what is stale in git's index.
        add: Put the outputs into git's index: the one that a running commit uses.
        full: Read every note anew.
        accept_loss: Write even where notes are missing or cannot be read.
        stages: Is told how far it has come.
        helper: Another process, where one is there for it.

    Raises:
        VaultcrmError: The vault cannot be read or written, or another run holds it.
    """
    root = staged.vault.root
    task = Task(staged.vault, day, now_ns, use_cache=not full, stages=stages, helper=helper)
    how = _How(check, add, accept_loss)
    with nullcontext() if check else vault_lock(root):
        return _index_staged(staged, task, how)


class _How(NamedTuple):
    """What `index_staged` is asked to do."""

    check: bool
    add: bool
    accept_loss: bool


def _index_staged(staged: Staged, task: Task, how: _How) -> StagedIndex:
    vault, stages = staged.vault, task.stages
    now = computed(task)
    overview = now.overview
    files = tuple(_File(staged, path) for path in sorted(generated_paths(vault.policy)))
    alien = tuple(Diagnostic("output-foreign", Place(each.path), each.path) for each in files if each.alien)
    existing = {each.path: each.staged for each in files}
    withheld = None if how.accept_loss else loss(vault, now.loaded, existing)
    if withheld is not None:
        return StagedIndex(Indexed(overview, withheld=withheld, told=alien))
    stages.begin("render")
    with _git_at_work() as begun, workshop(vault.root, task.helper) as tools:
        run = _Run(staged, overview, tools)
        outputs = [_Both(each, run.made(each.path, each.staged)) for each in files if not each.alien]
        notices = tuple(each.output.notice for each in outputs if each.output.notice is not None)
        stale = tuple(each.file.path for each in outputs if each.is_stale)
        if how.check:
            return StagedIndex(Indexed(overview, stale, told=alien, notices=notices), to_add=stale)
        stages.begin("write")
        to_add = [(each.file, each.output.data) for each in outputs if how.add and each.differs]
        begun += run.storing(to_add)
        written, told = run.write(outputs)
        begun += run.adding(to_add)
        left = now.keep(vault) if task.use_cache else None
    indexed = Indexed(overview, stale, written, told=(*alien, *told), notices=notices, left=left)
    return StagedIndex(indexed, added=stale if how.add else (), to_add=() if how.add else stale)


def add_outputs(vault: Vault, repository: Repository) -> tuple[VaultPath, ...]:
    """Put the outputs into git's index as they stand in the work tree; those that it had otherwise."""
    with Snapshot(vault.root, repository) as snapshot:
        staged = Staged(vault, snapshot, False)
        files = [_File(staged, path) for path in sorted(generated_paths(vault.policy))]
    changed = [
        (file, file.here)
        for file in files
        if file.name is not None and file.here is not None and is_ours(file.path, file.here)
        if file.is_unmerged or file.here != file.staged
    ]
    with _git_at_work() as begun:
        begun += _put(vault.root, repository, changed)
        after = _index_after(repository)
        if after:
            begun += _put(vault.root, repository, changed, after)
    return tuple(file.path for file, _ in changed)


class _File:
    """An output in its places: ``staged`` are its bytes in git's index, ``here`` those in the work tree.

    ``name`` is what the repository calls it, None where it is outside or to be left out. ``alien``: what is
    staged was not made by vaultcrm.
    """

    def __init__(self, staged: Staged, path: VaultPath) -> None:
        root, snapshot = staged.vault.root, staged.snapshot
        self.path = path
        self.here = read_bytes(os.path.join(root, path))
        real = _real(root, path)
        self.held = None if real is None else snapshot.held(real)
        name = None if real is None else snapshot.git_path(real)
        unmerged = real is not None and snapshot.is_unmerged(real)
        if name is not None and self.held is None and not unmerged and snapshot.repository.ignored(name):
            name = None
        self.name = name
        self.staged = self.here if real is None or name is None or unmerged else snapshot.file(real)
        self.is_unmerged = unmerged
        self.alien = self.staged is not None and not is_ours(path, self.staged)


_ToAdd = tuple[_File, bytes]
"""An output, and what git's index is to have of it."""


class _Both(NamedTuple):
    """An output and its file."""

    file: _File
    output: Output

    @property
    def differs(self) -> bool:
        """Whether git's index has other bytes."""
        return self.file.name is not None and (self.file.is_unmerged or self.file.staged != self.output.data)

    @property
    def is_stale(self) -> bool:
        """Whether git's index says something else; line ends are git's own business."""
        old = self.file.staged
        return self.differs and (self.file.is_unmerged or old is None or not _same(old, self.output.data))


class _Run(NamedTuple):
    """What all outputs of a run are made from."""

    opened: Staged
    overview: Overview
    tools: Workshop

    def made(self, path: VaultPath, old: bytes | None) -> Output:
        """An output, with what a person wrote into its old text."""
        vault = self.opened.vault
        make = next(row.make for row in RENDERERS if path in row.paths(vault.policy))
        return make(vault, self.overview, path, old, self.tools)

    def write(self, outputs: Iterable[_Both]) -> tuple[tuple[VaultPath, ...], list[Diagnostic]]:
        """Write into the work tree; what was written, and what is to be told.

        What a person wrote into a file and did not stage stays there.
        """
        written: list[VaultPath] = []
        told: list[Diagnostic] = []
        for file, output in outputs:
            if file.here is not None and not is_ours(file.path, file.here):
                told.append(Diagnostic("output-foreign", Place(file.path), file.path))
                continue
            here = output
            if file.here not in (None, file.staged, output.data):
                here = self.made(file.path, file.here)
            told += problems_of(here)
            if file.here != here.data or here.rescued:
                written += write_output(self.opened.vault, here, {file.path: file.here})
        return tuple(written), told

    def storing(self, outputs: Sequence[_ToAdd]) -> Iterator[Begun]:
        """Have git store large outputs, which takes as long as to write them."""
        repository = self.opened.snapshot.repository
        for file, data in outputs:
            if file.name is not None and len(data) >= LARGE:
                yield repository.storing(file.name, data)

    def adding(self, outputs: Sequence[_ToAdd]) -> Iterator[Begun]:
        """Put outputs into the index in use, and into that which ``git commit -- PATH`` leaves behind."""
        root, repository = self.opened.vault.root, self.opened.snapshot.repository
        yield from _put(root, repository, outputs)
        after = _index_after(repository)
        if after:
            later = [(file, self._data_after(repository, after, file, data)) for file, data in outputs]
            yield from _put(root, repository, later, after)

    def _data_after(self, repository: Repository, after: str, file: _File, data: bytes) -> bytes:
        """What the index after the commit is to have: a person may have staged more there, for later."""
        name = file.name or ""
        entry = repository.staged(name, after).get(name)
        if entry is None or file.held is None or entry.oid == file.held.oid:
            return data
        return self.made(file.path, repository.content(entry.oid)).data


@contextmanager
def _git_at_work() -> Iterator[list[Begun]]:
    """What git has begun, to be noted down: at the end of a ``with`` all of it is done.

    Raises:
        GitError: git could not do it.
    """
    begun: list[Begun] = []
    try:
        yield begun
    finally:
        for each in begun:  # a commit must not go on with an index that is written to
            each.wait()
    for each in begun:
        each.finish()


def _put(root: str, repository: Repository, changed: Iterable[_ToAdd], index: str = "") -> Iterator[Begun]:
    """Put contents into an index; with the file's stamp, where the work tree has the same."""
    as_here: list[str] = []
    for file, data in changed:
        assert file.name is not None
        here = read_bytes(os.path.join(root, file.path))
        if here is not None and _same(here, data):
            as_here.append(file.name)
        else:
            repository.add_content(file.name, data, FILE if file.held is None else file.held.mode, index)
    if as_here:
        yield repository.adding(as_here, index)


def _index_after(repository: Repository) -> str:
    """The index that a running ``git commit -- PATH`` will leave; empty for any other commit."""
    after = os.path.join(repository.git_dir, "index.lock")
    own = _PARTIAL.fullmatch(os.path.basename(repository.index))
    return after if own and os.path.exists(after) else ""


def _real(root: str, path: VaultPath) -> VaultPath | None:
    """Where an output really is, links followed; None for a place outside the vault."""
    inside = os.path.realpath(root).rstrip(os.sep) + os.sep
    real = os.path.realpath(os.path.join(root, path))
    return real[len(inside) :].replace(os.sep, "/") if real.startswith(inside) else None


def _same(one: bytes, other: bytes) -> bool:
    """Whether two texts are equal but for their line ends."""
    if one == other:
        return True
    if len(one) - one.count(b"\r\n") != len(other) - other.count(b"\r\n"):
        return False
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")
