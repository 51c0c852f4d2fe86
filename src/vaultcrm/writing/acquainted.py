"""Which notes of a vault contacts may already have, and what could be added to these.

Nothing is written here: what a person wrote stays, and they decide what comes to it. This module must not
know which file the contacts are from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultcrm.app import runs
from vaultcrm.app.beside import generated_paths
from vaultcrm.app.opening import Vault
from vaultcrm.model.contacts import EXTRAS, Contact
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Note, SourceFile, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory
from vaultcrm.parse.body import find_links
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.kinds import kind_of
from vaultcrm.parse.links import link_key
from vaultcrm.parse.reach import company_key, similar_names
from vaultcrm.parse.readers import Context, ReadConfig, scalars
from vaultcrm.parse.same_contacts import (
    Identity,
    crowded,
    email_keys,
    identity_of,
    missing,
    phone_keys,
    sameness,
    shared_reach,
)
from vaultcrm.parse.schema import PROPERTIES, row_of
from vaultcrm.parse.spelling import property_name
from vaultcrm.parse.splice import yaml_text
from vaultcrm.parse.values import parse_yearly
from vaultcrm.parse.vocabulary import fold
from vaultcrm.render.text import markdown_text
from vaultcrm.store.vault import read_notes, walk

BECAUSE = ("email", "phone", "name")
"""By what somebody is found, the surest first."""

LISTS = frozenset({"aliases", "phone", "email", "wechat", *EXTRAS} - {"department"})
"""Fields of which a note may have several values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A note that is about somebody: its kind (None: nothing of ours), who it is, and what it says by field.

    ``contacts`` are the people whom a client's note names; ``text`` is the whole note. ``names`` are by field
    the properties as the note writes them, the empty ones too.
    """

    path: VaultPath
    kind: str | None
    identity: Identity
    values: Mapping[str, tuple[str, ...]]
    contacts: tuple[str, ...] = ()
    text: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person could add to a note: values by field, and where the note says something else.

    ``because`` tells by what the contact was found: ``email``, ``phone``, ``name``. ``differs`` holds by
    field what the note says and what the file says, ``names`` what the note calls a field that it has.
    """

    path: VaultPath
    name: str
    because: str
    add: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kind: str = "person"
    names: Mapping[str, str] = field(default_factory=dict)


class Acquainted:
    """The notes that contacts may have, found by what both have in common."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._found: dict[str, list[Entry]] = {}
        crowd = crowded(entry.identity for entry in self.entries)
        for entry in self.entries:
            for key in {*_keys(entry)} - crowd:
                self._found.setdefault(key, []).append(entry)

    def match(self, contact: Contact) -> tuple[Entry, str] | None:
        """The note that a contact has, and by what it was found; a person's before a client's."""
        who = identity_of(contact)
        fits = [
            (entry, because)
            for entry in self._near(who)
            for because in (_because(entry, who, contact),)
            if because is not None
        ]

        def order(fit: tuple[Entry, str]) -> tuple[bool, int, VaultPath]:
            return fit[0].kind == "client" and not who.is_company, BECAUSE.index(fit[1]), fit[0].path

        return min(fits, key=order, default=None)

    def sharing(self, contact: Contact) -> tuple[VaultPath, ...]:
        """Notes of others who can be reached by the same number or address; their own company is no other."""
        who = identity_of(contact)
        return tuple(
            entry.path
            for entry in self._near(who)
            if not (entry.kind == "client" and entry.identity.companies & who.companies)
            and shared_reach(entry.identity, who) is not None
        )

    def client(self, organization: str) -> Entry | None:
        """The client's note of a company, its legal form aside."""
        key = company_key(organization)
        return next((each for each in self._found.get(f"={key}", ()) if _is_client(each, key)), None)

    def _near(self, who: Identity) -> list[Entry]:
        keys = [*who.marks(), *(f"={each}" for each in who.companies)]
        return list({entry.path: entry for key in keys for entry in self._found.get(key, ())}.values())


def _is_client(entry: Entry, key: str) -> bool:
    return entry.kind == "client" and key in entry.identity.companies


def _keys(entry: Entry) -> Iterator[str]:
    yield from entry.identity.marks()
    if entry.kind == "client":
        yield from (f"={each}" for each in entry.identity.companies)


def _because(entry: Entry, who: Identity, contact: Contact) -> str | None:
    """By what a contact is the one whom a note is about.

    A client's note is also about the person whom it names as contact, and about anybody where it names none
    and nobody has a note of their own.
    """
    known = entry.identity
    if who.is_company or entry.kind != "client":
        as_one = Identity(known.names, known.companies, known.emails, known.phones, who.is_company)
        return None if who.is_company and entry.kind == "person" else sameness(as_one, who)
    shared = shared_reach(known, who)
    if shared == "email":
        return shared
    named = (*known.names, *entry.contacts)
    if shared is not None:
        fits = any(similar_names(one, contact.name) for one in named)
        return (shared if shared == "phone" else "email") if fits or not entry.contacts else None
    at_client = not who.companies or bool(who.companies & known.companies)
    exactly = link_key(contact.name) in {link_key(each) for each in named}
    return "name" if exactly and at_client else None


def acquainted(vault: Vault, histories: Sequence[ClientHistory]) -> Acquainted:
    """All notes of a vault that are about people or companies, of whatever kind they are for us."""
    config = runs.read_config(vault.policy)
    companies = {
        person.path: (history.client.name, *history.client.aliases)
        for history in histories
        for person in history.people
    }
    staffed = {history.client.path for history in histories if history.people}
    never = (*generated_paths(vault.policy), vault.policy.paths.rescued)
    listing = walk(vault.root, vault.policy.paths.ignore, never, vault.policy.paths.templates)
    found = (each.content for each in read_notes(vault.root, listing.notes))
    entries = (_entry(each, config, companies, staffed) for each in found if isinstance(each, SourceFile))
    return Acquainted(entry for entry in entries if entry is not None)


def _entry(
    source: SourceFile,
    config: ReadConfig,
    companies: Mapping[VaultPath, tuple[str, ...]],
    staffed: set[VaultPath],
) -> Entry | None:
    note, _ = parse_note(source)
    kind = kind_of(note, config)[0]
    if kind not in ("client", "person", None):
        return None
    called = _names(note, kind or "person", config)
    values = _values(note, called, config)
    if kind is None and not (values.get("email") or values.get("phone")):
        return None
    names = (*values.get("name", ()), note.stem, *values.get("aliases", ()))
    at = names if kind == "client" else (*values.get("client", ()), *companies.get(note.path, ()))
    identity = Identity(
        names=tuple(dict.fromkeys(names)),
        companies=frozenset(map(company_key, at)),
        emails=email_keys(values.get("email", ())),
        phones=phone_keys(values.get("phone", ())),
        is_company=kind == "client",
    )
    contacts = values.get("contact", ())
    if note.path in staffed:  # somebody has a note: another one is not meant by the client's
        contacts = (*contacts, note.stem)
    return Entry(note.path, kind, identity, values, contacts, source.data.decode("utf-8", "replace"), called)


def _names(note: Note, kind: str, config: ReadConfig) -> dict[str, str]:
    """What a note calls our fields, and the extras of contacts: of two the first, as it is read."""
    names: dict[str, str] = {}
    for each in note.properties:
        row = row_of(kind, each.name, config.mapping)
        name = row.field if row is not None else _EXTRA_NAMES.get(fold(each.name))
        if name is not None:
            names.setdefault(name, each.name)
    return names


def _values(note: Note, names: Mapping[str, str], config: ReadConfig) -> dict[str, tuple[str, ...]]:
    """What a note says as texts, links as what they show; by the fields that it has names for."""
    written = {each.name: each for each in reversed(note.properties)}
    values: dict[str, tuple[str, ...]] = {}
    for field_name, name in names.items():
        texts = (one.text for one in scalars(written[name].value, "", Context("", config)))
        values[field_name] = tuple(shown for text in texts for shown in _shown(text) if shown)
    return values


def _shown(text: str) -> Iterator[str]:
    links = find_links(text) if "[[" in text else ()
    if not links:
        yield text.strip()
    for link in links:
        yield link.shown.rpartition("/")[2]


def proposal(entry: Entry, contact: Contact, because: str) -> Proposal:
    """What a contact knows beyond a note, and where the two do not agree."""
    kind = entry.kind or "person"
    fields = {row.field for row in PROPERTIES if kind in row.kinds} | set(EXTRAS)
    add: dict[str, tuple[str, ...]] = {}
    differs: dict[str, tuple[str, str]] = {}
    stands_for = kind == "client" and not contact.is_company
    if stands_for and link_key(contact.name) not in {link_key(each) for each in entry.identity.names}:
        _compare("contact", entry.values.get("contact", ()), (contact.name,), add, differs)
    elif not stands_for:
        more = missing("aliases", entry.identity.names, (contact.name,))
        add |= {"aliases": more} if more else {}
    if contact.organization and kind != "client":
        _compare_client(entry, contact.organization, add, differs)
    for name, values in contact.values.items():
        if name in fields and not (name == "aliases" and stands_for):
            present = entry.identity.names if name == "aliases" else entry.values.get(name, ())
            _compare(name, present, values, add, differs)
    if "important_dates" in fields:
        days = [(title, day) for title, day in contact.dates if day not in entry.text]
        dates = tuple(f"{{date: {day}, title: {yaml_text(title)}}}" for title, day in days)
        add |= {"important_dates": dates} if dates else {}
    # what only a client's note can say is proposed to that of where somebody works
    others = () if contact.organization else contact.values.items()
    beyond = [f"{name}: {each}" for name, values in others if name not in fields for each in values]
    remarks = tuple(each for each in (*contact.remarks, *beyond) if not _holds(entry.text, each))
    add |= {"remarks": remarks} if remarks else {}
    return Proposal(entry.path, contact.name, because, add, differs, kind, entry.names)


def names_in(each: Proposal, policy: Policy) -> dict[str, str]:
    """What is proposed by field: as the note calls it, else as notes of the vault's language do."""
    rows = {row.field for row in PROPERTIES if each.kind in row.kinds}
    return {
        name: each.names.get(name) or property_name(each.kind, name, policy.language, policy.mapping)
        for name in (*each.add, *each.differs)
        if name in each.names or name in rows
    }


def _compare_client(
    entry: Entry, organization: str, add: dict[str, tuple[str, ...]], differs: dict[str, tuple[str, str]]
) -> None:
    present = entry.values.get("client", ())
    if company_key(organization) not in entry.identity.companies:
        _compare("client", present, (organization,), add, differs)


def _compare(
    name: str,
    present: tuple[str, ...],
    offered: tuple[str, ...],
    add: dict[str, tuple[str, ...]],
    differs: dict[str, tuple[str, str]],
) -> None:
    more = missing(name, present, offered)
    if more and len(offered) > 1 and name not in LISTS:  # several stand in a note as one text
        offered = (", ".join(offered),)
        more = missing(name, present, offered)
    if name == "birthday" and present and offered and parse_yearly(present[0]) == parse_yearly(offered[0]):
        return
    if more and present and name not in LISTS:
        differs[name] = (present[0], more[0])
    elif more:
        add[name] = (*add.get(name, ()), *more)


def _holds(text: str, remark: str) -> bool:
    return remark in text or markdown_text(remark) in text


_EXTRA_NAMES: Mapping[str, str] = {
    fold(name): extra
    for extra, names in {
        "department": ("department", "部门"),
        "address": ("address", "地址"),
        "website": ("website", "url", "网址"),
        "fax": ("fax", "传真"),
        "categories": ("categories", "分类"),
    }.items()
    for name in names
}
"""What notes call the extras of contacts: the first in English, the last in Chinese vaults."""
