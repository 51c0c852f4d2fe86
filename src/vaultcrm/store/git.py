"""git, called as a program: the only place that does so.

It asks git itself where things are, and so agrees with it about work trees, submodules, ``core.hooksPath``
and the index of a commit that is under way. This module must not know what a vault or a note is.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, NamedTuple

from vaultcrm.errors import VaultcrmError

LINK, SUBMODULE = "120000", "160000"
"""Modes of entries that are no files."""

FILE = "100644"
"""The mode of a new file."""

_AT_ONCE = 40
"""How many ids are asked for before answers are read: no pipe must ever be full on both sides."""

_HERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
_LOCAL = (
    *_HERE,
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
)
"""What git's hooks are given about one repository, and what misleads git in any other (`git rev-parse
--local-env-vars`)."""


class GitError(VaultcrmError):
    """git is not there, or refused; the message has its own words."""


class Entry(NamedTuple):
    """A path of an index or a tree, counted from the work tree's top.

    ``stage`` is 0 but for the sides of a conflict (1 to 3).
    """

    path: str
    mode: str
    oid: str
    stage: int = 0


class Blob(NamedTuple):
    """A file's content. ``size`` is -1 where git does not have it; of a large one, only its beginning."""

    size: int
    data: bytes


class Commit(NamedTuple):
    """A commit and when it was made, in seconds since the epoch."""

    oid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, seen from one of its work trees. Paths are absolute.

    ``index`` is the index in use: a commit that is under way may have one of its own. ``hooks`` is where git
    looks for hooks. ``environment`` is that of all of its git processes.
    """

    top: str
    git_dir: str
    common_dir: str
    index: str
    hooks: str
    environment: Mapping[str, str]

    def run(self, *arguments: str, given: bytes = b"", ok: Sequence[int] = (0,), index: str = "") -> bytes:
        """What a git command prints.

        Args:
            arguments: The command.
            given: Its standard input.
            ok: Exit statuses that are no errors.
            index: Another index than the one in use.

        Raises:
            GitError: It ended otherwise.
        """
        environment = {**self.environment, "GIT_INDEX_FILE": index} if index else self.environment
        done = _run(arguments, self.top, environment, given)
        if done.returncode not in ok:
            raise GitError(f"git {arguments[0]}: {_said(done) or f'exit status {done.returncode}'}")
        return done.stdout

    # ------------------------------------------------------------------------------------------- reading

    def staged(self, below: str = "", index: str = "") -> list[Entry]:
        """What is in the index in use, or in another, sorted by path; ``below`` a path only."""
        paths = ("--", below) if below else ()
        return [_entry(record) for record in _records(self.run("ls-files", "-s", "-z", *paths, index=index))]

    def committed(self, commit: str, below: str = "") -> list[Entry]:
        """What a commit holds, in the same way."""
        paths = ("--", below) if below else ()
        found = _records(self.run("ls-tree", "-r", "-z", "--full-tree", commit, *paths))
        return [_tree_entry(record) for record in found]

    def only_intended(self, paths: Sequence[str]) -> frozenset[str]:
        """Which of these are in the index only as an intention (``git add -N``): no commit has them."""
        added = self.run("diff-files", "--diff-filter=A", "--name-only", "-z", "--", *paths)
        return frozenset(_records(added))

    def filtered(self, paths: Iterable[str]) -> frozenset[str]:
        """Which paths a filter changes on their way out of the repository (git-crypt, LFS)."""
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        if not given:
            return frozenset()
        said = iter(_records(self.run("check-attr", "-z", "--stdin", "filter", given=given)))
        triples = zip(said, said, said, strict=True)
        return frozenset(path for path, _, value in triples if value not in ("unspecified", "unset"))

    def smudged(self, oid: str, path: str) -> bytes:
        """A file's content as a checkout would write it."""
        return self.run("cat-file", "--filters", f"--path={path}", oid)

    def content(self, oid: str) -> bytes:
        """What a file holds."""
        return self.run("cat-file", "blob", oid)

    def ignored(self, path: str) -> bool:
        """Whether a path is not in the index and ignored: git add would not take it unasked."""
        # this command refuses to take paths literally, but knows no wildcards either
        plain = {**self.environment, "GIT_LITERAL_PATHSPECS": "0"}
        return _run(("check-ignore", "-q", "--", f"./{path}"), self.top, plain).returncode == 0

    def commits(self, below: str, since: int | None = None) -> list[Commit]:
        """The commits on the first-parent line that touched a folder (empty: any), oldest first."""
        more = [f"--since={since}"] if since is not None else []
        paths = ("--", below) if below else ()
        said = self.run("log", "--first-parent", "--reverse", "--format=%H %ct", *more, "HEAD", *paths)
        return [
            Commit(oid, int(seconds))
            for oid, _, seconds in (line.partition(" ") for line in said.decode().splitlines())
        ]

    def has_commits(self) -> bool:
        """Whether there is any commit yet on this branch."""
        arguments = ("rev-parse", "-q", "--verify", "HEAD^{commit}")
        return _run(arguments, self.top, self.environment).returncode == 0

    # ------------------------------------------------------------------------------------------- writing

    def add_files(self, paths: Sequence[str], index: str = "") -> None:
        """Put files as they stand in the work tree into an index, as git add does."""
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        self.run("update-index", "--add", "-z", "--stdin", given=given, index=index)

    def add_content(self, path: str, data: bytes, mode: str = FILE, index: str = "") -> None:
        """Put a content into an index under a path; the work tree's file stays as it is."""
        oid = self.run("hash-object", "-w", "--stdin", f"--path={path}", given=data).decode().strip()
        self.run("update-index", "--add", "--cacheinfo", f"{mode},{oid},{path}", index=index)

    # ------------------------------------------------------------------------------------- configuration

    def config(self, key: str) -> list[str]:
        """All values of a key of this repository's own configuration."""
        return _records(self.run("config", "--local", "-z", "--get-all", key, ok=(0, 1)))

    def set_config(self, key: str, *values: str) -> None:
        """Have a key of this repository's own configuration hold these values; none: it goes."""
        if self.config(key) == list(values):
            return
        self.run("config", "--local", "--unset-all", key, ok=(0, 5))
        for value in values:
            self.run("config", "--local", "--add", key, value)

    def remove_section(self, section: str) -> None:
        """Take a section out of this repository's own configuration."""
        self.run("config", "--local", "--remove-section", section, ok=(0, 128))


def find_repository(folder: str) -> Repository | None:
    """The repository whose work tree holds a folder; None where there is none.

    Within a hook it is the one that git names, with the index that the commit uses, unless the folder lies in
    another repository.

    Raises:
        GitError: git is not there, or does not trust the folder.
    """
    if any(name in os.environ for name in _HERE):
        found = _discover(os.getcwd(), os.environ)
        if found is not None and _is_innermost(found.top, os.path.realpath(folder)):
            return found
    return _discover(folder, {name: value for name, value in os.environ.items() if name not in _LOCAL})


def _is_innermost(top: str, folder: str) -> bool:
    """Whether a folder is in a work tree, and in no other one within that."""
    while folder != os.path.realpath(top):
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return False
        folder = above
    return True


def _discover(folder: str, environment: Mapping[str, str]) -> Repository | None:
    asked = ("--show-toplevel", "--git-dir", "--git-common-dir", "--git-path", "index", "--git-path", "hooks")
    done = _run(("rev-parse", "--path-format=absolute", *asked), folder, {**environment, "LC_ALL": "C"})
    if done.returncode:
        said = _said(done)
        if "not a git repository" in said or "must be run in a work tree" in said:
            return None
        raise GitError(f"git: {said}")
    top, git_dir, common_dir, index, hooks = os.fsdecode(done.stdout).splitlines()
    own = {
        "GIT_DIR": git_dir,
        "GIT_WORK_TREE": top,
        "GIT_INDEX_FILE": index,
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    kept = {name: value for name, value in environment.items() if name != "GIT_PREFIX"}
    return Repository(top, git_dir, common_dir, index, hooks, {**kept, **own})


class Blobs:
    """The contents of a repository's blobs, from one process that stays open; for a ``with``."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, oid: str, limit: int) -> Blob:
        """One blob; ``limit`` is how many bytes it may have."""
        return next(self.read_all([oid], limit))

    def read_all(self, oids: Iterable[str], limit: int) -> Iterator[Blob]:
        """Many blobs, in their order."""
        rest = iter(oids)
        while some := list(islice(rest, _AT_ONCE)):
            given, answers = self._pipes()
            try:
                given.write("".join(f"{oid}\n" for oid in some).encode())
                given.flush()
            except BrokenPipeError as error:
                raise GitError("git cat-file ended early") from error
            for _ in some:
                yield self._answer(answers, limit)

    def _answer(self, answers: IO[bytes], limit: int) -> Blob:
        header = answers.readline().split()
        if len(header) != 3:
            if header[-1:] == [b"missing"]:
                return Blob(-1, b"")
            raise GitError("git cat-file ended early")
        size = int(header[2])
        data = answers.read(min(size, limit))
        left = size + 1 - len(data)
        while left:
            left -= len(answers.read(min(left, 1 << 20)) or b"x" * left)
        return Blob(size, data)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """The process's ends; a copy of this process (`readings`) has to have one of its own."""
        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = _open(("cat-file", "--batch"), self._repository.top, self._repository.environment)
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None
        assert answers is not None
        return given, answers

    def close(self) -> None:
        """End the process; may be called again."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

    def __enter__(self) -> Blobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def merge_texts(base: bytes, ours: bytes, theirs: bytes, *, union: bool = False) -> tuple[bytes, bool]:
    """A three-way merge of lines, and whether both sides changed the same ones.

    There markers stand; with ``union`` the lines of both sides do.
    """
    with TemporaryDirectory(prefix="vaultcrm-") as folder:
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        how = ("--union",) if union else ()
        arguments = ("merge-file", "-p", *how, "ours", "base", "theirs")
        done = _run(arguments, folder, os.environ)
    if not 0 <= done.returncode < 128:  # up to 127 it is the number of conflicts
        raise GitError(f"git merge-file: {_said(done)}")
    return done.stdout, done.returncode > 0


def _entry(record: str) -> Entry:
    said, _, path = record.partition("\t")
    mode, oid, stage = said.split(" ")
    return Entry(path, mode, oid, int(stage))


def _tree_entry(record: str) -> Entry:
    said, _, path = record.partition("\t")
    mode, _, oid = said.split(" ")
    return Entry(path, mode, oid)


def _records(said: bytes) -> list[str]:
    return os.fsdecode(said).split("\0")[:-1]


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a failed command said, without what git puts before each line."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return "\n".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in lines)


def _run(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, input=given, capture_output=True, check=False
        )
    except OSError as error:
        raise _missing(error) from error


def _open(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise _missing(error) from error


def _missing(error: OSError) -> GitError:
    return GitError(f"git cannot be run: {(error.strerror or str(error)).lower()}", "is git installed?")
