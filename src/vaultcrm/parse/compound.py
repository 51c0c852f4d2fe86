"""Reads values that are made of several: links, muted ids, dates with titles, inline projects.

This module must not know which property a value stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from vaultcrm.model.note import Fields, Items, Property, Scalar, Value
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import ImportantDate, Mute, Reference, YearlyDate
from vaultcrm.parse.body import find_links
from vaultcrm.parse.readers import (
    Context,
    is_nested_link,
    read_date,
    read_text,
    read_yearly,
    read_yes_no,
    scalars,
    tell_several,
)
from vaultcrm.parse.vocabulary import (
    fold,
    has_han,
    nearest,
    parts_of,
)

_MUTE_LIKE = "{id: silent, until: 2026-12-31}"
_DATE_LIKE = {False: "{date: 05-20, title: …}", True: "{日期: 05-20, 标题: …}"}
_PROJECT_LIKE = {False: "{title: …, start: 2026-11-20}", True: "{标题: …, 开始日期: 2026-11-20}"}
"""What each is to look like, by whether the property's name is Chinese."""


def _shown(value: Value) -> str:
    """A value as it looks in a note, for a diagnostic."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return f"[{', '.join(_shown(item) for item in value.items)}]"
    return f"{{{', '.join(f'{entry.name}: {_shown(entry.value)}' for entry in value.entries)}}}"


def read_references(value: Value, name: str, context: Context) -> object:
    """Links or names, one or a list, in every spelling; nothing is looked up yet."""
    return tuple(_references(value, name, context)) or None


def _references(value: Value, name: str, context: Context) -> list[Reference]:
    if isinstance(value, Scalar):
        return _in_text(value)
    if isinstance(value, Fields):
        context.tell("bad-link", value.line, value.column, _shown(value), name)
        return []
    if is_nested_link(value):
        return [_nested_link(value, name, context)]
    found: list[Reference] = []
    for item in value.items:
        found.extend(_references(item, name, context))
    return found


def _nested_link(value: Items, name: str, context: Context) -> Reference:
    text = ", ".join(scalar.text.strip() for scalar in scalars(value, name, context))
    target, _, shown = text.partition("|")
    bare = _without_heading(target)
    return Reference(bare, shown.strip() or bare, value.line, value.column, True)


def _without_heading(target: str) -> str:
    return target.partition("#")[0].strip()


def _in_text(scalar: Scalar) -> list[Reference]:
    text = scalar.text.strip()
    if not text:
        return []
    links = find_links(text) if "[" in text else ()
    if links:
        return [Reference(k.target, k.shown, scalar.line, scalar.column, True, k.relative) for k in links]
    return [Reference(text, text, scalar.line, scalar.column)]


def read_reference(value: Value, name: str, context: Context) -> object:
    """One link or name; the first where several are given."""
    found = _references(value, name, context)
    tell_others(found, name, context)
    return found[0] if found else None


def tell_others(found: Sequence[Reference], name: str, context: Context) -> None:
    """Tell that of several links only the first counts."""
    if len(found) > 1:
        others = ", ".join(each.text for each in found[1:])
        context.tell("first-only", found[1].line, found[1].column, others, name)


def read_mute(value: Value, name: str, context: Context) -> object:
    """Ids to keep quiet, each a text or ``{id, until}``."""
    found: list[Mute] = []
    for item in value.items if isinstance(value, Items) else (value,):
        entries = (
            {fold(entry.name): entry.value for entry in item.entries} if isinstance(item, Fields) else {}
        )
        scalar = entries.get("id") if entries else item
        if not isinstance(scalar, Scalar):
            context.tell("bad-fields", item.line, item.column, _shown(item), name, (_MUTE_LIKE,))
            continue
        if not scalar.text.strip():
            continue
        id_ = _mutable(scalar.text, context)
        parts = () if id_ in context.config.mutable else parts_of(scalar.text.strip())
        if parts and all(fold(part).replace("_", "-") in context.config.mutable for part in parts):
            tell_several(scalar, name, parts, context)
            continue
        if id_ not in context.config.mutable:
            hints = nearest(scalar.text, sorted(context.config.mutable))
            context.tell("bad-mute", scalar.line, scalar.column, scalar.text, name, hints)
            continue
        until = read_date(entries["until"], "until", context) if "until" in entries else None
        found.append(Mute(id_, until if isinstance(until, date) else None, scalar.line))
    return tuple(found) or None


def _mutable(text: str, context: Context) -> str:
    """The id that a text means: as it is, or as touchpoints are called elsewhere, `生日`."""
    id_ = fold(text).replace("_", "-")
    if id_ in context.config.mutable:
        return id_
    from vaultcrm.parse.policy_words import TOUCHPOINTS  # few notes mute anything by another name

    return TOUCHPOINTS.get(fold(text), id_)


_DATE_FIELDS = {
    "date": "date",
    "日期": "date",
    "title": "title",
    "标题": "title",
    "once": "once",
    "一次": "once",
}


def read_important_dates(value: Value, name: str, context: Context) -> object:
    """Dates with titles, yearly unless ``once: true``."""
    found: list[ImportantDate] = []
    for item in value.items if isinstance(value, Items) else (value,):
        if isinstance(item, Scalar) and not item.text.strip():
            continue
        if not isinstance(item, Fields):
            context.tell(
                "bad-fields", item.line, item.column, _shown(item), name, (_DATE_LIKE[has_han(name)],)
            )
            continue
        entry = _important_date(item, name, context)
        if entry is not None:
            found.append(entry)
    return tuple(found) or None


def _important_date(item: Fields, name: str, context: Context) -> ImportantDate | None:
    parts = {_DATE_FIELDS.get(fold(entry.name)): entry.value for entry in reversed(item.entries)}
    title = read_text(parts["title"], "title", context) if "title" in parts else None
    once = read_yes_no(parts["once"], "once", context) is True if "once" in parts else False
    if "date" not in parts:
        context.tell("bad-fields", item.line, item.column, _shown(item), name, (_DATE_LIKE[has_han(name)],))
        return None
    day = read_yearly(parts["date"], "date", context)
    if not isinstance(day, YearlyDate):
        return None
    if once and day.year is None:
        context.tell("once-without-year", item.line, item.column, str(title or ""), name)
        once = False
    if title is None:
        context.tell("missing-title", item.line, item.column, "", name)
    return ImportantDate(day, str(title or ""), once, item.line)


def read_fields(value: Value, name: str, context: Context) -> object:
    """Mappings, one or a list; what they hold is read by the rows of their own kind.

    A link says where a note of its own is, which counts by itself.
    """
    found: list[Fields] = []
    is_link = isinstance(value, Items) and is_nested_link(value)
    for item in value.items if isinstance(value, Items) and not is_link else (value,):
        if isinstance(item, Fields):
            found.append(item)
        elif _is_link(item):
            continue
        elif not isinstance(item, Scalar) or item.text.strip():
            context.tell(
                "bad-fields", item.line, item.column, _shown(item), name, (_PROJECT_LIKE[has_han(name)],)
            )
    return tuple(found) or None


def _is_link(value: Value) -> bool:
    if not isinstance(value, Scalar):
        return isinstance(value, Items) and is_nested_link(value)
    text = value.text.strip()
    links = find_links(text) if "[" in text else ()
    return len(links) == 1 and (links[0].start, links[0].end) == (0, len(text))


def with_thousands(entries: Iterable[Property]) -> tuple[Property, ...]:
    """The entries of a map on one line, with ``amount: 12,000`` in one piece.

    For YAML the comma ends an entry there, and ``000`` is one of its own; for who writes it, it is an amount.
    So is ``4.500,00``, which is none of ours and is told as a whole then.
    """
    joined: list[Property] = []
    for entry in entries:
        last = joined[-1].value if joined else None
        is_rest = (
            isinstance(entry.value, Scalar) and not entry.value.text and _THOUSANDS.fullmatch(entry.name)
        )
        if is_rest and isinstance(last, Scalar) and last.line == entry.line and _BEGUN.search(last.text):
            joined[-1] = joined[-1]._replace(value=last._replace(text=f"{last.text},{entry.name}"))
        else:
            joined.append(entry)
    return tuple(joined)


_BEGUN = regex(r"(?:^|[^0-9,.])[0-9]{1,3}(?:[,.][0-9]{3})*$")
_THOUSANDS = regex(r"[0-9]{3}(?:\.[0-9]+)?[^0-9,.]{0,12}|[0-9]{1,2}\s*[^0-9,.\s]{1,12}")
"""An amount up to a comma that separates thousands, and what stands behind it up to the next one."""
