"""Small pieces of Markdown that sections are made of: links to clients and notes, lists, callouts, tables.

All text comes in as users wrote it and goes out harmless. This module must not know any section.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.records import Client
from vaultcrm.model.results import Finding
from vaultcrm.render.labels import Labels
from vaultcrm.render.playbooks import playbook_of
from vaultcrm.render.text import mail_link, markdown_text, note_name, tel_link, wikilink, without
from vaultcrm.render.view import View
from vaultcrm.render.wording import WECHAT, Reach, shortened

SOURCES = 3
"""How many notes are linked behind one line."""
TITLE_LENGTH = 60


def client_link(client: Client, *, in_table: bool = False) -> str:
    """A link to the client's note that shows their name."""
    return wikilink(client.path, shortened(client.name, TITLE_LENGTH), in_table=in_table)


def note_link(path: str, client: Client | None = None) -> str:
    """A link to a note that shows its file name; without the client's, on a line that names them already."""
    name = note_name(path).rpartition("/")[2]
    if client is not None:
        name = " ".join(without(name, client.name).split()) or name
    return wikilink(path, name)


def sources(places: Iterable[Place], client: Client) -> str:
    """Links to the notes that something came from, each once; not to the client's, which the line names."""
    paths = dict.fromkeys(place.path for place in places)
    others = [path for path in paths if path != client.path]
    links = [note_link(path, client) for path in others[:SOURCES]]
    return " · ".join(links) + (" …" if len(others) > SOURCES else "")


def sourced(line: str, finding: Finding, client: Client) -> str:
    """A line with links to the notes that its finding came from."""
    found = sources(finding.places, client)
    return f"{line} · {found}" if found else line


def beside(line: str, path: VaultPath, client: Client) -> str:
    """A line with a link to the note that it came from; the client's own is linked there already."""
    return line if path == client.path else f"{line} · {note_link(path, client)}"


def to_playbook(text: str, id_: str, view: View) -> str:
    """A text that leads to the vault's playbook for a touchpoint or a warning, where it has one."""
    path = playbook_of(id_, view.overview)
    return markdown_text(text) if path is None else wikilink(path, text)


def with_playbooks(line: str, ids: Iterable[str], view: View) -> str:
    """A line of plain text with links to the vault's playbooks for what it names, each once, behind it."""
    if not view.overview.playbooks:
        return line
    found = (playbook_of(each, view.overview) for each in ids)
    paths = list(dict.fromkeys(path for path in found if path is not None))
    if len(paths) == 1:
        return f"{line} · {wikilink(paths[0], view.labels.get('word.playbook'))}"
    return " · ".join([line, *map(note_link, paths)])


def reach_text(reach: Reach, labels: Labels) -> str:
    """The preferred channel, then a link for each number and address; empty without any."""
    channel = shortened(labels.name("channel", reach.channel), TITLE_LENGTH) if reach.channel else ""
    wechat = [markdown_text(name) for name in reach.wechat[:1]]
    parts = [f"**{markdown_text(channel)}**"] if channel else []
    if wechat and reach.channel == WECHAT:  # it has no address that one could click at, but is named already
        parts = [" ".join([*parts, *wechat])]
        wechat = []
    parts += [tel_link(phone) for phone in reach.phones[:2]]
    parts += [mail_link(address) for address in reach.emails[:2]]
    parts += [f"{labels.name('channel', WECHAT)} {name}" for name in wechat]
    return " · ".join(parts)


def callout(kind: str, title: str, lines: Sequence[str]) -> str:
    """A callout that Obsidian and GitHub both know (note, tip, important, warning, caution) around a list.

    GitHub takes no title on the first line, so it stands within.
    """
    return "\n".join([f"> [!{kind}]", f"> **{title}**", ">", *(f"> {line}" for line in lines)])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def blocks(*parts: str) -> str:
    """Blocks of Markdown with a blank line between them; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)
