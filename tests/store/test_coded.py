"""What the cache writes and reads records with is what follows from the records' types."""

from __future__ import annotations

import importlib
import types
from datetime import date
from typing import Any

import pytest

from tests.support.vaults import TESTS
from vaultcrm.model import records
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.records import Client


@pytest.fixture
def codecs(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """What makes them."""
    monkeypatch.syspath_prepend(str(TESTS.parent / "tools"))
    return importlib.import_module("codecs_of_records")


def test_they_are_up_to_date(codecs: types.ModuleType) -> None:
    assert codecs.is_up_to_date(), "a record has changed: make golden"


def test_another_field_makes_them_out_of_date(
    codecs: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True, slots=True)
    class Money:
        amount: str
        currency: str | None = None
        rate: str | None = None

    before = codecs.made()
    Money.__module__ = records.__name__
    monkeypatch.setattr(records, "Money", Money)
    assert "money_rate(made, rate_)" in codecs.made()
    assert codecs.made() != before


@pytest.mark.parametrize("hint", [str | date, dict[str, int], float, Client | str, set[str]])
def test_a_type_that_could_not_be_told_apart_is_refused(codecs: types.ModuleType, hint: Any) -> None:
    with pytest.raises(TypeError):
        codecs.Codecs().source(hint)
