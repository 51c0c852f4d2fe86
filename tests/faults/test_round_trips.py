"""What is written into the front matter of strangers is taken out again: byte for byte, of each of them.

The notes are made in all styles that people and programs write. ``STRANGERS=folder make faults`` takes those
of a folder, too: as they are, with the line ends of Windows, with a byte order mark, without a last line end.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.hostile.strangers import strangers
from tests.support.front_matters import some_note
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, contents
from vaultcrm.app import runs
from vaultcrm.parse.splice import Refusal, set_properties
from vaultcrm.writing import edits

VALUES: tuple[dict[str, str | None], ...] = (
    {"crm_tier": "A", "crm_stage": "core", "crm_next_contact": "2026-12-04", "crm_health": "88"},
    {"crm_tier": "重点", "crm_stage": None, "crm_next_contact": "2027-01-01", "crm_health": "7"},
)
MARK = b"\xef\xbb\xbf"


def made(number: int) -> Iterator[bytes]:
    """Notes in all styles, the same each time."""
    yield from (some_note(random.Random(seed)) for seed in range(number))
    yield from strangers(number // 10).values()


def found(folder: str) -> Iterator[bytes]:
    """The notes with front matter below a folder, in four forms each."""
    for path in sorted(Path(folder).rglob("*.md*")):
        data = path.read_bytes() if path.is_file() else b""
        if data.removeprefix(MARK).startswith(b"---"):
            plain = data.replace(b"\r\n", b"\n")
            yield from (
                data,
                plain.replace(b"\n", b"\r\n"),
                MARK + data.removeprefix(MARK),
                data.rstrip(b"\n"),
            )


def check(notes: Iterable[bytes]) -> tuple[int, int]:
    """Write, write over, take out; how many notes there were, and into how many nothing was written."""
    number = refused = 0
    for data in notes:
        number += 1
        after = data
        for values in VALUES:
            written = set_properties(after, values)
            if isinstance(written, Refusal):
                assert after == data
                refused += 1
                break
            after = written
        taken = set_properties(after, dict.fromkeys(VALUES[0]))
        assert isinstance(taken, Refusal) or taken == data
    return number, refused


@pytest.mark.parametrize("notes", [500, pytest.param(20_000, marks=pytest.mark.slow)])
def test_what_is_written_is_taken_out_again(notes: int, tally: Tally) -> None:
    number, refused = check(made(notes))
    assert number > notes
    assert refused < number / 2
    tally("front matter", number)


@pytest.mark.slow
def test_what_is_written_into_strangers_notes_is_taken_out_again(tally: Tally) -> None:
    folder = os.environ.get("STRANGERS")
    if not folder:
        pytest.skip("STRANGERS names no folder")
    number, refused = check(found(folder))
    assert refused < number / 10
    tally("front matter", number)


@pytest.mark.parametrize("notes", [120, pytest.param(6000, marks=pytest.mark.slow)])
def test_a_whole_vault_of_strangers_is_as_before(tmp_path: Path, notes: int) -> None:
    """By the commands: each note is taken for a client's, written into by a run, and as before afterwards."""
    clients = tmp_path / "Clients"
    clients.mkdir()
    for number, data in enumerate(made(notes)):
        (clients / f"{number}.md").write_bytes(data)
    before = contents(clients)
    (tmp_path / "vaultcrm.toml").write_bytes(b'[writeback]\nproperties = ["tier", "health"]\n')
    vault = runs.open_vault(str(tmp_path), str(tmp_path))
    day = date.fromisoformat(AS_OF)
    first = runs.index(vault, day, 2 * 10**18)
    assert len(first.notes.changed) > notes / 4
    assert runs.index(vault, day, 2 * 10**18).written == ()
    assert edits.take_back(vault).changed.keys() == first.notes.changed.keys()
    assert contents(clients) == before
