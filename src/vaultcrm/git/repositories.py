"""Which repository a vault is in, and which vaults a repository holds.

A vault may be a folder of a larger repository, and a repository may be a folder of a vault. This module must
not know what is done with either.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from vaultcrm.errors import UsageError
from vaultcrm.model.note import VaultPath
from vaultcrm.store.git import Repository, find_repository
from vaultcrm.store.root import CONFIG, find_vault, marks_above

VAULTS = "vaultcrm.vault"
"""The key of a repository's configuration that has the vaults to index, as folders from its top."""

STRICT = "vaultcrm.strict"
"""The key that says whether errors stop a commit."""


def repository_for(root: str, here: str, known: Repository | None = None) -> Repository:
    """The repository that a vault is in, or the one that is in the vault.

    Args:
        root: The vault's folder.
        here: The current folder: of several repositories in the vault, the one that one stands in.
        known: One that was found from the current folder or from the vault's.

    Raises:
        UsageError: There is none, or there are several.
    """
    if known is not None and known.is_of(root):
        return known
    found = find_repository(root)
    if found is not None:
        return found
    inner = find_repository(here) if holds(root, here) else None
    if inner is not None:
        return inner
    tops = sorted(_folders_with(root, (".git",)))
    if len(tops) > 1:
        raise UsageError(f"the vault {root} holds several git repositories", f"go into one: {tops[0]}")
    inner = find_repository(tops[0]) if tops else None
    if inner is None:
        raise UsageError(f"{root} is in no git repository", "git init makes one")
    return inner


def vault_from(here: str) -> str | None:
    """The vault to take where none is named and none holds a folder: the only one of the repository.

    None where one holds the folder, or none is found.

    Raises:
        UsageError: There are several.
    """
    if any(os.path.exists(mark) for mark in marks_above(here)):
        return None
    repository = find_repository(here)
    if repository is None:
        return None
    found = _vaults_below(repository.top)
    if len(found) > 1:
        import shlex  # a commit waits for this module

        raise UsageError("there are several vaults here", f"name one: --vault {shlex.quote(found[0])}")
    return found[0] if found else None


def hooked_vaults(repository: Repository) -> tuple[str, ...]:
    """The vaults for which the hooks are, as far as this work tree has them."""
    found = (os.path.normpath(os.path.join(repository.top, each)) for each in repository.config(VAULTS))
    return tuple(folder for folder in found if os.path.isdir(folder))


def vaults_in(repository: Repository) -> tuple[str, ...]:
    """The vaults of a repository: those for which hooks are, else all that it holds, else the one around it.

    Raises:
        UsageError: There is none.
    """
    found = hooked_vaults(repository) or tuple(_vaults_below(repository.top))
    if not found and any(os.path.exists(mark) for mark in marks_above(repository.top)):
        found = (find_vault(repository.top),)
    if not found:
        raise UsageError(f"there is no vault in {repository.top}", f"a file {CONFIG} makes a folder one")
    return found


def by_vault(paths: Iterable[str]) -> dict[str, frozenset[VaultPath]]:
    """Files by the vault that holds them, as its paths; those in no vault are left out."""
    found: dict[str, set[VaultPath]] = {}
    for path in paths:
        folder = os.path.dirname(os.path.abspath(path))
        if os.path.isdir(folder) and any(os.path.exists(mark) for mark in marks_above(folder)):
            root = find_vault(folder)
            inside = os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
            found.setdefault(root, set()).add(inside)
    return {root: frozenset(inside) for root, inside in found.items()}


def folder_in(repository: Repository, folder: str) -> str:
    """A folder from the work tree's top, with ``/``: ``.``, ``crm``, ``..``."""
    top = os.path.realpath(repository.top)
    return os.path.relpath(os.path.realpath(folder), top).replace(os.sep, "/")


def typed(here: str, root: str, path: VaultPath) -> str:
    """How one types a vault's path in a shell in a folder."""
    import shlex  # a commit waits for this module

    return shlex.quote(os.path.relpath(os.path.join(root, path), here).replace(os.sep, "/"))


def holds(outer: str, inner: str) -> bool:
    """Whether a folder lies within another one."""
    lead = os.path.realpath(outer).rstrip(os.sep) + os.sep
    return os.path.realpath(inner).startswith(lead)


def _vaults_below(top: str) -> list[str]:
    configured = sorted(_folders_with(top, (CONFIG,)))
    return configured or sorted(_folders_with(top, (".obsidian",)))


def _folders_with(top: str, marks: Sequence[str]) -> Iterator[str]:
    """The folders from a top downwards that have one of these entries; not those within such a one."""
    for folder, folders, files in os.walk(top):
        if any(mark in files or mark in folders for mark in marks):
            folders.clear()
            yield folder
        folders[:] = [each for each in folders if not each.startswith(".")]
