"""The edits of notes that a person asks for by a command: done, snooze, writeback.

Each changes a line of a note as the note is now, or a few of our own, and nothing else. This module must not
know how a command is written, nor what a note looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from unicodedata import normalize

from vaultcrm.app import runs
from vaultcrm.app.beside import generated_paths
from vaultcrm.app.opening import Vault
from vaultcrm.app.upkeep import (
    GONE,
    OWN,
    Changed,
    Upkept,
    change_note,
    told_of,
    without_computed,
    write_into_notes,
)
from vaultcrm.errors import NotWritable, UsageError, VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.note import Place, SourceFile, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Client, ClientHistory
from vaultcrm.model.results import Task
from vaultcrm.model.sums import sha256
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.schema import row_of
from vaultcrm.parse.spelling import property_name
from vaultcrm.parse.splice import Refusal, set_properties
from vaultcrm.parse.ticking import tick
from vaultcrm.render.labels import Labels
from vaultcrm.rules.tasks import open_tasks, task_order
from vaultcrm.store.files import EditResult
from vaultcrm.store.lock import vault_lock
from vaultcrm.store.vault import read_file, walk
from vaultcrm.writing.filing import find_whose, known_histories
from vaultcrm.writing.when import LIKE, day_meant

HINTS = 6
"""How many follow-ups a message names."""

OFF = ("off", "none", "取消")
"""What takes a snooze back."""

SNOOZE = "snooze_until"

OWN_PREFIX = b"crm_"
"""What every note with computed properties holds."""

_COMPUTED = regex(rb"(?m)^[ \t{\"']*(?:" + "|".join(OWN).encode() + rb")[\"']?[ \t]*:")

CONFIGURE = 'write into vaultcrm.toml: [writeback] properties = ["tier", "stage", "next_contact", "health"]'


@dataclass(frozen=True, slots=True)
class Edited:
    """What was changed in a note, or would be: the lines that went, and those that stand there instead.

    ``line`` is the number of the first of them; both are empty where the note says so already. ``written`` is
    false where the note was left as it is; ``told`` says why.
    """

    path: VaultPath
    line: int = 0
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    written: bool = False
    told: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A follow-up that was ticked, or would be.

    ``recurs`` where it is one that comes again: making the next one is left to the program that it is from.
    ``failure`` is why it could not be; None where it could.
    """

    task: Task
    edited: Edited
    recurs: bool = False
    failure: VaultcrmError | None = None


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A client that was snoozed, or would be; ``until`` None: no longer."""

    client: Client
    until: date | None
    edited: Edited


def tick_tasks(
    vault: Vault, words: Sequence[str], day: date, now_ns: int, *, dry_run: bool = False
) -> tuple[Done, ...]:
    """Tick follow-ups; one that cannot be ticked keeps no other from it.

    Args:
        vault: The vault.
        words: What was typed, as in `find_tasks`.
        day: The day on which they were done.
        now_ns: The time of the run.
        dry_run: Write nothing.

    Raises:
        UsageError: No follow-up, or several, could be meant; the hint has the nearest.
        VaultcrmError: The same, and notes could not be read.
    """
    with known_histories(vault, now_ns) as histories:
        tasks = find_tasks(vault, histories, words, day)
    return tuple(_tick(vault, task, day, dry_run) for task in tasks)


def snooze(vault: Vault, words: Sequence[str], day: date, now_ns: int, *, dry_run: bool = False) -> Snoozed:
    """Set ``snooze_until`` in a client's note, or take it out, and touch nothing else.

    Args:
        vault: The vault.
        words: The client, then a day (``2026-12-04``, ``2w``, ``friday``), or ``off``.
        day: The day from which an interval counts.
        now_ns: The time of the run.
        dry_run: Write nothing.

    Raises:
        UsageError: There is no such client, or no such day ahead.
        VaultcrmError: There is no such client, and notes could not be read.
        NotWritable: The note cannot be written, or it is not certain how.
    """
    if not words:
        raise UsageError("who is to be snoozed, and until when?", "vaultcrm snooze Acme 2w")
    with known_histories(vault, now_ns) as histories:
        whose = find_whose(histories, words)
    client, when = whose.histories[0].client, " ".join(whose.words)
    until = None if when.casefold() in OFF else _day_ahead(when, day, vault.policy.timezone)

    def change(data: bytes) -> bytes | Refusal:
        value = until.isoformat() if until is not None else None
        return set_properties(data, {_snooze_name(vault, client.path, data): value})

    return Snoozed(client, until, _edited(vault, client.path, change, dry_run))


def write_back(vault: Vault, day: date, now_ns: int, *, dry_run: bool = False) -> Upkept:
    """Write the computed properties that the configuration names into clients' notes, as ``index`` does.

    Raises:
        UsageError: It names none.
        NotWritable: A note cannot be written; the others are.
    """
    if not vault.policy.writeback:
        raise UsageError("no property is to be written back", CONFIGURE)
    with nullcontext() if dry_run else vault_lock(vault.root):
        found = write_into_notes(vault, runs.overview_of(vault, day, now_ns), (), check=dry_run)
    if found.error is not None:
        raise found.error
    return found


def take_back(vault: Vault, *, dry_run: bool = False) -> Upkept:
    """Take all computed properties out of all notes: each is byte for byte what it was without them.

    A note from which they cannot be taken with certainty is told.

    Raises:
        NotWritable: A note cannot be written; the others are.
    """
    listing = walk(vault.root, vault.policy.paths.ignore, generated_paths(vault.policy))
    changed: dict[VaultPath, bytes] = {}
    problems: list[Diagnostic] = []
    error: NotWritable | None = None
    with nullcontext() if dry_run else vault_lock(vault.root):
        for path in listing.notes:
            data = read_file(vault.root, path)
            if data is None or OWN_PREFIX not in data:
                continue
            new = without_computed(data)
            if isinstance(new, Refusal):
                problems += _left_alone(vault, path, data, new)
                continue
            if new == data:
                continue
            try:
                result = (
                    Changed(EditResult.WRITTEN, new)
                    if dry_run
                    else change_note(vault.root, path, without_computed)
                )
            except NotWritable as failure:
                error = error or failure
                continue
            problems += told_of(path, result)
            if result.data is not None:
                changed[path] = sha256(result.data).digest()
    if error is not None:
        raise error
    return Upkept(changed, problems=tuple(problems))


def _left_alone(vault: Vault, path: VaultPath, data: bytes, refusal: Refusal) -> Iterator[Diagnostic]:
    """That a computed property stays in a note, where it seems to hold one."""
    found = _COMPUTED.search(data)
    if found is not None:
        why = vault.labels.get(f"left-alone.{refusal.reason}")
        line = refusal.line or data.count(b"\n", 0, found.end()) + 1
        yield Diagnostic("note-left-alone", Place(path, line), about=why)


def find_tasks(
    vault: Vault, histories: Sequence[ClientHistory], words: Sequence[str], day: date
) -> tuple[Task, ...]:
    """The open follow-ups that are meant by what was typed.

    That is a client and words of the text, or words of the text alone, or several follow-ups, an argument
    each. Of those that say the same in one note, one stands for all.

    Raises:
        UsageError: None is meant, or several could be.
    """
    every = sorted((each for one in histories for each in open_tasks(one, vault.policy, day)), key=task_order)
    tasks = list(
        {(each.follow_up.path, each.follow_up.text, each.due): each for each in every[::-1]}.values()
    )[::-1]
    text = " ".join(words)
    if not text.strip():
        raise UsageError("which follow-up is done?", _listed(tasks, vault.labels))
    client, rest = _client_of(histories, words)
    owned = [each for each in tasks if client is not None and each.client.path == client.path]
    found = _matching(owned, rest) if rest else owned
    found = found or _matching(tasks, text)
    if not found and len(words) > 1:
        each = [_matching(tasks, word) for word in words]
        if all(len(one) == 1 for one in each):
            return tuple({one[0].follow_up.place: one[0] for one in each}.values())
    if len(found) == 1:
        return (found[0],)
    if found:
        raise UsageError(f"{text!r} could be several follow-ups", _listed(found, vault.labels))
    if any(
        _key(each.text) == _key(rest or text)
        for one in histories
        for each in one.tasks
        if each.state == "done"
    ):
        raise UsageError(f"{text!r} is done already")
    if client is not None and not owned:
        raise UsageError(f"{client.name} has no open follow-up", _listed(tasks, vault.labels))
    raise UsageError(f"no open follow-up says {text!r}", _listed(owned or _near(tasks, text), vault.labels))


def _client_of(histories: Sequence[ClientHistory], words: Sequence[str]) -> tuple[Client | None, str]:
    """The client that the first words name, and the words behind; None where they name none."""
    try:
        whose = find_whose(histories, words)
    except UsageError:
        return None, ""
    return whose.histories[0].client, " ".join(whose.words)


def _matching(tasks: Iterable[Task], text: str) -> list[Task]:
    """The tasks that a text means best: that say just this, begin with it, hold it, hold all of its words.

    The words of the last may also be those of the client's name, the note's, or the day.
    """
    wanted = _key(text)
    known = [(each, _key(each.follow_up.text)) for each in tasks]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = [each for each, said in known if wanted and fits(said, wanted)]
        if found:
            return found
    words = wanted.split()
    return [each for each, _ in known if words and all(word in _all_of(each) for word in words)]


def _all_of(task: Task) -> str:
    note = task.follow_up.path.rpartition("/")[2]
    return _key(f"{task.client.name} {task.follow_up.text} {task.due.isoformat()} {note}")


def _near(tasks: Sequence[Task], text: str) -> list[Task]:
    """The tasks that share a word with a text, else the first that are due."""
    words = set(_key(text).split())
    return [each for each in tasks if words & set(_all_of(each).split())] or list(tasks)


def _listed(tasks: Sequence[Task], labels: Labels) -> str:
    """Follow-ups for a message."""
    shown = [
        labels.pair(each.client.name, each.follow_up.text) + labels.aside(each.due.isoformat())
        for each in tasks[:HINTS]
    ]
    more = ["…"] if len(tasks) > HINTS else []
    return labels.joined([*shown, *more], "item") or "there is no open follow-up"


def _key(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())


def _tick(vault: Vault, task: Task, day: date, dry_run: bool) -> Done:
    def change(data: bytes) -> bytes | Refusal:
        ticked = tick(data, task.follow_up, day, vault.policy.timezone)
        return Refusal("task-gone") if ticked is None else ticked.data

    path = task.follow_up.path
    try:
        edited = _edited(vault, path, change, dry_run)
    except VaultcrmError as error:
        return Done(task, Edited(path), failure=error)
    return Done(task, edited, any("🔁" in line for line in edited.removed))


def _day_ahead(text: str, day: date, timezone: str | None) -> date:
    until = day_meant(text, day, timezone=timezone)
    if until is None:
        raise UsageError(f"{text!r} is no day" if text else "until when?", f"write it like {LIKE}, or off")
    if until <= day:
        raise UsageError(f"{until.isoformat()} does not lie ahead", "to end a snooze, write off")
    return until


def _snooze_name(vault: Vault, path: VaultPath, data: bytes) -> str:
    """How the note calls the property; where it does not have it, how the vault's language does."""
    mapping = vault.policy.mapping
    for each in parse_note(SourceFile(path, data))[0].properties:
        row = row_of("client", each.name, mapping)
        if row is not None and row.field == SNOOZE:
            return each.name
    return property_name("client", SNOOZE, vault.policy.language, mapping)


def _edited(
    vault: Vault, path: VaultPath, change: Callable[[bytes], bytes | Refusal], dry_run: bool
) -> Edited:
    """Make a change, or only see what it would be."""
    seen = [Edited(path)]

    def looked_at(data: bytes) -> bytes | Refusal:
        new = change(data)
        if not isinstance(new, Refusal):
            seen.append(_difference(path, data, new))
        return new

    if dry_run:
        data = read_file(vault.root, path)
        refusal = Refusal(GONE) if data is None else looked_at(data)
        told: tuple[Diagnostic, ...] = ()
        written = False
    else:
        with vault_lock(vault.root):
            changed = change_note(vault.root, path, looked_at)
        refusal, told = changed.refusal or b"", told_of(path, changed)
        written = changed.result in (EditResult.WRITTEN, EditResult.UNCHANGED)
    if isinstance(refusal, Refusal):
        why = vault.labels.get(f"left-alone.{refusal.reason}")
        line = f":{refusal.line}" if refusal.line else ""
        remedy = vault.labels.get("left-alone.again" if refusal.reason == GONE else "left-alone.remedy")
        raise NotWritable(f"{path}{line} is left as it is: {why}", remedy)
    return replace(seen[-1], written=written, told=told)


def _difference(path: VaultPath, old: bytes, new: bytes) -> Edited:
    before, after = _lines(old), _lines(new)
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    ends = range(1, shorter - start + 1)
    same = next((at - 1 for at in ends if before[-at] != after[-at]), shorter - start)
    removed, added = before[start : len(before) - same], after[start : len(after) - same]
    return Edited(path, start + 1 if removed or added else 0, removed, added)


def _lines(data: bytes) -> tuple[str, ...]:
    return tuple(
        line.decode("utf-8", "backslashreplace") for line in data.removeprefix(b"\xef\xbb\xbf").splitlines()
    )
