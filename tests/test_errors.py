"""Each diagnostic, with the exact text that a person sees. How cases look: tests/errors/README.md."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.expectations import expect_file
from tests.support.vaults import AS_OF, ERRORS, SMALL_VAULT, TESTS, write_vault

CASES = sorted(path for path in ERRORS.iterdir() if path.is_dir())


def codes() -> set[str]:
    """Every code that the program knows."""
    from vaultcrm.model.diagnostics import CODES

    return set(CODES) if isinstance(CODES, Mapping) else {row.code for row in CODES}


def code_of(case: Path) -> str:
    """The code that a case shows: its name, up to what tells it from other cases of that code."""
    return case.name.partition("--")[0]


def said(case: Path, name: str, otherwise: str) -> str:
    """What a file of one line says, if it is there."""
    path = case / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else otherwise


def test_small_vault_has_no_fault(small_vault: Path) -> None:
    outcome = run_cli("check", "--vault", small_vault, "--today", AS_OF)
    assert (outcome.status, "[" in outcome.text()) == (0, False), outcome.text()


@pytest.mark.parametrize(
    "case", [case for case in CASES if not (case / "elsewhere").exists()], ids=lambda case: case.name
)
def test_error(case: Path, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", SMALL_VAULT)
    if (case / "vault").is_dir():
        shutil.copytree(case / "vault", vault, dirs_exist_ok=True)
    else:
        note = vault / said(case, "path", "Clients/Note.md")
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes((case / "note.md").read_bytes())
    command = shlex.split(said(case, "command", "check"))
    outcome = run_cli(*command, "--vault", vault, "--today", said(case, "as_of", AS_OF))
    assert f"[{code_of(case)}]" in outcome.text(), f"the case does not show its code, but:\n{outcome.text()}"
    expect_file(case / "expected.txt", outcome.text())


def test_errors_that_no_file_causes_are_shown_elsewhere() -> None:
    for case in CASES:
        if (case / "elsewhere").exists():
            path, _, test = said(case, "elsewhere", "").partition("::")
            source = (TESTS.parent / path).read_text(encoding="utf-8")
            assert f"def {test}(" in source, case.name
            assert code_of(case) in source, case.name


def test_every_code_has_a_case() -> None:
    assert {code_of(case) for case in CASES} == codes()
