"""Measures vaultcrm beside a measuring stick, `git status` and a bare Python, for the table in the docs.

    python benchmarks/run.py [--notes 10000] [--rounds 7] [--write]

Where ``mdtodo`` (md-todo-hub) is on the path, a cold run is measured beside it, too.

Times of different runs cannot be compared: machines are busy now and then. So within each round every
command runs once, in turn, and what is told are medians of the ratios round by round. With ``--write`` the
table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from vaults import CHINESE, DAY, MESSY, make_vault

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PYTHON = sys.executable
NEXT_DAY = DAY + timedelta(days=1)


@dataclass(frozen=True)
class Took:
    """What a command took: seconds that passed, seconds of the processor, MiB at most."""

    passed: float
    cpu: float
    mib: float


@dataclass(frozen=True)
class Row:
    """A line of the table: what ran, in units of what, and what has to be done before each time."""

    name: str
    command: Sequence[str]
    unit_name: str
    unit: Sequence[str]
    before: Callable[[], object] = lambda: None


class Bench:
    """A vault of its own with all that is kept beside it, in a temporary folder."""

    def __init__(self, folder: Path, notes: int) -> None:
        self.root = folder / "vault"
        self.changed = make_vault(self.root, notes)
        self.others = {style: folder / style for style in (CHINESE, MESSY)}
        for style, root in self.others.items():
            make_vault(root, notes, style)
        self.homes = {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state")}
        self.cache = folder / "cache"
        self._saves = 0
        self.vaultcrm = [str(Path(PYTHON).with_name("vaultcrm"))]
        self.git = ["git", "-C", str(self.root)]
        for command in (["init", "-q"], ["add", "-A"], [*_AUTHOR, "commit", "-qm", "all"]):
            subprocess.run([*self.git, *command], check=True)
        self.take(self.floor("cold"))
        self.settle()

    def index(self, *more: str, root: Path | None = None) -> list[str]:
        """The command that brings the vault up to date, or another one."""
        return [*self.vaultcrm, "index", "--vault", str(root or self.root), "--today", DAY.isoformat(), *more]

    def hook(self) -> list[str]:
        """What the commit hook runs."""
        return self.index("--staged", "--git-add", "--quiet")

    def log(self) -> list[str]:
        """A conversation noted down."""
        client = sorted((self.root / "Clients").iterdir())[0].stem
        told = ["--vault", str(self.root), "--today", DAY.isoformat()]
        return [*self.vaultcrm, "log", client, "spoke about the report", *told]

    def floor(self, state: str) -> list[str]:
        """The measuring stick."""
        return [PYTHON, "-I", str(HERE / "floor.py"), state, str(self.root)]

    def settle(self) -> None:
        """Have everybody up to date, and past the time within which stamps prove nothing."""
        self.take(self.index())
        time.sleep(2.1)
        status = [*self.git, "status"]
        for each in (self.index(), self.agenda(), [*self.vaultcrm, "--help"], status, self.floor("one")):
            self.take(each)

    def agenda(self) -> list[str]:
        """The command that most people type."""
        return [*self.vaultcrm, "agenda", "--vault", str(self.root), "--today", DAY.isoformat()]

    def forget(self) -> None:
        """Take away what was kept of the vaults."""
        shutil.rmtree(self.cache, ignore_errors=True)
        for root in (self.root, *self.others.values()):
            shutil.rmtree(root / "CRM", ignore_errors=True)

    def stage(self) -> None:
        """Save a note, and stage it."""
        self.save()
        subprocess.run([*self.git, "add", str(self.changed)], check=True)

    def save(self) -> None:
        """Save a note with another line."""
        self._saves += 1
        with self.changed.open("a") as note:
            note.write(f"\n- [ ] call back, {self._saves} 📅 {DAY}\n")

    def take(self, command: Sequence[str]) -> Took:
        """Run a command and measure it from a small process: a peak begins with that of its parent."""
        measuring = [PYTHON, "-I", "-S", "-c", _MEASURE, *command]
        told = subprocess.run(
            measuring, stdout=subprocess.PIPE, check=True, text=True, env={**os.environ, **self.homes}
        )
        passed, cpu, kib = told.stdout.split()
        return Took(float(passed), float(cpu), float(kib) / 1024)

    def rows(self) -> list[Row]:
        """What is measured, in an order in which what is up to date stays so as long as possible."""
        status = [*self.git, "status", "--porcelain"]
        bare = [PYTHON, "-I", "-c", "pass"]
        today, tomorrow = self.index(), self.index("--today", NEXT_DAY.isoformat())
        return [
            Row("nothing changed", today, "`git status`", status),
            Row("nothing changed", today, "the stick, nothing", self.floor("nothing")),
            Row("`agenda`, asked again", self.agenda(), "a bare Python", bare),
            Row("`--version`", [*self.vaultcrm, "--version"], "a bare Python", bare),
            Row("`--help`", [*self.vaultcrm, "--help"], "a bare Python", bare),
            Row("a new day", tomorrow, "the stick, one", self.floor("one"), lambda: self.take(today)),
            Row("one note changed", today, "the stick, one", self.floor("one"), self.save),
            Row("one note changed", today, "`git status`", status, self.save),
            Row("the commit hook, one note", self.hook(), "`git status`", status, self.stage),
            Row("`log`", self.log(), "a bare Python", bare),
            Row("cold", today, "the stick, cold", self.floor("cold"), self.forget),
            *[
                Row(f"cold, {style}", self.index(root=root), "cold", today, self.forget)
                for style, root in self.others.items()
            ],
            *([Row("cold", today, "mdtodo", peer, self.forget)] if (peer := self.peer()) else []),
        ]

    def peer(self) -> list[str] | None:
        """A program that collects the tasks of a vault, from scratch; None where there is none."""
        program = shutil.which("mdtodo")
        if program is None:
            return None
        home, vault = self.cache.with_name("mdtodo"), self.root
        begin = f"rm -rf {home} && mkdir {home} && HOME={home} exec {program}"
        begin += f" register --name v --docs {vault} {vault}"
        return ["sh", "-c", begin]


def measured(bench: Bench, row: Row, rounds: int) -> str:
    """A row of the table."""
    ours, units = [], []
    for _ in range(rounds):
        row.before()
        units.append(bench.take(row.unit))
        ours.append(bench.take(row.command))
    pairs = list(zip(ours, units, strict=True))
    passed = statistics.median(one.passed / unit.passed for one, unit in pairs)
    cpu = statistics.median(one.cpu / unit.cpu for one, unit in pairs)
    mib = statistics.median(one.mib for one in ours)
    seconds = statistics.median(one.passed for one in ours)
    cells = (
        row.name,
        row.unit_name,
        f"{passed:.1f} ×",
        f"{cpu:.1f} ×",
        f"{seconds * 1000:,.0f} ms",
        f"{mib:.0f} MiB",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure, print the table, and write it where that is wanted."""
    options = argparse.ArgumentParser(description="Measure vaultcrm.")
    options.add_argument("--notes", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = options.parse_args()
    lines = [
        f"A vault of {chosen.notes:,} notes, medians of {chosen.rounds} rounds:",
        "",
        "| what | in units of | time | processor | for scale | memory |",
        "|---|---|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), chosen.notes)
        for row in bench.rows():
            lines.append(measured(bench, row, chosen.rounds))
            sys.stderr.write(lines[-1] + "\n")
    table = "\n".join(lines)
    sys.stdout.write(table + "\n")
    if chosen.write:
        text = PAGE.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


_MEASURE = """
import os, sys, time
begun, null = time.perf_counter(), os.open(os.devnull, os.O_RDWR)
if not (child := os.fork()):
    for stream in range(3):
        os.dup2(null, stream)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
if status:
    sys.exit(f"exit status {os.waitstatus_to_exitcode(status)} of: {' '.join(sys.argv[1:])}")
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
_AUTHOR = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")

if __name__ == "__main__":
    main()
