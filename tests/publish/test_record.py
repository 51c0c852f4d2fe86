"""The record of what was published where, which outlives failures and other runs beside it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.publish import record
from vaultcrm.publish.record import Record
from vaultcrm.store.private import write_private


def test_names_are_kept_by_place(tmp_path: Path) -> None:
    web, share = Record(str(tmp_path), "/web"), Record(str(tmp_path), "sftp://host/share")
    web.add("b.ics")
    web.add("a.ics")
    share.add("a.ics")
    web.drop("b.ics")
    web.drop("never.ics")
    assert Record(str(tmp_path), "/web").names() == share.names() == ("a.ics",)


def test_of_two_at_once_no_name_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(root: str, name: str, data: bytes) -> None:
        time.sleep(0.05)  # each has read before the other writes, unless it waits
        write_private(root, name, data)

    monkeypatch.setattr(record, "write_private", slow)
    both = [Record(str(tmp_path), place) for place in ("/a", "/b")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: each.add("x.ics"), both))
    assert [each.names() for each in both] == [("x.ics",), ("x.ics",)]


def test_one_that_cannot_be_read_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Record(str(tmp_path), "/web")
    found.add("a.ics")

    def broken(root: str, name: str, most: int) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(record, "read_private", broken)
        with pytest.raises(VaultcrmError, match="what was published before cannot be read: input/output"):
            found.add("b.ics")
    assert found.names() == ("a.ics",)


def test_a_name_that_cannot_be_noted_down_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(root: str, name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "write_private", full)
    with pytest.raises(NotWritable, match="could not be noted down: no space left"):
        Record(str(tmp_path), "/web").add("a.ics")
