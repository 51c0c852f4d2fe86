"""Puts a server under load: idle connections, malformed requests, wrong hosts and addresses.

The suite does it for seconds; ``python -m tests.serve.load`` for longer, with what it saw printed as it goes.
Everything stays on this machine, and ends by itself.
"""

from __future__ import annotations

import random
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.serve.running import Reply, Running, read_reply, serving
from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault

SLOWEST_S = 1.0
PIECES = (
    *(b"GET", b"HEAD", b"POST", b"PRI * HTTP/2.0", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9"),
    *(b"/", b"/..", b"//", b"%2e%2e", b"%00", b"%ff", b"etc/passwd", b"file://", b":"),
    *(b" ", b"\t", b"\r\n", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\x16\x03\x01\x02\x00", b"A" * 5000),
    *(b"Host:", b"Host: localhost", b"Host: evil.example", b"Content-Length: -1", b"Content-Length: 5"),
    *(b"Transfer-Encoding: chunked", b"0\r\n\r\n", b"Upgrade: websocket", b"Connection: upgrade"),
    *(b"Range: bytes=0-9999999999", b"Accept-Encoding: gzip;q=,;;", b"If-None-Match: W/W/"),
    *(b"Expect: 100-continue",),
)


def timed(server: Running) -> float:
    """How long the feed takes; it must be right."""
    begin = time.monotonic()
    reply = server.ask()
    taken = time.monotonic() - begin
    assert reply.status == 200
    assert reply.body.startswith(b"BEGIN:VCALENDAR")
    return taken


def idle(server: Running, count: int) -> float:
    """The slowest of some requests beside connections that say nothing, or begin and never end."""
    slowest = 0.0
    with ExitStack() as stack:
        for number in range(count):
            connection = stack.enter_context(server.connect())
            with suppress(OSError):  # the oldest ones are hung up on already
                connection.sendall([b"", b"GET", b"GET / HTTP/1.1\r\nHost: loc"][number % 3])
            if number % 50 == 49:
                slowest = max(slowest, timed(server))
        for _ in range(5):
            slowest = max(slowest, timed(server))
    return slowest


def malformed(server: Running, count: int, seed: int = 1) -> dict[int, int]:
    """How often each status came (0: none at all) for requests that nobody means."""
    choose = random.Random(seed)
    seen: dict[int, int] = {}
    for number in range(count):
        data = b"".join(choose.choices(PIECES, k=choose.randint(1, 14)))
        if number % 4 == 0:
            data = choose.randbytes(choose.randint(1, 400))
        with server.connect() as connection:
            with suppress(OSError):
                connection.sendall(data)
                if b"\n\r\n" not in data and b"\n\n" not in data:  # else it is answered without that
                    connection.shutdown(socket.SHUT_WR)
            reply = read_reply(connection)
        seen[reply.status] = seen.get(reply.status, 0) + 1
        assert_tells_nothing(server, reply)
    return seen


def guesses(server: Running, count: int, seed: int = 1) -> dict[int, int]:
    """How often each status came for wrong addresses and hosts."""
    choose = random.Random(seed)
    seen: dict[int, int] = {}
    for number in range(count):
        token = "".join(choose.choices("abcdefghijklmnopqrstuvwxyz234567", k=32))
        path = [
            f"/{token}/follow-ups.ics",
            f"/{server.token[:-1]}a",
            f"/CRM/../{token}",
            server.address() + "/x",
        ][number % 4]
        reply = server.ask(path) if number % 5 else server.ask(host=f"{token}.example")
        seen[reply.status] = seen.get(reply.status, 0) + 1
        assert_tells_nothing(server, reply)
    return seen


def assert_tells_nothing(server: Running, reply: Reply) -> None:
    """Nothing of the address, and nothing of a feed, is in an answer to a wrong request."""
    said = (repr(reply.headers).encode() + reply.body).lower()
    assert server.token.encode() not in said
    assert b"vcalendar" not in said
    assert b"traceback" not in said


def memory_kib(server: Running) -> int | None:
    """How much memory the server takes; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """The long run."""
    with tempfile.TemporaryDirectory() as folder:
        vault = write_vault(Path(folder) / "vault", SMALL_VAULT)
        run_cli("index", "--vault", vault, "--today", AS_OF)
        with serving(vault, Path(folder) / "told.txt") as server:
            say = sys.stdout.write
            say(f"at rest: {timed(server):.3f} s, {memory_kib(server)} KiB\n")
            say(f"300 idle connections: slowest {idle(server, 300):.3f} s\n")
            say(f"10,000 malformed requests: {malformed(server, 10_000)}, then {timed(server):.3f} s\n")
            say(f"1,000 wrong hosts and addresses: {guesses(server, 1_000)}, then {timed(server):.3f} s\n")
            say(f"300 more idle connections: slowest {idle(server, 300):.3f} s, {memory_kib(server)} KiB\n")
            assert server.token not in server.told()
            say(f"told: {server.told()!r}\n")


if __name__ == "__main__":
    main()
