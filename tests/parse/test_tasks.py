"""Task items in the notations that the specification names (specification 2, Interaction)."""

from __future__ import annotations

from datetime import date

import pytest

from vaultcrm.model.note import ListItem
from vaultcrm.model.records import FollowUp
from vaultcrm.parse.tasks import parse_task

NOTED = date(2026, 11, 20)


def task(text: str, box: str = " ") -> tuple[FollowUp, list[tuple[str, str]]]:
    told: list[tuple[str, str]] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, read))

    return parse_task(ListItem(text, text, box, 9, 7), "Interactions/x.md", NOTED, None, tell), told


@pytest.mark.parametrize(
    "text",
    [
        "send the quote 📅 2026-11-25 ⏫ @wang",
        "send the quote ⏫ 📅2026-11-25 @wang",
        "send the quote (due:: 2026-11-25) @wang",
        "send the quote [due:: 2026-11-25] @wang",
        "send the quote due:2026-11-25 @wang",
        "send the quote due：2026-11-25 @wang 🔼",
        "@wang send the quote 📅 2026-11-25 🔁 every week ➕ 2026-11-01 🆔 abc12",
        "send @wang the quote 📆\ufe0f 2026-11-25",
    ],
)
def test_every_notation_means_the_same(text: str) -> None:
    found, told = task(text)
    assert told == []
    assert (found.text, found.due, found.owners) == ("send the quote", date(2026, 11, 25), ("wang",))
    assert (found.state, found.noted, found.place.line) == ("open", NOTED, 9)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("send the quote ^abc-1", "send the quote"),
        ("send the quote 📅 2026-11-25 ^abc-1 ", "send the quote"),
        ("two ^ three ^b", "two ^ three"),
        ("two^b", "two^b"),
        ("a ^b c", "a ^b c"),
        ("a ^报价", "a ^报价"),
    ],
)
def test_name_of_its_block_is_no_part_of_a_task(text: str, shown: str) -> None:
    assert task(text)[0].text == shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("call 📅 11月26日", ["11月26日"]),
        ("call 📅 26.11.2026 ⏫", ["26.11.2026"]),
        ("call 📅 2026-02-30", ["2026-02-30"]),
        ("call 📅 11月26日 📅 2026-11-25", []),
        ("call 📅 team day", []),
        ("call ✅ 2026-02-30", ["2026-02-30"]),
        ("call ✅ 30.02.2026", ["30.02.2026"]),
        ("call ✅ 3 times", []),
        ("call due:tomorrow", ["tomorrow"]),
        ("call due:friday @mira", ["friday"]),
        ("call due: Tomorrow", ["Tomorrow"]),
        ("call due：明天", ["明天"]),
        ("call 📅 next friday ⏫", ["next friday"]),
        ("call 📅 下周五", ["下周五"]),
        ("call due:12/01/2026", ["12/01/2026"]),
        ("call due:soon 📅 2026-11-25", []),
        ("the rent is due: tomorrow they pay", []),
        ("what is overdue:tomorrow", []),
        ("ask who is due: Ann", []),
        ("call ⏫ 3 times", []),
    ],
)
def test_a_day_that_cannot_be_read_is_told(text: str, told: list[str]) -> None:
    found, problems = task(text)
    assert problems == [("bad-date", each) for each in told]
    assert found.due == (date(2026, 11, 25) if "📅 2026-11-25" in text else None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("send it @{2026-12-03}", "@{2026-12-03}"),
        ("send it @[[2026-12-03]]", "@[[2026-12-03]]"),
        ("send it 📅 [[2026-12-03]]", "📅 [[2026-12-03]]"),
        ("send it (@2026-12-03)", "@2026-12-03"),
        ("send it @2026-12-03", "@2026-12-03"),
        ("准备报价（截止：2026-12-03）", "截止：2026-12-03"),
        ("准备报价 截止 2026-12-03", "截止 2026-12-03"),
    ],
)
def test_a_day_as_others_write_it_is_told(text: str, read: str) -> None:
    item = ListItem(text, text, " ", 7, 5)
    told: list[tuple[str, tuple[str, ...]]] = []
    parse_task(item, "", None, None, lambda *given: told.append((given[3], given[5])))
    assert told == [(read, ("📅 2026-12-03",))]
    parse_task(item._replace(box="x"), "", None, None, lambda *given: told.append((given[3], ())))
    for other in ("at x@2026-12-03", f"{text} 📅 2026-12-03", "⏳ 2026-12-03 met @wang on 2026-12-03"):
        parse_task(
            item._replace(first_line=other), "", None, None, lambda *given: told.append((given[3], ()))
        )
    assert len(told) == 1


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("send the sample @me 2026-12-03", "📅 2026-12-03"),
        ("send it (2026/12/3)", "📅 2026/12/3"),
        ("寄样品 2026年12月3日", "📅 2026年12月3日"),
        ("2026-12-03", "📅 2026-12-03"),
        ("send it 2026-02-30", None),
        ("send it 📅 2026-02-30", None),
        ("send it 📅 2026-12-01 2026-12-03", None),
        ("the plan of 2026-12-03 and more", None),
        ("version 2.0-2026-12-03", None),
        ("send it ⏳ 2026-12-03", None),
    ],
)
def test_a_day_without_its_sign_at_the_end_is_told(text: str, hint: str | None) -> None:
    told: list[tuple[str, tuple[str, ...]]] = []

    def tell(code: str, line: int, column: int, read: str, about: str, hints: tuple[str, ...] = ()) -> None:
        told.append((code, hints))

    item = ListItem(text, text, " ", 7, 5)
    parse_task(item, "", None, None, tell)
    assert [each for each in told if each[0] == "day-unmarked"] == (
        [("day-unmarked", (hint,))] if hint else []
    )
    told.clear()
    parse_task(item._replace(box="x"), "", None, None, tell)
    assert not [each for each in told if each[0] == "day-unmarked"]


@pytest.mark.parametrize(
    ("box", "state"),
    [(" ", "open"), ("x", "done"), ("X", "done"), ("-", "cancelled"), ("/", "open"), ("?", "open")],
)
def test_boxes(box: str, state: str) -> None:
    assert task("call", box)[0].state == state


def test_the_day_it_was_ticked() -> None:
    assert task("measure the wall ✅ 2026-10-12", "x")[0].done_on == date(2026, 10, 12)
    assert task("measure the wall (completion:: 2026-10-12)", "x")[0].done_on == date(2026, 10, 12)
    assert task("measure the wall", "x")[0].done_on is None


def test_other_days_are_not_the_day_it_is_due() -> None:
    found, _ = task("call ⏳ 2026-11-21 🛫 2026-11-22")
    assert (found.text, found.due) == ("call", None)


def test_an_impossible_day_is_told_and_leaves_the_task_undated() -> None:
    found, told = task("call 📅 2026-02-30")
    assert (found.due, told) == (None, [("bad-date", "2026-02-30")])


def test_what_only_looks_like_a_mark_stays() -> None:
    found, _ = task("mail ann@example.org about the overdue:2 invoices (see:: below) #project")
    assert found.text == "mail ann@example.org about the overdue:2 invoices (see:: below) #project"
    assert found.owners == ()


def test_other_fields_in_brackets_say_nothing_of_days() -> None:
    found, told = task("send the quote [created:: 2026-11-01] [due:: 2026-11-25]")
    assert (found.due, told) == (date(2026, 11, 25), [])
