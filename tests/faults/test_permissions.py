"""Files and folders that a user may not read or write: told as such, and never taken for missing or empty."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import vaultcrm
from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault

pytestmark = pytest.mark.skipif(
    not hasattr(os, "setresuid") or os.getuid() != 0, reason="only root can become another user"
)

NOBODY, BUG = 65534, 70


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user who may not do everything, for a while."""
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        if not os.access(vaultcrm.__file__, os.R_OK):
            pytest.skip("another user cannot read this program")
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def as_user(*command: str | Path) -> Outcome:
    """What a command says to that user, who perhaps cannot load what is not loaded yet."""
    with as_nobody():
        outcome = run_cli(*command)
    if outcome.status == BUG and "ModuleNotFoundError" in outcome.err:
        pytest.skip("another user cannot read this Python")
    return outcome


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A vault of that user, indexed, with a new note that is not yet."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / "home"))
    root = write_vault(folder / "vault", SMALL_VAULT)
    (folder / "home").mkdir()
    for path in ("Clients/Horn.md", "Clients/Bell.md"):
        run_cli("index", "--vault", root, "--today", AS_OF)
        (root / path).write_text("---\ntype: client\n---\n", encoding="utf-8")
    for command in ("agenda", "log", "snooze", "done"):  # loads what that user may not be able to
        run_cli(command, *(["Acme", "2w", "--dry-run"] if command != "agenda" else []), "--vault", root)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    yield root
    shutil.rmtree(folder)


def index(vault: Path, *options: str) -> Outcome:
    return as_user("index", "--vault", vault, "--today", AS_OF, *options)


@pytest.mark.parametrize(
    ("path", "told"),
    [("Clients/Acme.md", "1 file could not be read (Clients/Acme.md)"), ("Projects", "(Projects)")],
)
def test_what_may_not_be_read_is_not_gone(vault: Path, path: str, told: str) -> None:
    before = contents(vault)
    (vault / path).chmod(0)
    withheld, accepted = index(vault), index(vault, "--accept-loss")
    (vault / path).chmod(0o755)
    assert withheld.status == 3
    assert told in withheld.err
    assert accepted.status == 0
    assert index(vault).status == 0
    after = contents(vault)
    notes = [name for name in before if not name.startswith("CRM/")]
    assert {name: after[name] for name in notes} == {name: before[name] for name in notes}


@pytest.mark.parametrize("command", [("snooze", "Acme", "2w"), ("done", "Acme"), ("log", "Acme", "phone: x")])
def test_a_client_whose_note_may_not_be_read_is_not_unknown(vault: Path, command: tuple[str, ...]) -> None:
    (vault / "Clients/Acme.md").chmod(0)
    outcome = as_user(*command, "--vault", vault)
    assert outcome.status == 3
    assert "1 file could not be read, and it may stand there: Clients/Acme.md" in outcome.err


@pytest.mark.parametrize("path", ["CRM", "CRM/Dashboard.md", "."])
def test_what_may_not_be_written_is_told_and_stays(vault: Path, path: str) -> None:
    before, mode = contents(vault), (vault / path).stat().st_mode
    for each in ((vault / path), *((vault / path).rglob("*") if path == "." else ())):
        each.chmod(0o555 if each.is_dir() else 0o444)
    outcome, checked = index(vault), index(vault, "--check")
    asked = as_user("agenda", "--vault", vault)
    assert outcome.status == 3
    assert "could not be written: permission denied" in outcome.err
    assert "Traceback" not in outcome.err
    assert (checked.status, asked.status) == (1, 0)
    after = contents(vault)
    may_change = {"CRM/follow-ups.ics"} if path == "CRM/Dashboard.md" else set()
    assert {name for name in before if after[name] != before[name]} == may_change
    assert not [name for name in after if ".vaultcrm-" in name]
    (vault / path).chmod(mode)


def test_without_a_home_that_can_be_written_a_run_goes_on(vault: Path) -> None:
    """Neither cache nor lock can be kept there: the answer is the same."""
    home = vault.parent / "home"
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert index(vault).status == 0
    assert index(vault, "--check").status == 0
    assert b"Bell" in (vault / "CRM/Dashboard.md").read_bytes()
