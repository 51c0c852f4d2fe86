"""How the notes that `check` is to look at are named on its command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.command import run_cli

NOTES = {
    "vaultcrm.toml": "",
    "Clients/Acme.md": "---\nstatus: x\n---\n",
    "People/Jo.md": "---\nleft: x\n---\n",
}


@pytest.mark.parametrize("named", ["Clients", "Clients/Acme.md", "../vault/Clients", "."])
def test_notes_are_named_from_the_vault_s_root_where_none_is_so_called_here(
    named: str, make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = make_vault(NOTES)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(vault if named == "." else tmp_path / "here")
    said = run_cli("check", named, "--vault", vault)
    assert said.status == 1
    assert ("Clients/Acme.md:2:9" in said.out, "People/Jo.md" in said.out) == (True, named == ".")


def test_what_is_here_counts_before_what_the_vault_has_of_that_name(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = make_vault(NOTES)
    (tmp_path / "Clients").mkdir()
    monkeypatch.chdir(tmp_path)
    said = run_cli("check", "Clients", "--vault", vault)
    assert (said.status, "Clients is not in the vault" in said.err) == (2, True)


def test_what_is_nowhere_is_told(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = make_vault(NOTES)
    monkeypatch.chdir(vault)
    said = run_cli("check", "Clients/Acne.md")
    assert (said.status, "there is no Clients/Acne.md" in said.err) == (2, True)
