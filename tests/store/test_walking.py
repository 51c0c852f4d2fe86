"""Another process walks through a vault; what it finds is what a walk here finds."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.store import helper, walking
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.walk import LASTING_NS, Share, Walk, walk_through


@pytest.fixture(params=["whole", "shared"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A vault through which another process walks alone, or in part."""
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    if request.param == "shared":
        monkeypatch.setattr(walking, "HUGE", 0)
    monkeypatch.setattr(helper, "processors", lambda: 2)
    return str(root)


def ahead(root: str) -> walking.WalkAhead:
    begun = walking.walk_ahead(("index", "--vault", root), then="vaultcrm.store.walk")
    assert begun is not None
    return begun


def test_what_is_found_is_given_once(root: str) -> None:
    begun = ahead(root)
    walk, own = begun.walked(root), walk_through(root)
    assert walk is not None
    assert sorted(walk.notes()) == sorted(own.notes())
    assert Stamps(walk.in_parts()).plain() == Stamps(own.in_parts()).plain()
    assert begun.walked(root) is None
    begun.helper.end()


def test_a_huge_vault_is_walked_through_by_both(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[Share] = []

    def walked(root: str, *, share: Share) -> Walk:
        shares.append(share)
        return walk_through(root, share=share)

    monkeypatch.setattr(walking, "walk_through", walked)
    begun = ahead(root)
    assert shares == [], "that is the other process's part"
    assert begun.walked(root) is not None
    assert shares == ([(0, 2)] if walking.HUGE == 0 else [])
    begun.helper.end()


def test_a_vault_that_is_gone_meanwhile_has_no_walk(root: str) -> None:
    begun = ahead(root)
    time.sleep(0.2)
    shutil.rmtree(root)
    walk = begun.walked(root)
    assert (walk is None) if walking.HUGE == 0 else (walk is not None)
    begun.helper.ask("vaultcrm.store.walk", "below", "Clients")
    assert begun.helper.answer() == "Clients/"
    begun.helper.end()


def test_afterwards_the_helper_is_free(root: str) -> None:
    begun = ahead(root)
    assert begun.walked(root) is not None
    begun.helper.ask("vaultcrm.store.walk", "below", "Clients")
    assert begun.helper.answer() == "Clients/"
    begun.helper.end()


def test_the_walk_through_another_vault_is_none(root: str, tmp_path: Path) -> None:
    begun = ahead(root)
    assert begun.walked(str(tmp_path)) is None
    begun.helper.ask("vaultcrm.store.walk", "below", "Clients")
    assert begun.helper.answer() == "Clients/"
    begun.helper.end()


def test_who_had_to_wait_walks_again(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = ahead(root)
    late = time.time_ns() + 2 * LASTING_NS
    with monkeypatch.context() as later:
        later.setattr(time, "time_ns", lambda: late)
        assert begun.walked(root) is None
    begun.helper.end()


def test_who_let_another_run_pass_walks_again(root: str) -> None:
    begun = ahead(root)
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    assert begun.walked(root) is None
    begun.helper.end()


def test_a_run_that_ended_before_is_no_reason_to_walk_again(
    root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    with monkeypatch.context() as later:
        now = time.time_ns() + 2 * walking.TICK_NS
        later.setattr(time, "time_ns", lambda: now)
        begun = ahead(root)
    assert begun.walked(root) is not None
    begun.helper.end()


def test_a_walk_that_fails_is_none(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: str, *, share: Share) -> None:
        raise OSError(root, share)

    monkeypatch.setattr(walking, "walk_through", fail)
    begun = ahead(root)
    assert begun.walked(root) is None
    begun.helper.end()


def test_only_a_large_vault_is_worth_a_process(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("agenda", "--vault", root)
    assert walking.walk_ahead(arguments) is None
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    assert walking.walk_ahead(arguments) is None
    monkeypatch.setattr(walking, "LARGE", 1)
    begun = walking.walk_ahead(arguments)
    assert begun is not None
    begun.helper.end()


def test_there_is_no_walk_through_what_is_no_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper, "processors", lambda: 2)
    assert walking.walk_ahead(("index", "--vault", str(tmp_path / "none")), then="os") is None
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("VAULTCRM_VAULT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert walking.walk_ahead(("index",), then="os") is None


def test_there_is_no_walk_where_there_is_no_other_processor(
    root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "processors", lambda: 1)
    assert walking.walk_ahead(("index", "--vault", root), then="os") is None
    assert os.path.isdir(root)
