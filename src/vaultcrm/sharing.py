"""What of a vault can be shared, and at which addresses: the feeds, each at one that nobody can guess.

An address follows from the vault's secret and the feed's path, so that who knows one feed's cannot work out
another's. This module must not know how a feed gets there.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from vaultcrm.app.outputs import feed_paths
from vaultcrm.errors import UsageError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.parse.vocabulary import nearest

TOKEN_BYTES = 20
"""160 bits, 32 characters."""


@dataclass(frozen=True, slots=True)
class Links:
    """How a feed is subscribed to: ``url`` for programs that ask for an address, ``webcal`` to be opened."""

    path: VaultPath
    url: str
    webcal: str


def chosen_feeds(policy: Policy, wanted: Iterable[str] = ()) -> tuple[VaultPath, ...]:
    """The feeds that a user named by path or file name; all without a name.

    Raises:
        UsageError: There is no such feed, or none at all.
    """
    known = feed_paths(policy)
    if not known:
        raise UsageError("this vault has no feed", "set one in vaultcrm.toml, by feed below [paths]")
    chosen = []
    for name in wanted:
        found = [path for path in known if name in (path, path.rpartition("/")[2])]
        if len(found) != 1:
            why = f"{name!r} could be several feeds" if found else f"{name!r} is no feed of this vault"
            raise UsageError(why, ", ".join(found or nearest(name, known) or known))
        chosen += found
    return tuple(dict.fromkeys(chosen)) or known


def feed_token(secret: bytes, path: VaultPath) -> str:
    """What makes a feed's address: 32 characters that only who has the secret can work out."""
    digest = hmac.digest(secret, path.encode("utf-8", "surrogatepass"), "sha256")
    return b32encode(digest[:TOKEN_BYTES]).decode("ascii").lower()


def feed_address(secret: bytes, path: VaultPath) -> str:
    """Where a feed is served: ``/TOKEN/follow-ups.ics``."""
    return f"/{feed_token(secret, path)}/{path.rpartition('/')[2]}"


def read_base(text: str) -> str:
    """A public address such as ``https://crm.example.org``, which may have a path, without its last ``/``.

    Raises:
        UsageError: It is none.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{text!r} is no address: {error}", _EXAMPLE) from error
    rest = parts.query or parts.fragment or parts.username or parts.password or port == 0
    if parts.scheme not in ("http", "https") or not parts.hostname or rest or not text.strip().isprintable():
        raise UsageError(f"{text!r} is no address", _EXAMPLE)
    return text.strip().rstrip("/")


def links_of(base: str, secret: bytes, paths: Iterable[VaultPath]) -> tuple[Links, ...]:
    """The links to feeds below an address; ``webcal`` opens a calendar program instead of a browser.

    ``webcal:`` and never ``webcals:``, which iOS does not know
    (https://github.com/nextcloud/calendar/issues/2416).
    """
    return tuple(link_of(base, feed_address(secret, path)[1:], path) for path in paths)


def link_of(base: str, name: str, path: VaultPath) -> Links:
    """The links to a feed that has a name below an address."""
    url = f"{base}/{quote(name)}"
    return Links(path, url, f"webcal://{url.partition('://')[2]}")


_EXAMPLE = "write it like --public-url https://crm.example.org"


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is that of the machine that asks."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
