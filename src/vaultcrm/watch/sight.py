"""What a vault looks like at a moment: the stamps of all files that bear on its outputs, and of the outputs.

Two looks that are equal need no run between them. This module must not know what a note says, nor what an
output is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress

from vaultcrm.app.beside import files_beside, generated_paths
from vaultcrm.app.opening import Vault
from vaultcrm.errors import VaultcrmError, VaultMissing
from vaultcrm.model.note import VaultPath
from vaultcrm.model.sums import sha256
from vaultcrm.store.files import read_bytes
from vaultcrm.store.packed import Stamp
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.vault import read_notes, walk
from vaultcrm.store.walk import fold, stamp_of

Seen = Mapping[VaultPath, Stamp | None]
"""Stamps by path; None for a file that is not there, or cannot be read."""


class Look:
    """What a vault looks like: ``notes`` are the stamps of its notes, ``others`` those of all other files.

    Of the others some could be there and are not; notes that count for nothing, since they are copies or
    cannot be read, are among them, too.
    """

    __slots__ = ("notes", "others")

    def __init__(self, notes: Stamps | None = None, others: Seen | None = None) -> None:
        self.notes = Stamps(()) if notes is None else notes
        self.others = dict(others or {})

    def see(self, stamps: Seen) -> None:
        """Some of these files are otherwise now."""
        self.notes = self.notes.changed({path: each for path, each in stamps.items() if path in self.notes})
        self.others.update((path, each) for path, each in stamps.items() if path in self.others)

    def stands_at(self, path: VaultPath) -> Stamp | None:
        """The stamp of a file; None where there is none, or it cannot be read."""
        return self.notes.get(path) or self.others.get(path)

    def __contains__(self, path: object) -> bool:
        return path in self.notes or path in self.others

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Look):
            return NotImplemented
        if self.others != other.others or self.notes.absent_from(other.notes):
            return False
        return not other.notes.unlike(self.notes)

    __hash__ = None  # type: ignore[assignment]  # it changes


def look(vault: Vault) -> Look:
    """Look at everything.

    Raises:
        VaultMissing: The vault is gone, or cannot be read.
    """
    policy = vault.policy
    never = (*generated_paths(policy), policy.paths.rescued)
    listing = walk(vault.root, policy.paths.ignore, never, policy.paths.templates)
    notes = Stamps.of(listing.stamps if listing.by_folder is None else listing.by_folder)
    told = {problem.place.path for problem in listing.diagnostics}
    others: dict[VaultPath, Stamp | None] = dict.fromkeys(listing.unreadable)
    others.update((path, None) for path in told if path not in notes)
    others.update((path, stamp_at(vault.root, path)) for path in beside(vault))
    return Look(notes, others)


def beside(vault: Vault) -> tuple[VaultPath, ...]:
    """The paths beside the notes that are looked at: settings, configuration, templates, outputs."""
    prefix = vault.root.rstrip(os.sep) + os.sep
    return tuple(
        path.removeprefix(prefix).replace(os.sep, "/")
        for path in files_beside(vault.root, vault.policy, None)
    )


def stamp_at(root: str, path: VaultPath) -> Stamp | None:
    """The stamp of one file as it is now; None where there is none."""
    try:
        return stamp_of(os.stat(os.path.join(root, path), follow_symlinks=False))
    except (OSError, ValueError):
        return None


def differs(root: str, seen: Look, paths: Iterable[VaultPath]) -> bool | None:
    """Whether one of these files is not as it was seen; None where only a look at everything could tell."""
    found = False
    for path in paths:
        stamp, before = stamp_at(root, path), seen.stands_at(path)
        if before is None and stamp is not None and may_bear(root, path):
            return None
        found = found or (path in seen and stamp != before)
    return found


def may_bear(root: str, path: VaultPath) -> bool:
    """Whether a file that came may bear on anything: pictures, and what editors save to, do not."""
    return is_note_name(path) or not os.path.isfile(full := os.path.join(root, path)) or os.path.islink(full)


def is_note_name(path: VaultPath) -> bool:
    """Whether a file is called as notes are."""
    return fold(path).endswith(".md")


def as_written(root: str, written: Mapping[VaultPath, bytes]) -> Seen:
    """The stamps of notes that still hold what was written into them, by the SHA-256 of that."""
    found = {}
    for path, content, stamp in read_notes(root, sorted(written)):
        if sha256(getattr(content, "data", b"")).digest() == written[path]:
            found[path] = stamp
    return found


def as_put(root: str, outputs: Mapping[VaultPath, bytes]) -> Seen:
    """The stamps of outputs that still hold what was put into them, whatever the ends of their lines."""
    found = {}
    for path, data in outputs.items():
        stamp = stamp_at(root, path)  # before it is read: what is saved after that has another one
        with suppress(VaultcrmError):
            held = read_bytes(os.path.join(root, path))
            if held is not None and held.replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n"):
                found[path] = stamp
    return found


def check_there(vault: Vault, seen: Look, now: Look) -> None:
    """Refuse a vault that has lost all of its notes and its outputs at once: it is not connected.

    Raises:
        VaultMissing: It has.
    """
    outputs = generated_paths(vault.policy)

    def stands(at: Look) -> bool:
        return len(at.notes) > 0 or any(at.others.get(path) is not None for path in outputs)

    if stands(seen) and not stands(now):
        raise VaultMissing(f"all notes of {vault.root} are gone", "is its disk connected?")
