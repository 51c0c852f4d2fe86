"""From a listing to what its notes say: out of the cache where it holds, else read and parsed.

With many notes to parse, several processes share the work; the result is the same. This module must not know
what a reading says.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from vaultcrm.store.helper import Helper, HelperLost, begun, processors
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
    shares = _shares(paths, min(processors(), _PROCESSES) if len(paths) >= SHARED_FROM else 1)
    helpers: list[Helper | None] = []
    try:
        for share in shares[1:]:
            helpers.append(begun(partial(_all_rows, read, share, parse, kept)))
        yield from _read(read, shares[0], parse, kept)
        for helper, share in zip(helpers, shares[1:], strict=True):
            done: set[VaultPath] = set()
            try:
                while rows := _next(helper):
                    taken = [Row(share[number], *row) for number, *row in rows]
                    read_there = [row.path for row in taken]
                    yield from zip(taken, decode([row.said for row in taken], read_there), strict=True)
                    done.update(read_there)
            except HelperLost:  # the rest of its work is done here, and what it died of is seen here
                yield from _read(read, [path for path in share if path not in done], parse, kept)
    finally:
        for helper in filter(None, helpers):
            helper.end()


def _next(helper: Helper | None) -> list[tuple[Any, ...]]:
    """The next rows of those that a helper read; none after the last ones.

    Raises:
        HelperLost: There was none, or it died before.
    """
    if helper is None:
        raise HelperLost
    rows: list[tuple[Any, ...]] = helper.answer()
    return rows


def _all_rows(
    read: ReadAll, paths: Sequence[VaultPath], parse: Parse, kept: Mapping[VaultPath, Kept]
) -> list[list[tuple[Any, ...]]]:
    """All of `_rows`, and none at the end: who takes them is busy until all is done."""
    return [*_rows(read, paths, parse, kept), []]


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
