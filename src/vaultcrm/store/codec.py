"""Readings and diagnostics as JSON and back, exactly, for the cache.

How each record is written is worked out once from its type hints: a record is a flat list of field numbers
and values, those with their default value left out. So a field with a default may be added to a record
without a change here. This module must not know what a field means.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.records import Reading

Convert = Callable[[Any], Any]
Said = tuple[Reading, tuple[Diagnostic, ...]]
"""What one note said."""

_AT_ONCE = 500  # one call for many texts takes two thirds of the time of one call each


class Plan(NamedTuple):
    """How values of one type are written as JSON and read back; None: as they are."""

    encode: Convert | None
    decode: Convert | None


def encode(said: Said) -> bytes:
    """What a note said, as bytes. Lone surrogates, which paths may hold, survive."""
    assert _SAID.encode is not None
    return _JSON.encode(_SAID.encode(said)).encode("utf-8", "surrogatepass")


def decode(each: Sequence[bytes]) -> list[Said]:
    """What notes said, from bytes that `encode` made.

    Raises:
        ValueError, TypeError, LookupError: some bytes are not `encode`'s, or those of another version.
    """
    assert _SAID.decode is not None
    found: list[Said] = []
    for start in range(0, len(each), _AT_ONCE):
        part = each[start : start + _AT_ONCE]
        together = b"[" + b",".join(part) + b"]"
        flat = json.loads(together.decode("utf-8", "surrogatepass"))
        if len(flat) != len(part):
            raise ValueError("not one value for each text")
        found += map(_SAID.decode, flat)
    return found


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


@cache
def plan(hint: Any) -> Plan:
    """How values of a type are written.

    Raises:
        TypeError: values of this type could not be told apart when read back.
    """
    simple = _SIMPLE.get(hint)
    if simple is not None:
        return simple
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(tuple(each for each in arguments if each is not type(None)), type(None) in arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is Mapping and arguments[0] is str:
        return _mapping(plan(arguments[1]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        return _named_tuple(hint)
    raise TypeError(f"no way to keep {hint!r}")


def _record(record: type) -> Plan:
    hints = typing.get_type_hints(record)
    parts: tuple[Field[Any], ...] = fields(record)
    names = tuple(part.name for part in parts)
    plans = tuple(plan(hints[name]) for name in names)
    rows = tuple((number, _default(parts[number]), plans[number].encode) for number in range(len(names)))
    values = attrgetter(*names)
    readers = tuple((name, each.decode) for name, each in zip(names, plans, strict=True))

    def to_list(value: Any) -> list[Any]:
        flat: list[Any] = []
        for (number, default, convert), field in zip(rows, values(value), strict=True):
            if field is default or (type(field) is type(default) and field == default):
                continue
            flat += (number, field if convert is None else convert(field))
        return flat

    def from_list(flat: list[Any]) -> Any:
        given = {}
        pairs = iter(flat)
        for number, value in zip(pairs, pairs, strict=True):
            name, convert = readers[number]
            given[name] = value if convert is None else convert(value)
        return record(**given)

    return Plan(to_list, from_list)


def _default(part: Field[Any]) -> Any:
    if part.default_factory is not MISSING:
        return part.default_factory()
    return part.default  # MISSING where there is none, which no value is


def _named_tuple(record: Any) -> Plan:
    hints = typing.get_type_hints(record)
    each = tuple(plan(hints[name]) for name in record._fields)
    if all(item == _AS_IS for item in each):
        return Plan(list, record._make)
    return _fixed(each, record._make)


def _tuple(arguments: tuple[Any, ...]) -> Plan:
    if arguments[-1] is not Ellipsis:
        return _fixed(tuple(plan(argument) for argument in arguments), tuple)
    to_json, from_json = plan(arguments[0])
    if to_json is None or from_json is None:
        return Plan(list, tuple)
    return Plan(
        lambda values: [to_json(v) for v in values], lambda values: tuple([from_json(v) for v in values])
    )


def _fixed(each: tuple[Plan, ...], make: Convert) -> Plan:
    """A tuple of a fixed length, each place with a type of its own."""

    def to_list(values: Any) -> list[Any]:
        pairs = zip(each, values, strict=True)
        return [value if item.encode is None else item.encode(value) for item, value in pairs]

    def from_list(values: list[Any]) -> Any:
        pairs = zip(each, values, strict=True)
        return make([value if item.decode is None else item.decode(value) for item, value in pairs])

    return Plan(to_list, from_list)


def _mapping(values: Plan) -> Plan:
    to_json, from_json = values
    if to_json is None or from_json is None:
        return Plan(dict, None)
    return Plan(
        lambda mapping: {key: to_json(value) for key, value in mapping.items()},
        lambda mapping: {key: from_json(value) for key, value in mapping.items()},
    )


def _union(members: tuple[Any, ...], optional: bool) -> Plan:
    if len(members) == 1:
        return _optional(plan(members[0])) if optional else plan(members[0])
    if all(is_dataclass(member) for member in members):
        return _optional(_tagged(members))
    written = tuple(member for member in members if member in (date, Decimal))
    if len(written) != 1 or not all(member in (*written, bool, int) for member in members):
        raise TypeError(f"values of {members!r} cannot be told apart")
    kind: type = written[0]
    to_json, from_json = _SIMPLE[kind]
    assert to_json is not None
    assert from_json is not None
    return Plan(
        lambda value: to_json(value) if isinstance(value, kind) else value,
        lambda value: from_json(value) if isinstance(value, str) else value,
    )


def _optional(inner: Plan) -> Plan:
    to_json, from_json = inner
    return Plan(
        None if to_json is None else lambda value: None if value is None else to_json(value),
        None if from_json is None else lambda value: None if value is None else from_json(value),
    )


def _tagged(members: tuple[type, ...]) -> Plan:
    """One of several records: its number among them, then itself."""
    numbers = {member: number for number, member in enumerate(members)}
    writers = tuple(plan(member).encode for member in members)
    readers = tuple(plan(member).decode for member in members)

    def to_list(value: Any) -> list[Any]:
        number = numbers[type(value)]
        write = writers[number]
        assert write is not None
        return [number, write(value)]

    def from_list(tagged: list[Any]) -> Any:
        read = readers[tagged[0]]
        assert read is not None
        return read(tagged[1])

    return Plan(to_list, from_list)


_AS_IS = Plan(None, None)
_SIMPLE: dict[Any, Plan] = {
    str: _AS_IS,
    int: _AS_IS,
    bool: _AS_IS,
    date: Plan(date.isoformat, date.fromisoformat),
    Decimal: Plan(str, Decimal),
}
_SAID = plan(Said)
