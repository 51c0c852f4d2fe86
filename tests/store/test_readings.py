from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, SourceFile
from vaultcrm.model.records import Client, FollowUp, Reading
from vaultcrm.store import cache as cache_module
from vaultcrm.store import readings as readings_module
from vaultcrm.store import vault as vault_module
from vaultcrm.store.cache import NOTES, STAGED, Cache
from vaultcrm.store.codec import Said
from vaultcrm.store.places import cache_folder
from vaultcrm.store.readings import Found, readings
from vaultcrm.store.vault import walk
from vaultcrm.store.walk import Walk

MakeVault = Callable[[dict[str, str | bytes]], Path]
NOW = 4_000_000_000_000_000_000


def parsed(source: SourceFile) -> Said:
    """A parser: each line is a task, and the first word a client's name."""
    place = Place(source.path)
    lines = source.data.decode("utf-8", "replace").splitlines()
    tasks = tuple(FollowUp(place=Place(source.path, n, 1), text=line) for n, line in enumerate(lines, 1))
    problems = (Diagnostic("bad-date", place, "x"),) if b"bad" in source.data else ()
    return Reading(
        source.path, "client", Client(place=place, name=lines[0] if lines else ""), (), tasks
    ), problems


class Parser:
    """The same, counting."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, source: SourceFile) -> Said:
        self.paths.append(source.path)
        return parsed(source)


def run(
    root: Path, parse: Callable[[SourceFile], Said] = parsed, *, now_ns: int = NOW, cached: bool = True
) -> Found:
    with Cache.open(str(root), "f" if cached else None) as cache:
        return readings(str(root), walk(str(root)), cache, parse, now_ns)


def texts(found: Found) -> dict[str, list[str]]:
    return {reading.path: [task.text for task in reading.tasks] for reading in found.readings}


def test_readings_come_in_the_order_of_paths(make_vault: MakeVault) -> None:
    root = make_vault({"b.md": "B bad", "a/c.md": "C", "Z.md": "Z bad"})
    found = run(root)
    assert texts(found) == {"Z.md": ["Z bad"], "a/c.md": ["C"], "b.md": ["B bad"]}
    assert list(texts(found)) == ["Z.md", "a/c.md", "b.md"]
    assert [problem.place.path for problem in found.diagnostics] == ["Z.md", "b.md"]


def test_a_warm_run_says_what_a_cold_one_says_and_opens_no_note(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"b.md": "B bad", "a.md": "A", "x/c.md": b"\xff\xfe"})
    cold = run(root)
    monkeypatch.setattr(
        readings_module, "read_notes", lambda root, paths: iter(paths and pytest.fail("it reads"))
    )
    assert run(root) == cold


def test_only_what_changed_is_parsed(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "A", "b.md": "B", "c.md": "C"})
    run(root)
    make_vault({"b.md": "B changed", "d.md": "D"})
    (root / "a.md").rename(root / "e.md")
    (root / "c.md").unlink()
    parser = Parser()
    assert run(root, parser) == run(root, cached=False)
    assert parser.paths == ["b.md", "d.md", "e.md"]


def test_a_touched_note_is_read_but_not_parsed(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "A"})
    cold = run(root)
    os.utime(root / "a.md", ns=(5, 5))
    parser = Parser()
    assert run(root, parser) == cold
    assert parser.paths == []


def test_what_the_notes_on_the_disk_said_is_not_parsed_again_where_git_has_the_same(
    make_vault: MakeVault,
) -> None:
    root = make_vault({"a.md": "A", "b.md": "B"})
    cold = run(root)
    (root / "b.md").write_text("B!")
    parser = Parser()
    with Cache.open(str(root), "f", STAGED) as cache:
        assert readings(str(root), walk(str(root)), cache, parser, NOW).readings[0] == cold.readings[0]
    assert parser.paths == ["b.md"]
    again = Parser()
    with Cache.open(str(root), "f", STAGED) as cache:
        readings(str(root), walk(str(root)), cache, again, NOW)
    assert again.paths == []


@pytest.mark.parametrize("damage", ["version", "bytes"])
def test_nothing_is_lent_by_a_cache_that_is_of_no_use(make_vault: MakeVault, damage: str) -> None:
    root = make_vault({"a.md": "A"})
    if damage == "version":
        with Cache.open(str(root), "another") as cache:
            readings(str(root), walk(str(root)), cache, parsed, NOW)
    else:
        path = Path(cache_folder(str(root))) / f"{NOTES}.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no database" * 100)
    with Cache.open(str(root), "f", STAGED) as cache:
        assert cache.kept == {}


@pytest.mark.parametrize("age_ns", [0, 1_999_999_999, 10**12])
def test_an_edit_with_the_same_size_and_time_is_seen(make_vault: MakeVault, age_ns: int) -> None:
    root = make_vault({"a.md": "one"})
    written = os.stat(root / "a.md").st_mtime_ns
    run(root, now_ns=written + age_ns)
    with open(root / "a.md", "r+b") as file:
        file.write(b"two")
    os.utime(root / "a.md", ns=(written, written))
    assert texts(run(root, now_ns=written + age_ns)) == {"a.md": ["two"]}


def test_an_edit_in_the_same_tick_is_seen(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system whose clock ticks every two seconds: nothing of the stamp differs."""
    root = make_vault({"a.md": "one"})
    coarse, notes = (3, 10**18, 10**18, 1), Walk.notes
    monkeypatch.setattr(vault_module, "stamp_of", lambda status: coarse)
    monkeypatch.setattr(Walk, "notes", lambda walk: [(path, coarse) for path, _ in notes(walk)])
    run(root, now_ns=10**18 + 1_900_000_000)
    make_vault({"a.md": "two"})
    assert texts(run(root, now_ns=10**18 + 5_000_000_000)) == {"a.md": ["two"]}
    make_vault({"a.md": "six"})  # later than that, such an edit would have another time
    assert texts(run(root, now_ns=10**18 + 9_000_000_000)) == {"a.md": ["two"]}


def test_a_generated_note_is_not_parsed_and_has_no_kind(make_vault: MakeVault) -> None:
    root = make_vault(
        {"CRM/Plan 2026-12.md": "<!-- vaultcrm:generated by vaultcrm -->\n# Plan\n", "a.md": "A"}
    )
    parser = Parser()
    assert run(root, parser).readings[0] == Reading("CRM/Plan 2026-12.md", None)
    assert parser.paths == ["a.md"]
    run(root, parser)
    assert parser.paths == ["a.md"]


def test_a_note_that_vanishes_behind_the_walk_has_no_reading(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "A", "b.md": "B"})
    listing = walk(str(root))
    (root / "a.md").unlink()
    with Cache.open(str(root), "f") as cache:
        assert list(texts(readings(str(root), listing, cache, parsed, NOW))) == ["b.md"]


def test_an_unreadable_note_is_told_in_each_run(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": "A", "b.md": "B"})
    real = os.open

    def refusing(path: str, *args: object, **options: object) -> object:
        if str(path).endswith("a.md"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing)
        for _ in range(2):
            found = run(root)
            assert found.unreadable == ("a.md",)
            assert [(each.code, each.place.path) for each in found.diagnostics] == [
                ("note-unreadable", "a.md")
            ]
            assert found.readings[0] == Reading("a.md", None)
    assert run(root).unreadable == ()


def test_rows_of_another_form_are_read_again(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault({"a.md": "A", "b.md": "B"})
    monkeypatch.setattr(cache_module, "code_stamp", lambda *folders: "same")
    with monkeypatch.context() as patch:
        patch.setattr(readings_module, "encode", lambda said, path: b'{"another": "form"}')
        run(root)
    cold = run(root, cached=False)
    assert run(root) == cold
    parser = Parser()
    assert run(root, parser) == cold
    assert parser.paths == []


def test_the_collector_is_as_before(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "A"})

    def failing(source: SourceFile) -> Said:
        assert not gc.isenabled()
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):  # noqa: PT011 - it is the one above
            run(root, failing)
        assert gc.isenabled()
    gc.disable()
    try:
        run(root)
        assert not gc.isenabled()
    finally:
        gc.enable()


# ---------------------------------------------------------------------------- several processes


SHARED = """\
import os, sys
from hashlib import sha256
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.records import FollowUp, Reading
from vaultcrm.store import helper, readings as module
from vaultcrm.store.cache import Cache
from vaultcrm.store.vault import walk

root, how, parent = sys.argv[1], sys.argv[2], os.getpid()

def parse(source):
    if os.getpid() != parent:
        if how == "dies" and source.path.endswith("7.md"):
            os.kill(os.getpid(), 9)
        if how == "raises" and source.path.endswith("7.md"):
            raise ValueError
    text = source.data.decode()
    return Reading(source.path, "daily", tasks=(FollowUp(place=Place(source.path), text=text),)), (
        (Diagnostic("bad-date", Place(source.path), text),) if text.endswith("3") else ()
    )

module.SHARED_FROM = 10
if how != "really":
    module.processors = helper.processors = lambda: 1 if how == "alone" else 3
if how == "no process":
    def fork():
        raise BlockingIOError(11, "Resource temporarily unavailable")
    os.fork = fork
for _ in range(2):
    with Cache.open(root, how) as cache:
        found = module.readings(root, walk(root), cache, parse, 4 * 10**18)
    print(sha256(repr(found).encode()).hexdigest(), len(found.readings), len(found.diagnostics))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="work is shared on Linux only")
@pytest.mark.parametrize("how", ["really", "shared", "dies", "raises", "no process"])
def test_shared_work_gives_the_same(make_vault: MakeVault, how: str) -> None:
    root = make_vault({f"{n % 7}/{n}.md": str(n) for n in range(60)})
    cold = []
    for each in ("alone", how):
        command = [sys.executable, "-c", SHARED, str(root), each]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        cold += done.stdout.splitlines()
    assert len(cold) == 4
    assert len(set(cold)) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("notes", [0, 1, 47, 5000])
def test_each_note_is_in_one_share_and_who_takes_results_apart_reads_fewer(count: int, notes: int) -> None:
    paths = [f"{number}.md" for number in range(notes)]
    shares = readings_module._shares(paths, count)
    assert len(shares) == count
    assert sorted(path for share in shares for path in share) == sorted(paths)
    if notes > 1000 and count > 1:
        own, *others = map(len, shares)
        assert 0 < own < min(others) <= max(others) <= min(others) + 1


def test_little_work_is_not_shared(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings_module, "SHARED_FROM", 4)
    monkeypatch.setattr(readings_module, "processors", lambda: 4)
    monkeypatch.setattr(readings_module, "begun", None)
    root = make_vault({f"{number}.md": "" for number in range(3)})
    assert len(run(root).readings) == 3
