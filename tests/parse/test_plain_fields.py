"""Plain front matter: what is read without libyaml is what libyaml says, and it is nearly all there is."""

from __future__ import annotations

import sys
import time
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.patience import HANG_S
from vaultcrm.model.note import Items, Property, Scalar, SourceFile
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.plain_fields import plain_fields
from vaultcrm.parse.yaml_events import read_fields

PLAIN = [
    *"aZ9_名é²，：“（😀",
    " ",
    "-",
    ".",
    "/",
    "+",
    "$",
    "(",
    ")",
    "12:30",
    "https://x.example",
    "2026-11-20",
]
ODD = [
    *[
        "\u0301",
        "\xa0",
        "\u3000",
        "\x85",
        "\u2028",
        "\ufeff",
        "\x00",
        "\t",
        "  ",
        " - ",
        "--- ",
        "...",
        ":",
        ": ",
        "#",
    ],
    *[
        " #",
        ",",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "'",
        '"',
        "''",
        "\\",
        "|",
        ">",
        "<",
        "<<",
        "&",
        "*",
        "!",
        "%",
        "@",
    ],
    *["`", "~", "=", "?", "? "],
]


def often(usual: st.SearchStrategy[str], other: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Mostly the one, so that some blocks have nothing odd at all."""
    return st.integers(0, 15).flatmap(lambda number: other if number == 0 else usual)


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


words = st.lists(often(st.sampled_from(PLAIN), st.sampled_from(ODD)), max_size=5).map("".join)
quoted = st.tuples(st.sampled_from("\"'"), words).map(lambda pair: pair[1].join((pair[0], pair[0])))
scalars = words | quoted
listed = st.lists(scalars, max_size=4).map(lambda items: f"[{', '.join(items)}]")
names = often(st.sampled_from(["type", "a b", "next-contact", "客户", "a -b", "9"]), words)
colons = often(st.sampled_from([": ", ":  "]), st.sampled_from([":", " : ", ":\t"]))
blanks = often(st.just(""), st.sampled_from([" ", "  ", "\t"]))
dashes = often(st.sampled_from(["- ", "-  "]), st.just("-"))


@st.composite
def behind_dashes(draw: st.DrawFn) -> str:
    indents = often(st.just(draw(st.sampled_from(["", "  ", "    "]))), st.just(" "))
    items = draw(st.lists(joined(indents, dashes, scalars, blanks), min_size=1, max_size=3))
    return "\n".join([f"{draw(names)}:{draw(blanks)}", *items])


@st.composite
def indented(draw: st.DrawFn) -> str:
    margins = often(st.just(draw(st.sampled_from(["  ", " ", "    "]))), st.sampled_from(["", "   "]))
    fields = draw(st.lists(joined(margins, names, colons, scalars, blanks), min_size=1, max_size=3))
    return "\n".join([f"{draw(names)}:{draw(blanks)}", *fields])


links = words.map(lambda text: f"[[{text}]]")
properties = (
    joined(names, colons, scalars | listed | links, blanks)
    | behind_dashes()
    | indented()
    | joined(names, st.just(":"))
)
blocks = st.lists(often(properties, words), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(blocks)
@example("a:\n- x\n- y\nb: 1\n")
@example("a:  \n  -   'x y'  \n  - y\n")
@example("a: [x,  'y' , z w ]  \n")
@example("a: words\n  - that go on\n")
@example("a:\n  - words\n    - that go on\n")
@example("a:\n  - x\n - y\n")
@example("a:  \n  b c:  x \n  d: 'y'\n")
@example("a:\n  b: x\n   c: y\n")
@example("a:\n  b: x\n c: y\n")
@example("a:\n  b: x\n  - y\n")
@example("a: [[x|y ]] \n")
def test_what_is_read_is_what_libyaml_says(block: str) -> None:
    found = plain_fields(block, 2)
    assert found is None or found == read_fields(block, 2)


@given(blocks)
def test_what_is_read_has_nothing_that_is_to_be_told(block: str) -> None:
    note, diagnostics = parse_note(SourceFile("Note.md", f"---\n{block}\n---\n".encode()))
    found = plain_fields(f"{block}\n", 2)
    assert not found or (note.properties == found and not diagnostics)


def test_places_and_quotes() -> None:
    text = """\
    type:  client
    next contact:
    标签: [重点, "a, b" ]
    phone:
      - '+49 1'
      -  030
    """
    assert plain_fields(dedent(text), 2) == (
        Property("type", Scalar("client", 2, 8), 2, 1),
        Property("next contact", Scalar("", 3, 14), 3, 1),
        Property("标签", Items((Scalar("重点", 4, 6), Scalar("a, b", 4, 10, True)), 4, 5), 4, 1),
        Property("phone", Items((Scalar("+49 1", 6, 5, True), Scalar("030", 7, 6)), 6, 3), 5, 1),
    )


@pytest.mark.parametrize(
    "line",
    [
        "type: client",
        'client: "[[Acme Corp|Acme]]"',
        "客户: '[[青禾科技]]'",
        "date: 2026-11-20 14:30",
        "amount: 12,000.50 EUR",
        "tags: [vip, 重点]",
        "website: https://acme.example/about",
        "summary: （电话）报价已确认，下周签约",
        "sentiment: -1",
        "phone:\n- 030 1234\n- 040 5678",
        "aliases: []",
        "goal:",
        "client: [[Acme Corp]]",
        "address:\n  street: 192 Main Street\n  city: Toronto",
    ],
)
def test_what_people_write_needs_no_libyaml(line: str) -> None:
    block = f"{line}\n"
    assert plain_fields(block, 2) == read_fields(block, 2) != ()


@pytest.mark.parametrize(
    "line",
    [
        "a: |\n  x",
        "a: x\n  y",
        'a: "x\n  y"',
        "a: x # y",
        "# x",
        "",
        "a: {b: c}",
        "a:\n  b:\n    c: d",
        "a:\n  b: [c]",
        "a: [[Acme], b]",
        "a: [[[b]]]",
        "a: *x",
        "a: {{date}}",
        "a: 'it''s'",
        'a: "\\n"',
        "a:\tb",
        "a: b: c",
    ],
)
def test_what_goes_on_or_means_more_is_left_to_libyaml(line: str) -> None:
    assert plain_fields(f"{line}\nb: 1\n", 2) is None


@pytest.mark.parametrize(
    "piece", ["a: ", "- ", "[a, ", "[[a", "a:\n b: c\n", '"', "a: b:c", "a:\n- x\n  ", "a " * 30, '["a",']
)
def test_a_block_is_read_in_linear_time(piece: str) -> None:
    began = time.monotonic()
    for text in (piece * 20_000, f"a: {piece * 20_000}\n", f"a: [{piece * 20_000}\n"):
        plain_fields(text, 2)
    assert time.monotonic() - began < HANG_S


def test_a_note_as_people_write_it_does_without_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vaultcrm.parse.yaml_events", None)
    note, _ = parse_note(SourceFile("A.md", b"---\ntype: client\ntags: [a, b]\n---\n"))
    assert [each.name for each in note.properties] == ["type", "tags"]
