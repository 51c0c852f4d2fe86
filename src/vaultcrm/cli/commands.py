"""All commands as typer knows them: what is on a command line, help, and what is wrong with it.

Only the module of the command that is asked for is loaded: all of them together take longer than most
commands. This module must not know what a command does.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from vaultcrm import __version__
from vaultcrm.cli.failures import INTERRUPTED, USAGE, tell_error
from vaultcrm.cli.help import with_help

UsageProblem: type[Exception] = typer.BadParameter.__mro__[2]
"""The base of all that a command line can get wrong: the `ClickException` that typer carries in itself."""


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("starting", ("init",)),
    ("vault", ("index", "check")),
    ("look", ("agenda", "show", "explain", "metrics", "export")),
    ("capture", ("log", "new")),
    ("contacts", ("import",)),
    ("draft", ("draft",)),
    ("periods", ("plan", "review")),
    ("edit", ("done", "snooze", "writeback")),
    ("policy", ("policy",)),
    ("git", ("hook", "merge-output", "history")),
    ("watching", ("watch",)),
    ("serving", ("serve", "publish")),
    ("doctor", ("doctor",)),
)
"""The modules of this package that hold commands, as help lists them, with their commands."""


def run_command(arguments: Sequence[str]) -> int:
    """Run the command that stands on a command line; its exit status, 2 where typer finds something wrong."""
    app = command_line(arguments[0] if arguments else None)
    try:
        result = app(args=list(arguments), prog_name="vaultcrm", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except UsageProblem as error:
        return _usage(error, arguments)
    return result if isinstance(result, int) else 0


def _usage(error: Exception, arguments: Sequence[str]) -> int:
    context: Any = getattr(error, "ctx", None)
    message = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help itself
        typer.echo(message, err=True)
    else:
        command = context.command_path if context is not None else "vaultcrm"
        option = getattr(error, "option_name", None) if command == "vaultcrm" else None
        tell_error(" ".join(message.rstrip(".").split()), _moved(option, arguments) or f"{command} --help")
    return USAGE


def _moved(option: str | None, arguments: Sequence[str]) -> str:
    """Where an option belongs that stands before the command; empty where there is none."""
    known = {each for _, group in GROUPS for each in group}
    meant = next((word for word in arguments if word in known), None)
    if option is None or meant is None:
        return ""
    return f"options stand behind the command: vaultcrm {meant} {option} …"


def command_line(command: str | None = None) -> typer.Typer:
    """All commands; where a command is named, only those of its module."""
    app = typer.Typer(
        name="vaultcrm",
        help="Keeps clients from falling silent, out of the notes that you write anyway.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_all_commands)
    modules = [module for module, commands in GROUPS if command in commands]
    for module in modules or [module for module, _ in GROUPS]:
        import_module(f"vaultcrm.cli.{module}").add_commands(app)
    return with_help(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vaultcrm {__version__}")
        raise typer.Exit


def _all_commands(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Nothing is common to all commands but the version."""
