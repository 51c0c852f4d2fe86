"""Makes a new note of any kind from the vault's own template for it, or from ours.

This module must not know how it was asked for, nor what is printed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from vaultcrm.app import runs
from vaultcrm.app.opening import Vault, read_text, template_folder
from vaultcrm.errors import ChangedOnDisk, UsageError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Note, SourceFile, VaultPath
from vaultcrm.model.records import ClientHistory
from vaultcrm.parse.fill_in import FILE, fill_blanks, fill_properties
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.kinds import kind_of
from vaultcrm.parse.links import link_key
from vaultcrm.parse.spelling import kind_word, type_name
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE, fold, nearest
from vaultcrm.render.file_names import file_name
from vaultcrm.render.moment import DATE_FORMAT, TIME_FORMAT, moment_text
from vaultcrm.starting.adopt_words import KIND_OF_WORD
from vaultcrm.store.files import replace_file
from vaultcrm.store.vault import read_file as read_from_vault
from vaultcrm.store.vault import template_folders
from vaultcrm.writing.filing import find_whose, home_of, is_taken, link_to, notes_below, write_new
from vaultcrm.writing.typed_values import name_in, with_settings

ID_BYTES = 6
TEMPLATER = "<%"
UNMADE_ID = "…"
"""Stands for the id of a note that is only shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The note that somebody wants: its kind as written, its name in words, whose it is, ``name=value``."""

    kind: str
    words: tuple[str, ...]
    clients: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A note that is made, or would be; ``template`` is the vault's own that it comes from, None for ours."""

    kind: str
    name: str
    path: VaultPath
    text: str
    template: VaultPath | None


@dataclass(frozen=True, slots=True)
class Template:
    """A template for notes: its text, the note that it is, its path in the vault; None for ours."""

    text: str
    note: Note
    path: VaultPath | None


@dataclass(frozen=True, slots=True)
class Blank:
    """A note before it is filled in: its kind, name and path, its template, links to its clients."""

    kind: str
    name: str
    path: VaultPath
    template: Template
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the note goes: its name, its clients, its path; ``numbered``: the path may get a number."""

    name: str
    owners: tuple[ClientHistory, ...]
    path: VaultPath
    numbered: bool


def make(vault: Vault, wanted: Wanted, moment: datetime, now_ns: int, *, dry_run: bool = False) -> Made:
    """Make a note; none is ever overwritten.

    Clients and people get a permanent id. A name that cannot be a file's also stands in the note.

    Args:
        vault: The vault.
        wanted: Which note.
        moment: What the blanks for day and time mean.
        now_ns: The time of the run.
        dry_run: Write nothing; then the id is only hinted at.

    Raises:
        UsageError: The kind, a client or a property is not known, a value cannot be read, or there is such a
            note already; the hint says what to type.
        NotWritable: The note could not be written.
    """
    kind = _kind(wanted.kind)
    histories = runs.load(vault, now_ns).portfolio.histories
    place = _place(vault, kind, wanted, histories, moment.date())
    template = find_template(vault, "project" if kind == "order" else kind)
    links = [link_to(history.client.path, histories) for history in place.owners]
    text = filled(vault, Blank(kind, place.name, place.path, template, links), moment, new_id(dry_run))
    text = with_settings(vault, kind, text, wanted.settings, (*place.owners, *histories), moment.date())
    path = place.path
    if not dry_run and place.numbered:
        path = write_new(vault.root, path, text)
    elif not dry_run:
        _write_once(vault.root, path, text)
    return Made(kind, place.name, path, text, template.path)


def _kind(text: str) -> str:
    kind = KINDS_OF_NOTE.get(fold(text))
    if kind is None:
        known = tuple(dict.fromkeys(KINDS_OF_NOTE.values()))
        raise UsageError(
            f"{text!r} is no kind of note", "one of: " + ", ".join(nearest(text, known) or known)
        )
    return kind


def _place(vault: Vault, kind: str, wanted: Wanted, histories: Sequence[ClientHistory], day: date) -> _Place:
    words = wanted.words
    owners: tuple[ClientHistory, ...] = ()
    if wanted.clients:
        owners = find_whose(histories, wanted.clients[:1], wanted.clients[1:]).histories
    elif kind in DATED and words:
        owners, _, words = find_whose(histories, words)
    name = " ".join(" ".join(words).split())
    dated = kind in DATED
    name = name.removeprefix(f"{day}").lstrip() if dated else name  # it stands before each such name
    if not name and not (dated and owners):
        raise UsageError("what is it called?", EXAMPLES[kind])
    if not owners and kind != "client":
        raise UsageError(f"{_a(kind)} needs its client", EXAMPLES[kind])
    if owners and kind == "client":
        raise UsageError("a client has no client", EXAMPLES[kind])
    stem = name
    if dated:
        together = " ".join(
            dict.fromkeys([*(each.client.name for each in owners), *([name] if name else [])])
        )
        stem = f"{day} {together}"
    path = home_of(kind, histories, vault.policy).path(file_name(stem, kind), day.year)
    if not dated:
        _check_new(vault, kind, name, path, histories)
    return _Place(name, owners, path, dated)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _check_new(
    vault: Vault, kind: str, name: str, path: VaultPath, histories: Iterable[ClientHistory]
) -> None:
    if kind == "client":
        for each in (history.client for history in histories):
            if link_key(name) in {link_key(called) for called in (each.name, *each.aliases)}:
                raise UsageError(
                    f"there is a client called {name!r} already: {each.path}", "choose another name"
                )
    if is_taken(vault.root, path):
        raise UsageError(f"there is a note {path} already", "open it, or choose another name")


def _write_once(root: str, path: VaultPath, text: str) -> None:
    try:
        replace_file(root, path, text.encode(), expected=b"")
    except ChangedOnDisk as error:
        raise UsageError(f"there is a note {path} already", "open it, or choose another name") from error


def find_template(vault: Vault, kind: str) -> Template:
    """The vault's own template for a kind of note, else ours.

    One whose properties say the kind comes before one whose file is only called so, and one for a person to
    fill in before one for Templater, which asks.
    """
    config = runs.read_config(vault.policy)
    folders = (*([vault.policy.paths.templates] if vault.policy.paths.templates else ()),)
    found: list[tuple[tuple[bool, bool, bool], VaultPath, Template]] = []
    for folder in dict.fromkeys((*folders, *template_folders(vault.root))):
        for path in notes_below(vault.root, folder):
            data = read_from_vault(vault.root, path)
            if data is None:
                continue
            note, _ = parse_note(SourceFile(path, data))
            said = kind_of(note, config)[0]
            called = _KIND_OF_STEM.get(fold(note.stem)) == kind
            if said == kind or (said is None and called):
                text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
                rank = (said != kind, TEMPLATER in text, not called)
                found.append((rank, path, Template(text, note, path)))
    if found:
        return min(found, key=lambda each: each[:2])[2]
    text = _own_template(vault.policy.language, kind)
    return Template(text, parse_note(SourceFile("", text.encode()))[0], None)


def _own_template(language: str, kind: str) -> str:
    folder, names = OWN_TEMPLATES[language]
    return read_text(os.path.join(template_folder(), language, "start", folder, f"{names[kind]}.md"))


def new_id(dry_run: bool = False) -> str:
    """A permanent id for a new note; for one that is only shown, a sign that stands for it."""
    return UNMADE_ID if dry_run else secrets.token_hex(ID_BYTES)


def filled(vault: Vault, blank: Blank, moment: datetime, id_: str) -> str:
    """The template with its blanks filled, and with what every note of the kind has."""
    language, mapping = vault.policy.language, vault.policy.mapping
    kind, template = blank.kind, blank.template
    formats = _formats(vault.root)
    stem = blank.path.rpartition("/")[2].removesuffix(".md")
    titles = {"title": stem if kind in DATED else blank.name, FILE: stem}

    def meant(name: str, wanted: str) -> str:
        return titles.get(name) or moment_text(wanted or formats[name], moment, language)

    text = fill_blanks(template.text, meant)
    first: dict[str, object] = {}
    values: dict[str, object] = {}
    if kind_of(template.note, runs.read_config(vault.policy))[0] is None or kind == "order":
        first[type_name(mapping)] = kind_word(kind, language)
    of_kind = "project" if kind == "order" else kind
    if kind in WITH_ID:
        name = name_in(template.note, kind, "id", vault)
        fixed = next((each.value for each in template.note.properties if each.name == name), None)
        if TEMPLATER not in str(fixed):
            first[name] = id_
    if kind not in DATED and stem != blank.name:
        field = "title" if of_kind == "project" else "name"
        first[name_in(template.note, of_kind, field, vault)] = blank.name
    if blank.links:
        field = "client" if kind == "person" else "clients"
        links = list(blank.links)
        values[name_in(template.note, of_kind, field, vault)] = links[0] if len(links) == 1 else links
    return fill_properties(text, values, first)


def _formats(root: str) -> Mapping[str, str]:
    """The formats that Obsidian's settings name for its templates."""
    formats = {"date": DATE_FORMAT, "time": TIME_FORMAT}
    try:
        settings = json.loads(read_from_vault(root, ".obsidian/templates.json") or b"{}")
    except (ValueError, RecursionError):
        return formats
    for name, key in (("date", "dateFormat"), ("time", "timeFormat")):
        named = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(named, str) and named.strip():
            formats[name] = named
    return formats


DATED = frozenset({"interaction", "feedback"})
"""Kinds whose notes are called by their day and client."""

WITH_ID = frozenset({"client", "person"})

_KIND_OF_STEM: Mapping[str, str] = {
    fold(shape.format(word)): kind
    for word, kind in KIND_OF_WORD.items()
    for shape in ("{}", "{} template", "template {}", "new {}", "tpl {}", "{} tpl", "{}模板", "新{}")
}
"""What template files are called, folded, and the kind that they are for."""

OWN_TEMPLATES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "en": (
        "Templates",
        {
            "client": "Client",
            "person": "Person",
            "project": "Project",
            "interaction": "Interaction",
            "feedback": "Feedback",
        },
    ),
    "zh": (
        "模板",
        {
            "client": "客户",
            "person": "联系人",
            "project": "项目",
            "interaction": "沟通记录",
            "feedback": "反馈",
        },
    ),
}
"""Our own templates: the folder in a new vault of a language, and the file of each kind."""

EXAMPLES: Mapping[str, str] = {
    "client": 'vaultcrm new client "Pine Bakery" --set phone="+49 30 1234567"',
    "person": 'vaultcrm new person "Ann Keller" --client "Pine Bakery"',
    "project": 'vaultcrm new project "Pine website" --client "Pine Bakery" --set amount=12000',
    "order": 'vaultcrm new order "Pine labels" --client "Pine Bakery" --set amount=800',
    "interaction": 'vaultcrm new interaction "Pine Bakery" kick-off',
    "feedback": 'vaultcrm new feedback "Pine Bakery" --set recommend=9',
}
