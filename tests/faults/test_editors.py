"""Editors save while vaultcrm writes into the same notes: every saved line is there, or kept beside."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from tests.support.tally import Tally
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.app import runs, upkeep
from vaultcrm.errors import ChangedOnDisk, NotWritable, UsageError
from vaultcrm.parse.splice import Refusal, set_properties
from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.writing import edits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tell who writes")

DAY = date.fromisoformat(AS_OF)
EDITOR = """\
import os, random, sys, time
path, how, saves = sys.argv[1], sys.argv[2], int(sys.argv[3])
rng = random.Random(how)
with open(path, "rb") as file:
    buffer = file.read()
for number in range(saves):
    line = b"- mine %d\\n" % number
    buffer += line
    if how == "appends":
        with open(path, "ab") as file:
            file.write(line)
    elif how == "truncates":
        with open(path, "wb") as file:
            time.sleep(rng.random() / 500)
            file.write(buffer)
    elif how == "recreates":
        with open(path + ".new", "wb") as file:
            file.write(buffer)
        os.unlink(path)
        time.sleep(rng.random() / 500)
        os.rename(path + ".new", path)
    else:
        with open(path + ".new", "wb") as file:
            file.write(buffer)
        os.replace(path + ".new", path)
    time.sleep(rng.random() / 200)
"""

EDITORS = ("appends", "truncates", "renames", "recreates")
"""How they save: in place, in two ways; by an atomic rename; by deleting the note and making it anew."""


def note_of(root: Path) -> Path:
    return root / "Clients/Acme.md"


def saved_lines(root: Path) -> set[bytes]:
    """All lines in the note and in what is kept beside it."""
    found = contents(root / "Clients")
    assert all(path == "Acme.md" or "(kept by vaultcrm" in path for path in found), sorted(found)
    return {line.rstrip(b"\r\n") for data in found.values() for line in data.splitlines()}


@pytest.mark.parametrize("saves", [150, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("how", EDITORS)
def test_no_line_that_is_saved_is_lost(tmp_path: Path, how: str, saves: int, tally: Tally) -> None:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    vault = runs.open_vault(str(root), str(root))
    written = kept = rounds = 0
    with subprocess.Popen([sys.executable, "-c", EDITOR, str(note_of(root)), how, str(saves)]) as editor:
        while editor.poll() is None:
            rounds += 1
            value = f"{rounds % 2}"  # each turn has something to write

            def change(data: bytes, value: str = value) -> bytes | Refusal:
                return set_properties(data, {"crm_health": value}) if data else data

            changed = upkeep.change_note(vault.root, "Clients/Acme.md", change)
            written += changed.data is not None
            kept += changed.kept is not None
    assert editor.returncode == 0
    assert written > 0
    assert {b"- mine %d" % number for number in range(saves)} <= saved_lines(root)
    without = upkeep.without_computed(note_of(root).read_bytes())
    assert isinstance(without, bytes)
    assert b"crm_" not in without
    assert len(list(note_of(root).parent.glob("*kept by vaultcrm*"))) == kept
    tally("save", saves)


@pytest.mark.parametrize("saves", [60, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("how", EDITORS)
def test_no_line_that_is_saved_into_a_dashboard_is_lost(
    tmp_path: Path, how: str, saves: int, tally: Tally
) -> None:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    vault = runs.open_vault(str(root), str(root))
    runs.index(vault, DAY, 0)
    dashboard, written = root / "CRM/Dashboard.md", 0
    with subprocess.Popen([sys.executable, "-c", EDITOR, str(dashboard), how, str(saves)]) as editor:
        while editor.poll() is None:
            present = read_bytes(str(dashboard)) or b""
            new = re.sub(rb"^.*\n", b"<!-- ours %d -->\n" % written, present, count=1)
            with suppress(ChangedOnDisk, NotWritable):
                written += replace_file(str(root), "CRM/Dashboard.md", new, expected=present)
    assert editor.returncode == 0
    assert written > 0
    kept = [dashboard, *dashboard.parent.glob("*kept by vaultcrm*")]
    lines = {line for path in kept for line in path.read_bytes().splitlines()}
    assert {b"- mine %d" % number for number in range(saves)} <= lines
    tally("save", saves)


@pytest.mark.parametrize("turns", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_note_that_is_renamed_and_deleted_meanwhile_is_never_made_anew(tmp_path: Path, turns: int) -> None:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    note, other = note_of(root), note_of(root).with_name("Other.md")
    text = note.read_bytes()
    script = (
        "import os, sys\n"
        "one, other = sys.argv[1:]\n"
        "while True:\n"
        "    os.rename(one, other)\n"
        "    os.rename(other, one)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(note), str(other)]) as mover:
        try:
            for turn in range(turns):
                value = str(turn)

                def change(data: bytes, value: str = value) -> bytes | Refusal:
                    return set_properties(data, {"crm_health": value})

                upkeep.change_note(str(root), "Clients/Acme.md", change)
        finally:
            mover.kill()
    found = contents(root / "Clients")
    assert len(found) == 1, sorted(found)
    (data,) = found.values()
    assert upkeep.without_computed(data) == text


def test_everything_at_once(tmp_path: Path) -> None:
    """Two runs, an edit and an editor, all of them again and again."""
    files = {
        **SMALL_VAULT,
        "vaultcrm.toml": SMALL_VAULT["vaultcrm.toml"]
        + '        [writeback]\n        properties = ["tier", "next_contact", "health"]\n',
        "Home.md": "<!-- vaultcrm:begin agenda -->\n<!-- vaultcrm:end -->\n",
    }
    root = write_vault(tmp_path / "vault", files)
    index = [sys.executable, "-m", "vaultcrm", "index", "--vault", str(root), "--today", AS_OF, "--quiet"]
    arguments = [sys.executable, "-c", EDITOR, str(note_of(root)), "renames", "60"]
    vault = runs.open_vault(str(root), str(root))
    edited = 0
    with subprocess.Popen(arguments) as editor:
        while editor.poll() is None:
            rounds = [subprocess.Popen(index) for _ in range(2)]
            try:
                edited += edits.snooze(vault, ["Acme", "2w"], DAY, 0).edited.written
                edited += edits.snooze(vault, ["Acme", "off"], DAY, 0).edited.written
            except UsageError:  # the note was half written when it was read
                pass
            assert [run.wait() for run in rounds] == [0, 0]
    assert edited > 0
    assert {b"- mine %d" % number for number in range(60)} <= saved_lines(root)
    assert subprocess.run(index, check=False).returncode == 0
    assert subprocess.run([*index, "--check"], check=False).returncode == 0
