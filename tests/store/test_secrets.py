"""The secret of the feeds' addresses: made once, the user's alone, replaced whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.store.secrets import feed_secret, rotate_secret, secret_path

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")


def mode(path: str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = feed_secret(str(tmp_path))
    assert len(first) == 43
    assert feed_secret(str(tmp_path)) == first
    assert not [path for path in tmp_path.rglob("*") if path.is_file()], "nothing of it is in the vault"


def test_each_vault_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert feed_secret(str(tmp_path / "a")) != feed_secret(str(tmp_path / "b"))


def test_a_vault_reached_by_a_link_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert feed_secret(str(tmp_path / "a")) == feed_secret(str(tmp_path / "link"))


@posix
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        feed_secret(str(tmp_path))
        path = secret_path(str(tmp_path))
        assert mode(path) == 0o600
        assert mode(os.path.dirname(path)) == 0o700
        rotate_secret(str(tmp_path))
        assert mode(path) == 0o600
    finally:
        os.umask(before)


@posix
def test_permissions_that_are_too_wide_are_narrowed(tmp_path: Path) -> None:
    path = secret_path(str(tmp_path))
    os.makedirs(os.path.dirname(path), 0o755)
    secret = feed_secret(str(tmp_path))
    assert mode(os.path.dirname(path)) == 0o700
    os.chmod(path, 0o644)
    assert feed_secret(str(tmp_path)) == secret
    assert mode(path) == 0o600


def test_a_new_one_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    first = feed_secret(str(tmp_path))
    second = rotate_secret(str(tmp_path))
    assert second != first
    assert feed_secret(str(tmp_path)) == second
    assert os.listdir(os.path.dirname(secret_path(str(tmp_path)))) == ["feed-secret"]


@pytest.mark.parametrize("damage", [b"", b"short\n", b"x" * 500, b"\0" * 44])
def test_a_damaged_one_is_told_and_never_replaced_by_itself(tmp_path: Path, damage: bytes) -> None:
    feed_secret(str(tmp_path))
    path = Path(secret_path(str(tmp_path)))
    path.write_bytes(damage)
    with pytest.raises(VaultcrmError) as caught:
        feed_secret(str(tmp_path))
    assert "--rotate" in caught.value.hint
    assert path.read_bytes() == damage
    assert rotate_secret(str(tmp_path)) == feed_secret(str(tmp_path))


@posix
def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    path = Path(secret_path(str(tmp_path)))
    path.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").write_text("A" * 43 + "\n")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotWritable, match="the secret of the feed's address"):
        feed_secret(str(tmp_path))


def test_a_full_disk_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = feed_secret(str(tmp_path))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritable, match="no space left"):
        rotate_secret(str(tmp_path))
    assert feed_secret(str(tmp_path)) == first
    assert os.listdir(os.path.dirname(secret_path(str(tmp_path)))) == ["feed-secret"]


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as slow:
        slow.setattr(os, "write", lambda handle, data: write(handle, bytes(data[:5])))
        made = feed_secret(str(tmp_path))
    assert feed_secret(str(tmp_path)) == made
