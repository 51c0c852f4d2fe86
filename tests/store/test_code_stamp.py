"""What was kept is told from what other code, or another version of a library, would have made."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from vaultcrm.store import code_stamp as module
from vaultcrm.store.code_stamp import code_stamp


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of libraries on the way that modules are found."""
    folder = tmp_path / "lib" / "site-packages"
    (folder / "holidays-0.1.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "gone" / "site-packages"), str(folder)])
    monkeypatch.setattr(module, "_SEEN", {})
    return folder


def test_it_is_the_same_in_each_run(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_stamp("parse")
    monkeypatch.setattr(module, "_SEEN", {})
    assert code_stamp("parse") == before != code_stamp("none")


def test_another_version_of_a_library_is_another_code(
    libraries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_stamp("parse")
    os.utime(libraries, ns=(1, 1))  # the disk's clock may be slower than this test
    (libraries / "holidays-0.1.dist-info").rename(libraries / "holidays-0.2.dist-info")
    assert code_stamp("parse") == before, "a process runs what it has loaded"
    monkeypatch.setattr(module, "_SEEN", {})
    assert code_stamp("parse") != before
