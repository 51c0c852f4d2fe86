"""The command line of ``index`` is read twice: without typer, for speed, and by typer, for all else."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gates.counting import counted
from vaultcrm.cli import vault
from vaultcrm.cli.commands import run_command
from vaultcrm.cli.indexing import FLAGS, VALUES, IndexRequest, index_request

OPTIONS = (*FLAGS, *VALUES)
WORDS = (
    "2026-11-20",
    "My vault",
    "",
    "=",
    "--",
    "-",
    "-x",
    "x=y",
    "--vaul",
    "--check=1",
    "-qq",
    "--help",
    "index",
)


def by_typer(arguments: list[str]) -> IndexRequest | None:
    """What typer makes of a command line; None where it runs nothing."""
    with mock.patch.object(vault, "run_index", return_value=0) as run:
        run_command(arguments)
    return run.call_args.args[0] if run.called else None


words = st.one_of(
    st.sampled_from(OPTIONS),
    st.sampled_from(WORDS),
    st.tuples(st.sampled_from(OPTIONS), st.sampled_from(WORDS)).map("=".join),
)


@given(st.lists(words, max_size=5), st.sampled_from([None, "", "elsewhere"]))
def test_what_is_read_without_typer_is_what_typer_reads(rest: list[str], named: str | None) -> None:
    variables = {} if named is None else {"VAULTCRM_VAULT": named}
    asked = index_request(["index", *rest], variables)
    if asked is not None:
        elsewhere = {name: value for name, value in os.environ.items() if name != "VAULTCRM_VAULT"}
        with mock.patch.dict(os.environ, elsewhere | variables, clear=True):
            assert by_typer(["index", *rest]) == asked


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_is_read_without_typer(option: str) -> None:
    arguments = ["index", option, *(["2026-11-20"] if option in VALUES else [])]
    asked = index_request(arguments, {})
    assert asked is not None
    assert asked != IndexRequest()
    assert by_typer(arguments) == asked


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["index", "--help"],
        ["index", "--vault"],
        ["index", "--today", "--check"],
        ["index", "--unknown"],
        ["index", "here"],
        ["index", "-qq"],
        ["index", "--check=1"],
    ],
)
def test_all_else_is_left_to_typer(arguments: list[str]) -> None:
    assert index_request(arguments, {}) is None


def test_the_last_of_two_values_counts() -> None:
    assert index_request(["index", "--vault=a", "--vault", "b"], {}) == IndexRequest(vault="b")


def test_an_index_run_loads_no_typer(small_vault: Path, tmp_path: Path) -> None:
    run = counted(tmp_path / "report.json", "index", "--full", "--vault", small_vault)
    assert run.status == 0
    assert "typer" not in run.modules
    assert "vaultcrm.app" in run.modules
