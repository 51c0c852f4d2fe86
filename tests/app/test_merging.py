"""Two versions of a generated file as one, as the merge driver makes it (see tests/git/test_merges.py)."""

from __future__ import annotations

import pytest

from vaultcrm.app.merging import merged_output
from vaultcrm.render.regions import region_text


def note(first: str, *pieces: str) -> bytes:
    head = f"<!-- vaultcrm:generated clients={first} by vaultcrm -->\n\n"
    return (head + "".join(pieces)).encode()


def section(name: str, text: str) -> str:
    return region_text(name, text) + "\n"


def test_it_takes_our_sections_and_everybody_s_words() -> None:
    base = note("1", section("today", "old"), "\nMiddle.\n\n", section("tiers", "old"))
    ours = note("2", "Above.\n\n", section("today", "ours"), "\nMiddle.\n\n", section("tiers", "ours"))
    theirs = note("3", section("today", "theirs"), "\nMiddle.\n\n", section("tiers", "theirs"), "\nBelow.\n")
    merged, clean = merged_output(base, ours, theirs)
    assert clean
    assert merged == ours + b"\nBelow.\n"


def test_it_keeps_lines_of_both_sides_in_one_place() -> None:
    base = note("1", section("today", "old"))
    merged, clean = merged_output(base, base + b"\nOurs.\n", base + b"\nTheirs.\n")
    assert clean
    assert b"Ours." in merged
    assert b"Theirs." in merged
    assert b"<<<<" not in merged


def test_it_keeps_a_section_that_only_they_have() -> None:
    base = note("1", section("today", "old"))
    theirs = note("1", section("today", "old"), "\n", section("agenda days=30", "theirs"))
    merged, clean = merged_output(base, base, theirs)
    assert clean
    assert merged == theirs


def test_it_without_a_common_ancestor() -> None:
    one, two = note("1", section("today", "ours")), note("2", section("today", "theirs"))
    assert merged_output(b"", one, two) == (one, True)


def test_it_leaves_a_note_with_broken_markers_to_the_person() -> None:
    base = note("1", section("today", "old"))
    ours = base.replace(b"old", b"ours").partition(b"<!-- vaultcrm:end")[0]
    merged, clean = merged_output(base, ours, base.replace(b"old", b"theirs"))
    assert not clean
    assert b"<<<<<<<" in merged


def test_it_leaves_a_person_s_own_note_to_git() -> None:
    assert merged_output(b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n") == (b"A\nb\nC\n", True)
    assert not merged_output(b"a\n", b"b\n", b"c\n")[1]


def test_it_keeps_our_line_ends() -> None:
    base = note("1", section("today", "old"))
    ours = base.replace(b"\n", b"\r\n")
    merged, clean = merged_output(ours, ours, ours + b"\r\nTheirs.\r\n")
    assert clean
    assert merged == ours + b"\r\nTheirs.\r\n"


@pytest.mark.parametrize("turned", ["base", "ours", "theirs"])
def test_it_merges_a_note_whose_line_ends_one_side_turned(turned: str) -> None:
    base = note("1", section("today", "old"), "\nMiddle.\n")
    versions = {"base": base, "ours": base, "theirs": base + b"\nTheirs.\n"}
    versions[turned] = versions[turned].replace(b"\n", b"\r\n")
    merged, clean = merged_output(*versions.values())
    assert clean
    wanted = base + b"\nTheirs.\n"
    assert merged == (wanted.replace(b"\n", b"\r\n") if turned == "ours" else wanted)


def test_it_leaves_each_line_its_end_where_they_differ() -> None:
    base = note("1", section("today", "old"), "\n```\ncode\n```\n")
    ours = base.replace(b"code\n", b"code\r\n")
    assert merged_output(base, ours, base + b"Theirs.\n") == (ours + b"Theirs.\n", True)
    theirs = base + b"Theirs.\r\n"
    assert merged_output(base, ours, theirs) == (ours + b"Theirs.\r\n", True)


def test_it_merges_a_list_whose_line_ends_differ_from_the_other_s() -> None:
    base = note("1", section("plan", "- [ ] call Acme\n- mine"))
    ours = base.replace(b"\n", b"\r\n") + b"\n"
    theirs = base.replace(b"[ ]", b"[x]")
    merged, clean = merged_output(base, ours, theirs)
    assert clean
    assert merged.count(b"call Acme") == merged.count(b"- [x] call Acme") == merged.count(b"- mine") == 1


def test_it_takes_our_feed() -> None:
    feed = b"BEGIN:VCALENDAR\r\n"
    assert merged_output(b"", feed + b"1", feed + b"2", "CRM/follow-ups.ics") == (feed + b"1", True)


def test_it_survives_bytes_that_are_no_text() -> None:
    base = note("1", section("today", "old"))
    merged, clean = merged_output(base, base, base + b"\n\xff\xfe\n")
    assert clean
    assert merged == base + b"\n\xff\xfe\n"
