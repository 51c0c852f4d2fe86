"""The feeds as they are served: in memory, each as it last was when it was whole.

A file that is gone, cut off or somebody else's changes nothing. This module must not know HTTP, but for what
makes an answer conditional.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256

from vaultcrm.app.outputs import is_ours
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.sharing import feed_address
from vaultcrm.store.files import read_bytes
from vaultcrm.store.secrets import feed_secret, secret_path

LARGEST = 16 * 1024 * 1024
NS = 1_000_000_000
Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """A feed's bytes, also packed by gzip; ``modified`` in seconds since the epoch.

    ``etag`` is that of the bytes, without quotes. The packed ones are other bytes, and have another.
    """

    data: bytes
    packed: bytes
    etag: str
    modified: int

    @property
    def packed_etag(self) -> str:
        """The tag of the packed bytes."""
        return f"{self.etag}-gzip"


@dataclass(frozen=True, slots=True)
class Slot:
    """A feed and its address as it stands in a request; ``copy`` is None while there was no whole file."""

    path: VaultPath
    address: bytes
    copy: Copy | None


class Shelf:
    """The feeds of a vault. `refresh` looks at the disk; ``slots`` are what is served, and always whole."""

    def __init__(self, root: str, paths: Iterable[VaultPath]) -> None:
        self._root = root
        self._paths = tuple(paths)
        self._stamps: dict[str, Stamp | None] = {}
        self._secret = b""
        self.slots: tuple[Slot, ...] = ()
        self.refresh()

    def refresh(self) -> bool:
        """Take over what has changed on the disk; whether the addresses are others than before.

        Raises:
            VaultcrmError: The secret cannot be read, and never could.
        """
        rotated = self._read_secret()
        copies = {slot.path: slot.copy for slot in self.slots}
        stamps = {path: _stamp(os.path.join(self._root, path)) for path in self._paths}
        changed = [path for path in self._paths if self._is_new(os.path.join(self._root, path), stamps[path])]
        if changed or rotated or not self.slots:
            fresh = {path: self._read(path, stamps[path], copies.get(path)) for path in changed}
            self.slots = self._filled({**copies, **fresh})
        return rotated

    def _filled(self, copies: Mapping[VaultPath, Copy | None]) -> tuple[Slot, ...]:
        return tuple(
            Slot(path, feed_address(self._secret, path).encode("utf-8", "surrogatepass"), copies.get(path))
            for path in self._paths
        )

    def _read_secret(self) -> bool:
        path = secret_path(self._root)
        stamp = _stamp(path)
        if self._secret and (not self._is_new(path, stamp) or not os.path.lexists(path)):
            return False
        try:
            secret = feed_secret(self._root)
        except VaultcrmError:
            if not self._secret:
                raise
            return False
        self._stamps[path] = stamp
        before, self._secret = self._secret, secret
        return bool(before) and before != secret

    def _is_new(self, path: str, stamp: Stamp | None) -> bool:
        """Whether a file is another than when it was last read. One that could not be read is asked again."""
        return path not in self._stamps or self._stamps[path] != stamp

    def _read(self, path: VaultPath, stamp: Stamp | None, before: Copy | None) -> Copy | None:
        full = os.path.join(self._root, path)
        if stamp is None or stamp[2] > LARGEST:
            self._stamps[full] = stamp
            return before
        try:
            data = read_bytes(full)
        except VaultcrmError:
            return before
        self._stamps[full] = stamp
        if data is None or not is_whole(path, data) or (before is not None and before.data == data):
            return before
        # a file that was put back keeps its old time, but not the time of its entry
        modified = max(stamp[0], stamp[1]) // NS
        if before is not None:
            modified = max(modified, before.modified + 1)
        return Copy(data, gzip.compress(data, 6, mtime=0), sha256(data).hexdigest()[:32], modified)


def _stamp(path: str) -> Stamp | None:
    """What tells a file from another one in its place; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def is_whole(path: VaultPath, data: bytes) -> bool:
    """Whether a file is a feed of ours from its first line to its last."""
    ends = data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"\r\nEND:VCALENDAR\r\n")
    return ends and is_ours(path, data)
