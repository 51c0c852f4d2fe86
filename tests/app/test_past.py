"""The past can be asked; neither the cache nor what was written before changes an answer."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import VAULTS, as_of, contents, copy_vault

NAMES = sorted(path.parent.name for path in VAULTS.glob("*/vault"))
GENERATED = ("CRM/Dashboard.md", "CRM/follow-ups.ics")
"""What the golden vaults write, at its usual places."""


def answers(vault: Path, day: date) -> dict[str, bytes]:
    """What is written and printed for a day."""
    indexed = run_cli("index", "--vault", vault, "--today", day.isoformat(), "--accept-loss")
    assert indexed.status == 0, indexed.text()
    exported = run_cli("export", "json", "--vault", vault, "--today", day.isoformat())
    checked = run_cli("check", "--vault", vault, "--today", day.isoformat())
    printed = {"export": exported.out_bytes, "check": checked.out_bytes}
    return {path: data for path, data in contents(vault).items() if path in GENERATED} | printed


def forget(home: Path) -> None:
    """Delete the user's cache, as anybody may at any time."""
    shutil.rmtree(home / ".cache", ignore_errors=True)
    shutil.rmtree(home / "AppData", ignore_errors=True)


def fresh(name: str, folder: Path, day: date, home: Path) -> dict[str, bytes]:
    """The answers of a vault that was never asked before, without a cache."""
    forget(home)
    return answers(copy_vault(name, folder), day)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "crlf-and-bom"])
def test_a_day_gives_the_same_whatever_was_asked_before(name: str, tmp_path: Path, home: Path) -> None:
    day = date.fromisoformat(as_of(name))
    days = (day, day - timedelta(days=400), day + timedelta(days=35), day - timedelta(days=1), day)
    expected = {each: fresh(name, tmp_path / each.isoformat(), each, home) for each in sorted(set(days))}
    forget(home)
    vault = copy_vault(name, tmp_path)
    for each in days:
        assert answers(vault, each) == expected[each], each


@pytest.mark.parametrize("name", ["studio-en", "everything-broken-zh"])
def test_cold_warm_and_after_edits_are_equal(name: str, tmp_path: Path, home: Path) -> None:
    day = date.fromisoformat(as_of(name))
    vault = copy_vault(name, tmp_path)
    answers(vault, day)
    notes = sorted((*vault.glob("Clients/*.md"), *vault.glob("客户/*.md")))
    notes[0].write_bytes(notes[0].read_bytes() + b"\n## Log\n\n- 2026-01-05 phone: hello +\n")
    notes[1].unlink()
    notes[2].rename(notes[2].with_name("Renamed.md"))
    stat = notes[3].stat()
    changed = notes[3].read_bytes().replace(b"o", b"0", 1)
    notes[3].write_bytes(changed)
    os.utime(notes[3], ns=(stat.st_atime_ns, stat.st_mtime_ns + 10_000_000_000))
    warm = answers(vault, day)
    assert answers(vault, day) == warm
    for path in GENERATED:
        (vault / path).unlink()
    assert answers(vault, day) == warm
    forget(home)
    for path in GENERATED:
        (vault / path).unlink()
    assert answers(vault, day) == warm
