"""A git repository, and what it is asked.

It asks git itself where things are, and so agrees with it about work trees, submodules, ``core.hooksPath``
and the index of a commit that is under way. This module must not know what a vault or a note is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.calling import Begun, GitError, call, refused, said_by
from vaultcrm.store.entries import Entries, records

FILE = "100644"
"""The mode of a new file."""

_EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""What an empty file is called in git, by SHA-1 and by SHA-256."""

_BETWEEN = "--and"
"""What stands between the answers of ``rev-parse``, which prints each option that it does not know as it is.

A folder's name may have line ends of its own.
"""

_MANY = 100
"""How many names fit on a command line: one of Windows has room for 32,767 characters."""

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


class Commit(NamedTuple):
    """A commit and when it was made, in seconds since the epoch."""

    oid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, seen from one of its work trees. Paths are absolute.

    ``index`` is the index in use: a commit that is under way may have one of its own. ``hooks`` is where git
    looks for hooks. ``environment`` is that of all of its git processes. ``told`` and ``ahead`` are what git
    has said already, to some commands and of what is `to_commit`: who asks first has it from there.
    """

    top: str
    git_dir: str
    common_dir: str
    index: str
    hooks: str
    environment: Mapping[str, str]
    told: dict[tuple[str, ...], bytes] = field(default_factory=dict, repr=False, compare=False)
    ahead: dict[str, Entries] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_plain(cls, plain: Sequence[Any]) -> Repository:
        """That of which `plain` was made."""
        top, git_dir, common_dir, index, hooks, environment, told, ahead = plain
        entries = {below: Entries.of_plain(each) for below, each in ahead.items()}
        return cls(top, git_dir, common_dir, index, hooks, environment, told, entries)

    def plain(self) -> tuple[Any, ...]:
        """All of it in plain values."""
        here = self.top, self.git_dir, self.common_dir, self.index, self.hooks, dict(self.environment)
        return *here, self.told, {below: entries.plain() for below, entries in self.ahead.items()}

    def is_of(self, folder: str) -> bool:
        """Whether a folder lies in this work tree, and in no other one within it."""
        return _is_innermost(self.top, os.path.realpath(folder))

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
        if arguments in self.told and not (given or index):
            return self.told.pop(arguments)
        done = call(arguments, self.top, self._environment(index), given)
        if done.returncode not in ok:
            raise refused(arguments, done.returncode, done.stderr)
        return done.stdout

    def _begin(self, *arguments: str, given: bytes, index: str = "") -> Begun:
        """The same, while this process goes on."""
        return Begun(arguments, self.top, self._environment(index), given)

    def _environment(self, index: str) -> Mapping[str, str]:
        return {**self.environment, "GIT_INDEX_FILE": index} if index else self.environment

    # ------------------------------------------------------------------------------------------- reading

    def to_commit(self, below: str = "") -> Entries:
        """What is in the index in use, below a path or everywhere.

        What ``git add -N`` announced is left out: it looks like an empty file, and is in no commit.
        """
        if below in self.ahead:
            return self.ahead.pop(below)
        found = self.staged(below)
        empty = found.paths_of(_EMPTY)
        if len(empty) > _MANY:  # git would have to be given their names, and a command line has its bounds
            intended = self.only_intended([below] if below else [])
        else:
            intended = self.only_intended(empty) if empty else frozenset()
        for path in intended:
            found.leave_out(path)
        return found

    def staged(self, below: str = "", index: str = "") -> Entries:
        """What is in the index in use, or in another; ``below`` a path only."""
        paths = ("--", below) if below else ()
        return Entries(self.run("ls-files", "-s", "-z", *paths, index=index))

    def committed(self, commit: str, below: str = "") -> Entries:
        """What a commit holds, in the same way."""
        paths = ("--", below) if below else ()
        return Entries(self.run("ls-tree", "-r", "-z", "--full-tree", commit, *paths))

    def sides(self, file: str) -> tuple[bytes, bytes, bytes] | None:
        """What both sides began with, ours and theirs of a file in conflict, as a checkout would write them.

        None for a file that is in none. Empty is the first where there was no such file.
        """
        path = os.path.relpath(file, os.path.realpath(self.top)).replace(os.sep, "/")
        found = {each.stage: self.smudged(each.oid, path) for each in self.staged(path)}
        return (found.get(1, b""), found[2], found[3]) if {2, 3} <= found.keys() else None

    def only_intended(self, paths: Sequence[str]) -> frozenset[str]:
        """What of these paths, or of all, is in the index only as an intention (``git add -N``).

        No commit has that.
        """
        added = self.run("diff-files", "--diff-filter=A", "--name-only", "-z", "--", *paths)
        return frozenset(records(added))

    def filtered(self, paths: Iterable[str]) -> frozenset[str]:
        """Which paths a filter changes on their way out of the repository (git-crypt, LFS)."""
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        if not given:
            return frozenset()
        return hidden_by_filter(self.run("check-attr", "-z", "--stdin", "filter", given=given))

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
        return call(("check-ignore", "-q", "--", f"./{path}"), self.top, plain).returncode == 0

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
        return bool(self.resolved("HEAD^{commit}"))

    # ------------------------------------------------------------------------------------------- writing

    def adding(self, paths: Sequence[str], index: str = "") -> Begun:
        """Begin to put files as they stand in the work tree into an index, as git add does."""
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        return self._begin("update-index", "--add", "-z", "--stdin", given=given, index=index)

    def storing(self, path: str, data: bytes) -> Begun:
        """Begin to store a content, as it is stored under a path: who adds it then need not wait for that."""
        return self._begin("hash-object", "-w", "--stdin", f"--path={path}", given=data)

    def add_content(self, path: str, data: bytes, mode: str = FILE, index: str = "") -> None:
        """Put a content into an index under a path; the work tree's file stays as it is."""
        oid = self.run("hash-object", "-w", "--stdin", f"--path={path}", given=data).decode().strip()
        self._put(path, mode, oid, index)

    def write_tree(self) -> str:
        """The id of the tree that the index would be committed as."""
        return self.run("write-tree").decode().strip()

    def resolved(self, name: str) -> str:
        """The id that a name stands for, such as ``HEAD^{tree}``; empty where there is none."""
        return self.run("rev-parse", "-q", "--verify", name, ok=(0, 1, 128)).decode().strip()

    def changed_since(self, tree: str) -> list[str]:
        """The paths at which the index differs from a tree."""
        return records(self.run("diff-index", "--cached", "--name-only", "-z", tree))

    def amend(self, commit: str, paths: Sequence[str]) -> bool:
        """Put what the index has at some paths into the last commit, which stays what it is otherwise.

        Nothing is done where the commit is signed: another content would need another signature.

        Args:
            commit: The last commit's id.
            paths: The paths.

        Raises:
            GitError: It is the last one no more: another program has committed.
        """
        if self.is_signed(commit):
            return False
        header, blank, message = self.run("cat-file", "commit", commit).partition(b"\n\n")
        _, _, rest = header.partition(b"\n")  # the tree's line is the first
        tree = self._tree_with(commit, paths)
        amended = b"tree %b\n%b" % (tree.encode(), rest) + blank + message
        oid = self.run("hash-object", "-t", "commit", "-w", "--stdin", given=amended).decode().strip()
        self.run("update-ref", "-m", "vaultcrm: outputs of its notes", "HEAD", oid, commit)
        return True

    def is_signed(self, commit: str = "HEAD") -> bool:
        """Whether a commit is signed."""
        header, _, _ = self.run("cat-file", "commit", commit).partition(b"\n\n")
        return b"\ngpgsig" in header

    def _tree_with(self, commit: str, paths: Sequence[str]) -> str:
        """The tree of a commit with what the index has at some paths."""
        from tempfile import TemporaryDirectory  # a commit waits for this module, and few need folders

        with TemporaryDirectory(prefix="vaultcrm-", dir=self.git_dir) as folder:
            index = os.path.join(folder, "index")
            self.run("read-tree", commit, index=index)
            for entry in (entry for path in paths for entry in self.staged(path)):
                self._put(entry.path, entry.mode, entry.oid, index)
            return self.run("write-tree", index=index).decode().strip()

    def _put(self, path: str, mode: str, oid: str, index: str) -> None:
        self.run("update-index", "--add", "--cacheinfo", f"{mode},{oid},{path}", index=index)

    # ------------------------------------------------------------------------------------- configuration

    def config(self, key: str) -> list[str]:
        """All values of a key of this repository's own configuration."""
        return records(self.run(*values(key), ok=(0, 1)))

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


def values(key: str) -> tuple[str, ...]:
    """The command that tells all values of a key of a repository's own configuration."""
    return ("config", "--local", "-z", "--get-all", key)


def find_repository(folder: str) -> Repository | None:
    """The repository whose work tree holds a folder; None where there is none.

    Within a hook it is the one that git names, with the index that the commit uses, unless the folder lies in
    another repository.

    Raises:
        GitError: git is not there, or does not trust the folder.
    """
    if any(name in os.environ for name in _HERE):
        found = _discover(os.getcwd(), os.environ)
        if found is not None and found.is_of(folder):
            return found
    return _discover(folder, {name: value for name, value in os.environ.items() if name not in _LOCAL})


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


def git_version() -> tuple[int, ...]:
    """The numbers of git's version, such as (2, 39, 5).

    Raises:
        GitError: git is not there.
    """
    said = call(("version",), ".", os.environ).stdout.decode("utf-8", "replace")
    found = re.search(r"\d+(\.\d+)+", said)
    return tuple(map(int, found[0].split("."))) if found else ()


def _is_innermost(top: str, folder: str) -> bool:
    """Whether a folder is in a work tree, and in no other one within that."""
    while folder != os.path.realpath(top):
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return False
        folder = above
    return True


def _discover(folder: str, environment: Mapping[str, str]) -> Repository | None:
    asked = ("--show-toplevel", "--git-dir", "--git-common-dir", "--git-path index", "--git-path hooks")
    words = f" {_BETWEEN} ".join(asked).split()
    done = call(("rev-parse", "--path-format=absolute", *words), folder, {**environment, "LC_ALL": "C"})
    if done.returncode:
        said = said_by(done.stderr)
        if "not a git repository" in said or "must be run in a work tree" in said:
            return None
        raise GitError(f"git: {said}")
    said = os.fsdecode(done.stdout).removesuffix("\n")
    top, git_dir, common_dir, index, hooks = said.split(f"\n{_BETWEEN}\n")
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


FILTER_WORDS = 3
"""How many words git says of each path whose filter it is asked for."""


def hidden_by_filter(said: bytes) -> frozenset[str]:
    """Of which paths git has said that a filter changes them on their way out."""
    words = iter(records(said))
    triples = zip(words, words, words, strict=True)
    return frozenset(path for path, _, value in triples if value not in ("unspecified", "unset"))
