"""What is answered to a request: a feed, that it has not changed, or nothing that helps who is guessing.

Every request gets its answer from memory. Which address is right is compared in constant time, and nothing of
an address is ever logged or sent back. This module must not know the disk.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate, parsedate_to_datetime
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vaultcrm.model.patterns import regex
from vaultcrm.serve.shelf import Copy, Slot

WRONG_A_SECOND = 200
"""So many wrong addresses are answered in a second; more wait for their turn."""

LONGEST_WAIT_S = 2.0
"""Who would have to wait longer is sent away: a flood must not hold connections long after it is over."""


class Answers:
    """The ASGI application.

    Args:
        slots: Gives the feeds that are served at this moment.
        hosts: The names and addresses by which the server may be called.
        served: Is told the peer of each request that has a right address, before it is answered.
    """

    def __init__(
        self,
        slots: Callable[[], tuple[Slot, ...]],
        hosts: Iterable[str],
        served: Callable[[tuple[str, int] | None], None],
    ) -> None:
        self._slots = slots
        self._hosts = frozenset(host_name(host) for host in hosts)
        self._served = served
        self._next_turn = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope)
        refusal = self._refusal(request)
        slot = None if refusal is not None else self._slot(scope["path"])
        if slot is not None:
            self._served(scope.get("client"))
            response = feed_response(slot.copy, request.headers)
        elif await self._has_waited_for_turn():
            response = refusal or _plain(404, "not found")
        else:
            response = _plain(429, "too many requests", {"Retry-After": "10"})
        response.headers.update(SECURITY)
        await response(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        """Why a request is not looked at, whatever it asks for."""
        if not self._is_called_rightly(request):
            return _plain(421, "this server is not called that")
        if request.method not in ("GET", "HEAD"):
            return _plain(405, "only GET and HEAD", {"Allow": "GET, HEAD"})
        if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
            return _plain(400, "a request has no body here")
        return None

    def _is_called_rightly(self, request: Request) -> bool:
        """Whether ``Host`` is one of ours, or the very address that the connection was made to.

        A page of somebody else's, whose name was made to lead here, sends its own name (DNS rebinding).
        """
        hosts = request.headers.getlist("host")
        name = host_name(hosts[0]) if len(hosts) == 1 else ""
        server = request.scope.get("server")
        return name in self._hosts or (server is not None and name == host_name(server[0]))

    def _slot(self, path: str) -> Slot | None:
        asked = path.encode("utf-8", "surrogatepass")
        right = None
        for slot in self._slots():  # each of them, so that the time tells nothing
            if hmac.compare_digest(asked, slot.address):
                right = slot
        return right

    async def _has_waited_for_turn(self) -> bool:
        """Wait for the turn of a wrong address; False, at once, where too many wait already."""
        now = time.monotonic()
        turn = max(now, self._next_turn)
        if turn - now > LONGEST_WAIT_S:
            return False
        self._next_turn = turn + 1 / WRONG_A_SECOND
        await asyncio.sleep(turn - now)
        return True


def feed_response(copy: Copy | None, headers: Headers) -> Response:
    """A feed, or that the program has it already."""
    if copy is None:
        return _plain(503, "there is no feed yet", {"Retry-After": "60"})
    packed = accepts_gzip(headers.get("accept-encoding", ""))
    now = time.time()
    said = {"ETag": f'"{copy.packed_etag if packed else copy.etag}"', "Cache-Control": "private, no-cache"}
    said["Vary"] = "Accept-Encoding"
    if copy.modified <= now:  # else the clock was set back, and the time would be a wrong promise
        said["Last-Modified"] = formatdate(copy.modified, usegmt=True)
    if is_unchanged(copy, headers, now):
        return Response(status_code=304, headers=said)
    if packed:
        said["Content-Encoding"] = "gzip"
    return Response(copy.packed if packed else copy.data, 200, said, "text/calendar")


def is_unchanged(copy: Copy, headers: Headers, now: float) -> bool:
    """Whether what a program has, by its conditions, is what it would get (RFC 9110, 13.2.2).

    A condition that cannot be read is none, nor is a time that has not come.
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        known = {copy.etag, copy.packed_etag}
        return tags.strip() == "*" or any(tag in known for tag in _TAG.findall(tags))
    since = _seconds(headers.get("if-modified-since", ""))
    return since is not None and copy.modified <= since <= now


def _seconds(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def accepts_gzip(text: str) -> bool:
    """Whether a program takes gzip, by its ``Accept-Encoding``."""
    quality = {"*": 0.0}
    for item in text.split(","):
        name, _, parameter = item.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            quality[name.strip().lower()] = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            quality[name.strip().lower()] = 0.0
    return quality.get("gzip", quality["*"]) > 0


def host_name(text: str) -> str:
    """The name or address of a ``Host``, without its port, as names are compared; empty for none."""
    match = _HOST.fullmatch(text.strip())
    name = (match["v6"] or match["name"] or "").lower().rstrip(".") if match else text.strip().lower()
    try:
        address = ip_address(name)
    except ValueError:
        return name if match else ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return Response(f"{text}\n", status, {"Cache-Control": "no-store", **(headers or {})}, "text/plain")


_TAG = regex(r'"([^"]*)"')
_HOST = regex(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:/@\s]+))(?::[0-9]{0,5})?")

SECURITY = {
    "Connection": "close",  # a calendar program comes every few hours; its connection must not be kept
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
