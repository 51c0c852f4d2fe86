"""Frozen values are what those of the standard library are."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import date
from functools import cached_property
from typing import Any

import pytest

from vaultcrm.model import diagnostics, frozen, policy, records, results
from vaultcrm.model.frozen import dataclass, field, fields, replace
from vaultcrm.model.note import Place

MODEL = [
    each
    for module in (diagnostics, policy, records, results)
    for each in vars(module).values()
    if isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == module.__name__
]


@dataclass(frozen=True, slots=True)
class Named:
    """A value with all kinds of fields."""

    name: str
    size: int = 1
    tags: list[str] = field(default_factory=list)
    note: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A value that others build on."""

    place: Place
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Base):
    """A value with fields of another one before its own."""

    day: date


@dataclass(frozen=True, slots=True)
class Empty:
    """A value without fields."""


@dataclass(slots=True)
class Draft:
    """A value that may be changed."""

    text: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Roomy:
    """A value that remembers what it was asked."""

    name: str

    @cached_property
    def letters(self) -> list[str]:
        """What the name is made of."""
        return list(self.name)


@pytest.fixture(params=[0, 1 << 30], ids=["many", "the first"], autouse=True)
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are made as the first ones are, or as those are of which there are many."""
    monkeypatch.setattr(frozen, "MANY", request.param)
    for kind in (Named, Base, Derived, Empty, Draft, Roomy):
        kind.__init__ = frozen._first_init(kind)  # type: ignore[misc]


def test_without_slots_there_is_room_for_what_is_remembered() -> None:
    value = Roomy("ab")
    assert value.letters is value.letters
    assert value == Roomy("ab")
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.name = "b"  # type: ignore[misc]


def test_fields_have_their_defaults_and_each_value_its_own_list() -> None:
    one, other = Named("a"), Named("a")
    assert (one.name, one.size, one.tags, one.note) == ("a", 1, [], "")
    assert one.tags is not other.tags
    assert Named("a", 2, ["x"], note="n").tags == ["x"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), {}),
        (("a", 1, [], "", "more"), {}),
        (("a",), {"name": "b"}),
        (("a", 2), {"name": "b", "note": "n"}),
        (("a",), {"other": 1}),
        ((), {"size": 1}),
    ],
)
def test_wrong_arguments_are_refused(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Named(*arguments, **named)


def test_an_initializer_is_written_once_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "MANY", 3)
    first = Named.__init__
    values = [Named("a", 2), Named(size=2, name="a")]
    assert Named.__init__ is first
    values += [Named("a", size=2), Named("a", 2)]
    assert Named.__init__ is not first
    assert len({each.name for each in values}) == 1
    assert all(each == values[0] for each in values)


def test_a_field_of_the_base_comes_first_and_all_go_by_name() -> None:
    value = Derived(place=Place("a.md"), day=date(2026, 11, 20))
    assert [each.name for each in dataclasses.fields(value)] == ["place", "lines", "day"]
    assert value.lines == 0
    with pytest.raises(TypeError):
        Derived(Place("a.md"), 0, date(2026, 11, 20))  # type: ignore[misc]


def test_values_are_equal_by_what_is_compared() -> None:
    assert Named("a", note="x") == Named("a", note="y")
    assert Named("a") != Named("b")
    assert Named("a") != ("a", 1, [], "")
    assert Base(place=Place("a.md")) != Derived(place=Place("a.md"), day=date.min)
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())


def test_equal_values_have_one_hash() -> None:
    assert len({Base(place=Place("a.md")), Base(place=Place("a.md")), Base(place=Place("b.md"))}) == 2


def test_it_is_shown_as_it_is_written() -> None:
    assert repr(Named("a", note="x")) == "Named(name='a', size=1, tags=[])"


def test_nothing_can_be_changed() -> None:
    value = Named("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        del value.name
    with pytest.raises((AttributeError, TypeError)):
        value.other = 1  # type: ignore[attr-defined]


def test_what_is_not_frozen_can_be_changed_and_has_no_hash() -> None:
    draft = Draft()
    draft.text = "more"
    draft.lines.append("a line")
    assert draft == Draft("more", ["a line"])
    assert Draft() == Draft()
    with pytest.raises(TypeError):
        hash(draft)
    with pytest.raises(AttributeError):
        draft.other = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [Named, Base, Derived, Empty, Draft, Roomy])
def test_the_library_sees_the_fields_that_it_would_make(kind: type) -> None:
    hints = [(each.name, each.type) for each in dataclasses.fields(kind)]  # type: ignore[arg-type]
    assert hints == [
        (name, hint) for base in reversed(kind.__mro__[:-1]) for name, hint in base.__annotations__.items()
    ]
    for one, other in zip(fields(kind), dataclasses.fields(kind), strict=True):  # type: ignore[arg-type]
        assert (one.name, one.repr, one.compare, one.kw_only) == (
            other.name,
            other.repr,
            other.compare,
            other.kw_only,
        )
    assert kind.__match_args__ == (() if issubclass(kind, Base) else tuple(name for name, _ in hints))  # type: ignore[attr-defined]


def test_the_library_replaces_and_takes_apart() -> None:
    value = Named("a", 2, ["x"], note="n")
    assert dataclasses.replace(value, size=3) == replace(value, size=3) == Named("a", 3, ["x"])
    assert dataclasses.asdict(value) == {"name": "a", "size": 2, "tags": ["x"], "note": "n"}
    assert replace(Derived(place=Place("a.md"), day=date.min), lines=2).lines == 2
    with pytest.raises(TypeError):
        replace(value, other=1)


def test_it_can_be_replaced_copied_and_kept() -> None:
    value = Named("a", 2, ["x"], note="n")
    assert dataclasses.replace(value, size=3) == Named("a", 3, ["x"])
    assert dataclasses.replace(value, size=3).note == "n"
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert other == value
        assert other.note == "n"


@pytest.mark.parametrize("kind", MODEL, ids=lambda kind: kind.__name__)
def test_each_value_of_the_model_takes_its_fields_and_nothing_else(kind: type) -> None:
    code = frozen._initializer(kind).__code__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    assert names == tuple(each.name for each in dataclasses.fields(kind))  # type: ignore[arg-type]
    assert "__dict__" not in {name for each in kind.__mro__[:-1] for name in vars(each)}
