"""`NamedTuple` as the library's, at a fifth of its cost.

A run loads some seventy of these classes. The library compiles a ``__new__`` for each of them, and looks at
each annotation. Here ``__new__`` is compiled once many values are made, and annotations are for type
checkers, who see the library's own. This module must not know any value, nor import what takes long.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter

try:  # what `collections` takes; a property of an `itemgetter` does the same, at half the speed
    from _collections import _tuplegetter  # type: ignore[import-not-found]
except ImportError:

    def _tuplegetter(place: int, text: str) -> property:
        return property(itemgetter(place), doc=text)


TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, NamedTuple, TypeVar

    Named = TypeVar("Named", bound=NamedTuple)
else:

    class _Named(type):
        """Makes of a class with annotations a tuple with names."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            return _made(name, bases, body) if bases else type.__new__(cls, name, bases, body)

    class NamedTuple(metaclass=_Named):
        """To be derived from, as the library's."""


MANY = 32
"""From how many values on it takes no longer to compile a ``__new__`` than to do without."""

__all__ = ["NamedTuple", "again"]


def again(kind: type[Named], values: Iterable[tuple[Any, ...]]) -> Iterator[Named]:
    """Values of a class from what such values were as plain tuples: as ``_make``, but nothing is checked."""
    return map(partial(tuple.__new__, kind), values)


def _made(name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
    fields = tuple(body.get("__annotations__", ()))
    defaults = {each: body.pop(each) for each in fields if each in body}
    body = {**_METHODS, **body, "__slots__": (), "_fields": fields, "__match_args__": fields}
    body["_field_defaults"] = defaults
    for place, each in enumerate(fields):
        body[each] = _tuplegetter(place, "")
    made: Any = type(name, (tuple, *bases[1:]), body)
    made.__new__ = _first_new(made)
    kind: type = made
    return kind


def _first_new(made: Any) -> Any:
    """Makes the first values field by field, and ``__new__`` once there are `MANY`."""
    fields, defaults, count = made._fields, made._field_defaults, 0

    def __new__(cls: Any, *values: Any, **named: Any) -> Any:  # noqa: N807 - it is one
        nonlocal count
        count += 1
        given = {**dict(zip(fields, values, strict=False)), **named}
        every = defaults | given
        is_right = len(given) == len(values) + len(named) and every.keys() == set(fields)
        if is_right and count < MANY:
            return tuple.__new__(cls, [every[each] for each in fields])
        made.__new__ = new = _new(fields, defaults)
        return new(cls, *values, **named)

    return __new__


def _new(fields: tuple[str, ...], defaults: Mapping[str, Any]) -> Any:
    names = {"_make": tuple.__new__} | {f"_{each}": default for each, default in defaults.items()}
    taken = ", ".join([f"{each}=_{each}" if each in defaults else each for each in fields])
    return eval(f"lambda _cls, {taken}: _make(_cls, ({', '.join(fields)},))", names)


def _make(cls: Any, values: Iterable[Any]) -> Any:
    made = tuple.__new__(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    made = self._make([changes.pop(name, value) for name, value in zip(self._fields, self, strict=True)])
    if changes:
        raise ValueError(f"Got unexpected field names: {list(changes)!r}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    return dict(zip(self._fields, self, strict=True))


def _repr(self: Any) -> str:
    shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
    return f"{type(self).__name__}({', '.join(shown)})"


def _getnewargs(self: Any) -> tuple[Any, ...]:
    return tuple(self)


_METHODS = {
    "__getnewargs__": _getnewargs,
    "__repr__": _repr,
    "_asdict": _asdict,
    "_make": classmethod(_make),
    "_replace": _replace,
}
