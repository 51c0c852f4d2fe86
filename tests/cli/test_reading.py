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


@pytest.mark.parametrize(
    ("language", "what", "topic"),
    [
        ("en", "health", "health"),
        ("en", "Next contact", "next_contact"),
        ("en", "next-contact", "next_contact"),
        ("en", "contact in time", "recency"),
        ("zh", "健康度", "health"),
        ("zh", "下次联系", "next_contact"),
        ("zh", "等级", "tier"),
        ("zh", "分享行业资讯", "news"),
    ],
)
def test_a_figure_may_be_called_as_other_commands_show_it(
    small_vault: Path, language: str, what: str, topic: str
) -> None:
    (small_vault / "vaultcrm.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    (small_vault / "Clients/Acme.md").write_text(
        "---\nstage: growing\nsince: 2026-01-05\n---\n", encoding="utf-8"
    )
    command = ("explain", "Acme", "--json", "--vault", small_vault, "--today", "2026-11-20")
    found = run_cli(*command, what)
    assert (found.status, found.out) == (0, run_cli(*command, topic).out)
    assert topic in found.out


def test_a_day_that_history_cannot_begin_with_is_told_with_days_that_have_passed(small_vault: Path) -> None:
    said = run_cli("history", "--since", "2026-12-01", "--vault", small_vault, "--today", "2026-11-20")
    assert said.status == 2
    assert said.err == (
        "error: '2026-12-01' is no day before 2026-11-20\n"
        "  write one like 2026-11-20, yesterday, monday, -3d\n"
    )


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-11", "2026-11-01", "2026-11-20"),
        ("2026", "2026-01-01", "2026-11-20"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("上季度", "2026-07-01", "2026-09-30"),
    ],
)
def test_metrics_of_a_period_by_name_are_those_of_its_days(
    small_vault: Path, period: str, first: str, last: str
) -> None:
    asked = ("--json", "--vault", small_vault)
    named = run_cli("metrics", "--period", period, *asked, "--today", "2026-11-20")
    assert named.status == 0
    assert named.out == run_cli("metrics", "--period", first, *asked, "--today", last).out
