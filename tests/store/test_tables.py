"""TOML that was read before is the same as what is read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.policies import preset_texts
from vaultcrm.parse.toml_table import read_toml
from vaultcrm.store.tables import kept_tables

AWKWARD = """
"a b" = [1, 2.50, [true, -0.0], {x = 1e3, y = "2.50"}]
[t.u]
big = 123456789012345678901234567890
text = '''lines
and "quotes" ü 客户'''
"""


@pytest.fixture
def read() -> tuple[list[str], Callable[[str], dict[str, Any]]]:
    """What was read, and a reader that notes it down."""
    texts: list[str] = []

    def noting(text: str) -> dict[str, Any]:
        texts.append(text)
        return read_toml(text)

    return texts, noting


Read = tuple[list[str], Callable[[str], dict[str, Any]]]


@pytest.mark.parametrize("text", [AWKWARD, "", *preset_texts().values()])
def test_what_was_read_before_is_what_is_read(tmp_path: Path, read: Read, text: str) -> None:
    texts, reader = read
    for _ in range(3):
        with kept_tables(str(tmp_path / "tables"), reader) as toml:
            assert toml(text) == read_toml(text)
            assert repr(toml(text)) == repr(read_toml(text))  # 1 and 1.0 and True are equal
    assert texts == [text]


def test_who_changes_a_table_changes_their_own(tmp_path: Path, read: Read) -> None:
    with kept_tables(str(tmp_path / "tables"), read[1]) as toml:
        toml("a = [1.5]")["a"].append(2)
        assert toml("a = [1.5]") == {"a": [Decimal("1.5")]}


def test_what_is_not_read_any_more_is_forgotten(tmp_path: Path, read: Read) -> None:
    texts, reader = read
    for text in ("a = 1", "a = 2", "a = 1"):
        with kept_tables(str(tmp_path / "tables"), reader) as toml:
            toml(text)
    assert texts == ["a = 1", "a = 2", "a = 1"]


@pytest.mark.parametrize("text", ["day = 2026-11-20", "time = 12:30:00"])
def test_what_cannot_be_kept_is_read_again(tmp_path: Path, read: Read, text: str) -> None:
    texts, reader = read
    for _ in range(2):
        with kept_tables(str(tmp_path / "tables"), reader) as toml:
            assert toml(text) == read_toml(text)
    assert texts == [text, text]


def test_what_is_no_toml_is_an_error_each_time(tmp_path: Path, read: Read) -> None:
    for _ in range(2):
        with (
            kept_tables(str(tmp_path / "tables"), read[1]) as toml,
            pytest.raises(ValueError, match="line 1"),
        ):
            toml("a = \nb = 1")


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: b"x" + data])
def test_damage_costs_time_only(tmp_path: Path, read: Read, damage: Callable[[bytes], bytes]) -> None:
    texts, reader = read
    path = tmp_path / "tables"
    for _ in range(2):
        with kept_tables(str(path), reader) as toml:
            assert toml("a = 1.0") == {"a": Decimal("1.0")}
        path.write_bytes(damage(path.read_bytes()))
    assert len(texts) == 2
