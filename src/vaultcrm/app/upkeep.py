"""Keeps up what vaultcrm owns within people's notes: marked regions, and computed properties where asked for.

All else in these notes is the user's, byte for byte. Each note is changed only if it still is what was read;
where somebody saves in the same moment, theirs stays. This module must not know what a region says, nor how
anything is computed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial

from vaultcrm.app.opening import Vault
from vaultcrm.app.outputs import rescued_copy
from vaultcrm.errors import NotWritable
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.notes import REGION_MARK
from vaultcrm.parse.policy import WRITEBACK
from vaultcrm.parse.slips import conflict_lines
from vaultcrm.parse.splice import Refusal, set_properties
from vaultcrm.parse.vocabulary import nearest
from vaultcrm.render.dashboard import REGION_NAMES, is_option, options_of, render_section
from vaultcrm.render.regions import Region, find_regions, merge_regions
from vaultcrm.rules.periods import MONTH, parse_month, period_of
from vaultcrm.store.files import EditResult, edit_file, keep_file
from vaultcrm.store.vault import read_file

TRIES = 3
"""How often a change is begun anew because somebody saved in between."""

GONE = "note-gone"
"""Why nothing is changed in a note that somebody has deleted or renamed meanwhile."""

BRIEF = "client"
"""The region that only a client's own note can have."""

PLAN = "plan"
"""The region that is about a month."""

TOLD_ALREADY = frozenset(
    {
        "not-utf8",
        "merge-conflict",
        "front-matter-unopened",
        "front-matter-unclosed",
        "front-matter-broken",
    }
)
"""Reasons to leave a note alone for which it has a diagnostic of its own."""

OWN = {f"crm_{name}": name for name in WRITEBACK}
"""The properties that are ours, by name, and what each is called in the configuration."""


class Changed(NamedTuple):
    """What became of a change to a note.

    ``data`` are the bytes that were written (or would be), None where the note was left as it is: because
    of ``refusal``, because nothing was to be done, or because it was saved in between. ``kept`` is the path
    of a version that could not be placed.
    """

    result: EditResult
    data: bytes | None = None
    refusal: Refusal | None = None
    kept: VaultPath | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Which notes are left in peace because somebody is at work on them.

    Those that were modified after ``since_ns`` (nanoseconds since the epoch), but for the ones that are still
    what we wrote ourselves: ``ours`` has the SHA-256 of what that was.
    """

    since_ns: int
    ours: Mapping[VaultPath, bytes] = field(default_factory=dict)

    def after(self, changed: Mapping[VaultPath, bytes]) -> Rest:
        """The same, where these notes have been written since."""
        return Rest(self.since_ns, {**self.ours, **changed})

    def disturbs(self, root: str, path: VaultPath) -> bool:
        """Whether a change now would meet somebody who is writing."""
        try:
            if os.stat(os.path.join(root, path)).st_mtime_ns <= self.since_ns:
                return False
        except OSError:
            return False
        data = read_file(root, path)
        return data is not None and self.ours.get(path) != sha256(data).digest()


@dataclass(frozen=True, slots=True)
class Upkept:
    """What was done, or with ``check`` would be, in people's notes.

    ``changed`` has the SHA-256 of each note as it was written; ``rescued`` are the paths of texts that were
    kept elsewhere; ``postponed`` are notes that somebody is at work on. ``error`` is the first that could not
    be written: the others were, all the same.
    """

    changed: Mapping[VaultPath, bytes] = field(default_factory=dict)
    rescued: tuple[VaultPath, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    postponed: tuple[VaultPath, ...] = ()
    error: NotWritable | None = None

    def then(self, later: Upkept) -> Upkept:
        """Both together; of each problem, only the later one's where it has it too."""
        return Upkept(
            {**self.changed, **later.changed},
            tuple(dict.fromkeys((*self.rescued, *later.rescued))),
            tuple(dict.fromkeys((*self.problems, *later.problems))),
            later.postponed,
            self.error or later.error,
        )


def change_note(root: str, path: VaultPath, change: Callable[[bytes], bytes | Refusal]) -> Changed:
    """Change a note as its bytes are now; begun anew where somebody saves in between, a few times.

    Args:
        root: The vault's folder.
        path: The note.
        change: Takes the bytes, and gives the new ones (the same: nothing to do) or why there are none.

    Raises:
        NotWritable: The note cannot be written. It stands as it was.
    """
    for _ in range(TRIES):
        data = read_file(root, path)
        if data is None:
            return Changed(EditResult.UNCHANGED, refusal=Refusal(GONE))
        new = change(data)
        if isinstance(new, Refusal):
            return Changed(EditResult.UNCHANGED, refusal=new)
        if new == data:
            return Changed(EditResult.UNCHANGED)
        edit = edit_file(root, path, sha256(data).digest(), new)
        if edit.result is EditResult.WRITTEN:
            return Changed(EditResult.WRITTEN, new, kept=edit.kept)
        if edit.result is EditResult.KEPT:
            return Changed(EditResult.KEPT, kept=edit.kept)
    return Changed(EditResult.CHANGED)


def told_of(path: VaultPath, changed: Changed) -> tuple[Diagnostic, ...]:
    """What is to be told of a change that met somebody's save."""
    if changed.kept is not None:
        return (Diagnostic("changed-on-disk", Place(path), changed.kept),)
    if changed.result is EditResult.CHANGED:
        return (Diagnostic("note-busy", Place(path)),)
    return ()


def write_into_notes(
    vault: Vault,
    overview: Overview,
    with_regions: Iterable[VaultPath],
    *,
    check: bool = False,
    rest: Rest | None = None,
) -> Upkept:
    """Bring all marked regions and computed properties up to date.

    Args:
        vault: The vault.
        overview: What they are to say.
        with_regions: The notes that seem to have regions.
        check: Write nothing, only say what would be.
        rest: Which notes to leave for later; None: none.
    """
    clients = {path: number for number, path in enumerate(overview.assessments.paths())}
    differing = (path for path, number in clients.items() if _properties(overview, number).differ)
    upkept = Upkept()
    for path in sorted({*with_regions, *differing}):
        if rest is not None and rest.disturbs(vault.root, path):
            upkept = upkept.then(Upkept(postponed=(*upkept.postponed, path)))
            continue
        writer = _Writer(vault, overview, path, clients.get(path), check)
        try:
            more = writer.run()
        except NotWritable as error:
            more = Upkept(error=error)
        upkept = upkept.then(Upkept(more.changed, more.rescued, more.problems, upkept.postponed, more.error))
    return upkept


def region_problems(
    vault: Vault, with_regions: Iterable[VaultPath], clients: Iterable[VaultPath], told: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """What is wrong with regions in notes: broken markers, unknown names and options, a merge's leftovers.

    ``told`` are the problems of these notes that were found already.
    """
    read = partial(read_file, vault.root) if vault.snapshot is None else vault.snapshot.note
    own = frozenset(clients)
    problems: list[Diagnostic] = []
    conflicts = {each.place.path for each in told if each.code == "merge-conflict"}
    for path in with_regions:
        data = read(path)
        if data is None or REGION_MARK not in data:
            continue
        text = data.decode("utf-8", "surrogateescape")
        regions, broken = find_regions(text, path)
        problems += broken
        problems += [_unknown(path, region) for region in regions if not _is_known(region, path in own)]
        problems += [each for region in regions for each in _pointless(path, region)]
        line = _conflict(text)
        if line and path not in conflicts:
            problems.append(Diagnostic("merge-conflict", Place(path, line)))
    return tuple(problems)


def without_computed(data: bytes) -> bytes | Refusal:
    """A note without anything that ``OWN`` names: what it was before, byte for byte."""
    return set_properties(data, dict.fromkeys(OWN))


class _Properties(NamedTuple):
    """The computed properties that a client's note is to have, as in ``OWN``; None: not to stand there.

    ``differ``: they are others than those that stand there; never, where nobody asked for any.
    """

    differ: bool
    wanted: tuple[str | None, ...]


def _properties(overview: Overview, number: int) -> _Properties:
    """Those of the client with that number."""
    policy = overview.policy
    if not policy.writeback:
        return _Properties(False, ())
    found = overview.assessments.part(
        number, "computed properties", lambda one: tuple(_computed(one, policy))
    )
    return _Properties._make(found)


def _computed(assessment: Assessment, policy: Policy) -> _Properties:
    standing = assessment.standing
    due = standing.contacting.next_day
    values = {
        "tier": standing.tier,
        "stage": standing.stage,
        "next_contact": None if due is None else due.isoformat(),
        "health": str(assessment.health.value),
    }
    wanted = tuple(values[name] if name in policy.writeback else None for name in OWN.values())
    present = dict(assessment.client.computed)
    return _Properties(tuple(map(present.get, OWN)) != wanted, wanted)


class _Rescued(NamedTuple):
    """A person's text from a region that begins in a line: where it is kept, and its bytes."""

    line: int
    path: VaultPath
    text: bytes


class _Writer:
    """Brings one note up to date."""

    def __init__(
        self, vault: Vault, overview: Overview, path: VaultPath, number: int | None, check: bool
    ) -> None:
        self._vault = vault
        self._overview = overview
        self._path = path
        self._number = number
        self._check = check
        self._rescued: list[_Rescued] = []
        self._problems: list[Diagnostic] = []

    def run(self) -> Upkept:
        """Write, unless only to be checked."""
        if self._check:
            data = read_file(self._vault.root, self._path)
            new = data if data is None else self._new(data)
            changed = Changed(EditResult.UNCHANGED, None if new == data or isinstance(new, Refusal) else new)
        else:
            changed = change_note(self._vault.root, self._path, self._kept_first)
        problems = (*self._problems, *told_of(self._path, changed))
        if changed.data is None:
            return Upkept(problems=problems)
        told = [
            Diagnostic("region-edited", Place(self._path, each.line), each.path) for each in self._rescued
        ]
        paths = tuple(each.path for each in self._rescued)
        return Upkept({self._path: sha256(changed.data).digest()}, paths, (*problems, *told))

    def _kept_first(self, data: bytes) -> bytes | Refusal:
        """The new bytes; what a person wrote within a region is on the disk before it leaves the note."""
        new = self._new(data)
        if new != data:
            for each in self._rescued:
                keep_file(self._vault.root, each.path, each.text)
        return new

    def _new(self, data: bytes) -> bytes:
        self._rescued, self._problems = [], []
        new = self._with_regions(data) if REGION_MARK in data else data
        if self._number is None or not self._vault.policy.writeback:
            return new
        wanted = _properties(self._overview, self._number).wanted
        found = set_properties(new, dict(zip(OWN, wanted, strict=True)))
        if not isinstance(found, Refusal):
            return found
        if found.reason not in TOLD_ALREADY:
            why = self._vault.labels.get(f"left-alone.{found.reason}")
            place = Place(self._path, max(found.line, 1))
            self._problems.append(Diagnostic("note-left-alone", place, about=why))
        return new

    def _with_regions(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        regions, broken = find_regions(text)
        if broken or _conflict(text):
            return data
        day = self._overview.day
        known = [
            region
            for region in regions
            if _is_known(region, self._number is not None) and not _is_over(region, day)
        ]
        merged = merge_regions(text, {region: self._text(region) for region in known})
        folder = self._vault.policy.paths.rescued
        lines = {(each.name, text[each.start : each.end]): each.line for each in known}
        self._rescued = [
            _Rescued(lines[name, inside], *rescued_copy(folder, self._path, name, inside))
            for name, inside in merged.rescued
        ]
        return merged.text.encode("utf-8", "surrogateescape")

    def _text(self, region: Region) -> str:
        labels = self._vault.labels
        if region.name == BRIEF and self._number is not None:
            return self._overview.assessments.part(self._number, "brief", self._brief)
        return render_section(region.name, self._overview, labels, dict(region.options))

    def _brief(self, one: Assessment) -> str:
        from vaultcrm.render.brief import render_brief  # few notes hold one

        return render_brief(one, self._overview, self._vault.labels)


def _is_known(region: Region, in_client: bool) -> bool:
    return region.name in REGION_NAMES or (region.name == BRIEF and in_client)


def _is_over(region: Region, day: date) -> bool:
    """Whether a region is the plan of a month that is over: it stays as it was left."""
    month = parse_month(dict(region.options).get("month", "")) if region.name == PLAN else None
    return month is not None and period_of(MONTH, month).last < day


def _unknown(path: VaultPath, region: Region) -> Diagnostic:
    near = nearest(region.name, REGION_NAMES) or REGION_NAMES
    return Diagnostic("region-unknown", Place(path, region.line), region.name, hints=tuple(near))


def _pointless(path: VaultPath, region: Region) -> Iterator[Diagnostic]:
    """What the begin marker of a region asks for, and the section does not know."""
    if region.name not in (*REGION_NAMES, BRIEF):
        return
    for option, value in region.options:
        if not is_option(region.name, option, value):
            read = f"{option}={value}" if value else option
            place = Place(path, region.line)
            yield Diagnostic("region-option", place, read, region.name, options_of(region.name))


def _conflict(text: str) -> int:
    """The line of the first conflict marker that a merge left, 0 where there is none."""
    if "<<<<<<< " not in text or ">>>>>>> " not in text:
        return 0
    marks = conflict_lines(text.split("\n"))
    return marks[0] + 1 if marks else 0
