"""Commands that index a vault and check it."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from vaultcrm.app import runs
from vaultcrm.cli import indexing
from vaultcrm.cli.indexing import errors_in
from vaultcrm.cli.options import JsonOption, QuietOption, TodayOption, VaultOption
from vaultcrm.cli.printing import computed, out
from vaultcrm.errors import UsageError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.render.terminal import github_text, problems_json, problems_text


class Format(StrEnum):
    """How diagnostics are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


TimingsOption = Annotated[
    bool, typer.Option("--timings", help="Tell what each stage took, on standard error.")
]
StagedOption = Annotated[bool, typer.Option("--staged", help="Read the notes as they stand in git's index.")]
GitAddOption = Annotated[
    bool, typer.Option("--git-add", help="Put the outputs into git's index, and nothing else.")
]


def index(  # noqa: PLR0913, PLR0917 - an argument for each option
    vault: VaultOption = None,
    today: TodayOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where an output is stale.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Read every note anew, without the cache.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where a note has an error.")] = False,
    accept_loss: Annotated[
        bool,
        typer.Option("--accept-loss", help="Write even where many clients are gone or notes cannot be read."),
    ] = False,
    quiet: QuietOption = False,
    timings: TimingsOption = False,
    staged: StagedOption = False,
    git_add: GitAddOption = False,
) -> int:
    """Read what changed, compute, and write the dashboard and the feed."""
    return indexing.run(
        indexing.Request(
            vault=vault,
            today=today,
            check=check,
            full=full,
            strict=strict,
            accept_loss=accept_loss,
            quiet=quiet,
            timings=timings,
            staged=staged,
            git_add=git_add,
        )
    )


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Only these notes or folders, named from here or from the vault's root."
        ),
    ] = None,
    vault: VaultOption = None,
    today: TodayOption = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    json_: JsonOption = False,
) -> int:
    """Tell what is wrong in the notes, and what to do; exit 1 where there are errors."""
    found, overview = computed(vault, today, tell_unreadable=False, few=True)
    diagnostics = _within(found, overview.diagnostics, paths or [])
    if json_ or format_ is Format.JSON:
        out().json(problems_json(diagnostics, found.labels))
    elif format_ is Format.GITHUB:
        out().text(github_text(diagnostics, found.labels))
    else:
        out().text(problems_text(diagnostics, found.labels))
    return 1 if errors_in(diagnostics) else 0


def _within(
    vault: runs.Vault, diagnostics: tuple[Diagnostic, ...], paths: list[str]
) -> tuple[Diagnostic, ...]:
    if not paths:
        return diagnostics
    kept = [_in_vault(vault.root, text) for text in paths]
    return tuple(
        d
        for d in diagnostics
        if any(p in ("", d.place.path) or d.place.path.startswith(p + "/") for p in kept)
    )


def _in_vault(root: str, text: str) -> str:
    """The vault's path of a note or folder, named from here, else from the vault's root as problems are."""
    inside = os.path.join(root, text)
    named = inside if not os.path.lexists(text) and os.path.lexists(inside) else text
    path = runs.path_in_vault(root, named)
    if path is None:
        raise UsageError(f"{text} is not in the vault", f"the vault is {root}")
    if not os.path.lexists(named):
        raise UsageError(f"there is no {text}", "name a note or a folder of the vault")
    return path


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Vault")(index)
    to.command(rich_help_panel="Vault")(check)
