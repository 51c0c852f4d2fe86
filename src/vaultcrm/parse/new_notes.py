"""The text of notes that vaultcrm makes, through python-frontmatter with a handler of our own.

Only new notes are written so: a note that exists is edited as lines, since no YAML writer keeps what a person
typed. Reading does not come here, for python-frontmatter is slow to import; the handler delegates to
``parse.frontmatter``. This module must not know which properties a kind of note has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from vaultcrm.model.note import Property, Scalar
from vaultcrm.model.patterns import regex
from vaultcrm.parse.frontmatter import read_block, split_text
from vaultcrm.parse.slips import invisible, placeholder, slip
from vaultcrm.parse.yaml_events import UnreadableYamlError, read_fields


class VaultHandler(BaseHandler):
    """python-frontmatter's way in and out, by Obsidian's rule and with places.

    ``load`` gives each name its first `Property`, as it was typed; what cannot be read is left out.
    """

    FM_BOUNDARY = re.compile(r"---[ \t]*$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        """Whether the text begins with a closed block."""
        return split_text(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Front matter and body; raises ValueError where there is no closed block, as the library expects."""
        parts = split_text(text)
        if parts is None:
            raise ValueError("no front matter")
        return parts

    def load(self, fm: str) -> dict[str, Any]:
        """The properties by name; the first of equal names."""
        found: dict[str, Any] = {}
        for each in read_block("", fm)[0]:
            found.setdefault(each.name, each)
        return found

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Properties as YAML, in their order, each line ended."""
        return "".join(line + "\n" for line in _fields(metadata))

    def format(self, post: frontmatter.Post, **kwargs: object) -> str:
        """The whole note."""
        return f"---\n{self.export(post.metadata)}---\n{post.content}"


def new_note(properties: Mapping[str, object], body: str) -> str:
    """The text of a new note: properties in the order given, then the body as it is.

    Values are texts, numbers, days, booleans, None (the name alone), and lists and mappings of these. A text
    is quoted where it has to be, and where other programs would take it for something else: ``no``, ``012``.
    """
    post = frontmatter.Post(body, VaultHandler())
    post.metadata.update(properties)  # keywords of Post would refuse the names content and handler
    return frontmatter.dumps(post)


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
    if "\n" in text or placeholder(text) or _OTHER_NUMBER.fullmatch(text):
        return False
    if _RESOLVER.resolve(ScalarNode, text, (True, False)) != _STRING:
        return False
    try:
        read = read_fields(f"{text}: {text}", 1)
    except UnreadableYamlError:
        return False
    scalar = Scalar(text, 1, len(text) + 3)
    return read == (Property(text, scalar, 1, 1),) and invisible(text) < 0


_PLAIN_NUMBER_OR_DAY = regex(r"0|-?[1-9][0-9]{0,14}(\.[0-9]{1,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""What every program reads as what it is.

Other numbers (``012``, ``12:30``) some would write back changed.
"""

_OTHER_NUMBER = regex(r"[-+]?\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F_]+")


_RESOLVER: Any = Resolver()
_STRING = "tag:yaml.org,2002:str"
