"""A vanished vault is not an empty one: outputs stay as they are, and why is told (specification 4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF

CLIENTS = {f"Clients/{name}.md": "---\nowner: mira\n---\n" for name in "ABCDE"}
OUTPUTS = ("CRM/Dashboard.md", "CRM/follow-ups.ics")


def index(vault: Path, *options: str) -> Outcome:
    return run_cli("index", "--vault", vault, "--today", AS_OF, *options)


def outputs(vault: Path) -> dict[str, bytes]:
    return {path: (vault / path).read_bytes() for path in OUTPUTS if (vault / path).exists()}


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    root = make_vault({"vaultcrm.toml": "", **CLIENTS})
    assert index(root).status == 0
    return root


def lose(vault: Path, names: str) -> None:
    for name in names:
        (vault / f"Clients/{name}.md").unlink()


@pytest.mark.parametrize(("lost", "withheld"), [("A", False), ("AB", False), ("ABC", True), ("ABCDE", True)])
@pytest.mark.parametrize("option", [(), ("--check",), ("--full",)])
def test_more_than_half_of_the_clients(
    vault: Path, lost: str, withheld: bool, option: tuple[str, ...]
) -> None:
    before = outputs(vault)
    lose(vault, lost)
    outcome = index(vault, *option)
    assert (outcome.status == 3) is withheld
    if withheld:
        assert outputs(vault) == before
        assert f"5 clients were known, now {5 - len(lost)}" in outcome.err
        assert "--accept-loss" in outcome.err
    else:
        assert (outputs(vault) == before) is (option == ("--check",))


def test_half_of_four_may_go(make_vault: MakeVault) -> None:
    root = make_vault({path: text for path, text in CLIENTS.items() if "E" not in path})
    index(root)
    lose(root, "AB")
    assert index(root).status == 0
    lose(root, "C")
    assert index(root).status == 0


def test_the_loss_may_be_accepted_and_then_is_the_new_measure(vault: Path) -> None:
    lose(vault, "ABCD")
    assert index(vault).status == 3
    assert index(vault, "--accept-loss").status == 0
    assert index(vault).status == 0
    assert b"clients=1 " in outputs(vault)["CRM/Dashboard.md"]


def test_without_a_dashboard_there_is_no_measure(vault: Path) -> None:
    lose(vault, "ABCDE")
    (vault / "CRM/Dashboard.md").unlink()
    assert index(vault).status == 0


def test_other_commands_answer_all_the_same(vault: Path) -> None:
    lose(vault, "ABCD")
    assert run_cli("agenda", "--vault", vault, "--today", AS_OF).status == 0
    assert run_cli("export", "json", "--vault", vault, "--today", AS_OF).status == 0


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be read there")
def test_a_note_that_cannot_be_read(vault: Path) -> None:
    before = outputs(vault)
    (vault / "Clients/A.md").chmod(0)
    outcome = index(vault)
    assert (outcome.status, outputs(vault)) == (3, before)
    assert "1 file could not be read (Clients/A.md)" in outcome.err
    assert index(vault, "--accept-loss").status == 0


def test_a_note_that_is_not_downloaded(vault: Path) -> None:
    before = outputs(vault)
    (vault / "Clients/A.md").rename(vault / "Clients/.A.md.icloud")
    outcome = index(vault)
    assert (outcome.status, outputs(vault)) == (3, before)
    assert "1 file could not be read (Clients/A.md)" in outcome.err
