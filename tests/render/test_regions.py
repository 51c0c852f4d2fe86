from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.render.regions import (
    Region,
    digest,
    find_regions,
    merge_dashboard,
    merge_regions,
    region_text,
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


# ----------------------------------------------------------------------------------------- dashboard

FIRST = "<!-- vaultcrm:generated clients={} by vaultcrm. -->"


def dashboard(clients: int = 1, **sections: str) -> bytes:
    parts = [FIRST.format(clients), *(region_text(name, body) for name, body in sections.items())]
    return ("\n\n".join(parts) + "\n").encode()


def test_no_old_dashboard() -> None:
    fresh = dashboard(today="x")
    assert merge_dashboard(None, fresh).data == fresh


def test_equal_ones_stay_equal() -> None:
    fresh = dashboard(today="x", tasks="y")
    assert merge_dashboard(fresh, fresh) == (fresh, (), ())


def test_own_text_outside_stays() -> None:
    old = dashboard(1, today="x", tasks="y").replace(
        b"<!-- vaultcrm:begin tasks", b"mine\n\n<!-- vaultcrm:begin tasks"
    )
    new = merge_dashboard(b"---\ncss: wide\n---\n" + old + b"and mine\n", dashboard(2, today="z", tasks="y"))
    text = new.data.decode()
    assert text.startswith("---\ncss: wide\n---\n" + FIRST.format(2))
    assert "mine\n\n<!-- vaultcrm:begin tasks" in text
    assert text.endswith("and mine\n")
    assert "\nz\n" in text
    assert "\nx\n" not in text
    assert new.rescued == ()


def test_edited_sections_are_rescued() -> None:
    old = dashboard(today="x").replace(b"\nx\n", b"\nx and mine\n")
    assert merge_dashboard(old, dashboard(today="z")).rescued == (("today", "\nx and mine\n\n"),)


def test_new_sections_come_behind_their_neighbour_and_old_ones_go() -> None:
    old = dashboard(today="x", gone="g", tasks="y")
    new = merge_dashboard(old, dashboard(head="h", today="x", agenda="a", tasks="y")).data
    assert [each.name for each in regions(new.decode())] == ["head", "today", "agenda", "tasks"]
    assert merge_dashboard(new, dashboard(head="h", today="x", agenda="a", tasks="y")).data == new


def test_a_section_that_goes_is_kept_where_it_was_edited() -> None:
    old = dashboard(gone="g").replace(b"\ng\n", b"\nmine\n")
    assert merge_dashboard(old, dashboard(today="x")).rescued == (("gone", "\nmine\n\n"),)


def test_line_ends_of_windows_stay() -> None:
    old = dashboard(today="x").replace(b"\n", b"\r\n")
    new = merge_dashboard(old, dashboard(today="z", tasks="t")).data
    assert new.count(b"\n") == new.count(b"\r\n")


def test_a_person_may_give_a_section_options() -> None:
    old = dashboard(agenda="x").replace(b"begin agenda", b"begin agenda days=30")
    new = merge_dashboard(
        old, dashboard(agenda="z"), section=lambda region: f"for {dict(region.options)['days']}"
    )
    assert [each.name for each in regions(new.data.decode())] == ["agenda"]
    assert b"\nfor 30\n" in new.data


def test_broken_markers_leave_the_note_as_it_is() -> None:
    old = dashboard(today="x") + b"<!-- vaultcrm:begin tasks -->\n"
    new = merge_dashboard(old, dashboard(today="z"), "CRM/Dashboard.md")
    assert (new.data, [each.code for each in new.problems]) == (old, ["region-broken"])


def test_bytes_that_are_no_text_stay() -> None:
    old = dashboard(today="x") + b"caf\xe9\n"
    assert merge_dashboard(old, dashboard(today="z")).data.endswith(b"caf\xe9\n")


def test_a_first_line_that_was_deleted_comes_back() -> None:
    old = dashboard(today="x").partition(b"\n")[2]
    assert merge_dashboard(old, dashboard(2, today="x")).data.startswith(FIRST.format(2).encode())


def conflicted(ours: bytes, theirs: bytes) -> bytes:
    """What git leaves where two dashboards differ in each line but the begin markers."""
    lines = []
    for one, other in zip(ours.decode().split("\n"), theirs.decode().split("\n"), strict=True):
        lines.append(one if one == other else f"<<<<<<< HEAD\n{one}\n=======\n{other}\n>>>>>>> branch")
    return "\n".join(lines).encode()


def test_a_merge_conflict_is_mended() -> None:
    torn = conflicted(dashboard(1, today="x", tasks="y"), dashboard(2, today="z", tasks="y"))
    fresh = dashboard(3, today="new", tasks="y")
    assert merge_dashboard(torn, fresh) == (fresh, (), ())


def test_own_lines_of_both_sides_outlive_a_conflict() -> None:
    torn = dashboard(today="x") + b"<<<<<<< HEAD\nours\n||||||| base\nbase\n=======\ntheirs\n>>>>>>> branch\n"
    new = merge_dashboard(torn, dashboard(today="z")).data.decode()
    assert "ours\n" in new
    assert "theirs\n" in new
    assert not any(mark in new for mark in ("<<<<", "||||", "====", ">>>>", "base"))


@pytest.mark.parametrize("who", ["ours", "theirs"])
@pytest.mark.parametrize("wrote", [True, False])
def test_a_section_that_one_side_of_a_conflict_took_out_is_kept_where_the_other_wrote_in_it(
    who: str, wrote: bool
) -> None:
    section = region_text("today", "x").replace("\nx\n", "\nx and mine\n" if wrote else "\nx\n")
    ours, theirs = (f"{section}\n" if each == who else "" for each in ("ours", "theirs"))
    torn = dashboard(tasks="y") + f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n".encode()
    new = merge_dashboard(torn, dashboard(today="z", tasks="y"))
    assert new.rescued == ((("today", "\nx and mine\n\n"),) if wrote else ())
    assert b"mine" not in new.data


def test_a_conflict_that_took_one_region_twice_is_made_anew_and_the_text_kept() -> None:
    both = region_text("today", "x") + "\n" + region_text("today", "z")
    torn = f"{FIRST.format(1)}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n{both}\n".encode()
    fresh = dashboard(today="new")
    assert merge_dashboard(torn, fresh) == (fresh, (("dashboard", torn.decode()),), ())


def test_a_conflict_within_another_one_is_mended_at_once() -> None:
    within = b"<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> one\n"
    torn = dashboard(today="x") + b"<<<<<<< HEAD\n" + within + b"=======\ntheirs\n>>>>>>> two\n"
    once = merge_dashboard(torn, dashboard(today="x"))
    assert b"<<<<" not in once.data
    assert b">>>>" not in once.data
    assert all(text in once.data for text in (b"\nmine\n", b"\nyours\n", b"\ntheirs\n"))
    assert merge_dashboard(once.data, dashboard(today="x")).data == once.data


def test_half_a_conflict_is_text_of_a_person() -> None:
    old = dashboard(today="x") + b"=======\n>>>>>>> quoted\n"
    assert merge_dashboard(old, dashboard(today="z")).data.endswith(b"=======\n>>>>>>> quoted\n")


def test_an_edit_beside_a_conflict_is_still_rescued() -> None:
    old = dashboard(today="x", tasks="y").replace(b"\ny\n", b"\nmine\n")
    torn = old.replace(b"\nx\n", b"\n<<<<<<< HEAD\nx\n=======\nw\n>>>>>>> branch\n")
    assert merge_dashboard(torn, dashboard(today="z", tasks="y")).rescued == (("tasks", "\nmine\n\n"),)
