"""Ticks a task in the bytes of a note, found by what it says; every other byte stays as it is.

A place that was remembered may be that of another line by now: only the bytes at hand say where the task
stands. This module must not know whose task it is.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.model.note import ListItem, SourceFile
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import FollowUp
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.body import list_items
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.log import BLOCK_NAME
from vaultcrm.parse.log_slips import Tell
from vaultcrm.parse.tasks import parse_task


class Tick(NamedTuple):
    """A note with a task ticked: its new bytes, and the line of the task before and after, by its number."""

    data: bytes
    line: int
    before: str
    after: str


def tick(data: bytes, task: FollowUp, day: date, timezone: str | None) -> Tick | None:
    """Tick the first open task of the note that says the same and is due on the same day.

    ``- [ ] …`` becomes ``- [x] … ✅ 2026-11-20``: the date stands at the end of the line, before a block's
    name (``^name``); one that stood there already is exchanged.

    Args:
        data: The bytes of the note.
        task: What is looked for; where it was read before does not count.
        day: The day on which it was done.
        timezone: The vault's time zone, in which tasks are read.

    Returns:
        None where no such task is open, or where it is not certain how its line would be read.
    """
    before = _tasks(data, task, timezone)
    lines = data.splitlines(keepends=True)
    for index, (item, found) in enumerate(before):
        if _same(found, task) and found.state == "open":
            old = lines[item.line - 1].decode()
            new = _ticked(old, item, day)
            changed = b"".join([*lines[: item.line - 1], new.encode(), *lines[item.line :]])
            if not _is_ticked(before, _tasks(changed, task, timezone), index, day):
                return None
            return Tick(changed, item.line, _shown(old), _shown(new))
    return None


Found = tuple[ListItem, FollowUp]


def _tasks(data: bytes, task: FollowUp, timezone: str | None) -> list[Found]:
    """The tasks of a note as they are read, in order."""
    note = parse_note(SourceFile(task.path, data))[0]
    items = (item for item in list_items(note.body, note.body_line) if item.box is not None)
    return [(item, parse_task(item, task.path, task.noted, timezone, _UNTOLD)) for item in items]


def _same(one: FollowUp, other: FollowUp) -> bool:
    return (one.text, one.due, one.owners) == (other.text, other.due, other.owners)


def _ticked(line: str, item: ListItem, day: date) -> str:
    """The line with its box ticked and the date behind its text."""
    head, text = line[: item.column - 1], line[item.column - 1 :]
    box = head.rfind("[")
    head = f"{head[: box + 1]}x{head[box + 2 :]}"
    done = f"✅ {day.isoformat()}"
    if _DONE.search(text):
        return head + _DONE.sub(done, text, count=1)
    bare = text.rstrip()
    name = BLOCK_NAME.search(bare)
    at = name.start() if name is not None else len(bare)
    return f"{head}{text[:at]} {done}{text[at:]}"


def _is_ticked(before: list[Found], after: list[Found], index: int, day: date) -> bool:
    """Whether the task of that index, and no other, is now read as done on the day."""
    wanted = [(_said(found), found.state, found.done_on) for _, found in before]
    wanted[index] = (wanted[index][0], "done", day)
    return [(_said(found), found.state, found.done_on) for _, found in after] == wanted


def _said(task: FollowUp) -> object:
    return task.text, task.due, task.owners, task.place.line


def _shown(line: str) -> str:
    return line.strip("\r\n").lstrip("\ufeff")


def _untold(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
    """What is wrong with a task is told where notes are read."""


_UNTOLD: Tell = _untold
_DONE = regex(r"✅\ufe0f?\s*[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?")
