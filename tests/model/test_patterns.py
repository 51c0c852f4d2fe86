"""Patterns are compiled when they are used, and every one can be."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

import pytest

import vaultcrm
from vaultcrm.model import patterns
from vaultcrm.model.patterns import regex

MODULES = sorted(
    each.name
    for each in pkgutil.walk_packages(vaultcrm.__path__, "vaultcrm.")
    if not each.name.endswith("__main__")
)


def test_it_is_compiled_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or real(*given))  # type: ignore[func-returns-value]
    found = regex(r"(?P<year>\d+)-(\d+)", re.ASCII)
    assert compiled == []
    match = found.fullmatch("2026-11")
    assert match is not None
    assert match["year"] == "2026"
    assert found.sub("x", "2026-11 2027-12") == "x x"
    assert (found.pattern, found.groups, found.groupindex) == (r"(?P<year>\d+)-(\d+)", 2, {"year": 1})
    assert compiled == [(r"(?P<year>\d+)-(\d+)", re.ASCII)]


def test_bytes_have_patterns_too() -> None:
    assert regex(rb"a+").findall(b"aa-a") == [b"aa", b"a"]


def test_what_no_pattern_has_is_an_error() -> None:
    with pytest.raises(AttributeError):
        regex("a").other  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_every_pattern_can_be_compiled_and_none_is_before(name: str) -> None:
    for value in vars(import_module(name)).values():
        assert not isinstance(value, re.Pattern)
        if isinstance(value, patterns._Uncompiled):
            assert value.pattern
