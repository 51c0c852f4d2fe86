"""`dataclass` for values with slots, nearly all of them frozen: as the library's, at a tenth of its cost.

The standard library takes longer to load than a thousand notes take to be looked at, and writes six methods
for each class, as text that is compiled anew in every run. Here ``__init__`` alone is written, once many
values are made; the others are the same functions for all. Making a value takes half as long, too, since its
slots are filled directly. Type checkers see the library's own, and who asks `dataclasses` for the fields of a
value is told of them. This module must not know any value, nor import what takes long.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
    from typing import Any, NoReturn
else:
    MISSING = object()
    """Stands for a default that there is not."""

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> Callable[[type], type]:
        """A class decorator, as in the library; without ``slots`` there is room for more than the fields."""
        return lambda cls: _made(cls, () if slots else ("__dict__",), frozen, kw_only)

    def field(**options: Any) -> Any:
        """A field with a ``default`` or ``default_factory``, or one not in ``repr`` or ``compare``."""
        return Part(**options)

    def fields(value: Any) -> tuple[Part, ...]:
        """The fields of a value or a class."""
        return value._frozen_parts

    def is_dataclass(value: Any) -> bool:
        """Whether it is one of these classes, or a value of one."""
        return hasattr(value, "_frozen_parts")

    def replace(value: Any, /, **changes: Any) -> Any:
        """The same value with other fields."""
        same = {part.name: getattr(value, part.name) for part in fields(value) if part.name not in changes}
        return type(value)(**same, **changes)


MANY = 32
"""From how many values on it takes no longer to write an initializer than to do without."""

__all__ = ["MISSING", "dataclass", "field", "fields", "is_dataclass", "replace"]


class Part:
    """A field of a class: its name, how it is annotated, and its options."""

    __slots__ = ("compare", "default", "default_factory", "kw_only", "name", "repr", "type")

    def __init__(
        self, default: Any = MISSING, default_factory: Any = MISSING, repr: bool = True, compare: bool = True
    ) -> None:
        """The options of a field whose name is not known yet."""
        self.default = default
        self.default_factory = default_factory
        self.repr = repr
        self.compare = compare
        self.name = self.type = ""
        self.kw_only = False

    def options(self) -> Mapping[str, Any]:
        """The options as the library takes them."""
        given = {"default": self.default, "default_factory": self.default_factory}
        known = {name: value for name, value in given.items() if value is not MISSING}
        return {**known, "repr": self.repr, "compare": self.compare, "kw_only": self.kw_only}


def _made(cls: type, more: tuple[str, ...], frozen: bool, kw_only: bool) -> type:
    own = [_part(cls, name, hint, kw_only) for name, hint in cls.__annotations__.items()]
    inherited = [part for base in reversed(cls.__mro__[1:]) for part in vars(base).get("_frozen_own", ())]
    parts = tuple({part.name: part for part in [*inherited, *own]}.values())
    names = {part.name for part in own}
    body = {name: value for name, value in vars(cls).items() if name not in names | _WITHOUT_SLOTS}
    body |= {
        "__slots__": (*(part.name for part in own), *more),
        "__match_args__": tuple(part.name for part in parts if not part.kw_only),
        "__dataclass_fields__": _Fields(),
        "_frozen_own": tuple(own),
        "_frozen_parts": parts,
        "_frozen_compared": staticmethod(_getter([part.name for part in parts if part.compare])),
        **(_FROZEN if frozen else _METHODS),
    }
    made: Any = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    made.__init__ = _first_init(made)
    kind: type = made
    return kind


_WITHOUT_SLOTS = {"__dict__", "__weakref__"}


def _part(cls: type, name: str, hint: str, kw_only: bool) -> Part:
    default = vars(cls).get(name, MISSING)
    part = default if isinstance(default, Part) else Part(default)
    part.name, part.type, part.kw_only = name, hint, kw_only
    return part


def _first_init(cls: Any) -> Any:
    """Fills the first values field by field, and has an initializer made once there are `MANY`."""
    made = 0

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807 - it is one
        nonlocal made
        made += 1
        if made < MANY and _filled(cls._frozen_parts, self, values, named):
            return
        cls.__init__ = initializer = _initializer(cls)
        initializer(self, *values, **named)

    return __init__


def _filled(parts: Sequence[Part], value: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
    """Fill a value; whether that could be. If not, the initializer tells what is wrong."""
    placed = taken = 0
    for part in parts:
        if placed < len(given) and not part.kw_only:
            if part.name in named:
                return False
            filled = given[placed]
            placed += 1
        elif part.name in named:
            filled = named[part.name]
            taken += 1
        elif part.default_factory is not MISSING:
            filled = part.default_factory()
        elif part.default is not MISSING:
            filled = part.default
        else:
            return False
        object.__setattr__(value, part.name, filled)
    return (placed, taken) == (len(given), len(named))


def _initializer(cls: Any) -> Any:
    names: dict[str, Any] = {"given": MISSING}
    arguments: list[str] = []
    lines: list[str] = []
    for number, part in enumerate(sorted(cls._frozen_parts, key=lambda part: part.kw_only)):
        if part.kw_only and "*" not in arguments:
            arguments.append("*")
        names[f"set{number}"] = getattr(cls, part.name).__set__
        value, default = part.name, f"default{number}"
        if part.default_factory is not MISSING:
            names[default] = part.default_factory
            arguments.append(f"{part.name}=given")
            value = f"{default}() if {part.name} is given else {part.name}"
        elif part.default is not MISSING:
            names[default] = part.default
            arguments.append(f"{part.name}={default}")
        else:
            arguments.append(part.name)
        lines.append(f"    set{number}(self, {value})")
    head = ", ".join(["self", *arguments])
    exec("\n".join([f"def __init__({head}):", *(lines or ["    pass"])]), names)
    return names["__init__"]


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names) if names else lambda value: ()


class _Fields:
    """The fields of a class as `dataclasses` has them, made when somebody asks for them."""

    def __get__(self, value: Any, cls: Any) -> Mapping[str, Any]:
        import dataclasses

        fields = [(part.name, part.type, dataclasses.field(**part.options())) for part in cls._frozen_parts]
        made: Any = dataclasses.make_dataclass(cls.__name__, fields, init=False, repr=False, eq=False)
        cls.__dataclass_fields__ = made.__dataclass_fields__
        found: Mapping[str, Any] = made.__dataclass_fields__
        return found


def _repr(self: Any) -> str:
    shown = [f"{part.name}={getattr(self, part.name)!r}" for part in self._frozen_parts if part.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self is other or self._frozen_compared(self) == other._frozen_compared(other)


def _hash(self: Any) -> int:
    return hash(self._frozen_compared(self))


def _refuse_to_set(self: Any, name: str, value: object) -> NoReturn:
    _refuse("assign to", name)


def _refuse_to_delete(self: Any, name: str) -> NoReturn:
    _refuse("delete", name)


def _refuse(what: str, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {what} field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _remade, (type(self), tuple(getattr(self, part.name) for part in self._frozen_parts))


def _remade(cls: Any, values: tuple[Any, ...]) -> Any:
    made = object.__new__(cls)
    for part, value in zip(cls._frozen_parts, values, strict=True):
        object.__setattr__(made, part.name, value)
    return made


_METHODS = {"__repr__": _repr, "__eq__": _eq, "__hash__": None, "__reduce__": _reduce}
_FROZEN = {
    **_METHODS,
    "__hash__": _hash,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
}
