"""Same vault, policy and day: the same bytes on every machine, in every order of files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.vaults import TESTS, VAULTS, as_of

ZONES = (
    "UTC",
    "America/St_Johns",
    "Etc/GMT+12",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Europe/Berlin",
)
LOCALES = ("C", "de_DE.UTF-8", "tr_TR.UTF-8")

ANOTHER_MACHINE = """
import os, random, sys
shuffle = random.Random(int(sys.argv[1])).shuffle
scandir, listdir = os.scandir, os.listdir

class Shuffled(list):
    def __enter__(self): return self
    def __exit__(self, *what): pass
    def close(self): pass

def in_another_order(entries):
    found = Shuffled(entries)
    shuffle(found)
    return found

os.scandir = lambda path=".": in_another_order(scandir(path))
os.listdir = lambda path=".": in_another_order(listdir(path))
from vaultcrm.cli import run
vault, day = sys.argv[2:]
for command in (["index"], ["export", "json"], ["check"], ["agenda"], ["metrics"]):
    status = run([*command, "--vault", vault, "--today", day])
    sys.stdout.flush()
    if status not in (0, 1):
        sys.exit(status)
"""
"""What may differ on another machine; in a process of its own: its start decides on hashes and zones."""


def run_on_another_machine(name: str, number: int, folder: Path) -> str:
    """The digest of everything that a machine of its own writes and prints for a golden vault."""
    vault = Path(shutil.copytree(VAULTS / name / "vault", folder / f"Some folder {number}" / "vault"))
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONUTF8"},
        "TZ": ZONES[number % len(ZONES)],
        "LC_ALL": LOCALES[number % len(LOCALES)],
        "LANG": LOCALES[number % len(LOCALES)],
        "PYTHONHASHSEED": str(number),
        "PYTHONIOENCODING": "utf-8",
        "XDG_CACHE_HOME": str(folder / f"cache {number}"),
    }
    command = [sys.executable, "-c", ANOTHER_MACHINE, str(number), str(vault), as_of(name)]
    done = subprocess.run(command, env=environment, cwd=TESTS.parent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    digest = hashlib.sha256(done.stdout.replace(str(vault).encode(), b""))
    for path in sorted(vault.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(vault).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@pytest.mark.parametrize(("name", "machines"), [("studio-zh", range(6)), ("everything-broken-zh", (0, 4))])
def test_every_machine_gives_the_same_bytes(name: str, machines: Iterable[int], tmp_path: Path) -> None:
    assert len({run_on_another_machine(name, number, tmp_path) for number in machines}) == 1
