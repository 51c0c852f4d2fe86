"""Where the cache and the state of a vault are kept: in the user's own folders, never in the vault.

A sync program would tear a database in the vault. This module must stay cheap to import: a run in which
nothing has changed needs it before anything else.
"""

from __future__ import annotations

import os
import sys

from vaultcrm.store.blake2 import blake2b

APP = "vaultcrm"
_SYSTEM: str = sys.platform


def cache_folder(root: str) -> str:
    """The folder for what can be made again from the vault: whoever deletes it loses nothing but time."""
    return os.path.join(_cache_base(), vault_key(root))


def answers_folder() -> str:
    """The folder for answers that were given before, of all vaults."""
    return os.path.join(_cache_base(), "answers")


def shared_folder() -> str:
    """The folder for what is made of the package itself, for all vaults."""
    return os.path.join(_cache_base(), "package")


def state_folder(root: str) -> str:
    """The folder for what cannot be made again, such as the feed's secret address, and for the lock."""
    if _SYSTEM == "linux":
        return os.path.join(_linux_folder("XDG_STATE_HOME", ".local/state"), vault_key(root))
    import platformdirs

    return os.path.join(platformdirs.user_state_dir(APP, appauthor=False), vault_key(root))


def vault_key(root: str) -> str:
    """A name for a vault that differs from that of any other: 32 hexadecimal digits of its real path."""
    real = os.path.normcase(os.path.realpath(root))
    return blake2b(real.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def machine_name() -> str:
    """What this machine is called in its network: what `platform` says, which takes long to load."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def _cache_base() -> str:
    if _SYSTEM == "linux":
        return _linux_folder("XDG_CACHE_HOME", ".cache")
    import platformdirs

    return platformdirs.user_cache_dir(APP, appauthor=False)


def _linux_folder(variable: str, below_home: str) -> str:
    """What platformdirs answers on Linux, without the 30 ms that its import takes."""
    named = os.environ.get(variable, "").strip()
    base = named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), below_home)
    return os.path.join(base, APP)
