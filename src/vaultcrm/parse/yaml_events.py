"""The one place that speaks YAML: text to properties with their places, by libyaml's stream of events.

Events, not nodes or values: an event stream resolves no types, follows no alias and merges no key, so that a
scalar stays as it was typed and a few hundred bytes cannot stand for a million values. libyaml's composer
recurses on the C stack and dies of deep nesting; its parser does not, and no further event is asked for once
a value is too deep.

This module imports yaml, which takes as long as reading a few hundred notes: it is imported where the first
front matter is met. It must not know where front matter stands in a file, nor what a property means.
"""

from __future__ import annotations

from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from vaultcrm.model.note import Fields, Items, Property, Scalar, Value
from vaultcrm.model.patterns import regex
from vaultcrm.parse.slips import slip

Parser: Any
try:
    from yaml._yaml import CParser

    Parser = CParser
except ImportError:  # a PyYAML that was built without libyaml: the same events, more slowly
    Parser = yaml.SafeLoader

DEEPEST = 32
"""How deep lists and fields may stand in one another (specification 2, Broken front matter)."""


class UnreadableYamlError(Exception):
    """Why a text cannot be read: the diagnostic's code, line and column in the file, a remedy."""

    def __init__(self, code: str, line: int, column: int, remedy: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.column, self.remedy = code, line, column, remedy


def read_fields(text: str, first_line: int) -> tuple[Property, ...] | None:
    """The properties of a mapping, equal names included; None where the text is a value but no mapping.

    Args:
        text: YAML whose line ends are single line feeds.
        first_line: the file's line on which it begins.

    Raises:
        UnreadableYamlError: at the first thing that cannot be read, or is not wanted.
    """
    parser = None
    try:
        # the pure-Python scanner takes no tab behind a colon, where libyaml does
        parser = Parser(text.replace(":\t", ": ") if Parser is yaml.SafeLoader else text)
        return _document(parser, first_line)
    # the pure-Python scanner lets some ValueErrors of its number and character conversions through
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _unreadable(text, error, first_line) from None
    finally:
        if parser is not None:
            parser.dispose()


def _document(parser: Any, first_line: int) -> tuple[Property, ...] | None:
    parser.get_event()
    event = parser.get_event()
    if type(event) is StreamEndEvent:
        return ()
    event = parser.get_event()
    fields = None
    if type(event) is MappingStartEvent:
        if event.anchor is not None or event.tag is not None:
            _refuse(event, "yaml-reference", first_line)
        fields = _entries(parser, first_line, 0)
    else:
        _value(parser, event, first_line, 0)
    while type(event := parser.get_event()) is not StreamEndEvent:
        if type(event) is not DocumentEndEvent:
            _refuse(event, "front-matter-syntax", first_line, "delete this line")
    return fields


def _value(parser: Any, event: Any, first_line: int, depth: int) -> Value:
    kind = type(event)
    if kind is AliasEvent or event.anchor is not None or event.tag is not None:
        _refuse(event, "yaml-reference", first_line)
    mark = event.start_mark
    line, column = mark.line + first_line, mark.column + 1
    if kind is ScalarEvent:
        if event.style == '"':
            if _HALF_PAIR.search(event.value):
                _refuse(event, "front-matter-syntax", first_line, _ESCAPE)
            if _DRIVE.match(event.value):
                _refuse(event, "front-matter-syntax", first_line, _BACKSLASH)
        return Scalar(event.value, line, column, bool(event.style))
    if depth >= DEEPEST:
        _refuse(event, "front-matter-too-deep", first_line)
    if kind is MappingStartEvent:
        return Fields(_entries(parser, first_line, depth + 1), line, column)
    items: list[Value] = []
    while type(event := parser.get_event()) is not SequenceEndEvent:
        items.append(_value(parser, event, first_line, depth + 1))
    return Items(tuple(items), line, column)


def _entries(parser: Any, first_line: int, depth: int) -> tuple[Property, ...]:
    entries: list[Property] = []
    next_event = parser.get_event
    while type(name := next_event()) is not MappingEndEvent:
        if type(name) is not ScalarEvent:
            _refuse_name(name, first_line)
        if name.anchor is not None or name.tag is not None or (name.value == "<<" and not name.style):
            _refuse(name, "yaml-reference", first_line)
        mark: Any = name.start_mark
        value = _value(parser, next_event(), first_line, depth)
        entries.append(Property(name.value, value, mark.line + first_line, mark.column + 1))
    return tuple(entries)


def _refuse_name(event: Any, first_line: int) -> NoReturn:
    if type(event) in (SequenceStartEvent, MappingStartEvent):
        _refuse(event, "front-matter-syntax", first_line, "put the brackets in quotes")
    _refuse(event, "yaml-reference", first_line)


def _refuse(event: Any, code: str, first_line: int, remedy: str = "") -> NoReturn:
    raise UnreadableYamlError(code, event.start_mark.line + first_line, event.start_mark.column + 1, remedy)


# ------------------------------------------------------------------------------------- errors in plain words


def _unreadable(text: str, error: Exception, first_line: int) -> UnreadableYamlError:
    """What libyaml says, as code and remedy, at the place of the slip rather than where it was noticed."""
    problem = str(getattr(error, "problem", "") or "")
    context = str(getattr(error, "context", "") or "")
    noticed: Any = getattr(error, "problem_mark", None)
    begun: Any = getattr(error, "context_mark", None)
    mark = noticed if begun is None or not any(words in context for words in _TOLD_WHERE_BEGUN) else begun
    if mark is None:
        return UnreadableYamlError("front-matter-syntax", first_line, 1, _QUOTES)
    lines = text.split("\n")
    number = min(mark.line, len(lines) - 1)
    line = lines[number]
    column = min(mark.column, len(line)) + 1
    code, remedy = _explained(problem, context, line, column)
    return UnreadableYamlError(code, number + first_line, column, remedy)


def _explained(problem: str, context: str, line: str, column: int) -> tuple[str, str]:
    if "tab" in problem.split() or line[column - 1 : column] == "\t":
        return "tab-indent", ""
    if any(words in context for words in _REFERENCES):
        return "yaml-reference", ""
    if "could not find expected ':'" in problem or "mapping values" in problem:
        slipped = slip(line)
        if slipped:
            return slipped, ""
    if "flow " in context and "，" in line and line.rstrip()[-1:] in ("]", "}"):
        return "front-matter-syntax", _COMMA
    for words, remedy in _REMEDIES:
        if words in problem or words in context:
            return "front-matter-syntax", remedy
    return "front-matter-syntax", _QUOTES


_HALF_PAIR = regex("[\ud800-\udfff]")
"""What the pure-Python scanner makes of ``"\\ud800"``: no character, and nothing that can be written."""

_DRIVE = regex(r"[A-Za-z]:[\x00-\x1b\x85\xa0\u2028\u2029]")
"""What YAML makes of ``"C:\\new"``, the path of a file."""

_BACKSLASH = "put it in single quotes: in double ones \\ is an escape"
_ESCAPE = "write the character itself, not its number"
_QUOTES = "put the value in quotes, or check how lines are indented"

_COMMA = "write ordinary commas instead of ，"

_TOLD_WHERE_BEGUN = ("quoted scalar", "simple key", "flow sequence", "flow mapping", "alias", "anchor", "tag")
"""Contexts of which the beginning tells more than the place where libyaml noticed."""

_REFERENCES = ("scanning an alias", "scanning an anchor", "scanning a tag", "parsing a tag", "parsing a node")

_REMEDIES = (
    ("escape code", _ESCAPE),
    ("unknown escape", _BACKSLASH),
    ("decimal number", _BACKSLASH),
    ("quoted scalar", "close the quotes at the end of the value"),
    ("simple key", "write it as 'name: value'"),
    ("mapping values", "put the value in quotes: it has ': ' in it"),
    ("flow sequence", "close the bracket ], or put the value in quotes"),
    ("flow mapping", "close the bracket }, or put the value in quotes"),
    ("expected key", "put the whole value in quotes"),
    ("cannot start", "put the value in quotes"),
    ("block sequence entries", "put the value in quotes, or each - on a line of its own"),
    ("node content", "put the value in quotes"),
    ("block scalar", "put the value in quotes"),
)
