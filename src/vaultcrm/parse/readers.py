"""Reads one value of a property: a date, an amount, a choice; what it cannot read is told with its place.

This module must not know which property a value stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Fields, Items, Place, Scalar, Value
from vaultcrm.model.policy import NoteMapping
from vaultcrm.model.records import Money
from vaultcrm.parse.body import find_links
from vaultcrm.parse.likely_dates import date_like
from vaultcrm.parse.values import (
    POINTED,
    parse_date,
    parse_interval,
    parse_money,
    parse_score,
    parse_sentiment,
    parse_yearly,
)
from vaultcrm.parse.vocabulary import (
    CHANNELS,
    NOTHING,
    SENTIMENTS,
    STAGES,
    TOPICS,
    YES_NO,
    fold,
    has_han,
    near_channel,
    nearest,
    often_meant,
    parts_of,
    spellings,
)


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """What of the configuration changes how notes are read; part of the cache's key.

    ``dimensions`` are the names of the tier scheme's own scores, ``mutable`` the ids that ``mute`` may name.
    """

    currency: str = "CNY"
    timezone: str | None = None
    daily: str | None = None
    mapping: NoteMapping = field(default_factory=NoteMapping)
    dimensions: tuple[str, ...] = ()
    mutable: frozenset[str] = frozenset()


@dataclass(slots=True)
class Context:
    """The note being read: its path, the configuration, and the diagnostics collected so far."""

    path: str
    config: ReadConfig
    told: list[Diagnostic] = field(default_factory=list)

    def tell(
        self, code: str, line: int, column: int, read: str = "", about: str = "", hints: tuple[str, ...] = ()
    ) -> None:
        """Remember a diagnostic of this note."""
        self.told.append(Diagnostic(code, Place(self.path, line, column), read, about, hints))


Reader = Callable[[Value, str, Context], object]
"""Reads a value; takes the value, the property's name as written, and the note. None: nothing to keep."""


def one_scalar(value: Value, name: str, context: Context) -> Scalar | None:
    """The one scalar that a value is, or that a list of one holds.

    None where there is nothing or (told) more.
    """
    if isinstance(value, Scalar):
        return value if value.text.strip() else None
    if isinstance(value, Items) and not value.items:
        return None
    if isinstance(value, Items) and len(value.items) == 1 and isinstance(value.items[0], Scalar):
        return one_scalar(value.items[0], name, context)
    shown = "a list" if isinstance(value, Items) else "fields"
    context.tell("bad-shape", value.line, value.column, shown, name)
    return None


def scalars(value: Value, name: str, context: Context) -> tuple[Scalar, ...]:
    """The scalars of a list, or the single one; a field within is told."""
    if isinstance(value, Scalar):
        return (value,) if value.text.strip() else ()
    if isinstance(value, Fields):
        context.tell("bad-shape", value.line, value.column, "fields", name)
        return ()
    found: list[Scalar] = []
    for item in value.items:
        found.extend(scalars(item, name, context))
    return tuple(found)


def says_nothing(scalar: Scalar) -> bool:
    """Whether an unquoted value says that there is none."""
    return not scalar.quoted and scalar.text.strip().lower() in NOTHING


def _written(value: Value, name: str, context: Context) -> Scalar | None:
    """The one scalar that a value is; None where that says that there is none."""
    scalar = one_scalar(value, name, context)
    return None if scalar is None or says_nothing(scalar) else scalar


def is_nested_link(value: Items) -> bool:
    """Whether YAML read an unquoted ``[[Acme]]`` as a list in a list."""
    inner = value.items[0] if len(value.items) == 1 else None
    return (
        isinstance(inner, Items)
        and bool(inner.items)
        and all(isinstance(item, Scalar) for item in inner.items)
    )


def read_text(value: Value, name: str, context: Context) -> object:
    """Text as written; a list is joined by commas, a lone wikilink gives what it shows."""
    if isinstance(value, Scalar):
        return _unlinked(value.text.strip()) or None
    if isinstance(value, Items) and is_nested_link(value):
        return ", ".join(scalar.text for scalar in scalars(value, name, context)) or None
    return ", ".join(_unlinked(item.text.strip()) for item in scalars(value, name, context)) or None


def read_one_text(value: Value, name: str, context: Context) -> object:
    """Text of which there is one: of a list the first, and the others are told."""
    if not isinstance(value, Items) or is_nested_link(value):
        return read_text(value, name, context)
    found = [item for item in scalars(value, name, context) if item.text.strip()]
    if len(found) > 1:
        others = ", ".join(item.text.strip() for item in found[1:])
        context.tell("first-only", found[1].line, found[1].column, others, name)
    return _unlinked(found[0].text.strip()) if found else None


def read_owner(value: Value, name: str, context: Context) -> object:
    """The one who is responsible, with or without the ``@`` that tasks have; several in one text are told.

    A comma tells nothing: it may stand within a name.
    """
    found = read_one_text(value, name, context)
    if not isinstance(found, str):
        return found
    if isinstance(value, Scalar) and not _SEVERAL.isdisjoint(found):
        parts = parts_of(found)
        if parts:
            context.tell("several-in-one", value.line, value.column, found, name, (parts[0],))
    return found.removeprefix("@").strip() or None


_SEVERAL = frozenset("、，；;")


def _unlinked(text: str) -> str:
    if not text.startswith("[["):
        return text
    links = find_links(text)
    return links[0].shown if len(links) == 1 and links[0].end == len(text) else text


def read_texts(value: Value, name: str, context: Context) -> object:
    """Texts, one or a list."""
    return tuple(scalar.text.strip() for scalar in scalars(value, name, context)) or None


def _one(
    parse: Callable[[str, ReadConfig], object],
    code: str,
    hints: Callable[[str], tuple[str, ...]] = lambda text: (),
) -> Reader:
    """A reader of one thing; ``code`` is told where the text means none, with what could stand there."""

    def read(value: Value, name: str, context: Context) -> object:
        scalar = _written(value, name, context)
        if scalar is None:
            return None
        found = parse(scalar.text, context.config)
        if found is None:
            context.tell(code, scalar.line, scalar.column, scalar.text, name, hints(scalar.text))
        return found

    return read


read_date = _one(
    lambda text, config: parse_date(text.strip(), config.timezone),
    "bad-date",
    lambda text: (date_like(text),),
)
read_interval = _one(lambda text, config: parse_interval(text), "bad-interval")
_money = _one(lambda text, config: parse_money(text, config.currency), "bad-money")
read_yes_no = _one(lambda text, config: YES_NO.get(fold(text)), "bad-yes-no")


def read_money(value: Value, name: str, context: Context) -> object:
    """An amount of money; one that may be a thousand times as much is told."""
    found = _money(value, name, context)
    if isinstance(found, Money) and isinstance(value, Scalar):
        text = value.text.strip()
        if POINTED.fullmatch(text):
            context.tell("doubtful-money", value.line, value.column, text, name, (str(found.amount),))
    return found


def read_dates(value: Value, name: str, context: Context) -> object:
    """Days in the order of writing, None for each that is wrong so that pairs stay pairs."""
    days = [read_date(scalar, name, context) for scalar in scalars(value, name, context)]
    return tuple(days) if any(days) else None


def read_paid(value: Value, name: str, context: Context) -> object:
    """A day, or yes or no."""
    scalar = _written(value, name, context)
    if scalar is None:
        return None
    found = YES_NO.get(fold(scalar.text), parse_date(scalar.text.strip(), context.config.timezone))
    if found is None:
        answers = ("yes", "no") if not has_han(name + scalar.text) else ("是", "否")
        hints = (date_like(scalar.text), *answers)
        context.tell("bad-date", scalar.line, scalar.column, scalar.text, name, hints)
    return found


def read_yearly(value: Value, name: str, context: Context) -> object:
    """A yearly date, solar or lunar."""
    scalar = _written(value, name, context)
    if scalar is None:
        return None
    day = parse_yearly(scalar.text, context.config.timezone)
    if day is None:
        context.tell("bad-yearly-date", scalar.line, scalar.column, scalar.text, name)
    elif day.lunar and day.year is not None and not 1900 <= day.year <= 2099:
        context.tell("lunar-out-of-range", scalar.line, scalar.column, scalar.text, name)
        return None
    return day


def score_reader(low: int, high: int) -> Reader:
    """A reader of numbers from ``low`` to ``high``, both included."""

    def read(value: Value, name: str, context: Context) -> object:
        scalar = _written(value, name, context)
        if scalar is None:
            return None
        score = parse_score(scalar.text, low, high)
        if score is None:
            context.tell("bad-score", scalar.line, scalar.column, scalar.text, name, (f"{low}–{high}",))
        return score

    return read


def choice_reader(table: Mapping[str, str]) -> Reader:
    """A reader of one of the words of a table, or of a link that shows one."""

    def read(value: Value, name: str, context: Context) -> object:
        scalar = _written(value, name, context)
        if scalar is None:
            return None
        word = table.get(fold(_unlinked(scalar.text.strip())))
        if word is None:
            _tell_choice(scalar, name, table, context)
        return word

    return read


def _tell_choice(scalar: Scalar, name: str, table: Mapping[str, str], context: Context) -> None:
    words = spellings(table, scalar.text + name)
    near = often_meant(scalar.text, words) + nearest(scalar.text, words)
    # of a few words all are told: what looks alike need not mean the same, as "closed" and "lost"
    hints = tuple(dict.fromkeys((*near, *words))) if len(words) <= FEW_WORDS else near or words
    context.tell("bad-choice", scalar.line, scalar.column, scalar.text, name, hints)


def read_stage(value: Value, name: str, context: Context) -> object:
    """A lifecycle stage pinned by hand."""
    scalar = _written(value, name, context)
    if scalar is None:
        return None
    word = STAGES.get(fold(scalar.text))
    if word is None:
        hints = spellings(STAGES, scalar.text + name)
        context.tell("unknown-stage", scalar.line, scalar.column, scalar.text, name, hints)
    return word


def read_topics(value: Value, name: str, context: Context) -> object:
    """Topics, known ones only."""
    found = []
    for scalar in scalars(value, name, context):
        word = TOPICS.get(fold(scalar.text))
        parts = () if word else parts_of(scalar.text.strip())
        if parts and all(fold(part) in TOPICS for part in parts):
            tell_several(scalar, name, parts, context)
        elif word is None:
            _tell_choice(scalar, name, TOPICS, context)
        else:
            found.append(word)
    return tuple(dict.fromkeys(found)) or None


def tell_several(scalar: Scalar, name: str, parts: tuple[str, ...], context: Context) -> None:
    """Tell of a text that names several in one, and how to write a list."""
    hint = f"[{', '.join(parts)}]"
    context.tell("several-in-one", scalar.line, scalar.column, scalar.text, name, (hint,))


FEW_WORDS = 8
"""Up to how many words there may be for all of them to be told."""


def read_channel(value: Value, name: str, context: Context) -> object:
    """A channel; one that is not known stays as written, and is told where it is nearly a known one."""
    scalar = one_scalar(value, name, context)
    if scalar is None:
        return None
    text = scalar.text.strip()
    word = CHANNELS.get(fold(text))
    if word is None:
        near = near_channel(text)
        if near:
            context.tell("unknown-channel", scalar.line, scalar.column, text, name, near)
    return word or text


def read_sentiment(value: Value, name: str, context: Context) -> object:
    """An attitude."""
    scalar = _written(value, name, context)
    if scalar is None:
        return None
    mood = parse_sentiment(scalar.text)
    if mood is None:
        context.tell(
            "bad-choice",
            scalar.line,
            scalar.column,
            scalar.text,
            name,
            (*spellings(SENTIMENTS, scalar.text + name), "-2 … 2"),
        )
    return mood
