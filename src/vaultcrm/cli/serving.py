"""Commands that bring outputs to where they are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
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
    shown = _Shown(found, json_, qr.qr_text)
    if links:
        shown.show(sharing.links_of(base or server.url_of(host, port), secret, paths), port)
        return 0
    feeds = shelf.Shelf(found.root, paths)
    _tell_missing(found, feeds)
    with server.listen(host, port) as listener:
        local = server.local_url(listener)
        shown.show(sharing.links_of(base or local, secret, paths), listener.getsockname()[1])
        err().line(found.labels.get("cli.serve.serving", address=local))
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """How links are shown; ``qr`` makes a code of one, with or without colours."""

    vault: app.Vault
    as_json: bool
    qr: Callable[[str, bool], str]

    def show(self, links: Sequence[sharing.Links], port: int) -> None:
        """Print links; those that a phone can reach as a code, too, for its camera."""
        if self.as_json:
            out().json({"port": port, "feeds": [asdict(each) for each in links]})
        else:
            for each in links:
                self._print(each)
        sys.stdout.flush()  # the server goes on for days
        labels = self.vault.labels
        if any(_is_loopback(each.url) for each in links):
            err().line(labels.get("cli.serve.only-here"))
        elif any(each.url.startswith("http:") for each in links):
            err().line("warning: " + labels.get("cli.serve.plain"))

    def _print(self, links: sharing.Links) -> None:
        printed = out()
        printed.line(links.path)
        printed.line(f"  {links.url}")
        printed.line(f"  {links.webcal}")
        if not _is_loopback(links.url):
            printed.text(self.qr(links.webcal, printed.color))


def _is_loopback(url: str) -> bool:
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Share")(serve)
