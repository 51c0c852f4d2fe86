"""Streams that are closed, full or not read to their end, folders that are gone: one line, one status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault

pytestmark = pytest.mark.skipif(os.name != "posix", reason="what a shell can do to a program's streams")

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
COMMANDS = ("agenda", "check", "export json", "index")


def shell(line: str, vault: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a line of shell does, in which `vaultcrm` is this package."""
    program = f'vaultcrm() {{ "{sys.executable}" -m vaultcrm "$@"; }}'
    environment = {**os.environ, "VAULT": str(vault), **variables}
    return subprocess.run(
        ["bash", "-c", f"{program}\n{line}"],
        env=environment,
        cwd=vault.parent,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=60,
        check=False,
    )


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A vault with so much to say that no pipe holds it."""
    files = {f"Clients/C{number:03}.md": "---\ntype: client\nsince: never\n---\n" for number in range(400)}
    return write_vault(tmp_path / "vault", {**SMALL_VAULT, **files})


@pytest.mark.parametrize("command", COMMANDS)
def test_head_ends_it_quietly(command: str, crowded: Path) -> None:
    outcome = shell(f'vaultcrm {command} --vault "$VAULT" | head -1; echo "${{PIPESTATUS[0]}}"', crowded)
    assert outcome.stdout.splitlines()[-1] in ("0", "1" if command == "check" else "0")
    assert "Traceback" not in outcome.stderr
    assert "rror" not in outcome.stderr.replace("errors and", "")


@pytest.mark.parametrize("command", [*COMMANDS, "--help", "--version"])
@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", pytest.param(">&-", marks=pytest.mark.slow)])
def test_closed_streams_are_led_nowhere(command: str, closed: str, small_vault: Path) -> None:
    named = "" if command.startswith("--") else '--vault "$VAULT"'
    before = {path: path.read_bytes() for path in small_vault.rglob("*.md")}
    outcome = shell(f"vaultcrm {command} {named} {closed}", small_vault)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert {path: path.read_bytes() for path in before} == before
    for path in (small_vault / "CRM").glob("*"):
        assert path.read_bytes().startswith((b"<!-- vaultcrm:generated", b"BEGIN:VCALENDAR"))


def test_a_wrong_command_line_has_its_status_though_nothing_can_be_said(small_vault: Path) -> None:
    assert shell('vaultcrm show Nobody --vault "$VAULT" 2>&-', small_vault).returncode == 2


@needs_full
@pytest.mark.parametrize("command", [*COMMANDS, "--help", "--version"])
def test_no_room_for_what_is_printed_is_no_bug(command: str, small_vault: Path) -> None:
    named = (
        ""
        if command.startswith("--")
        else f'--vault "$VAULT" {"" if "policy" in command else "--today " + AS_OF}'
    )
    for _ in range(2):  # the second answer may be the kept one
        outcome = shell(f"vaultcrm {command} {named} >{FULL}", small_vault)
        assert (outcome.returncode, outcome.stderr) == (
            3,
            "error: what there is to say cannot be written: no space left on device\n",
        )


@needs_full
def test_no_room_for_what_is_wrong_keeps_the_status(small_vault: Path) -> None:
    assert shell(f'vaultcrm show Nobody --vault "$VAULT" 2>{FULL}', small_vault).returncode == 2


def test_folder_that_one_stands_in_is_gone(small_vault: Path) -> None:
    line = 'vaultcrm agenda; echo "$?"; vaultcrm agenda --vault "$VAULT"; echo "$?"'
    outcome = shell(f"mkdir gone; cd gone; rmdir ../gone; {line}", small_vault)
    assert outcome.stderr == "error: the folder that you are in is gone\n  go to one that exists\n"
    lines = outcome.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("3", "0")


@pytest.mark.parametrize("empty", ['""', '" "'])
def test_an_empty_vault_option_is_not_the_folder_that_one_stands_in(empty: str, small_vault: Path) -> None:
    outcome = shell(f"vaultcrm index --vault {empty}", small_vault)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("error: --vault names no folder\n")
    assert not (small_vault.parent / "CRM").exists()


def test_error_does_not_hand_escapes_on(small_vault: Path) -> None:
    outcome = shell("vaultcrm index --vault $'no\\x1b[31msuch'", small_vault)
    assert (outcome.returncode, "\x1b" in outcome.stderr, "no\\x1b[31msuch" in outcome.stderr) == (
        3,
        False,
        True,
    )


def test_error_of_usage_is_one_line(small_vault: Path) -> None:
    outcome = shell("vaultcrm export", small_vault)
    assert outcome.stderr.splitlines() == [
        "error: Missing argument 'json|csv'. Choose from: json, csv",
        "  vaultcrm export --help",
    ]


LOCALES = (
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"COLUMNS": "1"},
    {"TZ": "Nonsense/Zone"},
    {"HOME": "/dev/null/home", "XDG_CACHE_HOME": "", "XDG_STATE_HOME": ""},
    {"XDG_CACHE_HOME": "/dev/null", "XDG_STATE_HOME": "/dev/null"},
)


@pytest.mark.parametrize("variables", LOCALES, ids=str)
def test_surroundings_change_no_byte_of_the_outputs(variables: dict[str, str], tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path / "库", {"客户/青禾 é.md": "---\ntype: 客户\n---\n## Log\n- 2026-11-01 微信: 好\n"}
    )
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0
    written = (vault / "CRM/Dashboard.md").read_bytes()
    for command in ("agenda", "show 青"):
        outcome = shell(f'vaultcrm {command} --vault "$VAULT" --today {AS_OF}', vault, **variables)
        assert (outcome.returncode, outcome.stderr) == (0, ""), command
    if "/dev/null" not in variables.values():  # the lock stands in the state folder
        again = shell(f'vaultcrm index --full --vault "$VAULT" --today {AS_OF}', vault, **variables)
        assert (again.returncode, again.stderr) == (0, "")
        assert (vault / "CRM/Dashboard.md").read_bytes() == written
