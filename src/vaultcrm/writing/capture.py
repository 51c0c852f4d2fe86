"""Notes a conversation down: one line that is typed becomes a note of its own.

The line says the same as an item of a ``Log`` section does (specification 2, Client). This module must not
know how it was typed, nor what is printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from vaultcrm.app.loading import load, read_config
from vaultcrm.app.memory import recall_directory
from vaultcrm.app.opening import Vault
from vaultcrm.app.refreshing import refresh
from vaultcrm.errors import UsageError
from vaultcrm.model.directory import Listed, listed, part_of
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.note import Place, SourceFile, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import ClientHistory, Interaction, Portfolio, Reading
from vaultcrm.model.results import Assessment
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.log import BEGINS_WITH_DATE, split_channel
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.sorting import record_order
from vaultcrm.parse.spelling import kind_word, property_name, spelled, type_name
from vaultcrm.parse.values import parse_date, parse_sentiment
from vaultcrm.parse.vocabulary import CHANNELS, DIRECTIONS, KINDS, TOPICS, fold, nearest, spellings
from vaultcrm.parse.yaml_text import note_text
from vaultcrm.render.file_names import file_name, opening_words
from vaultcrm.render.outcome import Outcome
from vaultcrm.rules.engine import assess
from vaultcrm.store.files import read_bytes
from vaultcrm.writing.filing import (
    EXAMPLE,
    Whose,
    find_whose,
    home_of,
    known_histories,
    link_to,
    unquoted,
    write_new,
)
from vaultcrm.writing.marks import Slip, first_line, typed_marks, unmarked_next, unread_day
from vaultcrm.writing.when import LIKE, LIKE_PAST, day_meant

INTERACTION = "interaction"


@dataclass(frozen=True, slots=True)
class Typed:
    """A conversation as it is typed: whose, the words, and the options, each as text or None.

    ``bare`` lets it be without words; it may be too where its channel or kind is given.
    """

    words: tuple[str, ...]
    clients: tuple[str, ...] = ()
    date: str | None = None
    channel: str | None = None
    kind: str | None = None
    about: tuple[str, ...] = ()
    direction: str | None = None
    sentiment: str | None = None
    next: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """A conversation that is noted, or would be: the note, and what follows for each client.

    ``odd_channel`` is a word that stands where the channel does and is none that we know; ``unmarked_next``
    is a day at the text's end that only seems to be agreed, as its mark was not written as one;
    ``unread_day`` a day at its beginning that is part of what was said. ``slips`` are marks that are none.
    """

    path: VaultPath
    text: str
    day: date
    outcomes: tuple[Outcome, ...]
    odd_channel: str | None = None
    unmarked_next: str | None = None
    unread_day: str | None = None
    slips: tuple[Slip, ...] = ()


class Understood(NamedTuple):
    """A conversation without place and clients, hashtags of one's own, and marks that are none."""

    said: Interaction
    tags: tuple[str, ...]
    slips: tuple[Slip, ...]


def log(vault: Vault, typed: Typed, day: date, now_ns: int, *, dry_run: bool = False) -> Logged:
    """Note a conversation down in a new note; none is ever overwritten.

    Args:
        vault: The vault.
        typed: What was typed.
        day: Today: what "yesterday" is counted from, and the day for which it is told what follows.
        now_ns: The time of the run.
        dry_run: Write nothing.

    Raises:
        UsageError: The client is not known, or something that was typed means nothing; the hint says what
            to type.
        NotWritable: The note could not be written.
    """
    whose, histories = _looked_up(vault, typed, now_ns)
    said, tags, slips = understood(vault, typed, whose.words, day)
    if not (said.summary or typed.bare or said.channel or said.kind != "contact"):
        raise UsageError("what was said?", EXAMPLE)
    path, text = note_for(vault, said, whose, histories, tags)
    if not dry_run:
        path = write_new(vault.root, path, text)
    outcomes = _outcomes(vault, whose.histories, SourceFile(path, text.encode()), day)
    unmarked = None if said.next else unmarked_next(said.summary or "", day, vault.policy.timezone)
    odd = said.channel if said.channel not in CHANNELS.values() and not typed.channel else None
    unread = unread_day(said.summary or "", day, vault.policy.timezone) if said.day == day else None
    return Logged(path, text, said.day, outcomes, odd, unmarked, unread, slips)


def _looked_up(
    vault: Vault, typed: Typed, now_ns: int
) -> tuple[Whose[ClientHistory], Sequence[ClientHistory | Listed]]:
    """Whose conversation it is, and all clients; only the histories that it goes into need to be read.

    Raises:
        UsageError: As `find_whose`.
        VaultcrmError: The vault, or what was looked for, cannot be read.
    """
    known = _known(vault, now_ns)
    if known is not None:
        clients, histories = known
        whose = find_whose(clients, unquoted(clients, typed.words), typed.clients)
        numbers = {each.client.path: number for number, each in enumerate(clients)}
        read = tuple(histories[numbers[each.client.path]] for each in whose.histories)
        return Whose(read, whose.people, whose.words), clients
    with known_histories(vault, now_ns) as all_of_them:
        words = unquoted(all_of_them, typed.words)
        return find_whose(all_of_them, words, typed.clients), all_of_them


def _known(vault: Vault, now_ns: int) -> tuple[tuple[Listed, ...], Sequence[ClientHistory]] | None:
    """What all clients are called, and their histories in the same order, which are read once looked at.

    None where the last run left nothing that would do.
    """
    left = recall_directory(vault)
    found = None if left is None else refresh(vault, left[0], now_ns)
    if left is None or found is None or found.loaded.ledger is None:
        return None
    known, histories = left[1], found.loaded.portfolio.histories
    parts = (
        known[path] if path in known and path not in found.concerned else part_of(histories[number])
        for number, path in enumerate(found.loaded.ledger.clients)
    )
    return listed(parts), histories


def logged_again(vault: Vault, logged: Logged, day: date, now_ns: int) -> Logged:
    """The same after a person has edited the note; without outcomes where it names no client any more."""
    outcomes: list[Outcome] = []
    for history in load(vault, now_ns).portfolio.histories:
        noted = next((each for each in history.interactions if each.path == logged.path), None)
        if noted is not None:
            (before,) = _assessed(vault, (_without(history, logged.path),), day)
            (after,) = _assessed(vault, (history,), day)
            outcomes.append(Outcome(before, after, noted, vault.policy))
    data = read_bytes(os.path.join(vault.root, *logged.path.split("/"))) or b""
    return replace(logged, text=data.decode(errors="replace"), outcomes=tuple(outcomes))


def understood(vault: Vault, typed: Typed, words: Sequence[str], day: date) -> Understood:
    """What was typed as a conversation, without place and clients; options win over marks in the text.

    The first line is the summary, with the marks; what stands below stays as it is, but for a last line of
    marks alone. Days may be words.

    Raises:
        UsageError: Something means nothing.
    """
    zone = vault.policy.timezone
    text, body = first_line(" ".join(words).strip(), day, zone)
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    dated = BEGINS_WITH_DATE.match(text)
    when = day
    if dated is not None:
        when, text = _written_day(dated[1], zone), text[dated.end() :]
    else:
        when, text = _spoken_day(text, day, zone)
    said = split_channel(text)
    rest, marks, tags, slips = typed_marks(said.text, day, zone)
    when = _day(typed.date, day, zone, "--date", back=True) if typed.date else when
    about = [
        _word(each, TOPICS, "--about") for option in typed.about for each in _LISTED.split(option) if each
    ]
    following = _day(typed.next, day, zone, "--next") if typed.next else marks.next
    if following is not None and following <= when:
        raise UsageError(
            f"the next contact on {following} would not be after this one on {when}", "write a later day"
        )
    arrow = {"<": "in", ">": "out"}.get(said.direction)
    conversation = Interaction(
        place=NOWHERE,
        day=when,
        channel=_channel(typed.channel) if typed.channel else said.channel,
        kind=_word(typed.kind, KINDS, "--kind") if typed.kind else marks.kind or "contact",
        about=tuple(dict.fromkeys(about)) or marks.about,
        direction=_direction(typed.direction) if typed.direction else arrow,
        sentiment=_sentiment(typed.sentiment) if typed.sentiment else marks.sentiment,
        summary=f"{rest.strip()}{body}" or None,
        next=following,
        severity=marks.severity,
        resolved=marks.resolved,
    )
    return Understood(conversation, tags, slips)


def _spoken_day(text: str, day: date, zone: str | None) -> tuple[date, str]:
    """The day that words before a channel mean, and the text from there on: ``yesterday phone: …``.

    Without a channel behind it, a day is part of what was said.
    """
    head = _HEAD.match(text)
    end = head.end() if head else 0
    for at in range(1, end):
        if fold(text[at:end].lstrip(" <>")) in CHANNELS:
            meant = day_meant(text[:at].rstrip(" ,，、"), day, back=True, timezone=zone)
            if meant is not None:
                return meant, text[at:]
    return day, text


def _written_day(text: str, zone: str | None) -> date:
    found = parse_date(text, zone)
    if found is None:
        raise UsageError(f"{text!r} is no date", "write it like 2026-11-20")
    return found


def _day(text: str, day: date, zone: str | None, option: str, *, back: bool = False) -> date:
    found = day_meant(text, day, back=back, timezone=zone)
    if found is None:
        raise UsageError(f"{option}: {text!r} is no date", f"write it like {LIKE_PAST if back else LIKE}")
    return found


def _word(text: str, table: Mapping[str, str], option: str) -> str:
    word = table.get(fold(text))
    if word is None:
        known = spellings(table, text)
        near = nearest(text, known)
        hint = f"the nearest: {', '.join(near)}" if near else f"one of: {', '.join(known)}"
        raise UsageError(f"{option}: {text!r} is not known", hint)
    return word


def _channel(text: str) -> str:
    """A channel; one that is not known stays, unless it is nearly a known one."""
    word = CHANNELS.get(fold(text))
    near = () if word else nearest(text, dict.fromkeys(CHANNELS.values()), 1)
    if near:
        raise UsageError(f"--channel: {text!r} is not known", f"perhaps {near[0]}")
    return word or text.strip()


def _direction(text: str) -> str:
    return {"<": "in", ">": "out", "<>": "both"}.get(text) or _word(text, DIRECTIONS, "--direction")


def _sentiment(text: str) -> Decimal:
    found = parse_sentiment(text)
    if found is None:
        raise UsageError(f"--sentiment: {text!r} is not known", "positive, neutral, negative, or -2 to 2")
    return found


def note_for(
    vault: Vault,
    said: Interaction,
    whose: Whose[ClientHistory],
    histories: Sequence[ClientHistory | Listed],
    tags: Sequence[str] = (),
) -> tuple[VaultPath, str]:
    """The path that the note of a conversation has if it is free, and its text."""
    links = [link_to(history.client.path, histories) for history in whose.histories]
    people = [link_to(person.path, histories) for person in whose.people]
    summary, _, body = (said.summary or "").partition("\n")
    language, mapping = vault.policy.language, vault.policy.mapping
    values = {
        "clients": _one_or_many(links),
        "day": said.day,
        "channel": spelled(CHANNELS, said.channel, language) if said.channel else None,
        "kind": spelled(KINDS, said.kind, language) if said.kind != "contact" else None,
        "about": _one_or_many([spelled(TOPICS, each, language) for each in said.about]),
        "direction": spelled(DIRECTIONS, said.direction, language) if said.direction else None,
        "participants": _one_or_many(people),
        "summary": summary.strip() or None,
        "sentiment": said.sentiment,
        "next": said.next,
        "severity": said.severity,
        "resolved": said.resolved,
    }
    properties: dict[str, object] = {type_name(mapping): kind_word(INTERACTION, language)}
    for field, value in values.items():
        if value is not None:
            properties[property_name(INTERACTION, field, language, mapping)] = value
    if tags:
        properties["tags"] = [*tags]
    text = note_text(properties, f"\n{_BLANK_LINES.sub('', body).rstrip()}\n" if body.strip() else "")
    names = [history.client.name for history in whose.histories]
    together = " ".join(names) if sum(map(len, names)) <= NAMES_LENGTH else names[0]
    topic = opening_words(summary) or (said.kind if language == "en" else spelled(KINDS, said.kind, language))
    name = file_name(f"{said.day} {together} {topic}", f"{said.day}")
    return home_of(INTERACTION, histories, vault.policy).path(name, said.day.year), text


def _one_or_many(items: list[str]) -> object:
    return items[0] if len(items) == 1 else items or None


def _outcomes(
    vault: Vault, histories: Iterable[ClientHistory], source: SourceFile, day: date
) -> tuple[Outcome, ...]:
    """What the note changes for each of its clients."""
    reading, _ = read_file(source, read_config(vault.policy))
    noted = reading.record
    if not isinstance(noted, Interaction):
        return ()
    before = tuple(histories)
    after = tuple(_with(history, noted, reading) for history in before)
    pairs = zip(_assessed(vault, before, day), _assessed(vault, after, day), strict=True)
    return tuple(Outcome(one, other, noted, vault.policy) for one, other in pairs)


def _assessed(vault: Vault, histories: tuple[ClientHistory, ...], day: date) -> tuple[Assessment, ...]:
    return tuple(assess(Portfolio(histories), vault.policy, day).assessments)


def _with(history: ClientHistory, noted: Interaction, reading: Reading) -> ClientHistory:
    interactions = tuple(sorted((*history.interactions, noted), key=record_order))
    return replace(history, interactions=interactions, tasks=(*history.tasks, *reading.tasks))


def _without(history: ClientHistory, path: VaultPath) -> ClientHistory:
    interactions = tuple(each for each in history.interactions if each.path != path)
    tasks = tuple(each for each in history.tasks if each.path != path)
    return replace(history, interactions=interactions, tasks=tasks)


NOWHERE = Place("")
_BULLET = regex(r"[-*+] +")
_BLANK_LINES = regex(r"\A(?:[^\S\n]*+\n)+")
_HEAD = regex(r"[^:：]{1,40}(?=[:：])")
_LISTED = regex(r"[\s,，、]+")
NAMES_LENGTH = 40
"""Up to how many characters the names of several clients stand in a file's name."""
