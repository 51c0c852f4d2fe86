"""Front matter as it is nearly always written, read without libyaml: names with a value, a list, or fields.

libyaml makes an event and two marks of every scalar, which takes three times as long. What is read here is a
part of YAML in which each line tells by itself what it is: no value goes on in the next line, nothing is
escaped, commented or referred to, and nothing stands deeper. Any other text is left to ``parse.yaml_events``;
of what is read here both say the same. This module must not know what a property means.
"""

from __future__ import annotations

from vaultcrm.model.note import Fields, Items, Property, Scalar, Value
from vaultcrm.model.patterns import regex

_NEVER = r"\x00-\x1f\x7f-\x9f{<>"
"""What YAML takes for the end of a line, or refuses; and with what placeholders and conflicts begin.

Of the characters of Latin-1: a class that names others takes a millisecond to make.
"""

_NEVER_EITHER = regex(r"[\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""The same of all others."""

_QUOTED = rf"\"[^\"\\{_NEVER}]*+\"|'[^'{_NEVER}]*+'"
_PLAIN = rf"(?:[\w+./(~$]|[^\x00-\xa1]|-(?=\w))(?:[^:#{_NEVER}]|:(?=[\w/]))*+"
_NAME = r"\w(?:[\w -]{0,58}\w)?"
_ITEM = rf"(?:{_QUOTED}|\w[\w ./@+-]*+)"
_LIST = rf"\[\ *+(?:{_ITEM}\ *+(?:,\ *+{_ITEM}\ *+)*+)?\]"
_LINK = r"\[\[\w[\w ./@+|-]*+\]\]"
_ITEM_LINE = rf"-\ ++(?:{_QUOTED}|{_PLAIN})\ *+\n"
_FIELD_LINE = rf"{_NAME}:\ ++(?:{_QUOTED}|{_PLAIN})\ *+\n"

_ENTRY = regex(
    rf"(({_NAME}):(?:(\ ++)(?:({_QUOTED}|{_PLAIN})|({_LINK}|{_LIST}))\ *+\n|\ *+\n(?:"
    rf"((\ {{0,8}}){_ITEM_LINE}(?:\7{_ITEM_LINE})*+)|((\ {{1,8}}){_FIELD_LINE}(?:\9{_FIELD_LINE})*+))?))"
)
"""A name, the blanks before its value, and that: a scalar, a list; items or fields, and what indents them."""

_ITEMS = regex(_ITEM)
_ITEM_LINES = regex(rf"(\ *+-\ ++)({_QUOTED}|{_PLAIN})\ *+\n")
_FIELD_LINES = regex(rf"({_NAME}):(\ ++)({_QUOTED}|{_PLAIN})\ *+\n")


def plain_fields(text: str, first_line: int) -> tuple[Property, ...] | None:
    """The properties of a mapping, as `yaml_events.read_fields` gives them; None where that has to be asked.

    Args:
        text: YAML whose line ends are single line feeds.
        first_line: the file's line on which it begins.
    """
    if not text.isascii() and _NEVER_EITHER.search(text):
        return None
    found: list[Property] = []
    line, length = first_line, 0
    value: Value
    for entry, name, blanks, scalar, brackets, items, indent, fields, margin in _ENTRY.findall(text):
        column = len(name) + len(blanks) + 2
        if scalar:
            value = _scalar(scalar, line, column)
        elif brackets:
            value = _in_brackets(brackets, line, column)
        elif items:
            value = Items(_items(items, line + 1), line + 1, len(indent) + 1)
        elif fields:
            value = Fields(_fields(fields, line + 1, len(margin) + 1), line + 1, len(margin) + 1)
        else:
            value = Scalar("", line, column)
        found.append(Property(name, value, line, 1))
        line += 1 if scalar else entry.count("\n")
        length += len(entry)
    return tuple(found) if length == len(text) else None


def _scalar(written: str, line: int, column: int) -> Scalar:
    if written[0] in "\"'":
        return Scalar(written[1:-1], line, column, True)
    return Scalar(written.rstrip(" "), line, column)


def _in_brackets(written: str, line: int, column: int) -> Items:
    if written.startswith("[["):  # an unquoted link, to YAML a list in a list
        return Items(
            (Items((Scalar(written[2:-2].rstrip(" "), line, column + 2),), line, column + 1),), line, column
        )
    items = [_scalar(each[0], line, column + each.start()) for each in _ITEMS.finditer(written)]
    return Items(tuple(items), line, column)


def _items(written: str, first_line: int) -> tuple[Scalar, ...]:
    found = enumerate(_ITEM_LINES.findall(written), first_line)
    return tuple([_scalar(scalar, line, len(dash) + 1) for line, (dash, scalar) in found])


def _fields(written: str, first_line: int, column: int) -> tuple[Property, ...]:
    found = enumerate(_FIELD_LINES.findall(written), first_line)
    return tuple(
        [
            Property(name, _scalar(scalar, line, column + len(name) + 1 + len(blanks)), line, column)
            for line, (name, blanks, scalar) in found
        ]
    )
