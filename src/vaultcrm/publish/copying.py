"""Which outputs are published under which names, and which of them have to be written.

Only what has changed is written. What was published there before and is no longer is taken away, so that a
feed that was given up does not stay on the web. Nothing is replaced or removed that vaultcrm did not make.
This module must not know how a place is reached.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from vaultcrm.app.opening import Vault
from vaultcrm.app.outputs import is_ours
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.publish.places import LocalPlace, Place
from vaultcrm.publish.record import Record
from vaultcrm.render.text import typed_word
from vaultcrm.sharing import feed_address
from vaultcrm.store.files import read_bytes


class State(StrEnum):
    """What became of a file; FOREIGN: something that vaultcrm did not make stands there, and stays."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Published:
    """A file at the target: its name there, and what became of it, or would have.

    ``path`` is the output's in the vault, None for what was published once and is not any more.
    """

    name: str
    path: VaultPath | None
    state: State


def names_of(paths: Iterable[VaultPath], secret: bytes | None) -> dict[VaultPath, str]:
    """Under which name each output is published: its file's; with a secret the feed's secret address.

    Raises:
        UsageError: Two of them have the same.
    """
    names: dict[VaultPath, str] = {}
    for path in paths:
        name = path.rpartition("/")[2] if secret is None else feed_address(secret, path)[1:]
        other = next((each for each, taken in names.items() if taken.lower() == name.lower()), None)
        if other is not None:
            raise UsageError(
                f"{other} and {path} would both be {name} there", "publish them one by one: --feed"
            )
        names[path] = name
    return names


def publish(
    vault: Vault,
    place: Place,
    names: Mapping[VaultPath, str],
    wanted: Iterable[VaultPath],
    *,
    dry_run: bool,
) -> tuple[Published, ...]:
    """Bring outputs to a place.

    Args:
        vault: The vault.
        place: Where to.
        names: The name there of each output that may be there; others that were brought there are removed.
        wanted: Those to bring there now.
        dry_run: Only look.

    Raises:
        UsageError: The place lies in the vault.
        VaultcrmError: An output is not there, or the place cannot be used.
    """
    if isinstance(place, LocalPlace) and _is_within(place.shown, vault.root):
        raise UsageError(
            f"{place.shown} lies in the vault", "its outputs are there already; name another folder"
        )
    outputs = {path: _output(vault, path) for path in wanted}
    record = Record(vault.root, place.shown)
    # first: what was given up must not stay on the web because something else cannot be brought there
    removed, failure = _clear(place, record, names.values(), dry_run)
    done = [
        Published(names[path], path, _copy(place, names[path], path, data, record, dry_run))
        for path, data in outputs.items()
    ]
    if failure is not None:
        raise failure
    return (*done, *removed)


def _output(vault: Vault, path: VaultPath) -> bytes:
    data = read_bytes(os.path.join(vault.root, path))
    if data is None:
        hint = f"make it: vaultcrm index --vault {typed_word(vault.root)}"
        raise VaultcrmError(f"{path} is not there yet", hint)
    if not data or not is_ours(path, data):
        raise VaultcrmError(f"{path} was not made by vaultcrm and is not published")
    return data


def _copy(place: Place, name: str, path: VaultPath, data: bytes, record: Record, dry_run: bool) -> State:
    present = place.read(name)
    if present not in (None, data) and not is_ours(path, present):
        return State.FOREIGN
    if not dry_run:
        record.add(name)
    if present == data:
        return State.UNCHANGED
    if not dry_run:
        place.write(name, data)
    return State.WRITTEN


def _clear(
    place: Place, record: Record, names: Collection[str], dry_run: bool
) -> tuple[list[Published], VaultcrmError | None]:
    """Take away what is published no longer; the first that cannot be keeps no other from going."""
    removed: list[Published] = []
    failure = None
    for name in record.names():
        if name in names:
            continue
        try:
            state = _remove(place, name, record, dry_run)
        except VaultcrmError as error:
            failure = failure or error
            continue
        if state is not None:
            removed.append(Published(name, None, state))
    return removed, failure


def _remove(place: Place, name: str, record: Record, dry_run: bool) -> State | None:
    """Take away what was published; None where nothing is there any more."""
    present = place.read(name)
    is_foreign = present is not None and not is_ours(name, present)
    if not dry_run:
        if present is not None and not is_foreign:
            place.remove(name)
        record.drop(name)
    if present is None:
        return None
    return State.FOREIGN if is_foreign else State.REMOVED


def _is_within(folder: str, root: str) -> bool:
    inner, outer = (os.path.normcase(os.path.realpath(each)) for each in (folder, root))
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)
