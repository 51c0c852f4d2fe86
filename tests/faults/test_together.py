"""People, sync programs and vaultcrm at work in one vault, in any order, one in the middle of the other.

Whatever they do: no byte of people's text is lost or changed, what nothing disturbs comes to rest, and what
then stands there is what a run would write that has kept nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.faults.injection import KILLS, Fault, fault_at, in_a_process
from tests.faults.undisturbed import DASHBOARD, REGIONS, VAULT, is_own
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, contents, write_vault
from vaultcrm.app import runs
from vaultcrm.app.memory import Memory
from vaultcrm.errors import VaultcrmError
from vaultcrm.writing import edits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes of POSIX")

START = date.fromisoformat(AS_OF)
OURS = re.compile(
    rb"^(?:crm_(?:tier|stage|next_contact|health)|snooze_until|# vaultcrm): .*\r?\n", re.MULTILINE
)
TICKED = re.compile(rb"- \[x\] (.*?) \xe2\x9c\x85 \d{4}-\d\d-\d\d")
EMPTY_BLOCK = re.compile(rb"\A---\r?\n---\r?\n")


def people_s(data: bytes) -> bytes:
    """What people wrote in a note, without what is ours: told apart by other means than the program's."""
    text = OURS.sub(b"", REGIONS.sub(rb"\1", data))
    return EMPTY_BLOCK.sub(b"", TICKED.sub(rb"- [ ] \1", text))


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def renamed(path: Path, data: bytes) -> None:
    beside = path.with_name(f"~{path.name}")
    beside.write_bytes(data)
    beside.replace(path)


def anew(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


Save = Callable[[Path, bytes], None]
Moment = tuple[str, int]

picks = st.integers(0, 50)
saves = st.sampled_from((in_place, renamed, anew))
moments = st.one_of(
    st.tuples(st.just(""), st.integers(1, 500)),
    st.tuples(st.just("exchange"), st.integers(1, 6)),
    st.tuples(st.just("rename"), st.integers(1, 8)),
)
"""The call at which something happens: its name, any where that is empty, and its number."""


def at(moment: Moment, fault: Fault) -> AbstractContextManager[list[str]]:
    return fault_at(moment[1], fault, (moment[0],) if moment[0] else ())


class Together(RuleBasedStateMachine):
    """``texts`` is what people wrote, by note; ``marks`` what they put where generated text belongs."""

    steps = 0

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        for name, below in (("HOME", ""), ("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state")):
            os.environ[name] = str(self.folder / "home" / below)
        self.root = write_vault(self.folder / "vault", VAULT)
        self.vault = runs.open_vault(str(self.root), str(self.root))
        self.number, self.day = 0, START
        self.left: Memory | None = None
        self.marks: set[bytes] = set()
        self.earlier: list[tuple[Path, bytes]] = []
        self.is_at_rest = True
        self.look()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    # ---------------------------------------------------------------------- people, and their sync programs

    @rule(pick=picks, save=saves, is_task=st.booleans(), keeps_time=st.booleans())
    def writes(self, pick: int, save: Save, is_task: bool, keeps_time: bool) -> None:
        """A line below all others; sync programs give a file the time that it has elsewhere."""
        text = b"- [ ] call %d \xf0\x9f\x93\x85 2026-11-2%d\n" if is_task else b"- mine %d %d\n"
        note = self.note(pick)
        data = note.read_bytes()
        data += b"" if data.endswith(b"\n") else b"\n"
        self.saved(note, data + text % (self.counted(), self.number % 10), save)
        if keeps_time:
            os.utime(note, ns=(0, 10**18 + self.number))

    @rule(pick=picks, save=saves)
    def adds_a_property(self, pick: int, save: Save) -> None:
        note = self.note(pick)
        data = re.sub(rb"\A---(\r?\n)", rb"---\1x-%d: mine\1" % self.counted(), note.read_bytes())
        self.saved(note, data, save)

    @rule(pick=picks, save=saves)
    def breaks_the_front_matter_or_mends_it(self, pick: int, save: Save) -> None:
        note = self.note(pick)
        data = note.read_bytes()
        broken = data.replace(b"---\n", b"---\nbroken: [\n", 1)
        self.saved(note, data.replace(b"broken: [\n", b"") if b"broken: [\n" in data else broken, save)

    @rule(pick=picks, save=saves)
    def writes_into_a_region(self, pick: int, save: Save) -> None:
        mark = b"inside %d" % self.counted()
        for note in (self.root / "Home.md", self.root / DASHBOARD, self.note(pick)):
            data = note.read_bytes() if note.exists() else b""
            if b"<!-- vaultcrm:end" in data:
                self.saved(note, data.replace(b"<!-- vaultcrm:end", mark + b"\n<!-- vaultcrm:end", 1), save)
                self.marks.add(mark)
                return

    @rule(save=saves)
    def writes_below_the_dashboard(self, save: Save) -> None:
        if (self.root / DASHBOARD).exists():
            mark = b"below %d" % self.counted()
            self.saved(self.root / DASHBOARD, (self.root / DASHBOARD).read_bytes() + mark + b"\n", save)
            self.marks.add(mark)

    @rule(pick=picks, save=saves)
    def saves_what_was_open_for_long(self, pick: int, save: Save) -> None:
        """As a sync program does that brings an older version."""
        note, data = self.earlier[pick % len(self.earlier)]
        if note.exists():
            self.saved(note, data + b"\n- mine %d\n" % self.counted(), save)

    @rule(pick=picks)
    def renames(self, pick: int) -> None:
        note = self.note(pick)
        note.rename(note.with_name(f"Note {self.counted()}.md"))
        self.look()

    @rule(pick=picks)
    def deletes(self, pick: int) -> None:
        if len(self.texts) > 3:
            self.note(pick).unlink()
            self.look()

    @rule(pick=picks)
    def makes_a_conflict_copy(self, pick: int) -> None:
        for path in (self.note(pick), self.root / DASHBOARD):
            if path.exists():
                copy = f"{path.stem}.sync-conflict-20261119-10{self.counted() % 6000:04}-ABCDEFG.md"
                path.with_name(copy).write_bytes(path.read_bytes() + b"- mine %d\n" % self.number)
        self.look()

    @rule()
    def merges_the_dashboard(self) -> None:
        path = self.root / DASHBOARD
        if path.exists():
            lines = path.read_bytes().splitlines(keepends=True)
            half = len(lines) // 2
            both = [b"<<<<<<< HEAD\n", lines[half], b"=======\n", lines[half], b">>>>>>> theirs\n"]
            self.saved(path, b"".join([*lines[:half], *both, *lines[half + 1 :]]), in_place)

    @rule(days=st.sampled_from((-400, -1, 1, 30)))
    def another_day_comes(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.is_at_rest = False

    # ---------------------------------------------------------------------------------------- vaultcrm

    @rule()
    def index(self) -> None:
        with suppress(VaultcrmError):
            self.run()
            self.is_at_rest = True

    @rule()
    def ticks(self) -> None:
        open_task = re.search(rb"- \[ \] (call \d+)", b"".join(self.texts.values()))
        if open_task is not None:
            self.is_at_rest = False
            with suppress(VaultcrmError):
                edits.tick_tasks(self.vault, [open_task[1].decode()], self.day, time.time_ns())

    @rule(until=st.sampled_from(("2w", "off")))
    def snoozes(self, until: str) -> None:
        self.is_at_rest = False
        with suppress(VaultcrmError):
            edits.snooze(self.vault, ["Acme", until], self.day, time.time_ns())

    @rule()
    def takes_properties_back(self) -> None:
        self.is_at_rest = False
        edits.take_back(self.vault)

    @rule(moment=moments, save=saves)
    def index_while_somebody_saves(self, moment: Moment, save: Save) -> None:
        """A sync program that has got several notes, say."""

        def everything() -> None:
            for pick in range(len(self.notes())):
                self.writes(pick, save, False, False)

        with at(moment, Fault("saves", everything)), suppress(VaultcrmError):
            self.run()

    @rule(moment=moments, pick=picks)
    def index_while_somebody_moves_notes(self, moment: Moment, pick: int) -> None:
        moves = Fault("renames and deletes", lambda: (self.renames(pick), self.deletes(pick + 1)))
        with at(moment, moves), suppress(VaultcrmError):
            self.run()

    @rule(moment=moments, behind=st.booleans())
    def index_is_killed(self, moment: Moment, behind: bool) -> None:
        def killed() -> None:
            with at(moment, KILLS[behind]):
                self.run()

        in_a_process(killed)
        self.is_at_rest = False

    # ------------------------------------------------------------------------------------- what must hold

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "texts"):
            return
        type(self).steps += 1
        found = {path: people_s(data) for path, data in self.notes().items()}
        kept = {path: text for path, text in found.items() if "(kept by vaultcrm" in path}
        assert found == {**kept, **self.texts}
        self.texts = found
        everything = b"\n".join(contents(self.root).values())
        assert [mark for mark in self.marks if mark not in everything] == []

    @invariant()
    def it_comes_to_rest(self) -> None:
        """Behind a run that nothing has disturbed there is nothing left to do, whatever was kept."""
        if not getattr(self, "is_at_rest", False) or not (self.root / DASHBOARD).exists():
            return
        assert not [path for path in contents(self.root) if is_own(path)]
        assert self.run().written == ()
        assert self.run(full=True, check=True).stale == ()

    def run(self, full: bool = False, check: bool = False) -> runs.Indexed:
        """As a watcher does, in turn with runs that know nothing of others but what is in the cache."""
        before = None if full or self.number % 3 == 0 else self.left
        now = time.time_ns()
        result = runs.index(
            self.vault, self.day, now, accept_loss=True, full=full, check=check, before=before
        )
        self.left = self.left if check else result.left
        return result

    # ------------------------------------------------------------------------------------------- and how

    def counted(self) -> int:
        self.number += 1
        return self.number

    def notes(self) -> dict[str, bytes]:
        """All notes of people, versions that were kept among them."""
        found = contents(self.root).items()
        return {
            path: data for path, data in found if path.endswith(".md") and not path.startswith(("CRM/", "~"))
        }

    def note(self, pick: int) -> Path:
        notes = sorted(self.notes())
        return self.root / notes[pick % len(notes)]

    def saved(self, path: Path, data: bytes, save: Save) -> None:
        """Somebody saves: what they overwrite is theirs, too; what they do not has to be there until then."""
        everything = b"\n".join(contents(self.root).values())
        assert [mark for mark in self.marks if mark not in everything] == []
        self.earlier = [*self.earlier[-20:], (path, path.read_bytes())]
        save(path, data)
        self.look()

    def look(self) -> None:
        """Take what stands there for what people want; what a killed run has left is nobody's any more."""
        self.texts = {path: people_s(data) for path, data in self.notes().items()}
        visible = b"\n".join(data for path, data in contents(self.root).items() if not is_own(path))
        self.marks = {mark for mark in self.marks if mark in visible}
        self.earlier = self.earlier or [(self.note(0), self.note(0).read_bytes())]
        self.is_at_rest = False


@pytest.mark.parametrize(
    ("examples", "steps"), [(8, 12), pytest.param(300, 30, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_nothing_is_lost_whoever_does_what_and_when(
    examples: int, steps: int, tally: Tally, home: Path
) -> None:
    Together.steps = 0
    phases = (Phase.explicit, Phase.reuse, Phase.generate)  # a step takes some hundredths of a second
    checks = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
    run_state_machine_as_test(
        Together,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            suppress_health_check=checks,
        ),
    )
    tally("together", Together.steps)
