"""The cache: what every note said when it was last read, in SQLite in the user's cache folder.

It spares reading and parsing and nothing else: with it, without it, or with a damaged one the answers are the
same. Whatever is wrong with it, it is made anew without a word; if that cannot be, the run goes without. This
module must not know what a reading says.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from zlib import crc32

from vaultcrm.model.note import VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.packed import Stamp
from vaultcrm.store.places import cache_folder
from vaultcrm.store.vault import UNKNOWN, Listing

FORMAT = 1
"""To be raised when the tables or the rows change their form."""

RACY_NS = 2_000_000_000
"""A file written this short a time before the run may be written again in the same tick of its clock."""

NOTES, STAGED = "notes", "staged"
"""What the caches of the notes on the disk, and of those in git's index, are called."""

_WAIT_S = 1.0  # for another run to finish its transaction
_TABLES = """
    CREATE TABLE IF NOT EXISTS made_by (version TEXT NOT NULL); CREATE TABLE IF NOT EXISTS note ( path BLOB
    PRIMARY KEY, stamp TEXT NOT NULL, digest BLOB NOT NULL, said BLOB NOT NULL, sum INTEGER NOT NULL ) WITHOUT
    ROWID;
"""


_ONE = "SELECT stamp, digest, said, sum FROM note WHERE path = ?"


class Row(NamedTuple):
    """What is kept of a note: the stamp and the SHA-256 of its bytes, and what it said (see `codec`)."""

    path: VaultPath
    stamp: Stamp
    digest: bytes
    said: bytes


class Kept(NamedTuple):
    """A row as it was kept; ``stamp`` is empty where it proves nothing."""

    stamp: str
    digest: bytes
    said: bytes


class Cache:
    """The cache of one vault. To be closed, or used in a ``with``: all of a run is one transaction.

    ``kept`` are the rows by path as they were when it was opened.
    """

    def __init__(
        self,
        path: str,
        database: sqlite3.Connection | None,
        version: str,
        kept: dict[VaultPath, Kept],
    ) -> None:
        self._path = path
        self._database = database
        self._version = version
        self.kept = kept

    @classmethod
    def open(cls, root: str, fingerprint: str | None, name: str = NOTES, *, with_rows: bool = True) -> Cache:
        """Open a vault's cache; never fails, at worst it is empty and keeps nothing.

        ``fingerprint`` stands for all of the configuration that bears on how notes are read: rows that were
        kept under another one are dropped, as are those of another version of vaultcrm. None: nothing is
        kept, and the cache is left alone. ``name`` tells the caches of one vault apart. Without ``with_rows``
        those that are needed are to be fetched: to read all of them takes as long as the walk.
        """
        version = f"{FORMAT} {code_stamp('model', 'parse', 'store')} {fingerprint}"
        path = os.path.join(cache_folder(root), f"{name}.sqlite")
        if fingerprint is None:
            return cls(path, None, version, {})
        for _ in range(2):
            database = None
            try:
                database = _connect(path)
                may_know = _begin(database, version) and with_rows
                kept = _load(database, version) if may_know else {}
                if not kept and with_rows and name == STAGED:
                    kept = _lent(os.path.join(cache_folder(root), f"{NOTES}.sqlite"), version)
                return cls(path, database, version, kept)
            except Exception as error:  # damage shows in many ways, and none may stop a run
                if database is not None:
                    database.close()
                if _is_busy(error):
                    break
                _drop(path)
        return cls(path, None, version, {})

    def fetch(self, paths: Iterable[VaultPath]) -> dict[VaultPath, Kept]:
        """The rows of some notes; those that are not there, and those that are damaged, are left out."""
        if self._database is None:
            return {}
        seed, found = _seed(self._version), {}
        try:
            for path in paths:
                name = _key(path)
                row = self._database.execute(_ONE, (name,)).fetchone()
                if row is not None and _sum(seed, name, *row[:3]) == row[3]:
                    found[path] = Kept(*row[:3])
        except sqlite3.Error as error:
            self._give_up(error)
        except (AttributeError, TypeError):  # somebody else wrote into it
            self._give_up(sqlite3.DatabaseError("a value of another type"))
        return found

    def lookup(self, listing: Listing) -> tuple[dict[VaultPath, bytes], list[VaultPath]]:
        """What the notes that need not be read again said, and which must be read; in the listing's order."""
        hits: dict[VaultPath, bytes] = {}
        to_read: list[VaultPath] = []
        kept = self.kept
        for path, stamp in listing.stamps.items():
            row = kept.get(path)
            if row is not None and row.stamp == stamp_text(stamp):
                hits[path] = row.said
            else:
                to_read.append(path)
        return hits, to_read

    def store(self, rows: Iterable[Row], now_ns: int) -> None:
        """Keep what was read.

        ``now_ns`` is when the run began: a stamp younger than 2 s before that proves nothing.
        """
        seed = _seed(self._version)
        values = []
        for path, stamp, digest, said in rows:
            name = _key(path)
            proof = stamp_text(stamp) if stamp != UNKNOWN and stamp[1] < now_ns - RACY_NS else ""
            values.append((name, proof, digest, said, _sum(seed, name, proof, digest, said)))
        self._write("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?)", values)

    def forget(self, paths: Collection[VaultPath]) -> None:
        """Drop the rows of notes that are gone."""
        self._write("DELETE FROM note WHERE path = ?", [(_key(path),) for path in paths])

    def clear(self) -> None:
        """Forget everything."""
        self.kept = {}
        self._write("DELETE FROM note", [()])

    def close(self) -> None:
        """Keep for good what was stored; may be called again."""
        if self._database is None:
            return
        try:
            self._database.commit()
        except sqlite3.Error as error:
            self._give_up(error)
        else:
            self._database.close()
            self._database = None

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, statement: str, values: Sequence[tuple[object, ...]]) -> None:
        if self._database is None or not values:
            return
        try:
            self._database.executemany(statement, values)
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without: what was to be kept is lost, and the next run reads it again."""
        database, self._database = self._database, None
        if database is not None:
            database.close()
        if not _is_busy(error):
            _drop(self._path)


class Remembered(Cache):
    """A cache that lasts as long as the process, for looking at several states of one vault in a row."""

    def __init__(self) -> None:
        super().__init__("", None, "", {})

    def store(self, rows: Iterable[Row], now_ns: int) -> None:
        """Keep what was read."""
        del now_ns  # contents out of a repository never change under their stamps
        self.kept |= {row.path: Kept(stamp_text(row.stamp), row.digest, row.said) for row in rows}


def _connect(path: str) -> sqlite3.Connection:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite would leave it readable to others
    # While watching, the thread in which circles are collected may be the one that closes what a run left.
    database = sqlite3.connect(path, timeout=_WAIT_S, isolation_level="IMMEDIATE", check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def _begin(database: sqlite3.Connection, version: str) -> bool:
    """Make the tables, and drop rows of another version; whether there may be rows of this one."""
    for statement in _TABLES.split(";"):
        database.execute(statement)
    if database.execute("SELECT version FROM made_by").fetchall() == [(version,)]:
        return True
    database.execute("DELETE FROM made_by")
    database.execute("DELETE FROM note")
    database.execute("INSERT INTO made_by VALUES (?)", (version,))
    database.commit()
    return False


def _load(database: sqlite3.Connection, version: str) -> dict[VaultPath, Kept]:
    """All rows. A row whose sum is wrong means damage, which SQLite itself does not see within a value.

    Raises:
        ValueError: the rows are damaged.
    """
    seed = _seed(version)
    kept = {}
    for name, stamp, digest, said, total in database.execute(
        "SELECT path, stamp, digest, said, sum FROM note"
    ):
        if _sum(seed, name, stamp, digest, said) != total:
            raise ValueError("a damaged row")
        kept[name.decode("utf-8", "surrogatepass")] = Kept(stamp, digest, said)
    return kept


def _lent(path: str, version: str) -> dict[VaultPath, Kept]:
    """The rows of another cache of the vault, for bytes that are the same: its stamps prove nothing here."""
    if not os.path.exists(path):
        return {}
    try:
        database = sqlite3.connect(path, timeout=_WAIT_S)
        try:
            may_know = database.execute("SELECT version FROM made_by").fetchall() == [(version,)]
            kept = _load(database, version) if may_know else {}
        finally:
            database.close()
    except (sqlite3.Error, ValueError):  # its own next run mends it
        return {}
    return {name: row._replace(stamp="") for name, row in kept.items()}


def _sum(seed: int, name: bytes, stamp: str, digest: bytes, said: bytes) -> int:
    return crc32(said, crc32(b"%b\0%b\0%b" % (name, stamp.encode(), digest), seed))


def _seed(version: str) -> int:
    return crc32(version.encode("utf-8", "surrogatepass"))


def _key(path: VaultPath) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def stamp_text(stamp: Stamp) -> str:
    """A stamp as rows have it."""
    size, mtime_ns, ctime_ns, inode = stamp
    return f"{size} {mtime_ns} {ctime_ns} {inode}"  # an inode may have 64 bits, a number of SQLite has 63


def _is_busy(error: Exception) -> bool:
    """Whether another process holds the database: nothing is wrong with it then."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _drop(path: str) -> None:
    """Remove a database that is not usable, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            os.unlink(path + suffix)
