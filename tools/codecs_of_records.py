"""Makes the functions by which the cache writes records and reads them back, from the records' type hints.

    python tools/codecs_of_records.py           write src/vaultcrm/store/coded.py
    python tools/codecs_of_records.py --check   tell whether it is out of date, exit 1 if so

How each record is written follows from the types of its fields alone. To work that out takes as long as to
read a hundred notes, so it is not done in each run; and going through a table for each field would take three
times as long as these functions do. To be run whenever a record of `model.records` changes.
"""

from __future__ import annotations

import ast
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import MISSING, fields, is_dataclass
from vaultcrm.model.note import VaultPath, Word
from vaultcrm.model.records import Lines, Reading, Reference

CODED = Path(__file__).resolve().parents[1] / "src" / "vaultcrm" / "store" / "coded.py"

Expression = Callable[[str], str]
"""Takes an expression to another one, in the text of a program."""

HEAD = '''\
"""How each record is written as JSON and read back. Made by tools/codecs_of_records.py, and by no hand.

A record is the list of its fields' values, those at the end that have their default left out. So a field with
a default may be added at the end of a record without a change in what was kept. The path of the note itself,
which nearly everything in it names, is null. Equal days, words and links become one value: without that, what
notes say takes twice the room. Records are filled slot by slot, in a third of their constructors' time. This
module must not know what a field means.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from sys import intern
from typing import Any

{imports}

day = cache(date.fromisoformat)
new = tuple.__new__
blank = object.__new__


def setters(record: Any, *names: str) -> tuple[Any, ...]:
    """What fills the fields of a record, by their names."""
    return tuple([getattr(record, name).__set__ for name in names])
'''


class Plan(NamedTuple):
    """How values of one type are written as plain ones and read back; None: as they are."""

    write: Expression | None
    read: Expression | None


AS_IS = Plan(None, None)
SIMPLE: dict[Any, Plan] = {
    str: AS_IS,
    int: AS_IS,
    bool: AS_IS,
    date: Plan(lambda value: f"{value}.isoformat()", lambda value: f"day({value})"),
    Decimal: Plan(lambda value: f"str({value})", lambda value: f"Decimal({value})"),
    Word: Plan(None, lambda value: f"intern({value})"),
    VaultPath: Plan(
        lambda value: f"(None if {value} == path else {value})",
        lambda value: f"(path if {value} is None else {value})",
    ),
    Lines: Plan(
        lambda value: f"dict({value})", lambda value: f"(same_lines({value}) if {value} else NO_LINES)"
    ),
}
SHARED = (Reference,)
"""Records of plain values that are the same in many notes: each is looked for before it is made."""


class Codecs:
    """The functions, one after the other: each uses only those above it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._imported: dict[str, set[str]] = {"vaultcrm.model.records": {"NO_LINES", "same_lines"}}
        self._plan = cache(self._made)

    def source(self, said: Any) -> str:
        """The program: ``write`` and ``read`` for what one note said."""
        how = self._plan(said)
        self._function(
            "write", [f"return {applied(how.write, 'value')}"], "Plain values of what a note said."
        )
        self._function("read", [f"return {applied(how.read, 'value')}"], "What a note said, of these.")
        imports = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._imported.items())
        ]
        return "\n\n\n".join([HEAD.format(imports="\n".join(imports)), *self.parts]) + "\n"

    def _made(self, hint: Any) -> Plan:
        if hint in SIMPLE:
            return SIMPLE[hint]
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            members = tuple(each for each in arguments if each is not type(None))
            return self._union(members, is_optional=len(members) < len(arguments))
        if origin is tuple:
            return self._tuple(arguments)
        if origin is Mapping and arguments[0] is str:
            return _mapping(self._plan(arguments[1]))
        if is_dataclass(hint) and isinstance(hint, type):
            return self._record(hint)
        if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
            return self._named_tuple(hint)
        raise TypeError(f"no way to keep {hint!r}")

    # ------------------------------------------------------------------------------------------ records

    def _record(self, record: type) -> Plan:
        name = self._import(record)
        low = name.lower()
        hints = typing.get_type_hints(record, include_extras=True)
        parts = sorted(fields(record), key=_has_default)  # stable: those that must be written come first
        plans = [self._plan(hints[part.name]) for part in parts]
        required = sum(not _has_default(part) for part in parts)
        ends = [self._written_default(part, how) for part, how in zip(parts, plans, strict=True)]
        names = [part.name for part in parts]
        written = [applied(how.write, f"value.{each}") for how, each in zip(plans, names, strict=True)]
        self._add(f"{low}_ends: list[Any] = [{', '.join(map(repr, ends))}]")
        flat = ["flat = [", *[f"    {each}," for each in written], "]"]
        self._function(f"_write_{low}", [*flat, f"return shortened(flat, {low}_ends, {required})"])
        if record in SHARED:
            self._add(f"{low} = cache({name})")
            return Plan(lambda value: f"_write_{low}({value}, path)", lambda value: f"{low}(*{value})")
        self._add(f"{', '.join(f'{low}_{each}' for each in names)}, = setters({name}, {str(names)[1:-1]})")
        of = zip(plans, names, strict=True)
        read = [f"{low}_{each}(made, {applied(how.read, f'{each}_')})" for how, each in of]
        unpacked = "".join(f"{each}_, " for each in names)
        missing = f"if len(value) < {required}: raise ValueError('a field is missing')"
        filled = f"{unpacked}= value + {low}_ends[len(value):]"
        self._function(f"_read_{low}", [missing, filled, f"made = blank({name})", *read, "return made"])
        return Plan(lambda value: f"_write_{low}({value}, path)", lambda value: f"_read_{low}({value}, path)")

    def _written_default(self, part: Any, how: Plan) -> Any:
        """A field's default as it is written; None for a field without, which is always written."""
        if not _has_default(part):
            return None
        value = part.default if part.default_factory is MISSING else part.default_factory()
        if value is None or how.write is None:
            return value
        names = {**vars(sys.modules[Reading.__module__]), "value": value, "path": "", "date": date}
        return eval(how.write("value"), names)  # nothing of ours stands in a default: no function is needed

    # ------------------------------------------------------------------------------------------- tuples

    def _named_tuple(self, record: Any) -> Plan:
        hints = typing.get_type_hints(record, include_extras=True)
        each = [self._plan(hints[name]) for name in record._fields]
        name = self._import(record)
        if all(how == AS_IS for how in each):
            return Plan(lambda value: f"list({value})", lambda value: f"new({name}, {value})")
        return self._fixed(name.lower(), each, lambda items: f"new({name}, ({items}))")

    def _tuple(self, arguments: tuple[Any, ...]) -> Plan:
        if arguments[-1] is not Ellipsis:
            each = [self._plan(argument) for argument in arguments]
            if all(how == AS_IS for how in each):
                return Plan(lambda value: f"list({value})", lambda value: f"tuple({value})")
            return self._fixed(f"pair_{len(self.parts)}", each, lambda items: f"({items})")
        write, read = self._plan(arguments[0])
        return Plan(
            lambda value: f"list({value})" if write is None else f"[{write('each')} for each in {value}]",
            lambda value: (
                f"(tuple([{applied(read, 'each')} for each in {value}]) if {value} else ())"
                if read is not None
                else f"tuple({value})"
            ),
        )

    def _fixed(self, name: str, each: list[Plan], made_of: Expression) -> Plan:
        """A tuple of a fixed length, each place with a type of its own."""
        names = [f"f{number}" for number in range(len(each))]
        write = "".join(f"{applied(how.write, part)}, " for how, part in zip(each, names, strict=True))
        read = "".join(f"{applied(how.read, part)}, " for how, part in zip(each, names, strict=True))
        apart = f"{', '.join(names)} = value"
        self._function(f"_write_{name}", [apart, f"return [{write}]"])
        self._function(f"_read_{name}", [apart, f"return {made_of(read)}"])
        return Plan(
            lambda value: f"_write_{name}({value}, path)", lambda value: f"_read_{name}({value}, path)"
        )

    # ------------------------------------------------------------------------------------------- unions

    def _union(self, members: tuple[Any, ...], *, is_optional: bool) -> Plan:
        if len(members) == 1:
            how = self._plan(members[0])
            return _optional(how) if is_optional else how
        if all(is_dataclass(member) for member in members):
            return _optional(self._tagged(members))
        written = [member for member in members if member in (date, Decimal)]
        if len(written) != 1 or not all(member in (*written, bool, int) for member in members):
            raise TypeError(f"values of {members!r} cannot be told apart")
        (kind,) = written
        write, read = SIMPLE[kind]
        assert write is not None
        assert read is not None
        return Plan(
            lambda value: f"({write(value)} if isinstance({value}, {kind.__name__}) else {value})",
            lambda value: f"({read(value)} if isinstance({value}, str) else {value})",
        )

    def _tagged(self, members: tuple[type, ...]) -> Plan:
        """One of several records: its number among them, then itself."""
        plans = [self._plan(member) for member in members]
        cases = [
            f"if type(value) is {member.__name__}: return [{number}, {applied(how.write, 'value')}]"
            for number, (member, how) in enumerate(zip(members, plans, strict=True))
        ]
        self._function("_write_record", [*cases, "raise TypeError(type(value))"])
        told = [
            f"if number == {number}: return {applied(how.read, 'value')}" for number, how in enumerate(plans)
        ]
        self._function("_read_record", ["number, value = value", *told, "raise LookupError(number)"])
        return Plan(
            lambda value: f"_write_record({value}, path)", lambda value: f"_read_record({value}, path)"
        )

    # -------------------------------------------------------------------------------------------- text

    def _import(self, kind: type) -> str:
        self._imported.setdefault(kind.__module__, set()).add(kind.__name__)
        return kind.__name__

    def _function(self, name: str, body: Iterable[str], about: str = "") -> None:
        told = [f'"""{about}"""'] if about else []
        lines = [f"    {line}" for line in (*told, *body)]
        self._add("\n".join([f"def {name}(value: Any, path: str) -> Any:", *lines]))

    def _add(self, text: str) -> None:
        self.parts.append(text)


SHORTENED = '''\
def shortened(flat: list[Any], ends: list[Any], required: int) -> list[Any]:
    """The values of a record without those at its end that are the defaults."""
    count = len(flat)
    while count > required and flat[count - 1] == ends[count - 1]:
        count -= 1
    del flat[count:]
    return flat'''


def applied(expression: Expression | None, value: str) -> str:
    """What becomes of a value."""
    return value if expression is None else expression(value)


def _mapping(values: Plan) -> Plan:
    write, read = values
    if write is None or read is None:
        return Plan(lambda value: f"dict({value})", None)
    return Plan(
        lambda value: f"{{key: {write('each')} for key, each in {value}.items()}}",
        lambda value: f"{{key: {read('each')} for key, each in {value}.items()}}",
    )


def _optional(inner: Plan) -> Plan:
    write, read = inner
    return Plan(
        None if write is None else lambda value: f"(None if {value} is None else {write(value)})",
        None if read is None else lambda value: f"(None if {value} is None else {read(value)})",
    )


def _has_default(part: Any) -> bool:
    return part.default is not MISSING or part.default_factory is not MISSING


def made() -> str:
    """The program as it should be."""
    codecs = Codecs()
    codecs.parts.append(SHORTENED)
    return codecs.source(tuple[Reading, tuple[Diagnostic, ...]])


def is_up_to_date() -> bool:
    """Whether the program that there is says the same."""
    return CODED.exists() and ast.dump(ast.parse(CODED.read_text("utf-8"))) == ast.dump(ast.parse(made()))


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        if not is_up_to_date():
            sys.exit("src/vaultcrm/store/coded.py is out of date: run make golden")
    else:
        CODED.write_text(made(), "utf-8")
