"""The command line: arguments in; text or JSON out; exit status. The only place that reads the clock.

Commands are grouped in modules, each of which calls ``vaultcrm.app`` and renders what comes back. Only the
module of the command that is asked for is loaded: all of them together take longer than most commands. This
package must not compute anything.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import typer

from vaultcrm import __version__
from vaultcrm.cli.answering import RUN
from vaultcrm.cli.ending import TERMINATED, TerminatedError
from vaultcrm.cli.help import with_help
from vaultcrm.cli.options import Printed
from vaultcrm.cli.speech import ASKED, decided_by, say
from vaultcrm.errors import VaultcrmError
from vaultcrm.store.answers import HELP

BUG, INTERRUPTED, USAGE, UNREADABLE = 70, 130, 2, 3

UsageProblem: type[Exception] = typer.BadParameter.__mro__[2]
"""The base of all that a command line can get wrong: the `ClickException` that typer carries in itself."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vault", ("init", "index", "check")),
    ("look", ("agenda", "show", "explain", "metrics", "export")),
    ("capture", ("log", "new")),
    ("draft", ("draft",)),
    ("periods", ("plan",)),
    ("edit", ("done", "snooze", "writeback")),
    ("policy", ("policy",)),
    ("git", ("hook", "merge-output", "history")),
    ("watching", ("watch",)),
    ("serving", ("serve", "publish")),
)
"""The modules of this package that hold commands, as help lists them, with their commands."""


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


def run(arguments: Sequence[str]) -> int:
    """Run a command line.

    Returns:
        The exit status: 0 fine, 1 findings, 2 wrong usage or configuration, 3 the vault could not be read
        or written, 70 a bug of ours, 130 interrupted, 143 terminated.
    """
    ASKED.arguments, RUN.vault = tuple(arguments), None
    if not HELP.isdisjoint(arguments):
        RUN.beside = decided_by()
    try:
        app = command_line(arguments[0] if arguments else None)
        result = app(args=list(arguments), prog_name="vaultcrm", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except typer.Abort:
        return INTERRUPTED
    except UsageProblem as error:
        return _usage(error)
    except VaultcrmError as error:
        _tell(error.message, error.hint)
        return error.exit_status
    except (BrokenPipeError, SystemExit):  # click makes the one that it meets the other, with status 1
        return _closed_pipe()
    except KeyboardInterrupt:
        return INTERRUPTED
    except TerminatedError:
        return TERMINATED
    except OSError as error:
        return _machine(error)
    except Exception as error:
        return _bug(error)


def _usage(error: Exception) -> int:
    context: Any = getattr(error, "ctx", None)
    message = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help itself
        typer.echo(message, err=True)
    else:
        command = context.command_path if context is not None else "vaultcrm"
        _tell(" ".join(message.rstrip(".").split()), f"{command} --help")
    return USAGE


def _tell(message: str, hint: str) -> None:
    printed = Printed.to(sys.stderr)
    with suppress(OSError):  # where nothing can be said, the exit status still can
        for line in message.splitlines() or [""]:
            printed.line(say(f"error: {line}"))
        for line in hint.splitlines():
            printed.line(f"  {say(line)}")


def _machine(error: OSError) -> int:
    """The machine refused something that nobody asks for by itself, such as room for what is printed."""
    why = (error.strerror or type(error).__name__).lower()
    if error.filename:
        _tell(f"{error.filename} cannot be used: {why}", "")
    elif isinstance(error, FileNotFoundError):
        _tell("the folder that you are in is gone", "go to one that exists")
    else:
        _tell(f"what there is to say cannot be written: {why}", "")
    _trace(error)
    return UNREADABLE


def _closed_pipe() -> int:
    """The reader went away, as ``head`` does.

    That is no error, and Python's own flush at exit must not make it one.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _bug(error: Exception) -> int:
    report = "Nothing of yours was changed. Run it again with VAULTCRM_DEBUG=1 and report what it prints."
    hint = "" if os.environ.get("VAULTCRM_DEBUG") else report
    _tell(f"this is a bug in vaultcrm: {type(error).__name__}: {error}", hint)
    _trace(error)
    return BUG


def _trace(error: Exception) -> None:
    """Where it happened, for who reports it."""
    if os.environ.get("VAULTCRM_DEBUG"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)


__all__ = ["GROUPS", "command_line", "run"]
