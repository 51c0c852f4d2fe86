"""The log of a client's note: which sections it is, what its items say, and what looks like one and is none.

A section is a log by its heading: ours, or one that the vault maps to it. This module must not know how an
item is read, nor what else a note says.
"""

from __future__ import annotations

from functools import lru_cache

from vaultcrm.model.note import ListItem, Note
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interaction
from vaultcrm.parse.body import list_items, task_items
from vaultcrm.parse.log import BEGINS_WITH_DATE, parse_log_item
from vaultcrm.parse.log_slips import lost_lines, tell_slips, undeclared_log
from vaultcrm.parse.readers import Context, ReadConfig
from vaultcrm.parse.vocabulary import LOG_SECTIONS, fold

WITHOUT_LOG = frozenset({"person", "project"})
"""Kinds in whose notes people log as well, where nobody reads it: in others that is not likely."""

_BLANKS = r"[^\S\n]*+"
_TITLE = regex(
    rf"(?i)\n{_BLANKS}#*+{_BLANKS}(?:{'|'.join(sorted(LOG_SECTIONS))}){_BLANKS}#*+{_BLANKS}(?:\n|\Z)"
)
"""A line that may be the title of a log of ours, whatever kind of heading it is."""
_TICKED = ("x", "X")


def titles_of_logs(config: ReadConfig) -> frozenset[str]:
    """The folded headings of logs."""
    sections = config.mapping.sections
    return LOG_SECTIONS.union(sections) if sections else LOG_SECTIONS


def items_of_client(note: Note, config: ReadConfig) -> tuple[ListItem, ...]:
    """All items of a client's note with a log; in one without only tasks matter."""
    if config.mapping.sections or _TITLE.search(f"\n{note.body}") is not None:
        return list_items(note.body, note.body_line) if note.body else ()
    return task_items(note.body, note.body_line)


def read_log(items: tuple[ListItem, ...], context: Context) -> tuple[Interaction, ...]:
    """The conversations that items of a client's note tell, as far as they stand in a log."""
    titles = titles_of_logs(context.config)
    found: list[Interaction] = []
    above = 0  # where the text of the item begins that the next one may stand below
    for item in items:
        if item.box is None and _is_logged(item, titles):
            entry = parse_log_item(item, context.path, context.config.timezone, context.tell)
            if entry is not None:
                found.append(entry)
                above = item.column
            elif BEGINS_WITH_DATE.match(item.text) is None:
                above = _undated(item, above, context)
        elif item.box in _TICKED and _is_logged(item, titles) and BEGINS_WITH_DATE.match(item.text):
            context.tell("log-item-boxed", item.line, item.column, item.text)
    return tuple(found)


def _is_logged(item: ListItem, titles: frozenset[str]) -> bool:
    return any(_folded(title) in titles for title in item.sections)


_folded = lru_cache(maxsize=64)(fold)  # items of one section have the same titles


def _undated(item: ListItem, above: int, context: Context) -> int:
    """An item of a log without a date: one that stands below another goes along with that, but for its marks.

    Where the text of the item begins that the next one may stand below.
    """
    if above and item.column > above:
        tell_slips(item, None, item.text, context.tell)
        return above
    if item.column <= 4:
        context.tell("log-item-undated", item.line, item.column, item.text)
    return item.column


def tell_lost(note: Note, items: tuple[ListItem, ...], context: Context) -> None:
    """Tell of lines of a client's note that look like conversations, and are none where they stand."""
    titles = titles_of_logs(context.config)
    for line, text in lost_lines(note.body, note.body_line, titles):
        context.tell("log-line-lost", line, 1, text)
    if not any(_is_logged(item, titles) for item in items):
        tell_log(note, "log-undeclared", context)


def tell_log(note: Note, code: str, context: Context) -> None:
    """Tell of a log that is none, by its first item, and by its heading."""
    found = undeclared_log(note.body, note.body_line)
    if found is not None:
        line, text, heading = found
        context.tell(code, line, 1, text, "", (heading,) if heading else ())
