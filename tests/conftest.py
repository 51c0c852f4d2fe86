"""What holds for every test: nothing of the machine that it runs on gets in, nothing of the test gets out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.tally import Tally, table, tally_of, totals, write_table
from tests.support.vaults import SMALL_VAULT, write_vault

# The time that an example takes says something about the machine, not about the program.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=200, print_blob=True)
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "long", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

PINNED = {
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "COLUMNS": "80",
    "LINES": "24",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
}
HOMES = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "LOCALAPPDATA": "AppData/Local",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA": "AppData/Local",  # platformdirs asks Windows itself otherwise
}
# Variables that change what programs print or where git looks
REMOVED = (
    "EDITOR",
    "VISUAL",
    "FORCE_COLOR",
    "PY_COLORS",
    "GITHUB_ACTIONS",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, in an environment that is the same on every machine."""
    folder = tmp_path_factory.mktemp("home")
    for name, value in PINNED.items():
        monkeypatch.setenv(name, value)
    for name, below in HOMES.items():
        monkeypatch.setenv(name, str(folder / below))
    for name in [*REMOVED, *(name for name in os.environ if name.startswith("VAULTCRM_"))]:
        monkeypatch.delenv(name, raising=False)
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()
    return folder


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
    """Print the table, and write it where the variable PAGE says, if every test has passed."""
    counted = totals(terminalreporter.stats.get("passed", ()))
    if not counted or terminalreporter.stats.get("failed"):
        return
    terminalreporter.section("faults injected, and survived")
    terminalreporter.write_line(table(counted))
    page = os.environ.get("PAGE")
    if page:
        write_table(Path(page), counted)
