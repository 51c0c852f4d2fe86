"""Proposes how the notes of a vault that exists are to be understood (specification 4, ``init``).

It goes into ``vaultcrm.toml``: clients are mapped at once, the other kinds stand there as comments, as each
of their notes needs a client. This module must not know where notes lie on the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from vaultcrm.model.note import Fields, Note, Scalar, Value
from vaultcrm.parse.notes import kind_of
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.vocabulary import fold
from vaultcrm.render.text import toml_text

Row = tuple[str, str]
"""A table below ``mapping``, and a key in it."""

CLIENT = "client"


def propose_mapping(notes: Iterable[Note]) -> str:
    """TOML tables that map what the notes have to kinds, each row with their number; empty for none.

    A note that is understood without a mapping proposes nothing. Of the others the first word counts that
    means a kind: of a property such as ``category``, of a tag, of a folder from the deepest up.
    """
    config = ReadConfig()
    counts = Counter(row for note in notes if kind_of(note, config)[0] is None for row in _first(note))
    lines: list[str] = []
    table = ""
    for (name, key), count in sorted(counts.items()):
        if name != table:
            lines += ["", f"[mapping.{name}]"]
            table = name
        kind = KIND_OF_WORD[fold(key.rpartition("/")[2])]
        off = "" if kind == CLIENT else "# "
        lines.append(f"{off}{toml_text(key)} = {toml_text(kind)}  # {count}")
    return "\n".join(lines) + "\n" if lines else ""


def _first(note: Note) -> tuple[Row, ...]:
    """The first row that the note proposes, or none."""
    return next(((row,) for row in _rows(note)), ())


def _rows(note: Note) -> Iterator[Row]:
    tags: list[str] = []
    for name, value, _, _ in note.properties:
        words = list(_words(value))
        if fold(name) in CATEGORIES:
            yield from (
                (f"values.{toml_text(fold(name))}", word) for word in words if fold(word) in KIND_OF_WORD
            )
        elif fold(name) in TAGS:
            tags += [word.lstrip("#") for word in words]
    yield from (("tags", tag) for tag in tags if fold(tag) in KIND_OF_WORD)
    folder = note.path.rpartition("/")[0]
    while folder:
        if fold(folder.rpartition("/")[2]) in KIND_OF_WORD:
            yield "folders", folder
        folder = folder.rpartition("/")[0]


def _words(value: Value) -> Iterator[str]:
    """The texts of a value; of a link what it shows."""
    if isinstance(value, Scalar):
        yield value.text.strip().strip("[]").rpartition("|")[2].strip()
    elif not isinstance(value, Fields):
        for item in value.items:
            yield from _words(item)


CATEGORIES = frozenset({"type", "category", "categories", "class", "kind", "分类", "类别", "类型"})
"""Properties whose value may say what a note is about."""

TAGS = frozenset({"tag", "tags"})

_WORDS: Mapping[str, tuple[str, ...]] = {
    "client": (
        "client",
        "clients",
        "customer",
        "customers",
        "account",
        "accounts",
        "客户",
        "甲方",
        "客户资料",
    ),
    "person": ("person", "people", "contact", "contacts", "联系人", "人脉"),
    "project": ("project", "projects", "deal", "deals", "项目"),
    "order": ("order", "orders", "订单"),
    "interaction": (
        "interaction",
        "interactions",
        "meeting",
        "meetings",
        "call",
        "calls",
        "会议",
        "沟通记录",
    ),
    "feedback": ("feedback", "survey", "surveys", "反馈"),
}
KIND_OF_WORD: Mapping[str, str] = {fold(word): kind for kind, words in _WORDS.items() for word in words}
"""Words that people name such notes by, folded, and the kind that they mean."""
