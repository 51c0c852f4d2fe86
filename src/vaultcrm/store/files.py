"""Writing: the only place that changes a file in a vault.

Whatever happens, a file is the old one or the new one, whole. What a person saved is never lost: where their
version and ours meet, theirs stays. Nothing is written outside the vault. This module must not know what is
written.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum

from vaultcrm.errors import ChangedOnDisk, VaultcrmError
from vaultcrm.model.note import VaultPath
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.blake2 import blake2b
from vaultcrm.store.exchange import exchange
from vaultcrm.store.folders import Folder
from vaultcrm.store.strays import is_forsaken, own_name
from vaultcrm.store.target import (
    NO_LINK,
    READ,
    Target,
    read_open,
    read_settled,
    reason_and_hint,
    remove,
    told,
)


class EditResult(Enum):
    """What became of an edit.

    CHANGED: the note was no longer what was read; it was left, and the edit dropped. KEPT: the same, and
    another version that could not be placed is kept beside it. There may be one beside what is WRITTEN, too:
    what somebody who had the old text open saved into that.
    """

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    KEPT = "kept"


class Edit(NamedTuple):
    """The outcome of an edit; ``kept`` is the path of a version that was kept beside the note."""

    result: EditResult
    kept: VaultPath | None = None


def read_bytes(path: str) -> bytes | None:
    """What a file that is no note holds, an output or a configuration; None where there is none.

    Links are followed: it is for paths that the user gave.

    Raises:
        VaultcrmError: it cannot be read, or is no file.
    """
    try:
        handle = os.open(path, READ & ~NO_LINK)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    try:
        return read_open(handle)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(handle)


def _unreadable(path: str, error: OSError | ValueError) -> VaultcrmError:
    why, hint = reason_and_hint(error) if isinstance(error, OSError) else (str(error), "")
    return VaultcrmError(f"{path} cannot be read: {why}", hint)


def replace_file(root: str, path: VaultPath, data: bytes, *, expected: bytes | None = None) -> bool:
    """Have a file hold ``data``; whether anything had to be written.

    ``expected`` is what `read_bytes` gave when ``data`` was made, empty for no file; what somebody saves in
    the meantime then stays, as with `edit_file`. None: whatever stands there is replaced. A link stays, what
    it leads to is replaced. The mode stays. A file with CRLF at all of its line ends keeps them. Missing
    folders are created.

    Raises:
        ChangedOnDisk: the file is not what was expected.
        NotWritable: it cannot be written, or lies outside the vault. The old file stands.
    """
    with told(path), Target(root, path, create=True) as target:
        present = target.expect(expected)
        wanted = _with_line_ends(data, present)
        if wanted == present:
            return False
        target.check_writable(present)
        if present is not None and expected is not None:
            _check_written(target, _exchange_checked(target, path, present, wanted))
            return True
        with target.temporary(wanted) as temporary:
            if expected is not None:
                target.place_new(temporary)
            else:
                os.replace(temporary, target.at(target.name), src_dir_fd=target.fd, dst_dir_fd=target.fd)
            target.sync()
    return True


def keep_file(root: str, path: VaultPath, data: bytes) -> bool:
    """Have a file hold ``data`` among what it holds; whether anything had to be written.

    What stands there already stays, and the data come below it where they are not found in it.

    Raises:
        ChangedOnDisk: somebody saved the file in the meantime.
        NotWritable: it cannot be written, or lies outside the vault. The old file stands.
    """
    with told(path), Target(root, path, create=True) as target:
        present = target.read() or b""
    if data.replace(b"\r\n", b"\n") in present.replace(b"\r\n", b"\n"):
        return False
    if present:
        below = (b"\n" if present.endswith(b"\n") else b"\n\n") + data
        data = present + _with_line_ends(below, present)
    return replace_file(root, path, data, expected=present)


def _check_written(target: Target, edit: Edit) -> None:
    if edit.kept is not None:
        raise ChangedOnDisk(
            f"{target.name} was changed in the meantime, and another version is kept as {edit.kept}",
            "put together what belongs together, then run it again",
        )
    if edit.result is not EditResult.WRITTEN:
        raise target.changed()


def edit_file(root: str, path: VaultPath, expected_digest: bytes, data: bytes) -> Edit:
    """Change a person's note, if it still is what was read; ``expected_digest`` is the SHA-256 of that.

    The new text is written beside the note and exchanged with it in one step; then what came out is looked
    at. If it is not what was expected, somebody saved in the meantime: it goes back, and ours is dropped.

    Raises:
        NotWritable: the note cannot be written, or lies outside the vault. It stands as it was.
    """
    with told(path):
        try:
            with Target(root, path) as target:
                present = target.read()
                if present is None or sha256(present).digest() != expected_digest:
                    return Edit(EditResult.CHANGED)
                if present == data:
                    return Edit(EditResult.UNCHANGED)
                target.check_writable(present)
                return _exchange_checked(target, path, present, data)
        except FileNotFoundError:  # deleted or renamed: it is not made anew
            return Edit(EditResult.CHANGED)


def _exchange_checked(target: Target, path: VaultPath, old: bytes, new: bytes) -> Edit:
    spare = _spare_name(f"{_digest(old)}-{_digest(new)}.swap")
    result = EditResult.WRITTEN
    kept = None
    try:
        with target.temporary(new) as temporary:
            os.rename(temporary, target.at(spare), src_dir_fd=target.fd, dst_dir_fd=target.fd)
        if target.read() != old:  # most saves that come in between are seen here, before ours shows at all
            return Edit(EditResult.CHANGED)
        _swap(target, spare)
        found, is_settled = read_settled(target, spare)
        if not is_settled or found not in (old, None):  # who is still writing would write to no file
            result = EditResult.CHANGED
            _swap(target, spare)
        target.sync()
    finally:
        name = _put_away(target, spare, target.name, (old, new))
    if name is not None:
        result = EditResult.KEPT if result is EditResult.CHANGED else result
        kept = path.rpartition("/")[0] + "/" + name
    return Edit(result, kept.lstrip("/") if kept else None)


def _swap(target: Target, spare: str) -> None:
    """Exchange the note with the spare file; in several steps where the file system cannot do it at once.

    Even then the note has its old or its new text at each moment, but what an editor renames onto it between
    two of the steps is lost.
    """
    if exchange(target, spare, target.name):
        return
    # where the note was deleted meanwhile this says so; the steps would make it anew
    os.stat(target.at(target.name), dir_fd=target.fd, follow_symlinks=False)
    aside = _spare_name(spare.split("-", 2)[2])
    try:
        with suppress(OSError):  # no hard links: the old text was compared before, and goes
            os.link(target.at(target.name), target.at(aside), src_dir_fd=target.fd, dst_dir_fd=target.fd)
        os.replace(target.at(spare), target.at(target.name), src_dir_fd=target.fd, dst_dir_fd=target.fd)
        with suppress(FileNotFoundError):
            os.rename(target.at(aside), target.at(spare), src_dir_fd=target.fd, dst_dir_fd=target.fd)
    except BaseException:
        _put_away(target, aside, target.name)
        raise


def _spare_name(texts: str) -> str:
    """A hidden name that says which two texts may be thrown away when found under it after a kill."""
    return f"{own_name()}-{texts}"


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def _put_away(folder: Folder, spare: str, name: str, both: tuple[bytes, ...] = ()) -> str | None:
    """Remove a spare file if its text is one of the two that its name tells, else keep it visibly.

    ``both`` are these two, where they are at hand: to compare is quicker than to sum.

    Returns:
        That name; None where nothing had to be kept.
    """
    try:
        return _sort_out(folder, spare, name, both)
    except BaseException as error:  # an interrupt may fall into this too
        kept: str | None = spare  # at worst it stays where it is, for the next run to find
        with suppress(OSError):
            kept = _sort_out(folder, spare, name, both)
        if not isinstance(error, OSError):
            raise
        return kept


def _sort_out(folder: Folder, spare: str, name: str, both: tuple[bytes, ...]) -> str | None:
    data, is_settled = read_settled(folder, spare)
    if data is None:
        return None
    if is_settled and (data in both or _digest(data) in spare):
        remove(folder, spare)
        return None
    return _keep(folder, spare, name)


def _keep(folder: Folder, spare: str, name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    stem = stem if dot else name
    while len(os.fsencode(stem)) > 200:  # a name may have 255 bytes, with what is added
        stem = stem[:-1]
    number = 1
    while True:
        count = f" {number}" if number > 1 else ""
        kept = f"{stem} (kept by vaultcrm{count}){dot}{suffix if dot else ''}"
        try:
            os.link(folder.at(spare), folder.at(kept), src_dir_fd=folder.fd, dst_dir_fd=folder.fd)
        except FileExistsError:
            number += 1
            continue
        except OSError:  # no hard links
            os.rename(folder.at(spare), folder.at(kept), src_dir_fd=folder.fd, dst_dir_fd=folder.fd)
            return kept
        remove(folder, spare)
        return kept


def sweep_temporaries(root: str, leftovers: Sequence[VaultPath], now_ns: int) -> tuple[VaultPath, ...]:
    """Remove what killed runs have left (`vault.Listing.leftovers`); to be called under the vault's lock.

    What may still be written to by somebody stays for a later run.
    What may be a person's text is not removed but kept under a visible name; these paths are returned.
    """
    kept = []
    for path in leftovers:
        parent, _, name = path.rpartition("/")
        with suppress(OSError), Folder(root, parent) as folder:
            status = os.stat(folder.at(name), dir_fd=folder.fd, follow_symlinks=False)
            if not is_forsaken(name, status, now_ns):
                continue
            if name.endswith(".tmp"):
                remove(folder, name)
            elif name.endswith(".swap"):
                rescued = _put_away(folder, name, "Rescued.md")
                if rescued is not None:
                    kept.append(f"{parent}/{rescued}".lstrip("/"))
    return tuple(kept)


def _with_line_ends(data: bytes, present: bytes | None) -> bytes:
    """The data with CRLF where the present file has it throughout; what has CRs of its own stays as it is."""
    if not present or b"\r" in data or b"\r" not in present:
        return data
    lines = present.count(b"\n")
    return data.replace(b"\n", b"\r\n") if lines and present.count(b"\r\n") == lines else data
