from __future__ import annotations

import pytest

from tests.policies import preset
from tests.rules.builders import client, follow_up, history
from tests.rules.standings import D, ago
from vaultcrm.model.records import FollowUp
from vaultcrm.rules.tasks import open_tasks


def due_of(*tasks: FollowUp) -> list[tuple[str, str]]:
    found = open_tasks(history(tasks=tasks), preset(), D)
    return [(task.follow_up.text, task.due.isoformat()) for task in found]


@pytest.mark.parametrize(
    ("task", "is_open"),
    [
        (follow_up(noted=ago(5)), True),
        (follow_up(noted=ago(5), state="cancelled"), False),
        (follow_up(noted=ago(5), state="done"), False),
        (follow_up(noted=ago(5), state="done", done_on=D), False),
        (follow_up(noted=ago(5), state="done", done_on=ago(-1)), True),
        (follow_up(noted=D), True),
        (follow_up(noted=ago(-1), due=D), False),
        (follow_up(noted=None, due=ago(-400)), True),
        (follow_up(noted=None, due=None), False),
    ],
    ids=[
        "open",
        "cancelled",
        "ticked without a day",
        "ticked today",
        "ticked tomorrow",
        "noted today",
        "noted tomorrow",
        "dated, in a client's note",
        "undated, in a client's note",
    ],
)
def test_which_tasks_are_open(task: FollowUp, is_open: bool) -> None:
    assert bool(due_of(task)) is is_open


def test_undated_task_is_due_three_days_after_its_interaction() -> None:
    assert due_of(follow_up("call", noted="2026-11-20")) == [("call", "2026-11-23")]


def test_a_written_date_comes_before_the_interactions() -> None:
    assert due_of(follow_up("call", noted="2026-11-20", due="2026-11-01")) == [("call", "2026-11-01")]


def test_sorted_by_due_then_path_in_nfc_then_line() -> None:
    tasks = [
        follow_up("d", path="Cae\u0301.md", due=D),  # é comes after z, e with an accent before it
        follow_up("c", path="Caz.md", line=12, due=D),
        follow_up("b", path="Caz.md", line=3, due=D),
        follow_up("a", path="Z.md", due=ago(1)),
    ]
    assert [text for text, _ in due_of(*tasks)] == ["a", "b", "c", "d"]


def test_tasks_of_clients_of_every_status() -> None:
    lost = history(client(status="lost"), tasks=[follow_up(due=D)])
    (task,) = open_tasks(lost, preset(), D)
    assert task.client is lost.client
