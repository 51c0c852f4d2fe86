"""What is installed is all that is needed: data files too."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.vaults import TESTS, contents
from vaultcrm import __version__

ROOT = TESTS.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    """The files of the wheel."""
    (path,) = built.glob("*.whl")
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_has_all_files_of_the_package(wheel: dict[str, bytes]) -> None:
    package = contents(ROOT / "src" / "vaultcrm")
    wanted = {f"vaultcrm/{path}": data for path, data in package.items() if not path.endswith(".pyc")}
    wanted |= {f"vaultcrm/vault_template/{path}": data for path, data in _templates().items()}
    assert {path: wheel.get(path) for path in wanted} == wanted
    assert "vaultcrm/py.typed" in wheel


def test_the_wheel_has_nothing_else(wheel: dict[str, bytes]) -> None:
    about = f"vaultcrm-{__version__}.dist-info/"
    assert {name for name in wheel if not name.startswith(("vaultcrm/", about))} == set()
    assert {name for name in wheel if name.endswith((".pyc", ".pyo"))} == set()
    assert f"{about}licenses/LICENSE" in wheel


def test_the_wheel_says_what_it_needs(wheel: dict[str, bytes]) -> None:
    about = f"vaultcrm-{__version__}.dist-info/"
    told = Parser().parsestr(wheel[f"{about}METADATA"].decode())
    assert told["Requires-Python"] == ">=3.11"
    assert {
        each
        for each in PYTHONS
        if f"Programming Language :: Python :: {each}" in told.get_all("Classifier", [])
    } == set(PYTHONS)
    assert {"serve", "publish", "import"} <= set(told.get_all("Provides-Extra", []))
    entries = ConfigParser()
    entries.read_string(wheel[f"{about}entry_points.txt"].decode())
    assert dict(entries["console_scripts"]) == {"vaultcrm": "vaultcrm.entry:main"}


def test_the_source_has_all_that_is_in_the_repository(built: Path) -> None:
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode or not (ROOT / ".git").exists():
        pytest.skip("this is no clone of the repository")
    tracked = {name for name in asked.stdout.decode().split("\0") if name and (ROOT / name).exists()}
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked - shipped == set()
    assert shipped - tracked <= {"PKG-INFO"} | _untracked()


def _templates() -> dict[str, bytes]:
    return contents(ROOT / "vault_template")


def _untracked() -> set[str]:
    """What somebody is just writing."""
    asked = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    return set(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0"))
