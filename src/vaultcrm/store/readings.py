"""From a listing to what its notes say: out of the cache where it holds, else read and parsed.

With many notes to parse, several processes share the work; the result is the same. This module must not know
what a reading says.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.records import Reading
from vaultcrm.model.sums import sha256, sha256_of_much
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.cache import Cache, Kept, Row
from vaultcrm.store.codec import Said, decode, encode
from vaultcrm.store.names import is_generated
from vaultcrm.store.vault import UNKNOWN, Listing, ReadNote, read_notes

Parse = Callable[[SourceFile], Said]
ReadAll = Callable[[Sequence[VaultPath]], Iterator[ReadNote]]
"""Reads many notes, in any order."""

Progress = Callable[[int, int], None]
"""Is told how many of how many notes are read."""

TELL_EVERY = 100
"""After how many notes it is told."""

SHARED_FROM = 2000
"""From how many notes on the work is shared: below, a second process costs more than it saves."""

AT_ONCE = 500
"""How many rows are kept, or given by one process to another, at once: more would take room for nothing."""

MUCH_READ = 500
"""From so many notes on, another implementation of what sums them is worth being loaded."""

_SIZE = 8  # bytes that tell how many follow
_PROCESSES = 4  # more would wait for this one, which takes their results apart
_ASIDE = 0.2  # of the time that parsing takes: what a helper's results cost this process
_ROUND = 48  # of so many notes in a row each process has its share


class Found(NamedTuple):
    """What the notes of a listing say, in its order, with what is wrong with them.

    ``unreadable`` are notes that are there but could not be read; each has a diagnostic ``note-unreadable``.
    """

    readings: tuple[Reading, ...]
    diagnostics: tuple[Diagnostic, ...]
    unreadable: tuple[VaultPath, ...] = ()


def readings(
    root: str,
    listing: Listing,
    cache: Cache,
    parse: Parse,
    now_ns: int,
    progress: Progress | None = None,
    read: ReadAll | None = None,
) -> Found:
    """What the notes of a listing say, in its order, with all diagnostics of reading and parsing them.

    A generated note has a reading of no kind, and so has one that cannot be read, beside its diagnostic
    ``note-unreadable``. One that has vanished has none. The listing's own diagnostics are not repeated.
    ``now_ns`` is when the run began, by the clock that gives files their times; ``progress`` is told now and
    then how many notes of those that have to be read are read. ``read`` takes the place of `vault.read_notes`
    where the notes are not those on the disk.
    """
    with without_collector():
        said = _unchanged(listing, cache)
        rows: list[Row] = []
        to_read = [path for path in listing.stamps if path not in said]
        shared = _read_shared(read or partial(read_notes, root), to_read, parse, cache.kept)
        for number, (row, what) in enumerate(shared):
            if progress is not None and number % TELL_EVERY == 0:
                progress(number, len(to_read))
            said[row.path] = what
            if row.digest:
                rows.append(row)
            if len(rows) == AT_ONCE:
                cache.store(rows, now_ns)
                rows.clear()
        cache.store(rows, now_ns)
        cache.forget(cache.kept.keys() - listing.stamps.keys())
        found = [said[path] for path in listing.stamps if path in said]
        diagnostics = tuple(problem for _, problems in found for problem in problems)
        unreadable = tuple(each.place.path for each in diagnostics if each.code == "note-unreadable")
        return Found(tuple(reading for reading, _ in found), diagnostics, unreadable)


def without_large(found: Found) -> tuple[Found, tuple[Diagnostic, ...]]:
    """Without the notes that are too large, and these: as the walk would, which asks for sizes before."""
    large = tuple(each for each in found.diagnostics if each.code == "note-too-large")
    if not large:
        return found, ()
    paths = {each.place.path for each in large}
    readings = tuple(each for each in found.readings if each.path not in paths)
    told = tuple(each for each in found.diagnostics if each not in large)
    return Found(readings, told, found.unreadable), large


@contextmanager
def without_collector() -> Iterator[None]:
    """Among a hundred thousand new objects without a cycle, looking for cycles is most of the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unchanged(listing: Listing, cache: Cache) -> dict[VaultPath, Said]:
    hits, _ = cache.lookup(listing)
    try:
        return dict(zip(hits, decode(list(hits.values()), list(hits)), strict=True))
    except (ValueError, TypeError, LookupError):
        cache.clear()  # rows of another form under the same version: somebody is changing the code
        return {}


def _read(
    read: ReadAll, paths: Sequence[VaultPath], parse: Parse, kept: Mapping[VaultPath, Kept]
) -> Iterator[tuple[Row, Said]]:
    """Read, and parse what was not kept of the same bytes. A row without digest is not to be kept."""
    summed = sha256 if len(paths) < MUCH_READ else sha256_of_much()
    for path, content, stamp in read(paths):
        if isinstance(content, Diagnostic):
            said: Said = Reading(path, None), (content,)
            yield Row(path, UNKNOWN, b"", encode(said, path)), said
            continue
        digest = summed(content.data).digest()
        old = kept.get(path)
        if old is not None and old.digest == digest:
            yield Row(path, stamp, digest, old.said), decode([old.said], [path])[0]
            continue
        said = (Reading(path, None), ()) if is_generated(content.data) else parse(content)
        yield Row(path, stamp, digest, encode(said, path)), said


def _read_shared(
    read: ReadAll, paths: Sequence[VaultPath], parse: Parse, kept: Mapping[VaultPath, Kept]
) -> Iterator[tuple[Row, Said]]:
    """As `_read`, in several processes where that pays; the order is another one then."""
    shares = _shares(paths, _processes(len(paths)))
    helpers: list[_Helper | None] = []
    try:
        for share in shares[1:]:
            helpers.append(_start(partial(_rows, read, share, parse, kept)))
        yield from _read(read, shares[0], parse, kept)
        for helper, share in zip(helpers, shares[1:], strict=True):
            done: set[VaultPath] = set()
            for rows in helper.results() if helper is not None else ():
                taken = [Row(share[number], *row) for number, *row in rows]
                paths = [row.path for row in taken]
                yield from zip(taken, decode([row.said for row in taken], paths), strict=True)
                done.update(paths)
            if helper is None or helper.close() != 0:
                # it died: the rest of its work is done here, and what it died of is seen here
                yield from _read(read, [path for path in share if path not in done], parse, kept)
    finally:
        for helper in filter(None, helpers):
            helper.close()


def _rows(
    read: ReadAll, paths: Sequence[VaultPath], parse: Parse, kept: Mapping[VaultPath, Kept]
) -> Iterator[list[tuple[Any, ...]]]:
    """As `_read`, in plain values: rows, the number of the path in its place, some at once."""
    numbers = {path: number for number, path in enumerate(paths)}
    rows = ((numbers[row.path], *row[1:]) for row, _ in _read(read, paths, parse, kept))
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _shares(paths: Sequence[VaultPath], count: int) -> list[Sequence[VaultPath]]:
    """What each process has to read, this one first, so that all are ready at the same time."""
    others = count - 1
    if not others:
        return [paths]
    own = round(_ROUND * (1 / others - _ASIDE) / (1 + 1 / others - _ASIDE))
    mine = [path for number, path in enumerate(paths) if number % _ROUND < own]
    rest = [path for number, path in enumerate(paths) if number % _ROUND >= own]
    return [mine, *(rest[start::others] for start in range(others))]


def _processes(notes: int) -> int:
    """How many processes to share the work. Forking is safe only where no other thread may hold a lock."""
    if notes < SHARED_FROM or not sys.platform.startswith("linux"):
        return 1
    import threading

    if threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _PROCESSES)


def _start(work: Callable[[], Iterable[Any]]) -> _Helper | None:
    try:
        return _Helper(work)
    except OSError:  # no process to be had
        return None


class _Helper:
    """A copy of this process that does some work and sends the results, plain values, through a pipe."""

    def __init__(self, work: Callable[[], Iterable[Any]]) -> None:
        reading, writing = os.pipe()
        try:
            self._pid: int | None = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            raise
        if self._pid == 0:
            status = 1
            try:
                results = [marshal.dumps(each) for each in work()]  # who takes them is busy until all is done
                with os.fdopen(writing, "wb") as pipe:
                    for result in results:
                        pipe.write(len(result).to_bytes(_SIZE) + result)
                status = 0
            finally:
                os._exit(status)  # nothing of the parent's may be flushed or closed twice
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def results(self) -> Iterator[Any]:
        """Wait for the results; those after which the process has failed are missing."""
        while len(size := self._pipe.read(_SIZE)) == _SIZE:
            result = self._pipe.read(int.from_bytes(size))
            if len(result) < int.from_bytes(size):
                return
            yield marshal.loads(result)

    def close(self) -> int:
        """Stop reading and wait for the end: its status, 0 where it was waited for already."""
        self._pipe.close()
        pid, self._pid = self._pid, None
        return os.waitpid(pid, 0)[1] if pid is not None else 0
