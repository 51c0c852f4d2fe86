"""Whose a conversation is can be told from what the last run knew; what comes out is the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.model.records import ClientHistory
from vaultcrm.rules import engine
from vaultcrm.writing import filing

NOTES = {
    **SMALL_VAULT,
    "Clients/Brix.md": "---\ntype: client\naliases: [Brix & Sons]\n---\n",
    "People/Bo.md": '---\ntype: person\nclient: "[[Brix]]"\naliases: [Bo B]\n---\n',
    "Talks/2025/One.md": '---\ntype: interaction\nclient: "[[Acme]]"\ndate: 2025-03-01\n---\n',
    "Talks/2025/Two.md": '---\ntype: interaction\nclient: ["[[Acme]]", "[[Brix]]"]\ndate: 2025-03-02\n---\n',
    "Other/Three.md": '---\ntype: interaction\nclient: "[[Brix]]"\ndate: 2025-03-03\n---\n',
    "Old/Acme.md": '---\ntype: project\nclient: "[[Brix]]"\n---\n',
}
TYPED = (
    ["Acme", "phone: all is well"],
    ["acm", "all is well", "--client", "Brix"],
    ["Brix", "&", "Sons", "email: they liked it +1 next:friday"],
    ["Bo B", "called"],
    ["Nobody", "called"],
    ["", "called"],
    ["Brix", "called", "--json"],
)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = write_vault(tmp_path / "vault", NOTES)
    for note in root.rglob("*"):
        os.utime(note, (1_700_000_000, 1_700_000_000))
    return root


def log(vault: Path, typed: list[str], day: str = AS_OF) -> tuple[int, str, str]:
    done = run_cli("log", *typed, "--dry-run", "--vault", vault, "--today", day)
    return done.status, done.out, done.err


def test_what_the_last_run_knew_gives_the_same_note(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = [log(vault, typed) for typed in TYPED]
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0

    def everything(*given: object, **named: object) -> None:
        raise AssertionError("all notes are read")

    monkeypatch.setattr(filing, "load", everything)
    assert [log(vault, typed) for typed in TYPED] == read
    assert {status for status, _, _ in read} == {0, 2}


def test_a_change_since_the_last_run_counts(vault: Path) -> None:
    run_cli("index", "--vault", vault, "--today", AS_OF)
    note = vault / "Clients" / "Brix.md"
    note.write_text("---\ntype: client\naliases: [Bricks]\n---\n")
    assert "Brix" in log(vault, ["Bricks", "called"])[1]
    note.unlink()
    assert log(vault, ["Brix", "called"])[0] == 2


def test_on_another_day_it_is_the_same(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = log(vault, TYPED[0], "2026-11-21")
    run_cli("index", "--vault", vault, "--today", AS_OF)
    monkeypatch.setattr(filing, "load", None)
    assert log(vault, TYPED[0], "2026-11-21") == before
    assert log(vault, TYPED[0], "2027-11-21")[0] == 0


def test_under_another_policy_all_is_read(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_cli("index", "--vault", vault, "--today", AS_OF)
    (vault / "vaultcrm.toml").write_text('language = "zh"\n')
    loaded: list[object] = []
    load = filing.load

    def counted(*given: Any) -> Any:
        loaded.append(given)
        return load(*given)

    monkeypatch.setattr(filing, "load", counted)
    assert log(vault, TYPED[0])[0] == 0
    assert len(loaded) == 1


def test_only_whom_it_concerns_is_judged(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_cli("index", "--vault", vault, "--today", AS_OF)
    judged: list[str] = []
    real = engine._judge

    def counted(history: ClientHistory, *given: Any) -> Any:
        judged.append(history.client.name)
        return real(history, *given)

    monkeypatch.setattr(engine, "_judge", counted)
    log(vault, TYPED[0])
    assert set(judged) == {"Acme"}
