"""Commits that git makes by itself: outputs are put into them right after they were made.

What a merge, a rebase, a cherry-pick or a revert commits is settled before any hook can add to it. So the
last commit is replaced by one with the outputs of its notes, before anybody has seen it; one that is signed
stays. This module must not know how outputs are made.
"""

from __future__ import annotations

import os

from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.store.git import Repository

MERGE_NOTE = "vaultcrm-merge"
"""A file in the git folder from just before a merge makes its commit to just after."""

_REBASES = ("rebase-merge", "rebase-apply")
_PICKS = os.path.join("sequencer", "todo")
"""In the git folder: what there is while a rebase goes on, and what a cherry-pick or revert has yet to do."""


def remember_merge(repository: Repository, tree: str) -> None:
    """Note down, before a merge makes its commit, what was added to the index since it had a tree.

    git takes nothing more into the merge: `complete_merge` puts it in.
    """
    paths = repository.changed_since(tree)
    if paths:
        text = "\0".join((repository.resolved("HEAD"), tree, *paths))
        replace_file(repository.git_dir, MERGE_NOTE, text.encode("utf-8", "surrogateescape"))


def complete_merge(repository: Repository) -> bool:
    """Put into the commit that a merge has just made what was noted down before it.

    False where something was, and stays staged for the next commit: the merge is signed.
    """
    path = os.path.join(repository.git_dir, MERGE_NOTE)
    note = read_bytes(path)
    if note is None:
        return True
    os.unlink(path)
    head, tree, *paths = note.decode("utf-8", "surrogateescape").split("\0")
    last = repository.resolved("HEAD")
    made = [repository.resolved(f"{last}{part}") for part in ("^1", "^{tree}")]
    if made != [head, tree] or not repository.resolved(f"{last}^2"):
        return True  # that merge was given up, and this is another commit
    return repository.amend(last, paths)


def is_open(repository: Repository, *, over: bool) -> bool:
    """Whether outputs can be put into the commit that git has just applied: it is the last one, and unsigned.

    git holds the index in memory until the last one, and would stop at a file that it does not know of. Nor
    would it apply anything later on, while the outputs of a signed one waited in the index.

    Args:
        repository: Where it was applied.
        over: git has said that it was the last.
    """
    return not repository.is_signed() and (over or not _more_is_picked(repository))


def _more_is_picked(repository: Repository) -> bool:
    if any(os.path.isdir(os.path.join(repository.git_dir, name)) for name in _REBASES):
        return True
    todo = read_bytes(os.path.join(repository.git_dir, _PICKS)) or b""
    left = [line for line in todo.splitlines() if line.strip() and not line.startswith(b"#")]
    return len(left) > 1  # the commit that was just made is still listed


def complete_applied(repository: Repository, tree: str) -> None:
    """Put into the last commit, which is open, what was added to the index since it had a tree."""
    paths = repository.changed_since(tree)
    if paths:
        repository.amend(repository.resolved("HEAD"), paths)
