"""What was published where: noted down before it goes there, so that it is found again whatever then fails.

The record is the user's alone, since a name may be a secret address. This module must not know what is
published, nor how a place is reached.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.private import read_private, write_private
from vaultcrm.store.target import reason_and_hint

RECORD = "published.json"
_MOST = 1_000_000
Names = dict[str, list[str]]


class Record:
    """The names of the files that a vault has at a place, or tried to bring there."""

    def __init__(self, root: str, address: str) -> None:
        """That of the place of an address, which may be a path."""
        self._root = root
        self._key = sha256(address.encode("utf-8", "surrogatepass")).hexdigest()

    def names(self) -> tuple[str, ...]:
        """The names, in order; none where nothing was published, or the record is damaged.

        Raises:
            VaultcrmError: It cannot be read.
        """
        return tuple(self._read().get(self._key, ()))

    def add(self, name: str) -> None:
        """Note a name down, before anything has it.

        Raises:
            NotWritable: It cannot be noted down.
        """
        self._change(lambda names: names.union((name,)))

    def drop(self, name: str) -> None:
        """Forget a name that nothing of ours has any more.

        Raises:
            NotWritable: It cannot be.
        """
        self._change(lambda names: names.difference((name,)))

    def _change(self, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        """Under the vault's lock, since others may publish meanwhile, to this place or another one."""
        with vault_lock(self._root):
            every = self._read()
            before = frozenset(every.get(self._key, ()))
            after = change(before)
            if after == before:
                return
            data = json.dumps({**every, self._key: sorted(after)}, indent=1).encode()
            try:
                write_private(self._root, RECORD, data)
            except OSError as error:
                why, hint = reason_and_hint(error)
                raise NotWritable(f"what is published could not be noted down: {why}", hint) from error

    def _read(self) -> Names:
        """The names by place. One that cannot be read for now is no empty one, which would replace it."""
        try:
            found = json.loads(read_private(self._root, RECORD, _MOST) or b"{}")
        except ValueError:
            return {}
        except OSError as error:
            why, hint = reason_and_hint(error)
            raise VaultcrmError(f"what was published before cannot be read: {why}", hint) from error
        whole = found if isinstance(found, dict) else {}
        return {key: [str(name) for name in names] for key, names in whole.items() if isinstance(names, list)}
