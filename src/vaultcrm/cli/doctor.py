"""The command that looks after the machine and the vault: doctor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import typer

from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, now_ns, out
from vaultcrm.cli.speech import environment_language, say, texts
from vaultcrm.render.labels import Labels
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import display_width

if TYPE_CHECKING:
    from vaultcrm.doctor import Found  # it loads what calls git

GAP = 2
TABLES = {"paths_table": "[paths]", "feeds_table": "[[feeds]]"}
"""Names of tables in vaultcrm.toml, whose brackets mean something else in a label."""

INKS = {"ok": "green", "note": "yellow", "problem": "red"}


def doctor(vault: VaultOption = None, today: TodayOption = None, json_: JsonOption = False) -> int:
    """Look at the machine, the vault, git and the calendar feeds, and say what to do.

    Nothing is changed. Exit 1 where something has to be mended; what could be better is only told.
    """
    from vaultcrm.doctor import Asked, State, examine

    asked = Asked(
        os.getcwd(),
        vault,
        environment_language(os.environ),
        lambda policy: asked_day(today, policy),
        now_ns(),
    )
    found, labels = examine(asked), texts()
    if json_:
        out().json({"checks": [_as_dict(each, labels) for each in found]})
    else:
        printed = out()
        screen = Screen(printed.width, printed.color)
        printed.text("".join(f"{line}\n" for line in _lines(found, labels, screen)))
    return 1 if any(each.state is State.PROBLEM for each in found) else 0


def _lines(found: tuple[Found, ...], labels: Labels, screen: Screen) -> list[str]:
    """A line or more for each finding, with what to do below it; at the end, how many there are."""
    heads = {state: labels.get(f"doctor.state.{state}") for state in INKS}
    column = GAP + max(map(display_width, heads.values()))
    lines: list[str] = []
    for each in found:
        said, remedy = _told(each, labels)
        lines += screen.hanging(heads[each.state], said, column, INKS[each.state])
        for part in remedy.splitlines():
            lines += [" " * (column + GAP) + line for line in screen.wrapped(part, column + GAP)]
    states = [each.state for each in found]
    counts = {state: states.count(state) for state in ("problem", "note")}  # type: ignore[arg-type]
    key = next((state for state, count in counts.items() if count), "ok")
    return [*lines, "", labels.get(f"doctor.end.{key}", problems=counts["problem"], notes=counts["note"])]


def _told(found: Found, labels: Labels) -> tuple[str, str]:
    """What a finding says, and what to do about it; empty where there is nothing to do."""
    key = f"doctor.{found.check}.{found.what}"
    if found.what == "failed":
        said = labels.get("doctor.failed", name=labels.get(f"doctor.name.{found.check}"))
        return f"{said}{say(str(found.values['why']))}", say(str(found.values["hint"]))
    do, values = f"{key}-do", {**TABLES, **found.values}
    return labels.get(key, **values), labels.get(do, **values) if labels.has(do) else ""


def _as_dict(found: Found, labels: Labels) -> dict[str, Any]:
    said, remedy = _told(found, labels)
    return {
        "id": found.check,
        "state": found.state.value,
        "what": found.what,
        "message": said,
        "remedy": remedy or None,
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(rich_help_panel="Vault")(doctor)
