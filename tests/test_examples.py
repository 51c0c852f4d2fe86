"""Five vaults whose values were worked out by hand from the specification: the export has to give them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_cli
from tests.support.vaults import VAULTS, as_of, copy_vault

NAMES = sorted(path.parent.name for path in VAULTS.glob("*/expected_values.json"))

ROWS_ARE_TOLD_APART_BY = {
    "clients": ("path",),
    "touchpoints": ("id", "due"),
    "warnings": ("id",),
    "tasks": ("path", "line"),
}


def differences(expected: Any, actual: Any, where: str = "") -> Iterator[str]:
    """What is wrong in `actual`, one line each. Keys that are not expected are passed over, rows are not."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            place = f"{where}.{key}".lstrip(".")
            if key not in actual:
                yield f"{place}: missing"
            elif key in ROWS_ARE_TOLD_APART_BY and isinstance(value, list) and isinstance(actual[key], list):
                yield from _differences_of_rows(value, actual[key], ROWS_ARE_TOLD_APART_BY[key], place)
            else:
                yield from differences(value, actual[key], place)
        if where.endswith(
            ("_parts", "scores", "by_tier", "by_stage", "referrals")
        ):  # figures of a closed set
            yield from (f"{where}.{key}: not expected" for key in actual.keys() - expected.keys())
    elif not _equal(expected, actual):
        yield f"{where}: expected {expected!r}, is {actual!r}"


def _differences_of_rows(
    expected: list[Any], actual: list[Any], keys: tuple[str, ...], where: str
) -> Iterator[str]:
    rows: dict[tuple[Any, ...], tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for side, listed in enumerate((expected, actual)):
        for row in listed:
            rows[tuple(row.get(key) for key in keys)][side].append(row)
    for name, (wanted, found) in rows.items():
        place = f"{where}[{' '.join(map(str, name))}]"
        if len(wanted) != len(found):
            yield f"{place}: expected {len(wanted)} times, is there {len(found)} times"
        for one, other in zip(wanted, found, strict=False):
            yield from differences(one, other, place)


def _equal(expected: Any, actual: Any) -> bool:
    number = (int, float)
    if isinstance(expected, number) and isinstance(actual, number):
        return type(expected) is bool is type(actual) or (
            bool not in (type(expected), type(actual)) and expected == pytest.approx(actual, abs=1e-6)
        )
    return bool(expected == actual)


@pytest.mark.parametrize("name", NAMES)
def test_example(name: str, tmp_path: Path) -> None:
    vault = copy_vault(name, tmp_path)
    outcome = run_cli("export", "json", "--vault", vault, "--today", as_of(name))
    assert outcome.status == 0, outcome.text()
    expected = json.loads((VAULTS / name / "expected_values.json").read_text(encoding="utf-8"))
    wrong = list(differences(expected, json.loads(outcome.out)))
    assert not wrong, f"{len(wrong)} values are not as worked out:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("actual", "wrong"),
    [
        ({"n": 1.0, "b": True, "tasks": [{"path": "a", "line": 1, "x": None}], "more": 0}, []),
        (
            {"n": 2, "b": 1, "tasks": []},
            [
                "n: expected 1, is 2",
                "b: expected True, is 1",
                "tasks[a 1]: expected 1 times, is there 0 times",
            ],
        ),
        (
            {"n": 1, "tasks": [{"path": "a", "line": 1, "x": 0}, {"path": "a", "line": 2}]},
            [
                "b: missing",
                "tasks[a 1].x: expected None, is 0",
                "tasks[a 2]: expected 0 times, is there 1 times",
            ],
        ),
    ],
)
def test_differences(actual: dict[str, Any], wrong: list[str]) -> None:
    expected = {"n": 1, "b": True, "tasks": [{"path": "a", "line": 1, "x": None}]}
    assert list(differences(expected, actual)) == wrong
