"""What a vault looks like at a moment: the stamps of all files that bear on its outputs, and of the outputs.

Two looks that are equal need no run between them. This module must not know what a note says, nor what an
output is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from vaultcrm.app.beside import files_beside, generated_paths
from vaultcrm.app.opening import Vault
from vaultcrm.errors import VaultMissing
from vaultcrm.model.note import VaultPath
from vaultcrm.model.sums import sha256
from vaultcrm.store.packed import Stamp
from vaultcrm.store.vault import read_notes, walk
from vaultcrm.store.walk import stamp_of

Look = dict[VaultPath, Stamp | None]
"""Stamps by path; None for a file that could be there and is not, or cannot be read."""


def look(vault: Vault) -> Look:
    """Look at everything.

    Raises:
        VaultMissing: The vault is gone, or cannot be read.
    """
    policy = vault.policy
    never = (*generated_paths(policy), policy.paths.rescued)
    listing = walk(vault.root, policy.paths.ignore, never, policy.paths.templates)
    found: Look = dict(listing.stamps)
    found.update((path, None) for path in listing.unreadable)
    told = {problem.place.path for problem in listing.diagnostics}
    found.update((path, None) for path in told - listing.stamps.keys())
    found.update((path, stamp_at(vault.root, path)) for path in beside(vault))
    return found


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


def differs(root: str, seen: Look, paths: frozenset[VaultPath]) -> bool | None:
    """Whether one of these files is not as it was seen; None where only a look at everything could tell."""
    for path in paths:
        stamp = stamp_at(root, path)
        if path not in seen:
            if stamp is not None:
                return None
        elif stamp != seen[path]:
            return True
    return False


def as_written(root: str, written: Mapping[VaultPath, bytes]) -> Look:
    """The stamps of notes that still hold what was written into them, by the SHA-256 of that."""
    found: Look = {}
    for path, content, stamp in read_notes(root, sorted(written)):
        if sha256(getattr(content, "data", b"")).digest() == written[path]:
            found[path] = stamp
    return found


def check_there(vault: Vault, seen: Look, now: Look) -> None:
    """Refuse a vault that has lost all of its notes and its outputs at once: it is not connected.

    Raises:
        VaultMissing: It has.
    """
    outputs = generated_paths(vault.policy)

    def stands(at: Look) -> bool:
        notes = any(stamp is not None for path, stamp in at.items() if path.endswith(".md"))
        return notes or any(at.get(path) is not None for path in outputs)

    if stands(seen) and not stands(now):
        raise VaultMissing(f"all notes of {vault.root} are gone", "is its disk connected?")
