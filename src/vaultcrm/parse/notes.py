"""A note becomes a reading: its kind, its record, its log items and its tasks (specification 2).

Everything that a note can say on its own is said here, diagnostics included; what needs other notes is left
to ``parse.portfolio``. This module must not know any other note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import fields, replace
from vaultcrm.model.note import Fields, ListItem, Note, Place, Scalar, SourceFile
from vaultcrm.model.records import (
    Client,
    Feedback,
    FollowUp,
    Interaction,
    Person,
    Project,
    Reading,
    same_lines,
)
from vaultcrm.parse.body import find_links, list_items, says_something, task_items
from vaultcrm.parse.compound import tell_others, with_thousands
from vaultcrm.parse.folder_notes import SAYS_ITSELF, says_its_kind
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.kinds import folder_kind, kind_of, words_of
from vaultcrm.parse.log import BEGINS_WITH_DATE, parse_daily_item, says_more
from vaultcrm.parse.logs import WITHOUT_LOG, items_of_client, read_log, tell_log, tell_lost
from vaultcrm.parse.readers import Context, ReadConfig
from vaultcrm.parse.schema import SCORES, read_properties, row_of
from vaultcrm.parse.tasks import parse_task
from vaultcrm.parse.telling import (
    conflict_in_body,
    inline_fields,
    misspelt_kind,
    not_said_yet,
    says_a_kind,
    unopened,
)
from vaultcrm.parse.values import FIRST_LIKELY, LAST_LIKELY, parse_date
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE, fold

PARSER_VERSION = "2"
"""Changes whenever the same note may be read differently than before: it is part of the cache's key."""

REGION_MARK = b"vaultcrm:begin"
"""What every note with marked regions holds; what they are is looked at where they are written."""

PLAYBOOK = frozenset({"playbook", "playbooks", fold("手册")})
"""The property of a note that says what it is the playbook for."""

Read = tuple[Reading, tuple[Diagnostic, ...]]


def read_file(source: SourceFile, config: ReadConfig) -> Read:
    """Read a note's bytes. Never raises, whatever they are."""
    note, diagnostics = parse_note(source)
    reading, more = read_note(note, config)
    ours = reading.kind is not None or bool(reading.interactions) or looks_ours(note, config)
    if REGION_MARK in source.data:
        reading = replace(reading, regions=True)
    if not diagnostics:
        diagnostics = (*unopened(note, ours, config.mapping), *conflict_in_body(note))
    if reading.kind is None and note.properties and folder_kind(note.path, config) is not None:
        slips = misspelt_kind(note)
        more, ours = (*more, *slips), ours or bool(slips)
    if not diagnostics:
        return reading, more if ours else ()
    ours = ours or says_a_kind(source.data)
    return reading, (*diagnostics, *not_said_yet(more, diagnostics)) if ours else ()


def looks_ours(note: Note, config: ReadConfig) -> bool:
    """Whether an unrecognised note stands where ours do, so that its problems are worth telling."""
    return folder_kind(note.path, config) is not None and not any(
        fold(p.name) == "type" for p in note.properties
    )


def read_note(note: Note, config: ReadConfig) -> Read:
    """Read a note that was taken apart; a note of no kind gives an empty reading and no diagnostics."""
    context = Context(note.path, config)
    kind, is_order = kind_of(note, config)
    if kind is None:
        daily = in_daily(note.path, config)
        reading = _daily(note, context) if daily else Reading(note.path, None, playbooks=_playbooks(note))
        return reading, tuple(context.told)
    reading = _KIND_READERS[kind](note, context, is_order)
    if kind in WITHOUT_LOG:
        tell_log(note, "log-elsewhere", context)
    return reading, (*context.told, *inline_fields(note, kind, config.mapping))


def _playbooks(note: Note) -> tuple[str, ...]:
    """What the note says to be the playbook for: ``playbook: [survey, check-in-1m]``."""
    return next((words_of(each.value) for each in note.properties if fold(each.name) in PLAYBOOK), ())


def in_daily(path: str, config: ReadConfig) -> bool:
    """Whether a note lies in the folder of daily notes."""
    return config.daily is not None and fold(path).startswith(fold(config.daily) + "/")


def stem_date(stem: str) -> date | None:
    """The date that a file's name begins with."""
    match = BEGINS_WITH_DATE.match(stem) if stem[:1].isdigit() else None
    return parse_date(match[1][:10].rstrip()) or parse_date(match[1]) if match else None


def _place(note: Note) -> Place:
    return Place(note.path, 1, 1)


def _items(note: Note) -> tuple[ListItem, ...]:
    return list_items(note.body, note.body_line) if note.body else ()


def _task_items(note: Note) -> tuple[ListItem, ...]:
    """The items of a note in which only tasks matter; most such notes have none."""
    return task_items(note.body, note.body_line)


def _tasks(items: tuple[ListItem, ...], noted: date | None, context: Context) -> tuple[FollowUp, ...]:
    """The tasks among some items. A box with nothing behind it is what a template left."""
    zone = context.config.timezone
    boxes = (item for item in items if item.box is not None)
    found = (parse_task(item, context.path, noted, zone, context.tell) for item in boxes)
    return tuple(task for task in found if task.text or task.due)


def _read_client(note: Note, context: Context, is_order: bool) -> Reading:
    del is_order
    values, lines = read_properties("client", note.properties, context)
    lines = same_lines(
        {name: line for name, line in lines.items() if name in values}
    )  # as they say something
    if not lines and says_its_kind(note, context.config):
        lines = same_lines({SAYS_ITSELF: 1})
    contracts = _contracts(values, lines, context)
    inline = cast("tuple[Fields, ...]", values.pop("projects", ()))
    names = (*SCORES, *context.config.dimensions)
    scores = {name: cast(Decimal, values.pop(name)) for name in names if name in values}
    status = values.get("status", "active")
    if "lost_on" in values and status != "lost":
        context.tell("lost-on-without-status", lines["lost_on"], 1)
    fields = _known(Client, values)
    fields.setdefault("name", note.stem)
    client = Client(
        place=_place(note),
        lines=lines,
        contracts=contracts,
        scores=scores,
        projects=tuple(_inline_project(item, context) for item in inline),
        computed=_computed(note),
        **fields,
    )
    items = items_of_client(note, context.config)
    tell_lost(note, items, context)
    return Reading(note.path, "client", client, read_log(items, context), _tasks(items, None, context))


def _computed(note: Note) -> tuple[tuple[str, str], ...]:
    """What vaultcrm itself wrote there."""
    own = [item for item in note.properties if item.name.startswith("crm_")]
    return tuple((item.name, item.value.text) for item in own if isinstance(item.value, Scalar))


def _contracts(
    values: dict[str, object], lines: Mapping[str, int], context: Context
) -> tuple[tuple[date | None, date], ...]:
    starts = cast("tuple[date | None, ...]", values.pop("contract_start", ()))
    ends = cast("tuple[date | None, ...]", values.pop("contract_end", ()))
    if starts and ends and len(starts) != len(ends):
        context.tell("contracts-unequal", lines["contract_end"], 1)
        starts = ()
    padded = starts or (None,) * len(ends)
    for start, end in zip(starts, ends, strict=False):
        if start is not None and end is not None and start > end:
            began, ended = start.isoformat(), end.isoformat()
            context.tell("contract-reversed", lines["contract_start"], 1, began, "", (ended,))
    return tuple((start, end) for start, end in zip(padded, ends, strict=False) if end is not None)


def _inline_project(item: Fields, context: Context) -> Project:
    values, lines = read_properties("project", with_thousands(item.entries), context)
    values.pop("clients", None)
    place = Place(context.path, item.line, item.column)
    types = [word for entry in item.entries if fold(entry.name) in _TYPE for word in words_of(entry.value)]
    for entry in item.entries:
        value = entry.value
        if not isinstance(value, Scalar):
            continue
        if "：" in entry.name and not value.text:
            context.tell("full-width-colon", entry.line, entry.column, entry.name)
        elif "，" in value.text and _swallows_property(value, context):
            context.tell("full-width-colon", value.line, value.column, value.text)
    project = Project(place=place, lines=lines, is_order=_is_order(types), **_known(Project, values))
    _check_dated(project, context)
    return project


def _swallows_property(value: Scalar, context: Context) -> bool:
    """Whether a value holds the next entry behind a full-width comma: ``{标题: A，金额：100}``."""
    if value.quoted:
        return False
    parts = (part.partition("：") for part in value.text.split("，")[1:])
    mapping = context.config.mapping
    return any(colon and row_of("project", name, mapping) is not None for name, colon, _ in parts)


_TYPE = ("type", "类型")


def _is_order(words: list[str]) -> bool:
    return any(KINDS_OF_NOTE.get(word) == "order" for word in words)


def _check_dated(project: Project, context: Context) -> None:
    if project.order_day is None and project.status not in ("proposal", "cancelled"):
        context.tell("project-undated", project.place.line, project.place.column)
    start, delivered = project.start, project.delivered
    if start is not None and delivered is not None and delivered < start:
        line = project.lines.get("delivered", project.place.line)
        context.tell("project-reversed", line, 1, delivered.isoformat(), "", (start.isoformat(),))


def _read_person(note: Note, context: Context, is_order: bool) -> Reading:
    del is_order
    values, lines = read_properties("person", note.properties, context)
    fields = _known(Person, values)
    fields.setdefault("name", note.stem)
    if "client" not in fields:
        context.tell("missing-client", lines.get("client", 1), 1)
        return Reading(note.path, "person")
    person = Person(place=_place(note), lines=lines, **fields)
    return Reading(note.path, "person", person, (), _tasks(_task_items(note), None, context))


def _read_project(note: Note, context: Context, is_order: bool) -> Reading:
    values, lines = read_properties("project", note.properties, context)
    fields = _known(Project, values)
    fields.setdefault("title", note.stem)
    _check_client(lines, fields, context)
    tell_others(fields.get("clients", ()), "client", context)
    project = Project(place=_place(note), lines=lines, is_order=is_order, **fields)
    _check_dated(project, context)
    return Reading(note.path, "project", project, (), _tasks(_task_items(note), None, context))


def _check_client(lines: Mapping[str, int], fields: Mapping[str, object], context: Context) -> None:
    if "clients" not in fields:
        context.tell("missing-client", lines.get("clients", 1), 1)


def _read_interaction(note: Note, context: Context, is_order: bool) -> Reading:
    del is_order
    fields = _of_a_day("interaction", Interaction, note, context)
    if fields is None:
        return Reading(note.path, "interaction")
    record = Interaction(place=_place(note), has_body=says_something(note.body), **fields)
    if record.next is not None and record.next <= record.day:
        context.tell("next-not-after", record.lines["next"], 1, record.next.isoformat())
    return Reading(note.path, "interaction", record, (), _tasks(_task_items(note), record.day, context))


def _read_feedback(note: Note, context: Context, is_order: bool) -> Reading:
    del is_order
    fields = _of_a_day("feedback", Feedback, note, context)
    if fields is None:
        return Reading(note.path, "feedback")
    tell_others(fields.get("clients", ()), "client", context)
    record = Feedback(place=_place(note), **fields)
    return Reading(note.path, "feedback", record)


def _of_a_day(kind: str, form: type, note: Note, context: Context) -> dict[str, Any] | None:
    """The fields of a record that is dated by its property or by its name; None (told) where by neither."""
    values, lines = read_properties(kind, note.properties, context)
    fields = _known(form, values)
    _check_client(lines, fields, context)
    day = fields.pop("day", None) or stem_date(note.stem)
    if day is None:
        context.tell("missing-date", 1, 1)
        return None
    if not FIRST_LIKELY <= day.year <= LAST_LIKELY:
        context.tell("doubtful-date", lines.get("day", 1), 1, day.isoformat())
    return {**fields, "lines": lines, "day": day}


def _daily(note: Note, context: Context) -> Reading:
    """The items of a daily note that link to somebody; most daily notes have none."""
    day = stem_date(note.stem)
    if day is None or "[" not in note.body:
        return Reading(note.path, None)
    found: list[Interaction] = []
    above = 0  # where the text of the item begins that the next one may stand below
    for item in _items(note):
        links = find_links(item.text) if "[" in item.text else ()
        if links:
            entry = parse_daily_item(item, note.path, day, links, context.config.timezone, context.tell)
            above = 0 if entry is None else item.column
            if entry is not None:
                found.append(entry)
        elif item.column <= above:
            above = 0
        elif above and says_more(item, context.config.timezone):
            context.tell("daily-below", item.line, item.column, item.text)
    return Reading(note.path, None, None, tuple(found))


def _known(record: type, values: Mapping[str, object]) -> dict[str, Any]:
    """The values that a record has fields for."""
    names = _field_names(record)
    return {name: value for name, value in values.items() if name in names}


@cache
def _field_names(record: Any) -> frozenset[str]:
    return frozenset(each.name for each in fields(record))


_KIND_READERS: Mapping[str, Callable[[Note, Context, bool], Reading]] = {
    "client": _read_client,
    "person": _read_person,
    "project": _read_project,
    "interaction": _read_interaction,
    "feedback": _read_feedback,
}
