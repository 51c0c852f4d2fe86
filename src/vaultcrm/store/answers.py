"""Answers that were given before, to be given again while nothing has changed.

What a reading command says, and what ``index`` says where all outputs are up to date, follows from the notes,
the configuration, the day and the command line. So an answer is kept beside a digest of all that: where the
same is asked of the same, it is given again before any library is loaded.

That is why this module imports next to nothing: `dataclasses`, `json`, `pathlib` or `typing` each take as
long as the walk through some thousand notes. It must not know what a command means, and never opens a note.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from vaultcrm.store.code_stamp import code_stamp
from vaultcrm.store.helper import HelperLost, begun, processors
from vaultcrm.store.kept import digest, keep, read_kept
from vaultcrm.store.places import answers_folder
from vaultcrm.store.walk import LASTING_NS, PARTS, stamp_of, walk_through

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from vaultcrm.store.helper import Helper
    from vaultcrm.store.packed import Stamp
    from vaultcrm.store.walk import Found, Share, Walk

HELP = frozenset({"--help", "-h"})
"""With these any command says the same until the code changes, whatever the vault."""

Piece = tuple[bool, "str | bytes"]
"""Something printed, in its order: whether to standard error, and what."""

Answer = tuple[int, tuple[Piece, ...]]
"""An exit status, and everything printed."""

Hours = tuple[float, float]
"""The day for which an answer holds, as seconds since the epoch, [begin, end)."""

COMMANDS = frozenset({"index", "agenda", "show", "explain", "metrics", "check", "export"})
"""Commands that say the same again where nothing has changed (``index`` once all outputs are up to date)."""

OPTIONS = frozenset(
    {
        "--accept-loss",
        "--check",
        "--days",
        "--format",
        "--json",
        "--owner",
        "--period",
        "--quiet",
        "--strict",
        "--today",
        "--vault",
        "-q",
    }
)
"""Options with which that holds. Others ask for the work itself (``--full``), or of something else."""

RACY_NS = 2_000_000_000
"""What changed this short a time before a run may change again within the same tick of the disk's clock."""

SHARED_FROM = 3000
"""From how many notes on two processes share a walk: below, to begin one takes longer than it saves."""

KEPT = 64
"""How many answers are kept; the oldest go first."""

LIKELY = 32
"""How many of the notes that changed last are looked at before all others: people save one time and again."""

LARGEST = 1 << 20
"""How many bytes an answer may take: what is longer takes longer to print than to wait for."""

_VARIABLES = (
    "VAULTCRM_VAULT",
    "COLUMNS",
    "NO_COLOR",
    "TZ",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
)
_FOLDERS = (
    *("app", "cli", "labels", "model", "parse", "phrases"),
    *("presets", "render", "rules", "store", "templates"),
)
_FOLDER = (-1, 0, 0, 0)


class Question:
    """A command line, with all of its surroundings that bear on how it is answered.

    ``began_ns`` is when it was asked; ``is_help`` that only help was asked for. ``helper`` is the
    process that shared the walk, if one did, once it turned out that there is work to do.
    """

    __slots__ = (
        *("_changed_ns", "_is_handed_over", "_look", "_path", "_walk"),
        *("began_ns", "helper", "is_help"),
    )

    def __init__(self, arguments: Sequence[str]) -> None:
        self.began_ns = time.time_ns()
        self.is_help = not HELP.isdisjoint(arguments)
        asked = (
            code_stamp("", *_FOLDERS),
            tuple(arguments),
            os.getcwd(),
            tuple([os.environ.get(name) for name in _VARIABLES]),
            time.localtime().tm_gmtoff,
            tuple([_terminal(stream) for stream in (sys.stdout, sys.stderr)]),
        )
        self._path = os.path.join(answers_folder(), digest(asked).hex())
        self._look: _Look | None = None
        self._is_handed_over = False
        self._changed_ns = 0
        self._walk: Walk | None = None
        self.helper: Helper | None = None

    @property
    def has_walked(self) -> bool:
        """Whether to find out if an answer still holds took a walk, which `walked` gives."""
        return self._look is not None

    def recall(self) -> Answer | None:
        """The answer given before, where it still holds; never fails."""
        kept = read_kept(self._path)
        if kept is None:
            return None
        root, beside, hours, seen, likely, answer = kept
        given: Answer = answer
        if hours is not None and not hours[0] <= self.began_ns / 1e9 < hours[1]:
            return None
        for path, stamp in likely:
            now = _stamp_of_note(f"{root}/{path}")
            if now != stamp:  # no walk: this process can load what there is to load while another one walks
                self._changed_ns = 0 if now is None else max(now[1:3])
                self._forget()
                return None
        parts = len(seen) - 1
        helper = begun(lambda: _part_of_walk(root, (1, parts))) if parts > 1 else None
        try:
            look = _Look(root, beside, parts)
            if look.is_as_it_was(seen, helper):
                return given
            self._look, self.helper, helper = look, helper, None
            self._forget()
        except OSError:  # the vault is gone
            pass
        finally:
            if helper is not None:
                helper.end()
        return None

    def walked(self, root: str) -> Walk | None:
        """What `recall` has found on a walk through this vault, for the work that is to be done all the same.

        It is given once and at once: None for who asks again, or late, since notes may have changed, and
        where another run has seen more meanwhile.
        """
        look = self._look
        if look is None or look.root != root or self._is_handed_over:
            return None
        self._is_handed_over = True
        from vaultcrm.store.walking import has_run  # there is work to do: what loads now is loaded anyway

        is_late = time.time_ns() >= look.ended_ns + LASTING_NS
        return None if is_late or has_run(root, self.began_ns) else look.walk

    def saw(self, walk: Walk) -> None:
        """Know what the work itself went by: while that is new, no answer is kept.

        Where processes shared the walk, they looked at all notes, and the answer is that of what they found:
        it needs no other walk. What changes after it has another stamp when the same is asked again.
        """
        self._changed_ns = max(self._changed_ns, walk.youngest_ns())
        self._walk = walk if walk.is_in_order and _is_shared(walk) else None

    def keep(self, answer: Answer, root: str | None, beside: Iterable[str], hours: Hours | None) -> bool:
        """Keep an answer for next time; whether it was kept.

        It is not where something changed shortly before the question or since: the answer may be that of
        the state before, and stamps would not tell. Nor while a killed run's files wait to be swept.

        Args:
            answer: What was said.
            root: The vault's folder; None where no note bears on the answer.
            beside: Paths of the files that bear on the answer beside the notes; there need not be any.
            hours: When the day of the answer is; None for an answer for a fixed day.
        """
        paths, since_ns = tuple(beside), self.began_ns - RACY_NS
        try:  # what was written just now, or was new already when it was asked, spares the walk
            if max(self._changed_ns, _Look(None, paths).youngest_ns()) >= since_ns:
                return False
            look = _Look(root, paths, walk=self._walk)
        except OSError:
            return False
        if look.youngest_ns() >= since_ns or look.has_leftovers():
            return False
        told = look.digests(), look.likely()
        is_kept = keep(self._path, (root, paths, hours, *told, answer), LARGEST)
        if is_kept:
            _forget_oldest(os.path.dirname(self._path))
        return is_kept

    def _forget(self) -> None:
        """Forget the answer: what has changed never has its old stamps again."""
        try:  # noqa: SIM105 - contextlib takes as long to load as all of this module
            os.unlink(self._path)
        except OSError:  # another run was faster, or the folder may not be written
            pass


def question(arguments: Sequence[str]) -> Question | None:
    """The question that a command line asks; None where it is never answered from what was kept."""
    if HELP.isdisjoint(arguments) and not _is_reading(arguments):
        return None
    try:
        return Question(arguments)
    except (OSError, ValueError):  # the folder is gone, or a path is none
        return None


def _is_reading(arguments: Sequence[str]) -> bool:
    options = [each.partition("=")[0] for each in arguments if each.startswith("-")]
    return bool(arguments) and arguments[0] in COMMANDS and OPTIONS.issuperset(options)


class _Look:
    """The stamps of everything that bears on an answer: of the notes in ``root``, and of files beside them.

    All notes count here, ignored ones and outputs too: that is simpler, and never wrong. Where there are
    many, they are looked at in ``parts``, of which another process may have one.
    """

    __slots__ = ("_beside", "ended_ns", "root", "walk")

    def __init__(
        self, root: str | None, beside: Sequence[str], parts: int = 1, walk: Walk | None = None
    ) -> None:
        self.root = root
        self.walk = walk_through(root, share=(0, parts)) if root is not None and walk is None else walk
        self.ended_ns = time.time_ns()
        self._beside = [_stamp(path) for path in beside]

    def digests(self) -> tuple[bytes, ...]:
        """A digest of what is beside the notes, and one of each part of them: the same while these are."""
        walk = self.walk
        if walk is None:
            return (digest(self._beside),)
        if not _is_shared(walk):
            return digest(self._beside), digest(walk.found())
        folders = walk.in_parts()
        each = len(folders) // PARTS
        parts: list[Found] = [(folders[part * each : (part + 1) * each], [], [], []) for part in range(PARTS)]
        return (digest(self._beside), *map(digest, parts))

    def likely(self) -> list[tuple[str, Stamp]]:
        """The notes that the next change is most likely to be in, with their stamps."""
        return [] if self.walk is None else self.walk.youngest(LIKELY)

    def is_as_it_was(self, seen: Sequence[bytes], helper: Helper | None) -> bool:
        """Whether all is as it was when ``seen`` was made; where it is not, the walk is whole afterwards.

        Raises:
            OSError: The vault is gone.
        """
        walk, root = self.walk, self.root
        own = [digest(self._beside), *([] if walk is None else [digest(walk.found())])]
        if walk is None or root is None or len(seen) == len(own):
            return own == [*seen]
        try:
            if helper is None:
                raise HelperLost
            is_same = [*own, helper.answer()] == [*seen]
            rest = None if is_same else helper.answer()
        except HelperLost:
            of_rest, rest = _part_of_walk(root, (1, len(seen) - 1))
            is_same = [*own, of_rest] == [*seen]
        if rest is not None:
            walk.add(*rest)
        return is_same

    def has_leftovers(self) -> bool:
        """Whether there are temporary files of ours: only a run that does its work can sweep them."""
        return self.walk is not None and bool(self.walk.leftovers)

    def youngest_ns(self) -> int:
        """When anything changed last."""
        changed = [max(stamp[1], stamp[2]) for stamp in self._beside if stamp is not None]
        return max([0 if self.walk is None else self.walk.youngest_ns(), *changed])


def _is_shared(walk: Walk) -> bool:
    """Whether several processes are going to share such a walk: it is long, and nothing odd was found."""
    _, *oddities = walk.found()
    return not any(oddities) and walk.count() >= SHARED_FROM and processors() >= PARTS


def _part_of_walk(root: str, share: Share) -> Iterator[Any]:
    """Walk through a part of a vault: gives its digest, and what was found."""
    walk = walk_through(root, share=share)
    found = walk.found()
    yield digest(found)
    yield found, tuple(walk.told_folders)


def _stamp(path: str) -> tuple[int, int, int, int] | None:
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISDIR(status.st_mode):
        return _FOLDER  # only that it is there matters
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _stamp_of_note(path: str) -> Stamp | None:
    try:
        return stamp_of(os.lstat(path))
    except OSError:
        return None


def _terminal(stream: object) -> tuple[str | None, int]:
    """What an output is: its encoding, and its width if it is a terminal, else 0."""
    encoding = getattr(stream, "encoding", None)
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
        return encoding, os.get_terminal_size(number).columns if os.isatty(number) else 0
    except (AttributeError, OSError, ValueError):
        return encoding, 0


def _forget_oldest(folder: str) -> None:
    try:
        with os.scandir(folder) as entries:
            by_age = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
        for _, path in by_age[:-KEPT]:
            os.unlink(path)
    except OSError:  # another run does the same
        pass
