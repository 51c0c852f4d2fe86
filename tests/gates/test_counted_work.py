"""What a run does is counted: notes parsed, blocks written, outputs written. Counts hold on any machine."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import vaultcrm.render.ics
from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, stamps, write_vault
from vaultcrm import loading

CLIENTS = 30


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    notes = dict(SMALL_VAULT)
    for number in range(CLIENTS):
        notes[f"Clients/Client {number}.md"] = SMALL_VAULT["Clients/Acme.md"].replace(
            "Acme", f"Client {number}"
        )
    root = write_vault(tmp_path / "vault", notes)
    for note in root.rglob("*"):
        os.utime(note, (1_700_000_000, 1_700_000_000))
    return root


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    parse, block = loading.read_file, vaultcrm.render.ics.event_block

    def counted_parse(*arguments: object) -> object:
        counts["parsed"] += 1
        return parse(*arguments)

    def counted_block(*arguments: object) -> bytes:
        counts["blocks"] += 1
        return block(*arguments)

    monkeypatch.setattr(loading, "read_file", counted_parse)
    monkeypatch.setattr(vaultcrm.render.ics, "event_block", counted_block)
    return counts


def index(vault: Path, day: str = AS_OF) -> str:
    done = run_cli("index", "--vault", vault, "--today", day)
    assert done.status == 0, done.err
    return done.out


def test_cold_reads_each_note_once(vault: Path, work: Counter[str]) -> None:
    index(vault)
    assert work["parsed"] == sum(1 for note in vault.rglob("*.md") if note.parent.name != "CRM")
    assert work["blocks"] >= CLIENTS


def test_one_changed_note_is_one_note_parsed(vault: Path, work: Counter[str]) -> None:
    index(vault)
    work.clear()
    note = vault / "Clients" / "Client 7.md"
    note.write_text(note.read_text() + "- 2026-11-19 call: the site is live\n")
    assert "wrote CRM/Dashboard.md" in index(vault)
    assert work["parsed"] == 1
    assert 1 <= work["blocks"] <= 5  # this client's events


def test_a_new_day_parses_nothing_and_writes_few_events(vault: Path, work: Counter[str]) -> None:
    index(vault)
    total = work["blocks"]
    work.clear()
    index(vault, "2026-11-21")
    assert work["parsed"] == 0
    assert work["blocks"] < total // 2


def test_the_same_again_parses_and_writes_nothing(vault: Path, work: Counter[str]) -> None:
    index(vault)
    work.clear()
    before = stamps(vault)
    assert "up to date" in index(vault)
    assert work == Counter()
    assert stamps(vault) == before


def test_timings_name_each_stage_once(vault: Path) -> None:
    done = run_cli("index", "--vault", vault, "--today", AS_OF, "--timings")
    stages = [line.split()[0] for line in done.err.splitlines() if line.endswith(" ms cpu")]
    assert stages == ["open", "walk", "read", "join", "assess", "notes", "render", "write", "all"]
    assert " ms cpu" not in done.out
