"""Some command lines are read twice: without typer, for speed, and by typer, for all else."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from tests.gates.counting import counted
from tests.support.vaults import AS_OF
from vaultcrm.cli.arguments import LINES, line_of
from vaultcrm.cli.commands import command_line, run_command

WORDS = (
    "2026-11-20",
    "My vault",
    "Acme",
    "",
    "=",
    "--",
    "-",
    "-x",
    "-1",
    "x=y",
    "--vaul",
    "--check=1",
    "--json=1",
    "-qq",
    "--help",
    "--days",
    "--edit",
    "index",
)
LEFT_TO_TYPER = {"agenda": {"--days"}, "log": {"--edit"}}
"""Options for which nobody waits, or that take a number."""

ELSEWHERE = {
    "index": [
        ["--help"],
        ["--vault"],
        ["--today", "--check"],
        ["--unknown"],
        ["here"],
        ["-qq"],
        ["--check=1"],
    ],
    "agenda": [["--days", "9"], ["Acme"]],
    "show": [[], ["--json"], ["Acme", "Brix"], ["--", "Acme"]],
    "hook run": [[], ["--strict"], ["pre-commit", "--", "-x"]],
    "log": [[], ["--json"], ["Acme", "--edit"], ["Acme", "-1"], ["Acme", "--", "-1"], ["Acme", "--about"]],
}


def request_of(command: str, arguments: list[str], variables: dict[str, str] | None = None) -> Any:
    """What is asked for, read without typer; None where that is left to typer."""
    line = LINES[command]
    asked = line.read(arguments, variables or {})
    return None if asked is None else import_module(f"vaultcrm.cli.{line.module}").Request(**asked)


def by_typer(command: str, arguments: list[str]) -> Any:
    """What typer makes of a command line; None where it runs nothing."""
    module = import_module(f"vaultcrm.cli.{LINES[command].module}")
    with mock.patch.object(module, "run", return_value=0) as run:
        run_command([*command.split(), *arguments])
    return run.call_args.args[0] if run.called else None


def options_of(command: str) -> dict[str, Any]:
    """What typer knows of a command: its options by name."""
    words = command.split()
    found: Any = typer.main.get_command(command_line(words[0]))
    for word in words:
        found = found.commands[word]
    return {name: each for each in found.params for name in each.opts if name[0] == "-"}


@st.composite
def command_lines(draw: st.DrawFn) -> tuple[str, list[str]]:
    command = draw(st.sampled_from(sorted(LINES)))
    line = LINES[command]
    options = st.sampled_from((*line.flags, *line.values, *line.lists, "--strict"))
    word = st.one_of(
        options, st.sampled_from(WORDS), st.tuples(options, st.sampled_from(WORDS)).map("=".join)
    )
    return command, draw(st.lists(word, max_size=6))


@given(command_lines(), st.sampled_from([None, "", "elsewhere"]))
def test_what_is_read_without_typer_is_what_typer_reads(
    line: tuple[str, list[str]], named: str | None
) -> None:
    command, arguments = line
    variables = {} if named is None else {"VAULTCRM_VAULT": named}
    asked = request_of(command, arguments, variables)
    if asked is not None:
        elsewhere = {name: value for name, value in os.environ.items() if name != "VAULTCRM_VAULT"}
        with mock.patch.dict(os.environ, elsewhere | variables, clear=True):
            assert by_typer(command, arguments) == asked


@pytest.mark.parametrize("command", LINES)
def test_the_table_has_the_options_that_typer_has(command: str) -> None:
    line, known = LINES[command], options_of(command)
    left = {name for name, each in known.items() if name in ("--help", "-h")} | LEFT_TO_TYPER.get(
        command, set()
    )
    assert known.keys() - left == {*line.flags, *line.values, *line.lists}
    for name in known.keys() - left:
        kind = line.flags if known[name].is_flag else line.lists if known[name].multiple else line.values
        assert name in kind


@pytest.mark.parametrize(
    ("command", "option"),
    [(name, each) for name, line in LINES.items() for each in (*line.flags, *line.values, *line.lists)],
)
def test_each_option_is_read_without_typer(command: str, option: str) -> None:
    line = LINES[command]
    words = [*(["Acme"] if line.first else []), *(["hello", "you"] if line.words else [])]
    arguments = [*words, option, *([] if option in line.flags else ["2026-11-20"])]
    asked = request_of(command, arguments)
    assert asked is not None
    assert asked != request_of(command, words)
    assert by_typer(command, arguments) == asked


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(name, each) for name, several in ELSEWHERE.items() for each in several],
)
def test_all_else_is_left_to_typer(command: str, arguments: list[str]) -> None:
    assert request_of(command, arguments) is None


def test_a_command_of_two_words_is_two_words() -> None:
    assert line_of(["hook", "run", "pre-commit"]) == (LINES["hook run"], ["pre-commit"])
    for arguments in ([], ["hook"], ["hook", "status"], ["hook run", "pre-commit"], ["run", "hook"]):
        assert line_of(arguments) == (None, ())


def test_the_last_of_two_values_counts_and_all_of_a_list() -> None:
    assert request_of("index", ["--vault=a", "--vault", "b"]).vault == "b"
    assert request_of("log", ["Acme", "--client", "a", "--client=b"]).clients == ("a", "b")


@pytest.mark.parametrize(
    "words",
    [("index", "--full"), ("agenda",), ("show", "Acme"), ("log", "Acme", "phone: all is well")],
    ids=" ".join,
)
def test_such_a_command_loads_no_typer(words: tuple[str, ...], small_vault: Path, tmp_path: Path) -> None:
    run = counted(tmp_path / "report.json", *words, "--vault", small_vault, "--today", AS_OF)
    assert run.status == 0
    assert run.out
    assert "typer" not in run.modules
    assert "vaultcrm.app.opening" in run.modules
