from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs
import pytest

from vaultcrm.store.places import cache_folder, state_folder, vault_key


def test_the_folders_are_those_of_platformdirs(tmp_path: Path) -> None:
    key = vault_key(str(tmp_path))
    assert cache_folder(str(tmp_path)) == os.path.join(
        platformdirs.user_cache_dir("vaultcrm", appauthor=False), key
    )
    assert state_folder(str(tmp_path)) == os.path.join(
        platformdirs.user_state_dir("vaultcrm", appauthor=False), key
    )


@pytest.mark.skipif(sys.platform != "linux", reason="XDG")
@pytest.mark.parametrize("value", ["", "  ", "relative/folder"])
def test_a_variable_that_names_no_folder_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert cache_folder(str(tmp_path)) == f"{home}/.cache/vaultcrm/{vault_key(str(tmp_path))}"


def test_a_vault_has_one_key_by_whatever_way_one_comes(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    os.symlink(tmp_path / "vault", tmp_path / "link")
    assert vault_key(str(tmp_path / "link")) == vault_key(str(tmp_path / "vault" / ".." / "vault"))
    assert vault_key(str(tmp_path)) != vault_key(str(tmp_path / "vault"))
