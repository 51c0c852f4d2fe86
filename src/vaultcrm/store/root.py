"""Where a vault is: its root folder, looked for upwards. This module must stay cheap to import."""

from __future__ import annotations

import os

from vaultcrm.errors import VaultMissing

CONFIG = "vaultcrm.toml"


def find_vault(start: str, explicit: str | None = None) -> str:
    """The vault's root as an absolute path (specification 4, Files in a vault).

    ``explicit`` is taken as it is. Without it: from ``start`` upwards the nearest folder with
    ``vaultcrm.toml``, else the nearest with ``.obsidian``, else ``start``.

    Raises:
        VaultMissing: The folder is not there; or it is only where somebody stands, and has their home in it,
            or a vault right below it.
    """
    given = os.path.abspath(explicit or start)
    if not os.path.isdir(given):
        raise VaultMissing(
            f"the vault {given} is no folder"
            if os.path.lexists(given)
            else f"the vault {given} does not exist",
            "give the vault's folder with --vault",
        )
    if explicit:
        return given
    upwards = _upwards(given)
    configured = (folder for folder in upwards if _is_configured(folder))
    obsidian = (folder for folder in upwards if os.path.isdir(os.path.join(folder, ".obsidian")))
    found = next(configured, None) or next(obsidian, None)
    if found is None and given in _upwards(os.path.abspath(os.path.expanduser("~"))):
        # everything that somebody has would be read
        raise VaultMissing(
            f"there is no vault in {given}",
            "go into the vault's folder, or give it with --vault; vaultcrm init makes one",
        )
    below = [] if found is not None else _vaults_in(given)
    if below:  # whoever has just made it has not gone into it yet
        raise VaultMissing(f"there is no vault in {given}", f'this is one: --vault "{below[0]}"')
    return found or given


def _vaults_in(folder: str) -> list[str]:
    """The names of the folders in a folder that are configured as vaults, in order."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # who reads it tells
        return []
    return [name for name in names if _is_configured(os.path.join(folder, name))]


def _is_configured(folder: str) -> bool:
    path = os.path.join(folder, CONFIG)
    return os.path.isfile(path) or os.path.islink(path)  # one that leads nowhere is told, not passed over


def marks_above(start: str) -> tuple[str, ...]:
    """What `find_vault` looks for from a folder upwards: which of these exist decides what the vault is."""
    folders = _upwards(os.path.abspath(start))
    return tuple(os.path.join(folder, mark) for folder in folders for mark in (CONFIG, ".obsidian"))


def _upwards(folder: str) -> list[str]:
    found = [folder]
    while os.path.dirname(found[-1]) != found[-1]:
        found.append(os.path.dirname(found[-1]))
    return found
