"""Open tasks: what was promised in notes and is not ticked yet (specification 3, Touchpoints: Tasks).

This module must not know how a task is written, nor where it is shown.
"""

from __future__ import annotations

from datetime import date, timedelta
from unicodedata import normalize

from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, FollowUp
from vaultcrm.model.results import Task
from vaultcrm.rules.known import owner_key


def open_tasks(history: ClientHistory, policy: Policy, day: date) -> tuple[Task, ...]:
    """The client's tasks that are open on a day, sorted by due, path, line.

    An undated task of an interaction is due ``policy.task_days`` after it; without an interaction it does not
    count. Tasks of interactions after the day have not been noted yet.
    """
    tasks = []
    for follow_up in history.tasks:
        if _is_open(follow_up, day) and (follow_up.noted is None or follow_up.noted <= day):
            due = follow_up.due
            if due is None and follow_up.noted is not None:
                due = follow_up.noted + timedelta(days=policy.task_days)
            if due is not None:
                tasks.append(Task(follow_up, history.client, due))
    tasks.sort(key=task_order)
    return tuple(tasks)


def task_order(task: Task) -> tuple[date, str, int, int]:
    """What tasks are sorted by: due, path (code points of its NFC form), line."""
    path, line, column = task.follow_up.place
    return task.due, path if path.isascii() else normalize("NFC", path), line, column


def owners_of(task: Task) -> tuple[str, ...]:
    """Whose a task is, as names are compared: who is named with @, else whose the client is."""
    return tuple(map(owner_key, task.follow_up.owners or (task.client.owner,)))


def is_for(task: Task, owner: str | None) -> bool:
    """Whether a task is an owner's; None: everybody's."""
    return owner is None or owner_key(owner) in owners_of(task)


def _is_open(follow_up: FollowUp, day: date) -> bool:
    """Neither cancelled nor ticked; one that is ticked on a later day is still open."""
    if follow_up.state == "done":
        return follow_up.done_on is not None and follow_up.done_on > day
    return follow_up.state == "open"
