"""The environment in which tests run: the same on every machine, with a home of their own."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

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
# Variables that change what programs print, and when, or where git looks
REMOVED = (
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
    "PYTHONIOENCODING",
    "PYTHONDEVMODE",
    "PYTHONWARNINGS",
    "EDITOR",
    "VISUAL",
    "FORCE_COLOR",
    "PY_COLORS",
    "GITHUB_ACTIONS",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
)


def pin(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Make the environment that of every machine, with this folder for a home."""
    for name, value in PINNED.items():
        patch.setenv(name, value)
    for name, below in HOMES.items():
        patch.setenv(name, str(home / below))
    for name in [*REMOVED, *(name for name in os.environ if name.startswith("VAULTCRM_"))]:
        patch.delenv(name, raising=False)
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()
