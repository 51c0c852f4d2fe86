"""Sessions: what a person types and what they see, as text that runs.

    # a comment
    vault: studio-en

    $ vaultcrm check --today 2026-11-20
    $ write Clients/New.md <<EOF
    A note.
    EOF
    $ cat missing.md
    ! cat: missing.md: no such file
    [1]

A header, before the first command, chooses where it happens: `vault: NAME` in a copy of a golden vault,
`sample: LANG` in a new sample vault (further words go to `vaultcrm init`), neither: in an empty folder.
`today: 2026-11-20` says which day the clock shows, for commands as people type them, without `--today`.
What follows a command is what it prints, standard output and standard error (`! `) in their order, then
`[N]` for an exit status but 0. Blank lines at the end do not count. A printed line that looks like
something else (`#`, `$`, `! `, `[1]`) has a `\\` before it. `…` stands for anything within a line, and
alone on a line for any number of lines.

Besides `vaultcrm` there are `cat`, `ls [-R] [DIR]`, `write` and `append` (with `<<EOF`), `mv` and `rm`.
Blocks ```` ```console ```` in Markdown run in the same way, from a comment `<!-- session vault: NAME -->`
on (a `;` stands between two headers); `#` begins no comment there. A comment `<!-- file: PATH -->` or
`<!-- added to: PATH -->` before a block of any language puts what it shows into the session's folder.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from tests.support.command import MISREAD, Outcome, run_cli
from tests.support.expectations import REWRITE
from tests.support.vaults import copy_vault

_HEADER = re.compile(r"(vault|sample|today): *(\S.*)")
_HEREDOC = re.compile(r" <<(['\"]?)(\w+)\1$")
_STATUS = re.compile(r"\[\d+\]")
_MISREAD = {True: re.compile(rf"#|{MISREAD.pattern}"), False: MISREAD}
_FENCE = re.compile(r"(`{3,}) *(\w*)")
_IN_MARKDOWN = re.compile(r"<!-- session *(.*?) *-->")
_NOT_RUN = re.compile(r"<!-- not run: \S.* -->")
_FILE = re.compile(r"<!-- (file|added to): (\S.*) -->")


class SessionError(Exception):
    """A session that cannot be read."""


@dataclass
class Step:
    """A command as it is written, in line `number`, and the lines that are expected of it."""

    number: int
    source: list[str]
    words: list[str]
    text: str | None = None
    expected: list[str] = field(default_factory=list)
    blank: int = 0

    def meets(self, actual: Sequence[str]) -> bool:
        """Whether these lines are what is expected."""
        pattern = "".join(_pattern(line) for line in self.expected)
        return re.fullmatch(pattern, "".join(line + "\n" for line in trimmed(actual))) is not None


def _pattern(line: str) -> str:
    return r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"


def elided(expected: Sequence[str], actual: Sequence[str]) -> list[str]:
    """The lines that are printed, without those that an earlier expectation left out.

    Each run of lines between two `…` is looked for by its first and its last line, or the most similar ones.
    Where one is not found, nothing is left out.
    """
    kept: list[str] = []
    at = 0
    runs = _runs(expected)
    if len(runs) == 1:
        return list(actual)
    for number, run in enumerate(runs):
        if number:
            kept.append("…")
        if not run:
            continue
        start = _similar(run[0], actual, at, at) if number else 0
        end = None if start is None else _similar(run[-1], actual, start, start + len(run) - 1)
        if start is None or end is None:
            return list(actual)
        at = len(actual) if number == len(runs) - 1 else end + 1
        found = zip_longest(run, actual[start:at], fillvalue="")
        pairs = list(found)[: at - start]
        kept += [old if re.fullmatch(_pattern(old), new + "\n") else new for old, new in pairs]
    return kept


def _runs(lines: Sequence[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for line in lines:
        if line == "…":
            runs.append([])
        else:
            runs[-1].append(line)
    return runs


def _similar(line: str, lines: Sequence[str], first: int, near: int) -> int | None:
    """Where the line stands from `first` on: the most similar one, of equals the nearest to `near`."""
    scored = [
        (SequenceMatcher(None, line, each, autojunk=False).ratio(), -abs(number - near))
        for number, each in enumerate(lines)
        if number >= first
    ]
    best = max(scored, default=(0.0, 0))
    return first + scored.index(best) if best[0] > SIMILAR else None


SIMILAR = 0.6
"""From which similarity on a line is taken for the one that was meant."""


def trimmed(lines: Sequence[str]) -> list[str]:
    """Without the blank lines at the end; those before an exit status are at the end, too."""
    kept = list(lines)
    status = [kept.pop()] if kept and _STATUS.fullmatch(kept[-1]) else []
    while kept and not kept[-1].strip():
        kept.pop()
    return kept + status


def read_steps(lines: Sequence[str], first: int = 1, comments: bool = True) -> list[str | Step]:
    """The lines of a session as steps, and as plain lines where there are none.

    Args:
        lines: the lines, without their ends.
        first: the number of the first one.
        comments: whether `#` begins a comment.
    """
    ends = ("$ ", "#") if comments else ("$ ",)
    items: list[str | Step] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.startswith("$ "):
            items.append(line)
            continue
        step = _command(lines, at, first)
        at += len(step.source) - 1
        while at < len(lines) and not lines[at].startswith(ends):
            step.expected.append(lines[at])
            at += 1
        while step.expected and not step.expected[-1].strip():
            step.expected.pop()
            step.blank += 1
        items.append(step)
    return items


def _command(lines: Sequence[str], at: int, first: int) -> Step:
    """The command in the line before `at`, with the text that is handed to it."""
    line = lines[at - 1]
    heredoc = _HEREDOC.search(line)
    if heredoc is None:
        return Step(first + at - 1, [line], shlex.split(line[2:]))
    try:
        end = lines.index(heredoc[2], at)
    except ValueError:
        raise SessionError(f"line {first + at - 1}: no line {heredoc[2]} ends the text") from None
    text = "".join(each + "\n" for each in lines[at:end])
    return Step(first + at - 1, list(lines[at - 1 : end + 1]), shlex.split(line[2 : heredoc.start()]), text)


def write_steps(items: Iterable[str | Step]) -> list[str]:
    """The lines of a session again."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            lines.append(item)
            continue
        lines += [*item.source, *item.expected, *[""] * item.blank]
    return lines


class Stage:
    """The folder in which a session happens, and what can be done there."""

    def __init__(
        self, folder: Path, vault: str = "", sample: str = "", today: str = "", comments: bool = True
    ) -> None:
        """Make the folder below `folder`: a copy of a golden vault, a sample vault, or an empty one."""
        self._misread = _MISREAD[comments]
        self._today = date.fromisoformat(today) if today else None
        self.root = folder / "here"
        if vault:
            self.root = copy_vault(vault, folder)
        elif sample:
            language, *words = sample.split()
            self.root = folder / "sample"
            made = run_cli("init", self.root, "--sample", "--lang", language, *words, today=self._today)
            if made.status:
                raise SessionError(f"no sample vault: {made.text()}")
        else:
            self.root.mkdir()

    def perform(self, step: Step) -> list[str]:
        """Do what a step says, in the stage's folder, which is the current one; the lines that it prints."""
        name, *arguments = step.words
        if name == "vaultcrm":
            outcome = run_cli(*arguments, today=self._today)
        elif name in _HELPERS:
            outcome = _HELPERS[name](self.root, arguments, step.text)
        else:
            raise SessionError(f"line {step.number}: there is no {name} in sessions")
        names = {str(self.root): "$HERE", self.root.as_posix(): "$HERE"}
        return trimmed(outcome.lines(names, self._misread))

    def put(self, path: str, text: str, adds: bool = False) -> None:
        """Write a file that a page shows, or add to it."""
        (_append if adds else _write)(self.root, [path], text)

    def play(self, items: Iterable[str | Step], where: str) -> None:
        """Perform the steps; expectations that are not met are told, or changed where they are rewritten."""
        __tracebackhide__ = True
        for step in items:
            if isinstance(step, str):
                continue
            actual = self.perform(step)
            if step.meets(actual):
                continue
            if not REWRITE:
                told = "\n".join(
                    ["", *step.source, "--- expected", *step.expected, "--- actual", *actual, "---"]
                )
                raise AssertionError(f"{where}:{step.number}: not as expected (`make golden` rewrites){told}")
            step.expected = elided(step.expected, actual)


def _cat(root: Path, arguments: list[str], _text: str | None) -> Outcome:
    printed: list[tuple[bool, bytes]] = []
    for name in arguments:
        path = root / name
        printed.append(
            (False, path.read_bytes()) if path.is_file() else (True, f"cat: {name}: no such file\n".encode())
        )
    return Outcome(int(any(is_error for is_error, _ in printed)), tuple(printed))


def _ls(root: Path, arguments: list[str], _text: str | None) -> Outcome:
    deep = "-R" in arguments
    folder = root / next((each for each in arguments if each != "-R"), ".")
    if not folder.is_dir():
        return Outcome(1, ((True, b"ls: no such folder\n"),))
    found = [path for path in folder.rglob("*") if path.is_file()] if deep else list(folder.iterdir())
    names = sorted(path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "") for path in found)
    return Outcome(0, ((False, "".join(name + "\n" for name in names).encode()),))


def _write(root: Path, arguments: list[str], text: str | None) -> Outcome:
    path = root / arguments[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((text or "").encode())
    return Outcome(0)


def _append(root: Path, arguments: list[str], text: str | None) -> Outcome:
    with (root / arguments[0]).open("ab") as file:
        file.write((text or "").encode())
    return Outcome(0)


def _mv(root: Path, arguments: list[str], _text: str | None) -> Outcome:
    (root / arguments[0]).rename(root / arguments[1])
    return Outcome(0)


def _rm(root: Path, arguments: list[str], _text: str | None) -> Outcome:
    (root / arguments[0]).unlink()
    return Outcome(0)


_HELPERS = {"cat": _cat, "ls": _ls, "write": _write, "append": _append, "mv": _mv, "rm": _rm}


def header(lines: Iterable[str]) -> dict[str, str]:
    """What a session's header says: the lines before its first command."""
    said: dict[str, str] = {}
    for line in lines:
        if line.startswith("$ "):
            break
        if found := _HEADER.fullmatch(line.strip()):
            said[found[1]] = found[2]
        elif line.strip() and not line.startswith("#"):
            raise SessionError(f"this is neither comment, header nor command: {line}")
    return said


@dataclass
class Block:
    """A block of a Markdown page that is a session or goes on with one; lines `[start, end)` of the page.

    ``begins`` is the header of the session that begins with it. ``file`` is the path of a file that it shows,
    or adds to where ``adds``; None for commands.
    """

    start: int
    end: int
    begins: str | None
    file: str | None = None
    adds: bool = False


def blocks(page: str) -> list[Block]:
    """The console blocks and files of a page: where each stands, the header of the session that it begins.

    Raises:
        SessionError: a block runs vaultcrm or shows a file, belongs to no session, and does not say why.
    """
    found: list[Block] = []
    begins: str | None = None
    file: re.Match[str] | None = None
    within, not_run = False, False
    lines = page.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if said := _IN_MARKDOWN.fullmatch(line):
            begins, within, not_run = said[1], True, False
        elif _NOT_RUN.fullmatch(line):
            not_run = True
        elif shows := _FILE.fullmatch(line):
            file = shows
        elif fence := _FENCE.match(line):
            start = at
            while at < len(lines) and not lines[at].startswith(fence[1]):
                at += 1
            is_console = fence[2] == "console" and file is None
            runs = is_console and any(each.startswith("$ vaultcrm") for each in lines[start:at])
            if (runs or file) and not within and not not_run:
                raise SessionError(
                    f"line {start}: write <!-- session … --> or <!-- not run: why --> before this block"
                )
            if (is_console or file) and within and not not_run:
                path, adds = (file[2], file[1] == "added to") if file else (None, False)
                found.append(Block(start, at, begins, path, adds))
                begins = None
            not_run, file = False, None
            at += 1
    return found
