"""A task is found by what it says in the bytes at hand, and its line alone changes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.note import Place, SourceFile
from vaultcrm.model.records import FollowUp
from vaultcrm.parse.body import list_items
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.tasks import parse_task
from vaultcrm.parse.ticking import Tick, tick

DAY = date(2026, 11, 20)


def tasks(data: bytes) -> list[FollowUp]:
    note = parse_note(SourceFile("a.md", data))[0]
    items = [item for item in list_items(note.body, note.body_line) if item.box is not None]
    return [parse_task(item, "a.md", None, None, lambda *_: None) for item in items]


def ticked(text: str | bytes, index: int = 0) -> Tick:
    data = text if isinstance(text, bytes) else text.encode()
    found = tick(data, tasks(data)[index], DAY, None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [ ] call Ann", "- [x] call Ann ✅ 2026-11-20"),
        ("- [ ] call 📅 2026-11-25 ⏫ @wang", "- [x] call 📅 2026-11-25 ⏫ @wang ✅ 2026-11-20"),
        ("* [ ] call (due:: 2026-11-25)", "* [x] call (due:: 2026-11-25) ✅ 2026-11-20"),
        ("12) [/] half done", "12) [x] half done ✅ 2026-11-20"),
        ("- [ ] call  ", "- [x] call ✅ 2026-11-20  "),
        ("- [ ] call ^a-1", "- [x] call ✅ 2026-11-20 ^a-1"),
        ("- [ ] call ✅ 2025-01-01 me", "- [x] call ✅ 2026-11-20 me"),
        ("- [ ] call %% secret %%", "- [x] call %% secret %% ✅ 2026-11-20"),
        ("-  [ ]   [[Ann]] [x] y", "-  [x]   [[Ann]] [x] y ✅ 2026-11-20"),
        ("- - [ ] nested", "- - [x] nested ✅ 2026-11-20"),
        ("- [ ] 给王总打电话", "- [x] 给王总打电话 ✅ 2026-11-20"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_box_is_ticked_and_the_day_is_written_behind_it(before: str, after: str, newline: str) -> None:
    around = "\ufeff---\na: 1\n---\n# Notes\n\n- [ ] another\n{}\n- [ ] call\n\nlast".replace("\n", newline)
    index = 1
    found = ticked(around.format(before), index)
    assert found.data.decode() == around.format(after)
    assert (found.line, found.before, found.after) == (7, before, after)


def test_a_task_of_several_lines_has_the_day_on_its_first() -> None:
    assert ticked("- [ ] call\n  and more\n").data.decode() == "- [x] call ✅ 2026-11-20\n  and more\n"


def test_the_line_that_was_remembered_does_not_count() -> None:
    task = FollowUp(place=Place("a.md", 1, 1), text="call Ann", due=date(2026, 11, 25))
    found = tick(b"- [ ] call Bob\n\n- [ ] call Ann due:2026-11-25\n", task, DAY, None)
    assert found is not None
    assert (found.line, found.data) == (
        3,
        "- [ ] call Bob\n\n- [x] call Ann due:2026-11-25 ✅ 2026-11-20\n".encode(),
    )


def test_of_two_that_say_the_same_the_first_that_is_open_is_ticked() -> None:
    found = ticked("- [x] call\n- [ ] call\n- [ ] call\n", 1)
    assert found.data.decode() == "- [x] call\n- [x] call ✅ 2026-11-20\n- [ ] call\n"


@pytest.mark.parametrize(
    "now",
    [
        "- [x] call Ann\n",
        "- [-] call Ann\n",
        "- [ ] call Ann 📅 2026-12-01\n",
        "- [ ] call Anna\n",
        "- call Ann\n",
        "```\n- [ ] call Ann\n```\n",
        "",
    ],
)
def test_one_that_is_not_there_any_more_is_not_ticked(now: str) -> None:
    task = FollowUp(place=Place("a.md", 1, 1), text="call Ann")
    assert tick(now.encode(), task, DAY, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] call [completion:: 2020-01-01]\n",  # another program's word for the day comes first
        "- [ ] call %% a comment\nof two lines %%\n",  # the day would stand in the comment
        "- [ ] call `code\n",
    ],
)
def test_where_it_is_not_certain_how_it_would_be_read_nothing_is_done(text: str) -> None:
    data = text.encode()
    found = tick(data, tasks(data)[0], DAY, None)
    assert found is None or tasks(found.data)[0].done_on == DAY


def test_bytes_that_are_no_text_are_left_alone() -> None:
    task = FollowUp(place=Place("a.md", 1, 1), text="call Ann")
    assert tick(b"- [ ] call Ann\n\xff", task, DAY, None) is None


LINES = st.sampled_from(
    [
        "- [ ] call Ann",
        "- [ ] call Ann 📅 2026-11-25",
        "  - [ ] send it @wang",
        "- [x] done ✅ 2026-11-01",
        "- [-] never",
        "1. [ ] count",
        "text",
        "",
        "```",
        "> - [ ] quoted",
        "%%",
        "# Log",
        "<!-- vaultcrm:begin agenda -->",
        "<!-- vaultcrm:end -->",
        "    - [ ] code",
        "\t- [ ] tabbed ^id",
        "- [ ] call [[Ann|A]] `x`",
        "$$",
        "- [ ]",
    ]
)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_one_line_changes_and_one_task(lines: list[str], newline: str, ends: bool) -> None:
    data = (newline.join(lines) + (newline if ends else "")).encode()
    before = tasks(data)
    for index, task in enumerate(before):
        found = tick(data, task, DAY, None)
        if found is None:
            assert task.state != "open"
            continue
        after = tasks(found.data)
        changed = [each for each in range(len(before)) if before[each] != after[each]]
        assert len(changed) == 1
        assert changed[0] <= index
        assert (after[changed[0]].state, after[changed[0]].done_on) == ("done", DAY)
        old, new = data.splitlines(keepends=True), found.data.splitlines(keepends=True)
        assert [number for number, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b] == [
            found.line
        ]
