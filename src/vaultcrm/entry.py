"""The console script: hands the command line to ``cli`` and ends the process with its exit status.

Nothing but `sys` is imported before it is known which command is meant, so that ``--version`` costs what
Python costs.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process; never returns."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from vaultcrm import __version__

        sys.stdout.write(f"vaultcrm {__version__}\n")
        sys.exit(0)
    from vaultcrm.cli import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
