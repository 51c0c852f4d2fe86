"""What a run does is counted: notes parsed, blocks written, outputs written. Counts hold on any machine."""

from __future__ import annotations

import gc
import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import vaultcrm.render.ics
from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, stamps, write_vault
from vaultcrm.app import loading
from vaultcrm.model import roster
from vaultcrm.parse.portfolio import Joiner
from vaultcrm.render import feed_events
from vaultcrm.rules import engine
from vaultcrm.store.cache import Cache

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

    join, judge, fetch = Joiner.finish, engine._judge, Cache.fetch

    def counted_join(*arguments: Any) -> object:
        counts["joined"] += 1
        return join(*arguments)

    def counted_judge(*arguments: Any) -> object:
        counts["assessed"] += 1
        return judge(*arguments)

    def counted_fetch(cache: Cache, paths: Iterable[str]) -> object:
        wanted = list(paths)
        counts["fetched"] += len(wanted)
        return fetch(cache, wanted)

    monkeypatch.setattr(Joiner, "finish", counted_join)
    monkeypatch.setattr(engine, "_judge", counted_judge)
    monkeypatch.setattr(Cache, "fetch", counted_fetch)
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


def test_each_client_is_assessed_once_and_of_many_only_who_is_shown_again(
    vault: Path, work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    index(vault)
    clients = work["joined"]
    assert work["assessed"] == clients
    outputs = [(vault / "CRM" / name).read_bytes() for name in ("Dashboard.md", "follow-ups.ics")]
    for module in (roster, feed_events):
        monkeypatch.setattr(module, "HELD", 2)
    work.clear()
    run_cli("index", "--vault", vault, "--today", AS_OF, "--full")
    assert outputs == [(vault / "CRM" / name).read_bytes() for name in ("Dashboard.md", "follow-ups.ics")]
    assert clients < work["assessed"] <= 2 * clients


def test_one_changed_note_is_one_note_parsed_and_one_client_looked_at(
    vault: Path, work: Counter[str]
) -> None:
    index(vault)
    work.clear()
    note = vault / "Clients" / "Client 7.md"
    note.write_text(note.read_text() + "- 2026-11-19 call: the site is live\n")
    assert "wrote CRM/Dashboard.md" in index(vault)
    assert work["parsed"] == 1
    assert 1 <= work["blocks"] <= 5  # this client's events
    assert (work["joined"], work["assessed"]) == (1, 1)
    assert work["fetched"] <= 4  # the note as it was, and what else this client's history came from


def test_a_note_of_nobody_s_is_looked_at_alone(vault: Path, work: Counter[str]) -> None:
    write_vault(vault, {"Ideas.md": "An idea."})
    index(vault)
    work.clear()
    (vault / "Ideas.md").write_text("Another idea.")
    assert "up to date" in index(vault)
    assert work == Counter(parsed=1, fetched=1)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--vault", "."),
        ("hook", "check", "Clients/Client 7.md"),
        ("show", "Client 7", "--vault", "."),
        ("explain", "Client 7", "--vault", "."),
        ("draft", "Client 7", "check-in", "--vault", "."),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_what_asks_of_one_client_or_none_looks_at_one(
    vault: Path, work: Counter[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    index(vault)
    work.clear()
    note = vault / "Clients" / "Client 7.md"
    note.write_text(note.read_text() + "- 2026-11-19 call: the site is live\n")
    monkeypatch.chdir(vault)
    assert run_cli(*command, "--today", AS_OF).status == 0
    assert work["parsed"] == 1
    assert work["joined"] <= 1
    assert work["assessed"] <= 2


def test_in_the_hook_too_one_client_is_looked_at(vault: Path, work: Counter[str]) -> None:
    git = ("git", "-C", str(vault), "-c", "user.name=t", "-c", "user.email=t@example.com")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all")):
        subprocess.run([*git, *command], check=True)
    assert run_cli("index", "--vault", vault, "--today", AS_OF, "--staged", "--git-add").status == 0
    work.clear()
    note = vault / "Clients" / "Client 7.md"
    note.write_text(note.read_text() + "- 2026-11-19 call: the site is live\n")
    subprocess.run([*git, "add", "-A"], check=True)
    assert run_cli("index", "--vault", vault, "--today", AS_OF, "--staged", "--git-add").status == 0
    assert (work["parsed"], work["joined"], work["assessed"]) == (1, 1, 1)


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


def test_hardly_any_value_holds_itself(vault: Path) -> None:
    """The collector of circles is off: what is in one stays until the end, and takes time to look through."""
    index(vault)  # what is loaded, and kept for the next run of this process
    vault = vault.rename(vault.with_name("another"))
    gc.collect()
    gc.disable()
    try:
        assert "wrote CRM/Dashboard.md" in index(vault, "2026-11-21")
        assert gc.collect() < 10 * CLIENTS
    finally:
        gc.enable()
