"""Shows our feeds to calendar programs, and prints what they see: ``python -m tests.calendars.run [NAME…]``.

Each program that can be found sees every vault of `feeds`, and then one vault from day to day: those that
subscribe get it over HTTP from ``vaultcrm serve``, and keep what they had in between. What is missing is told
with where it can be had. Packages of npm are looked for where ``CALENDARS_NODE`` says. Nothing leaves this
machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.calendars.feeds import FEED, STEPS, VAULTS, indexed
from tests.calendars.libraries import LIBRARIES, quietly
from tests.calendars.programs import PROGRAMS, Asked, Program
from tests.calendars.truth import Seen, truth
from tests.serve.running import Running, serving


@contextmanager
def _own_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(folder) / name.lower())
        yield Path(folder)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _told(found: Seen, data: bytes) -> str:
    """``everything``, or what is not as it should be."""
    return "; ".join(found.differences(truth(data))) or "everything"


def _ask(program: Program, asked: Asked, data: bytes) -> str:
    begin = time.monotonic()
    try:
        told = _told(program.see(asked), data)
    except Exception as error:
        told = f"failed: {type(error).__name__}: {str(error)[:400]}"
    return f"{told} ({time.monotonic() - begin:.1f} s)"


def _fresh(server: Running, data: bytes) -> None:
    """Wait until the server has a new feed."""
    for _ in range(100):
        if server.ask().body == data:
            return
        time.sleep(0.1)
    raise AssertionError("the server does not follow")


def show(program: Program, home: Path, vaults: Sequence[str]) -> None:
    """Show a program every vault, then one from day to day."""
    _say(f"{program.name}")
    for name in vaults:
        folder = home / "".join(filter(str.isalnum, program.name)) / name
        folder.mkdir(parents=True)
        vault = VAULTS[name](folder)
        data = indexed(vault)
        with ExitStack() as stack:
            server = stack.enter_context(serving(vault, folder / "told")) if program.by_http else None
            asked = Asked(vault / FEED, server.links[FEED] if server else "", folder / "kept")
            _say(f"  {name}: {_ask(program, asked, data)}")
    folder = home / "".join(filter(str.isalnum, program.name)) / "days"
    vault = folder / "vault"
    vault.mkdir(parents=True)
    STEPS[0](vault)
    data = indexed(vault)
    with ExitStack() as stack:
        server = stack.enter_context(serving(vault, folder / "told")) if program.by_http else None
        asked = Asked(vault / FEED, server.links[FEED] if server else "", folder / "kept")
        for number, step in enumerate(STEPS):
            if number:
                step(vault)
                data = indexed(vault)
            if server is not None:
                _fresh(server, data)
            _say(f"  {step.__name__}: {_ask(program, asked, data)}")


def main(names: Sequence[str]) -> None:
    """Show the feeds to the programs of these names, or to all."""
    vaults = [name for name in VAULTS if name in names] or list(VAULTS)
    wanted = [name for name in names if name not in VAULTS]
    with _own_home() as home:
        for library in LIBRARIES:
            if wanted and not any(name.lower() in library.name.lower() for name in wanted):
                continue
            asking = Program(
                library.name,
                library.package,
                (),
                lambda asked, each=library: quietly(each, asked.file.read_bytes()),
            )
            if library.missing():
                _say(f"{library.name}: {library.missing()}")
            else:
                show(asking, home, vaults)
        for program in PROGRAMS:
            if wanted and not any(name.lower() in program.name.lower() for name in wanted):
                continue
            if program.missing():
                _say(f"{program.name}: {program.missing()}")
            else:
                show(program, home, vaults)


if __name__ == "__main__":
    main(sys.argv[1:])
