"""What git was asked ahead is what it says; where it was not, or of something else, it is asked again."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT, write_vault
from vaultcrm.app.stages import SILENT
from vaultcrm.cli import staged
from vaultcrm.cli.answering import RUN
from vaultcrm.git import ahead
from vaultcrm.git.repositories import STRICT, VAULTS, repository_for
from vaultcrm.store import git
from vaultcrm.store.git import find_repository, values
from vaultcrm.store.helper import Helper

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no second process there")

HOOK = ("hook", "run", "pre-commit")


@pytest.fixture(autouse=True)
def _run_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RUN, "helper", None)
    monkeypatch.setattr(RUN, "ahead", None)


@pytest.fixture
def repository(hooked: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(hooked.top)
    return hooked


def told(arguments: tuple[str, ...]) -> git.Repository | None:
    (plain,) = ahead.asked(arguments)
    return None if plain is None else git.Repository.of_plain(marshal.loads(marshal.dumps(plain)))


@pytest.mark.parametrize("settings", [(), ("strict true", "vault b c", "other x"), ("strict",)])
def test_a_hook_knows_its_repository_its_vaults_and_what_is_staged(
    repository: Repository, settings: tuple[str, ...]
) -> None:
    for setting in settings:
        key, is_set, value = setting.partition(" ")
        if is_set:
            repository.git("config", "--add", f"vaultcrm.{key}", value)
        else:
            repository.append(".git/config", f"[vaultcrm]\n\t{key}\n")
    found = told(HOOK)
    assert found == find_repository(str(repository.top))
    assert found is not None
    assert found.told.keys() == {values(STRICT), values(VAULTS)}
    asked = dict(found.told)
    assert {each: found.run(*each, ok=(0, 1)) for each in asked} == asked
    assert found.told == {}
    told_of, asked_of = found.to_commit(), found.to_commit()
    assert list(told_of) == list(asked_of)
    assert told_of.plain() == asked_of.plain()


def test_what_was_told_is_told_once(repository: Repository) -> None:
    found = told(HOOK)
    assert found is not None
    assert found.to_commit().get("New.md") is None
    repository.write({"New.md": "new"})
    repository.git("add", "-A")
    assert found.to_commit().get("New.md") is not None


def test_a_vault_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = new_repository(tmp_path / "r", {"crm/Home.md": "", "Other.md": ""})
    repository.git("add", "-A")
    monkeypatch.chdir(tmp_path)
    found = told(("index", "--staged", "--vault", str(repository.top / "crm")))
    assert found is not None
    assert found.ahead.keys() == {"crm"}
    assert [entry.path for entry in found.to_commit("crm")] == ["crm/Home.md"]


@pytest.mark.parametrize("arguments", [HOOK, ("index", "--staged"), ("index", "--staged", "--vault", "none")])
def test_where_there_is_no_repository_nothing_is_told(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(arguments) is None


def test_a_vault_in_another_repository_is_not_taken_for_this_one_s(tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "r", {"Home.md": ""})
    inner = new_repository(outer.top / "inner", {"Home.md": ""})
    known = find_repository(str(outer.top))
    assert repository_for(str(outer.top / "."), str(outer.top), known) is known
    found = repository_for(str(inner.top), str(outer.top), known)
    assert found.top == str(inner.top)


def lost(arguments: tuple[str, ...]) -> Iterator[Any]:
    raise RuntimeError(arguments)
    yield


@pytest.mark.parametrize("work", [None, ahead.asked, lost])
def test_a_commit_is_the_same_with_another_process_without_one_and_where_it_dies(
    repository: Repository, work: Any
) -> None:
    write_vault(repository.top, {"Clients/New.md": SMALL_VAULT["Clients/Acme.md"].replace("Acme", "New")})
    repository.git("add", "-A")
    other = RUN.ahead = None if work is None else Helper(partial(work, HOOK))
    try:
        found = staged.repository_told()
        assert (found is None) == (work is not ahead.asked)
        assert RUN.helper is (other if found is not None else None)
        asked = staged.Asked("2026-11-20", add=True)
        done = staged.index_in_git(str(repository.top), asked, SILENT, found)
    finally:
        if other is not None:
            other.end()
    assert done.added == ("CRM/Dashboard.md", "CRM/follow-ups.ics")
    assert b"New" in repository.show("CRM/Dashboard.md", "")
    assert repository.run("git", "diff", "--quiet").status == 0
