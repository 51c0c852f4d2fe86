"""vaultcrm in a git repository: its hooks, its merge driver, and how all of it goes again.

What is set up: hooks that index before a commit and when a merge makes one, which vaults these are for, a
merge driver for generated files, and what names these (`attributes`). Nothing that was there is lost: another
hook is kept beside ours and runs first. This module must not know what an index run does.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

from vaultcrm.app.opening import Vault
from vaultcrm.errors import UsageError
from vaultcrm.git.attributes import attributes_file, has_block, put_block, take_block
from vaultcrm.git.repositories import STRICT, VAULTS, folder_in, holds
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.store.git import Repository
from vaultcrm.store.target import told

COMMIT, MERGE, MERGED, PICKED, REBASED = HOOKS = (
    "pre-commit",
    "pre-merge-commit",
    "post-merge",
    "post-commit",
    "post-rewrite",
)
"""The hooks that we have: git runs the first before a commit, two around one that a merge makes, and the
others after those that it applied again."""

KEPT = ".before-vaultcrm"
"""What is added to the name of a hook that was there before ours."""

EDITED = ".edited"
"""What is added to the name of a hook of ours into which somebody wrote, when it is made anew or goes."""

MARK = "# vaultcrm:hook"
WRITTEN = "# as written: "
"""In the last line of a hook of ours, before the digest of all others."""

MADE_FOLDER = "# made together with its folder"
FOR = "# for "
"""Before each repository that a folder of hooks for several repositories was set up for."""

DRIVER = "merge.vaultcrm"

STOP = 10
"""The exit status by which a run asks our hook to stop the commit; other failures stop only strict ones."""


class Change(NamedTuple):
    """Something that was set up or taken out: ``what`` is the key of a label, ``path`` what it is about."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class State:
    """How a repository is set up for a vault.

    ``hooks`` has for each hook ``ours``, ``moved`` (another program put its own in front), ``old`` (made by
    another version or Python), ``other`` or ``none``. ``vaults`` are all for which the hooks are, ``vault``
    is this one, each as a folder from the work tree's top.
    """

    repository: Repository
    vaults: tuple[str, ...]
    vault: str
    hooks: dict[str, str]
    strict: bool
    driver: bool
    attributes: bool

    @property
    def complete(self) -> bool:
        """Whether nothing is left to set up."""
        whole = all(each in ("ours", "moved") for each in self.hooks.values())
        return whole and self.vault in self.vaults and self.driver and self.attributes


def install(vault: Vault, repository: Repository, *, strict: bool = False) -> tuple[Change, ...]:
    """Set everything up that is not yet; what was changed.

    Args:
        vault: The vault.
        repository: Where its notes, or some of them, are committed.
        strict: Whether errors in notes stop a commit.

    Raises:
        UsageError: The hook that is there cannot be kept: something has that name already.
        NotWritable: A file cannot be written.
    """
    made = _made_folder(repository.hooks)
    changes = [change for name in HOOKS for change in _put_hook(repository, name, made)]
    own, vaults = folder_in(repository, vault.root), repository.config(VAULTS)
    if own not in vaults:
        repository.set_config(VAULTS, *vaults, own)
        changes.append(Change("vault", own))
    repository.set_config(STRICT, *(["true"] if strict else []))
    if repository.config(f"{DRIVER}.driver") != [_driver()]:
        repository.set_config(f"{DRIVER}.name", "vaultcrm: what people wrote is merged, the rest made anew")
        repository.set_config(f"{DRIVER}.driver", _driver())
        changes.append(Change("driver", DRIVER))
    if put_block(vault, repository):
        changes.append(Change("attributes", attributes_file(vault, repository)))
    return tuple(changes)


def uninstall(vault: Vault, repository: Repository) -> tuple[Change, ...]:
    """Take out what `install` set up for a vault; hooks and driver go with the repository's last vault.

    Raises:
        NotWritable: A file cannot be written.
    """
    own, vaults = folder_in(repository, vault.root), repository.config(VAULTS)
    changes = [Change("no-vault", own)] if own in vaults else []
    if take_block(vault, repository):
        changes.append(Change("no-attributes", attributes_file(vault, repository)))
    rest = [each for each in vaults if each != own]
    if rest:
        repository.set_config(VAULTS, *rest)
        return tuple(changes)
    repository.remove_section("vaultcrm")
    if repository.config(f"{DRIVER}.driver"):
        repository.remove_section(DRIVER)
        changes.append(Change("no-driver", DRIVER))
    return (*changes, *_take_hooks(repository))


def state(vault: Vault, repository: Repository) -> State:
    """How a repository is set up."""
    return State(
        repository=repository,
        vaults=tuple(repository.config(VAULTS)),
        vault=folder_in(repository, vault.root),
        hooks={name: _hook_state(repository, name) for name in HOOKS},
        strict=is_strict(repository),
        driver=repository.config(f"{DRIVER}.driver") == [_driver()],
        attributes=has_block(vault, repository),
    )


def is_strict(repository: Repository) -> bool:
    """Whether errors in notes stop a commit."""
    return repository.config(STRICT) == ["true"]


def hooks_are(repository: Repository) -> str:
    """Whose hooks these are: ``own``, ``tracked`` among the repository's files, ``shared`` with others."""
    if holds(repository.common_dir, repository.hooks):
        return "own"
    return "tracked" if holds(repository.top, repository.hooks) else "shared"


def _driver() -> str:
    """The driver's command; where this Python is gone, git merges as it does any text."""
    python = shlex.quote(_python())
    ours = f"{python} -P -m vaultcrm merge-output %O %A %B %P"
    plain = "git merge-file --marker-size=%L %A %O %B"
    return f"if [ -x {python} ]; then {ours}; else {plain}; fi"


def _python() -> str:
    return sys.executable.replace("\\", "/")


def _made_folder(folder: str) -> bool:
    with told(folder):
        there = os.path.isdir(folder)
        os.makedirs(folder, exist_ok=True)
    return not there


def _put_hook(repository: Repository, name: str, made_folder: bool) -> Iterator[Change]:
    path = os.path.join(repository.hooks, name)
    ours = _where_ours(repository, name)
    if ours is None and os.path.lexists(path):
        yield Change("kept", _kept_as(path, path + KEPT))
    notes = _notes(_text(ours)) if ours else [MADE_FOLDER] * made_folder
    own = _note_for(repository)
    if hooks_are(repository) == "shared" and own not in notes:
        notes.append(own)
    if ours is not None:
        yield from _keep_edited(ours)
    if _write_hook(ours or path, name, notes):
        yield Change("hook", ours or path)


def _take_hooks(repository: Repository) -> Iterator[Change]:
    made = False
    for name in HOOKS:
        ours = _where_ours(repository, name)
        if ours is None:
            continue
        notes = _notes(_text(ours))
        rest = [note for note in notes if note != _note_for(repository)]
        yield from _keep_edited(ours)
        if any(note.startswith(FOR) for note in rest):
            _write_hook(ours, name, rest)
            continue
        made = made or MADE_FOLDER in notes
        kept = os.path.join(repository.hooks, name + KEPT)
        restores = os.path.lexists(kept)
        with told(ours):
            if restores:
                os.replace(kept, ours)
            elif os.path.lexists(ours):
                os.unlink(ours)
        yield Change("restored" if restores else "no-hook", ours)
    if made:
        with suppress(OSError):  # somebody has put something into it since
            os.rmdir(repository.hooks)


def _keep_edited(path: str) -> Iterator[Change]:
    """Move a hook of ours aside where somebody wrote into it. It does not run there: most of it is ours."""
    script, _, said = _text(path).rpartition(WRITTEN)
    if said != f"{_digest(script)}\n":
        yield Change("edited", _kept_as(path, path + EDITED))


def _kept_as(path: str, other: str) -> str:
    """The other name of a file, under which it stands from now on."""
    if os.path.lexists(other) and _text(other) != _text(path):
        raise UsageError(f"{path} is to be kept as {other}, and that is there", "move one of them away")
    with told(path):
        os.replace(path, other)
    return other


def _where_ours(repository: Repository, name: str) -> str | None:
    """Where our hook stands: in its place, or where ``pre-commit install`` moved it to."""
    path = os.path.join(repository.hooks, name)
    return next((each for each in (path, f"{path}.legacy") if MARK in _text(each)), None)


def _hook_state(repository: Repository, name: str) -> str:
    path = os.path.join(repository.hooks, name)
    ours = _where_ours(repository, name)
    if ours is None:
        return "other" if os.path.lexists(path) else "none"
    text = _text(ours)
    if text != _script(name, _notes(text)) or not os.access(ours, os.X_OK):
        return "old"
    return "ours" if ours == path else "moved"


def _note_for(repository: Repository) -> str:
    folder = repository.common_dir.replace("\n", "\\n")  # a comment is one line
    return FOR + folder


def _notes(script: str) -> list[str]:
    """The lines of a hook of ours that say what it is for."""
    return [line for line in script.split("\n") if line == MADE_FOLDER or line.startswith(FOR)]


def _write_hook(path: str, name: str, notes: Sequence[str]) -> bool:
    script = _script(name, notes)
    if _text(path) == script and os.access(path, os.X_OK):
        return False
    folder, file = os.path.split(path)
    replace_file(folder, file, script.encode("utf-8", "surrogateescape"))
    with told(path):
        os.chmod(path, 0o755)
    return True


def _script(name: str, notes: Sequence[str]) -> str:
    script = _SCRIPT.format(
        notes="".join(f"{note}\n" for note in notes),
        name=name,
        kept=name + KEPT,
        unless=_UNLESS.get(name, ""),
        python=shlex.quote(_python()),
        stop=STOP,
        strictly=_STRICTLY if name in (COMMIT, MERGE) else "",
    )
    return f"{script}{WRITTEN}{_digest(script)}\n"


def _digest(script: str) -> str:
    return sha256(script.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _text(path: str) -> str:
    data = read_bytes(path) if os.path.isfile(path) else None
    return "" if data is None else data.decode("utf-8", "surrogateescape")


_SCRIPT = (
    "#!/bin/sh\n"
    + MARK
    + """, made by `vaultcrm hook install`; `vaultcrm hook uninstall` takes it out again.
{notes}# What was here before is kept beside it, and runs first. A shell's script runs under this name, which
# some ask for (husky).
before="${{0%/*}}/{kept}"
if [ -x "$before" ]; then
    shell=
    [ -L "$before" ] || read -r shell < "$before"
    shell=${{shell#"#!"}}
    case "${{shell# }} " in
        "/bin/sh "* | "/bin/bash "* | "/usr/bin/env sh "* | "/usr/bin/env bash "*)
            $shell -c 'vaultcrm_before=$1; shift; . "$vaultcrm_before"' "$0" "$before" "$@" || exit $?
            ;;
        *) "$before" "$@" || exit $? ;;
    esac
fi
{unless}python={python}
if [ ! -x "$python" ]; then
    echo "vaultcrm: $python is gone. The commit goes on, and outputs stay as they are." >&2
    echo "  vaultcrm hook install sets it up again, vaultcrm hook uninstall takes it out." >&2
    exit 0
fi
"$python" -P -c 'from vaultcrm.entry import main; main()' hook run {name} "$@"
status=$?
case $status in
    0 | 130) exit $status ;;
    {stop}) exit 1 ;;
esac
{strictly}echo "vaultcrm: that failed ($status). The commit goes on, and outputs stay as they are." >&2
exit 0
"""
)

_STRICTLY = f"""\
# 1: this Python has no vaultcrm any more.
if [ $status -ne 1 ] && [ "$(git config --local {STRICT})" = true ]; then
    echo "vaultcrm: that failed ($status). Nothing is committed; git commit --no-verify goes without it." >&2
    exit 1
fi
"""
"""How a hook that can stop a commit ends where the run that was to ask for it fell over."""

_UNLESS = {
    PICKED: """\
# Of a plain commit the outputs were made before it. What made this one stands in git's log of what HEAD was.
case $(git -c log.showSignature=false log -g -1 --format=%gs) in
    cherry-pick:* | revert:*) ;;
    *) exit 0 ;;
esac
""",
    REBASED: """\
[ "$1" = rebase ] || exit 0
""",
}
"""When a hook has nothing to do: told by the shell, since git runs some of them after every commit."""
