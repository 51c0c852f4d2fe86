"""What a watcher says of a run: what was written, and what has become wrong in the notes since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support.vaults import SMALL_VAULT, write_vault
from vaultcrm.app import runs
from vaultcrm.cli.watching import PROBLEMS_TOLD, Teller

Says = Callable[[], list[str]]
ITEM = "- 2026-11-31 phone: hello\n"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", SMALL_VAULT) / "Clients/Acme.md"


@pytest.fixture(params=[False])
def says(note: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Says:
    """Indexes the vault, and gives what is said on standard error of it, without the times."""
    vault = runs.open_vault(str(note.parent.parent))
    teller = Teller(vault.labels, quiet=request.param)

    def said() -> list[str]:
        teller.indexed(vault, runs.index(vault, date(2026, 11, 20), 0))
        lines = capsys.readouterr().err.splitlines()
        return [line[9:] if line[2:3] == ":" else line for line in lines]

    return said


def add(note: Path, text: str) -> None:
    with note.open("a", encoding="utf-8") as file:
        file.write(text)


def test_what_has_become_wrong_is_told_once(note: Path, says: Says) -> None:
    assert says() == []
    add(note, ITEM)
    assert says() == [
        "Clients/Acme.md:14:3: error[bad-date]: '2026-11-31' is no date — Log",
        "  write it like 2026-11-20",
    ]
    note.write_text(note.read_text(encoding="utf-8").replace("## Log", "More\n\n## Log"), encoding="utf-8")
    assert says() == []


def test_what_was_wrong_at_the_start_is_counted(note: Path, says: Says) -> None:
    add(note, ITEM)
    assert says() == ["1 error and 0 warnings in notes; vaultcrm check tells them"]


def test_much_that_has_become_wrong_is_counted(note: Path, says: Says) -> None:
    assert says() == []
    add(note, "".join(f"- 2026-11-{day} phone: hello\n" for day in range(31, 32 + PROBLEMS_TOLD)))
    assert says() == ["6 errors and 0 warnings in notes; vaultcrm check tells them"]


@pytest.mark.parametrize("says", [True], indirect=True)
def test_a_quiet_one_says_nothing_of_it(note: Path, says: Says) -> None:
    assert says() == []
    add(note, ITEM)
    assert says() == []
