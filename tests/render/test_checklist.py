"""Lists that people tick: whatever they do to one, it is all there when the list is made anew."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.render.checklist import Line, Part, lines_known_in, merge_checklist, render_checklist

MARK = re.compile(r" ?<!-- [0-9a-f]{8}-[0-9a-f]{6} -->")


def checklist(*weeks: str, said: str = "") -> str:
    """A list with a part for each word, and a line for each letter of it; ``said`` is how they are told."""
    parts = [
        Part(f"week-{number}", f"## Week {number}\n\nAbout it.", tuple(line(key, said) for key in week))
        for number, week in enumerate(weeks, 1)
    ]
    return render_checklist(parts)


def line(key: str, said: str = "") -> Line:
    """A line about a letter; about a capital without a box."""
    return Line(key, f"call {key}{said}", key.islower())


def shown(text: str) -> list[str]:
    """The lines that say something, without our comments."""
    lines = (MARK.sub("", each) for each in text.split("\n") if not each.startswith("<!-- "))
    return [each for each in lines if each.strip()]


def ticked(text: str, key: str) -> str:
    return text.replace(f"- [ ] call {key}", f"- [x] call {key}")


def behind(text: str, key: str, *more: str) -> str:
    lines = text.split("\n")
    index = next(i for i, each in enumerate(lines) if f"call {key}" in each)
    return "\n".join([*lines[: index + 1], *more, *lines[index + 1 :]])


def test_nobody_touched_it() -> None:
    assert merge_checklist(checklist("ab", "c"), checklist("bd", "ac", said="!")) == checklist(
        "bd", "ac", said="!"
    )


def test_ticked_line_stays_as_it_was() -> None:
    merged = merge_checklist(ticked(checklist("ab"), "b"), checklist("ab", said=", late"))
    assert shown(merged)[2:] == ["- [ ] call a, late", "- [x] call b"]


def test_ticked_line_stays_where_it_was_when_it_is_not_due_any_more() -> None:
    merged = merge_checklist(ticked(checklist("abc", "d"), "b"), checklist("ac", "d"))
    assert shown(merged)[2:5] == ["- [ ] call a", "- [x] call b", "- [ ] call c"]


def test_ticked_line_is_not_there_again_in_another_week() -> None:
    merged = merge_checklist(ticked(checklist("ab", "c"), "a"), checklist("b", "ac"))
    assert [each for each in shown(merged) if "call" in each] == [
        "- [x] call a",
        "- [ ] call b",
        "- [ ] call c",
    ]


def test_own_lines_stay_behind_the_line_that_they_stood_behind() -> None:
    old = behind(checklist("abc"), "b", "- [ ] my own", "", "And a paragraph.")
    merged = merge_checklist(old, checklist("cb"))
    assert shown(merged)[2:] == ["- [ ] call c", "- [ ] call b", "- [ ] my own", "And a paragraph."]


def test_own_paragraph_does_not_swallow_the_list_behind_it() -> None:
    merged = merge_checklist(behind(checklist("ab"), "a", "<b>mine</b>"), checklist("ab"))
    assert "<b>mine</b>\n\n- [ ] call b" in merged
    assert merge_checklist(merged, checklist("ab")) == merged


def test_what_stands_below_a_line_keeps_it() -> None:
    merged = merge_checklist(behind(checklist("ab"), "a", "  - she is on holiday"), checklist("b"))
    assert shown(merged)[2:] == ["- [ ] call a", "  - she is on holiday", "- [ ] call b"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("call a", "call a and ask about the shop"),
        ("- [ ] call a", "- [-] call a"),
        ("- [ ] call a", "* [ ] call a"),
        ("- [ ] call a", "call a"),
    ],
)
def test_changed_line_stays_as_it_is(old: str, new: str) -> None:
    merged = merge_checklist(checklist("ab").replace(old, new), checklist("ab", said="!"))
    assert shown(merged)[2:] == [("- [ ] call a").replace(old, new), "- [ ] call b!"]


def test_words_behind_the_comment_are_a_change() -> None:
    old = re.sub(r"(call a.*)", r"\1 told her", checklist("a"))
    assert merge_checklist(old, checklist("a", said="!")) == old


def test_moved_line_stays_where_it_was_put() -> None:
    lines = checklist("ab", "c").split("\n")
    moved = next(each for each in lines if "call a" in each)
    lines.remove(moved)
    merged = merge_checklist("\n".join([*lines, moved]), checklist("ab", "c"))
    assert [each for each in shown(merged) if "call" in each] == [
        "- [ ] call b",
        "- [ ] call c",
        "- [ ] call a",
    ]


def test_line_that_was_moved_out_of_the_list_is_not_written_again() -> None:
    mark = next(each for each in checklist("ab").split("\n") if "call a" in each)
    merged = merge_checklist(checklist("b"), checklist("ab"), lines_known_in(f"# Later\n\n{mark}\n"))
    assert "call a" not in merged


def test_lines_that_lost_their_comments_are_known_by_their_text() -> None:
    old = MARK.sub("", ticked(checklist("ab", "c"), "b"))
    merged = merge_checklist(old, checklist("ab", "c"))
    assert merged == ticked(checklist("ab", "c"), "b")


def test_all_comments_gone() -> None:
    old = re.sub(r"(?m) ?<!--.*?-->\n?$", "", ticked(checklist("ab", "c"), "b"))
    assert merge_checklist(old, checklist("ab", "c")) == ticked(checklist("ab", "c"), "b")


def test_blank_lines_that_a_formatter_adds_change_nothing() -> None:
    old = checklist("ab", "c").replace(" -->\n\n##", " -->\n##").replace("\n\n- ", "\n\n\n- ")
    assert merge_checklist(old, checklist("ab", "c", said="!")) == checklist("ab", "c", said="!")


def test_changed_heading_stays() -> None:
    old = (
        checklist("a", "b")
        .replace("## Week 1", "## Week 1, mine")
        .replace("About it.\n\n- [ ] call b", "- [ ] call b")
    )
    merged = merge_checklist(old, checklist("a", "b"))
    assert shown(merged) == ["## Week 1, mine", "About it.", "- [ ] call a", "## Week 2", "- [ ] call b"]
    assert merge_checklist(merged, checklist("a", "b")) == merged


def test_line_that_was_moved_into_a_heading_or_above_it_leaves_it_ours() -> None:
    lines = checklist("abc").split("\n")
    for place in (1, 3, 4):
        moved = [each for each in lines if "call b" not in each]
        moved.insert(place, next(each for each in lines if "call b" in each))
        merged = merge_checklist("\n".join([*moved, "mine"]), checklist("abc"))
        assert merged == checklist("abc") + "\nmine"
        merged = merge_checklist(ticked("\n".join(moved), "b"), checklist("ac"))
        assert merged == ticked(checklist("bac"), "b")


def test_text_before_the_first_part_stays() -> None:
    merged = merge_checklist("Mine.\n\n" + checklist("a"), checklist("ab"))
    assert merged == "Mine.\n\n" + checklist("ab")


def test_list_in_another_language() -> None:
    old = ticked(checklist("ab"), "b")
    parts = [Part("week-1", "## 第1周", (Line("a", "联系a"), Line("b", "联系b")))]
    assert shown(merge_checklist(old, render_checklist(parts))) == ["## 第1周", "- [ ] 联系a", "- [x] call b"]


def test_both_sides_of_a_git_conflict_stay() -> None:
    ours = behind(ticked(checklist("abc"), "a"), "b", "mine")
    theirs = behind(ticked(checklist("abc"), "c"), "b", "theirs")
    old = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other\n"
    merged = merge_checklist(old, checklist("abc"))
    assert sorted(shown(merged)[2:]) == ["- [ ] call b", "- [x] call a", "- [x] call c", "mine", "theirs"]
    assert merge_checklist(merged, checklist("abc")) == merged


def test_copied_and_ticked_line_is_a_line_of_ones_own() -> None:
    old = checklist("ab")
    copy = next(each for each in old.split("\n") if "call a" in each).replace("[ ]", "[x]")
    merged = merge_checklist(f"{old}\n{copy}", checklist("ab"))
    assert sorted(shown(merged)[2:]) == ["- [ ] call b", "- [x] call a"]


# ------------------------------------------------------------------------------------ whatever people do

KEYS = "abcdefgH"
weeks = st.lists(st.sampled_from(KEYS), unique=True).map("".join)


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list of three weeks, no line twice."""
    keys = draw(st.permutations(KEYS))[: draw(st.integers(0, len(KEYS)))]
    cuts = sorted(draw(st.lists(st.integers(0, len(keys)), min_size=2, max_size=2)))
    said = draw(st.sampled_from(["", " soon"]))
    first, last = cuts
    return checklist("".join(keys[:first]), "".join(keys[first:last]), "".join(keys[last:]), said=said)


own_lines = st.sampled_from(
    [
        "my own",
        "- [ ] mine",
        "- [x] mine and done",
        "  - below",
        "### Mine",
        "| a | b |",
        "> said",
        "1. first",
    ]
)


@st.composite
def edits(draw: st.DrawFn, text: str) -> tuple[str, list[str]]:
    """The list after a person worked on it, and the lines that are theirs now."""
    lines = text.split("\n")
    theirs: list[str] = []
    for _ in range(draw(st.integers(0, 2)) if "call" in text else 0):
        moved = lines.pop(draw(st.sampled_from([i for i, each in enumerate(lines) if "call" in each])))
        lines.insert(draw(st.integers(0, len(lines))), moved)
    for number in range(draw(st.integers(0, 4))):
        added = f"{draw(own_lines)} {number}"
        lines.insert(draw(st.integers(0, len(lines))), added)
        theirs.append(added)
    for index, each in enumerate(lines):
        if each.startswith("- [ ] call") and draw(st.booleans()):
            lines[index] = each.replace("[ ]", "[x]")
            theirs.append(lines[index])
    return "\n".join(lines), theirs


@given(st.data())
def test_every_tick_and_every_own_line_is_there_once_whatever_comes(data: st.DataObject) -> None:
    text, theirs = data.draw(lists().flatmap(edits))
    for _ in range(4):
        fresh = data.draw(lists())
        text = merge_checklist(text, fresh)
        assert merge_checklist(text, fresh) == text, "a second time changes nothing"
        lines = text.split("\n")
        assert {each: lines.count(each) for each in theirs} == dict.fromkeys(theirs, 1)
        ids = [mark.split("-")[2] for mark in MARK.findall(text)]
        assert len(ids) == len(set(ids)), "no line of ours is there twice"
        wanted = {each.split("-")[2] for each in MARK.findall(fresh)}
        assert wanted <= set(ids), "all that is due is there"


@given(st.text(alphabet="abc-[] x#<!>\n", max_size=200), lists())
def test_any_text_is_merged_and_then_rests(old: str, fresh: str) -> None:
    merged = merge_checklist(old, fresh)
    assert merge_checklist(merged, fresh) == merged
    assert [each for each in old.split("\n") if each.strip() and each not in merged] == []
