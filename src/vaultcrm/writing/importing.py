"""Makes notes of the contacts of a file: a client's for each company, a person's for each who works there.

Who works nowhere is a client. A note that exists is never changed: what could be added to it is proposed.
This module must not know how a file of contacts is read, nor what is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count

from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.contacts import EXTRAS, AddressBook, Contact
from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.records import ClientHistory
from vaultcrm.parse.fill_in import fill_properties
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.links import link_key
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.reach import company_key
from vaultcrm.parse.same_contacts import missing, without_equals
from vaultcrm.parse.schema import PROPERTIES
from vaultcrm.render.file_names import file_name
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import clean_text, markdown_text, plain_value
from vaultcrm.writing.acquainted import LISTS, Acquainted, Entry, Proposal, acquainted, proposal
from vaultcrm.writing.filing import Home, home_of, is_taken, link_text, write_new
from vaultcrm.writing.making import Blank, Template, filled, find_template, new_id
from vaultcrm.writing.typed_values import name_in

LONGEST_NAME, LONGEST_VALUE, MOST_VALUES, LONGEST_REMARKS = 120, 500, 30, 20_000
"""How much of a contact goes into a note: characters of a name, of a value; values; characters."""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note that is made, or would be; ``lines`` are where its contact stands in the file."""

    path: VaultPath
    kind: str
    name: str
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file of contacts.

    ``equal`` are the contacts that stood there more than once, with their lines; ``same`` counts those whose
    notes know everything already. ``companies`` were taken for a client whose name is another one, and
    ``sharing`` can be reached like somebody else, who has the note. ``told`` is as in `AddressBook`.
    """

    contacts: int
    notes: tuple[NewNote, ...]
    proposals: tuple[Proposal, ...]
    equal: tuple[tuple[str, tuple[int, ...]], ...]
    same: int
    companies: tuple[tuple[str, VaultPath], ...]
    sharing: tuple[tuple[str, VaultPath], ...]
    left_out: Mapping[str, int]
    told: tuple[tuple[int, str, str], ...]


@dataclass(slots=True)
class _Run:
    """An import while it goes on."""

    vault: Vault
    moment: datetime
    dry_run: bool
    histories: Sequence[ClientHistory]
    known: Acquainted
    told: list[tuple[int, str, str]]
    notes: list[NewNote] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    companies: dict[str, VaultPath] = field(default_factory=dict)
    sharing: list[tuple[str, VaultPath]] = field(default_factory=list)
    clients: dict[str, VaultPath] = field(default_factory=dict)
    called: Counter[str] = field(default_factory=Counter)
    homes: dict[str, Home] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)

    def home(self, kind: str) -> Home:
        if kind not in self.homes:
            self.homes[kind] = home_of(kind, self.histories, self.vault.policy)
        return self.homes[kind]

    def template(self, kind: str) -> Template:
        if kind not in self.templates:
            self.templates[kind] = find_template(self.vault, kind)
        return self.templates[kind]

    def link(self, path: VaultPath) -> str:
        return link_text(path, alone=self.called[_stem(path)] <= 1)


def import_contacts(
    vault: Vault, book: AddressBook, moment: datetime, now_ns: int, *, dry_run: bool = False
) -> Imported:
    """Make notes of contacts that have none, and say what could be added to the notes of those that have.

    Args:
        vault: The vault.
        book: What the file says.
        moment: What blanks for day and time in templates mean.
        now_ns: The time of the run.
        dry_run: Write nothing; then ids are only hinted at.

    Raises:
        VaultcrmError: Notes could not be read: contacts may stand there, and would get a second one.
        NotWritable: A note could not be written; those before it are there, and the next import goes on.
    """
    loaded = runs.load(vault, now_ns)
    if loaded.unreadable:
        paths, count = list(loaded.unreadable[:5]), len(loaded.unreadable)
        hint = vault.labels.get("cli.nobody.unreadable", paths=paths, count=count)
        raise VaultcrmError("nothing is imported: a contact may have a note that cannot be read", hint)
    histories = loaded.portfolio.histories
    told = list(book.told)
    contacts = without_equals(_harmless(each, told) for each in book.contacts)
    run = _Run(vault, moment, dry_run, histories, acquainted(vault, histories), told)
    run.called.update(_stem(each.path) for each in run.known.entries)
    new: list[tuple[Contact, tuple[int, ...]]] = []
    found_again: list[Proposal] = []
    for contact, lines in contacts:
        found = run.known.match(contact)
        if found is None:
            new.append((contact, lines))
        else:
            found_again.append(proposal(found[0], contact, found[1]))
    run.proposals += found_again
    _propose_of_clients(run, [contact for contact, _ in contacts])
    _make_notes(run, new)
    proposals = [each for each in run.proposals if each.add or each.differs]
    return Imported(
        contacts=len(book.contacts),
        notes=tuple(run.notes),
        proposals=tuple(sorted(proposals, key=lambda each: (each.path, each.name))),
        equal=tuple((contact.name, lines) for contact, lines in contacts if len(lines) > 1),
        same=sum(not each.add and not each.differs for each in found_again),
        companies=tuple(run.companies.items()),
        sharing=tuple(run.sharing),
        left_out=book.left_out,
        told=tuple(sorted(set(run.told))),
    )


def _harmless(contact: Contact, told: list[tuple[int, str, str]]) -> Contact:
    """The contact with nothing in it that a program would act upon, nor more than a note bears."""

    def value(text: str) -> str:
        return plain_value(text, LONGEST_VALUE)

    values = {}
    for name, texts in contact.values.items():
        kept = tuple(filter(None, map(value, texts[:MOST_VALUES])))
        if len(texts) > MOST_VALUES or any(len(text) > LONGEST_VALUE for text in texts):
            told.append((contact.line, "cut", name))
        if kept:
            values[name] = kept
    remarks = [clean_text(each) for each in contact.remarks]
    if sum(map(len, remarks)) > LONGEST_REMARKS:
        told.append((contact.line, "cut", "remarks"))
        remarks = "\n".join(remarks)[:LONGEST_REMARKS].splitlines()
    name = plain_value(contact.name, LONGEST_NAME) or plain_value(contact.organization, LONGEST_NAME) or "…"
    return replace(
        contact,
        name=name,
        organization=plain_value(contact.organization, LONGEST_NAME),
        values=values,
        uses={value(number): value(use) for number, use in contact.uses.items()},
        dates=tuple((value(title), day) for title, day in contact.dates[:MOST_VALUES]),
        remarks=tuple(filter(None, (each.strip() for each in remarks))),
    )


def _make_notes(run: _Run, new: Sequence[tuple[Contact, tuple[int, ...]]]) -> None:
    """Clients first, so that people can link to them."""
    staff: dict[str, list[Contact]] = {}
    for contact, _ in new:
        if contact.organization:
            staff.setdefault(company_key(contact.organization), []).append(contact)
    for contact, lines in new:
        if not contact.organization:
            key = company_key(contact.name)
            found = run.clients.get(key) if contact.is_company else None
            if found is None:
                path = _make_client(run, contact, lines, staff.get(key, []) if contact.is_company else [])
                if contact.is_company:
                    run.clients[key] = path
    for contact, lines in new:
        if contact.organization:
            path = _client_of(run, contact, lines, staff)
            _make_person(run, contact, lines, path)


def _client_of(
    run: _Run, contact: Contact, lines: tuple[int, ...], staff: Mapping[str, list[Contact]]
) -> VaultPath:
    """The client's note of the company that somebody works for; it is made where there is none."""
    key = company_key(contact.organization)
    if key not in run.clients:
        entry = run.known.client(contact.organization)
        if entry is None:
            company = Contact(line=contact.line, name=contact.organization, is_company=True)
            run.clients[key] = _make_client(run, company, lines, staff[key])
        else:
            run.clients[key] = entry.path
            _tell_other_name(run, entry, contact.organization)
    return run.clients[key]


def _tell_other_name(run: _Run, entry: Entry, organization: str) -> None:
    if link_key(organization) not in {link_key(each) for each in entry.identity.names}:
        run.companies[organization] = entry.path


def _propose_of_clients(run: _Run, contacts: Sequence[Contact]) -> None:
    """What only a client's note can say, such as an owner, stands with the people in a table of contacts."""
    staff: dict[VaultPath, tuple[Entry, list[Contact]]] = {}
    for contact in contacts:
        entry = run.known.client(contact.organization) if contact.organization else None
        if entry is not None:
            staff.setdefault(entry.path, (entry, []))[1].append(contact)
    for entry, people in staff.values():
        name = entry.identity.names[0]
        company = _with_staff(Contact(line=people[0].line, name=name, is_company=True), people)
        if company.values:
            run.proposals.append(proposal(entry, company, "name"))


def _with_staff(company: Contact, staff: Sequence[Contact]) -> Contact:
    """The company with what its people's entries say of it: the first one counts, another is a remark."""
    values, others = dict(company.values), list(company.remarks)
    for contact in staff:
        for name, texts in contact.values.items():
            if name in FIELDS["client"] and name not in FIELDS["person"]:
                told = values.setdefault(name, texts)
                others += [f"{name}: {each}" for each in missing(name, told, texts)]
    return replace(company, values=values, remarks=tuple(dict.fromkeys(others)))


def _make_client(run: _Run, contact: Contact, lines: tuple[int, ...], staff: Sequence[Contact]) -> VaultPath:
    values: dict[str, object] = {}
    if contact.is_company:
        people = [each.name for each in staff]
        if len(set(people)) == 1 and not contact.known("contact"):
            values["contact"] = people[0]
        contact = _with_staff(contact, staff)
    else:
        values["contact"] = contact.name
    values |= _dates(contact)
    of_people = {name: texts for name, texts in contact.values.items() if name not in FIELDS["client"]}
    text = [*contact.remarks, *(f"{name}: {_value(name, texts)}" for name, texts in of_people.items())]
    if len(text) == 1:
        values["remarks"] = plain_value(text.pop(), LONGEST_REMARKS)
    text += _uses(contact, run.vault.labels)
    return _make(run, "client", contact, values, text, lines, None)


def _make_person(run: _Run, contact: Contact, lines: tuple[int, ...], client: VaultPath) -> None:
    text = (*contact.remarks, *_uses(contact, run.vault.labels))
    _make(run, "person", contact, _dates(contact), text, lines, client)


def _dates(contact: Contact) -> Mapping[str, object]:
    """The property that holds a contact's days, if it has any."""
    days = [{"date": day, "title": title} for title, day in contact.dates]
    return {"important_dates": days} if days else {}


def _uses(contact: Contact, labels: Labels) -> Iterator[str]:
    """What each number and each address is for, where there are several."""
    for name in ("phone", "email"):
        several = contact.known(name)
        for each in several if len(several) > 1 else ():
            if each in contact.uses:
                use = contact.uses[each]
                yield f"{labels.name('import.use', use.lower())}: {each}"


def _make(
    run: _Run,
    kind: str,
    contact: Contact,
    values: Mapping[str, object],
    remarks: Sequence[str],
    lines: tuple[int, ...],
    client: VaultPath | None,
) -> VaultPath:
    template = run.template(kind)
    path = _free_path(run, kind, contact)
    links = (run.link(client),) if client else ()
    blank = Blank(kind, contact.name, path, template, links)
    text = filled(run.vault, blank, run.moment, new_id(run.dry_run))
    known = {name: texts for name, texts in contact.values.items() if name in FIELDS[kind]}
    wanted = {**{name: _value(name, texts) for name, texts in known.items()}, **values}
    text, unread = _with_values(run, kind, text, template, wanted)
    for name, value in unread.items():
        run.told.append((contact.line, "value", f"{name}: {value}"))
    kept = [*remarks, *(f"{name}: {value}" for name, value in unread.items())]
    text = _with_remarks(text, kept, run.vault.labels.get("import.remarks"))
    if not run.dry_run:
        path = write_new(run.vault.root, path, text)
    run.called[_stem(path)] += 1
    run.sharing += [(contact.name, other) for other in run.known.sharing(contact)]
    run.notes.append(NewNote(path, kind, contact.name, text, lines))
    return path


def _value(name: str, texts: tuple[str, ...]) -> object:
    if name in LISTS and len(texts) > 1:
        return list(texts)
    return texts[0] if len(texts) == 1 else ", ".join(texts)


def _with_values(
    run: _Run, kind: str, text: str, template: Template, wanted: Mapping[str, object]
) -> tuple[str, dict[str, object]]:
    """The note with its values, and those that mean nothing for us, which are not in it."""
    language = run.vault.policy.language
    names = {
        field: _extra(field, run, template)
        if field in EXTRAS
        else name_in(template.note, kind, field, run.vault)
        for field in wanted
    }
    ours = {
        field: value.replace("lunar ", "农历 ")
        if language == "zh" and field == "birthday" and isinstance(value, str)
        else value
        for field, value in wanted.items()
    }
    made = fill_properties(text, {names[field]: value for field, value in ours.items()}, {})
    source = SourceFile("", made.encode("utf-8", "replace"))
    wrong = {each.place.line for each in read_file(source, runs.read_config(run.vault.policy))[1]}
    lines = {each.name: each.line for each in parse_note(source)[0].properties}
    unread = {field: ours[field] for field in ours if lines.get(names[field]) in wrong}
    if unread:
        fine = {names[field]: value for field, value in ours.items() if field not in unread}
        made = fill_properties(text, fine, {})
    return made, unread


def _extra(name: str, run: _Run, template: Template) -> str:
    """What a note calls something that is no property of ours."""
    word = run.vault.labels.get(f"import.extra.{name}")
    own = (each.name for each in template.note.properties if each.name.casefold() == word.casefold())
    return next(own, word)


def _with_remarks(text: str, remarks: Sequence[str], title: str) -> str:
    """The note with a section of its own at the end, each line of it as plain text."""
    if not remarks:
        return text
    lines = [shown for each in remarks for shown in (markdown_text(each),) if shown]
    return f"{text.rstrip()}\n\n## {title}\n\n" + "\n".join(lines) + "\n"


def _free_path(run: _Run, kind: str, contact: Contact) -> VaultPath:
    """A path that nobody has; somebody's namesake is told apart by where they work, else by a number."""
    home, year = run.home(kind), run.moment.year
    names = [contact.name, *([f"{contact.name} ({contact.organization})"] if contact.organization else [])]
    made = {link_key(each.path) for each in run.notes}
    for number in count(1):
        name = names[number - 1] if number <= len(names) else f"{names[-1]} {number}"
        path = home.path(file_name(name, kind), year)
        if link_key(path) not in made and not is_taken(run.vault.root, path):
            break
    return path


def _stem(path: VaultPath) -> str:
    return link_key(path.rpartition("/")[2].removesuffix(".md"))


FIELDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(
        {*(row.field for row in PROPERTIES if kind in row.kinds), *EXTRAS} - {"name", "id", "client"}
    )
    for kind in ("client", "person")
}
"""What of a contact a kind of note can say."""
