"""Git repositories on disk, in which commands are run for real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.command import run_cli
from tests.support.vaults import write_vault

VAULTCRM = (sys.executable, "-P", "-m", "vaultcrm")


@dataclass(frozen=True)
class Done:
    """What a program did."""

    status: int
    out: str
    err: str

    def text(self) -> str:
        """Everything that it said, for messages."""
        return f"[{self.status}]\n{self.out}{self.err}"


@dataclass(frozen=True)
class Repository:
    """A work tree; ``environment`` is added to that of the test, for all that is run in it."""

    top: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *command: str | Path, within: str = "", given: bytes = b"") -> Done:
        """Run any program in a folder of the work tree."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.top / within,
            env={**os.environ, **self.environment},
            input=given,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def git(self, *arguments: str | Path, within: str = "") -> str:
        """Run git, which must succeed; what it prints."""
        done = self.run("git", *arguments, within=within)
        assert done.status == 0, done.text()
        return done.out

    def vaultcrm(self, *arguments: str | Path, within: str = "") -> Done:
        """Run vaultcrm: as a process of its own where its environment is another than the test's."""
        if self.environment:
            return self.run(*VAULTCRM, *arguments, within=within)
        with chdir(self.top / within):
            outcome = run_cli(*arguments)
        return Done(outcome.status, outcome.out, outcome.err)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files; texts are dedented."""
        write_vault(self.top, files)

    def append(self, path: str, text: str) -> None:
        """Add to a file."""
        with (self.top / path).open("ab") as file:
            file.write(text.encode())

    def read(self, path: str) -> bytes:
        """What a file of the work tree holds."""
        return (self.top / path).read_bytes()

    def show(self, path: str, of: str = "HEAD") -> bytes:
        """What a commit has at a path; ``of=""``: the index."""
        done = subprocess.run(
            ["git", "cat-file", "blob", f"{of}:{path}"],
            cwd=self.top,
            env={**os.environ, **self.environment},
            capture_output=True,
            check=True,
        )
        return done.stdout

    def changed(self) -> list[str]:
        """What git sees as changed or unknown, as `git status` says it."""
        return [line for line in self.git("status", "--porcelain").splitlines() if line]

    def commit(self, *arguments: str, message: str = "a change") -> Done:
        """Commit, hooks included; it must succeed."""
        done = self.run("git", "commit", "-q", "-m", message, *arguments)
        assert done.status == 0, done.text()
        return done

    def commit_all(self, message: str = "a change") -> Done:
        """Commit all files, those that are new too."""
        self.git("add", "-A")
        return self.commit(message=message)


def new_repository(
    top: Path, files: Mapping[str, str | bytes] | None = None, **environment: str
) -> Repository:
    """A repository in a folder, with files in it that are not yet added."""
    top.mkdir(parents=True, exist_ok=True)
    repository = Repository(top, environment)
    repository.git("init", "-q", "-b", "main", ".")
    repository.write(files or {})
    return repository
