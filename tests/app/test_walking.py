"""Another process walks through a large vault; what it finds is what a walk here finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.app import walking
from vaultcrm.app.opening import open_vault
from vaultcrm.store import helper, vault
from vaultcrm.store.walk import walk_through

WORDS = ("log", "Acme", "phone: all is well", "--dry-run", "--today", AS_OF)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    for note in root.rglob("*"):
        os.utime(note, (1_700_000_000, 1_700_000_000))
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    monkeypatch.setattr(walking, "LARGE", 1)
    monkeypatch.setattr(helper, "processors", lambda: 2)
    return root


def test_what_is_found_is_given_once(root: Path) -> None:
    with walking.walking(open_vault(str(root), str(root))) as found:
        walk = found.walked()
        assert walk is not None
        assert sorted(walk.notes()) == sorted(walk_through(str(root)).notes())
        assert found.walked() is None


def test_log_walks_through_no_folder_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_cli(*WORDS, "--vault", root)

    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("the other process does that")

    monkeypatch.setattr(vault, "walk_through", refuse)
    assert run_cli(*WORDS, "--vault", root) == before
    assert before.status == 0


def test_where_the_other_process_fails_this_one_walks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_cli(*WORDS, "--vault", root)

    def fail(root: str) -> None:
        raise OSError(root)

    monkeypatch.setattr(walking, "walk_through", fail)
    assert run_cli(*WORDS, "--vault", root) == before


def test_a_small_vault_is_walked_through_here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "LARGE", 1 << 30)
    opened = open_vault(str(root), str(root))
    with walking.walking(opened) as found:
        assert found is opened
