"""Names of files that are good on every system."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.render.file_names import file_name, opening_words

FORBIDDEN = set('\\/:*?"<>|#^[]{}$~`')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CRM: a start", "CRM - a start"),
        ("9/10 said", "9-10 said"),
        ("10:30 call", "10-30 call"),
        (" ..hidden. ", "hidden"),
        ("CON", "_CON"),
        ("com1.notes", "_com1.notes"),
        ("Comet", "Comet"),
        ("a#b [c] | d ^ `e`", "a b c d e"),
        ("100% %%x%%", "100% %x %"),
        ("{{title}} $x ~y~ a==b", "title x y a =b"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("e\u0301cole", "école"),
        ("丰禾：面馆", "丰禾：面馆"),
        ("a\nb\tc\x00d\u202ee", "a b cd e"),
        ("\ud800x", "x"),
        ("", "note"),
        ("???", "note"),
        ("a " * 100, "a " * 59 + "a"),
        ("x" * 300, "x" * 120),
        ("客" * 120, "客" * 66),
    ],
)
def test_names(text: str, name: str) -> None:
    assert file_name(text, "note") == name


@given(st.text(max_size=300))
def test_name_is_good_everywhere(text: str) -> None:
    name = file_name(text, "note")
    assert name
    assert len(name.encode()) <= 200
    assert not FORBIDDEN & set(name)
    assert name == name.strip(" .") == normalize("NFC", name)
    assert name.isprintable() or all(ord(each) > 127 for each in name if not each.isprintable())
    assert file_name(name, "note") == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sent the trend report, she liked it a lot", "sent the trend report"),
        ("ok. they will call us back tomorrow and then we go", "ok. they will call us back tomorrow and"),
        ("发了一份面包店小程序的复购数据，他很喜欢", "发了一份面包店小程序的复购数据"),
        ("好，下周再说", "好，下周再说"),
        ("\n\nsecond line\nthird", "second line"),
        ("数" * 40, "数" * 20),
        ("x" * 100, "x" * 40),
        ("", ""),
    ],
)
def test_opening_words(text: str, words: str) -> None:
    assert opening_words(text) == words
