"""Whatever becomes of what is kept between runs: the next run says and writes what one without it would."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support.tally import Tally
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.app import runs

VAULT = {
    **SMALL_VAULT,
    **{
        f"Clients/Client {number}.md": f"""\
        ---
        type: client
        name: Client {number}
        birthday: 12-{number + 1:02}
        ---
        ## Log
        - 2026-11-{number + 1:02} phone: the launch #progress
        """
        for number in range(9)
    },
}

Damage = Callable[[random.Random, Path], object]


def flip(rng: random.Random, file: Path) -> object:
    """One bit is another."""
    data = bytearray(file.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return file.write_bytes(data)


def scratch(rng: random.Random, file: Path) -> object:
    """A run of bytes is other ones."""
    data, at = file.read_bytes(), rng.randrange(file.stat().st_size)
    return file.write_bytes(data[:at] + rng.randbytes(rng.randrange(1, 5000)) + data[at + 100 :])


def cut(rng: random.Random, file: Path) -> object:
    """The end is missing."""
    return os.truncate(file, rng.randrange(file.stat().st_size))


def blank(rng: random.Random, file: Path) -> object:
    """A block of the disk was never written, as after a power cut."""
    data, at = file.read_bytes(), rng.randrange(file.stat().st_size) // 512 * 512
    return file.write_bytes(data[:at] + bytes(len(data[at : at + 4096])) + data[at + 4096 :])


def twice(rng: random.Random, file: Path) -> object:
    """It holds itself two times."""
    return file.write_bytes(file.read_bytes() * 2)


def empty(rng: random.Random, file: Path) -> object:
    """Nothing is in it."""
    return file.write_bytes(b"")


def other(rng: random.Random, file: Path) -> object:
    """Something else is in it."""
    return file.write_bytes(rng.choice((b"SQLite format 3\0", b"{}", rng.randbytes(9000))))


def folder(rng: random.Random, file: Path) -> object:
    """A folder stands in its place."""
    file.unlink()
    return file.mkdir()


def gone(rng: random.Random, file: Path) -> object:
    """It is not there any more."""
    return file.unlink()


DAMAGES: tuple[Damage, ...] = (flip, flip, flip, scratch, cut, blank, twice, empty, other, folder, gone)


class Caches:
    """A vault, what a run without any cache writes and says, and copies of the caches that runs left.

    ``kept`` has those of the vault as it is, and of the vault as it was before its last edit.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = write_vault(folder / "vault", VAULT)
        self.vault = runs.open_vault(str(self.root), str(self.root))
        self.now = folder / "caches"
        monkeypatch.setenv("XDG_CACHE_HOME", str(self.now))
        self.kept = [self._left(folder / "before")]
        with (self.root / "Clients/Acme.md").open("ab") as note:
            note.write(b"- 2026-11-14 phone: the launch moved\n")
        self.kept.append(self._left(folder / "now"))
        shutil.rmtree(self.now)
        self.said = self.index()
        self.done = contents(self.root)

    def _left(self, into: Path) -> Path:
        for note in self.root.rglob("*.md"):
            os.utime(note, ns=(0, 10**18))  # a stamp that is young proves nothing, and would be read anew
        self.index()
        return Path(shutil.copytree(self.now, into))

    def index(self) -> runs.Indexed:
        """Write all outputs; what came of it."""
        shutil.rmtree(self.root / "CRM", ignore_errors=True)
        return runs.index(self.vault, date.fromisoformat(AS_OF), 2 * 10**18)

    def damaged(self, rng: random.Random) -> str:
        """Put back what was kept, and damage a file of it; what was done to which."""
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(rng.choice(self.kept), self.now)
        files = sorted(path for path in self.now.rglob("*") if path.is_file() and path.stat().st_size)
        file, damage = rng.choice(files), rng.choice(DAMAGES)
        damage(rng, file)
        return f"{file.name}: {damage.__name__}"


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caches:
    return Caches(tmp_path, monkeypatch)


@pytest.mark.parametrize("number", [12, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_damaged_cache_is_never_a_wrong_answer(caches: Caches, number: int, tally: Tally) -> None:
    for seed in range(number):
        what = f"{seed}: {caches.damaged(random.Random(seed))}"
        for _ in range(2):  # the second run has what the first has left of it
            assert caches.index() == caches.said, what
            assert contents(caches.root) == caches.done, what
    tally("cache", number)


def test_caches_of_another_vault_are_not_taken_for_this_one_s(caches: Caches, tmp_path: Path) -> None:
    (place,) = (path.parent for path in caches.now.rglob("notes.sqlite"))
    other = write_vault(tmp_path / "other", {"Clients/Acme.md": "---\ntype: client\nname: Other\n---\n"})
    runs.index(runs.open_vault(str(other), str(other)), date.fromisoformat(AS_OF), 2 * 10**18)
    (theirs,) = (path.parent for path in caches.now.rglob("notes.sqlite") if path.parent != place)
    shutil.rmtree(place)
    theirs.rename(place)
    assert caches.index() == caches.said
    assert contents(caches.root) == caches.done
