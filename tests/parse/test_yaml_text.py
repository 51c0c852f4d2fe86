"""Whether a text may stand bare is told without YAML where that is sure, and comes out as YAML has it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultcrm.parse import yaml_text
from vaultcrm.parse.new_notes import new_note
from vaultcrm.parse.slips import placeholder
from vaultcrm.parse.yaml_text import note_text

WORDS = (
    "no",
    "Yes",
    "NULL",
    "on",
    "the launch",
    "5%",
    "It's",
    "a,b",
    "a: b",
    "x:",
    "#a",
    "？",
    "y",
    "e-mail",
)

USUAL = ("the launch moves to May", "interaction", "[[Acme]]", "青禾食品", "2026-11-20")

TEXTS = st.text(max_size=12) | st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


def plain_to_yaml(text: str) -> bool:
    if yaml_text._PLAIN_NUMBER_OR_DAY.fullmatch(text):
        return True
    if "\n" in text or placeholder(text) or yaml_text._OTHER_NUMBER.fullmatch(text):
        return False
    return yaml_text._is_plain_to_yaml(text)


@given(TEXTS)
@example("")
@example("a" * 600)
@example("a" * 1100)
@example("Ａ1")
def test_what_is_told_without_yaml_is_what_yaml_tells(text: str) -> None:
    assert yaml_text._is_plain(text) == plain_to_yaml(text)


@pytest.mark.parametrize("text", USUAL)
def test_what_a_conversation_says_takes_no_yaml(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str) -> bool:
        raise AssertionError(text)

    monkeypatch.setattr(yaml_text, "_is_plain_to_yaml", refuse)
    assert note_text({"x": text}, "").startswith("---\nx: ")


def test_the_library_writes_the_same() -> None:
    properties = {"type": "client", "no": "no", "tags": ["a", "- b"], "more": {"a: b": None}}
    assert new_note(properties, "# Acme\n") == note_text(properties, "# Acme\n")
