"""Commands that bring outputs to where they are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from vaultcrm import app, sharing
from vaultcrm.cli.options import JsonOption, VaultOption, err, opened, out
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.store.secrets import feed_secret, rotate_secret

PORT = 8467
FeedOption = Annotated[
    list[str] | None,
    typer.Option("--feed", metavar="NAME", help="Only this feed, by path or file name; may be repeated."),
]
PublicOption = Annotated[
    str | None,
    typer.Option(
        "--public-url", metavar="URL", help="Where others reach it, such as https://crm.example.org."
    ),
]


def serve(  # noqa: PLR0913, PLR0917 - an argument for each option
    vault: VaultOption = None,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="The address to listen on; only this machine's own."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0: any that is free.")
    ] = PORT,
    public_url: PublicOption = None,
    feed: FeedOption = None,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Give the feeds new addresses; the old ones lead nowhere.")
    ] = False,
    links: Annotated[bool, typer.Option("--links", help="Only print the addresses.")] = False,
    json_: JsonOption = False,
) -> int:
    """Serve the calendar feeds over HTTP, each at an address that nobody can guess.

    vaultcrm serve --public-url https://crm.example.org
    """
    server, shelf, qr = _modules()
    found = opened(vault)
    base = sharing.read_base(public_url) if public_url else None
    paths = sharing.chosen_feeds(found.policy, feed or ())
    secret = rotate_secret(found.root) if rotate else feed_secret(found.root)
    if links:
        _show(found, sharing.links_of(base or server.url_of(host, port), secret, paths), json_, qr.qr_text)
        return 0
    feeds = shelf.Shelf(found.root, paths)
    _tell_missing(found, feeds)
    with server.listen(host, port) as listener:
        _show(found, sharing.links_of(base or server.local_url(listener), secret, paths), json_, qr.qr_text)
        err().line(found.labels.get("cli.serve.serving", address=server.local_url(listener)))
        server.serve(listener, feeds, base, told=lambda key: err().line(found.labels.get(key)))
    return 0


def _modules() -> tuple[Any, Any, Any]:
    """What serves; only this command needs the libraries behind it."""
    try:
        from vaultcrm.serve import qr, server, shelf
    except ModuleNotFoundError as error:
        raise UsageError(
            f"serve needs {error.name}, which is not installed", "pip install 'vaultcrm[serve]'"
        ) from error
    return server, shelf, qr


def _tell_missing(vault: app.Vault, feeds: Any) -> None:
    missing = [slot.path for slot in feeds.slots if slot.copy is None]
    if len(missing) == len(feeds.slots):
        raise VaultcrmError(
            vault.labels.get("cli.serve.nothing"), vault.labels.get("cli.serve.index", folder=vault.root)
        )
    for path in missing:
        err().line("warning: " + vault.labels.get("cli.serve.missing", path=path))


def _show(
    vault: app.Vault, links: Sequence[sharing.Links], json_: bool, qr: Callable[[str, bool], str]
) -> None:
    """Print the links; what a phone can reach as a code, too, for its camera."""
    printed = out()
    if json_:
        printed.json(
            {"feeds": [{"path": each.path, "url": each.url, "webcal": each.webcal} for each in links]}
        )
    for each in () if json_ else links:
        printed.line(each.path)
        printed.line(f"  {each.url}")
        printed.line(f"  {each.webcal}")
        if not _is_loopback(each.url):
            printed.text(qr(each.webcal, printed.color))
    sys.stdout.flush()  # the server goes on for days
    if any(_is_loopback(each.url) for each in links):
        err().line(vault.labels.get("cli.serve.only-here"))
    elif any(each.url.startswith("http:") for each in links):
        err().line("warning: " + vault.labels.get("cli.serve.plain"))


def _is_loopback(url: str) -> bool:
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Share")(serve)
