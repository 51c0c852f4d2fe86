"""Commands about the policy: what is in force, and what another would change."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from vaultcrm.app import policy_note, runs
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, now_ns, opened, out
from vaultcrm.errors import UsageError
from vaultcrm.model.diagnostics import Severity
from vaultcrm.model.policy import Policy
from vaultcrm.render.policy import policy_dict, simulation_dict, simulation_text
from vaultcrm.render.policy_note import policy_note as policy_tables
from vaultcrm.render.policy_toml import policy_toml
from vaultcrm.render.terminal import problems_text

commands = typer.Typer(
    help="The policy in force, and what another would change.", no_args_is_help=True, rich_markup_mode=None
)


@commands.command("show")
def show(
    vault: VaultOption = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the tables of a policy note, filled in.")
    ] = False,
    json_: JsonOption = False,
) -> int:
    """Show every number that is in force, as a vaultcrm.toml that says all of it."""
    if markdown and json_:
        raise UsageError("--markdown and --json are two formats", "leave out one of the two")
    found = opened(vault)
    origins = policy_note.origins_of(found.policy, runs.config_of(found))
    if json_:
        places = {key: {"path": each.path, "line": each.line} for key, each in origins.items()}
        out().json({**policy_dict(found.policy), "origins": places})
    elif markdown:
        out().text(policy_tables(found.policy, found.labels))
    else:
        out().text(
            policy_toml(found.policy, {key: f"{each.path}:{each.line}" for key, each in origins.items()})
        )
    return 0


@commands.command("check")
def check(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A configuration; the vault's own if not given.")
    ] = None,
    vault: VaultOption = None,
) -> int:
    """Tell all that is wrong in a configuration; exit 2 where something is."""
    if file is None:
        found = opened(vault)
        if found.told:  # by the note of the policy
            out().text(problems_text(found.told, found.labels))
            return 2 if any(each.severity is Severity.ERROR for each in found.told) else 0
        out().line(found.labels.get("cli.policy.fine"))
        return 0
    out().line(runs.words(_read(file).language).get("cli.policy.fine"))
    return 0


def _read(file: str, root: str | None = None) -> Policy:
    """The policy of a configuration that a user named, in a vault together with its note of the policy.

    Raises:
        UsageError: It cannot be read, or something is wrong in it; the message has every problem.
    """
    config = runs.read_text(file)
    policy, problems = runs.read_policy(config)
    if problems:
        name = os.path.basename(file)
        raise UsageError("\n".join(problem.told(name) for problem in problems), f"mend {name}")
    return policy if root is None else runs.with_policy_note(root, policy, config)[0]


@commands.command("simulate")
def simulate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Another configuration, like vaultcrm.toml.")],
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Show what another policy would change, before it is put in force."""
    found = opened(vault)
    before, after = runs.simulated(found, _read(file, found.root), asked_day(today, found.policy), now_ns())
    if json_:
        out().json(simulation_dict(before, after))
    else:
        out().text(simulation_text(before, after, found.labels))
    return 0


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.add_typer(commands, name="policy", rich_help_panel="Understand")
