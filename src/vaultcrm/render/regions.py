"""Marked regions of a note: where they stand, and how new text gets between their markers.

Between ``<!-- vaultcrm:begin NAME key=value -->`` and ``<!-- vaultcrm:end DIGEST -->`` the text is ours, all
else is the user's, byte for byte (specification 2, Marked regions). The digest tells whether a person edited
inside since. This module must not know what a region says, nor read or write a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.checklist import CHECKLISTS, lines_known_in, merge_checklist

# No "<" or ">" within, and a bound: a line of half-open markers costs no more than its length.
_MARKER = regex(r"<!--[ \t]{0,9}vaultcrm:(begin|end)(?![\w-])([^<>\n]{0,400}?)-->")
_OPTION = regex(r'([^\s="]+)(?:=(?:"([^"]*)"|(\S*)))?')
_FENCE = regex(r" {0,3}(`{3,}|~{3,})(.*)")
_BEGIN = regex(r"<!--[ \t]{0,9}vaultcrm:begin[ \t]")
_END = regex(r"<!--[ \t]{0,9}vaultcrm:end")


GENERATED = "vaultcrm:generated"
"""What the first comment of a generated note begins with."""


class Region(NamedTuple):
    """One region of a text; offsets count code points.

    The text between the markers is ``[start, end)``, the end marker ``[end, close)``, the begin marker
    ``[open, start)`` together with its line's end. ``line`` is the begin marker's; ``digest`` is empty where
    the end marker has none.
    """

    name: str
    options: tuple[tuple[str, str], ...]
    line: int
    open: int
    start: int
    end: int
    close: int
    digest: str


class Merged(NamedTuple):
    """A note with new text in its regions.

    ``rescued`` has, by region's name, what a person had written inside one of them; it is to be kept
    elsewhere.
    """

    text: str
    rescued: tuple[tuple[str, str], ...] = ()


class _Marker(NamedTuple):
    begins: bool
    words: str
    line: int
    start: int
    end: int


def find_regions(text: str, path: VaultPath = "") -> tuple[tuple[Region, ...], tuple[Diagnostic, ...]]:
    """The regions of a note in their order, and what is wrong with its markers.

    A marker stands at the beginning of its line (an end marker also on its begin marker's line) and in no
    code fence. Where there is any problem (no partner, nested, the same region twice), nothing of the note
    should be rewritten.
    """
    regions: list[Region] = []
    broken: list[_Marker] = []
    opened: _Marker | None = None
    for marker in _markers(text):
        if marker.begins:
            if opened is not None:
                broken.append(marker)
            opened = marker
        elif opened is None:
            broken.append(marker)
        else:
            regions.append(_region(text, opened, marker))
            opened = None
    if opened is not None:
        broken.append(opened)
    seen: set[tuple[object, ...]] = set()
    problems = [_broken(path, marker.line, marker.words.strip()) for marker in broken]
    for region in regions:
        if region[:2] in seen:
            problems.append(_broken(path, region.line, region.name))
        seen.add(region[:2])
    return tuple(regions), tuple(sorted(problems, key=lambda problem: problem.place))


def merge_regions(old: str, new: Mapping[Region, str]) -> Merged:
    """Put the texts of ``new`` between the markers of their regions, which `find_regions` gave for this text.

    All bytes outside stay, and so does a region that says the same already. New text takes the line ends of
    the note.
    """
    pieces: list[str] = []
    rescued: list[tuple[str, str]] = []
    filled = Filler(old).filled
    at = 0
    for region in sorted(new, key=lambda each: each.start):
        body = new[region].strip("\n")
        pieces.append(old[at : region.start])
        pieces.append(filled(region, body, rescued))
        at = region.close
    pieces.append(old[at:])
    return Merged("".join(pieces), tuple(rescued))


def region_text(name: str, body: str) -> str:
    """A whole region: begin marker, text, end marker with its digest, without a last newline."""
    inside = _inside(body, is_signed=name.partition(" ")[0] not in CHECKLISTS)
    return f"<!-- vaultcrm:begin {name} -->\n{inside}"


def without_markers(text: str) -> str:
    """The text without anything that could be taken for a region's marker."""
    return _MARKER.sub("", text) if "vaultcrm:" in text else text


def digest(text: str) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of what stands between two markers.

    Line ends, and blank lines around the text, do not count: git and formatters change them.
    """
    return sha256(_plain(text).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def edited(old: str, region: Region) -> bool:
    """Whether a person wrote something inside the region since it was generated, or before it ever was."""
    inside = old[region.start : region.end]
    return bool(inside.strip()) and digest(inside) != region.digest


class Filler:
    """Puts texts into the regions of a note; what concerns all of the note is worked out once."""

    def __init__(self, old: str) -> None:
        self._old = old
        self._newline = "\r\n" if "\r\n" in old else "\n"
        self._elsewhere: frozenset[str] | None = None

    def filled(self, region: Region, body: str, rescued: list[tuple[str, str]]) -> str:
        """A region behind its begin marker's line, with a new text."""
        old = self._old
        inside = old[region.start : region.end]
        is_list = region.name in CHECKLISTS
        if is_list:
            if self._elsewhere is None:
                self._elsewhere = lines_known_in(_without_regions(old))
            body = merge_checklist(inside, body, self._elsewhere)
        same = _plain(inside) == _plain(body)
        if same and (is_list or region.digest == digest(body)):
            return old[region.start : region.close]
        if not same and not is_list and edited(old, region):
            rescued.append((region.name, inside))
        lead = "" if old.endswith("\n", 0, region.start) else "\n"
        text = lead + _inside(body, is_signed=not is_list)
        return text.replace("\n", self._newline)


def _without_regions(text: str) -> str:
    """What stands outside regions, whatever is wrong with their markers: each is looked at once."""
    pieces: list[str] = []
    at = 0
    while (begin := _BEGIN.search(text, at)) and (end := _END.search(text, begin.end())):
        pieces.append(text[at : begin.start()])
        at = end.end()
    return "".join([*pieces, text[at:]])


def _inside(body: str, *, is_signed: bool = True) -> str:
    """A region behind its begin marker's line; blank lines keep lists and tables apart from the comments.

    A list that people tick has a digest in each of its lines, and none at its end.
    """
    body = body.strip("\n")
    end = f"<!-- vaultcrm:end {digest(body)} -->" if is_signed else "<!-- vaultcrm:end -->"
    return (f"\n{body}\n\n" if body else "") + end


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip("\n\r\t ")


def _region(text: str, begin: _Marker, end: _Marker) -> Region:
    """A region; what is behind the begin marker on its line belongs to the inside unless it is blank."""
    name, _, rest = begin.words.strip().partition(" ")
    options = tuple((key, quoted or bare) for key, quoted, bare in _OPTION.findall(rest))
    newline = text.find("\n", begin.end, end.start)
    blank = newline >= 0 and not text[begin.end : newline].strip()
    start = newline + 1 if blank else begin.end
    return Region(name, options, begin.line, begin.start, start, end.start, end.end, end.words.strip())


def _broken(path: VaultPath, line: int, name: str) -> Diagnostic:
    return Diagnostic("region-broken", Place(path, line, 1), read=name)


def _markers(text: str) -> Iterator[_Marker]:
    """All markers in order. Within a region fences do not count: ours are there, and conflicts tear them."""
    if "vaultcrm:" not in text:
        return
    fence, inside, offset = "", False, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            fence = _fence_after(line, fence)
        if not fence and "vaultcrm:" in line:
            for marker in _markers_of(line, number, offset):
                inside = marker.begins
                yield marker
        offset += len(line) + 1


def _markers_of(line: str, number: int, offset: int) -> Iterator[_Marker]:
    """The markers of a line that begins with one; four spaces before it make it code (CommonMark 4.4)."""
    indent = len(line) - len(line.lstrip("\ufeff "))
    if indent <= 3 and line.startswith("<!--", indent):
        for match in _MARKER.finditer(line):
            begins = match.group(1) == "begin"
            yield _Marker(begins, match.group(2), number, offset + match.start(), offset + match.end())


def _fence_after(line: str, fence: str) -> str:
    """The code fence that is open behind a line, empty for none (CommonMark 4.5)."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    run, rest = match.group(1), match.group(2)
    if not fence:
        return "" if run[0] == "`" and "`" in rest else run
    closes = run[0] == fence[0] and len(run) >= len(fence) and not rest.strip()
    return "" if closes else fence
