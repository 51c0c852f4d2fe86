"""A server as it really runs: its own process, on a free port of this machine, asked over sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault

FEED = "CRM/follow-ups.ics"


@dataclass
class Reply:
    """An answer; ``headers`` by their names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Running:
    """A running server: how it is reached, and what it prints."""

    process: subprocess.Popen[bytes]
    port: int
    links: dict[str, str]
    errors: Path
    sent: list[bytes] = field(default_factory=list)

    def address(self, path: str = FEED) -> str:
        """The path of a feed's address."""
        return urlsplit(self.links[path]).path

    @property
    def token(self) -> str:
        """The secret part of the feed's address."""
        return self.address().split("/")[1]

    def connect(self) -> socket.socket:
        """A connection on which nothing has been said."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(
        self, path: str | None = None, *lines: str, method: str = "GET", host: str = "localhost"
    ) -> Reply:
        """Ask for a path (the feed's if not given), with further lines of the head."""
        head = [f"{method} {self.address() if path is None else path} HTTP/1.1", f"Host: {host}", *lines]
        with self.connect() as connection:
            connection.sendall("\r\n".join([*head, "", ""]).encode())
            return read_reply(connection)

    def told(self) -> str:
        """What was printed to standard error so far."""
        return self.errors.read_text(encoding="utf-8")


def read_reply(connection: socket.socket) -> Reply:
    """The answer on a connection that the server closes after it."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1]) if first.startswith("HTTP/") else 0
    return Reply(
        status, {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}, body
    )


@contextmanager
def serving(vault: Path, errors: Path, *arguments: str) -> Iterator[Running]:
    """Serve a vault as long as the ``with`` lasts."""
    command = [
        sys.executable,
        "-m",
        "vaultcrm",
        "serve",
        "--vault",
        str(vault),
        "--port",
        "0",
        "--json",
        *arguments,
    ]
    with errors.open("wb") as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, env=dict(os.environ))
    try:
        assert process.stdout is not None
        printed = b""
        while not printed.endswith(b"\n}\n"):
            line = process.stdout.readline()
            assert line, errors.read_text()
            printed += line
        said = json.loads(printed)
        yield Running(process, said["port"], {each["path"]: each["url"] for each in said["feeds"]}, errors)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A small vault that is indexed."""
    folder = write_vault(tmp_path / "vault", SMALL_VAULT)
    assert run_cli("index", "--vault", folder, "--today", AS_OF).status == 0
    return folder


@pytest.fixture
def server(vault: Path, tmp_path: Path) -> Iterator[Running]:
    """A server of that vault."""
    with serving(vault, tmp_path / "told.txt") as running:
        yield running
