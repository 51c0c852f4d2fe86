"""The contents of a git repository's files, from one process that stays open.

This module must not know whose files these are.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import IO

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.git import GitError, Repository, start

_AT_ONCE = 40
"""How many ids are asked for before answers are read: no pipe must ever be full on both sides."""


class Blob(NamedTuple):
    """A file's content. ``size`` is -1 where git does not have it; of a large one, only its beginning."""

    size: int
    data: bytes


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
            self._process = start(self._repository, "cat-file", "--batch")
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
