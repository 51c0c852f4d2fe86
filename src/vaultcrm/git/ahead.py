"""What a commit has to ask git first, asked by another process while this one loads what it needs.

It only spares waiting: who gets no answer asks git itself. This module must not know what is done with any of
it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from vaultcrm.errors import VaultcrmError
from vaultcrm.git.repositories import STRICT, VAULTS, hooked_vaults
from vaultcrm.named import named_vault
from vaultcrm.store.git import Repository, find_repository, relation, values
from vaultcrm.store.helper import Helper
from vaultcrm.store.root import find_vault


def asked(arguments: Sequence[str]) -> Iterator[Any]:
    """The repository that a command line is about, and what its index holds of the vault: plain values.

    In the other process. None where git does not say; a hook's vault is the first of those that it is for.
    """
    try:
        yield _asked(arguments)
    except (VaultcrmError, OSError):  # who asks again has the same told
        yield None


def _asked(arguments: Sequence[str]) -> Any:
    here, is_hook = os.getcwd(), arguments[0] == "hook"
    start = here if is_hook else find_vault(here, named_vault(arguments, os.environ))
    repository = find_repository(start)
    if repository is None:
        return None
    told = {values(key): said for key, said in _configured(repository).items()} if is_hook else {}
    repository.told.update(told)
    for root in hooked_vaults(repository)[:1] if is_hook else (start,):
        inside, _ = relation(root, repository.top)
        repository.ahead[inside] = repository.to_commit(inside)
    repository.told.update(told)  # what was asked here is told there, too
    return repository.plain()


def _configured(repository: Repository) -> dict[str, bytes]:
    """What git says of each of our keys, which it is asked all at once."""
    said = repository.run("config", "--local", "-z", "--get-regexp", r"^vaultcrm\.", ok=(0, 1))
    found = dict.fromkeys((VAULTS, STRICT), b"")
    for record in said.split(b"\0")[:-1]:
        key, _, value = record.partition(b"\n")
        if key.decode() in found:
            found[key.decode()] += value + b"\0"
    return found


def answered(helper: Helper) -> Repository | None:
    """The repository that was found, which knows what its index holds; None where git has to be asked.

    Raises:
        HelperLost: There is no such process any more.
    """
    plain = helper.answer()
    return None if plain is None else Repository.of_plain(plain)
