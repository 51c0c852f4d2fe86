"""The encoding of a text that does not say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.parse.encodings import decoded_text


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("姓名,电话\n李四,1\n", "utf-8", "UTF-8"),
        ("姓名,电话\n李四,1\n", "utf-8-sig", "UTF-8"),
        ("姓名,电话\n李四,1\n", "gb18030", "GB18030"),
        ("Name,Ort\nJürgen Müller,Köln\n", "cp1252", "Windows-1252"),
        ("Name,Ort\nJürgen Müller,Köln\n", "utf-16", "UTF-16"),
        ("Name,Ort\nJürgen Müller,Köln\n", "utf-16-le", "UTF-16"),
        ("Name,Ort\nJürgen Müller,Köln\n", "utf-16-be", "UTF-16"),
        ("Name,Ort\n", "utf-32", "UTF-32"),
        ("", "utf-8", "UTF-8"),
    ],
)
def test_encoding_is_found(text: str, codec: str, name: str) -> None:
    assert decoded_text(text.encode(codec)) == (text, name)


def test_bytes_of_no_encoding_are_read_all_the_same() -> None:
    text, name = decoded_text(b"Name\nA\x81\x82B\xff\xff\xff\xff")
    assert text.startswith("Name\nA")
    assert name == "Windows-1252"


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    text, name = decoded_text(data)
    assert isinstance(text, str)
    assert name
