"""What the properties of notes seem to mean, and the currency of their amounts.

This module must not know how the kinds of notes were found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultcrm.model.frozen import dataclass, field, replace
from vaultcrm.model.note import Fields, Note, Property, Scalar, Value
from vaultcrm.model.policy import NoteMapping, TierScheme
from vaultcrm.parse.log_slips import undeclared_log
from vaultcrm.parse.readers import Context, ReadConfig
from vaultcrm.parse.schema import PROPERTIES, field_called, row_of
from vaultcrm.parse.unknown import tier_words
from vaultcrm.parse.values import parse_money
from vaultcrm.parse.vocabulary import LOG, LOG_SECTIONS, fold
from vaultcrm.starting.adopt_names import CLIENT, PERSON, Names
from vaultcrm.starting.adopt_words import ATTENDEES, FIELD_OF_NAME
from vaultcrm.starting.proposed import Row

NO_WORDS = frozenset({"bad-choice", "unknown-stage"})
"""What is told of values that are none of the words which a property may have."""

MANY = 3
"""In how many notes a value is no word of ours until its property means something else."""

LONGEST_NAME = 60
"""Characters of a property's name beyond which nobody means one by it."""

AMOUNT, TIER = "amount", "tier"
"""The fields of what a project is worth, and of the tier that somebody pinned."""


@dataclass(slots=True)
class _Use:
    """An own name of a property, meaning a field: where it stands, and in how many notes it can be read."""

    name: str
    meaning: str
    paths: set[str] = field(default_factory=set)
    taken: int = 0
    read: int = 0
    example: str = ""

    def order(self) -> tuple[float, str]:
        """The commonest first; whoever took part tells the client only where little else does."""
        weight = 1.0 if fold(self.name) not in ATTENDEES else 0.5 if self.meaning == CLIENT else 0.25
        return -weight * len(self.paths), self.name

    def row(self, *, on: bool) -> Row:
        return Row("properties", self.name, self.meaning, len(self.paths), self.example, on)


def own_names(notes: Sequence[Note], kinds: Mapping[str, str | None], names: Names) -> Iterator[Row]:
    """Own names of properties that our kinds of notes have, and what they mean.

    One is off where most of its values could not be read, where the notes have the property by our own name,
    too, or where they have another name for the same.
    """
    uses: dict[tuple[str, str], _Use] = {}
    for note in notes:
        _add_uses(uses, note, kinds[note.path] or "", names)
    left = sorted(uses.values(), key=_Use.order)
    on: dict[str, set[str]] = {}
    offered: dict[str, Row] = {}
    for use in left:
        known = fold(use.name)
        clash = use.paths & on.get(use.meaning, set())
        fits = 2 * use.read >= len(use.paths) > 2 * use.taken and not clash
        if fits and not (known in offered and offered[known].on):
            on.setdefault(use.meaning, set()).update(use.paths)
            offered[known] = use.row(on=True)
        else:
            offered.setdefault(known, use.row(on=False))
    yield from offered.values()


def strange_properties(
    notes: Sequence[Note], kinds: Mapping[str, str | None], tiers: TierScheme | None
) -> Iterator[Row]:
    """Our names of properties that mean something else here: most of their values are none of our words.

    Each note would be told otherwise to have a wrong status, stage or tier. One is off where some notes do
    use our words: not to read it would bring back to the agenda who is paused or lost by them.
    """
    known = None if tiers is None else tier_words(tiers)
    uses: dict[str, _Use] = {}
    for note in notes:
        for each in note.properties:
            row = row_of(kinds[note.path] or "", each.name, NoteMapping())
            if row is None or not _says(each.value):
                continue
            use = uses.setdefault(fold(each.name), _Use(each.name, ""))
            use.paths.add(note.path)
            context = Context("", ReadConfig())
            row.reader(each.value, each.name, context)
            is_strange = any(told.code in NO_WORDS for told in context.told)
            if row.field == TIER and known is not None:
                is_strange = not all(fold(text) in known for text in _texts(each.value))
            if is_strange:
                use.taken += 1
                use.example = use.example or ", ".join(_texts(each.value))
    for use in uses.values():
        if 2 * use.taken > len(use.paths) and use.taken >= MANY:
            yield use.row(on=use.taken == len(use.paths))


def _add_uses(uses: dict[tuple[str, str], _Use], note: Note, kind: str, names: Names) -> None:
    plain = NoteMapping()
    standard = {row.field for each in note.properties if (row := row_of(kind, each.name, plain))}
    for each in note.properties:
        if len(each.name) > LONGEST_NAME or row_of(kind, each.name, plain) is not None:
            continue
        for meant in _fields(fold(each.name), kind) if _says(each.value) else ():
            meaning = _standard_name(meant, kind)
            use = uses.setdefault((fold(each.name), meaning), _Use(each.name, meaning))
            is_read = _is_read(each, meant, kind, names)
            if is_read or not use.example:
                use.example = use.example if use.read else ", ".join(_texts(each.value))
            use.paths.add(note.path)
            use.taken += meant in standard
            use.read += is_read


def _fields(name: str, kind: str) -> Iterator[str]:
    """The fields that a name may mean in a kind of note, the likeliest first."""
    meant = FIELD_OF_NAME.get(name) or field_called(kind, name)
    if kind == "interaction" and name in ATTENDEES:
        yield "clients"
    if kind == "interaction" and meant == "start":
        yield "day"
    if meant is not None:
        meant = "clients" if meant == CLIENT and kind != PERSON else meant
        if any(row.field == meant and kind in row.kinds for row in PROPERTIES):
            yield meant


def _standard_name(field_: str, kind: str) -> str:
    return next(row.names[0] for row in PROPERTIES if row.field == field_ and kind in row.kinds)


def _says(value: Value) -> bool:
    return any(text.strip() for text in _texts(value))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, Scalar):
        yield value.text
    elif not isinstance(value, Fields):
        for item in value.items:
            yield from _texts(item)


def _is_read(item: Property, field_: str, kind: str, names: Names) -> bool:
    """Whether the value is one that the property may have."""
    if field_ in (CLIENT, "clients"):
        return names.means_client(item.value, people=kind != PERSON)
    row = next(row for row in PROPERTIES if row.field == field_ and kind in row.kinds)
    context = Context("", ReadConfig())
    return row.reader(item.value, item.name, context) is not None and not context.told


def own_sections(notes: Iterable[Note], kinds: Mapping[str, str | None]) -> Iterator[Row]:
    """Headings of the vault's own below which clients' notes tell conversations, as our logs do."""
    found: dict[str, Row] = {}
    for note in notes:
        lost = undeclared_log(note.body, note.body_line) if kinds[note.path] == CLIENT else None
        if lost is not None and lost[2] and fold(lost[2]) not in LOG_SECTIONS:
            _, text, heading = lost
            row = found.get(fold(heading)) or Row("sections", heading, LOG, 0, text)
            found[fold(heading)] = replace(row, count=row.count + 1)
    yield from found.values()


def main_currency(notes: Iterable[Note], kinds: Mapping[str, str | None], own: Iterable[Row]) -> Row | None:
    """The currency of most amounts that say one; None where none is that of more than half."""
    mapping = NoteMapping(properties={fold(row.key): row.meaning for row in own if row.on and row.meaning})
    config = ReadConfig()
    said: dict[str, list[str]] = {}
    for note in notes:
        for each in note.properties:
            row = row_of(kinds[note.path] or "", each.name, mapping)
            if row is None or row.field != AMOUNT or not isinstance(each.value, Scalar):
                continue
            money = parse_money(each.value.text, config.currency)
            if money is not None and money.currency is not None:
                said.setdefault(money.currency, []).append(each.value.text)
    for currency, amounts in said.items():
        if 2 * len(amounts) > sum(map(len, said.values())):
            return Row("currency", "currency", currency, len(amounts), amounts[0])
    return None
