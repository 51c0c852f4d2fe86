"""Marked regions of a note: where they stand, and how new text gets between their markers.

Between ``<!-- vaultcrm:begin NAME key=value -->`` and ``<!-- vaultcrm:end DIGEST -->`` the text is ours, all
else is the user's, byte for byte (specification 2, Marked regions). The digest tells whether a person edited
inside since. This module must not know what a region says, nor read or write a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

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
    filled = _Filler(old).filled
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


class _Filler:
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


class MergedNote(NamedTuple):
    """A generated note with its sections up to date; ``problems`` tell why it was left as it was."""

    data: bytes
    rescued: tuple[tuple[str, str], ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class _Sides(NamedTuple):
    """A text with conflict markers as both sides had it, and where in ``ours`` the two differed."""

    ours: str
    theirs: str
    torn: tuple[int, ...]


GENERATED = "vaultcrm:generated"
"""What the first comment of a generated note begins with."""


def merge_dashboard(
    old: bytes | None,
    fresh: bytes,
    path: VaultPath = "",
    section: Callable[[Region], str | None] = lambda _: None,
) -> MergedNote:
    """A generated note anew, with what a person wrote outside its regions.

    Regions that both have are rewritten in place, in the old order. One that only ``fresh`` has comes behind
    the one that it follows there, so a section that was deleted comes back; one that only ``old`` has goes.
    ``section`` gives the text of a region whose begin marker a person gave options (``agenda days=30``), or
    that a person put in, None for the usual text. The markers of a git conflict go: of what stood outside
    regions, both sides' lines stay. Broken region markers: the note stays as it is.
    """
    made = MergedNote(fresh) if old is None else _merged(old, fresh, path, section)
    while b"\n>>>>>>> " in made.data:  # a merge into what another one had left
        again = _merged(made.data, fresh, path, section)
        if again.data.count(b"\n>>>>>>> ") >= made.data.count(b"\n>>>>>>> "):
            break
        made = MergedNote(again.data, (*made.rescued, *again.rescued), again.problems)
    return made


def _merged(old: bytes, fresh: bytes, path: VaultPath, section: Callable[[Region], str | None]) -> MergedNote:
    text, new = _with_whole_lists(old.decode("utf-8", "surrogateescape")), fresh.decode("utf-8")
    sides = _sides(text)
    regions, problems = find_regions(sides.ours, path)
    if problems and sides.torn:
        return MergedNote(fresh, (("dashboard", text),))
    if problems:
        return MergedNote(old, (), problems)
    rescued: list[tuple[str, str]] = []
    texts = {region.name: new[region.start : region.end] for region in find_regions(new)[0]}

    def body_of(region: Region) -> str | None:
        asked = region.options or region.name not in texts
        return (section(region) if asked else None) or texts.get(region.name)

    parts = _rewritten(sides, regions, body_of, rescued)
    _add_new(parts, new, "\r\n" if "\r\n" in text else "\n")
    merged = "".join(part for _, part in parts) + _only_theirs(sides, regions)
    return MergedNote(_with_first_line(merged, new).encode("utf-8", "surrogateescape"), tuple(rescued))


def _with_whole_lists(text: str) -> str:
    """The text with what both sides of a git conflict ticked and wrote in lists that people tick."""
    if "\n>>>>>>> " not in text:
        return text
    from vaultcrm.render.conflicts import of_both_sides

    regions, problems = find_regions(text)
    for region in reversed(() if problems else regions):
        if region.name in CHECKLISTS:
            text = text[: region.start] + of_both_sides(text[region.start : region.end]) + text[region.end :]
    return text


def _rewritten(
    sides: _Sides,
    regions: tuple[Region, ...],
    body_of: Callable[[Region], str | None],
    rescued: list[tuple[str, str]],
) -> list[tuple[str, str]]:
    """The note as (name, region's text) and ("", text between regions), in order.

    What stands in a torn region is no person's edit: git put lines of both sides there. Where only one side
    has the region, all lines are that side's.
    """
    parts: list[tuple[str, str]] = []
    theirs = {region[:2]: region for region in find_regions(sides.theirs)[0]}
    filled = _Filler(sides.ours).filled
    at = 0
    for region in regions:
        parts.append(("", sides.ours[at : region.open]))
        at = region.close
        both = theirs.pop(region[:2], None) is not None
        torn = both and any(region.open <= place <= region.close for place in sides.torn)
        kept: list[tuple[str, str]] = [] if torn else rescued
        body = body_of(region)
        if body is not None:
            begin = sides.ours[region.open : region.start]
            parts.append((region.name, begin + filled(region, body.strip("\n"), kept)))
            continue
        if edited(sides.ours, region):
            kept.append((region.name, sides.ours[region.start : region.end]))
        if not parts[-1][1].strip():
            parts.pop()  # the blank lines before a region go with it
    parts.append(("", sides.ours[at:]))
    rescued += [
        (region.name, sides.theirs[region.start : region.end])
        for region in theirs.values()
        if edited(sides.theirs, region)
    ]
    return parts


def _add_new(parts: list[tuple[str, str]], new: str, newline: str) -> None:
    """Put in the regions that only the fresh text has, each behind the one before it there."""
    before = ""
    for region in find_regions(new)[0]:
        names = [name for name, _ in parts]
        if region.name not in names:
            text = new[region.open : region.close].replace("\n", newline)
            at = names.index(before) + 1 if before else 1
            parts[at:at] = (
                [("", newline * 2), (region.name, text)]
                if before
                else [(region.name, text), ("", newline * 2)]
            )
        before = region.name


def _with_first_line(text: str, new: str) -> str:
    """The text with the fresh comment in the place of the old one that says by what it was generated."""
    first = new.partition("\n")[0]
    start = text.find(f"<!-- {GENERATED}")
    if start < 0:
        return f"{first}\n{text}"
    end = text.find("-->", start)
    return text[:start] + first + text[end + 3 :] if end >= 0 else text


def _only_theirs(sides: _Sides, regions: tuple[Region, ...]) -> str:
    """The lines that a person wrote outside regions and that only the other side of a conflict has."""
    if not sides.torn:
        return ""
    ours = set(_outside(sides.ours, regions))
    added = [line for line in _outside(sides.theirs, find_regions(sides.theirs)[0]) if line not in ours]
    return "".join(f"\n{line}" for line in added) + "\n" if added else ""


def _outside(text: str, regions: tuple[Region, ...]) -> list[str]:
    """The lines outside regions that say something, but for the first comment."""
    kept, at = [], 0
    for region in regions:
        kept.append(text[at : region.open])
        at = region.close
    lines = "".join([*kept, text[at:]]).split("\n")
    return [line.rstrip("\r") for line in lines if line.strip() and GENERATED not in line]


def _sides(text: str) -> _Sides:
    """Both sides of a text that a merge left with conflict markers; else all of it is ours."""
    if "\n>>>>>>> " in text:
        from vaultcrm.render.conflicts import sides_of

        found = sides_of(text)
        if found is not None:
            return _Sides(*found)
    return _Sides(text, "", ())
