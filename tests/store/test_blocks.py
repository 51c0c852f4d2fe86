"""Blocks of feeds kept between runs: those in use, and none of another version of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from vaultcrm.store import blocks as module
from vaultcrm.store.blocks import kept_blocks
from vaultcrm.store.places import cache_folder


def known(root: Path) -> dict[str, bytes]:
    with kept_blocks(str(root)) as blocks:
        return dict(blocks)


def test_blocks_in_use_are_kept(tmp_path: Path) -> None:
    with kept_blocks(str(tmp_path)) as blocks:
        blocks["old"], blocks["used"] = b"1", b"2"
        assert blocks["used"] == b"2"
    assert known(tmp_path) == {"used": b"2"}


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    with kept_blocks(str(tmp_path)) as blocks:
        blocks["used"] = b"2"
        assert blocks["used"]
    (file,) = Path(cache_folder(str(tmp_path))).iterdir()
    before = file.stat().st_ino, file.stat().st_mtime_ns
    with kept_blocks(str(tmp_path)) as blocks:
        assert blocks["used"]
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == before


def test_blocks_that_nobody_used_any_more_go(tmp_path: Path) -> None:
    with kept_blocks(str(tmp_path)) as blocks:
        for number in range(9):
            blocks[str(number)] = b"-"
            assert blocks[str(number)]
    with kept_blocks(str(tmp_path)) as blocks:
        assert blocks["1"]
    assert known(tmp_path) == {"1": b"-"}


def write(root: Path, *names: str) -> None:
    """A run whose feeds have these blocks."""
    with kept_blocks(str(root)) as blocks:
        for name in names:
            if name not in blocks:
                blocks[name] = name.encode()
            assert blocks[name] == name.encode()


def files(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in Path(cache_folder(str(root))).iterdir()}


def test_what_is_new_is_written_beside_what_was_written_whole(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "c")
    whole = files(tmp_path)["blocks"]
    write(tmp_path, "a", "b", "d")
    write(tmp_path, "a", "b", "e")  # of the new ones those go that nobody uses
    assert files(tmp_path)["blocks"] == whole
    assert known(tmp_path) == {name: name.encode() for name in "abce"}


def test_much_that_is_new_is_written_whole_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    write(tmp_path, "a", "b", "c")
    whole = files(tmp_path)["blocks"]
    write(tmp_path, "a", "b", "c", "d", "e")
    assert files(tmp_path)["blocks"] == whole
    write(tmp_path, "a", "b", "c", "d", "e", "f")
    assert files(tmp_path)["blocks"] != whole
    assert known(tmp_path) == {name: name.encode() for name in "abcdef"}


def test_what_is_new_beside_other_blocks_counts_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    write(tmp_path, "a", "b", "c")
    beside = files(tmp_path)["blocks.since"]
    write(tmp_path, "x")
    assert "c" not in known(tmp_path)
    (Path(cache_folder(str(tmp_path))) / "blocks.since").write_bytes(beside)
    assert known(tmp_path) == {"x": b"x"}


def test_where_it_cannot_be_written_beside_it_is_written_whole(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    (Path(cache_folder(str(tmp_path))) / "blocks.since").mkdir()
    write(tmp_path, "a", "b", "c")
    assert known(tmp_path) == {name: name.encode() for name in "abc"}


def test_damage_beside_costs_what_was_new_alone(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    write(tmp_path, "a", "b", "c")
    file = Path(cache_folder(str(tmp_path))) / "blocks.since"
    file.write_bytes(file.read_bytes()[:-1])
    assert known(tmp_path) == {"a": b"a", "b": b"b"}


def test_other_code_writes_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept_blocks(str(tmp_path)) as blocks:
        blocks["used"] = b"2"
        assert blocks["used"]
    monkeypatch.setattr(module, "code_stamp", lambda *folders: "other")
    assert known(tmp_path) == {}


def test_damage_is_written_anew(tmp_path: Path) -> None:
    with kept_blocks(str(tmp_path)) as blocks:
        blocks["used"] = b"2"
        assert blocks["used"]
    (file,) = Path(cache_folder(str(tmp_path))).iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert known(tmp_path) == {}
