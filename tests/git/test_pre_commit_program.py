"""What the pre-commit program is told to run exists, and does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.command import run_cli
from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT, TESTS

MANIFEST = TESTS.parent / ".pre-commit-hooks.yaml"
BROKEN = "---\ntype: client\nname: Bell\nsince: 2026-02-30\n---\n"
OUTPUTS = ["crm/CRM/Dashboard.md", "crm/CRM/follow-ups.ics"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    files = {f"crm/{path}": text for path, text in SMALL_VAULT.items()}
    made = new_repository(
        tmp_path / "r", {**files, "README.md": "code\n", "src/notes.md": "since: 2026-02-30\n"}
    )
    made.git("add", "-A")
    monkeypatch.chdir(made.top)
    return made


def test_the_manifest_names_commands_that_there_are() -> None:
    rows = {row["id"]: row for row in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}
    assert set(rows) == {"vaultcrm-check", "vaultcrm-index"}
    for row in rows.values():
        program, *command = row["entry"].split()
        assert program == "vaultcrm"
        assert run_cli(*command, "--help").status == 0
        assert row["require_serial"] is True


def test_check_tells_of_the_given_notes_only(repository: Repository) -> None:
    repository.write({"crm/Clients/Bell.md": BROKEN})
    given = ["README.md", "src/notes.md", "crm/Clients/Acme.md"]
    assert run_cli("hook", "check", *given).lines() == []
    done = run_cli("hook", "check", *given, "crm/Clients/Bell.md")
    assert done.status == 1
    assert done.out.startswith("Clients/Bell.md:4:8: error[bad-date]")


def test_index_fails_until_the_outputs_are_added(repository: Repository) -> None:
    done = run_cli("hook", "index")
    assert done.status == 1
    assert done.out.splitlines()[-1] == f"  git add {' '.join(OUTPUTS)}"
    assert repository.git("ls-files", *OUTPUTS) == ""
    repository.git("add", *OUTPUTS)
    assert run_cli("hook", "index").lines() == []


def test_index_says_what_to_add_from_where_one_stands(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.top / "crm" / "Clients")
    done = run_cli("hook", "index")
    assert done.out.splitlines()[-1] == "  git add ../CRM/Dashboard.md ../CRM/follow-ups.ics"


def test_index_of_notes_that_are_not_added(repository: Repository) -> None:
    repository.write({"crm/Clients/Bell.md": BROKEN.replace("02-30", "02-03")})
    assert run_cli("hook", "index").status == 1
    assert b"Bell" not in repository.read("crm/CRM/Dashboard.md")


def test_index_without_a_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = new_repository(tmp_path / "r", {"README.md": "code\n"})
    monkeypatch.chdir(repository.top)
    done = run_cli("hook", "index")
    assert done.status == 2
    assert "vaultcrm.toml" in done.err
    assert not (repository.top / "CRM").exists()


def test_the_workflow_in_the_documentation_can_be_copied() -> None:
    page = (TESTS.parent / "docs" / "git.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load(
        next(each for each in page.split("```yaml\n") if each.startswith("name:")).split("```")[0]
    )
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    commands = [line.split() for run in runs for line in run.splitlines() if line.startswith("vaultcrm ")]
    assert [command[1] for command in commands] == ["check", "index"]
    for command in commands:
        assert run_cli(*command[1:], "--help").status == 0
