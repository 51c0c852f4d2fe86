"""Looks at the machine, at a vault, and at what surrounds it.

A check is a row of `CHECKS`. One that cannot be carried out is itself a finding, and the others go on. This
module must not know how a finding is worded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date

from vaultcrm.app import runs
from vaultcrm.app.outputs import feed_paths, is_ours
from vaultcrm.doctor import machine
from vaultcrm.doctor.findings import Found, note, ok, problem
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.git import hooks, repositories
from vaultcrm.model.diagnostics import Severity
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.vocabulary import nearest
from vaultcrm.render.text import typed_word
from vaultcrm.rules.known import owner_key
from vaultcrm.store.calling import GitError
from vaultcrm.store.files import read_bytes
from vaultcrm.store.git import git_version
from vaultcrm.store.places import cache_folder, state_folder
from vaultcrm.store.root import find_vault, marks_above

OLDEST_GIT = (2, 31)
LARGE_FEED = 900_000
"""Bytes from which on a feed is close to what some calendar programs refuse."""


class Asked(NamedTuple):
    """What is to be looked at: the vault that was named, or where one stands, and the day and time of it.

    ``language`` is that of messages where no vault says otherwise; ``day_of`` gives the day under a policy.
    """

    here: str
    vault: str | None
    language: str
    day_of: Callable[[Policy], date]
    now_ns: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What the checks look at. ``vault`` is None where there is none that can be opened."""

    asked: Asked
    root: str
    vault: runs.Vault | None = None
    day: date = date.min


def examine(asked: Asked) -> tuple[Found, ...]:
    """Everything that was found, in the order in which it is to be told."""
    found = [*machine.python(), *machine.command(), *machine.libyaml(), *machine.encoding(asked.language)]
    scene, about = _scene(asked)
    found += about
    if scene is not None:
        for check, look in CHECKS:
            if scene.vault is not None or check in WITHOUT_VAULT:
                found += _looked(check, look, scene)
    return (*found, *machine.extras())


def _looked(check: str, look: Callable[[Scene], Iterator[Found]], scene: Scene) -> Iterator[Found]:
    """What a check finds; that it cannot be carried out is a problem of its own."""
    try:
        yield from look(scene)
    except VaultcrmError as error:
        yield problem(check, "failed", why=error.message, hint=error.hint)
    except OSError as error:
        yield problem(
            check, "failed", why=f"{error.filename}: {(error.strerror or str(error)).lower()}", hint=""
        )


def _scene(asked: Asked) -> tuple[Scene | None, list[Found]]:
    """The vault, opened if possible, and what is to be said of it and its configuration."""
    try:
        root = find_vault(asked.here, asked.vault)
    except VaultcrmError as error:
        return None, [problem("vault", "failed", why=error.message, hint=error.hint)]
    marks = marks_above(root)[:2]
    if asked.vault is None and not any(os.path.lexists(mark) for mark in marks):
        return None, [problem("vault", "none", folder=root)]
    found = [ok("vault", folder=root)]
    try:
        vault = runs.open_vault(root, root)
    except VaultcrmError as error:
        return Scene(asked, root), [*found, *_wrong_policy(error)]
    if not os.path.lexists(marks[0]):
        found.append(note("policy", "default", folder=typed_word(root)))
    elif vault.policy.timezone is None:
        found.append(ok("policy", "no-timezone"))
    else:
        found.append(ok("policy", timezone=vault.policy.timezone))
    return Scene(asked, root, vault, asked.day_of(vault.policy)), found


def _wrong_policy(error: VaultcrmError) -> Iterator[Found]:
    for line in error.message.splitlines():
        yield problem("policy", "failed", why=line, hint=error.hint)


# ----------------------------------------------------------------------------- notes and what is made of them


def notes(scene: Scene) -> Iterator[Found]:
    """Whether the notes can be read, and the outputs are those of the notes."""
    assert scene.vault is not None
    result = runs.index(scene.vault, scene.day, scene.asked.now_ns, check=True)
    diagnostics = result.overview.diagnostics
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    counts: dict[str, object] = {
        "clients": len(result.overview.assessments),
        "notes": result.overview.notes_read,
    }
    counts |= {"errors": errors, "warnings": len(diagnostics) - errors}
    if errors:
        yield problem("notes", "errors", **counts)
    elif diagnostics:
        yield note("notes", "warnings", **counts)
    elif not result.overview.assessments:
        yield note("notes", "no-client", **counts)
    else:
        yield ok("notes", **counts)
    if result.withheld is not None:
        yield problem("outputs", "withheld", why=result.withheld)
    foreign = sorted({each.place.path for each in result.told if each.code == "output-foreign"})
    for path in foreign:
        yield problem("outputs", "foreign", path=path)
    if result.stale:
        yield note("outputs", "stale", paths=list(result.stale[:5]), count=len(result.stale))
    elif result.withheld is None and not foreign:
        yield ok("outputs")
    yield from _feeds_of_nobody(result.overview)


def _feeds_of_nobody(overview: Overview) -> Iterator[Found]:
    """The feeds for somebody who has no client and no task, as after a name that was mistyped."""
    known = {owner_key(each.client.owner): each.client.owner for each in overview.assessments}
    known |= {owner_key(owner): owner for each in overview.assessments for owner in _asked(each)}
    for feed in overview.policy.feeds:
        for owner in feed.owners:
            if owner_key(owner) not in known:
                near = nearest(owner, [name for name in known.values() if name], 1)
                what = "near-owner" if near else "owner"
                yield note("feed", what, path=feed.path, owner=owner, near="".join(near))


def _asked(assessment: Assessment) -> Iterator[str]:
    """Whom the open tasks of a client name with @."""
    for task in assessment.tasks:
        yield from task.follow_up.owners


def feeds(scene: Scene) -> Iterator[Found]:
    """Whether calendar programs can read each feed."""
    assert scene.vault is not None
    paths = feed_paths(scene.vault.policy)
    if not paths:
        yield note("feed", "off")
    for path in paths:
        data = read_bytes(os.path.join(scene.root, path))
        if data is None:
            yield note("feed", "missing", path=path)
        elif is_ours(path, data):  # that it is somebody else's is told above
            size, events = len(data), data.count(b"\r\nBEGIN:VEVENT\r\n")
            if not data.endswith(b"\r\nEND:VCALENDAR\r\n"):
                yield problem("feed", "torn", path=path)
            elif size >= LARGE_FEED:
                yield note("feed", "large", path=path, size=size // 1000)
            else:
                yield ok("feed", path=path, events=events, size=max(1, size // 1000))


# ------------------------------------------------------------------------------------------ what surrounds it


def git(scene: Scene) -> Iterator[Found]:
    """Whether git is there, and commits bring the outputs along."""
    try:
        version = git_version()
    except GitError:
        is_wanted = any(os.path.lexists(os.path.join(folder, ".git")) for folder in _upwards(scene.root))
        yield (note if is_wanted else ok)("git", "missing")
        return
    if version < OLDEST_GIT:
        yield problem("git", "old", version=".".join(map(str, version)))
        return
    assert scene.vault is not None
    try:
        repository = repositories.repository_for(scene.root, scene.asked.here)
    except UsageError:
        yield ok("git", "no-repository", version=".".join(map(str, version)))
        return
    state = hooks.state(scene.vault, repository)
    installed = [each for each in state.hooks.values() if each in ("ours", "moved", "old")]
    if state.complete:
        yield ok("git", version=".".join(map(str, version)))
    elif installed or state.vault in state.vaults:
        yield problem("git", "part")
    else:
        yield note("git", "no-hook")


def folders(scene: Scene) -> Iterator[Found]:
    """Whether the vault can be written into, and what is kept between runs has a place outside it."""
    if not os.access(scene.root, os.W_OK | os.X_OK):
        yield problem("folders", "vault", folder=scene.root)
    for what, folder in (("cache", cache_folder(scene.root)), ("state", state_folder(scene.root))):
        if repositories.holds(scene.root, folder):
            yield problem("folders", "inside", folder=folder)
        elif not os.access(_nearest(folder), os.W_OK | os.X_OK):
            yield problem("folders", what, folder=folder)
        else:
            yield ok("folders", f"fine-{what}", folder=folder)


def watch(scene: Scene) -> Iterator[Found]:
    """Whether `watch` would hear of every change."""
    yield from machine.watching(scene.root)


def _upwards(folder: str) -> Iterator[str]:
    """The folder and all above it."""
    yield folder
    above = os.path.dirname(folder)
    if above != folder:
        yield from _upwards(above)


def _nearest(folder: str) -> str:
    """The folder, or the nearest above it that is there."""
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


CHECKS: tuple[tuple[str, Callable[[Scene], Iterator[Found]]], ...] = (
    ("notes", notes),
    ("feed", feeds),
    ("git", git),
    ("folders", folders),
    ("watch", watch),
)
WITHOUT_VAULT = frozenset({"folders", "watch"})
"""What can be looked at where the configuration is wrong."""
