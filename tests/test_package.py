"""What is installed is all that is needed: data files too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.support.vaults import TESTS, contents

ROOT = TESTS.parent


def test_wheel_ships_all_files(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    wanted = {f"vaultcrm/{path}" for path in contents(ROOT / "src" / "vaultcrm") if not path.endswith(".pyc")}
    wanted |= {f"vaultcrm/vault_template/{path}" for path in contents(ROOT / "vault_template")}
    assert wanted - shipped == set()
    assert "vaultcrm/py.typed" in shipped
