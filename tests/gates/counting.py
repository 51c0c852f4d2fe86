"""Runs a command in a process of its own, and counts what it did: modules, files opened, folders looked at.

Counts do not depend on how busy a machine is, as times do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_COUNTING = """
import sys
opened, folders = [], []
def note(event, details):
    if event == "open" and isinstance(details[0], str):
        opened.append(details[0])
    elif event == "os.scandir":
        folders.append(details[0])
before = set(sys.modules)
sys.addaudithook(note)
import os
leave = os._exit
def tell(status):
    found = sorted(set(sys.modules) - before), opened, folders, status
    import json
    with open(sys.argv[0], "w") as file:
        json.dump(found, file)
    leave(status)
report, sys.argv = sys.argv[1], sys.argv[1:]
os._exit = tell
try:
    from vaultcrm.entry import main
    main()
except SystemExit as end:
    sys.stdout.flush()
    tell(end.code or 0)
"""


@dataclass(frozen=True)
class Counted:
    """What a command printed, and what it did.

    ``modules`` are those that it loaded, ``opened`` the files that Python opened, ``folders`` those that it
    listed, each as often as it did.
    """

    status: int
    out: str
    err: str
    modules: frozenset[str]
    opened: tuple[str, ...]
    folders: tuple[str, ...]

    def opened_in(self, folder: Path) -> list[str]:
        """The files opened within a folder."""
        return [path for path in self.opened if path.startswith(str(folder))]


def counted(report: Path, *arguments: str | Path) -> Counted:
    """Run `vaultcrm` with these arguments; ``report`` is a file to use."""
    command = [sys.executable, "-c", _COUNTING, str(report), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert report.exists(), done.stderr
    modules, opened, folders, status = json.loads(report.read_text())
    return Counted(
        status,
        done.stdout.decode(),
        done.stderr.decode(),
        frozenset(modules),
        tuple(map(str, opened)),
        tuple(map(str, folders)),
    )
