"""Which outputs are published under which names, and which of them have to be written.

Only what has changed is written. What was published there before and is no longer is taken away, so that a
feed that was given up does not stay on the web. Nothing is replaced or removed that vaultcrm did not make.
This module must not know how a place is reached.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256

from vaultcrm.app.opening import Vault
from vaultcrm.app.outputs import is_ours
from vaultcrm.errors import NotWritable, UsageError, VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.publish.places import LocalPlace, Place
from vaultcrm.sharing import feed_address
from vaultcrm.store.files import read_bytes
from vaultcrm.store.private import read_private, write_private
from vaultcrm.store.target import reason_and_hint

RECORD = "published.json"
_MOST = 1_000_000


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
    before = _read_record(vault.root).get(_key(place), [])
    done = [
        Published(names[path], path, _copy(place, names[path], path, data, dry_run))
        for path, data in outputs.items()
    ]
    gone = [name for name in before if name not in names.values()]
    done += [Published(name, None, _remove(place, name, dry_run)) for name in gone]
    if not dry_run:
        ours = {each.name for each in done if each.state in (State.WRITTEN, State.UNCHANGED)}
        _keep_record(vault.root, _key(place), before, sorted(ours.union(before).intersection(names.values())))
    return tuple(done)


def _output(vault: Vault, path: VaultPath) -> bytes:
    data = read_bytes(os.path.join(vault.root, path))
    if data is None:
        raise VaultcrmError(f"{path} is not there yet", f"make it: vaultcrm index --vault {vault.root}")
    if not data or not is_ours(path, data):
        raise VaultcrmError(f"{path} was not made by vaultcrm and is not published")
    return data


def _copy(place: Place, name: str, path: VaultPath, data: bytes, dry_run: bool) -> State:
    present = place.read(name)
    if present == data:
        return State.UNCHANGED
    if present is not None and not is_ours(path, present):
        return State.FOREIGN
    if not dry_run:
        place.write(name, data)
    return State.WRITTEN


def _remove(place: Place, name: str, dry_run: bool) -> State:
    present = place.read(name)
    if present is not None and not is_ours(name, present):
        return State.FOREIGN
    if present is not None and not dry_run:
        place.remove(name)
    return State.REMOVED


def _is_within(folder: str, root: str) -> bool:
    inner, outer = (os.path.normcase(os.path.realpath(each)) for each in (folder, root))
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


def _key(place: Place) -> str:
    return sha256(place.shown.encode("utf-8", "surrogatepass")).hexdigest()


def _read_record(root: str) -> dict[str, list[str]]:
    """The names that were published, by place; nothing where it cannot be read.

    The file is the user's alone, since a name may be a secret address.
    """
    try:
        found = json.loads(read_private(root, RECORD, _MOST) or b"{}")
    except (OSError, ValueError):
        return {}
    whole = found if isinstance(found, dict) else {}
    return {key: [str(name) for name in names] for key, names in whole.items() if isinstance(names, list)}


def _keep_record(root: str, key: str, before: list[str], names: list[str]) -> None:
    if names == before:
        return
    try:
        write_private(root, RECORD, json.dumps({**_read_record(root), key: names}, indent=1).encode())
    except OSError as error:
        why, hint = reason_and_hint(error)
        raise NotWritable(f"what was published could not be noted down: {why}", hint) from error
