"""Values that are typed for a note's properties, as ``name=value``: understood, put in, read back.

This module must not know for which new note they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.errors import UsageError
from vaultcrm.model.note import Note, SourceFile
from vaultcrm.model.records import ClientHistory
from vaultcrm.parse.fill_in import fill_properties
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.links import link_key
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.schema import PROPERTIES, row_of
from vaultcrm.parse.spelling import property_name
from vaultcrm.parse.unknown import unknown_in
from vaultcrm.parse.values import parse_number
from vaultcrm.parse.vocabulary import YES_NO, fold
from vaultcrm.writing.filing import link_to
from vaultcrm.writing.when import day_meant


def name_in(note: Note, kind: str, field: str, vault: Vault) -> str:
    """What a note calls a property; where it does not have it, what the vault's language calls it."""
    mapping = vault.policy.mapping
    for each in note.properties:
        row = row_of(kind, each.name, mapping)
        if row is not None and row.field == field:
            return each.name
    return property_name(kind, field, vault.policy.language, mapping)


def with_settings(
    vault: Vault,
    kind: str,
    text: str,
    settings: Sequence[str],
    histories: Sequence[ClientHistory],
    day: date,
) -> str:
    """The note with what was set; it is read again, so that a value which means nothing is told at once."""
    if not settings:
        return text
    of_kind = "project" if kind == "order" else kind
    note, _ = parse_note(SourceFile("", text.encode()))
    values: dict[str, list[object]] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set {setting!r} sets nothing", "write it like --set phone=+49301234567")
        name, field = _setting(note, of_kind, key.strip(), vault)
        values.setdefault(name, []).append(_value(field, value.strip(), histories, day, vault))
    made = fill_properties(
        text, {name: each[0] if len(each) == 1 else each for name, each in values.items()}, {}
    )
    _check_values(vault, made, values)
    return made


def _setting(note: Note, kind: str, key: str, vault: Vault) -> tuple[str, str | None]:
    """The name that a property has in the note, and its field; one that is nearly one of ours is a slip."""
    mapping = vault.policy.mapping
    if fold(key) == "type":
        raise UsageError("the kind of a note is not set but named", "vaultcrm new order NAME --client …")
    row = row_of(kind, key, mapping)
    if row is not None:
        if row.field in ("client", "clients"):
            raise UsageError(f"{key} is not set so", "name the client with --client")
        return name_in(note, kind, row.field, vault), row.field
    own = next((each.name for each in note.properties if fold(each.name) == fold(key)), None)
    if own is not None or fold(key) in _OTHER_NAMES:
        return own or key, None
    known = [name for row in PROPERTIES if kind in row.kinds for name in row.names]
    near = _alike(key, known)
    if near:
        raise UsageError(f"notes of kind {kind} have no property {key!r}", "perhaps " + ", ".join(near))
    return key, None


def _alike(key: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(fold(key), [*dict.fromkeys(map(fold, known))], n=2, cutoff=ALIKE)


def _value(
    field: str | None, value: str, histories: Sequence[ClientHistory], day: date, vault: Vault
) -> object:
    """What is written for a text: words for days as dates, yes and no as YAML has them, names as links."""
    if not value:
        return None
    if field in _FLAGS and fold(value) in YES_NO:
        return YES_NO[fold(value)]
    if field in _DAYS:
        meant = day_meant(value, day, back=field not in _DAYS_AHEAD, timezone=vault.policy.timezone)
        return meant or value
    if field in _LINKS:
        return next(_links(value, histories), value)
    number = parse_number(value) if field in _NUMBERS else None
    return value if number is None else number


def _links(name: str, histories: Sequence[ClientHistory]) -> Iterator[str]:
    """Links to the person, project or client of exactly this name."""
    key = link_key(name)
    for history in histories:
        for person in history.people:
            if key in {link_key(called) for called in (person.name, *person.aliases)}:
                yield link_to(person.path, histories)
        for project in history.projects:
            if key == link_key(project.title) and project.path != history.client.path:
                yield link_to(project.path, histories)
    for history in histories:
        if key in {link_key(called) for called in (history.client.name, *history.client.aliases)}:
            yield link_to(history.client.path, histories)


def _check_values(vault: Vault, text: str, names: Iterable[str]) -> None:
    source = SourceFile("", text.encode())
    note, _ = parse_note(source)
    wanted = set(names)
    lines = {each.line for each in note.properties if each.name in wanted}
    reading, told = read_file(source, runs.read_config(vault.policy))
    unknown = () if reading.record is None else unknown_in(reading.record, vault.policy)
    wrong = [each for each in (*told, *unknown) if each.place.line in lines]
    if wrong:
        labels = vault.labels
        raise UsageError("\n".join(labels.message(each) for each in wrong), labels.remedy(wrong[0]))


ALIKE = 0.75
"""From which likeness on (1: equal) an unknown name of a property is taken for a slip."""

_OTHER_NAMES = frozenset({"tags", "tag", "cssclasses", "publish", "标签"})
_DAYS = frozenset(row.field for row in PROPERTIES if row.value in ("date", "date or yes", "dates"))
_DAYS_AHEAD = frozenset({"next_contact", "snooze_until", "next", "due", "invoice_due", "contract_end"})
_FLAGS = frozenset(row.field for row in PROPERTIES if row.value in ("yes or no", "date or yes"))
_LINKS = frozenset(row.field for row in PROPERTIES if row.value in ("link", "links"))
_NUMBERS = frozenset(row.field for row in PROPERTIES if row.value.startswith(("score", "attitude", "money")))
