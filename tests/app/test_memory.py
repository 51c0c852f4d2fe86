"""What a run leaves: written whole once, and then what is new beside it; the next run finds all of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.test_refreshing import DAY, NOTES_OF, NOW, changed, root, task, vault
from vaultcrm.app import since
from vaultcrm.app.computing import Computed, computed
from vaultcrm.app.ledger import Ledger
from vaultcrm.app.memory import Memory, recall, recall_directory
from vaultcrm.app.outputs import render
from vaultcrm.app.since import NOTHING, brought_up
from vaultcrm.model import directory
from vaultcrm.store.kept import SINCE, read_apart
from vaultcrm.store.places import cache_folder

__all__ = ["root"]

CHANGES = (
    {"Log/1.md": "+- [ ] and that 📅 2026-11-26\n"},
    {"Log/7.md": NOTES_OF["Log/1.md"].replace("Acme", "Dunn")},
    {"Daily/2026-11-05.md": None},
    {"Clients/Cole.md": "+\n## Log\n\n- 2026-11-14 call: odd [[\n"},
    {"Ideas.md": "+more\n", "Log/2.md": "---\ntype: interaction\nclient: '[[Bell]]'\ndate: soon\n---\n"},
    {"Log/7.md": None},
)


def file_of(root: Path, end: str = "") -> Path:
    return Path(cache_folder(str(root))) / ("ledger" + end)


def run(root: Path) -> Computed:
    """A run that makes all outputs, and leaves what it found out."""
    opened = vault(root)
    found = computed(task(opened))
    found.overview.assessments.have(directory.NAME, directory.part)
    list(render(opened, found.overview, {}))
    found.keep(opened)
    return found


def never(number: int) -> NoReturn:
    raise AssertionError(f"nothing is known of client {number}")


def begin(root: Path) -> bytes:
    """A run that finds nothing, and so writes all that it leaves."""
    file_of(root).unlink()
    run(root)
    return file_of(root).read_bytes()


def contents(found: Memory) -> tuple[object, ...]:
    """What was left, whatever way it was written: stamps as a dictionary, problems and parts in any order."""
    return replace(found.ledger, stamps=dict(found.ledger.stamps)), found.kept.whole()


def test_what_is_new_is_written_beside_what_was_written_whole(root: Path) -> None:
    whole = begin(root)
    for change in CHANGES:
        changed(root, change)
        found = run(root)
        assert file_of(root).read_bytes() == whole
        left, kept = found.left(vault(root)), recall(vault(root), DAY)
        assert left is not None
        assert kept is not None
        assert contents(kept) == contents(left)
        assert found.overview == computed(replace(task(vault(root)), use_cache=False)).overview


def test_a_directory_is_as_new_as_all_else(root: Path) -> None:
    run(root)
    for change in CHANGES:
        changed(root, change)
        run(root)
        found, kept = recall_directory(vault(root)), recall(vault(root), DAY)
        assert found is not None
        assert kept is not None
        called = kept.kept.column(directory.NAME, len(kept.ledger.clients), never)
        assert found[1] == dict(zip(kept.ledger.clients, called, strict=True))
        assert dict(found[0].stamps) == dict(kept.ledger.stamps)


def test_much_that_is_new_is_written_whole_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = begin(root)
    changed(root, CHANGES[0])
    run(root)
    assert file_of(root).read_bytes() == whole
    monkeypatch.setattr(since, "MOST", 3)
    changed(root, CHANGES[1])
    changed(root, CHANGES[3])
    run(root)
    assert file_of(root).read_bytes() != whole
    kept = recall(vault(root), DAY)
    assert kept is not None
    assert kept.since.base
    assert kept.since == replace_all(kept)


def replace_all(kept: Memory) -> since.Since:
    return since.Since(kept.since.base)


def test_a_process_that_goes_on_writes_what_is_new(root: Path) -> None:
    run(root)
    opened = vault(root)
    before = recall(opened, DAY)
    whole = file_of(root).read_bytes()
    for change in CHANGES:
        changed(root, change)
        found = computed(replace(task(opened), before=before))
        before = found.keep(opened)
        assert before is not None
        kept = recall(opened, DAY)
        assert kept is not None
        assert contents(kept) == contents(before)
    assert file_of(root).read_bytes() == whole


def test_of_two_runs_that_knew_the_same_the_last_counts(root: Path) -> None:
    run(root)
    opened = vault(root)
    one = recall(opened, DAY)
    changed(root, CHANGES[0])
    run(root)
    changed(root, CHANGES[1])
    found = computed(replace(task(opened), before=one))  # knows nothing of what the other one left
    left, kept = found.keep(opened), recall(opened, DAY)
    assert left is not None
    assert kept is not None
    assert contents(kept) == contents(left)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: b"?" * len(data),
    ],
)
def test_damage_costs_what_was_new_alone(root: Path, damage: Callable[[bytes], bytes]) -> None:
    run(root)
    changed(root, CHANGES[0])
    run(root)
    file = file_of(root, SINCE)
    file.write_bytes(damage(file.read_bytes()))
    kept = recall(vault(root), DAY)
    assert kept is not None
    assert kept.since.notes == frozenset()
    assert run(root).overview == computed(replace(task(vault(root)), use_cache=False)).overview


def test_what_is_new_beside_another_ledger_counts_for_nothing(root: Path) -> None:
    run(root)
    changed(root, CHANGES[0])
    run(root)
    beside = file_of(root, SINCE).read_bytes()
    changed(root, CHANGES[1])
    opened = vault(root)
    computed(replace(task(opened), from_memory=False)).keep(opened)
    file_of(root, SINCE).write_bytes(beside)
    kept = recall(opened, DAY)
    assert kept is not None
    assert kept.since.notes == frozenset()
    assert "Log/7.md" in kept.ledger.stamps


def test_where_it_cannot_be_written_beside_it_is_written_whole(root: Path) -> None:
    run(root)
    file_of(root, SINCE).unlink(missing_ok=True)
    file_of(root, SINCE).mkdir()
    changed(root, CHANGES[1])
    run(root)
    kept = recall(vault(root), DAY)
    assert kept is not None
    assert "Log/7.md" in kept.ledger.stamps


PATHS = st.sampled_from(["a.md", "b.md", "c/d.md"])
PROBLEMS = st.dictionaries(PATHS, st.just(()))
SETS = st.frozensets(PATHS)


@st.composite
def ledgers(draw: st.DrawFn, like: Ledger | None = None) -> Ledger:
    from vaultcrm.parse.links import Linked
    from vaultcrm.store.stamps import Stamps

    stamps = draw(st.dictionaries(PATHS, st.tuples(*[st.integers(0, 2)] * 4)))
    return Ledger(
        stamps=Stamps.of(stamps),
        linked=like.linked if like else Linked({}, frozenset(), frozenset()),
        clients={path: tuple(draw(st.lists(PATHS, max_size=2))) for path in ("x.md", "y.md")},
        reading=draw(PROBLEMS),
        joining=draw(PROBLEMS),
        listed=(),
        compared=frozenset(),
        ours=draw(SETS),
        with_regions=draw(SETS),
        playbooks={},
        playing={},
    )


@given(data=st.data())
def test_what_was_told_since_makes_the_same_ledger(data: st.DataObject) -> None:
    base = data.draw(ledgers())
    parts = {path: (number == 0, {"part": path}) for number, path in enumerate(base.clients)}
    told, now = since.Since(b"name"), base
    for _ in range(data.draw(st.integers(1, 3))):
        new = data.draw(ledgers(base))
        told, now = told.then(now, new, data.draw(st.sets(st.sampled_from([*base.clients])))), new
    found, ledger, newer = brought_up(base, told.plain(now, parts))
    assert found == told
    assert replace(ledger, stamps=dict(ledger.stamps)) == replace(now, stamps=dict(now.stamps))
    assert newer == {path: parts[path] for path in told.clients}


def test_nothing_can_differ_from_no_ledger(root: Path) -> None:
    kept = recall(vault(root), DAY)
    assert kept is not None
    assert NOTHING.then(kept.ledger, kept.ledger, ()) == NOTHING
    assert kept.since.then(kept.ledger, replace(kept.ledger, playing={"x.md": ()}), ()) == NOTHING
    assert os.path.exists(file_of(root))
    assert NOW


def test_a_damaged_column_costs_itself_alone(root: Path) -> None:
    whole = begin(root)
    kept = read_apart(str(file_of(root)))
    assert kept is not None
    columns = {name: bytes(data) for name, (data, _) in kept._places.items() if name.isdecimal()}
    columns[directory.NAME] = bytes(kept._places[directory.NAME][0])
    assert len(columns) > 10
    changed(root, CHANGES[0])
    anew = computed(replace(task(vault(root)), use_cache=False)).overview
    for name, column in columns.items():
        damaged = column[:-2] + bytes([column[-2] ^ 1]) + column[-1:]
        file_of(root).write_bytes(whole.replace(column, damaged, 1))
        assert recall(vault(root), DAY) is not None
        assert run(root).overview == anew
        is_written_anew = recall_directory(vault(root)) is not None
        assert is_written_anew or name == directory.NAME
