"""One line of a note changes, or none; what was put in is taken out again without a trace."""

from __future__ import annotations

import random
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.front_matters import STYLES, some_note
from vaultcrm.model.note import Scalar, SourceFile
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.splice import EMPTY_BLOCK, REASONS, Refusal, set_properties, yaml_text

WRITTEN: dict[str, str | None] = {
    "crm_tier": "A",
    "crm_stage": "core",
    "crm_next_contact": "2026-12-04",
    "crm_health": "88",
}
REMOVED: dict[str, str | None] = dict.fromkeys(WRITTEN)


def spliced(data: bytes, **values: str | None) -> bytes:
    found = set_properties(data, values)
    assert isinstance(found, bytes), found
    return found


def note(text: str) -> bytes:
    return dedent(text).encode()


def said(data: bytes) -> dict[str, str]:
    properties = parse_note(SourceFile("a.md", data))[0].properties
    return {each.name: each.value.text for each in properties if isinstance(each.value, Scalar)}


# ------------------------------------------------------------------------------------- where a line goes


def test_a_new_property_comes_last_and_nothing_else_moves() -> None:
    before = note("""\
        ---
        # who they are
        name:   'Acme'   # as on their door
        "phone": 0301234
        tags: [a, b]
        ---
        # Acme
        """)
    assert spliced(before, crm_tier="A") == before.replace(b"\n---\n#", b"\ncrm_tier: A\n---\n#")


def test_a_value_is_exchanged_in_its_line_and_its_comment_stays() -> None:
    before = b'---\r\nsnooze_until:   2026-01-01   # on leave\r\nowner: "x # y"\r\n---\r\n'
    assert spliced(before, snooze_until="2026-12-04") == before.replace(b"2026-01-01", b"2026-12-04")
    assert spliced(before, owner="Zoe") == before.replace(b'"x # y"', b"Zoe")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("snooze_until:", "snooze_until: 2026-12-04"),
        ("snooze_until:  ", "snooze_until:  2026-12-04"),
        ("snooze_until: # when?", "snooze_until: 2026-12-04 # when?"),
        ("snooze_until: ''", "snooze_until: 2026-12-04"),
        ("snooze_until: 'it''s # no'  # yes", "snooze_until: 2026-12-04  # yes"),
        ('"snooze_until": "2026\\x2d01"', '"snooze_until": 2026-12-04'),
        ("'snooze_until' : x", "'snooze_until' : 2026-12-04"),
        ("snooze_until: a#b c", "snooze_until: 2026-12-04"),
        ("snooze_until: a b  ", "snooze_until: 2026-12-04  "),
    ],
)
def test_however_a_value_was_written(line: str, expected: str) -> None:
    before = f"---\n{line}\nname: x\n---\n".encode()
    assert spliced(before, snooze_until="2026-12-04") == f"---\n{expected}\nname: x\n---\n".encode()


def test_a_value_that_is_there_already_is_left_as_it_is_written() -> None:
    before = b"---\ncrm_health: '88'   # good\ncrm_tier: \"A\"\n---\n"
    assert spliced(before, crm_health="88", crm_tier="A") == before


def test_line_ends_byte_order_mark_and_a_missing_last_newline_stay() -> None:
    before = b"\xef\xbb\xbf---\r\nname: x\r\n---\r\nbody\r\nlast"
    after = spliced(before, crm_tier="A")
    assert after == before.replace(b"x\r\n---", b"x\r\ncrm_tier: A\r\n---")
    assert spliced(b"---\rname: x\r---", crm_tier="A") == b"---\rname: x\rcrm_tier: A\r---"


def test_a_block_whose_properties_are_indented_gets_an_indented_one() -> None:
    assert (
        spliced(b"---\n  a: 1\n  b: 2\n---\n", crm_tier="A") == b"---\n  a: 1\n  b: 2\n  crm_tier: A\n---\n"
    )


# ------------------------------------------------------------------------------------------ a note without


@pytest.mark.parametrize(
    ("before", "newline"),
    [(b"", b"\n"), (b"# Acme\n", b"\n"), (b"one\r\ntwo", b"\r\n"), (b"no end", b"\n"), (b"----\nx", b"\n")],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_note_without_front_matter_gets_a_block_and_loses_it_again(
    before: bytes, newline: bytes, mark: bytes
) -> None:
    before = mark + before
    after = spliced(before, **WRITTEN)
    assert after.startswith(mark + newline.join((b"---", b"crm_tier: A", b"crm_stage: core")))
    assert said(after) == WRITTEN
    assert spliced(after, **REMOVED) == before


def test_a_block_that_a_person_has_added_to_stays() -> None:
    theirs = spliced(b"text\n", **WRITTEN).replace(b"crm_stage", b"phone: 123\ncrm_stage")
    assert spliced(theirs, **REMOVED) == b"---\nphone: 123\n---\ntext\n"


@pytest.mark.parametrize(
    "block", [b"---\n---\n", b"---\r\n---\r\n", b"---\n---", b"--- \n---\n", b"---\n\n---\n"]
)
def test_a_block_that_a_person_left_empty_stays(block: bytes) -> None:
    before = block + (b"text" if block.endswith(b"\n") else b"")
    after = spliced(before, **WRITTEN)
    assert said(after) == WRITTEN
    assert spliced(after, crm_tier="B").count(EMPTY_BLOCK.encode()) == after.count(EMPTY_BLOCK.encode())
    assert spliced(after, **REMOVED) == before


def test_an_editor_may_strip_the_last_newline_meanwhile() -> None:
    after = spliced(b"", **WRITTEN)
    assert spliced(after.rstrip(), **REMOVED) == b""


def test_the_comment_behind_a_property_that_goes_stays() -> None:
    assert spliced(b"---\na: 1\ncrm_tier: A  # why?\n---\n", crm_tier=None) == b"---\na: 1\n# why?\n---\n"


def test_nothing_asked_nothing_done() -> None:
    for before in (b"", b"text", b"---\na: 1\n---\n"):
        assert set_properties(before, {}) == before
        assert set_properties(before, REMOVED) == before


# ------------------------------------------------------------------------------------------- left alone


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("---\nname: x\n", "front-matter-unclosed", 1),
        ("\nname: x\nstatus: active\n", "front-matter-unopened", 2),
        ("type: client\r\n", "front-matter-unopened", 1),
        ("---\nOnce upon a time\n", "front-matter-rule", 1),
        ("\n---\nname: x\n---\n", "front-matter-misplaced", 1),
        ("\xa0\n---\nname: x\n---\n", "front-matter-misplaced", 1),
        ("\u200b---\nname: x\n---\n", "front-matter-misplaced", 1),
        ("\ufeff\ufeff---\nname: x\n---\n", "front-matter-misplaced", 1),
        ("---\na: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n---\n", "merge-conflict", 3),
        ("---\na: 1\n---\n\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n", "merge-conflict", 5),
        ("<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n", "merge-conflict", 1),
        ("---\na: [1\nb: 2\n---\n", "front-matter-broken", 2),
        ("---\na: {{date}}\n---\n", "front-matter-broken", 2),
        ("---\n- a\n- b\n---\n", "front-matter-broken", 2),
        ("---\na：1\n---\n", "front-matter-broken", 2),
        ("---\n\tb: 1\na: 1\n---\n", "front-matter-broken", 2),
        ("---\na: &x 1\n---\n", "front-matter-broken", 2),
        ("---\na: 1\ncrm_tier: A\nb: 2\ncrm_tier: B\n---\n", "duplicate-property", 5),
        ("---\ncrm_tier:\n  - A\n---\n", "several-values", 2),
        ("---\ncrm_tier: {a: b}\n---\n", "several-values", 2),
        ("---\ncrm_tier: [A]\n---\n", "several-values", 2),
        ("---\ncrm_tier: |\n  B\n---\n", "several-lines", 2),
        ("---\ncrm_tier: B\n  and more\n---\n", "several-lines", 2),
        ("---\ncrm_tier: B\n\n  and more\n---\n", "several-lines", 2),
        ('---\ncrm_tier: "B\n  and more"\n---\n', "several-lines", 2),
        ("---\ncrm_tier:\n  B\n---\n", "several-lines", 2),
        ("---\n{crm_tier: B, a: b}\n---\n", "several-lines", 2),
        ("---\n{a: b}\n---\n", "not-certain", 0),
        ("---\na: b\n...\n---\n", "not-certain", 0),
        ("---\na: " + "x" * 65000 + "\n---\n", "front-matter-too-large", 0),
        ("---\na: 1\n---\n\0", "not-utf8", 0),
    ],
)
def test_a_note_of_which_it_is_not_certain_what_it_means_is_left_alone(
    text: str, reason: str, line: int
) -> None:
    found = set_properties(text.encode(), {"crm_tier": "A"})
    assert isinstance(found, Refusal), found
    assert found == (reason, line)
    assert found.reason in REASONS


def test_bytes_that_are_no_text_are_left_alone() -> None:
    assert set_properties(b"---\na: 1\n---\n\xff", {"crm_tier": "A"}) == Refusal("not-utf8")


@pytest.mark.parametrize(
    "body", ["Title\n=======\n", "A line like `<<<<<<< ours`, one like `>>>>>>> theirs`.\n"]
)
def test_what_only_looks_like_a_conflict(body: str) -> None:
    spliced(f"---\na: 1\n---\n{body}".encode(), crm_tier="A")


def test_a_line_that_would_become_part_of_another_value_is_not_put_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vaultcrm.parse.splice.yaml_text", lambda value: "A\nb: B")
    assert set_properties(b"---\na: 1\n---\n", {"crm_tier": "A"}) == Refusal("not-certain")


# ---------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize("value", ["A", "core", "2026-12-04", "88", "-3", "重点", "at-risk"])
def test_plain_values_have_no_quotes(value: str) -> None:
    assert yaml_text(value) == value


@pytest.mark.parametrize(
    "value", ["no", "Yes", "012", "12:30", "", "a b", "a: b", "# x", "[[Acme]]", "1e3", "~"]
)
def test_what_others_would_misread_is_quoted(value: str) -> None:
    assert yaml_text(value) == f'"{value}"'


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_every_text_is_read_back(value: str) -> None:
    assert said(spliced(b"---\na: 1\n---\n", crm_tier=value)) == {"a": "1", "crm_tier": value}


# --------------------------------------------------------------------------------- many notes of all styles


@given(st.integers(0, 2**32))
def test_what_was_written_is_taken_out_again_without_a_trace(seed: int) -> None:
    check_round_trip(random.Random(seed))


def test_thousands_of_notes_of_all_styles() -> None:
    written = sum(check_round_trip(random.Random(seed), STYLES) for seed in range(2000))
    assert written > 1200


def check_round_trip(rng: random.Random, styles: tuple[str, ...] = STYLES) -> bool:
    """Write, write others, take out; whether anything could be written at all."""
    data = some_note(rng, styles)
    after = set_properties(data, WRITTEN)
    if isinstance(after, Refusal):
        assert after.reason in REASONS
        return False
    assert len(after.splitlines()) <= len(data.splitlines()) + len(WRITTEN) + 2
    assert set_properties(after, WRITTEN) == after
    others = {"crm_tier": "B", "crm_stage": None, "crm_next_contact": "2027-01-01", "crm_health": "7"}
    changed = set_properties(after, others)
    assert isinstance(changed, bytes)
    assert {name: text for name, text in said(changed).items() if name in WRITTEN} == {
        name: value for name, value in others.items() if value is not None
    }
    assert set_properties(after, REMOVED) == data
    assert set_properties(changed, REMOVED) == data
    before, now = (parse_note(SourceFile("a.md", each))[0] for each in (data, after))
    assert before.body == now.body
    return True
