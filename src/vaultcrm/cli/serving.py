"""Commands that bring outputs to where they are read."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from vaultcrm import sharing
from vaultcrm.app import runs
from vaultcrm.app.outputs import feed_paths
from vaultcrm.cli.options import JsonOption, VaultOption
from vaultcrm.cli.printing import err, opened, out
from vaultcrm.cli.speech import say
from vaultcrm.cli.watching import Teller
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.publish import copying
from vaultcrm.publish.copying import Published, State
from vaultcrm.publish.places import open_place
from vaultcrm.render.text import typed_word
from vaultcrm.store.secrets import feed_secret, rotate_secret

PORT = 8467
END_S = 10.0
"""How long a run of the watcher may take to end."""
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
HostOption = Annotated[
    str,
    typer.Option(
        "--host", metavar="ADDRESS", help="The address to listen on; this machine's own by default."
    ),
]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0: any that is free.")]


def serve(  # noqa: PLR0913, PLR0917 - an argument for each option
    vault: VaultOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = PORT,
    public_url: PublicOption = None,
    feed: FeedOption = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Index as well, on every save and when a day begins.")
    ] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Give the feeds new addresses; the old ones lead nowhere.")
    ] = False,
    links: Annotated[bool, typer.Option("--links", help="Only print the addresses.")] = False,
    json_: JsonOption = False,
) -> int:
    """Serve the calendar feeds over HTTP, each at an address that nobody can guess.

    vaultcrm serve --watch --public-url https://crm.example.org
    """
    server, shelf, qr = _modules()
    found = opened(vault)
    base = sharing.read_base(public_url) if public_url else None
    paths = sharing.chosen_feeds(found.policy, feed or ())
    secret = rotate_secret(found.root) if rotate else feed_secret(found.root)
    shown = _Shown(found, json_, qr.qr_text)
    if links:
        shown.show(sharing.links_of(base or _address(server, host, port), secret, paths), port)
        return 0
    feeds = shelf.Shelf(found.root, paths)
    _tell_missing(found, feeds, watch)

    def told(key: str, **values: str) -> None:
        err().line(found.labels.get(f"cli.serve.{key}", **values))

    with server.listen(host, port) as listener, _watching(found) if watch else nullcontext():
        local = server.local_url(listener)
        shown.show(sharing.links_of(base or local, secret, paths), listener.getsockname()[1])
        told("serving", address=local)
        server.serve(listener, feeds, base, told=told)
    return 0


def _address(server: Any, host: str, port: int) -> str:
    """Where a server that listens there is going to be reached."""
    if port == 0:
        raise UsageError(
            "a free port is found when serving begins: no link can tell it", "name one: --port 8467"
        )
    return str(server.url_of(server.own_address(host), port))


@contextmanager
def _watching(vault: runs.Vault) -> Iterator[None]:
    """Index beside the server, in a thread: whatever becomes of a run, the last good feeds are served."""
    from vaultcrm.watch import Watcher

    teller = Teller(vault.labels, quiet=True)
    watcher = Watcher(lambda: runs.open_vault(vault.root, vault.root), teller)
    thread = threading.Thread(target=watcher.run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watcher.stop()
        thread.join(END_S)


def publish(  # noqa: PLR0913, PLR0917 - an argument for each option
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A folder, or an address such as sftp://me@host/folder.")
    ],
    vault: VaultOption = None,
    feed: FeedOption = None,
    dashboard: Annotated[
        bool, typer.Option("--dashboard/--no-dashboard", help="Whether the dashboard goes there too.")
    ] = True,
    secret: Annotated[
        bool, typer.Option("--secret", help="Only feeds, each at an address that nobody can guess.")
    ] = False,
    public_url: PublicOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    json_: JsonOption = False,
) -> int:
    """Copy the feeds and the dashboard to a folder, a web host or an object store; only what has changed.

    vaultcrm publish sftp://me@www.example.org/var/www/crm --secret
    """
    found = opened(vault)
    base = sharing.read_base(public_url) if public_url else None
    note = found.policy.paths.dashboard if dashboard and not secret else None
    known = feed_paths(found.policy)
    shown = () if note is None else (note,)
    names = copying.names_of((*shown, *known), feed_secret(found.root) if secret else None)
    chosen = sharing.chosen_feeds(found.policy, feed) if feed else known
    wanted = (*(() if feed else shown), *chosen)
    if not wanted:
        raise UsageError(
            "this vault has no outputs to publish", "switch them on in vaultcrm.toml, below [paths]"
        )
    place = open_place(target, os.environ)
    if place.is_overheard:
        err().line(say("warning: " + found.labels.get("cli.publish.overheard", target=place.shown)))
    done = copying.publish(found, place, names, wanted, dry_run=dry_run)
    _tell_published(found, place.shown, done, base, dry_run, json_)
    return 3 if any(each.state is State.FOREIGN for each in done) else 0


def _tell_published(
    vault: runs.Vault, shown: str, done: Sequence[Published], base: str | None, dry_run: bool, json_: bool
) -> None:
    """Tell what became of each file; its address only where it was asked for, since it may be a secret."""
    links = {each.path: sharing.link_of(base, each.name, each.path) for each in done if base and each.path}
    if json_:
        files = [
            {
                "path": each.path,
                "state": each.state.value,
                **(
                    {"url": links[each.path].url, "webcal": links[each.path].webcal}
                    if each.path in links
                    else {}
                ),
            }
            for each in done
        ]
        out().json({"target": shown, "dry_run": dry_run, "files": files})
        return
    labels = vault.labels
    for each in done:
        key = f"would-{each.state}" if dry_run and each.state in _CHANGES else each.state.value
        name = each.path or each.name.rpartition("/")[2]
        text = labels.get(f"cli.publish.{key}", path=name, target=shown)
        (err() if each.state is State.FOREIGN else out()).line(text)
        if each.path in links and each.path.endswith(".ics"):
            out().line(f"  {links[each.path].url}")
            out().line(f"  {links[each.path].webcal}")


def _modules() -> tuple[Any, Any, Any]:
    """What serves; only this command needs the libraries behind it."""
    try:
        from vaultcrm.serve import qr, server, shelf
    except ModuleNotFoundError as error:
        raise UsageError(
            f"serve needs {error.name}, which is not installed", "pip install 'vaultcrm[serve]'"
        ) from error
    return server, shelf, qr


def _tell_missing(vault: runs.Vault, feeds: Any, watch: bool) -> None:
    missing = [slot.path for slot in feeds.slots if slot.copy is None]
    if len(missing) == len(feeds.slots) and not watch:
        raise VaultcrmError(
            vault.labels.get("cli.serve.nothing"),
            vault.labels.get("cli.serve.index", folder=typed_word(vault.root)),
        )
    for path in () if watch else missing:
        err().line(say("warning: " + vault.labels.get("cli.serve.missing", path=path)))


@dataclass(frozen=True, slots=True)
class _Shown:
    """How links are shown; ``qr`` makes a code of one, with or without colours."""

    vault: runs.Vault
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
        if any(_is_here(each.url) for each in links):
            err().line(labels.get("cli.serve.only-here"))
        elif any(each.url.startswith("http:") for each in links):
            err().line(say("warning: " + labels.get("cli.serve.plain")))

    def _print(self, links: sharing.Links) -> None:
        printed = out()
        printed.line(links.path)
        printed.line(f"  {links.url}")
        printed.line(f"  {links.webcal}")
        if not _is_here(links.url):
            printed.text(self.qr(links.webcal, printed.color))


def _is_here(url: str) -> bool:
    return sharing.is_loopback(urlsplit(url).hostname or "")


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Share")(serve)
    to.command(rich_help_panel="Share")(publish)


_CHANGES = (State.WRITTEN, State.REMOVED)
