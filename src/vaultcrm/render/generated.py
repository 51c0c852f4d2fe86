"""Generated notes made anew: the sections are ours, and what a person wrote between them stays.

This module must not know what a section says, nor read or write a file.
"""

from __future__ import annotations

from collections.abc import Callable

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.checklist import CHECKLISTS
from vaultcrm.render.regions import GENERATED, Filler, Region, edited, find_regions


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
    filled = Filler(sides.ours).filled
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
