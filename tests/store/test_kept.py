"""Values kept between runs: they come back as they were, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from vaultcrm.store.kept import keep, keep_apart, read_apart, read_kept

VALUES = {"many": tuple(range(1000)), "few": {"a": (1, None)}, "none": ()}


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "apart"
    assert keep_apart(str(path), VALUES)
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
    data[-1] ^= 1
    apart.write_bytes(data)
    found = read_apart(str(apart))
    assert found is not None
    assert found.read("many") == VALUES["many"]
    with pytest.raises(ValueError, match="damaged"):
        found.read("none")


@pytest.mark.parametrize("length", [0, 20, 34, 60])
def test_of_a_head_that_is_cut_off_nothing_comes_back(apart: Path, length: int) -> None:
    apart.write_bytes(apart.read_bytes()[:length])
    assert read_apart(str(apart)) is None


def test_a_value_that_is_cut_off_is_damaged(apart: Path) -> None:
    apart.write_bytes(apart.read_bytes()[:-10])
    found = read_apart(str(apart))
    assert found is not None
    with pytest.raises(ValueError, match="damaged"):
        found.read("few")


def test_one_form_is_not_taken_for_the_other(apart: Path, tmp_path: Path) -> None:
    assert read_kept(str(apart)) is None
    assert keep(str(tmp_path / "whole"), VALUES)
    assert read_apart(str(tmp_path / "whole")) is None


def test_what_is_not_plain_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "apart"
    assert not keep_apart(str(path), {"one": 1, "other": object()})
    assert not path.exists()
