"""What is served while files come, change, break and go."""

from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import pytest

from vaultcrm.serve import shelf as shelving
from vaultcrm.serve.shelf import Copy, Shelf
from vaultcrm.store.secrets import rotate_secret, secret_path

FEED = "CRM/follow-ups.ics"
HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//vaultcrm//follow-ups//EN\r\n"
END = b"END:VCALENDAR\r\n"


def calendar(text: str = "") -> bytes:
    return HEAD + f"NAME:{text}\r\n".encode() + END


def put(root: Path, data: bytes, path: str = FEED, seconds: int | None = None) -> None:
    """Replace a file as an index run does, at a time if that matters."""
    target = root / path
    target.parent.mkdir(exist_ok=True)
    spare = target.with_name("spare")
    spare.write_bytes(data)
    if seconds is not None:
        os.utime(spare, (seconds, seconds))
    spare.replace(target)


def copy_of(shelf: Shelf) -> Copy:
    (slot,) = shelf.slots
    assert slot.copy is not None
    return slot.copy


def test_a_feed_is_served_as_it_stands(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    copy = copy_of(Shelf(str(tmp_path), [FEED]))
    assert copy.data == gzip.decompress(copy.packed) == calendar("a")
    assert copy.packed_etag != copy.etag
    assert len(copy.etag) == 32


def test_a_changed_feed_is_taken_over(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    first = copy_of(shelf)
    assert not shelf.refresh()
    assert copy_of(shelf) is first
    put(tmp_path, calendar("b"))
    shelf.refresh()
    assert copy_of(shelf).data == calendar("b")
    assert copy_of(shelf).etag != first.etag
    assert copy_of(shelf).modified > first.modified


def test_equal_bytes_written_anew_are_no_change(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    first = copy_of(shelf)
    put(tmp_path, calendar("a"))
    shelf.refresh()
    assert copy_of(shelf) is first


def test_a_file_that_was_put_back_with_its_old_time_counts_as_changed(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    first = copy_of(shelf)
    put(tmp_path, calendar("b"), seconds=1_000_000_000)
    shelf.refresh()
    assert copy_of(shelf).modified > first.modified
    assert copy_of(Shelf(str(tmp_path), [FEED])).modified >= first.modified, "after a restart, too"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        calendar("b")[:-1],
        calendar("b")[:40],
        b"\xef\xbb\xbf" + calendar("b"),
        b"BEGIN:VCALENDAR\r\nPRODID:-//someone//else//EN\r\n" + END,
        b"<<<<<<< HEAD\n" + calendar("b"),
        b"BEGIN:VCALENDAR\r\n" + b"x" * 20_000_000 + END,
    ],
    ids=["empty", "cut", "half", "bom", "foreign", "conflict", "huge"],
)
def test_a_broken_file_changes_nothing(tmp_path: Path, damage: bytes) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    put(tmp_path, damage)
    shelf.refresh()
    assert copy_of(shelf).data == calendar("a")
    put(tmp_path, calendar("c"))
    shelf.refresh()
    assert copy_of(shelf).data == calendar("c")


def test_a_file_that_is_gone_is_served_all_the_same(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    (tmp_path / FEED).unlink()
    shelf.refresh()
    assert copy_of(shelf).data == calendar("a")
    (tmp_path / FEED).mkdir()
    shelf.refresh()
    assert copy_of(shelf).data == calendar("a")


def test_a_feed_that_comes_later_is_served_from_then_on(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path), [FEED])
    assert shelf.slots[0].copy is None
    put(tmp_path, calendar("a"))
    shelf.refresh()
    assert copy_of(shelf).data == calendar("a")


def test_new_addresses_are_taken_over_while_serving(tmp_path: Path) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    before = shelf.slots[0].address
    rotate_secret(str(tmp_path))
    assert shelf.refresh()
    assert shelf.slots[0].address != before
    assert copy_of(shelf).data == calendar("a")
    assert not shelf.refresh()


@pytest.mark.parametrize("damage", [None, b"", b"nonsense"])
def test_a_secret_that_is_lost_while_serving_changes_nothing(tmp_path: Path, damage: bytes | None) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    before = shelf.slots
    path = Path(secret_path(str(tmp_path)))
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert not shelf.refresh()
    assert shelf.slots == before
    assert path.exists() is (damage is not None), "it is not made anew behind the user's back"


def test_what_cannot_be_read_once_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    before = shelf.slots
    rotate_secret(str(tmp_path))
    put(tmp_path, calendar("b"))

    def refuse(path: str, *_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files", path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        assert not shelf.refresh()
    assert shelf.slots == before
    assert shelf.refresh(), "the old address must not be served for good"
    assert shelf.slots[0].address != before[0].address
    assert copy_of(shelf).data == calendar("b")


def test_what_was_read_and_is_damaged_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, calendar("a"))
    shelf = Shelf(str(tmp_path), [FEED])
    put(tmp_path, calendar("b")[:-1])
    shelf.refresh()
    monkeypatch.setattr(shelving, "read_bytes", lambda path: pytest.fail(f"{path} is read"))
    shelf.refresh()
