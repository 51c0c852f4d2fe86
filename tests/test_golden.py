"""Golden vaults: a folder of notes in, to the byte what comes out. How they look: tests/vaults/README.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import expectations
from tests.support.command import Outcome, run_cli
from tests.support.expectations import expect_folder
from tests.support.vaults import VAULTS, as_of, contents, copy_vault, stamps, write_vault

NAMES = sorted(path.parent.name for path in VAULTS.glob("*/vault"))


def index(vault: Path, day: str, *options: str) -> Outcome:
    outcome = run_cli("index", "--vault", vault, "--today", day, *options)
    assert outcome.status == 0, outcome.text()
    return outcome


@pytest.mark.parametrize("name", NAMES)
def test_golden_vault(name: str, tmp_path: Path) -> None:
    vault, day = copy_vault(name, tmp_path), as_of(name)
    before = contents(vault)

    index(vault, day)
    after = contents(vault)
    written = {path: content for path, content in after.items() if before.get(path) != content}
    assert before.keys() <= after.keys(), "the index deleted files"

    exported = run_cli("export", "json", "--vault", vault, "--today", day)
    assert exported.status == 0, exported.text()
    checked = run_cli("check", "--vault", vault, "--today", day)
    assert contents(vault) == after, "export or check wrote into the vault"

    printed = {"export.json": exported.out_bytes, "check.txt": checked.text().encode()}
    expect_folder(VAULTS / name / "expected", written | printed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("options", [(), ("--full",)], ids=["warm", "cold"])
def test_second_run_writes_nothing(name: str, options: tuple[str, ...], tmp_path: Path) -> None:
    vault, day = copy_vault(name, tmp_path), as_of(name)
    index(vault, day)
    before = contents(vault), stamps(vault)
    index(vault, day, *options)
    assert (contents(vault), stamps(vault)) == before


# Rewriting itself


def test_rewriting_removes_what_is_no_longer_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_vault(
        tmp_path / "expected", {"old/a.md": "a", "same.md": "same\r\n", "changed.md": "before"}
    )
    actual = {"new/b.md": b"b", "same.md": b"same\r\n", "changed.md": b"after"}
    monkeypatch.setattr(expectations, "REWRITE", False)
    with pytest.raises(AssertionError, match="expected, and not there"):
        expect_folder(folder, actual)
    before = stamps(folder)["same.md"]
    monkeypatch.setattr(expectations, "REWRITE", True)
    expect_folder(folder, actual)
    assert contents(folder) == actual
    assert not (folder / "old").exists()
    assert stamps(folder)["same.md"] == before
