"""The contents of a git repository's files, from processes of git that stay open.

This module must not know whose files these are.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BufferedReader
from itertools import islice
from types import TracebackType
from typing import IO

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.calling import GitError, start
from vaultcrm.store.git import FILTER_WORDS, Repository, hidden_by_filter

_AT_ONCE = 40
"""How many ids are asked for before answers are read: no pipe must ever be full on both sides."""

_FEW = 16 * 1024
"""Up to how many bytes of paths are asked for in the same way: more takes a process of its own."""


class Blob(NamedTuple):
    """A file's content. ``size`` is -1 where git does not have it; of a large one, only its beginning."""

    size: int
    data: bytes


class Contents:
    """What the files of a repository hold, from processes that stay open until `close`."""

    def __init__(self, repository: Repository) -> None:
        """Whose files. Nothing is begun yet."""
        self._repository = repository
        self._blobs = _Conversation(repository, "cat-file", "--batch")
        self._filters = _Conversation(repository, "check-attr", "--stdin", "-z", "filter")

    def begin(self) -> None:
        """Begin what is going to be asked: it is ready by then."""
        self._blobs.begin()
        self._filters.begin()

    def read_all(self, oids: Iterable[str], limit: int) -> Iterator[Blob]:
        """What is stored under some ids, in their order; ``limit`` is how many bytes each may have."""
        rest = iter(oids)
        while some := list(islice(rest, _AT_ONCE)):
            answers = self._blobs.ask("".join(f"{oid}\n" for oid in some).encode())
            for _ in some:
                yield self._answer(answers, limit)

    def filtered(self, paths: Sequence[str]) -> frozenset[str]:
        """Which paths a filter changes on their way out of the repository (git-crypt, LFS)."""
        asked = [os.fsencode(path) for path in paths]
        if sum(map(len, asked)) > _FEW:
            return self._repository.filtered(paths)
        answers = self._filters.ask(b"".join(path + b"\0" for path in asked))
        said = b""
        while said.count(b"\0") < FILTER_WORDS * len(asked):
            more = answers.read1()
            if not more:
                raise GitError("git check-attr ended early")
            said += more
        return hidden_by_filter(said)

    @staticmethod
    def _answer(answers: IO[bytes], limit: int) -> Blob:
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

    def close(self) -> None:
        """End the processes; may be called again."""
        self._blobs.close()
        self._filters.close()

    def __enter__(self) -> Contents:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


class _Conversation:
    """A git command that answers until its input is closed; it is begun once it is asked something."""

    def __init__(self, repository: Repository, *arguments: str) -> None:
        self._repository = repository
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, question: bytes) -> BufferedReader:
        """Ask something; where the answers are to be read.

        Raises:
            GitError: It has ended.
        """
        self.begin()
        assert self._process is not None
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None
        assert isinstance(answers, BufferedReader)
        try:
            given.write(question)
            given.flush()
        except BrokenPipeError as error:
            raise GitError(f"git {self._arguments[0]} ended early") from error
        return answers

    def begin(self) -> None:
        """Begin it, unless it is; a copy of this process (`readings`) has to have one of its own."""
        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = start(self._arguments, self._repository.top, self._repository.environment)

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
