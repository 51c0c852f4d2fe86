"""What is answered, asked as the server asks: conditions, hosts, methods, wrong addresses."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultcrm.serve.answers import SECURITY, Answers, accepts_gzip, host_name
from vaultcrm.serve.shelf import Copy, Slot

DATA = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
COPY = Copy(DATA, gzip.compress(DATA), "0123456789abcdef", 1_700_000_000)
RIGHT = "/abcdefghijklmnopqrstuvwxyz234567/follow-ups.ics"
SLOT = Slot("CRM/follow-ups.ics", RIGHT.encode(), COPY)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    path: str = RIGHT,
    method: str = "GET",
    host: str | None = "localhost",
    slots: tuple[Slot, ...] = (SLOT,),
    server: tuple[str, int] | None = ("127.0.0.1", 8467),
    **headers: str,
) -> Answer:
    """Ask the application; names of headers are written with ``_``."""
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    if host is not None:
        pairs.insert(0, (b"host", host.encode("latin-1")))
    return asked([scope_of(path, method, pairs, server)], slots)[0]


def scope_of(path: str, method: str, pairs: list[tuple[bytes, bytes]], server: Any) -> dict[str, Any]:
    raw = path.encode("utf-8", "surrogatepass")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": raw,
        "query_string": b"",
        "headers": pairs,
        "client": ("127.0.0.1", 50000),
        "server": server,
        "scheme": "http",
        "root_path": "",
    }


def asked(scopes: list[dict[str, Any]], slots: tuple[Slot, ...]) -> list[Answer]:
    application = Answers(lambda: slots, ["localhost", "127.0.0.1", "crm.example.org"], lambda _: None)
    found: list[Answer] = []

    async def run() -> None:
        for scope in scopes:
            sent: list[dict[str, Any]] = []

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: Any, sent: list[dict[str, Any]] = sent) -> None:
                sent.append(message)

            await application(scope, receive, send)
            names = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
            found.append(Answer(sent[0]["status"], names, b"".join(part.get("body", b"") for part in sent)))

    asyncio.run(run())
    return found


# ------------------------------------------------------------------------------------------------ feeds


def test_a_feed_is_sent_whole() -> None:
    answer = ask()
    assert (answer.status, answer.body) == (200, DATA)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["etag"] == '"0123456789abcdef"'
    assert answer.headers["last-modified"] == formatdate(COPY.modified, usegmt=True)
    assert answer.headers["cache-control"] == "private, no-cache"


def test_every_answer_says_what_a_browser_must_not_do() -> None:
    for answer in (ask(), ask("/"), ask(method="POST"), ask(host="evil.example"), ask(if_none_match="*")):
        for name, value in SECURITY.items():
            assert answer.headers[name.lower()] == value
        assert "access-control-allow-origin" not in answer.headers


def test_a_packed_feed_is_other_bytes_with_another_tag() -> None:
    answer = ask(accept_encoding="br, gzip")
    assert gzip.decompress(answer.body) == DATA
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"] == '"0123456789abcdef-gzip"'
    assert answer.headers["vary"] == ask().headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("*, gzip;q=0", False),
        ("br", False),
        ("gzip;q=x", False),
        ("gzip;q=nan", False),
        ("identity", False),
        (",;,=;q", False),
    ],
)
def test_who_takes_gzip(text: str, taken: bool) -> None:
    assert accepts_gzip(text) is taken


@pytest.mark.parametrize(
    "tags",
    [
        '"0123456789abcdef"',
        'W/"0123456789abcdef"',
        '"0123456789abcdef-gzip"',
        '"other", "0123456789abcdef"',
        '"other",W/"0123456789abcdef-gzip"',
        "*",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_gets_no_body(tags: str, method: str) -> None:
    answer = ask(method=method, if_none_match=tags)
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == '"0123456789abcdef"'
    assert "content-type" not in answer.headers
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("tags", ["", '"other"', "0123456789abcdef", '"0123456789abcde"', '"', "W/", "\xff"])
def test_who_has_something_else_gets_all(tags: str) -> None:
    later = formatdate(time.time(), usegmt=True)
    assert ask(if_none_match=tags).status == 200
    assert ask(if_none_match=tags, if_modified_since=later).status == 200, "the tag decides before the time"


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(-1, 200), (0, 304), (1, 304), (10**8, 200)],
    ids=["before", "at", "after", "future"],
)
def test_what_has_not_changed_since(seconds: int, status: int) -> None:
    now = time.time()
    slots = (replace(SLOT, copy=replace(COPY, modified=int(now) - 10)),)
    since = formatdate(int(now) - 10 + seconds, usegmt=True)
    assert ask(slots=slots, if_modified_since=since).status == status


@pytest.mark.parametrize("since", ["", "yesterday", "Sat, 99 Abc 2026 00:00:00 GMT", "-1", "9" * 400, "\xff"])
def test_a_time_that_cannot_be_read_is_no_condition(since: str) -> None:
    assert ask(if_modified_since=since).status == 200


def test_a_feed_from_the_future_has_no_time() -> None:
    slots = (replace(SLOT, copy=replace(COPY, modified=int(time.time()) + 1000)),)
    answer = ask(slots=slots, if_modified_since=formatdate(time.time() + 2000, usegmt=True))
    assert answer.status == 200
    assert "last-modified" not in answer.headers
    assert ask(slots=slots, if_none_match='"0123456789abcdef"').status == 304


def test_a_feed_that_is_not_there_yet_is_told() -> None:
    answer = ask(slots=(replace(SLOT, copy=None),))
    assert answer.status == 503
    assert answer.headers["retry-after"] == "60"


def test_the_feed_of_the_address_is_sent() -> None:
    other = Slot("CRM/b.ics", b"/b/b.ics", replace(COPY, data=b"b"))
    assert ask("/b/b.ics", slots=(SLOT, other)).body == b"b"
    assert ask(slots=(SLOT, other)).body == ask(slots=(other, SLOT)).body == DATA


# --------------------------------------------------------------------------------------------- refusals

WRONG = [
    "/",
    "",
    "//",
    "/follow-ups.ics",
    "/CRM/follow-ups.ics",
    RIGHT + "/",
    RIGHT + "x",
    RIGHT[:-1],
    RIGHT.upper(),
    "/" + "a" * 32 + "/follow-ups.ics",
    "/abcdefghijklmnopqrstuvwxyz234567/",
    "/abcdefghijklmnopqrstuvwxyz234567",
    "/../.." + RIGHT,
    "/./" + RIGHT,
    "/\udcff",
    "http://localhost" + RIGHT,
    "*",
]


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_address_is_answered_like_any_other(path: str) -> None:
    answer, first = ask(path), ask("/never-heard-of")
    assert answer == first
    assert (answer.status, answer.body) == (404, b"not found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "get"])
def test_only_get_and_head_are_answered(method: str) -> None:
    right, wrong = ask(method=method), ask("/", method=method)
    assert right == wrong
    assert (right.status, right.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:8467",
        "127.0.0.1",
        "crm.example.org",
        "crm.example.org.",
        "CRM.Example.org:443",
    ],
)
def test_the_server_is_called_by_its_names(host: str) -> None:
    assert ask(host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.example#localhost",
        "localhost@evil.example",
        "localhost:80:80",
        "localhost/",
        "127.0.0.1.nip.example",
        "127.1",
        "2130706433",
        "[::1",
        "192.0.2.1",
        "local host",
        "\xff",
    ],
)
def test_a_request_to_another_name_is_misdirected(host: str | None) -> None:
    right, wrong = ask(host=host), ask("/", host=host)
    assert right == wrong
    assert right.status == 421


def test_two_hosts_are_none() -> None:
    pairs = [(b"host", b"localhost"), (b"host", b"evil.example")]
    (answer,) = asked([scope_of(RIGHT, "GET", pairs, None)], (SLOT,))
    assert answer.status == 421


@pytest.mark.parametrize(
    ("server", "host"),
    [
        ("192.0.2.7", "192.0.2.7:8467"),
        ("2001:db8::7", "[2001:DB8:0::7]"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_the_address_that_was_connected_to_is_a_name_too(server: str, host: str) -> None:
    assert ask(host=host, server=(server, 8467)).status == 200
    assert ask(host=host).status == 421


def test_a_request_has_no_body() -> None:
    assert ask(content_length="5").status == 400
    assert ask(transfer_encoding="chunked").status == 400
    assert ask(content_length="0").status == 200


def test_no_answer_gives_the_address_away() -> None:
    token = RIGHT.split("/")[1]
    for answer in (ask(), ask("/"), ask(RIGHT + "x"), ask(method="POST"), ask(host="evil.example")):
        assert token not in answer.body.decode() + repr(answer.headers)


def test_wrong_addresses_wait_for_their_turn() -> None:
    pairs = [(b"host", b"localhost")]
    wrong = scope_of("/wrong", "GET", pairs, None)
    begin = time.monotonic()
    asked([wrong] * 41, (SLOT,))
    assert time.monotonic() - begin >= 0.19
    begin = time.monotonic()
    asked([scope_of(RIGHT, "GET", pairs, None)] * 41, (SLOT,))
    assert time.monotonic() - begin < 2


def test_who_would_wait_too_long_is_sent_away() -> None:
    application = Answers(lambda: (SLOT,), ["localhost"], lambda _: None)
    application._next_turn = time.monotonic() + 60  # a flood was there
    sent: list[Any] = []

    async def no_body() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> None:
        for path in ("/wrong", RIGHT):
            scope = scope_of(path, "GET", [(b"host", b"localhost")], None)
            await asyncio.wait_for(application(scope, no_body, send), 30)

    asyncio.run(run())
    statuses = [message["status"] for message in sent if message["type"] == "http.response.start"]
    assert statuses == [429, 200], "who knows the address never waits"


# ------------------------------------------------------------------------------------------- properties


@given(st.text(max_size=60))
@example("[::1]:80")
@example("[fe80::1%25eth0]")
@example("1" * 400)
def test_a_host_is_read_whatever_it_is(text: str) -> None:
    name = host_name(text)
    assert name == "" or host_name(f"[{name}]" if ":" in name else name) == name


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_conditions_are_read_whatever_they_are(tags: str, since: str, encoding: str) -> None:
    def latin(text: str) -> str:
        return text.encode("latin-1", "replace").decode("latin-1")

    answer = ask(if_none_match=latin(tags), if_modified_since=latin(since), accept_encoding=latin(encoding))
    assert answer.status in (200, 304)


@given(st.text(max_size=80), st.text(max_size=10))
def test_no_address_but_the_right_one_leads_anywhere(path: str, method: str) -> None:
    assert ask(path, method=method).status in (404, 405)
