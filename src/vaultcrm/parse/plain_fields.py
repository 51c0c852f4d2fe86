"""Front matter as it is nearly always written, read without libyaml: names with a value or a list of values.

libyaml makes an event and two marks of every scalar, which takes three times as long. What is read here is a
part of YAML in which each line tells by itself what it is: no value goes on in the next line, nothing is
escaped, nested, commented or referred to. Any other text is left to ``parse.yaml_events``; of what is read
here both say the same. This module must not know what a property means.
"""

from __future__ import annotations

import re

from vaultcrm.model.note import Items, Property, Scalar, Value
from vaultcrm.model.patterns import regex

_NEVER = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff{<>"
"""What YAML takes for the end of a line, or refuses; and with what placeholders and conflicts begin."""

_QUOTED = rf"\"[^\"\\{_NEVER}]*+\"|'[^'{_NEVER}]*+'"
_PLAIN = rf"(?:[\w+./(~$€£¥￥（“《「【]|-(?=\w))(?:[^:#{_NEVER}]|:(?=[\w/]))*+"
_ITEM = rf"(?:{_QUOTED}|\w[\w ./@+-]*+)"
_ITEM_LINE = rf"-\ ++(?:{_QUOTED}|{_PLAIN})\ *+\n"

_ENTRY = regex(
    r"(\w(?:[\w -]{0,58}\w)?):"
    rf"(?:\ ++(?:({_QUOTED}|{_PLAIN})|(\[\ *+(?:{_ITEM}\ *+(?:,\ *+{_ITEM}\ *+)*+)?\]))\ *+\n"
    rf"|\ *+\n((\ {{0,8}}){_ITEM_LINE}(?:\5{_ITEM_LINE})*+)?)"
)
_NAME, _SCALAR, _BRACKETS, _DASHES = range(1, 5)
"""An entry's groups: its name, and its value as it is written; one without a value has its name alone."""

_ITEMS = regex(_ITEM)
_ITEM_LINES = regex(rf"\ *+-\ ++({_QUOTED}|{_PLAIN})\ *+\n")


def plain_fields(text: str, first_line: int) -> tuple[Property, ...] | None:
    """The properties of a mapping, as `yaml_events.read_fields` gives them; None where that has to be asked.

    Args:
        text: YAML whose line ends are single line feeds.
        first_line: the file's line on which it begins.
    """
    found: list[Property] = []
    start, line = 0, first_line
    while start < len(text):
        entry = _ENTRY.match(text, start)
        if entry is None:
            return None
        kind = entry.lastindex
        value: Value
        if kind == _SCALAR:
            value = _scalar(entry[_SCALAR], line, entry.start(_SCALAR) - start + 1)
        elif kind == _NAME:
            value = Scalar("", line, entry.end(_NAME) - start + 2)
        else:
            value = _in_brackets(entry, line) if kind == _BRACKETS else _behind_dashes(entry, line + 1)
        found.append(Property(entry[_NAME], value, line, 1))
        line += entry[0].count("\n") if kind == _DASHES else 1
        start = entry.end()
    return tuple(found)


def _scalar(written: str, line: int, column: int) -> Scalar:
    if written[0] in "\"'":
        return Scalar(written[1:-1], line, column, True)
    return Scalar(written.rstrip(" "), line, column)


def _in_brackets(entry: re.Match[str], line: int) -> Items:
    start, end = entry.span(_BRACKETS)
    left = entry.start() - 1  # columns count from 1
    found = _ITEMS.finditer(entry.string, start + 1, end)
    return Items(tuple([_scalar(each[0], line, each.start() - left) for each in found]), line, start - left)


def _behind_dashes(entry: re.Match[str], line: int) -> Items:
    found = _ITEM_LINES.finditer(entry.string, *entry.span(_DASHES))
    items = [
        _scalar(each[1], number, each.start(1) - each.start() + 1) for number, each in enumerate(found, line)
    ]
    return Items(tuple(items), line, entry.end(_DASHES + 1) - entry.start(_DASHES) + 1)
