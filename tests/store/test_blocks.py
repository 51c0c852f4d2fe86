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
