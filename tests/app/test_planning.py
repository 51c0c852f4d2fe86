"""The monthly plan as a file: what a person does to it is there whatever day it is made anew."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import copy_vault, write_vault

NOTE = "CRM/Plan 2026-12.md"
MARK = re.compile(r" ?<!-- [0-9a-f]{8}-[0-9a-f]{6} -->")
DAYS = (
    "2026-11-20",
    "2026-11-28",
    "2026-12-01",
    "2026-12-04",
    "2026-12-09",
    "2026-12-11",
    "2026-12-17",
    "2026-12-31",
)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return copy_vault("studio-en", tmp_path)


def plan(vault: Path, day: str, *options: str) -> str:
    outcome = run_cli("plan", "2026-12", "--vault", vault, "--today", day, *options)
    assert outcome.status == 0, outcome.text()
    return outcome.out


def note(vault: Path) -> str:
    return (vault / NOTE).read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(2))
def test_plan_made_anew_ten_times_keeps_every_tick_and_every_own_line(vault: Path, seed: int) -> None:
    rng = random.Random(seed)
    plan(vault, "2026-11-20")
    theirs: list[str] = []
    for round_ in range(10):
        lines = note(vault).split("\n")
        for index, line in enumerate(lines):
            if line.startswith("- [ ] ") and MARK.search(line) and rng.random() < 0.1:
                lines[index] = line.replace("[ ]", "[x]", 1)
                theirs.append(MARK.sub("", lines[index]))
        own = rng.choice(["a thought {}", "- [ ] my own {}", "  - below {}", "## Heading {}", "> [!note] {}"])
        own = own.format(round_)
        lines.insert(rng.randrange(len(lines)), own)
        theirs.append(own)
        (vault / NOTE).write_text("\n".join(lines), encoding="utf-8")
        day = rng.choice(DAYS)
        plan(vault, day)
        once = note(vault)
        plan(vault, day)
        assert note(vault) == once, "a second time writes something else"
        present = MARK.sub("", once).split("\n")
        assert {line: present.count(line) for line in theirs} == dict.fromkeys(theirs, 1)
        ids = [mark.split("-")[2] for mark in MARK.findall(once)]
        assert len(ids) == len(set(ids))


def test_untouched_plan_made_anew_is_that_of_a_fresh_one(vault: Path) -> None:
    plan(vault, "2026-11-20")
    plan(vault, "2026-12-09")
    updated = note(vault)
    (vault / NOTE).unlink()
    plan(vault, "2026-12-09")
    assert note(vault) == updated


def test_line_ends_stay(vault: Path) -> None:
    plan(vault, "2026-11-20")
    path = vault / NOTE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"- [ ]", b"- [x]", 1))
    plan(vault, "2026-12-09")
    data = path.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") > 20
    assert b"- [x]" in data
    plan(vault, "2026-12-09")
    assert path.read_bytes() == data


def test_plan_is_no_note(vault: Path) -> None:
    before = run_cli("export", "json", "--vault", vault, "--today", "2026-11-20").out
    plan(vault, "2026-11-20")
    data = (vault / NOTE).read_text(encoding="utf-8")
    (vault / NOTE).write_text(
        data.replace("- [ ]", "- [x]") + "\n## Log\n\n- 2026-11-19 phone: x\n", encoding="utf-8"
    )
    assert run_cli("export", "json", "--vault", vault, "--today", "2026-11-20").out == before
    outcome = run_cli("index", "--vault", vault, "--today", "2026-11-20")
    assert NOTE not in outcome.out
    assert "- [x]" in note(vault)


def test_dry_run_writes_nothing_and_shows_the_note(vault: Path) -> None:
    shown = plan(vault, "2026-11-20", "--dry-run")
    assert not (vault / NOTE).exists()
    plan(vault, "2026-11-20")
    indented = "".join(f"  {line}".rstrip() + "\n" for line in note(vault).splitlines())
    assert shown == f"would write {NOTE}\n{indented}"
    assert (
        plan(vault, "2026-11-20", "--dry-run")
        == f"{NOTE} is up to date\nAs of 20 November 2026: "[: len(NOTE) + 15]
    )


def test_month_that_is_over_stays(vault: Path) -> None:
    plan(vault, "2026-12-30")
    before = (vault / NOTE).read_bytes()
    assert plan(vault, "2027-01-01") == "2026-12 is over: its plan stays as it is\n"
    assert (vault / NOTE).read_bytes() == before
    outcome = run_cli("plan", "2026-11", "--vault", vault, "--today", "2027-01-01")
    assert (outcome.status, outcome.err.split("\n")[0]) == (2, "error: 2026-11 is over and cannot be planned")


def test_file_of_somebody_else_is_not_overwritten(vault: Path) -> None:
    write_vault(vault, {NOTE: "My own plan.\n"})
    outcome = run_cli("plan", "2026-12", "--vault", vault, "--today", "2026-11-20")
    assert (outcome.status, note(vault)) == (3, "My own plan.\n")


def test_plans_go_elsewhere_or_nowhere(vault: Path) -> None:
    config = (vault / "vaultcrm.toml").read_text(encoding="utf-8")
    write_vault(vault, {"vaultcrm.toml": config + '\n[paths]\nplans = "Plans/{period} plan.md"\n'})
    assert "wrote Plans/2026-12 plan.md" in plan(vault, "2026-11-20")
    write_vault(vault, {"vaultcrm.toml": config + "\n[paths]\nplans = false\n"})
    assert plan(vault, "2026-11-20").startswith("Plan for December 2026\n")
    assert not (vault / NOTE).exists()


def test_region_of_another_note_keeps_ticks_and_lines(vault: Path) -> None:
    path = vault / "Week.md"
    text = (
        "# Mine\n\n<!-- vaultcrm:begin plan month=2026-12 owner=mira -->\n<!-- vaultcrm:end -->\n\nAfter.\n"
    )
    path.write_text(text, encoding="utf-8")
    for day in ("2026-11-20", "2026-12-09"):
        run_cli("index", "--vault", vault, "--today", day)
        data = path.read_text(encoding="utf-8")
        assert data.startswith("# Mine\n\n<!-- vaultcrm:begin plan")
        assert data.endswith("\nAfter.\n")
        if day == "2026-11-20":
            data = data.replace("- [ ] ", "- [x] ", 1).replace("\n### ", "\nmy own\n\n### ", 1)
            path.write_text(data, encoding="utf-8")
    assert data.count("- [x] ") == data.count("my own") == 1
    assert not (vault / "CRM" / "Rescued").exists()
    for day in ("2026-12-09", "2027-01-01"):
        run_cli("index", "--vault", vault, "--today", day)
        assert path.read_text(encoding="utf-8") == data, "again, and when the month is over"
