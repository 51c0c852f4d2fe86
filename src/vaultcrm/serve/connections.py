"""Connections that cannot be used up: how many, how long, and how much one may send before it asks.

uvicorn has no time limit for a request's head, and refuses everybody once there are too many connections.
Here the oldest one that has not asked for anything goes first. This module must not know what is asked for.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from vaultcrm.model.patterns import regex

MOST = 64
HEAD_BYTES = 16 * 1024
HEAD_S = 10.0
ANSWER_S = 60.0
"""Within this a program must have taken its answer: a megabyte over a slow phone."""
_END = regex(rb"\n\r?\n")
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Peer = tuple[str, int]


class Gate:
    """The open connections by peer, the oldest first; at most ``most``."""

    def __init__(self, most: int = MOST, head_s: float = HEAD_S, answer_s: float = ANSWER_S) -> None:
        self.most = most
        self.head_s = head_s
        self.answer_s = answer_s
        self.open: dict[Peer | None, Connection] = {}

    def admit(self, connection: Connection) -> None:
        """Let a connection in; where there are too many, one goes that is of least use."""
        if len(self.open) >= self.most:
            useless = min(self.open.values(), key=lambda each: (each.is_served, each.is_heard))
            if useless.is_served:
                connection.transport.abort()
                return
            useless.hang_up()
        self.open[connection.client] = connection

    def served(self, peer: Peer | None) -> None:
        """Mark the connection of a peer as one that gets what it asked for."""
        connection = self.open.get(peer)
        if connection is not None:
            connection.is_served = True

    def left(self, connection: Connection) -> None:
        """Forget a connection."""
        if self.open.get(connection.client) is connection:
            del self.open[connection.client]

    def protocol(self) -> type[Connection]:
        """The class of connections that go through this gate, for uvicorn."""
        return type("GatedConnection", (Connection,), {"gate": self})


class Connection(H11Protocol):
    """A connection with a deadline for its request, and another for its answer."""

    gate: ClassVar[Gate]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.is_heard = False
        self.is_served = False
        self._head = b""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(transport)
        self._give(self.gate.head_s)
        self.gate.admit(self)

    def data_received(self, data: bytes) -> None:
        """Take what has come, if it is not too much."""
        if not self.is_heard and not self._listen(data):
            self.transport.write(_TOO_LARGE)
            self.transport.close()
            return
        super().data_received(data)

    def _listen(self, data: bytes) -> bool:
        """Whether the head of the request is short enough as far as it has come."""
        begin = max(0, len(self._head) - 2)
        self._head += data
        end = _END.search(self._head, begin)
        length = len(self._head) if end is None else end.end()
        if end is not None:
            self.is_heard, self._head = True, b""
            self._give(self.gate.answer_s)
        return length <= HEAD_BYTES

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._give(None)
        self.gate.left(self)
        super().connection_lost(exc)

    def hang_up(self) -> None:
        """End at once, whatever is under way."""
        self.gate.left(self)
        self.transport.abort()

    def _give(self, seconds: float | None) -> None:
        """Set the time until which the connection may last; None: it is over."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.hang_up)
