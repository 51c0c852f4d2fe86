"""Values kept between runs: they come back as they were, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vaultcrm.store.kept import keep, keep_apart, read_apart, read_kept

VALUES = {"many": tuple(range(1000)), "few": {"a": (1, None)}, "none": ()}


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "apart"
    assert keep_apart(str(path), VALUES.items())
    return path


def test_values_kept_apart_come_back_in_any_order(apart: Path) -> None:
    found = read_apart(str(apart))
    assert found is not None
    assert {name: found.read(name) for name in reversed(VALUES)} == VALUES


def test_a_value_that_was_not_kept_is_told(apart: Path) -> None:
    found = read_apart(str(apart))
    assert found is not None
    with pytest.raises(LookupError):
        found.read("other")


def test_damage_in_one_value_leaves_the_others(apart: Path) -> None:
    data = bytearray(apart.read_bytes())
    data[50] ^= 1
    apart.write_bytes(data)
    found = read_apart(str(apart))
    assert found is not None
    assert found.read("few") == VALUES["few"]
    with pytest.raises(ValueError, match="damaged"):
        found.read("many")


@pytest.mark.parametrize("missing", [1, 10, 33, 40, 100, 5000, 10**9])
def test_of_a_file_that_is_cut_off_nothing_comes_back(apart: Path, missing: int) -> None:
    data = apart.read_bytes()
    apart.write_bytes(data[: max(0, len(data) - missing)])
    assert read_apart(str(apart)) is None


def test_one_form_is_not_taken_for_the_other(apart: Path, tmp_path: Path) -> None:
    assert read_kept(str(apart)) is None
    assert keep(str(tmp_path / "whole"), VALUES)
    assert read_apart(str(tmp_path / "whole")) is None


def test_what_is_not_plain_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "apart"
    assert not keep_apart(str(path), [("one", 1), ("other", object())])
    assert list(tmp_path.iterdir()) == []


def test_where_the_disk_is_full_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(old: str, new: str) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "replace", refused)
    assert not keep(str(tmp_path / "kept"), 1)
    assert keep_apart(str(tmp_path / "apart"), [("a", 1)]) == b""
    assert list(tmp_path.iterdir()) == []
