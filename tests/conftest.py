"""What holds for every test: nothing of the machine that it runs on gets in, nothing of the test gets out."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.surroundings import pin
from tests.support.tally import Tally, table, tally_of, totals, write_table
from tests.support.vaults import SMALL_VAULT, write_vault

# The time that an example takes says something about the machine, not about the program.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=200, print_blob=True)
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "long", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


# Whoever runs the tests in the background has signals ignored, and so would all programs that these run.
# What is caught here is not ignored there.
for _name in ("SIGINT", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda number, frame: None)


@pytest.fixture(scope="session")
def untouched_homes() -> list[Path]:
    """Homes into which no test has put anything: thousands need none, and making folders takes its time."""
    return []


@pytest.fixture(autouse=True)
def home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, untouched_homes: list[Path]
) -> Iterator[Path]:
    """A home of the test's own, in an environment that is the same on every machine."""
    folder = untouched_homes.pop() if untouched_homes else tmp_path_factory.mktemp("home")
    pin(monkeypatch, folder)
    yield folder
    if folder.is_dir() and not any(folder.iterdir()):
        untouched_homes.append(folder)


MakeVault = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def make_vault(tmp_path: Path) -> MakeVault:
    """Writes notes (path: dedented text, or bytes) into the test's vault and returns its folder."""
    return lambda files: write_vault(tmp_path / "vault", files)


@pytest.fixture
def small_vault(make_vault: MakeVault) -> Path:
    """A vault without a fault: one client with a person, a project and a log."""
    return make_vault(SMALL_VAULT)


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """Counts the faults that a test has injected; to be called once it has survived them."""
    return tally_of(record_property)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table; if every test has passed, write it where the variable PAGE says, too."""
    counted = totals(terminalreporter.stats.get("passed", ()))
    if not counted:
        return
    terminalreporter.section("faults injected, and survived")
    terminalreporter.write_line(table(counted))
    page = os.environ.get("PAGE")
    if page and not terminalreporter.stats.get("failed"):
        write_table(Path(page), counted)
