"""A generated note made anew: what a person wrote in it is there afterwards."""

from __future__ import annotations

import pytest

from vaultcrm.render.generated import merge_dashboard
from vaultcrm.render.regions import find_regions, region_text

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
    assert [each.name for each in find_regions(new.decode())[0]] == ["head", "today", "agenda", "tasks"]
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
    assert [each.name for each in find_regions(new.data.decode())[0]] == ["agenda"]
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
