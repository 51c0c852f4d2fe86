"""The console script ends as a program should, whenever that is, and has other processes begin early."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.store.places import cache_folder

INTERRUPTED = """
import signal, os, sys
import {module} as module

def pressed(*arguments, **options):
    os.kill(os.getpid(), signal.SIGINT)

module.{function} = pressed
sys.argv = ["vaultcrm", "index"]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("vaultcrm.store.answers", "question"),
        ("vaultcrm.store.helper", "begun"),
        ("vaultcrm.cli.ending", "end_when_told"),
    ],
)
def test_an_interruption_before_the_command_runs_is_no_failure(
    module: str, function: str, tmp_path: Path
) -> None:
    write_vault(tmp_path, SMALL_VAULT)
    code = INTERRUPTED.format(module=module, function=function)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 130
    assert done.stderr == b""


TERMINATED = """
import os, signal, sys
from vaultcrm.cli.answering import Run

def told(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)

Run.keep = told
sys.argv = ["vaultcrm", "index", "--help"]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_to_be_ended_after_the_command_is_no_failure() -> None:
    done = subprocess.run([sys.executable, "-c", TERMINATED], capture_output=True, check=False)
    assert done.returncode == 143
    assert done.stderr == b""


AHEAD = """
import sys
import vaultcrm.store.helper as helper, vaultcrm.store.walking as walking, vaultcrm.store.vault as vault

def refuse(*arguments, **options):
    raise AssertionError("another process walks")

helper.processors = lambda: 2
walking.LARGE = 1
vault.walk_through = refuse
sys.argv = ["vaultcrm", *sys.argv[1:]]
from vaultcrm.entry import main
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no way to copy a process")
@pytest.mark.parametrize(
    "words",
    [("index",), ("agenda",), ("log", "Acme", "phone: all is well", "--dry-run")],
    ids=lambda words: words[0],
)
def test_another_process_walks_through_a_large_vault(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = write_vault(tmp_path / "vault", SMALL_VAULT)
    asked = [*words, "--vault", str(root), "--today", AS_OF]
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    before = run_cli(*asked)
    for kept in Path(cache_folder(str(root))).iterdir():  # else it might be another run's
        os.utime(kept, ns=(0, time.time_ns() - 1_000_000_000))
    done = subprocess.run([sys.executable, "-c", AHEAD, *asked], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, before.out_bytes), done.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are UTF-8 there, whatever the locale")
def test_names_of_notes_are_utf8_in_an_old_locale_too(tmp_path: Path) -> None:
    notes = {
        "vaultcrm.toml": 'language = "zh"\n',
        "Clients/云栖茶业.md": "---\ntype: client\n---\n## Log\n- 2026-11-02 phone: 新茶\n",
        "People/何春.md": "---\ntype: person\nclient: '[[云栖茶业]]'\n---\n",
    }
    old = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    outputs = []
    for folder, more in (("new", {}), ("old", old)):
        vault = write_vault(tmp_path / folder / "vault", notes)
        words = ["index", "--vault", str(vault), "--today", AS_OF]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONIO")}
        done = subprocess.run(
            [sys.executable, "-m", "vaultcrm", *words],
            env=environment | more,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert b"error" not in done.stderr
        outputs.append({path.name: path.read_bytes() for path in sorted((vault / "CRM").iterdir())})
        shown = subprocess.run(
            [sys.executable, "-m", "vaultcrm", "show", "云栖", "--vault", str(vault), "--today", AS_OF],
            env=environment | more,
            capture_output=True,
            check=False,
        )
        assert shown.returncode == 0, shown.stderr
        assert shown.stdout.decode("ascii" if more else "utf-8").startswith(
            "\\u4e91\\u6816" if more else "云栖"
        ), "what is printed is in the letters of the terminal"
    assert outputs[0] == outputs[1]
