"""What commands that only read tell on standard error."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.support.command import run_cli
from vaultcrm.store import vault

READING = (
    ("agenda",),
    ("show", "Acme"),
    ("explain", "Acme"),
    ("metrics",),
    ("export", "json"),
    ("draft", "Acme", "--list"),
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_notes_that_cannot_be_read_are_told(
    words: tuple[str, ...], small_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (small_vault / "Clients" / f"Lost {number}.md").write_text("---\ntype: client\n---\n")
    read = vault._read_settled

    def refused(folder: object, name: str, path: str) -> object:
        if "Lost" in name:
            raise OSError(errno.EIO, "Input/output error")
        return read(folder, name, path)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_read_settled", refused)
    said = run_cli(*words, "--vault", small_vault, "--today", "2026-11-20")
    assert "without 5 notes that cannot be read now: Clients/Lost 0.md, " in said.err
    assert said.err.count("Lost") == 3
    assert "that cannot be read now" not in said.out
    assert "cannot be read now" not in run_cli("check", "--vault", small_vault).err
