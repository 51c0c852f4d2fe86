"""A whole run that writes outputs, regions and properties goes wrong at each of its calls.

Whatever happens: no byte of people's text is lost or changed, no file is half, no temporary file stays that
is not swept, and the next run gives the bytes of an undisturbed one.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from tests.faults.injection import (
    INTERRUPTIONS,
    KILLS,
    REFUSALS,
    Fault,
    Interruption,
    fault_at,
    in_a_process,
)
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm import app, edits, upkeep
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.parse.splice import set_properties
from vaultcrm.store.files import STALE_NS

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="system calls of POSIX"),
    # an interruption leaves open what it falls into; the process would end now
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

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
REGIONS = re.compile(rb"(<!-- vaultcrm:begin [^>]*-->).*?<!-- vaultcrm:end[^>]*-->", re.DOTALL)


class Vaults:
    """Copies of one vault, and what it looks like after some work that nothing disturbs.

    ``work`` may be done again after it was broken off.
    """

    def __init__(self, folder: Path, work: Callable[[Path], object]) -> None:
        self.folder, self.home, self.work = folder, Path(os.environ["HOME"]), work
        self.people = contents(write_vault(folder / "master", VAULT))
        root = self.fresh()
        work(root)
        self.done = contents(root)

    def fresh(self) -> Path:
        """A copy as it is before any run, with nothing kept of other runs."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.folder / "vault", ignore_errors=True)
        return Path(shutil.copytree(self.folder / "master", self.folder / "vault"))


def index(root: Path, now_ns: int = NOW) -> app.Indexed:
    return app.index(app.open_vault(str(root), str(root)), DAY, now_ns)


def edit(root: Path, now_ns: int = NOW) -> None:
    """Each of the edits that a person can ask for, then a run."""
    vault = app.open_vault(str(root), str(root))
    with suppress(UsageError):  # it is done already
        edits.tick_tasks(vault, ["send the quote"], DAY, now_ns)
    edits.snooze(vault, ["Acme", "2w"], DAY, now_ns)
    edits.write_back(vault, DAY, now_ns)
    index(root, now_ns)
    edits.take_back(vault)


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
        if path == "CRM/Dashboard.md":
            assert data.startswith(b"<!-- vaultcrm:generated"), what
            assert data.count(b"vaultcrm:begin") == data.count(b"vaultcrm:end"), what
        elif path == "CRM/follow-ups.ics":
            assert data.endswith(b"END:VCALENDAR\r\n"), what
        else:
            assert path in vaults.people or path.startswith("CRM/Rescued/") or _is_own(path), (
                f"{what}: {path}"
            )


def _is_own(path: str) -> bool:
    return (
        re.fullmatch(
            r"\.vaultcrm-[0-9a-f]{16}(\.tmp|-[0-9a-f]{16}-[0-9a-f]{16}\.swap)", path.rpartition("/")[2]
        )
        is not None
    )


def assert_recovers(vaults: Vaults, root: Path, what: str) -> None:
    """Done again, it gives what it gives undisturbed; temporary files are swept once they are old."""
    vaults.work(root)
    found = contents(root)
    strays = [path for path in found if _is_own(path)]
    assert {path: data for path, data in found.items() if path not in strays} == vaults.done, what
    assert len(strays) <= 2, f"{what}: {strays}"
    if strays:
        vaults.work(root, time.time_ns() + 2 * STALE_NS)  # type: ignore[call-arg]
        assert contents(root) == vaults.done, what


def go_wrong(vaults: Vaults, fault: Fault, number: int, *, warm: bool = False) -> bool:
    """One run that goes wrong at one call; whether there was such a call."""
    root = vaults.fresh()
    if warm:
        app.load(app.open_vault(str(root), str(root)), NOW)
    status, made = 0, [""] * number
    if fault in KILLS:

        def work() -> None:
            with fault_at(number, fault):
                vaults.work(root)

        status = in_a_process(work)
        reached = status == 9
    else:
        with fault_at(number, fault) as made:
            try:
                vaults.work(root)
            except (Interruption, VaultcrmError):
                status = 3
        reached = len(made) >= number
    what = f"{fault.name} at call {number} ({made[-1] if made else '?'})"
    assert status in (0, 3, 9), what
    if fault in REFUSALS:
        assert not [path for path in contents(root) if _is_own(path)], f"{what}: a temporary file stayed"
    assert_nothing_lost(vaults, root, what)
    assert_recovers(vaults, root, what)
    return reached


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in memory, where there is one, with a home in it: thousands of runs need no real disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory)) if os.access(memory, os.W_OK) else tmp_path
    for name, below in (("HOME", ""), ("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(name, str(folder / "home" / below))
    yield folder
    shutil.rmtree(folder)


FAULTS = (*REFUSALS, *INTERRUPTIONS, *KILLS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("work", [index, edit], ids=lambda work: work.__name__)
def test_it_goes_wrong_here_and_there(quick: Path, fault: Fault, work: Callable[[Path], object]) -> None:
    """The short form: some of the calls, other ones for each fault."""
    vaults = Vaults(quick, work)
    numbers = range(1 + 5 * FAULTS.index(fault), 330, 53)
    assert all(go_wrong(vaults, fault, number) for number in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("work", [index, edit], ids=lambda work: work.__name__)
def test_it_goes_wrong_at_each_of_its_calls(
    quick: Path, fault: Fault, work: Callable[[Path], object], warm: bool
) -> None:
    vaults = Vaults(quick, work)
    number = 1
    while go_wrong(vaults, fault, number, warm=warm):
        number += 1
    assert number > 300
