"""``vaultcrm hook run``: what a git hook does. Each commit waits for it, so it must not load typer."""

from __future__ import annotations

import os

from vaultcrm.app.stages import SILENT
from vaultcrm.cli.answering import RUN
from vaultcrm.cli.printing import err, opened
from vaultcrm.cli.speech import say, texts
from vaultcrm.cli.staged import Asked, index_in_git, repository_told, tell_problems
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.git import hooks, repositories
from vaultcrm.model.frozen import dataclass
from vaultcrm.render.labels import Labels
from vaultcrm.store.git import Repository


@dataclass(frozen=True, slots=True)
class Request:
    """What git asks for: ``hook`` is the one that it runs, ``given`` what it tells that hook."""

    hook: str
    given: tuple[str, ...] = ()


def run(asked: Request) -> int:
    """Do what a hook does: index what is staged, for each vault, and put the outputs into the commit."""
    name = asked.hook
    if name not in hooks.HOOKS:
        raise UsageError(f"git has no hook {name} of ours", ", ".join(hooks.HOOKS))
    here = os.getcwd()
    repository = repositories.repository_for(here, here, repository_told())
    if name == hooks.COMMIT:
        return _index_all(repository, strict=hooks.is_strict(repository))
    from vaultcrm.git import amending  # only commits that git makes by itself need it

    done = True
    if name == hooks.MERGED:
        done = amending.complete_merge(repository)
    elif name == hooks.MERGE:
        tree = repository.write_tree()
        status = _index_all(repository, strict=hooks.is_strict(repository))
        if status:
            return status
        amending.remember_merge(repository, tree)
    elif amending.is_open(repository, over=name == hooks.REBASED):
        tree = repository.write_tree()
        _index_all(repository, strict=False)
        amending.complete_applied(repository, tree)
    if not done:
        words = [opened(vault).labels for vault in repositories.hooked_vaults(repository)]
        err().line((words or [texts()])[0].get("hook.signed"))
    return 0


def _index_all(repository: Repository, *, strict: bool) -> int:
    """Index what is staged, for each vault; the exit status, by which a commit may be stopped."""
    words: Labels | None = None
    failed = False
    for vault in repositories.hooked_vaults(repository):
        try:
            done = index_in_git(vault, Asked(add=True), SILENT, repository)
        except VaultcrmError as error:
            err().line(f"vaultcrm: {say(error.message)}")
            if error.hint:
                err().line(f"  {say(error.hint)}")
            failed = True
            continue
        RUN.result = done  # as in `indexing`: to give it back takes time
        words = done.vault.labels
        failed |= tell_problems(done, strict=strict)
    if not failed:
        return 0
    err().line((words or texts()).get("hook.stopped" if strict else "hook.went-on"))
    return hooks.STOP if strict else 0
