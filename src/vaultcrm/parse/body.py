"""Bodies: list items with their places and sections, links, and whether a body says anything.

Markdown as CommonMark has it, and on top of it Obsidian's comments (``%%``), math (``$$``) and our own
generated regions, in which nothing counts. All of it takes time linear in the text. This module must not know
what an item or a link is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vaultcrm.model.note import LinkText, ListItem
from vaultcrm.model.patterns import regex
from vaultcrm.parse.list_scan import FoundItem, Scan

LONGEST_LINE = 10_000
"""Characters; a longer line is no prose, and stands for a single word."""

LONGEST_DOUBTFUL = 64 * 1024
"""Characters of a body up to which markdown-it is asked; for a longer one the scan's best guess has to do."""


def task_items(body: str, first_line: int) -> tuple[ListItem, ...]:
    """The items of `list_items` that have a box; what sections they stand in is not told.

    Most notes have none, which is seen at once; of the others only the sections with a box are looked at.
    """
    boxes = [each.start() for each in _BOX.finditer(body)] if "[" in body else []
    if not boxes:
        return ()
    start, end = _sections_around(body, boxes[0], boxes[-1])
    lines = _plain_lines(body[start:end])
    first_line += body.count("\n", 0, start)
    items = [_list_item(each, lines[each.index], first_line) for each in _found(lines) if _may_have_box(each)]
    return tuple([item for item in items if item.box is not None])


def list_items(body: str, first_line: int) -> tuple[ListItem, ...]:
    """Every list item outside code, quotes, comments, math, raw HTML and generated regions, in order.

    Args:
        body: text with line feeds as line ends.
        first_line: the file's line on which it begins.
    """
    if _MARKER_LINE.search(body) is None and _MARKER_LINE.match("\n" + body[:20]) is None:
        return ()
    lines = _plain_lines(body)
    return tuple([_list_item(found, lines[found.index], first_line) for found in _found(lines)])


def _sections_around(body: str, first: int, last: int) -> tuple[int, int]:
    """From the last heading before a place to the first one behind another: a heading ends all that is open.

    But for what hides headings, too: where there is any of that, code between its fences aside, it is all.
    """
    start, end, fence = 0, len(body), ""
    if any(_has(body, sign) for sign in _HIDING_HEADINGS):
        return start, end
    if "`" in body and body.count("```") != body.count("\n```"):
        return start, end
    for landmark in _LANDMARK.finditer(body):
        if landmark[1]:
            fence = _fence_behind(fence, landmark[1], landmark[2])
        elif fence:
            continue
        elif landmark.start() < first:
            start = landmark.start() + 1
        elif landmark.start() > last:
            return start, landmark.start() + 1
    return start, end


def _fence_behind(fence: str, signs: str, words: str) -> str:
    """The fence that is open behind a line of backticks and words; empty where none is."""
    if not fence:
        return signs
    return "" if signs.startswith(fence) and not words.strip(" \t") else fence


def _may_have_box(found: FoundItem) -> bool:
    begin = found.first or (found.rest[0] if found.rest else "")
    return begin.startswith("[")


def _found(lines: list[str]) -> list[FoundItem]:
    scan = Scan()
    scan.run(lines)
    if scan.sure:
        return scan.found
    text = "\n".join(lines)
    if len(text) > LONGEST_DOUBTFUL:
        return scan.found
    from vaultcrm.parse.list_tokens import find_items

    return find_items(text)


def _list_item(found: FoundItem, line: str, first_line: int) -> ListItem:
    first, box = found.first or "", None
    text = " ".join([first, *found.rest] if first else found.rest) if found.rest else first
    ticked = _BOX.match(text) if text.startswith("[") else None
    if ticked:
        box = ticked[1]
        first, text = first[ticked.end() :].lstrip(), text[ticked.end() :].lstrip()
    column = len(line.rstrip()) - len(first) + 1
    if "%%" in text or "<!--" in text:
        first = _without_comments(first, _code_spans(first)).strip()
        text = _without_comments(text, _code_spans(text)).strip()
        while not text.startswith(first):  # what is a comment up to one of the further lines
            first = first[: max(first.rfind("<!--"), first.rfind("%%"), 0)].rstrip()
    return ListItem(text, first, box, found.index + first_line, column, found.sections)


_MARKER_LINE = regex(r"\n[ \t]*(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t\n]|\Z)")
_BOX = regex(r"\[([^\[\]])\](?=\s|\Z)")
_LANDMARK = regex(r"\n(?:#{1,6}(?=[ \t\n])|(`{3,})([^`\n]*)(?=\n|\Z))")
_HIDING_HEADINGS = ("~~~", "<", "%%", "$$")


# ---------------------------------------------------------------------------------- what hides text from us


def says_something(body: str) -> bool:
    """Whether a body has any text but blanks, comments and generated regions."""
    if not body or body.isspace():
        return False
    if not _has(body, "<!--") and not _has(body, "%%"):
        return True
    lines = _evenly_marked(body).split("\n")
    _hide(lines, {_REGION: _REGION_END})
    return bool(_without_comments("\n".join(lines)).strip())


def _plain_lines(body: str) -> list[str]:
    """The lines, those blank that stand in a comment over several lines, in math or in a generated region."""
    body = _evenly_marked(body)
    lines = body.split("\n")
    if len(body) > LONGEST_LINE:
        lines = [line if len(line) <= LONGEST_LINE else "…" for line in lines]
    if _has(body, "%%") or _has(body, "$$") or _has(body, _REGION):
        _hide(lines, {_REGION: _REGION_END, "$$": "$$", "%%": "%%"})
    return lines


def _evenly_marked(body: str) -> str:
    """The body with one blank before the word of a region's marker, where any number of them may stand."""
    if "<" not in body or "vaultcrm:begin" not in body:
        return body
    return _REGION_SIGN.sub(r"<!-- vaultcrm:\1", body)


def _has(text: str, sign: str) -> bool:
    """Whether there is a sign; one character is found several times as fast as two."""
    return sign[0] in text and sign in text


def _hide(lines: list[str], closings: dict[str, str]) -> None:
    """Blank the lines of what spans several, by opening and closing sign.

    Within fences the signs mean nothing. One that is never closed hides nothing.
    """
    index, start, sign, fence = 0, 0, "", ""
    while index < len(lines):
        line = lines[index]
        if sign:
            if closings[sign] in line:
                lines[start] = _before(lines[start], sign)
                lines[start + 1 : index + 1] = [""] * (index - start)
                sign = ""
        elif fence:
            fence = "" if line.strip(" \t>").startswith(fence) else fence
        elif (opened := _FENCE_LINE.match(line)) is not None:
            fence = opened[1]
        else:
            sign, start = _left_open(line, closings), index
        index += 1
        if index == len(lines) and sign:
            del closings[sign]
            index, sign = start, ""


def _left_open(line: str, closings: dict[str, str]) -> str:
    """The sign that opens something in a line which the line does not close; empty where there is none."""
    if _REGION in closings and _REGION in line:
        return _REGION
    if "$$" in closings and line.lstrip().startswith("$$") and line.count("$$") == 1:
        return "$$"
    is_open = "%%" in closings and "%%" in line and _INLINE_CODE.sub("", line).count("%%") % 2 == 1
    return "%%" if is_open else ""


def _before(line: str, sign: str) -> str:
    return line[: line.rfind("%%")].rstrip() if sign == "%%" else ""


def _without_comments(text: str, code: tuple[tuple[int, int], ...] = ()) -> str:
    """The text without ``%% … %%`` and ``<!-- … -->`` outside the ranges of code; an unclosed one is text."""
    signs = list(_outside(_COMMENT_SIGN.finditer(text), code))
    kept: list[str] = []
    unclosed: set[str] = set()
    at, index = 0, 0
    while index < len(signs):
        sign = signs[index][0]
        closing = "-->" if sign == "<!--" else "%%"
        index += 1
        if sign == "-->" or sign in unclosed:
            continue
        end = next((each for each in range(index, len(signs)) if signs[each][0] == closing), None)
        if end is None:
            unclosed.add(sign)
            continue
        kept.append(text[at : signs[index - 1].start()])
        at, index = signs[end].end(), end + 1
    return "".join([*kept, text[at:]])


_REGION, _REGION_END = "<!-- vaultcrm:begin", "<!-- vaultcrm:end"
_REGION_SIGN = regex(r"<!--[ \t]{0,9}vaultcrm:(begin|end)")
_FENCE_LINE = regex(r"(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*(`{3,}(?=[^`]*$)|~{3,})")
_INLINE_CODE = regex(r"`[^`]*`")
_COMMENT_SIGN = regex(r"%%|<!--|-->")


# ------------------------------------------------------------------------------------------------- links


def find_links(text: str) -> tuple[LinkText, ...]:
    """Links to notes in a text, in order: wikilinks, embeds, and Markdown links that are no web addresses.

    Links in inline code are none, nor are those to a heading of the same note. A bar may be escaped.
    """
    if "[" not in text:
        return ()
    matches: Iterable[re.Match[str]] = _LINK.finditer(text)
    if "`" in text:
        matches = _outside(matches, _code_spans(text))
    return tuple([link for match in matches if (link := _link(match)) is not None])


def _link(match: re.Match[str]) -> LinkText | None:
    start, end = match.span()
    embed = bool(match["embed"])
    if match["wiki"] is not None:
        target = match["wiki"].rstrip("\\").strip()
        shown = match["alias"].strip() if match["alias"] else target
        return LinkText(target, shown, start, end, embed=embed) if target else None
    address = match["pointed"] if match["pointed"] is not None else match["address"]
    if _SCHEME.match(address):
        return None
    target = address.partition("#")[0]
    if "%" in target:
        from urllib.parse import unquote

        target = unquote(target)
    return LinkText(target, match["shown"].strip(), start, end, True, embed) if target.strip() else None


def _code_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open ranges of inline code: backticks up to the next run of as many."""
    if "`" not in text:
        return ()
    runs = [match.span() for match in _BACKTICKS.finditer(text)]
    following: dict[int, int] = {}
    partners: list[int | None] = []
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        partners.append(following.get(length))
        following[length] = index
    partners.reverse()
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(runs):
        partner = partners[index]
        if partner is not None:
            spans.append((runs[index][0], runs[partner][1]))
            index = partner
        index += 1
    return tuple(spans)


def _outside(matches: Iterable[re.Match[str]], spans: tuple[tuple[int, int], ...]) -> Iterator[re.Match[str]]:
    """The matches that do not begin within one of the ranges; both are sorted."""
    ranges = iter(spans)
    current = next(ranges, None)
    for match in matches:
        while current is not None and current[1] <= match.start():
            current = next(ranges, None)
        if current is None or match.start() < current[0]:
            yield match


_BACKTICKS = regex("`+")
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_LINK = regex(
    r"(?P<embed>!?)(?:"
    r"\[\[(?P<wiki>[^\[\]|#\n]*)(?:#[^\[\]|\n]*)?(?:\|(?P<alias>[^\[\]\n]*))?\]\]"
    r"|\[(?P<shown>[^\[\]\n]*)\]\(\s*"
    r"(?:<(?P<pointed>[^<>\n]*)>|(?P<address>[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\))"
)
"""No two repetitions that stand side by side take the same characters: a match fails in linear time."""
