"""Proposes how the notes of a vault that exists are to be understood (specification 4, ``init``).

Notes that mean clients are mapped at once; of the other kinds those whose notes mostly name a client of
theirs, as each needs one. What is not certain is proposed, but stands there as a comment. This module must
not know where notes lie on the disk, nor what is done with a proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import commonpath

from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import Note
from vaultcrm.model.policy import TierScheme
from vaultcrm.parse.body import find_links, list_items
from vaultcrm.parse.kinds import kind_of
from vaultcrm.parse.links import link_key
from vaultcrm.parse.notes import stem_date
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.vocabulary import fold
from vaultcrm.render.text import toml_text
from vaultcrm.starting.adopt_names import CLIENT, PERSON, Names, named_as_clients, words_of
from vaultcrm.starting.adopt_properties import (
    main_currency,
    own_names,
    own_sections,
    strange_properties,
)
from vaultcrm.starting.adopt_words import (
    CATEGORIES,
    COMPANIES,
    KIND_OF_WORD,
    TAGS,
    TEMPLATES,
)
from vaultcrm.starting.proposed import Proposed, Row

FEW = 4
"""How many clients, for each note with a tag, make the tag one about clients."""

MANY = 3
"""How many notes that name no client make a folder which is called as ours one of something else."""

FEW_NAMED = 2
"""How many notes that others name as their client make sure of the folder that they are in."""

NAMES = frozenset({"properties", "sections"})
"""Tables of names within notes: they stand behind those that say which note is what."""

NUMBERING = "0123456789.-_ "
"""What folders' names begin with, so that they are in order."""


@dataclass(slots=True)
class _Group:
    """Notes that one row stands for."""

    table: str
    key: str
    kind: str
    is_company: bool
    notes: list[Note] = field(default_factory=list)
    on: bool = True

    def row(self) -> Row:
        return Row(self.table, self.key, self.kind, len(self.notes), self.notes[0].path, self.on)


def propose(
    notes: Iterable[Note], daily_folder: str | None = None, tiers: TierScheme | None = None
) -> Proposed:
    """What the notes of a vault seem to mean.

    A note that is understood without a mapping is left as it is, unless it is a person's in a vault without
    clients: whoever keeps only people keeps in touch with these. Of the others the first word counts that
    means a kind: of a property such as ``category``, of a tag, of a folder from the deepest up.

    Args:
        notes: All notes of the vault, in a fixed order.
        daily_folder: The folder of daily notes as Obsidian's settings have it, None where they do not say.
        tiers: Those of the policy, None where it is not known: then every word may be one.
    """
    ignored, every = _without_templates(notes)
    config = ReadConfig()
    known = {note.path: kind_of(note, config)[0] for note in every}
    groups = _groups(note for note in every if known[note.path] is None)
    people = [note for note in every if known[note.path] == PERSON]
    if not any(kind == CLIENT for kind in known.values()) and not any(map(_may_be_clients, groups)):
        groups += _folder_that_is_named(every, groups, known)
    _choose_clients(groups, people, sum(kind == CLIENT for kind in known.values()))
    kinds = {**known, **{note.path: group.kind for group in groups for note in group.notes if group.on}}
    names = Names.of(every, kinds)
    for group in groups:
        if group.kind != CLIENT:
            group.on = _mostly_name_clients(group, names)
    groups += _strange_folders(every, kinds, names)
    meant = {note.path: group.kind or None for group in groups for note in group.notes if group.on}
    kinds = {**known, **meant}
    rows = (group.row() for group in groups)
    ours = tuple(note for note in every if kinds[note.path] is not None)
    own = (*own_names(ours, kinds, names), *strange_properties(ours, kinds, tiers))
    sections = own_sections(ours, kinds)
    ordered = sorted((*rows, *own, *sections), key=lambda row: (row.table in NAMES, row.table, row.key))
    daily = _daily(every, kinds, names, daily_folder)
    return Proposed(tuple(ordered), daily, ignored, main_currency(ours, kinds, own))


# ------------------------------------------------------------------------------------- which note is what


def _without_templates(notes: Iterable[Note]) -> tuple[tuple[Row, ...], tuple[Note, ...]]:
    """The folders of templates that lie elsewhere than usual, and the notes that are in none."""
    left: list[Note] = []
    inside: dict[str, list[str]] = {}
    for note in notes:
        folders = note.path.split("/")[:-1]
        names = (fold(name.lstrip(NUMBERING)) for name in folders)
        depth = next((depth for depth, name in enumerate(names, 1) if name in TEMPLATES), 0)
        if depth:
            inside.setdefault("/".join(folders[:depth]), []).append(note.path)
        else:
            left.append(note)
    rows = (Row("ignore", folder, "", len(paths), paths[0]) for folder, paths in sorted(inside.items()))
    return tuple(rows), tuple(left)


def _groups(notes: Iterable[Note]) -> list[_Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for note in notes:
        first = next(_hints(note), None)
        if first is not None:
            table, key, word = first
            group = groups.setdefault((table, key), _Group(table, key, KIND_OF_WORD[word], word in COMPANIES))
            group.notes.append(note)
    return list(groups.values())


def _hints(note: Note) -> Iterator[tuple[str, str, str]]:
    """What says of what kind the note is, the surest first: a table, a key in it, the word that it holds."""
    tags: list[str] = []
    for name, value, _, _ in note.properties:
        if fold(name) in CATEGORIES:
            table = f"values.{toml_text(fold(name))}"
            yield from ((table, word, fold(word)) for word in words_of(value) if fold(word) in KIND_OF_WORD)
        elif fold(name) in TAGS:
            tags += [word.lstrip("#") for word in words_of(value)]
    for tag in tags:
        parts = (fold(part) for part in tag.split("/"))
        yield from (("tags", tag, part) for part in parts if part in KIND_OF_WORD)
    folder = note.path.rpartition("/")[0]
    while folder:
        word = fold(folder.rpartition("/")[2].lstrip(NUMBERING))
        if word in KIND_OF_WORD:
            yield "folders", folder, word
        folder = folder.rpartition("/")[0]


def _may_be_clients(group: _Group) -> bool:
    return group.kind == CLIENT or group.is_company


def _folder_that_is_named(
    notes: Sequence[Note], groups: Iterable[_Group], known: Mapping[str, str | None]
) -> Iterator[_Group]:
    """The folder whose notes others name as their client, whatever it is called; sure where most are."""
    named = named_as_clients(notes)
    grouped = {note.path for group in groups for note in group.notes}
    unknown = [note for note in notes if known[note.path] is None and note.path not in grouped]
    those = [note for note in unknown if link_key(note.stem) in named]
    folder = commonpath([note.path.rpartition("/")[0] for note in those]) if those else ""
    if folder:
        group = _Group("folders", folder, CLIENT, False)
        group.notes += [note for note in unknown if note.path.startswith(f"{folder}/")]
        group.on = len(those) >= FEW_NAMED and 2 * len(those) >= len(group.notes)
        yield group


def _choose_clients(groups: list[_Group], people: Sequence[Note], clients: int) -> None:
    """Say which groups are clients: those called so, else companies, else people.

    ``clients`` are those that are known without a mapping. Where they are many, a tag on a few other notes
    says what these are about rather than what they are.
    """
    for group in groups:
        if group.kind == CLIENT and group.table == "tags" and clients > FEW * len(group.notes):
            group.on = False
    named = [group for group in groups if group.kind == CLIENT and not group.is_company and group.on]
    companies = [group for group in groups if group.is_company]
    if clients or named:
        for group in companies:
            group.on = False
        return
    if companies:
        return
    for group in groups:
        if group.kind == PERSON:
            group.kind = CLIENT
    typed: dict[str, list[Note]] = {}
    for note in people:
        typed.setdefault(_type_of(note), []).append(note)
    for word, those in typed.items():
        table, key = ('values."type"', word) if word else ("folders", those[0].path.partition("/")[0])
        groups.append(_Group(table, key, CLIENT, False, those))


def _strange_folders(
    notes: Iterable[Note], kinds: Mapping[str, str | None], names: Names
) -> Iterator[_Group]:
    """Folders called as ours, for projects or people, whose notes name no client: they hold something else.

    Each note would be told otherwise to miss its client. Where some name one this is only proposed.
    """
    found: dict[tuple[str, str], list[Note]] = {}
    for note in notes:
        kind = kinds[note.path]
        top, slash, rest = note.path.partition("/")
        if (
            slash
            and kind in (PERSON, "project")
            and kind_of(replace(note, path=rest), ReadConfig())[0] is None
        ):
            found.setdefault((top, kind), []).append(note)
    for (top, kind), those in found.items():
        group = _Group("folders", top, "", False, those)
        group.on = not any(names.client_of(note, kind) for note in those)
        if len(those) >= MANY and not _mostly_name_clients(replace(group, kind=kind), names):
            yield group


def _type_of(note: Note) -> str:
    """The word by which the note's own ``type`` says that it is about a person; empty where a folder does."""
    words = (word for each in note.properties if fold(each.name) == "type" for word in words_of(each.value))
    return next((word for word in words if KIND_OF_WORD.get(fold(word)) == PERSON), "")


def _mostly_name_clients(group: _Group, names: Names) -> bool:
    return 2 * sum(names.client_of(note, group.kind) for note in group.notes) >= len(group.notes)


# ------------------------------------------------------------------------------------- daily notes


def _daily(
    notes: Sequence[Note], kinds: Mapping[str, str | None], names: Names, folder: str | None
) -> Row | None:
    """The folder of daily notes, on where a line of one leads to a client or one of their people."""
    dated = [note for note in notes if kinds[note.path] is None and stem_date(note.stem) is not None]
    count = Counter(_above_years(note.path) for note in dated)
    named = folder.strip("/") if folder else ""
    chosen = named or next((each for each, _ in count.most_common() if each), "")
    inside = [note for note in dated if note.path.startswith(f"{chosen}/")] if chosen else []
    if not inside:
        return None
    leads = [note for note in inside if _leads_to_client(note, names)]
    return Row("capture", chosen, "", len(inside), (leads or inside)[0].path, bool(leads))


def _above_years(path: str) -> str:
    """The folder of a note, without those for its year and month."""
    parts = path.split("/")[:-1]
    while parts and parts[-1][:4].rstrip("-_ ").isdigit():
        parts.pop()
    return "/".join(parts)


def _leads_to_client(note: Note, names: Names) -> bool:
    if "[[" not in note.body and "](" not in note.body:
        return False
    keys = {
        link_key(link.target.rpartition("/")[2].partition("#")[0].removesuffix(".md"))
        for item in list_items(note.body, note.body_line)
        if item.box is None
        for link in find_links(item.text)
    }
    return bool(keys & (names.clients | names.people))
