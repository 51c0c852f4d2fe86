"""A command loads its own module; each module's commands are those that the table names."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import typer

from tests.gates.counting import counted
from tests.support.command import run_cli
from vaultcrm.cli.commands import GROUPS, command_line


@pytest.mark.parametrize(("module", "commands"), GROUPS)
def test_the_table_names_each_command(module: str, commands: tuple[str, ...]) -> None:
    app = typer.Typer()
    import_module(f"vaultcrm.cli.{module}").add_commands(app)
    found = [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]
    found += [each.name for each in app.registered_groups]
    assert sorted(found) == sorted(commands)


@pytest.mark.parametrize("command", [command for _, commands in GROUPS for command in commands])
def test_a_command_alone_says_of_itself_what_it_says_among_all(command: str) -> None:
    alone = run_cli(command, "--help")
    assert alone.status == 0
    assert f"Usage: vaultcrm {command}" in alone.out


def test_help_lists_every_command() -> None:
    listed = {line.split()[0] for line in run_cli("--help").out.splitlines() if line.strip()}
    hidden = {each.name for each in command_line().registered_commands if each.hidden}
    assert listed.issuperset({command for _, commands in GROUPS for command in commands} - hidden)


def test_an_unknown_command_is_told_with_the_nearest() -> None:
    done = run_cli("agend")
    assert done.status == 2
    assert "agenda" in done.err


def test_a_command_loads_no_other_s_module(tmp_path: Path) -> None:
    loaded = counted(tmp_path / "report.json", "agenda", "--help").modules
    groups = {f"vaultcrm.cli.{module}" for module, _ in GROUPS}
    assert loaded & groups == {"vaultcrm.cli.look"}
    assert "icalendar" not in loaded
    assert "yaml" not in loaded
