"""`dataclass` for frozen values with slots: as that of the standard library, at a quarter of its cost.

The library writes six methods for each class, as text that is compiled anew in every run: for fifty classes
that takes as long as reading two hundred notes. Here ``__init__`` alone is written; the others are the same
functions for all. Making a value takes half as long, too, since its slots are filled directly. Type checkers
see the library's own. This module must not know any value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[type], type]:
        """A class decorator; ``frozen`` and ``slots`` are always true, ``kw_only`` as in the library."""
        assert frozen
        assert slots
        return lambda cls: _frozen(cls, kw_only)


__all__ = ["dataclass"]

Parts = tuple[dataclasses.Field[Any], ...]

_GIVEN = dataclasses.MISSING
"""Stands for an argument that was left away where each value gets a default of its own."""


def _frozen(cls: type, kw_only: bool) -> type:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    parts: Parts = dataclasses.fields(made)
    made.__init__ = _initializer(made, parts, kw_only)
    made._compared = staticmethod(_getter([part.name for part in parts if part.compare]))
    made.__repr__, made.__eq__, made.__hash__ = _repr, _eq, _hash
    made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
    made.__reduce__ = _reduce
    kind: type = made
    return kind


def _initializer(cls: type, parts: Parts, kw_only: bool) -> Any:
    names: dict[str, Any] = {"given": _GIVEN}
    arguments: list[str] = []
    lines: list[str] = []
    for number, part in enumerate(parts):
        assert part.init
        names[f"set{number}"] = getattr(cls, part.name).__set__
        value, default = part.name, f"default{number}"
        if part.default_factory is not dataclasses.MISSING:
            names[default] = part.default_factory
            arguments.append(f"{part.name}=given")
            value = f"{default}() if {part.name} is given else {part.name}"
        elif part.default is not dataclasses.MISSING:
            names[default] = part.default
            arguments.append(f"{part.name}={default}")
        else:
            arguments.append(part.name)
        lines.append(f"    set{number}(self, {value})")
    head = ", ".join(["self", *(["*"] if kw_only else []), *arguments])
    exec("\n".join([f"def __init__({head}):", *(lines or ["    pass"])]), names)
    return names["__init__"]


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names) if names else lambda value: ()


def _repr(self: Any) -> str:
    shown = (f"{part.name}={getattr(self, part.name)!r}" for part in dataclasses.fields(self) if part.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self is other or self._compared(self) == other._compared(other)


def _hash(self: Any) -> int:
    return hash(self._compared(self))


def _refuse_to_set(self: Any, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _remade, (type(self), tuple(getattr(self, part.name) for part in dataclasses.fields(self)))


def _remade(cls: Any, values: tuple[Any, ...]) -> Any:
    made = object.__new__(cls)
    for part, value in zip(dataclasses.fields(cls), values, strict=True):
        object.__setattr__(made, part.name, value)
    return made
