"""New notes: plain YAML in the order given, which reads back as it was meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.note import Fields, Items, Scalar, SourceFile, Value
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.new_notes import VaultHandler, new_note


def plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return [plain(item) for item in value.items]
    return {each.name: plain(each.value) for each in value.entries}


def read_back(text: str) -> dict[str, object]:
    note, diagnostics = parse_note(SourceFile("N.md", text.encode()))
    assert not diagnostics
    return {each.name: plain(each.value) for each in note.properties}


def test_note_is_plain_and_in_order() -> None:
    text = new_note(
        {
            "type": "interaction",
            "client": "[[Acme]]",
            "date": date(2026, 11, 20),
            "about": ["insight", "care"],
            "amount": Decimal("12000.50"),
            "decision_maker": True,
            "important_dates": [{"date": "05-20", "title": "Fair: spring"}, {"date": "10-07", "once": False}],
            "address": {"street": "84 Main Street", "rooms": [1, 2]},
            "mute": [],
            "more": {},
            "summary": None,
        },
        "# Acme\n",
    )
    assert text == (
        "---\n"
        "type: interaction\n"
        'client: "[[Acme]]"\n'
        "date: 2026-11-20\n"
        "about:\n"
        "  - insight\n"
        "  - care\n"
        "amount: 12000.50\n"
        "decision_maker: true\n"
        "important_dates:\n"
        "  - date: 05-20\n"
        '    title: "Fair: spring"\n'
        "  - date: 10-07\n"
        "    once: false\n"
        "address:\n"
        "  street: 84 Main Street\n"
        "  rooms:\n"
        "    - 1\n"
        "    - 2\n"
        "mute: []\n"
        "more: {}\n"
        "summary:\n"
        "---\n"
        "# Acme\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Acme & Sons",
        "wow!",
        "a#b",
        "2026-11-20",
        "12000",
        "3.5",
        "-2",
        "0",
        "青禾：食品",
        "+86 138 0000 0000",
        "100%",
        "a.b",
    ],
)
def test_safe_text_stands_bare(text: str) -> None:
    assert new_note({"x": text}, "") == f"---\nx: {text}\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        "[[Acme]]",
        "no",
        "Yes",
        "true",
        "null",
        "~",
        "012",
        "12:30",
        "1e3",
        "0x1F",
        "1_000",
        ".5",
        "",
        " a",
        "a ",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "@a",
        "*a",
        "&a",
        "!a",
        "%a",
        "`a`",
        "{{a}}",
        "<% a %>",
        "a\nb",
        "a\u2028b",
        "\x1b[0m",
        "<<",
        "=",
        "'a'",
    ],
)
def test_text_that_others_would_change_is_quoted(text: str) -> None:
    note = new_note({"x": text}, "")
    assert note.startswith('---\nx: "')
    if "{{" not in text and "<%" not in text:
        assert read_back(note) == {"x": text}
    assert yaml.safe_load(note.split("---\n")[1]) == {"x": text}


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert new_note({"x": "a\ud800"}, "") == '---\nx: "a\ufffd"\n---\n'


def test_names_that_the_library_uses_itself() -> None:
    properties = {"content": "a", "handler": "b", "no": "c", "[[x]]": "d", "时间：": "e"}
    assert read_back(new_note(properties, "")) == properties


VALUES = st.recursive(
    st.text(st.characters(codec="utf-8"), max_size=20).filter(
        lambda text: "{{" not in text and "<%" not in text
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc: #", min_size=1), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text("abc：: #-[", min_size=1, max_size=8), VALUES, min_size=1, max_size=4),
    st.text("ab\n-"),
)
def test_what_is_written_reads_back(properties: dict[str, object], body: str) -> None:
    text = new_note(properties, body)
    assert read_back(text) == properties
    assert list(read_back(text)) == list(properties)
    assert text.endswith("---\n" + body)


def test_handler_reads_by_our_rules() -> None:
    text = "---\ntype: client\nno: no\ntype: person\nbad: @x\n---\nHello\n"
    handler = VaultHandler()
    assert handler.detect(text)
    metadata, content = frontmatter.parse(text, handler=handler)
    assert content == "Hello"
    assert {name: plain(each.value) for name, each in metadata.items()} == {"type": "client", "no": "no"}  # type: ignore[attr-defined]
    assert metadata["no"].line == 3  # type: ignore[attr-defined]
    assert frontmatter.parse("---\ntype: client\n", handler=handler) == ({}, "---\ntype: client")
    assert not handler.detect("Hello\n")


def test_nested_values_read_back_with_their_shape() -> None:
    note, _ = parse_note(SourceFile("N.md", new_note({"x": [{"a": ["b"]}]}, "").encode()))
    value = note.properties[0].value
    assert isinstance(value, Items)
    assert isinstance(value.items[0], Fields)
