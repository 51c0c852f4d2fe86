"""List items as markdown-it finds them: for the few notes of which ``parse.list_scan`` is not sure.

markdown-it is slow to import and fifty times as slow as the scan, so this module is imported where such a
note is met. It must not know what an item means.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vaultcrm.parse.list_scan import DEEPEST, FoundItem, Outline


def find_items(text: str) -> list[FoundItem]:
    """Every list item outside quotes, in the order of their lines."""
    source = text.split("\n")
    tokens: list[Token] = []
    markdown = _markdown()
    markdown.block.parse(text, markdown, {}, tokens)
    outline = Outline()
    found: list[FoundItem] = []
    containers: list[FoundItem | None] = []  # None is a quote, in which nothing counts
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        innermost = containers[-1] if containers else None
        if token.type in ("list_item_close", "blockquote_close"):
            containers.pop()
        elif token.nesting < 0 or token.type == "inline":
            continue
        elif token.type == "list_item_open" and token.map and _counts(containers):
            found.append(FoundItem(token.map[0], outline.sections))
            containers.append(found[-1])
        elif token.type in ("list_item_open", "blockquote_open"):
            _begin_block(innermost)
            containers.append(None)
        elif token.type == "heading_open" and not containers and after:
            outline.add(int(token.tag[1]), " ".join(_lines(after)))
        elif token.type == "paragraph_open" and after and innermost and innermost.bare:
            _take_paragraph(innermost, after, source[innermost.index])
        else:
            _begin_block(innermost)
    return found


@cache
def _markdown() -> MarkdownIt:
    # A definition ``[name]: words`` is an item's text to people; markdown-it would leave the item empty.
    # A list counts twice towards the nesting; beyond its limit the rest of a note is passed over.
    return MarkdownIt("commonmark", {"maxNesting": 2 * DEEPEST + 2}).disable("reference")


def _counts(containers: list[FoundItem | None]) -> bool:
    return None not in containers and len(containers) < DEEPEST


def _begin_block(item: FoundItem | None) -> None:
    if item is not None:
        item.bare = False


def _take_paragraph(item: FoundItem, inline: Token, line: str) -> None:
    item.bare = False
    lines = _lines(inline)
    # no-break spaces alone on the item's line are text to Markdown, and then trimmed off its content
    if lines and inline.map and inline.map[0] == item.index and line.rstrip().endswith(lines[0]):
        item.first, *item.rest = lines
    else:
        item.rest = lines


def _lines(inline: Token) -> list[str]:
    return [line.strip() for line in inline.content.split("\n") if line.strip()]
