"""Whatever happens to a vault between runs: with all that was kept, a run gives what one without it gives."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.command import run_cli
from tests.support.vaults import contents, write_vault
from vaultcrm.app import runs
from vaultcrm.app.memory import Memory
from vaultcrm.app.opening import Vault

START = date(2026, 11, 20)
NAMES = ("Acme", "Brix", "Café Łódź", "陈伟", "acme")
FOLDERS = ("Clients", "Archive/Clients", "")
CLIENT = "---\ntype: client\nname: {name}\nowner: mira\nsince: 2026-02-02\nbirthday: 11-{day:02}\n---\n{body}"
TOUCH = "---\ntype: interaction\nclient: '[[{name}]]'\ndate: {when}\nkind: {kind}\n---\n{body}"
PROJECT = (
    "---\ntype: project\nclient: '[[{name}]]'\nstart: 2026-03-01\ndelivered: {when}\namount: {day}000\n---\n"
)
PERSON = "---\ntype: person\nclient: '[[{name}]]'\ndecision_maker: yes\nbirthday: 12-{day:02}\n---\n"
FEEDBACK = (
    "---\ntype: feedback\nclient: '[[{name}]]'\nproject: '[[{about} 3]]'\n"
    "date: {when}\nrecommend: {day}\n---\n"
)
REFERRED = (
    "---\ntype: client\nname: {name} Two\nreferred_by: '[[{about}]]'\n"
    "referred_on: {when}\ncontact: '[[{name} P]]'\n---\n"
)
BODIES = (
    "",
    "## Log\n\n- 2026-11-13 call: spoke #insight +\n",
    "- [ ] send the offer 📅 2026-11-23\n",
    "[[Nobody]]\n",
    "\n<!-- vaultcrm:begin metrics -->\n<!-- vaultcrm:end -->\n",
    "\n<!-- vaultcrm:begin agenda days=7 owner=mira -->\n<!-- vaultcrm:end -->\n",
)
POLICY = "| Tier | Amount in 12 months | Projects |\n|---|---|---|\n| A | {amount} | 4 |\n| B | 6,000 | 2 |\n"
BROKEN = (
    b"---\ntype: client\nname: [\n---\n",
    b"\xff\xfe",
    b"",
    b"---\ntype: client\n",
    b"no front matter\n",
)
CONFIGS = (
    "",
    'policy = "sales"\n',
    'language = "zh"\n',
    'policy = "enterprise"\nholidays = "CN"\n',
    '[writeback]\nproperties = ["tier", "stage", "next_contact"]\n',
    '[[feeds]]\npath = "CRM/mira.ics"\nowners = ["mira"]\nalarm = "-PT15H"\n\n'
    '[[feeds]]\npath = "CRM/busy.ics"\nprivacy = "busy"\nmonths_ahead = 3\n',
    '[mapping.folders]\nArchive = false\nLog = "interaction"\n\n[mapping.properties]\nowner = false\n'
    '[mapping.tags]\nclient = "client"\n',
    '[paths]\nignore = ["Archive/"]\nfeed = false\nplans = "Plans"\n\n[capture]\ndaily = "Log"\n',
)

LONG_AGO = 1_700_000_000_000_000_000

names, folders = st.sampled_from(NAMES), st.sampled_from(FOLDERS)
days = st.integers(0, 27)


class Machine(RuleBasedStateMachine):
    """A vault to which everything happens; all caches are kept from step to step."""

    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.root = self.home / "vault"
        self.root.mkdir()
        self.day = START
        self.writes = 0
        self.vault: Vault | None = None
        self.before: Memory | None = None

    def teardown(self) -> None:
        if hasattr(self, "home"):
            shutil.rmtree(self.home)

    @rule(name=names, folder=folders, day=days, body=st.sampled_from(BODIES))
    def client(self, name: str, folder: str, day: int, body: str) -> None:
        self._write(f"{folder}/{name}.md", CLIENT.format(name=name, day=day + 1, body=body))

    @rule(name=names, about=names, ago=days, kind=st.sampled_from(("call", "complaint", "email")))
    def interaction(self, name: str, about: str, ago: int, kind: str) -> None:
        when = (START - timedelta(days=ago)).isoformat()
        self._write(f"Log/{name} {ago}.md", TOUCH.format(name=about, when=when, kind=kind, body=""))

    @rule(name=names, about=names, ago=days)
    def project(self, name: str, about: str, ago: int) -> None:
        when = (START - timedelta(days=ago * 9)).isoformat()
        self._write(f"Projects/{name} {ago}.md", PROJECT.format(name=about, when=when, day=ago))

    @rule(name=names, about=names, day=st.integers(0, 10))
    def person(self, name: str, about: str, day: int) -> None:
        self._write(f"People/{name} P.md", PERSON.format(name=about, day=day + 1))

    @rule(name=names, about=names, day=st.integers(0, 10))
    def feedback(self, name: str, about: str, day: int) -> None:
        when = (START - timedelta(days=day)).isoformat()
        note = FEEDBACK.format(name=name, about=about, when=when, day=day)
        self._write(f"Feedback/{name} {day}.md", note)

    @rule(name=names, about=names, ago=days)
    def referred(self, name: str, about: str, ago: int) -> None:
        when = (START - timedelta(days=ago)).isoformat()
        self._write(f"Clients/{name} Two.md", REFERRED.format(name=name, about=about, when=when))

    @rule(name=names)
    def playbook(self, name: str) -> None:
        self._write(f"{name}.md", "---\nplaybook: silent\n---\n# What to do\n")

    @rule(name=names, data=st.sampled_from(BROKEN))
    def broken(self, name: str, data: bytes) -> None:
        self._write(f"Clients/{name}.md", data)

    @precondition(lambda self: self._notes())
    @rule(pick=st.integers(0), text=st.sampled_from(BODIES))
    def append(self, pick: int, text: str) -> None:
        note = self._pick(pick)
        self._write(note.relative_to(self.root).as_posix(), note.read_bytes() + text.encode())

    @precondition(lambda self: self._notes())
    @rule(pick=st.integers(0))
    def delete(self, pick: int) -> None:
        self._pick(pick).unlink()

    @precondition(lambda self: self._notes())
    @rule(pick=st.integers(0), name=names, folder=folders)
    def rename(self, pick: int, name: str, folder: str) -> None:
        target = self.root / folder / f"{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        self._pick(pick).replace(target)

    @precondition(lambda self: self._notes())
    @rule(pick=st.integers(0))
    def same_size_and_time(self, pick: int) -> None:
        """An edit that leaves size and time of change as they were."""
        note = self._pick(pick)
        before = note.stat()
        note.write_bytes(note.read_bytes().replace(b"2026", b"2025"))
        os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(config=st.sampled_from(CONFIGS))
    def configure(self, config: str) -> None:
        self._write("vaultcrm.toml", config)

    @rule(amount=st.sampled_from(("20,000", "9000", "much")))
    def policy_note(self, amount: str) -> None:
        self._write("CRM/Policy.md", POLICY.format(amount=amount))

    @rule(text=st.sampled_from(("My own words.\n", "- [x] done\n")))
    def write_in_the_dashboard(self, text: str) -> None:
        dashboard = self.root / "CRM" / "Dashboard.md"
        if dashboard.exists():
            dashboard.write_text(dashboard.read_text(encoding="utf-8") + text, encoding="utf-8")

    @rule(days=st.sampled_from((-1, 1, 3, 40)))
    def another_day(self, days: int) -> None:
        self.day += timedelta(days=days)

    @invariant()
    def warm_is_cold(self) -> None:
        if not hasattr(self, "root"):
            return
        cold = self.home / "cold" / "vault"
        shutil.copytree(self.root, cold)
        said = self._index(self.root, "warm")
        assert self._index(cold, "none") == said
        assert contents(cold) == contents(self.root)
        assert self._index(self.root, "warm")[0] == said[0]
        assert contents(cold) == contents(self.root)
        if said[0] == 0:
            self._watched()
        shutil.rmtree(cold.parent)
        shutil.rmtree(self.home / "none", ignore_errors=True)

    def _watched(self) -> None:
        """A process that has read the vault before computes what one does that has not."""
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.home / "watch")}):
            vault = runs.open_vault(str(self.root), str(self.root))
            if self.vault is None or vault != self.vault:
                self.vault, self.before = vault, None
            now_ns = time.time_ns()
            found = runs.index(self.vault, self.day, now_ns, check=True, accept_loss=True, before=self.before)
            assert found.overview == runs.overview_of(self.vault, self.day, now_ns, use_cache=False)
        assert found.stale == ()
        self.before = found.left

    def _index(self, root: Path, caches: str) -> tuple[int, str, str]:
        """What `index` says, with the caches in a folder of this name."""
        with mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.home / caches)}):
            done = run_cli("index", "--vault", root, "--today", self.day.isoformat(), "--accept-loss")
        return done.status, done.out, done.err

    def _write(self, path: str, content: str | bytes) -> None:
        """Write a note; two of three have been there for so long that their stamps prove something."""
        write_vault(self.root, {path.lstrip("/"): content})
        self.writes += 1
        if self.writes % 3:
            os.utime(self.root / path.lstrip("/"), ns=(LONG_AGO + self.writes, LONG_AGO + self.writes))

    def _notes(self) -> list[Path]:
        notes = self.root.rglob("*.md") if hasattr(self, "root") else ()
        return sorted(note for note in notes if note.parent.name != "CRM")

    def _pick(self, number: int) -> Path:
        notes = self._notes()
        return notes[number % len(notes)]


TestWarmEqualsCold = Machine.TestCase
TestWarmEqualsCold.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a step takes a tenth of a second: no shrinking
    suppress_health_check=[HealthCheck.too_slow],
)
