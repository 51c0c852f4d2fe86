from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.render.regions import (
    Region,
    digest,
    find_regions,
    merge_regions,
    without_markers,
)

BEGIN, END = "<!-- vaultcrm:begin today -->", "<!-- vaultcrm:end -->"


def regions(text: str) -> tuple[Region, ...]:
    found, problems = find_regions(text)
    assert problems == ()
    return found


def problems(text: str) -> list[tuple[int, str]]:
    return [(each.place.line, each.read) for each in find_regions(text, "a.md")[1]]


def merged(text: str, body: str = "- new") -> str:
    return merge_regions(text, dict.fromkeys(regions(text), body)).text


def rescued(text: str, body: str = "- new") -> list[str]:
    return [each for _, each in merge_regions(text, dict.fromkeys(regions(text), body)).rescued]


# ------------------------------------------------------------------------------------------- finding


def test_name_options_and_place() -> None:
    text = (
        'a\n<!-- vaultcrm:begin agenda days=7 owner="Li Wang" -->\nold\n<!-- vaultcrm:end 0123abcd -->\nb\n'
    )
    (region,) = regions(text)
    assert (region.name, region.options) == ("agenda", (("days", "7"), ("owner", "Li Wang")))
    assert (region.line, region.digest, text[region.start : region.end]) == (2, "0123abcd", "old\n")


def test_on_one_line() -> None:
    assert merged(f"{BEGIN}{END}\n").startswith(f"{BEGIN}\n\n- new\n\n<!-- vaultcrm:end ")


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{BEGIN}\n{END}\n```\n",
        f"~~~~ x\n```\n{BEGIN}\n~~~\n{END}\n~~~~\n",
        f"    {BEGIN}\n",
        f"write `{BEGIN}` there\n",
        "<!-- vaultcrm:beginning today -->\n",
        "nothing\n",
    ],
    ids=["fence", "longer-fence", "indented-code", "inline", "another-word", "no-marker"],
)
def test_no_region(text: str) -> None:
    assert find_regions(text) == ((), ())


def test_behind_a_closed_fence_and_inline_ticks() -> None:
    assert len(regions(f"```\ncode\n```\n``` no `fence`\n{BEGIN}\n{END}\n")) == 1


def test_a_fence_within_a_region_does_not_hide_its_end() -> None:
    assert len(regions(f"{BEGIN}\n```mermaid\n{END}\n\ntext\n")) == 1


def test_byte_order_mark_before_the_first() -> None:
    assert len(regions(f"\ufeff{BEGIN}\n{END}")) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{BEGIN}\n", [(1, "today")]),
        (f"x\n{END}\n", [(2, "")]),
        (f"{BEGIN}\n<!-- vaultcrm:begin tasks -->\n{END}\n", [(2, "tasks")]),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", [(3, "today")]),
    ],
    ids=["unclosed", "without-begin", "nested", "twice"],
)
def test_broken_markers_are_told(text: str, told: list[tuple[int, str]]) -> None:
    assert problems(text) == told
    assert find_regions(text, "a.md")[1][0].code == "region-broken"


def test_the_same_section_with_other_options_is_another_region() -> None:
    assert len(regions(f"{BEGIN}\n{END}\n<!-- vaultcrm:begin today owner=jo -->\n{END}\n")) == 2


def test_half_open_markers_cost_no_time() -> None:
    assert find_regions("<!-- vaultcrm:begin " * 50_000) == ((), ())


# ------------------------------------------------------------------------------------------- merging


def test_bytes_outside_stay() -> None:
    text = f"\ufeff# Mine \r\n\r\n{BEGIN}\r\n{END}\r\n\ttail\x0c without newline"
    new = merged(text)
    (region,) = regions(new)
    assert new[: region.open] == "\ufeff# Mine \r\n\r\n"
    assert new[region.close :] == "\r\n\ttail\x0c without newline"
    assert new[region.start : region.end] == "\r\n- new\r\n\r\n"


def test_a_second_merge_changes_nothing() -> None:
    once = merged(f"a\n{BEGIN}\n{END}\nb\n")
    assert merge_regions(once, {regions(once)[0]: "- new"}) == (once, ())


def test_line_ends_alone_are_no_edit() -> None:
    once = merged(f"{BEGIN}\n{END}\n").replace("\n", "\r\n")
    assert merged(once) == once
    assert rescued(once, "- other") == []


def test_what_a_person_wrote_inside_is_rescued() -> None:
    once = merged(f"{BEGIN}\n{END}\n")
    edited = once.replace("- new", "- new\n- mine")
    assert rescued(edited) == ["\n- new\n- mine\n\n"]
    assert merged(edited) == once


def test_text_in_a_region_that_was_never_written_is_rescued() -> None:
    assert rescued(f"{BEGIN}\nmine\n{END}\n") == ["mine\n"]
    assert rescued(f"{BEGIN}\n\n{END}\n") == []


def test_an_edit_that_says_the_same_is_none() -> None:
    assert rescued(f"{BEGIN}\n- new\n{END}\n") == []


def test_only_the_asked_regions_are_rewritten() -> None:
    text = f"{BEGIN}\nx\n{END}\n<!-- vaultcrm:begin tasks -->\n{END}\n"
    _, tasks = regions(text)
    assert merge_regions(text, {tasks: "- t"}).text.startswith(f"{BEGIN}\nx\n{END}\n")


def test_an_empty_section_leaves_nothing_between() -> None:
    assert merged(f"{BEGIN}\n{END}\n", "") == f"{BEGIN}\n<!-- vaultcrm:end {digest('')} -->\n"


def test_markers_can_be_taken_out() -> None:
    assert without_markers(f"a {BEGIN}b{END}") == "a b"
    assert without_markers("plain") == "plain"


@given(st.text(), st.text(), st.text(alphabet="ab\n -`~|"))
def test_bytes_outside_survive_any_text(before: str, after: str, body: str) -> None:
    text = f"{before}\n{BEGIN}\n{END}\n{after}"
    found, wrong = find_regions(text)
    for region in found:
        if not wrong and region.name == "today":
            new = merge_regions(text, {region: body}).text
            assert new.startswith(text[: region.start])
            assert new.endswith(text[region.close :])
