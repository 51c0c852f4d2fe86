"""Disks that are full, or cannot be written: what is there stays, and the reason is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.command import Outcome, run_cli
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.store import target

pytestmark = pytest.mark.skipif(os.name == "nt", reason="disks of POSIX")

FILES = {
    **SMALL_VAULT,
    "vaultcrm.toml": SMALL_VAULT["vaultcrm.toml"]
    + '        [writeback]\n        properties = ["tier", "health"]\n',
    "Home.md": "<!-- vaultcrm:begin agenda -->\nmy own words\n<!-- vaultcrm:end -->\n",
}


def index(vault: Path, *options: str) -> Outcome:
    return run_cli("index", "--vault", vault, "--today", AS_OF, *options)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Something mounted at a folder; the test is skipped where that may not be done."""
    command = ["mount", *options, str(folder)]
    may = sys.platform == "linux" and not os.getuid()
    if not may or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    yield
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder, "-t", "tmpfs", "-o", "size=256k,nr_inodes=1k", "tmpfs"):
        yield folder


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    vault = write_vault(small_disk, FILES)
    index(vault)
    before = contents(vault)
    (vault / "Clients/Bell.md").write_text("---\ntype: client\n---\n", encoding="utf-8")
    with suppress(OSError), (vault / "big").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)
    outcome = index(vault)
    assert outcome.status == 3
    assert "no space left on the disk" in outcome.err
    assert "make room on the disk" in outcome.err
    after = contents(vault)
    assert {path: after[path] for path in before} == before
    assert not [path for path in after if ".vaultcrm-" in path]
    (vault / "big").unlink()
    assert index(vault).status == 0
    assert index(vault, "--check").status == 0
    assert b"Bell" in (vault / "CRM/Dashboard.md").read_bytes()


@pytest.mark.parametrize("step", [16, pytest.param(1, marks=pytest.mark.slow)])
def test_a_disk_with_so_much_room_left(small_disk: Path, step: int, tally: Tally) -> None:
    """Some of the writes find room, others do not: each file is as before or as after."""
    vault = write_vault(small_disk / "vault", FILES)
    index(vault)
    before = contents(vault)
    write_vault(vault, {"Feedback/2026-11-19.md": '---\nclient: "[[Acme]]"\nresult: 3\n---\n'})
    shutil.copytree(vault, small_disk / "undisturbed")
    index(small_disk / "undisturbed")
    after = contents(small_disk / "undisturbed")
    statuses = []
    for pages in range(0, 48, step):
        shutil.rmtree(vault)
        write_vault(vault, {**before, **{path: after[path] for path in after.keys() - before.keys()}})
        fill(small_disk, pages)
        statuses.append(index(vault).status)
        found = contents(vault)
        assert all(data in (before.get(path), after[path]) for path, data in found.items()), pages
        assert found.keys() == after.keys(), pages
        (small_disk / "big").unlink()
        assert index(vault).status == 0
        assert contents(vault) == after, pages
    assert set(statuses) == {0, 3}
    tally("disk", len(statuses))


def fill(disk: Path, pages: int) -> None:
    """Leave a disk room for so many pages, and no more."""
    with (disk / "big").open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(b"x" * 1024)
        file.truncate(max(file.tell() - pages * 4096, 0))


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A vault that nobody can write to, root included."""
    vault = write_vault(tmp_path / "vault", FILES)
    with mounted(vault, "--bind", "-o", "ro", str(vault)):
        yield vault


def test_a_vault_that_is_read_only(read_only: Path) -> None:
    before = contents(read_only)
    outcome = index(read_only)
    assert outcome.status == 3
    assert "could not be written: the disk is read-only" in outcome.err
    assert "Traceback" not in outcome.err
    assert index(read_only, "--check").status == 1
    for command in (["done", "x"], ["snooze", "Acme", "2w"], ["writeback"], ["writeback", "--remove"]):
        outcome = run_cli(*command, "--vault", read_only, "--today", AS_OF)
        assert outcome.status in (0, 2, 3), outcome.text()
    assert run_cli("agenda", "--vault", read_only, "--today", AS_OF).status == 0
    assert contents(read_only) == before


def test_where_the_folder_of_outputs_cannot_be_written_notes_are_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the other way round: one note that cannot be written costs only itself."""
    vault = write_vault(tmp_path / "vault", FILES)
    real = target.Target.check_writable

    def check(self: target.Target, present: bytes | None) -> None:
        if self.name == "Acme.md":
            raise PermissionError(13, "no")
        real(self, present)

    monkeypatch.setattr(target.Target, "check_writable", check)
    outcome = index(vault)
    assert outcome.status == 3
    assert "Clients/Acme.md could not be written: permission denied" in outcome.err
    assert (vault / "CRM/Dashboard.md").exists()
    assert b"my own words" not in (vault / "Home.md").read_bytes()


def test_a_dashboard_with_the_line_ends_of_windows_is_not_written_again_and_again(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", FILES)
    index(vault)
    dashboard = vault / "CRM/Dashboard.md"
    dashboard.write_bytes(dashboard.read_bytes().replace(b"\n", b"\r\n"))
    os.chmod(dashboard, 0o640)
    assert "wrote" not in index(vault).out
    assert index(vault, "--check").status == 0
    (vault / "Clients/Bell.md").write_text("---\ntype: client\n---\n", encoding="utf-8")
    assert "wrote CRM/Dashboard.md" in index(vault).out
    data = dashboard.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"Bell" in data
    assert dashboard.stat().st_mode & 0o777 == 0o640
    assert "wrote" not in index(vault).out
