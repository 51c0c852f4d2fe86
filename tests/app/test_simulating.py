"""Another policy may read the vault otherwise, too: its clients need not be those of the one in force."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.command import Outcome, run_cli

MAPPED = '[mapping.folders]\n"Kunden" = "client"\n'
FILES = {
    "vaultcrm.toml": MAPPED,
    "Clients/Acme.md": "---\nowner: mira\nprojects: [{start: 2026-01-02}, {start: 2026-03-02}]\n---\n",
    "Kunden/Acme.md": "",
    "Kunden/Zenith.md": "",
}


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(FILES)


def simulated(vault: Path, config: str, *more: str) -> Outcome:
    (vault / "other.toml").write_text(config, encoding="utf-8")
    return run_cli(
        "policy", "simulate", vault / "other.toml", "--vault", vault, "--today", "2026-11-20", *more
    )


def test_clients_that_a_policy_without_the_mapping_does_not_know(vault: Path) -> None:
    """It ended as a bug of ours."""
    found = simulated(vault, "[stages]\ngrowing = 3\n")
    assert found.status == 0
    assert (
        "2 clients would not be known any more (does [mapping] stand there, too?): Acme, Zenith" in found.out
    )
    assert "1 client would change tier or stage:\n  Acme: growing client → new client" in found.out


def test_clients_that_another_mapping_knows_as_well(vault: Path) -> None:
    found = json.loads(simulated(vault, f'{MAPPED}"Clients" = false\n', "--json").out)
    assert [each["path"] for each in found["clients_gone"]] == ["Clients/Acme.md"]
    assert (found["clients_new"], found["clients"]) == ([], [])
    (vault / "vaultcrm.toml").write_text("", encoding="utf-8")
    found = json.loads(simulated(vault, MAPPED, "--json").out)
    assert found["clients_new"] == [
        {"name": "Acme", "path": "Kunden/Acme.md"},
        {"name": "Zenith", "path": "Kunden/Zenith.md"},
    ]
    assert "2 clients would be known as well: Acme, Zenith" in simulated(vault, MAPPED).out
