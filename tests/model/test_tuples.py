"""Tuples with names are what those of the standard library are."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any, Generic, TypeVar

import pytest

from vaultcrm.model import tuples

T = TypeVar("T")

BODY = """
class Point(Base):
    'Where something is.'
    x: int
    y: int = 1
    name: str | None = None

    def __str__(self):
        return f"{self.x}/{self.y}"

    @property
    def sum(self):
        return self.x + self.y

    @classmethod
    def of(cls, *values):
        return cls._make((*values, None))
"""


class Spot(tuples.NamedTuple):
    """At the top of a module, as pickle wants it."""

    x: int
    y: int = 1


class Pair(tuples.NamedTuple, Generic[T]):
    """A tuple of whatever kind."""

    one: T
    other: T


def made(base: Any) -> Any:
    names: dict[str, Any] = {"Base": base, "__name__": __name__}
    exec(BODY, names)
    return names["Point"]


LIBRARY, OURS = made(typing.NamedTuple), made(tuples.NamedTuple)


@pytest.fixture(params=[0, 1 << 30], ids=["many", "the first"], autouse=True)
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are made as the first ones are, or as those are of which there are many."""
    monkeypatch.setattr(tuples, "MANY", request.param)
    for kind in (OURS, Spot, Pair):
        kind.__new__ = tuples._first_new(kind)


USES: dict[str, Any] = {
    "by place": lambda cls: cls(1, 2, "a"),
    "by name": lambda cls: cls(y=2, x=1),
    "with defaults": lambda cls: cls(1),
    "twice": lambda cls: (cls(1), cls(2)),
    "too few": lambda cls: cls(),
    "too many": lambda cls: cls(1, 2, "a", 3),
    "unknown": lambda cls: cls(1, z=2),
    "unknown in the place of one": lambda cls: cls(y=1, z=2),
    "twice the same": lambda cls: cls(1, x=2),
    "none but a default": lambda cls: cls(y=2),
    "made": lambda cls: cls._make([1, 2, None]),
    "made of too few": lambda cls: cls._make([1]),
    "replaced": lambda cls: cls(1)._replace(y=3),
    "as a dictionary": lambda cls: cls(1)._asdict(),
    "shown": lambda cls: (repr(cls(1)), str(cls(1))),
    "fields": lambda cls: (cls._fields, cls._field_defaults, cls.__match_args__, cls.__doc__),
    "equal to a tuple": lambda cls: cls(1) == (1, 1, None),
    "hashed": lambda cls: hash(cls(1)) == hash((1, 1, None)),
    "sorted": lambda cls: sorted([cls(2), cls(1)]),
    "asked": lambda cls: (cls(1).sum, cls(1).x, cls(1).name),
    "made by its own": lambda cls: cls.of(1, 2),
    "set": lambda cls: setattr(cls(1), "x", 2),
    "set another": lambda cls: setattr(cls(1), "z", 2),
    "copied": lambda cls: copy.copy(cls(1)),
    "a tuple": lambda cls: (cls.__bases__, cls.__mro__[1:], cls.__module__, cls.__qualname__),
}


@pytest.mark.parametrize("use", USES)
def test_what_the_library_s_does_ours_do(use: str) -> None:
    def result(cls: Any) -> tuple[str, object]:
        try:
            return "gave", USES[use](cls)
        except (TypeError, ValueError, AttributeError) as error:
            return "raised", type(error)

    assert result(OURS) == result(LIBRARY)


def test_another_name_is_not_replaced() -> None:
    with pytest.raises(ValueError, match="unexpected field names: \\['z'\\]"):
        OURS(1)._replace(z=3)


def test_they_match_patterns() -> None:
    match OURS(1, 2):
        case OURS(x, y, None):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("it did not match")


def test_they_are_pickled() -> None:
    assert type(pickle.loads(pickle.dumps(Spot(1)))) is Spot
    assert pickle.loads(pickle.dumps(Spot(1, 2))) == (1, 2)


def test_they_may_be_generic() -> None:
    assert Pair[int](1, 2) == Pair(1, 2) == (1, 2)
    assert repr(Pair("a", "b")) == "Pair(one='a', other='b')"


def test_what_is_derived_is_made_of_the_same_fields() -> None:
    class Named(Spot):
        """With a name of its own."""

        __slots__ = ()

    assert Named(1) == Spot(1)
    assert type(Named(1)) is Named
    assert type(Spot(1)) is Spot
