"""Runs the server: a socket, the thread that looks at the disk, and uvicorn between them.

This module must not know what is answered.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import uvicorn

from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.serve.answers import Answers
from vaultcrm.serve.connections import HEAD_BYTES, Gate
from vaultcrm.serve.shelf import Shelf

LOOK_S = 1.0
ANYWHERE = ("0.0.0.0", "::", "")
_BACKLOG = 128
_GRACE_S = 2


def listen(host: str, port: int) -> socket.socket:
    """A socket on an address of this machine; port 0: any that is free.

    Raises:
        UsageError: This machine has no such address.
        VaultcrmError: The port is taken, or not for us.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise UsageError(f"{host!r} is no address of this machine", "try --host 127.0.0.1") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let another program take the port over
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)  # whoever reads the links may call before uvicorn is ready
    except OSError as error:
        listener.close()
        where = f"{host}:{port}"
        raise VaultcrmError(
            f"{where} cannot be served on: {(error.strerror or str(error)).lower()}", "try another --port"
        ) from error
    return listener


def own_address(host: str) -> str:
    """The address at which other machines reach a socket that listens on this one, as far as we can tell.

    No packet is sent: connecting a datagram socket only asks which way it would go.
    """
    if host not in ANYWHERE:
        return host
    family, far = (socket.AF_INET6, "2001:db8::1") if ":" in host else (socket.AF_INET, "192.0.2.1")
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return "::1" if ":" in host else "127.0.0.1"


def local_url(listener: socket.socket) -> str:
    """The address of the server as a link begins with it."""
    host, port = listener.getsockname()[:2]
    return url_of(own_address(str(host)), port)


def url_of(host: str, port: int) -> str:
    """An address and a port as a link begins with them."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    listener: socket.socket,
    shelf: Shelf,
    public_url: str | None = None,
    *,
    told: Callable[[str], None],
    gate: Gate | None = None,
) -> None:
    """Serve until a signal comes.

    Args:
        listener: The socket.
        shelf: The feeds.
        public_url: The address under which a proxy offers the server.
        told: Is told what a person at the terminal should know: a key of what commands say.
        gate: The limits of connections; the usual ones if not given.
    """
    gate = gate or Gate()
    answers = Answers(lambda: shelf.slots, _names(listener, public_url), gate.served)
    with _quiet(), _looking(shelf, told):
        server = uvicorn.Server(_config(answers, gate))
        server.run(sockets=[listener])


def _names(listener: socket.socket, public_url: str | None) -> Iterable[str]:
    host = str(listener.getsockname()[0])
    own = () if host in ANYWHERE else (f"[{host}]" if ":" in host else host,)
    public = urlsplit(public_url).hostname if public_url else None
    names = ("localhost", "127.0.0.1", "[::1]", *own)
    return names if public is None else (*names, f"[{public}]" if ":" in public else public)


def _config(answers: Answers, gate: Gate) -> uvicorn.Config:
    return uvicorn.Config(
        answers,
        http=gate.protocol(),
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=_GRACE_S,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let uvicorn say nothing: an address must be in no log, and what strangers send is no news."""
    logger = logging.getLogger("uvicorn")
    children = [logging.getLogger(f"uvicorn.{name}") for name in ("error", "access", "asgi")]
    before = [(each, each.level, each.propagate) for each in (logger, *children)]
    for each in (logger, *children):
        each.setLevel(logging.CRITICAL + 1)
        each.propagate = False
    try:
        yield
    finally:
        for each, level, propagate in before:
            each.setLevel(level)
            each.propagate = propagate


@contextmanager
def _looking(shelf: Shelf, told: Callable[[str], None]) -> Iterator[None]:
    """Look at the disk every second, beside the server: a slow disk must not delay an answer."""
    stopped = threading.Event()

    def look() -> None:
        while not stopped.wait(LOOK_S):
            with suppress(Exception):  # whatever went wrong: what is in memory is served, and looked at again
                if shelf.refresh():
                    told("rotated")

    thread = threading.Thread(target=look, name="feeds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
