"""Git finds no repository but those of the tests, and no configuration but theirs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT

KEPT = {
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
}


@pytest.fixture(autouse=True)
def _only_here(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_") and name not in KEPT]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def hooked(home: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A small vault with the hook installed, and one commit that it ran in."""
    made = tmp_path_factory.getbasetemp() / "hooked" / "vault"
    if not made.exists():  # all tests begin with a copy of the first one's
        repository = new_repository(made, SMALL_VAULT)
        done = repository.vaultcrm("hook", "install")
        assert done.status == 0, done.text()
        repository.commit_all("first")
    shutil.copytree(made, tmp_path / "vault", symlinks=True)
    repository = Repository(tmp_path / "vault")
    repository.git("update-index", "-q", "--refresh")
    return repository
