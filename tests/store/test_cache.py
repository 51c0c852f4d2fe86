from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

import vaultcrm
from vaultcrm.store import cache as cache_module
from vaultcrm.store.cache import Cache, Kept, Row
from vaultcrm.store.packed import Stamp
from vaultcrm.store.places import cache_folder
from vaultcrm.store.vault import UNKNOWN, Listing

NOW = 1_800_000_000_000_000_000
OLD: Stamp = (10, NOW - 10**12, NOW - 10**12, 2**63 + 5)  # an inode that no signed number of 64 bits holds


def database(root: Path) -> Path:
    return Path(cache_folder(str(root))) / "notes.sqlite"


def rows(number: int = 3, stamp: Stamp = OLD) -> list[Row]:
    return [Row(f"客户/Acme {each}.md", stamp, bytes([each]) * 32, b"[%d]" % each) for each in range(number)]


def keep(root: Path, kept: list[Row], now_ns: int = NOW, fingerprint: str = "f") -> None:
    with Cache.open(str(root), fingerprint) as cache:
        cache.store(kept, now_ns)


def kept(root: Path, fingerprint: str = "f") -> dict[str, Kept]:
    with Cache.open(str(root), fingerprint) as cache:
        return cache.kept


def hits(root: Path, stamps: dict[str, Stamp]) -> tuple[dict[str, bytes], list[str]]:
    with Cache.open(str(root), "f") as cache:
        return cache.lookup(Listing(str(root), stamps))


def test_what_is_kept_is_found_by_its_stamp(tmp_path: Path) -> None:
    keep(tmp_path, rows())
    first, second, third = (row.path for row in rows())
    changed = (*OLD[:3], 7)
    assert hits(tmp_path, {third: OLD, "new.md": OLD, first: changed, second: OLD}) == (
        {third: b"[2]", second: b"[1]"},
        ["new.md", first],
    )


@pytest.mark.parametrize("part", range(4))
def test_any_part_of_the_stamp_tells_a_change(tmp_path: Path, part: int) -> None:
    keep(tmp_path, rows(1))
    stamp = list(OLD)
    stamp[part] += 1
    path = rows(1)[0].path
    assert hits(tmp_path, {path: (stamp[0], stamp[1], stamp[2], stamp[3])}) == ({}, [path])


@pytest.mark.parametrize(
    ("age_ns", "proves"),
    [(2_000_000_001, True), (2_000_000_000, False), (0, False), (-(10**18), False)],
)
def test_a_stamp_younger_than_two_seconds_before_the_run_proves_nothing(
    tmp_path: Path, age_ns: int, proves: bool
) -> None:
    stamp = (10, NOW - age_ns, NOW - age_ns, 1)
    keep(tmp_path, rows(1, stamp))
    found, to_read = hits(tmp_path, {rows(1)[0].path: stamp})
    assert bool(found) is proves
    assert bool(to_read) is not proves
    assert kept(tmp_path)[rows(1)[0].path].digest == rows(1)[0].digest  # still, equal bytes need no parsing


def test_an_unknown_stamp_proves_nothing(tmp_path: Path) -> None:
    keep(tmp_path, rows(1, UNKNOWN))
    assert hits(tmp_path, {rows(1)[0].path: UNKNOWN})[0] == {}


def test_what_is_forgotten_or_stored_anew_is_so_in_the_next_run(tmp_path: Path) -> None:
    keep(tmp_path, rows(2))
    first, second = rows(2)
    with Cache.open(str(tmp_path), "f") as cache:
        cache.forget([first.path])
        cache.store([second._replace(said=b"[9]")], NOW)
    assert {path: row.said for path, row in kept(tmp_path).items()} == {second.path: b"[9]"}


def test_a_run_is_one_transaction(tmp_path: Path) -> None:
    keep(tmp_path, rows(1))
    cache = Cache.open(str(tmp_path), "f")
    cache.store(rows(3), NOW)
    cache.forget([rows(1)[0].path])
    assert len(kept(tmp_path)) == 1
    cache.close()
    cache.close()
    assert len(kept(tmp_path)) == 2


def test_another_thread_may_close_it(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    told: list[object] = []
    cache = Cache.open(str(tmp_path), "f")
    cache.store(rows(2), NOW)
    other = Thread(target=lambda: told.append(cache.close()))
    other.start()
    other.join()
    assert (told, len(kept(tmp_path)), list(recwarn)) == ([None], 2, [])


@pytest.mark.parametrize("path", ["caf\udce9.md", "a\nb.md", "a'b\".md", "\U0001f600.md"])
def test_any_name_can_be_kept(tmp_path: Path, path: str) -> None:
    keep(tmp_path, [Row(path, OLD, b"d" * 32, b"[]")])
    assert list(kept(tmp_path)) == [path]


# ---------------------------------------------------------------------------- what it depends on


def test_another_configuration_drops_everything(tmp_path: Path) -> None:
    keep(tmp_path, rows())
    assert kept(tmp_path, "other") == {}
    assert kept(tmp_path, "f") == {}


def test_another_version_drops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, rows())
    monkeypatch.setattr(vaultcrm, "__version__", "99")
    assert kept(tmp_path) == {}


def test_another_parser_drops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, rows())
    monkeypatch.setattr(cache_module, "code_stamp", lambda *folders: "other")
    assert kept(tmp_path) == {}


def test_the_parser_s_stamp_is_the_same_in_each_run() -> None:
    assert (
        cache_module.code_stamp("parse")
        == cache_module.code_stamp("parse")
        != cache_module.code_stamp("none")
    )


def test_two_vaults_have_two_caches(tmp_path: Path) -> None:
    keep(tmp_path / "a", rows())
    assert kept(tmp_path / "b") == {}


def test_nothing_of_it_is_in_the_vault(tmp_path: Path) -> None:
    keep(tmp_path, rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_it_is_nobody_else_s_business(tmp_path: Path) -> None:
    with Cache.open(str(tmp_path), "f") as cache:
        cache.store(rows(), NOW)
        found = {each.name: each.stat().st_mode & 0o777 for each in database(tmp_path).parent.iterdir()}
        assert database(tmp_path).parent.stat().st_mode & 0o777 == 0o700
    assert set(found.values()) == {0o600}


def test_without_a_fingerprint_nothing_is_kept_and_nothing_dropped(tmp_path: Path) -> None:
    keep(tmp_path, rows())
    with Cache.open(str(tmp_path), None) as cache:
        assert cache.kept == {}
        cache.store(rows(9), NOW)
        cache.forget(["a.md"])
        cache.clear()
    assert len(kept(tmp_path)) == 3


# ---------------------------------------------------------------------------- damage


Damage = Callable[[Path], object]


def make_folder(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def older_version(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE note (path TEXT)")
        connection.execute("CREATE TABLE made_by (at INTEGER)")
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database"),
        lambda path: path.write_bytes(b"\0" * 8192),
        Path.unlink,
        lambda path: shutil.rmtree(path.parent),
        older_version,
        make_folder,
        lambda path: path.with_name("notes.sqlite-wal").write_bytes(b"x" * 4096),
    ],
)
def test_damage_costs_only_time(tmp_path: Path, damage: Damage) -> None:
    keep(tmp_path, rows())
    damage(database(tmp_path))
    found = kept(tmp_path)
    assert found in (
        {},
        {row.path: Kept(cache_module.stamp_text(OLD), row.digest, row.said) for row in rows()},
    )
    if damage is not make_folder:  # that stays, and the runs go without
        keep(tmp_path, rows())
        assert len(kept(tmp_path)) == 3


@pytest.mark.parametrize("column", ["stamp", "digest", "said", "sum"])
@pytest.mark.parametrize("value", [b"x", "x", 1, 1.5, None])
def test_a_value_of_another_type_costs_only_time(tmp_path: Path, column: str, value: object) -> None:
    keep(tmp_path, rows())
    connection = sqlite3.connect(database(tmp_path))
    with suppress(sqlite3.IntegrityError), connection:  # the table refuses some
        connection.execute(f"UPDATE note SET {column} = ?", (value,))
    connection.close()
    right = {row.path: Kept(cache_module.stamp_text(OLD), row.digest, row.said) for row in rows()}
    with Cache.open(str(tmp_path), "f", with_rows=False) as cache:
        assert cache.fetch([row.path for row in rows()]).items() <= right.items()
    assert kept(tmp_path).items() <= right.items()
    keep(tmp_path, rows())
    assert kept(tmp_path) == right


def damaged_copies(whole: bytes) -> list[bytes]:
    lengths = [1, 16, 99, 100, *range(0, len(whole), 2048), len(whole) - 1]
    flips = range(0, len(whole), 211)
    return [whole[:length] for length in lengths] + [
        whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in flips
    ]


def test_no_flipped_byte_and_no_lost_end_gives_a_wrong_row(tmp_path: Path) -> None:
    many = [Row(f"Clients/{n}.md", OLD, bytes([n]) * 32, b'["Acme %d"]' % n * 9) for n in range(40)]
    keep(tmp_path, many)
    right = kept(tmp_path)
    path = database(tmp_path)
    rebuilt = 0
    for copy in damaged_copies(path.read_bytes()):
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(copy)
        found = kept(tmp_path)
        assert all(right.get(name) == row for name, row in found.items())
        rebuilt += not found
    assert rebuilt > 10
    keep(tmp_path, many)
    assert kept(tmp_path) == right


def test_a_locked_cache_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, rows())
    monkeypatch.setattr(cache_module, "_WAIT_S", 0.01)
    other = sqlite3.connect(database(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    keep(tmp_path, rows(9))
    other.execute("ROLLBACK")
    other.close()
    assert len(kept(tmp_path)) == 3


def test_a_cache_folder_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for variable in ("XDG_CACHE_HOME", "HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "file"))
    keep(tmp_path, rows())
    assert kept(tmp_path) == {}


def test_a_write_that_fails_loses_only_what_it_would_have_kept(tmp_path: Path) -> None:
    keep(tmp_path, rows(1))
    cache = Cache.open(str(tmp_path), "f")
    other = sqlite3.connect(database(tmp_path))
    other.execute("DROP TABLE note")
    other.commit()
    other.close()
    cache.store(rows(3), NOW)
    cache.close()
    keep(tmp_path, rows(2))
    assert len(kept(tmp_path)) == 2
