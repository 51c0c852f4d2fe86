"""What the page about watching shows is what systemd and launchd take, and the command it starts is one."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import TESTS

PAGE = TESTS.parent / "docs" / "watching.md"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return str(found)


def unit() -> ConfigParser:
    read = ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(block("ini"))
    return read


def command(*words: str) -> None:
    program, *arguments = words
    assert program.endswith("/bin/vaultcrm")
    assert arguments[:2] == ["watch", "--vault"]
    assert run_cli("watch", "--vault", "/none/such").status == 3


def test_the_unit_starts_the_command_and_ends_with_its_statuses() -> None:
    service = unit()["Service"]
    command(*service["ExecStart"].split())
    assert service["SuccessExitStatus"] == "130 143"
    assert service["RestartPreventExitStatus"] == "2"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = block("ini").replace("%h/.local/bin/vaultcrm", sys.executable)
    file = tmp_path / "vaultcrm.service"
    file.write_text(text, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert [line for line in checked.stderr.splitlines() if "vaultcrm" in line] == []
    assert checked.returncode == 0, checked.stderr


def test_launchd_s_agent_is_a_property_list() -> None:
    agent = plistlib.loads(block("xml").encode())
    command(*agent["ProgramArguments"])
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["ThrottleInterval"] >= 10
