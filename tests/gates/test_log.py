"""To note a conversation down takes little: few libraries, the client's own notes, and one walk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.gates.counting import Counted, counted
from tests.support.command import run_cli
from tests.support.surroundings import pin
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault

HEAVY = frozenset(
    {
        "base64",
        "dataclasses",
        "difflib",
        "frontmatter",
        "icalendar",
        "inspect",
        "logging",
        "markdown_it",
        "pathlib",
        "shutil",
        "subprocess",
        "tempfile",
        "tomllib",
        "typer",
        "urllib",
        "vaultcrm.app.runs",
        "vaultcrm.app.outputs",
        "vaultcrm.render.dashboard",
        "vaultcrm.app.upkeep",
        "yaml",
    }
)
"""What it does not load where `index` has run: each takes as long as some part of its work."""


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    vault = write_vault(tmp_path / "vault", SMALL_VAULT)
    for note in vault.rglob("*"):
        os.utime(note, (1_700_000_000, 1_700_000_000))
    pin(monkeypatch, tmp_path)
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0
    words = ("log", "Acme", "phone: the site is live, they like it", "--vault", vault, "--today", AS_OF)
    assert (
        counted(tmp_path / "first.json", *words, "--dry-run").status == 0
    )  # keeps the words of the language
    return counted(tmp_path / "report.json", *words)


def test_it_loads_no_heavy_library(logged: Counted) -> None:
    assert logged.status == 0, logged.err
    assert logged.out.startswith("wrote ")
    assert logged.modules & HEAVY == set()


def test_it_opens_no_note_but_the_new_one(logged: Counted, tmp_path: Path) -> None:
    opened = [path for path in logged.opened_in(tmp_path / "vault") if path.endswith(".md")]
    assert len(opened) <= 1
