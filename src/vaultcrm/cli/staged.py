"""Index runs that read from git's index or write into it, and what they tell."""

from __future__ import annotations

import os

from vaultcrm.app import runs
from vaultcrm.app.stages import Stages
from vaultcrm.cli.answering import RUN
from vaultcrm.cli.printing import asked_day, err, now_ns
from vaultcrm.errors import UsageError
from vaultcrm.git import staging
from vaultcrm.git.ahead import answered
from vaultcrm.git.repositories import repository_for
from vaultcrm.model.diagnostics import Severity
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.store.git import Repository
from vaultcrm.store.helper import HelperLost
from vaultcrm.store.root import find_vault

MEANWHILE = ("vaultcrm.render.feed", "ctypes")
"""What is loaded while another process asks git: a run that writes outputs needs it later on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks of an index run.

    ``add``: outputs are put into git's index. ``from_index``: the notes are read from there.
    """

    today: str | None = None
    check: bool = False
    full: bool = False
    accept_loss: bool = False
    add: bool = False
    from_index: bool = True


class Done(NamedTuple):
    """What came of an index run: what was added to git's index, and what should be."""

    vault: runs.Vault
    indexed: runs.Indexed
    added: tuple[VaultPath, ...] = ()
    to_add: tuple[VaultPath, ...] = ()


def repository_told() -> Repository | None:
    """The repository that another process has found, if one has; from then on it is there for other work."""
    helper, RUN.ahead = RUN.ahead, None
    if helper is None:
        return None
    for module in MEANWHILE:
        __import__(module)
    try:
        found = answered(helper)
    except HelperLost:
        return None
    RUN.helper = helper
    return found


def index_in_git(vault: str | None, asked: Asked, stages: Stages, known: Repository | None = None) -> Done:
    """Index a vault that is in a git repository.

    Args:
        vault: The vault's folder, None where it is looked for from here upwards.
        asked: What is asked.
        stages: Is told how far it has come.
        known: A repository that was found for it, or from here.
    """
    if asked.check and asked.add:
        raise UsageError("--check writes nothing, and --git-add does", "leave one of them out")
    here = os.getcwd()
    root = find_vault(here, vault)
    repository = repository_for(root, here, known)
    full, loss = asked.full, asked.accept_loss
    if not asked.from_index:
        found = runs.open_vault(root, root)
        day = asked_day(asked.today, found.policy)
        result = runs.index(
            found, day, now_ns(), full=full, accept_loss=loss, stages=stages, helper=RUN.helper
        )
        added = staging.add_outputs(found, repository) if result.withheld is None else ()
        return Done(found, result, added)
    with staging.open_staged(root, repository) as staged:
        found = staged.vault
        if staged.own_config:
            from vaultcrm.cli.speech import say  # a commit seldom has anything to hear

            err().line(say("warning: " + found.labels.get("cli.index.own-config")))
        day = asked_day(asked.today, found.policy)
        done = staging.index_staged(
            staged,
            day,
            now_ns(),
            check=asked.check,
            add=asked.add,
            full=full,
            accept_loss=loss,
            stages=stages,
            helper=RUN.helper,
        )
    return Done(found, done.indexed, done.added, done.to_add)


def tell_problems(done: Done, *, strict: bool) -> bool:
    """Tell in a few lines what went wrong; whether that is to be taken for a failure.

    Args:
        done: What came of the run.
        strict: Whether errors in notes are.
    """
    labels, indexed = done.vault.labels, done.indexed
    diagnostics = indexed.overview.diagnostics
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    if errors:
        err().line(labels.get("cli.index.problems", errors=errors, warnings=len(diagnostics) - errors))
    if indexed.told:
        from vaultcrm.render.terminal import problem_text  # most commits have nothing to tell
    for each in indexed.told:
        err().text(problem_text(each, labels))
    if indexed.withheld is not None:
        err().line(f"vaultcrm: {indexed.withheld}")
        err().line("  " + labels.get("cli.withheld.remedy"))
        return True
    return (strict and errors > 0) or any(each.code == "output-foreign" for each in indexed.told)
