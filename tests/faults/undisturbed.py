"""A vault to which something happens while vaultcrm works in it, and what it looks like undisturbed.

Whatever happens: no byte of people's text is lost or changed, no file is half, and the next run gives the
bytes of an undisturbed one, with nothing lying about.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.app import runs, upkeep
from vaultcrm.errors import UsageError
from vaultcrm.parse.splice import set_properties
from vaultcrm.rules.periods import period_of
from vaultcrm.writing import edits, periodical

DAY = date.fromisoformat(AS_OF)
NOW = 2 * 10**18
REGION = "<!-- vaultcrm:begin {} -->\n{}<!-- vaultcrm:end -->\n"
VAULT: dict[str, str | bytes] = {
    **SMALL_VAULT,
    "vaultcrm.toml": SMALL_VAULT["vaultcrm.toml"]
    + '        [writeback]\n        properties = ["tier", "stage", "next_contact", "health"]\n',
    "Home.md": "# Home\n\n" + REGION.format("agenda days=30", "- my own words\n") + "\nbelow\n",
    "Clients/Bell.md": b"No properties.\r\n\r\n" + REGION.format("client", "").replace("\n", "\r\n").encode(),
    "Interactions/2026-11-18 Call.md": '---\nclient: "[[Acme]]"\n---\n- [ ] send the quote\n',
}
DASHBOARD, PLAN = "CRM/Dashboard.md", "CRM/Plan 2026-11.md"
OWN_LINES = b"\n## Mine\n\nWhat I wrote below the dashboard.\n"
REGIONS = re.compile(rb"(<!-- vaultcrm:begin [^>]*-->).*?<!-- vaultcrm:end[^>]*-->", re.DOTALL)
TEMPORARY = re.compile(r"\.vaultcrm-[0-9a-f]{24}(\.tmp|-[0-9a-f]{16}-[0-9a-f]{16}\.swap)")


class Vaults:
    """Copies of one vault, and what it looks like after some work that nothing disturbs.

    ``work`` may be done again after it was broken off.
    """

    def __init__(
        self, folder: Path, work: Callable[[Path], object], more: Mapping[str, str | bytes] | None = None
    ) -> None:
        self.folder, self.home, self.work = folder, Path(os.environ["HOME"]), work
        master = write_vault(folder / "master", {**VAULT, **(more or {})})
        self.people = contents(master)
        write_vault(master, {path: data + OWN_LINES for path, data in of_the_day_before(master).items()})
        root = self.fresh()
        work(root)
        self.done = contents(root)

    def fresh(self) -> Path:
        """A copy as it is before any run, with nothing kept of other runs."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.folder / "vault", ignore_errors=True)
        return Path(shutil.copytree(self.folder / "master", self.folder / "vault"))


def of_the_day_before(master: Path) -> dict[str, str | bytes]:
    """The dashboard and the plan, in which people then write lines of their own."""
    root = Path(shutil.copytree(master, master.with_name("vault")))
    vault, day = runs.open_vault(str(root), str(root)), DAY - timedelta(days=1)
    runs.index(vault, day, NOW)
    periodical.write_plan(vault, period_of("month", day), day, NOW)
    return {path: (root / path).read_bytes() for path in (DASHBOARD, PLAN)}


@cache
def opened(root: Path) -> runs.Vault:
    """The vault in a folder. All copies are configured alike, and reading that takes as long as a run."""
    return runs.open_vault(str(root), str(root))


def index(root: Path, now_ns: int = NOW) -> runs.Indexed:
    """One run."""
    return runs.index(opened(root), DAY, now_ns)


def edit(root: Path, now_ns: int = NOW) -> None:
    """Each of the edits that a person can ask for, then a run."""
    vault = opened(root)
    with suppress(UsageError):  # it is done already
        edits.tick_tasks(vault, ["send the quote"], DAY, now_ns)
    edits.snooze(vault, ["Acme", "2w"], DAY, now_ns)
    edits.write_back(vault, DAY, now_ns)
    index(root, now_ns)
    edits.take_back(vault)


def look_ahead_and_back(root: Path, now_ns: int = NOW) -> None:
    """The plan of the month is brought up to date, and a review written."""
    vault = opened(root)
    periodical.write_plan(vault, period_of("month", DAY), DAY, now_ns)
    periodical.write_review(vault, period_of("year", DAY), DAY, now_ns)
    index(root, now_ns)


def people_s_text(data: bytes) -> bytes:
    """What people wrote in a note: all but what is ours, or what they had us write."""
    without = set_properties(REGIONS.sub(rb"\1", data), {**dict.fromkeys(upkeep.OWN), "snooze_until": None})
    assert isinstance(without, bytes)
    return without.replace("- [x] send the quote ✅ 2026-11-20".encode(), b"- [ ] send the quote")


def assert_nothing_lost(vaults: Vaults, root: Path, what: str) -> None:
    """Each note has its text; what stood within a region is there or kept; outputs are whole."""
    found = contents(root)
    for path in vaults.people:
        assert path in found, f"{what}: {path} is gone"
        assert people_s_text(found[path]) == people_s_text(vaults.people[path]), f"{what}: {path}"
    kept = [data for path, data in found.items() if path == "Home.md" or path.startswith("CRM/Rescued/")]
    assert any(b"my own words" in data for data in kept), what
    for path, data in found.items():
        if path == DASHBOARD:
            assert data.startswith(b"<!-- vaultcrm:generated"), what
            assert data.endswith(OWN_LINES), what
            assert data.count(b"vaultcrm:begin") == data.count(b"vaultcrm:end"), what
        elif path == PLAN:
            assert data.startswith(b"<!-- vaultcrm:generated"), what
            assert data.count(OWN_LINES) == 1, what
        elif path == "CRM/follow-ups.ics":
            assert data.endswith(b"END:VCALENDAR\r\n"), what
        else:
            known = path in vaults.people or path.startswith(("CRM/Rescued/", "CRM/Reviews/")) or is_own(path)
            assert known, f"{what}: {path}"


def is_own(path: str) -> bool:
    """Whether a file is a temporary one of ours."""
    return TEMPORARY.fullmatch(path.rpartition("/")[2]) is not None


def assert_recovers(vaults: Vaults, root: Path, what: str) -> None:
    """Done again, it gives what it gives undisturbed, and what was left lying about is gone."""
    vaults.work(root)
    assert contents(root) == vaults.done, what
