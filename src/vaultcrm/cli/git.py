"""Commands for vaults in git: hook, merge-output, history."""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from vaultcrm.app import runs
from vaultcrm.cli import hooking
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, err, now_ns, opened, out
from vaultcrm.errors import UsageError
from vaultcrm.git import hooks, merging, repositories
from vaultcrm.git.attributes import attributes_file
from vaultcrm.model.diagnostics import Severity
from vaultcrm.model.note import VaultPath
from vaultcrm.rules.days import add_months
from vaultcrm.rules.history import past_days
from vaultcrm.store.git import Repository
from vaultcrm.writing.when import LIKE_PAST, day_meant

YEAR = 12
NOT_WRITTEN = 3

commands = typer.Typer(
    help="The git hooks that index before a commit, and a merge driver for generated files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Every(StrEnum):
    """Periods at whose ends history looks."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


def _found(vault: str | None) -> tuple[runs.Vault, Repository]:
    """The vault that is meant, in a repository around it or below the current folder, and that repository."""
    here = os.getcwd()
    found = opened(vault or repositories.vault_from(here))
    return found, repositories.repository_for(found.root, here)


@commands.command("install")
def install(
    vault: VaultOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop a commit where notes have errors, or indexing fails.")
    ] = False,
) -> int:
    """Index this vault before each commit: vaultcrm hook install.

    A hook that is there is kept, and runs first. What is committed is what is staged: the dashboard and the
    feed go into the commit exactly as its notes give them.
    """
    found, repository = _found(vault)
    _tell(found, hooks.install(found, repository, strict=strict), "nothing")
    whose = hooks.hooks_are(repository)
    if whose != "own":
        err().line(found.labels.get(f"hook.{whose}", path=repository.hooks))
    return 0


@commands.command("uninstall")
def uninstall(vault: VaultOption = None) -> int:
    """Take out all that hook install put in: vaultcrm hook uninstall."""
    found, repository = _found(vault)
    _tell(found, hooks.uninstall(found, repository), "not-there")
    return 0


@commands.command("status")
def status(vault: VaultOption = None, json_: JsonOption = False) -> int:
    """Tell what is set up; exit 1 where something is missing: vaultcrm hook status."""
    found, repository = _found(vault)
    state = hooks.state(found, repository)
    if json_:
        out().json(_state_dict(state))
    else:
        out().text("".join(line + "\n" for line in _state_lines(found, state)))
    return 0 if state.complete else 1


@commands.command("run", hidden=True)
def run(
    name: Annotated[str, typer.Argument(metavar="HOOK", help="The hook that git runs.")],
    given: Annotated[list[str] | None, typer.Argument(metavar="[ARGUMENT]...", help="What git adds.")] = None,
) -> int:
    """Do what a hook does: index what is staged, for each vault, and put the outputs into the commit."""
    return hooking.run(hooking.Request(name, tuple(given or ())))


@commands.command("check")
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Notes; others are passed over.")],
    today: TodayOption = None,
) -> int:
    """Check the notes that are named, as the pre-commit program does: vaultcrm hook check Clients/Acme.md.

    Each belongs to the vault that holds it; what lies in no vault is passed over. Exit 1 where there are
    errors.
    """
    from vaultcrm.render.terminal import problems_text

    errors = 0
    for root, inside in repositories.by_vault(paths).items():
        found = opened(root)
        overview = runs.overview_of(found, asked_day(today, found.policy), now_ns(), few=True)
        told = tuple(each for each in overview.diagnostics if each.place.path in inside)
        if told:
            out().text(problems_text(told, found.labels))
        errors += sum(each.severity is Severity.ERROR for each in told)
    return 1 if errors else 0


@commands.command("index")
def index(today: TodayOption = None) -> int:
    """Index what is staged, as the pre-commit program does: vaultcrm hook index.

    Writes the outputs, but leaves it to you to add them: exit 1 where git's index has others.
    """
    from vaultcrm.app.stages import SILENT
    from vaultcrm.cli.staged import Asked, index_in_git, tell_problems

    here = os.getcwd()
    repository = repositories.repository_for(here, here)
    status = 0
    for vault in repositories.vaults_in(repository):
        done = index_in_git(vault, Asked(today), SILENT)
        if tell_problems(done, strict=False):
            status = NOT_WRITTEN
        elif done.to_add:
            out().line(done.vault.labels.get("hook.stale"))
            out().line("  git add " + " ".join(repositories.typed(here, vault, path) for path in done.to_add))
            status = max(status, 1)
    return status


def merge_output(
    base: Annotated[str, typer.Argument(help="The common ancestor's file.")],
    ours: Annotated[str, typer.Argument(help="Our file; the result is written into it.")],
    theirs: Annotated[str, typer.Argument(help="Their file.")],
    path: Annotated[str, typer.Argument(help="What the file is called in the repository.")] = "",
) -> int:
    """Merge two versions of a generated file, for git: people's text of both sides, the rest as ours is."""
    return 0 if merging.merge_files(base, ours, theirs, path) else 1


def history(
    client: Annotated[
        str | None, typer.Argument(metavar="[CLIENT]", help="A name, an alias or the beginning of one.")
    ] = None,
    vault: VaultOption = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="From when on; a year ago if not given.")
    ] = None,
    every: Annotated[Every, typer.Option("--every", help="At the end of which periods.")] = Every.MONTH,
    commits: Annotated[
        bool, typer.Option("--commits", help="From the notes as they stood in git, not as they stand now.")
    ] = False,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Show how tiers, health and warnings moved: vaultcrm history Acme --since 2026-01-01.

    Past days are computed from the notes as they stand now; with --commits from the notes as they were in
    the last commit of each day.
    """
    from vaultcrm.git import history as past
    from vaultcrm.render.history import client_history_text, history_dict, history_text

    found = opened(vault)
    day = asked_day(today, found.policy)
    days = past_days(_first(since, day, found.policy.timezone), day, every.value)
    if commits:
        repository = repositories.repository_for(found.root, os.getcwd())
        moments = past.committed_history(found, repository, days, now_ns(), client)
    else:
        moments = past.history(found, days, now_ns(), client)
    printed = out()
    if json_:
        printed.json(history_dict(moments, every.value))
    elif client is not None:
        printed.text(client_history_text(moments, found.labels, printed.width, printed.color))
    else:
        printed.text(history_text(moments, found.policy, found.labels, printed.width, printed.color))
    return 0


def _first(since: str | None, day: date, timezone: str | None) -> date:
    if since is None:
        return add_months(day, -YEAR)
    meant = day_meant(since, day, back=True, timezone=timezone)
    first = meant or day_meant(f"{since} ago", day, back=True, timezone=timezone)
    if first is None or first > day:
        raise UsageError(f"{since!r} is no day before {day}", f"write one like {LIKE_PAST}")
    return first


def _tell(vault: runs.Vault, changes: tuple[hooks.Change, ...], otherwise: str) -> None:
    for change in changes:
        out().line(vault.labels.get(f"hook.{change.what}", path=change.path))
    if not changes:
        out().line(vault.labels.get(f"hook.{otherwise}"))


def _state_dict(state: hooks.State) -> dict[str, Any]:
    return {
        "repository": state.repository.top,
        "hooks_path": state.repository.hooks,
        "vault": state.vault,
        "vaults": list(state.vaults),
        "hooks": state.hooks,
        "strict": state.strict,
        "driver": state.driver,
        "attributes": state.attributes,
        "complete": state.complete,
    }


def _state_lines(vault: runs.Vault, state: hooks.State) -> list[str]:
    def words(key: str, **values: VaultPath) -> str:
        return vault.labels.get(f"hook.status.{key}", **values)

    lines = [vault.labels.pair(words("repository"), state.repository.top)]
    lines += [vault.labels.pair(words("vault"), state.vault)]
    lines += [words(how, name=name) for name, how in state.hooks.items()]
    lines += [words("listed" if state.vault in state.vaults else "unlisted")]
    lines += [words("strict" if state.strict else "lenient")]
    lines += [words("driver" if state.driver else "no-driver")]
    path = attributes_file(vault, state.repository)
    lines += [words("attributes" if state.attributes else "no-attributes", path=path)]
    return lines if state.complete else [*lines, words("install")]


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.add_typer(commands, name="hook", rich_help_panel="Vault")
    to.command("merge-output", hidden=True)(merge_output)
    to.command(rich_help_panel="Understand")(history)
