"""Properties as YAML text: every value stands bare where all programs read it as it was meant, else quoted.

This module must not know which properties a kind of note has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from vaultcrm.model.note import Property, Scalar
from vaultcrm.model.patterns import regex
from vaultcrm.parse.plain_fields import plain_fields
from vaultcrm.parse.slips import invisible, placeholder, slip


def note_text(properties: Mapping[str, object], body: str) -> str:
    """The text of a note: properties in the order given, then the body as it is.

    Values are texts, numbers, days, booleans, None (the name alone), and lists and mappings of these. A text
    is quoted where it has to be, and where other programs would take it for something else: ``no``, ``012``.
    """
    return f"---\n{block_text(properties)}---\n{body}"


def block_text(properties: Mapping[str, object]) -> str:
    """Properties as YAML, in their order, each line ended."""
    return "".join(line + "\n" for line in _fields(properties))


def _fields(fields: Mapping[str, object]) -> Iterator[str]:
    for name, value in fields.items():
        # a full-width colon in a name would read as the slip that it mostly is
        head = f"{_quoted(name) if slip(name + ': ') else _text(name)}:"
        if isinstance(value, Mapping) and value:
            yield head
            yield from ("  " + line for line in _fields(value))
        elif isinstance(value, (list, tuple)) and value:
            yield head
            yield from ("  " + line for line in _items(value))
        else:
            yield f"{head} {_scalar(value)}".rstrip(" ")


def _items(items: Sequence[object]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping) and item:
            lines = _fields(item)
        elif isinstance(item, (list, tuple)) and item:
            lines = _items(item)
        else:
            lines = iter((_scalar(item),))
        yield f"- {next(lines)}"
        yield from ("  " + line for line in lines)


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal, date)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, Mapping):
        return "{}"
    return "[]" if isinstance(value, (list, tuple)) else _text(str(value))


def _text(text: str) -> str:
    """A text as a YAML scalar, in double quotes unless it reads back equal without."""
    return text if _is_plain(text) else _quoted(text)


def _quoted(text: str) -> str:
    # half a surrogate pair, as names of files may hold it, cannot be written at all
    quoted = json.dumps(
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ensure_ascii=False
    )
    while (at := invisible(quoted)) >= 0:
        quoted = quoted.replace(quoted[at], f"\\u{ord(quoted[at]):04x}")
    return quoted


def _is_plain(text: str) -> bool:
    if _PLAIN_NUMBER_OR_DAY.fullmatch(text):
        return True
    if "\n" in text or placeholder(text) or text[:1] in _INDICATORS or _OTHER_NUMBER.fullmatch(text):
        return False
    scalar = Scalar(text, 1, len(_NAME) + 3)
    if text[0].isalpha() and len(text) <= _SHORT and text.lower() not in _OTHER_WORDS:
        read = plain_fields(f"{_NAME}: {text}\n", 1)
        if read is not None:
            return read == (Property(_NAME, scalar, 1, 1),) and invisible(text) < 0
    return _is_plain_to_yaml(text)


def _is_plain_to_yaml(text: str) -> bool:
    from yaml.nodes import ScalarNode  # it takes long to load, and few texts need it
    from yaml.resolver import Resolver

    from vaultcrm.parse.yaml_events import UnreadableYamlError, read_fields

    if Resolver().resolve(ScalarNode, text, (True, False)) != _STRING:  # type: ignore[no-untyped-call]
        return False
    try:
        read = read_fields(f"{text}: {text}", 1)
    except UnreadableYamlError:
        return False
    scalar = Scalar(text, 1, len(text) + 3)
    return read == (Property(text, scalar, 1, 1),) and invisible(text) < 0


_NAME = "x"
_SHORT = 500
"""How many characters of a text may be a name, too: YAML takes no longer ones than 1,024."""

_INDICATORS = ("", *"[]{}#&*!|>\"'%@`,")
"""With what no bare text begins; an empty one is nothing at all."""

_OTHER_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null"})
"""Words that YAML, or a program that reads it, takes for something else than a text."""

_STRING = "tag:yaml.org,2002:str"

_PLAIN_NUMBER_OR_DAY = regex(r"0|-?[1-9][0-9]{0,14}(\.[0-9]{1,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""What every program reads as what it is.

Other numbers (``012``, ``12:30``) some would write back changed.
"""

_OTHER_NUMBER = regex(r"[-+]?\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F_]+")
