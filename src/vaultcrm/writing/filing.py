"""Where a new note goes: whose it is, the folder that the vault uses for its kind, a free name, how it links.

This module must not know what a note says.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic

from vaultcrm.app.finding import Known, find_whole
from vaultcrm.app.loading import load
from vaultcrm.app.opening import Vault
from vaultcrm.errors import ChangedOnDisk, UsageError, VaultcrmError
from vaultcrm.model.directory import Called, Listed
from vaultcrm.model.note import VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, ClientHistory, Person
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.links import link_key
from vaultcrm.parse.portfolio import UNLINKABLE
from vaultcrm.parse.spelling import kind_folder
from vaultcrm.store.files import replace_file

EXAMPLE = 'vaultcrm log Acme "phone: the launch moves to May +1 next:friday"'
LONGEST_NAME = 8
"""How many words of a command line may be one name."""

DEEPEST = 5
"""How many folders deep notes are looked for below a folder of the vault's own tools."""


class Whose(NamedTuple, Generic[Known]):
    """The clients of a conversation, the people of theirs that were named, and the words that are left."""

    histories: tuple[Known, ...]
    people: tuple[Person | Called, ...]
    words: tuple[str, ...]


class Home(NamedTuple):
    """The folder of a kind (empty for the vault's root), and whether it has a folder for each year."""

    folder: VaultPath
    by_year: bool = False

    def path(self, name: str, year: int) -> VaultPath:
        """Where a note of this name goes, without looking whether there is one."""
        parts = [self.folder] if self.folder else []
        return "/".join([*parts, *([f"{year}"] if self.by_year else []), f"{name}.md"])


@contextmanager
def known_histories(vault: Vault, now_ns: int) -> Iterator[Sequence[ClientHistory]]:
    """All histories, to look something up in within a ``with``.

    Raises:
        VaultcrmError: What was looked for was not found, and notes could not be read: it may stand there.
    """
    loaded = load(vault, now_ns)
    try:
        yield loaded.portfolio.histories
    except UsageError as error:
        paths = loaded.unreadable
        if not paths:
            raise
        hint = vault.labels.get("cli.nobody.unreadable", paths=list(paths[:5]), count=len(paths))
        raise VaultcrmError(error.message, hint) from error


def home_of(kind: str, histories: Iterable[ClientHistory | Listed], policy: Policy) -> Home:
    """The folder for new notes of a kind: where most of them are.

    With none yet it is a folder that the configuration maps to the kind, else that of the vault's language.
    Conversations lie in a folder for each year, unless most of those that are there do not.
    """
    standard = kind_folder(kind, policy.language)
    mapped = [folder for folder, meant in policy.mapping.folders.items() if meant == kind]
    known = [*mapped, standard, *(kind_folder(kind, language) for language in ("en", "zh"))]
    folders = Counter(path.rpartition("/")[0] for path in dict.fromkeys(_paths(kind, histories)))
    bases = {each: _base(each, known) for each in folders}
    count: Counter[VaultPath] = Counter()
    for each, number in folders.items():
        count[bases[each]] += number
    order = {folder: -number for number, folder in enumerate(reversed(known))}
    folder = min(count, key=lambda each: (-count[each], order.get(each, 1), each), default=known[0])
    if kind != "interaction":
        return Home(folder)
    inside = {each: number for each, number in folders.items() if bases[each] == folder}
    years = [each for each in inside if _is_year(each.removeprefix(folder).lstrip("/").partition("/")[0])]
    return Home(folder, by_year=2 * sum(inside[each] for each in years) >= sum(inside.values()))


def _paths(kind: str, histories: Iterable[ClientHistory | Listed]) -> Iterator[VaultPath]:
    for each in map(_listed, histories):
        if kind == "client":
            yield each.client.path
        elif kind == "person":
            yield from (person.path for person in each.people)
        elif kind in ("project", "order"):
            yield from (path for path in each.projects if path != each.client.path)
        else:
            yield from each.interactions if kind == "interaction" else each.feedback


def _listed(history: ClientHistory | Listed) -> Listed:
    return history if isinstance(history, Listed) else Listed.of(history)


def _base(folder: VaultPath, known: Sequence[str]) -> str:
    """The folder of its kind that this one is, or is in: one that is known, else it without a year's."""
    found = [each for each in known if f"{folder}/".startswith(f"{each}/")]
    if found:
        return max(found, key=len)
    above, _, last = folder.rpartition("/")
    return above if _is_year(last) else folder


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isascii() and name.isdigit()


def is_taken(root: str, path: VaultPath) -> bool:
    """Whether there is a file of this name, as far as some system would take the two for one."""
    folder, _, name = path.rpartition("/")
    try:
        names = os.listdir(os.path.join(root, *folder.split("/")) if folder else root)
    except OSError:
        return False
    return link_key(name) in {link_key(each) for each in names}


def free_path(root: str, path: VaultPath) -> VaultPath:
    """The path, with a number behind the name if there is a file of that name already.

    Behind a comma: ``NAME 2.md`` is what iCloud calls a copy, and two notes of a day may say the same.
    """
    stem, number, free = path.removesuffix(".md"), 1, path
    while is_taken(root, free):
        number += 1
        free = f"{stem}, {number}.md"
    return free


def link_to(path: VaultPath, histories: Sequence[ClientHistory | Listed]) -> str:
    """A link to a client's or person's note, as short as Obsidian writes it: by the path only if need be.

    A note whose name a link cannot hold is named in plain text, which vaultcrm reads too.
    """
    notes = {path}
    for each in map(_listed, histories):
        notes.update([each.client.path, *each.projects], [person.path for person in each.people])
    stem = link_key(_stem(path))
    return link_text(path, alone=sum(link_key(_stem(each)) == stem for each in notes) == 1)


def link_text(path: VaultPath, *, alone: bool) -> str:
    """A link to a note, by its name where no other one is called so (``alone``), else by its path."""
    full = path.removesuffix(".md")
    short = full.rpartition("/")[2] if alone else full
    if any(sign in short for sign in UNLINKABLE) or short != short.strip():
        return short
    return f"[[{short}]]"


def _stem(path: VaultPath) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def write_new(root: str, path: VaultPath, text: str) -> VaultPath:
    """Write a new note; where its name is taken, it gets a number. Gives the path that it got.

    Raises:
        NotWritable: It could not be written.
    """
    while True:
        free = free_path(root, path)
        try:
            replace_file(root, free, text.encode(), expected=b"")
        except ChangedOnDisk:  # another program was faster
            continue
        return free


def find_whose(histories: Sequence[Known], words: Sequence[str], more: Iterable[str] = ()) -> Whose[Known]:
    """Whose conversation it is.

    The first word is the client, or as many words as are exactly a client's name, so that a name need not be
    quoted. A person of a client's may stand for the client.

    Raises:
        UsageError: None or several could be meant; the hint has the nearest.
    """
    if not words:
        raise UsageError("whose conversation is it?", EXAMPLE)
    first, rest = words[0], tuple(words[1:])
    for count in range(min(len(words), LONGEST_NAME), 1, -1):
        name = " ".join(words[:count])
        if any(_is_exactly(history, name) for history in histories):
            first, rest = name, tuple(words[count:])
            break
    found: dict[VaultPath, Known] = {}
    people: dict[VaultPath, Person | Called] = {}
    for name in (first, *more):
        history, person = find_whole(histories, name)
        found[history.client.path] = history
        if person is not None:
            people[person.path] = person
    return Whose(tuple(found.values()), tuple(people.values()), rest)


def unquoted(histories: Sequence[Known], words: Sequence[str]) -> Sequence[str]:
    """The words of a line that was typed as one, name and all, in quotes; below it nothing is touched."""
    line, line_break, body = words[0].partition("\n")
    parts: list[str] = line.split(None, LONGEST_NAME)
    if len(words) > 1 or len(parts) < 2:
        return words
    try:
        find_whole(histories, words[0])
    except UsageError:
        return (*parts[:-1], parts[-1] + line_break + body)
    return words


def _is_exactly(history: ClientHistory | Listed, name: str) -> bool:
    key = link_key(name)
    called = (history.client.name, *history.client.aliases, *(each.name for each in history.people))
    return any(link_key(each) == key for each in called)


def client_names(clients: Iterable[Client]) -> tuple[str, ...]:
    """All that clients are called, sorted: for completion."""
    return tuple(sorted({name for client in clients for name in (client.name, *client.aliases)}))


def notes_below(root: str, folder: VaultPath) -> tuple[VaultPath, ...]:
    """The Markdown files of a folder and of those below it, sorted; none where there is no such folder.

    Hidden ones and links are left out.
    """
    found = list(_notes_below(os.path.join(root, *folder.split("/")), DEEPEST)) if folder else []
    return tuple(sorted(f"{folder}/{each}" for each in found))


def _notes_below(folder: str, depth: int) -> Iterator[str]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.name[-3:].lower() == ".md" and entry.is_file():
            yield entry.name
        elif depth and entry.is_dir():
            yield from (f"{entry.name}/{each}" for each in _notes_below(entry.path, depth - 1))
