"""Small clients, projects and conversations for the tests of rules.

Days may be written as ISO text. Each builder gives every field that it is told a line of its own (from 2 on,
in the order of writing), so that evidence can be told apart; ``path`` and ``line`` put the record elsewhere.
Fields of records that are not named here are the records' own defaults.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from vaultcrm.model.note import Place
from vaultcrm.model.records import (
    Client,
    ClientHistory,
    Feedback,
    FollowUp,
    Interaction,
    Interval,
    Money,
    Person,
    Project,
    Reference,
    Referral,
)

DAY_FIELDS = {
    *("lost_on", "since", "next_contact", "snooze_until", "referred_on", "reviewed", "left", "start", "due"),
    *("delivered", "signed", "invoice_due", "paid", "next", "resolved", "noted", "done_on"),
}
DECIMAL_FIELDS = {"sentiment", "severity", "result", "communication", "professionalism", "recommend"}


def day(text: str | date) -> date:
    """A day from ISO text; a date is given back as it is."""
    return date.fromisoformat(text) if isinstance(text, str) else text


def client(name: str = "Acme", path: str | None = None, line: int = 1, **fields: Any) -> Client:
    """A client's note; ``scores`` may hold plain numbers, ``cadence`` days, ``contracts`` ISO text."""
    if "scores" in fields:
        fields["scores"] = {key: Decimal(str(value)) for key, value in fields["scores"].items()}
    if isinstance(fields.get("cadence"), int):
        fields["cadence"] = Interval(days=fields["cadence"])
    if "contracts" in fields:
        fields["contracts"] = tuple((start and day(start), day(end)) for start, end in fields["contracts"])
    if isinstance(fields.get("referred_by"), str):
        fields["referred_by"] = reference(fields["referred_by"])
    return Client(name=name, **_written(path or f"Clients/{name}.md", line, fields))


def person(name: str = "Ann Lee", path: str | None = None, line: int = 1, **fields: Any) -> Person:
    """A person's note."""
    return Person(name=name, **_written(path or f"People/{name}.md", line, fields))


def project(
    title: str = "Website", order: bool = False, path: str | None = None, line: int = 1, **fields: Any
) -> Project:
    """A project's note, with ``order`` an order's; a plain ``amount`` is in the vault's currency."""
    if isinstance(fields.get("amount"), int | str | Decimal):
        fields["amount"] = Money(Decimal(fields["amount"]))
    return Project(title=title, is_order=order, **_written(path or f"Projects/{title}.md", line, fields))


def contact(on: str | date, path: str | None = None, line: int = 1, **fields: Any) -> Interaction:
    """An interaction's note, of kind ``contact`` and therefore `out` unless told otherwise."""
    kind = fields.get("kind", "contact")
    if isinstance(fields.get("about"), str):
        fields["about"] = tuple(fields["about"].split())
    where = path or f"Interactions/{day(on)} {kind}.md"
    return Interaction(day=day(on), **_written(where, line, fields))


def feedback(on: str | date, path: str | None = None, line: int = 1, **fields: Any) -> Feedback:
    """A feedback note."""
    return Feedback(day=day(on), **_written(path or f"Feedback/{day(on)}.md", line, fields))


def follow_up(
    text: str = "send the quote", path: str = "Interactions/note.md", line: int = 9, **fields: Any
) -> FollowUp:
    """A task item; ``noted`` is the interaction's day."""
    return FollowUp(text=text, **_written(path, line, fields))


def reference(text: str) -> Reference:
    """A name as it stands in a note."""
    return Reference(text, text, 2, 1, linked=True)


def history(
    of: Client | None = None,
    projects: Iterable[Project] = (),
    interactions: Iterable[Interaction] = (),
    feedback: Iterable[Feedback] = (),
    *,
    people: Iterable[Person] = (),
    tasks: Iterable[FollowUp] = (),
    contacts: Iterable[Person | str] = (),
    decision_makers: Iterable[Person | str] = (),
    introduced: Iterable[Referral] = (),
    **more: Any,
) -> ClientHistory:
    """A client's history, sorted as a portfolio sorts it."""
    return ClientHistory(
        client=of or client(),
        projects=tuple(sorted(projects, key=lambda p: (p.order_day or date.max, p.place))),
        interactions=tuple(sorted(interactions, key=lambda i: (i.day, i.place))),
        feedback=tuple(sorted(feedback, key=lambda f: (f.day, f.place))),
        people=tuple(sorted(people, key=lambda p: (p.name, p.path))),
        tasks=tuple(sorted(tasks, key=lambda t: t.place)),
        contacts=tuple(contacts),
        decision_makers=tuple(decision_makers),
        introduced=tuple(introduced),
        **more,
    )


def _written(path: str, line: int, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with their texts read as days and numbers, and where each was written."""
    values = {name: _value(name, value) for name, value in fields.items()}
    # scores stand in the note one by one
    names = [name for field in values for name in (values[field] if field == "scores" else [field])]
    lines = {name: line + 1 + index for index, name in enumerate(names)}
    return {**values, "place": Place(path, line, 1), "lines": lines}


def _value(name: str, value: Any) -> Any:
    if name in DAY_FIELDS and isinstance(value, str):
        return day(value)
    if name in DECIMAL_FIELDS and isinstance(value, int | float):
        return Decimal(str(value))
    return value
