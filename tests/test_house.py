"""How the code is built, as far as reading it tells. `make lint` looks at imports between floors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.vaults import TESTS

ROOT = TESTS.parent
SOURCE = ROOT / "src" / "vaultcrm"
MODULES = sorted(SOURCE.rglob("*.py"))

MODULE_LINES = 400
FUNCTION_LINES = 40
MADE = {"store/coded.py"}
"""Written by a program, and read by few."""

VAGUE_NAMES = {"utils", "util", "misc", "helpers", "common", "manager", "handler", "data", "info"}

WRITTEN = [ROOT / name for name in ("src", "tests", "docs", "tools", ".github", ".ci", "vault_template")]
WRITTEN += [
    path
    for path in ROOT.iterdir()
    if path.suffix in {".md", ".toml", ".yml", ".yaml"} or path.name == "Makefile"
]
TEXTS = {".py", ".md", ".toml", ".yml", ".yaml", ".session", ".txt", ".json", ".ics", ".sh", ""}

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|Users|root|work|tmp|opt)/[\w.]")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def in_source(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


def public_functions(module: ast.Module) -> Iterator[Function]:
    """Functions of the module, and methods of its classes, that are not private."""
    for node in module.body:
        members = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        yield from (each for each in members if isinstance(each, Function) and not each.name.startswith("_"))


def lines_of_code(function: Function) -> int:
    """Lines from `def` to the end; the docstring does not count, nobody shall save on it."""
    documented = ast.get_docstring(function) is not None
    docstring = function.body[0]
    spared = (docstring.end_lineno or 0) - docstring.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - spared


def is_overload(function: Function) -> bool:
    return any(ast.unparse(decorator).endswith("overload") for decorator in function.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=in_source)
def test_classes_of_values_are_made_as_cheaply_as_they_can_be(path: Path) -> None:
    imported = {
        f"{node.module}.{each.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
    if in_source(path) not in ("model/frozen.py", "model/tuples.py"):
        # a run loads a hundred and fifty of them: `model.frozen` and `model.tuples` have what loads quickly
        assert imported.isdisjoint({"dataclasses.dataclass", "typing.NamedTuple", "collections.namedtuple"})


@pytest.mark.parametrize("path", MODULES, ids=in_source)
def test_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module opens with what it is for and what it must not know"
    assert len(path.read_bytes().splitlines()) < MODULE_LINES or in_source(path) in MADE
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=in_source)
def test_public_functions_are_short_and_documented(path: Path) -> None:
    functions = [function for function in public_functions(tree(path)) if not is_overload(function)]
    undocumented = [function.name for function in functions if not ast.get_docstring(function)]
    long = {
        function.name: lines_of_code(function)
        for function in functions
        if lines_of_code(function) >= FUNCTION_LINES
    }
    assert not undocumented
    assert not long


def test_package_says_that_it_is_typed() -> None:
    assert (SOURCE / "py.typed").exists()


def texts() -> Iterator[Path]:
    for top in WRITTEN:
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and path.suffix in TEXTS and "__pycache__" not in path.parts:
                yield path


def found(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern stands in what was written by hand. Generated and broken bytes do not matter here."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in texts()
        if path != Path(__file__)
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_left_unfinished() -> None:
    assert not found(UNFINISHED)


def test_no_path_of_a_machine() -> None:
    assert not found(MACHINE_PATH)
