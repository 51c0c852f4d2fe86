"""Where nothing has changed, a command costs a walk: no library is loaded and no note is opened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.gates.counting import Counted, counted
from tests.support.command import run_cli
from tests.support.surroundings import pin
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.store.answers import LIKELY

ALLOWED = {
    "vaultcrm",
    "vaultcrm.entry",
    "vaultcrm.store",
    "vaultcrm.store.answers",
    "vaultcrm.store.blake2",
    "vaultcrm.store.code_stamp",
    "vaultcrm.store.helper",
    "vaultcrm.store.kept",
    "vaultcrm.store.packed",
    "vaultcrm.store.places",
    "vaultcrm.store.walk",
}
LIGHT = {"__future__", "_blake2", "_struct", "gc", "struct"}
"""Beside those of vaultcrm: each costs less than the walk through a hundred notes."""

HEAVY = frozenset(
    {
        "base64",
        "concurrent",
        "dataclasses",
        "difflib",
        "inspect",
        "importlib.metadata",
        "logging",
        "pathlib",
        "shutil",
        "tempfile",
        "tomllib",
        "typer",
        "urllib",
        "yaml",
    }
)
"""What no run of `index` loads, though a note has changed: each takes as long as to assess some clients."""

READING = (
    ["agenda"],
    ["show", "Acme"],
    ["explain", "Acme", "tier"],
    ["metrics", "--json"],
    ["check"],
    ["export", "csv"],
)


@dataclass(frozen=True)
class Rested:
    """A vault that is up to date and rests, the home with its cache, and what a second `index` did."""

    vault: Path
    home: Path
    again: Counted


@pytest.fixture(scope="module")
def rested(tmp_path_factory: pytest.TempPathFactory) -> Rested:
    folder = tmp_path_factory.mktemp("rested")
    vault = write_vault(folder / "vault", SMALL_VAULT)
    arguments = ("index", "--vault", vault, "--today", AS_OF)
    with pytest.MonkeyPatch.context() as patch:
        pin(patch, folder)
        assert run_cli(*arguments).status == 0
        time.sleep(2.1)  # within two seconds a stamp proves nothing, and another process has the real clock
        first = counted(folder / "first.json", *arguments)
        second = counted(folder / "second.json", *arguments)
    assert (second.status, second.out, second.err) == (first.status, first.out, first.err)
    assert "vaultcrm.app.runs" in first.modules
    return Rested(vault, folder, second)


@pytest.fixture
def again(rested: Rested) -> Counted:
    return rested.again


@pytest.fixture
def vault(rested: Rested, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The vault, with its cache in use; the last tests alone change it."""
    pin(monkeypatch, rested.home)
    return rested.vault


def test_no_library_is_loaded(again: Counted) -> None:
    assert again.modules - ALLOWED <= LIGHT


def test_no_note_is_opened(again: Counted, vault: Path) -> None:
    assert [path for path in again.opened_in(vault) if not os.path.isdir(path)] == []


def is_alone() -> bool:
    """Whether no other process can help."""
    return not sys.platform.startswith("linux") or len(os.sched_getaffinity(0)) < 2


def listed(run: Counted, vault: Path) -> list[str]:
    return sorted(os.path.normpath(path) for path in run.folders if path.startswith(str(vault)))


def folders(vault: Path) -> list[str]:
    return sorted(map(str, [vault, *(path for path in vault.rglob("*") if path.is_dir())]))


def test_each_folder_is_listed_once(again: Counted, vault: Path) -> None:
    assert listed(again, vault) == folders(vault)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts system calls")
def test_each_note_is_looked_at_once_and_those_that_changed_last_before(
    again: Counted, vault: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "vaultcrm", "index", "--vault", str(vault), "--today", AS_OF]
    trace = tmp_path / "trace"
    subprocess.run(["strace", "-f", "-o", trace, *command], check=True, capture_output=True)
    lines = trace.read_text().splitlines()
    looks = {note: sum(f'{note.name}"' in line for line in lines) for note in vault.rglob("*.md")}
    assert all(1 <= number <= 2 + (note.parent.name == "CRM") for note, number in looks.items())
    assert sum(looks.values()) <= len(looks) + LIKELY + 1


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts system calls")
def test_only_few_notes_are_looked_at_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin(monkeypatch, tmp_path)
    notes = {f"Clients/Client {number}.md": "" for number in range(LIKELY + 20)}
    vault = write_vault(tmp_path / "vault", notes)
    command = [sys.executable, "-m", "vaultcrm", "index", "--vault", str(vault), "--today", AS_OF]
    subprocess.run(command, check=True, capture_output=True)
    time.sleep(2.1)
    for number in range(LIKELY - 1):
        os.utime(vault / f"Clients/Client {number}.md")  # these are the youngest, the dashboard beside them
    subprocess.run(command, check=True, capture_output=True)
    time.sleep(2.1)
    subprocess.run(command, check=True, capture_output=True)
    trace = tmp_path / "trace"
    subprocess.run(["strace", "-f", "-o", trace, *command], check=True, capture_output=True)
    text = trace.read_text()
    twice = {name for name in notes if text.count(f'{name.partition("/")[2]}"') > 1}
    assert twice == {f"Clients/Client {number}.md" for number in range(LIKELY - 1)}


def test_reading_commands_answer_the_same_at_once(vault: Path, tmp_path: Path) -> None:
    for number, command in enumerate(READING):
        arguments = (*command, "--vault", vault, "--today", AS_OF)
        first = counted(tmp_path / f"{number}.json", *arguments)
        second = counted(tmp_path / f"{number}.json", *arguments)
        typed = run_cli(*arguments)
        assert (second.status, second.out, second.err) == (first.status, first.out, first.err)
        assert (typed.status, typed.out, typed.err) == (first.status, first.out, first.err)
        assert "vaultcrm.app.runs" in first.modules
        assert second.modules - ALLOWED <= LIGHT


def test_who_says_nothing_answers_at_once_too(vault: Path, tmp_path: Path) -> None:
    arguments = ("index", "--quiet", "--vault", vault, "--today", AS_OF)
    first = counted(tmp_path / "first.json", *arguments)
    second = counted(tmp_path / "second.json", *arguments)
    assert (first.status, first.out) == (second.status, second.out) == (0, "")
    assert "vaultcrm.app.runs" in first.modules
    assert second.modules - ALLOWED <= LIGHT


def test_who_saves_one_time_and_again_waits_for_no_second_walk(vault: Path, tmp_path: Path) -> None:
    note = vault / "Clients" / "Acme.md"
    for number in range(3):
        note.write_text(note.read_text() + "\nA thought that moves no figure.\n")
        after = counted(tmp_path / f"{number}.json", "index", "--vault", vault, "--today", AS_OF)
        time.sleep(0.1)  # within a tick of the clock this run could be one beside the next
        assert "up to date" in after.out
        assert listed(after, vault) == (folders(vault) if is_alone() else [])


def test_a_saved_note_is_seen(vault: Path, tmp_path: Path) -> None:
    note = vault / "Clients" / "Acme.md"
    note.write_text(note.read_text() + "- 2026-11-19 call: the site is live\n")
    after = counted(tmp_path / "after.json", "index", "--vault", vault, "--today", AS_OF)
    assert after.out.startswith("wrote CRM/Dashboard.md\n")
    assert str(note) not in after.out
    assert "vaultcrm.app.runs" in after.modules
    # another process walks while this one loads; where there is none, there is one walk here
    assert listed(after, vault) == (folders(vault) if is_alone() else [])


def test_a_run_that_reads_a_note_loads_no_heavy_library(vault: Path, tmp_path: Path) -> None:
    note = vault / "Clients" / "Acme.md"
    note.write_text(note.read_text() + "\nThey like the new site.\n")
    after = counted(tmp_path / "after.json", "index", "--vault", vault, "--today", AS_OF)
    assert "vaultcrm.parse.notes" in after.modules
    assert after.modules & HEAVY == set()


def test_icalendar_is_loaded_by_another_process(vault: Path, tmp_path: Path) -> None:
    note = vault / "Clients" / "Acme.md"
    note.write_text(note.read_text() + "\n- [ ] call about the new site 📅 2026-12-03\n")
    before = (vault / "CRM" / "follow-ups.ics").read_bytes()
    after = counted(tmp_path / "after.json", "index", "--vault", vault, "--today", AS_OF)
    assert (vault / "CRM" / "follow-ups.ics").read_bytes() != before
    assert ("icalendar" in after.modules) == is_alone()
