"""Our own words, as a vault's language writes them, and as they are read back."""

from __future__ import annotations

import pytest

from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.policy import LANGUAGES
from vaultcrm.parse.schema import PROPERTIES, row_of
from vaultcrm.parse.spelling import kind_folder, kind_word, property_name, spelled, type_name
from vaultcrm.parse.vocabulary import CHANNELS, FOLDERS, KINDS, KINDS_OF_NOTE, TOPICS, fold

PLAIN = NoteMapping()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_is_read_back(language: str) -> None:
    for row in PROPERTIES:
        for kind in row.kinds:
            name = property_name(kind, row.field, language, PLAIN)
            found = row_of(kind, name, PLAIN)
            assert found is not None
            assert found.field == row.field
            assert name.isascii() == (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_read_back(language: str) -> None:
    for table in (CHANNELS, KINDS, TOPICS, KINDS_OF_NOTE):
        for word in set(table.values()):
            assert table[fold(spelled(table, word, language))] == word
    for kind in set(KINDS_OF_NOTE.values()):
        assert KINDS_OF_NOTE[kind_word(kind, language)] == kind
        assert FOLDERS[kind_folder(kind, language)] == ("project" if kind == "order" else kind)


def test_word_that_is_not_known_stays() -> None:
    assert spelled(CHANNELS, "Pigeon", "zh") == "Pigeon"


def test_what_was_used_is_no_preference() -> None:
    assert property_name("interaction", "channel", "zh", PLAIN) == "沟通方式"
    assert property_name("client", "channel", "zh", PLAIN) == "沟通偏好"


@pytest.mark.parametrize(
    ("mapping", "name"),
    [
        ({"date": "since"}, "日期"),
        ({"date": "since", "日期": "since", "day": "date"}, "day"),
        ({"date": "since", "日期": "since"}, "date"),
    ],
)
def test_names_that_mean_something_else_are_not_used(mapping: dict[str, str], name: str) -> None:
    assert property_name("interaction", "day", "en", NoteMapping(properties=mapping)) == name


@pytest.mark.parametrize(
    ("mapping", "name"),
    [({}, "type"), ({"type": "industry", "art": "type"}, "art"), ({"type": "industry"}, "type")],
)
def test_property_that_says_the_kind(mapping: dict[str, str], name: str) -> None:
    assert type_name(NoteMapping(properties=mapping)) == name
