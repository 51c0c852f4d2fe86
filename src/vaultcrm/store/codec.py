"""Readings and diagnostics as JSON and back, exactly, for the cache.

How each record is written is worked out once from its type hints, and becomes a function of its own, as
`dataclasses` makes them: a run takes ten thousand readings apart, and going through a table for each field
takes three times as long. They are made when they are first needed: most runs read few kinds of records. A
record is the list of its fields' values, those at the end that have their default left out. So a field with
a default may be added at the end of a record without a change here. The path of the note itself, which
nearly everything in it names, is null. Equal days, words and links become one value: without that, what
notes say takes twice the room. This module must not know what a field means.
"""

from __future__ import annotations

import json
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import MISSING, fields, is_dataclass
from vaultcrm.model.note import VaultPath, Word
from vaultcrm.model.records import NO_LINES, Lines, Reading, Reference, same_lines
from vaultcrm.model.tuples import NamedTuple

if TYPE_CHECKING:
    from dataclasses import Field

Said = tuple[Reading, tuple[Diagnostic, ...]]
"""What one note said."""

Expression = Callable[[str], str]
"""Takes the name of a value in generated code to an expression of it."""

_AT_ONCE = 500  # one call for many texts takes two thirds of the time of one call each


class Plan(NamedTuple):
    """How values of one type are written as JSON and read back; None: as they are."""

    encode: Expression | None
    decode: Expression | None


def encode(said: Said, path: VaultPath) -> bytes:
    """What the note with this path said, as bytes. Lone surrogates, which paths may hold, survive."""
    return _JSON.encode(_names[_WRITE](said, path)).encode("utf-8", "surrogatepass")


def decode(each: Sequence[bytes], paths: Sequence[VaultPath]) -> list[Said]:
    """What the notes with these paths said, from bytes that `encode` made.

    Raises:
        ValueError, TypeError, LookupError: some bytes are not `encode`'s, or those of another version.
    """
    found: list[Said] = []
    for start in range(0, len(each), _AT_ONCE):
        part = each[start : start + _AT_ONCE]
        together = b"[" + b",".join(part) + b"]"
        flat = json.loads(together.decode("utf-8", "surrogatepass"))
        if len(flat) != len(part):
            raise ValueError("not one value for each text")
        found += map(_names[_READ], flat, paths[start : start + _AT_ONCE])
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
    if hint in _SHARED:
        return _shared_record(hint)
    if origin is tuple:
        return _tuple(arguments)
    if origin is Mapping and arguments[0] is str:
        return _mapping(plan(arguments[1]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        return _named_tuple(hint)
    raise TypeError(f"no way to keep {hint!r}")


# ------------------------------------------------------------------------------------------- generated code

_names: dict[str, Any] = {
    "date": cache(date.fromisoformat),
    "Decimal": Decimal,
    "intern": sys.intern,
    "same_lines": same_lines,
    "no_lines": NO_LINES,
    "new": tuple.__new__,
    "blank": object.__new__,
}
"""What generated code may name: its own functions, and the values that they need."""


def _named(value: Any) -> str:
    """A name by which generated code finds a value."""
    name = f"_{len(_names)}"
    _names[name] = value
    return name


def _function(body: Callable[[], Iterable[str]]) -> str:
    """The name of a new function of ``value`` and the note's ``path``, made when it is first called."""

    def first(value: Any, path: VaultPath) -> Any:
        if _names[name] is first:
            source = "\n    ".join([f"def {name}(value, path):", *body()])
            exec(compile(source, f"<{__name__}>", "exec"), _names)
        return _names[name](value, path)

    name = _named(first)
    return name


def _calls(function: str) -> Expression:
    return lambda value: f"{function}({value})"


def _in_note(function: str) -> Expression:
    """As `_calls`, for one of the functions that are made here."""
    return lambda value: f"{function}({value}, path)"


def _applied(expression: Expression | None, name: str) -> str:
    return name if expression is None else expression(name)


def _listed(names: Iterable[str]) -> str:
    return "".join([f"{name}, " for name in names])


# ---------------------------------------------------------------------------------------------------- plans


def _record(record: type) -> Plan:
    """A frozen record with slots; they are filled directly, in a third of its own constructor's time."""
    to_list = _function(lambda: _taking_apart(*_parts(record)))
    from_list = _function(lambda: _putting_together(record, *_parts(record)))
    return Plan(_in_note(to_list), _in_note(from_list))


def _shared_record(record: type) -> Plan:
    """A record of plain values that is the same in many notes: it is looked for before it is made."""
    made = _named(cache(record))
    return _record(record)._replace(decode=lambda value: f"{made}(*{value})")


def _parts(record: type) -> tuple[list[Field[Any]], list[Plan]]:
    """The fields of a record, those with a default at the end, and how each is written."""
    hints = typing.get_type_hints(record, include_extras=True)
    parts: list[Field[Any]] = sorted(fields(record), key=_has_default)  # stable
    return parts, [plan(hints[part.name]) for part in parts]


def _taking_apart(parts: list[Field[Any]], plans: list[Plan]) -> Iterator[str]:
    names = [f"f{number}" for number in range(len(parts))]
    write = [_applied(each.encode, name) for each, name in zip(plans, names, strict=True)]
    ends, required = _ends(parts, plans)
    yield f"{_listed(names)} = {_listed(f'value.{part.name}' for part in parts)}"
    yield f"flat = [{_listed(write)}]"
    yield "count = len(flat)"
    yield f"while count > {required} and flat[count - 1] == {ends}[count - 1]: count -= 1"
    yield "del flat[count:]"
    yield "return flat"


def _putting_together(record: type, parts: list[Field[Any]], plans: list[Plan]) -> Iterator[str]:
    names = [f"f{number}" for number in range(len(parts))]
    read = [_applied(each.decode, name) for each, name in zip(plans, names, strict=True)]
    ends, required = _ends(parts, plans)
    yield f"if len(value) < {required}: raise ValueError('a field is missing')"
    yield f"{_listed(names)} = value + {ends}[len(value):]"
    yield f"made = blank({_named(record)})"
    for part, each in zip(parts, read, strict=True):
        yield f"{_named(getattr(record, part.name).__set__)}(made, {each})"
    yield "return made"


def _ends(parts: list[Field[Any]], plans: list[Plan]) -> tuple[str, int]:
    """The name of the fields' defaults as they are written, and how many fields have none."""
    ends = [_written_default(part, each) for part, each in zip(parts, plans, strict=True)]
    return _named(ends), len(parts) - sum(map(_has_default, parts))


def _has_default(part: Field[Any]) -> bool:
    return part.default is not MISSING or part.default_factory is not MISSING


def _written_default(part: Field[Any], how: Plan) -> Any:
    """A field's default as it would be written; None for a field without, which is always written."""
    if not _has_default(part):
        return None
    value = part.default if part.default_factory is MISSING else part.default_factory()
    if value is None or how.encode is None:
        return value
    if value == ():  # nearly all others; to have an expression evaluated takes long
        return []
    return eval(_applied(how.encode, "value"), _names, {"value": value, "path": ""})


def _named_tuple(record: Any) -> Plan:
    hints = typing.get_type_hints(record, include_extras=True)
    each = tuple(plan(hints[name]) for name in record._fields)
    make = _named(record)
    if all(item == _AS_IS for item in each):
        return Plan(_calls("list"), lambda value: f"new({make}, {value})")
    return _fixed(each, lambda items: f"new({make}, ({items}))")


def _tuple(arguments: tuple[Any, ...]) -> Plan:
    if arguments[-1] is not Ellipsis:
        return _fixed(tuple(plan(argument) for argument in arguments), lambda items: f"({items})")
    to_json, from_json = plan(arguments[0])
    return Plan(
        _calls("list") if to_json is None else lambda value: f"[{to_json('each')} for each in {value}]",
        _calls("tuple")
        if from_json is None
        else lambda value: f"(tuple([{from_json('each')} for each in {value}]) if {value} else ())",
    )


def _fixed(each: tuple[Plan, ...], made_of: Expression) -> Plan:
    """A tuple of a fixed length, each place with a type of its own."""
    names = [f"f{number}" for number in range(len(each))]
    write = _listed(_applied(item.encode, name) for item, name in zip(each, names, strict=True))
    read = _listed(_applied(item.decode, name) for item, name in zip(each, names, strict=True))
    apart = f"{_listed(names)} = value"
    to_list = _function(lambda: (apart, f"return [{write}]"))
    from_list = _function(lambda: (apart, f"return {made_of(read)}"))
    return Plan(_in_note(to_list), _in_note(from_list))


def _mapping(values: Plan) -> Plan:
    to_json, from_json = values
    if to_json is None or from_json is None:
        return Plan(_calls("dict"), None)
    write, read = to_json("each"), from_json("each")
    return Plan(
        lambda value: f"{{key: {write} for key, each in {value}.items()}}",
        lambda value: f"{{key: {read} for key, each in {value}.items()}}",
    )


def _union(members: tuple[Any, ...], optional: bool) -> Plan:
    if len(members) == 1:
        return _optional(plan(members[0])) if optional else plan(members[0])
    if all(is_dataclass(member) for member in members):
        return _optional(_tagged(members))
    written = tuple(member for member in members if member in (date, Decimal))
    if len(written) != 1 or not all(member in (*written, bool, int) for member in members):
        raise TypeError(f"values of {members!r} cannot be told apart")
    kind = _named(written[0])
    to_json, from_json = _SIMPLE[written[0]]
    assert to_json is not None
    assert from_json is not None
    return Plan(
        lambda value: f"({to_json(value)} if isinstance({value}, {kind}) else {value})",
        lambda value: f"({from_json(value)} if isinstance({value}, str) else {value})",
    )


def _optional(inner: Plan) -> Plan:
    to_json, from_json = inner
    return Plan(
        None if to_json is None else lambda value: f"(None if {value} is None else {to_json(value)})",
        None if from_json is None else lambda value: f"(None if {value} is None else {from_json(value)})",
    )


def _tagged(members: tuple[type, ...]) -> Plan:
    """One of several records: its number among them, then itself."""
    numbers = _named({member: number for number, member in enumerate(members)})
    plans = [plan(member) for member in members]
    write = _chosen(_applied(each.encode, "value") for each in plans)
    read = _chosen(_applied(each.decode, "value") for each in plans)
    to_list = _function(lambda: (f"number = {numbers}[type(value)]", f"return [number, {write}]"))
    from_list = _function(lambda: ("number, value = value", f"return {read}"))
    return Plan(_in_note(to_list), _in_note(from_list))


def _chosen(expressions: Iterable[str]) -> str:
    """An expression of that among some which has the ``number``."""
    cases = [f"{each} if number == {number} else" for number, each in enumerate(expressions)]
    return f"({' '.join(cases)} {{}}[number])"


_AS_IS = Plan(None, None)
_SIMPLE: dict[Any, Plan] = {
    str: _AS_IS,
    int: _AS_IS,
    bool: _AS_IS,
    date: Plan(lambda value: f"{value}.isoformat()", _calls("date")),
    Decimal: Plan(_calls("str"), _calls("Decimal")),
    Word: Plan(None, _calls("intern")),
    VaultPath: Plan(
        lambda value: f"(None if {value} == path else {value})",
        lambda value: f"(path if {value} is None else {value})",
    ),
    Lines: Plan(_calls("dict"), lambda value: f"(same_lines({value}) if {value} else no_lines)"),
}
_SHARED = (Reference,)
_SAID = plan(Said)
_WRITE = _function(lambda: (f"return {_applied(_SAID.encode, 'value')}",))
_READ = _function(lambda: (f"return {_applied(_SAID.decode, 'value')}",))
