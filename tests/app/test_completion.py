"""Names of clients complete, whatever the shell, and nothing is ever told instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import MakeVault
from vaultcrm.cli.clients import complete_client

FILES = {
    "Clients/Bell Foods.md": "---\ntype: client\naliases: [bells, 'A$B']\n---\n",
    "Clients/松果面馆.md": "---\ntype: client\n---\n",
}


def completed(root: Path | None, typed: str) -> list[str]:
    context: Any = SimpleNamespace(params={"vault": None if root is None else str(root)})
    return complete_client(context, typed)


def test_names_and_aliases_complete(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    assert completed(root, "") == ["A$B", "Bell Foods", "bells", "松果面馆"]
    assert completed(root, "BE") == ["Bell Foods", "bells"]
    assert completed(root, "松") == ["松果面馆"]
    assert completed(root, "x") == []


def test_bash_takes_a_name_as_it_stands(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_VAULTCRM_COMPLETE", "complete_bash")
    assert completed(make_vault(FILES), "") == ["A\\$B", "Bell\\ Foods", "bells", "松果面馆"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (r"bell\ f", r"Bell\ Foods"),
        ('"Bell ', "Bell Foods"),
        ('"A', r"A\$B"),
        ("'Tom", r"Tom'\''s"),
    ],
)
def test_a_name_completes_beyond_its_first_blank(typed: str, line: str, make_vault: MakeVault) -> None:
    """Typer drops what does not begin with what was typed, before the shell quotes it."""
    files = {**FILES, "Clients/Tom's.md": "---\ntype: client\n---\n"}
    asked = {
        "_VAULTCRM_COMPLETE": "complete_bash",
        "COMP_WORDS": f"vaultcrm\nshow\n{typed}",
        "COMP_CWORD": "2",
    }
    command = [sys.executable, "-m", "vaultcrm"]
    environment = {**os.environ, **asked}
    done = subprocess.run(command, cwd=make_vault(files), env=environment, capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[:1] == [line]


def test_nothing_is_told_where_there_is_no_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed(tmp_path / "none", "") == []
    (tmp_path / "vaultcrm.toml").write_text("nonsense", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert completed(None, "") == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_options_complete_in_the_vault_s_language(
    shell: str, make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({**FILES, "vaultcrm.toml": 'language = "zh"\n'})
    asked = {"_VAULTCRM_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "vaultcrm index --st"}
    environment = {**os.environ, **asked, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    command = [sys.executable, "-m", "vaultcrm"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)
    said = done.stdout.decode()
    assert "--staged" in said
    assert "--strict" in said
    assert "Read the notes" not in said
    assert "git" in said
