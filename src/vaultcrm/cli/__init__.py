"""The command line: arguments in; text or JSON out; exit status. The only place that reads the clock.

Each command calls ``vaultcrm.app.runs`` and renders what comes back. The few in the table of `arguments` are
read from the command line there; for all others typer is loaded. This package must not compute anything.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from vaultcrm.cli.answering import RUN
from vaultcrm.cli.arguments import line_of
from vaultcrm.cli.ending import TERMINATED, TerminatedError
from vaultcrm.cli.failures import INTERRUPTED, bug, closed_pipe, machine, tell_error
from vaultcrm.cli.speech import ASKED, decided_by
from vaultcrm.errors import VaultcrmError
from vaultcrm.store.answers import HELP


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
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except VaultcrmError as error:
        tell_error(error.message, error.hint)
        return error.exit_status
    except (BrokenPipeError, SystemExit):  # click makes the one that it meets the other, with status 1
        return closed_pipe()
    except KeyboardInterrupt:
        return INTERRUPTED
    except TerminatedError:
        return TERMINATED
    except OSError as error:
        return machine(error)
    except Exception as error:
        return bug(error)


def _run(arguments: Sequence[str]) -> int:
    """Run the command that stands on a command line."""
    line, words = line_of(arguments)
    asked = None if line is None else line.read(words, os.environ)
    if line is not None and asked is not None:
        # `importlib` would take longer to load than most of our modules
        module = __import__(f"vaultcrm.cli.{line.module}", fromlist=["run"])
        status: int = module.run(module.Request(**asked))
        return status
    from vaultcrm.cli.commands import run_command  # it takes longer to load than most commands take

    return run_command(arguments)
