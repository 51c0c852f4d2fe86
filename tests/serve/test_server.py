"""The server as a process: what it prints, that it follows the disk, and that nobody can keep it busy."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.serve import load
from tests.serve.running import FEED, Running, read_reply, server, serving, vault
from tests.support.command import run_cli
from tests.support.vaults import AS_OF

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
segno = pytest.importorskip("segno", reason="the extra `serve` is not installed")

__all__ = ["server", "vault"]  # fixtures
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


def until(happened: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something happens before long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return False


# ------------------------------------------------------------------------------------------ a feed, served


def test_a_feed_is_served_as_it_stands_on_the_disk(server: Running, vault: Path) -> None:
    reply = server.ask()
    assert reply.body == (vault / FEED).read_bytes()
    assert gzip.decompress(server.ask(None, "Accept-Encoding: gzip").body) == reply.body
    assert server.ask(method="HEAD").body == b""
    assert server.ask(None, f"If-None-Match: {reply.headers['etag']}").status == 304
    assert server.ask(None, f"If-Modified-Since: {reply.headers['last-modified']}").status == 304
    assert "server" not in reply.headers
    assert reply.headers["connection"] == "close"


def test_a_changed_feed_is_served_before_long(server: Running, vault: Path) -> None:
    first = server.ask()
    with (vault / "Clients/Acme.md").open("a") as note:
        note.write("- 2026-11-19 phone: they will think about it next:2026-12-15\n")
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0
    assert until(lambda: server.ask(None, f"If-None-Match: {first.headers['etag']}").status == 200)
    second = server.ask(None, f"If-Modified-Since: {first.headers['last-modified']}")
    assert second.status == 200
    assert b"20261215" in second.body


def test_new_addresses_replace_the_old_ones_while_serving(server: Running, vault: Path) -> None:
    printed = run_cli("serve", "--vault", vault, "--rotate", "--links", "--json", "--port", str(server.port))
    (link,) = json.loads(printed.out)["feeds"]
    new = link["url"].partition(str(server.port))[2]
    assert until(lambda: server.ask().status == 404)
    assert server.ask(new).status == 200
    assert "the addresses have changed" in server.told()
    assert new.split("/")[1] not in server.told()


@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_at_once_though_somebody_is_connected(server: Running, number: int, status: int) -> None:
    with server.connect():
        server.process.send_signal(number)
        begin = time.monotonic()
        assert server.process.wait(timeout=10) == status
        assert time.monotonic() - begin < 4


def test_nothing_is_told_of_requests(server: Running) -> None:
    assert until(lambda: "serving on" in server.told())
    before = server.told()
    server.ask()
    server.ask("/wrong")
    server.ask(None, "Upgrade: websocket", "Connection: upgrade")
    with server.connect() as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert read_reply(connection).status == 400
    assert server.told() == before
    assert server.token not in before


def test_it_indexes_as_well_where_it_is_told_to(vault: Path, tmp_path: Path) -> None:
    (vault / FEED).unlink()
    with serving(vault, tmp_path / "told2.txt", "--watch") as running:
        assert until(lambda: running.ask().status == 200), "it makes the feed that is not there"
        first = running.ask().headers["etag"]
        with (vault / "Clients/Acme.md").open("a") as note:
            note.write("- 2026-11-19 phone: they will think about it next:2099-12-15\n")
        assert until(lambda: running.ask().headers["etag"] != first), running.told()
        good = running.ask().body
        config = vault / "vaultcrm.toml"
        config.write_text(config.read_text() + "nonsense = 1\n")
        assert until(lambda: "nonsense" in running.told()), "what is wrong is told"
        assert running.ask().body == good, "and the last good feed is served"
        begin = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=15) == (143 if os.name == "posix" else 1)
        assert time.monotonic() - begin < 6


# ------------------------------------------------------------------------------------------------- load


def test_idle_connections_keep_nobody_out(server: Running) -> None:
    assert load.idle(server, 300) < load.SLOWEST_S


def test_malformed_requests_do_no_harm(server: Running) -> None:
    seen = load.malformed(server, 400)
    assert set(seen) <= {0, 400, 404, 405, 421, 431}
    assert load.timed(server) < load.SLOWEST_S
    assert server.process.poll() is None


def test_guessing_leads_nowhere(server: Running) -> None:
    assert set(load.guesses(server, 100)) == {404, 421}
    assert load.timed(server) < load.SLOWEST_S


def test_a_head_that_is_too_large_is_refused(server: Running) -> None:
    for size, status in ((15_000, 200), (17_000, 431), (300_000, 431)):
        with server.connect() as connection:
            head = f"GET {server.address()} HTTP/1.1\r\nHost: localhost\r\nX: {'x' * size}\r\n\r\n"
            try:
                connection.sendall(head.encode())
            except OSError:  # it did not wait for the rest
                continue
            assert read_reply(connection).status in (status, 0)
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3000)  # without end
        assert read_reply(connection).status in (431, 0)


def test_a_second_request_on_a_connection_is_not_answered(server: Running) -> None:
    head = f"GET {server.address()} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with server.connect() as connection:
        connection.sendall((head * 5).encode())
        reply = read_reply(connection)
    assert reply.status == 200
    assert reply.body.count(b"BEGIN:VCALENDAR") == 1


@pytest.mark.slow
def test_a_head_must_come_within_ten_seconds(server: Running) -> None:
    begin = time.monotonic()
    with server.connect() as connection:
        connection.settimeout(20)
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionResetError):
            assert connection.recv(100) == b""
    assert 9 < time.monotonic() - begin < 14


def test_what_is_never_read_is_not_waited_for_by_others(server: Running) -> None:
    head = f"GET {server.address()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    connections = [server.connect() for _ in range(70)]
    try:
        for connection in connections:
            connection.sendall(head)  # and the answer is left where it is
        assert load.timed(server) < load.SLOWEST_S
    finally:
        for connection in connections:
            connection.close()


# ----------------------------------------------------------------------------------------- command line


def test_links_are_printed_with_a_code_for_the_phones_camera(vault: Path) -> None:
    outcome = run_cli("serve", "--vault", vault, "--links", "--public-url", "https://crm.example.org")
    assert outcome.status == 0, outcome.text()
    path, url, webcal, *code = outcome.out.splitlines()
    assert path == FEED
    assert url.startswith("  https://crm.example.org/")
    assert webcal == url.replace("https:", "webcal:")
    assert modules(code) == [list(row) for row in segno.make(webcal.strip(), error="m").matrix_iter(border=2)]
    assert outcome.err == ""


def modules(lines: list[str]) -> list[list[int]]:
    """A printed code as rows of dark (1) and light (0) modules: what is drawn is light."""
    pairs = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}
    rows: list[list[int]] = []
    for line in lines:
        upper, lower = zip(*(pairs[character] for character in line), strict=True)
        rows += [list(upper), list(lower)]
    return rows[: len(rows[0])]


def test_a_code_is_dark_on_light_where_there_are_colours() -> None:
    from vaultcrm.serve.qr import qr_text

    plain, colored = (qr_text("webcal://crm.example.org/x.ics", color) for color in (False, True))
    assert "\x1b" not in plain
    for line, bare in zip(colored.splitlines(), plain.splitlines(), strict=True):
        inner = line.removeprefix("\x1b[38;5;16;48;5;231m").removesuffix("\x1b[0m")
        assert inner == bare.translate(str.maketrans(" ▀▄█", "█▄▀ "))


def test_an_address_that_only_this_machine_reaches_is_told(vault: Path) -> None:
    outcome = run_cli("serve", "--vault", vault, "--links")
    assert "http://127.0.0.1:8467/" in outcome.out
    assert "only this machine reaches" in outcome.err
    assert "█" not in outcome.out


def test_links_of_a_server_that_listens_everywhere_have_this_machines_address(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def own(host: str) -> str:
        asked.append(host)
        return "192.0.2.7"

    monkeypatch.setattr("vaultcrm.serve.server.own_address", own)
    outcome = run_cli("serve", "--vault", vault, "--links", "--host", "0.0.0.0")
    assert asked == ["0.0.0.0"]
    assert "http://192.0.2.7:8467/" in outcome.out


def test_no_link_tells_a_port_that_is_not_chosen_yet(vault: Path) -> None:
    outcome = run_cli("serve", "--vault", vault, "--links", "--port", "0")
    assert outcome.text() == (
        "! error: a free port is found when serving begins: no link can tell it\n"
        "!   name one: --port 8467\n[2]\n"
    )
    public = run_cli("serve", "--vault", vault, "--links", "--port", "0", "--public-url", "https://a.example")
    assert "https://a.example/" in public.out


def test_an_address_that_is_not_encrypted_is_told(vault: Path) -> None:
    outcome = run_cli("serve", "--vault", vault, "--links", "--public-url", "http://192.0.2.7:8467")
    assert "not encrypted" in outcome.err


def test_links_stay_until_they_are_rotated(vault: Path) -> None:
    def link(*more: str) -> str:
        return run_cli("serve", "--vault", vault, "--links", *more).out.splitlines()[1]

    first = link()
    assert link() == first
    second = link("--rotate")
    assert second != first
    assert link() == second


def test_some_feeds_are_served(vault: Path, tmp_path: Path) -> None:
    config = vault / "vaultcrm.toml"
    config.write_text(config.read_text() + '[[feeds]]\npath = "CRM/busy.ics"\nprivacy = "busy"\n')
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0
    with serving(vault, tmp_path / "told2.txt", "--feed", "busy.ics") as running:
        assert list(running.links) == ["CRM/busy.ics"]
        body = running.ask(running.address("CRM/busy.ics")).body
        assert b"SUMMARY:Busy" in body
        assert b"Acme" not in body
    assert run_cli("serve", "--vault", vault, "--feed", "bus.ics").text() == (
        "! error: 'bus.ics' is no feed of this vault\n!   CRM/busy.ics\n[2]\n"
    )


def test_a_feed_that_is_missing_is_told(vault: Path) -> None:
    (vault / FEED).unlink()
    outcome = run_cli("serve", "--vault", vault, "--port", "0")
    assert outcome.text() == (
        f"! error: there is no feed to serve yet\n!   make it: vaultcrm index --vault {vault}\n[3]\n"
    )


def test_a_port_that_is_taken_is_told(server: Running, vault: Path) -> None:
    outcome = run_cli("serve", "--vault", vault, "--port", str(server.port))
    assert outcome.status == 3
    assert f"127.0.0.1:{server.port} cannot be served on: address already in use" in outcome.err
    assert outcome.out == ""


def test_an_address_of_another_machine_is_told(vault: Path) -> None:
    assert run_cli("serve", "--vault", vault, "--host", "192.0.2.1", "--port", "0").status == 3
    assert run_cli("serve", "--vault", vault, "--host", "no where", "--port", "0").status == 2


def test_a_missing_library_is_told_in_one_line(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("vaultcrm.serve", "uvicorn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert run_cli("serve", "--vault", vault).text() == (
        "! error: serve needs uvicorn, which is not installed\n!   pip install 'vaultcrm[serve]'\n[2]\n"
    )


@posix
def test_the_secret_is_the_users_alone(server: Running, home: Path) -> None:
    (secret,) = home.rglob("feed-secret")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700


def test_the_address_is_in_no_file_but_that_of_the_secret(server: Running, vault: Path, home: Path) -> None:
    server.ask()
    run_cli("index", "--vault", vault, "--today", AS_OF)
    secret = next(home.rglob("feed-secret")).read_bytes().strip()
    for path in [*vault.rglob("*"), *home.rglob("*")]:
        if path.is_file() and path.name != "feed-secret":
            data = path.read_bytes()
            assert server.token.encode() not in data, path
            assert secret not in data, path


def test_it_listens_on_this_machine_alone_unless_told(server: Running) -> None:
    assert until(lambda: f"serving on http://127.0.0.1:{server.port} until" in server.told())
