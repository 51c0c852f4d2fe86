"""git, called as a program: the only place that does so. This module must not know what a repository is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

from vaultcrm.errors import VaultcrmError


class GitError(VaultcrmError):
    """git is not there, or refused; the message has its own words."""


class Begun:
    """A git command that goes on while something else is done."""

    def __init__(
        self, arguments: Sequence[str], folder: str, environment: Mapping[str, str], given: bytes
    ) -> None:
        """It takes what it is given at once.

        Raises:
            GitError: git is not there.
        """
        self._arguments = arguments
        self._process = start(arguments, folder, environment, subprocess.PIPE)
        self._said: bytes | None = None
        given_to = self._process.stdin
        assert given_to is not None
        with suppress(BrokenPipeError):  # `finish` tells
            given_to.write(given)
        with suppress(BrokenPipeError):
            given_to.close()
        self._process.stdin = None

    def wait(self) -> bytes:
        """Wait until it has ended; what it said of errors."""
        if self._said is None:
            self._said = self._process.communicate()[1]
        return self._said

    def finish(self) -> None:
        """Wait until it has done its work.

        Raises:
            GitError: It has not.
        """
        said = self.wait()
        if self._process.returncode:
            raise refused(self._arguments, self._process.returncode, said)


def call(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a git command to its end, whatever its exit status.

    Raises:
        GitError: git is not there.
    """
    try:
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, input=given, capture_output=True, check=False
        )
    except OSError as error:
        raise _missing(error) from error


def start(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], errors: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a git command that takes its input, and answers, until its input is closed.

    Raises:
        GitError: git is not there.
    """
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            ["git", *arguments], cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=errors
        )
    except OSError as error:
        raise _missing(error) from error


def merge_texts(base: bytes, ours: bytes, theirs: bytes, *, union: bool = False) -> tuple[bytes, bool]:
    """A three-way merge of lines, and whether both sides changed the same ones.

    There markers stand; with ``union`` the lines of both sides do.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="vaultcrm-") as folder:
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        how = ("--union",) if union else ()
        arguments = ("merge-file", "-p", *how, "ours", "base", "theirs")
        done = call(arguments, folder, os.environ)
    if not 0 <= done.returncode < 128:  # up to 127 it is the number of conflicts
        raise GitError(f"git merge-file: {said_by(done.stderr)}")
    return done.stdout, done.returncode > 0


def said_by(stderr: bytes) -> str:
    """What a failed command said, without what git puts before each line."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return "\n".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in lines)


def refused(arguments: Sequence[str], status: int, stderr: bytes) -> GitError:
    """The error of a command that ended with a status."""
    return GitError(f"git {arguments[0]}: {said_by(stderr) or f'exit status {status}'}")


def _missing(error: OSError) -> GitError:
    return GitError(f"git cannot be run: {(error.strerror or str(error)).lower()}", "is git installed?")
