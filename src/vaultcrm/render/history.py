"""What ``history`` prints: how clients stood on some days, and what moved in between.

This module must not know how a figure came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vaultcrm.model.policy import Policy
from vaultcrm.render.labels import Labels
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import display_width, pad, terminal_text
from vaultcrm.rules.history import Moment, Move, State, moved

BANDS = ("healthy", "watch", "at-risk")
NAME_COLUMN = 26
GAP = "  "
SHORT = 8
"""How many digits of a commit's id are shown."""


def history_text(moments: Sequence[Moment], policy: Policy, labels: Labels, width: int, color: bool) -> str:
    """A line for each day that counts tiers, health and warnings; then who moved, by day."""
    screen = Screen(width, color)
    tiers = tuple(
        tier for tier in policy.tiers.names if any(moment.counts("tier")[tier] for moment in moments)
    )
    head = [_word("day", labels), _word("clients", labels)]
    head += [labels.name("tier", tier) for tier in tiers]
    head += [labels.name("band", band) for band in BANDS]
    rows = [[*head, _word("warnings", labels)]]
    for moment in moments:
        by_tier, by_band = moment.counts("tier"), moment.counts("band")
        counts = [by_tier.total(), *(by_tier[tier] for tier in tiers), *(by_band[band] for band in BANDS)]
        row = [moment.day.isoformat(), *(str(count) for count in counts)]
        rows.append([*row, str(moment.counts("warning").total())])
    lines = list(_table(_with_commits(rows, moments, labels), screen, right=len(head)))
    some = False
    for moment, states in moved(moments):
        if states:
            lines += ["", screen.ink(labels.date(moment.day), "bold")]
            some = True
        for state, moves in states:
            text = labels.joined([_move(each, labels) for each in moves], "clause")
            lines += screen.hanging(f"  {state.name}", text, NAME_COLUMN)
    if not some:
        lines += ["", labels.get("history.none")]
    return "".join(line + "\n" for line in lines)


def client_history_text(moments: Sequence[Moment], labels: Labels, width: int, color: bool) -> str:
    """A line for each day: how one client stood. ``moments`` have nobody but that client."""
    screen = Screen(width, color)
    name = next((state.name for moment in reversed(moments) for state in moment.states), "")
    rows = [[_word(word, labels) for word in ("day", "tier", "stage", "health", "warnings")]]
    for moment in moments:
        row = ["", "", "", labels.get("history.not-yet")]
        for state in moment.states:
            health = f"{state.health} {labels.name('band', state.band)}"
            warnings = labels.joined([labels.name("warning", f"{id_}.name") for id_ in state.warnings])
            row = [labels.name("tier", state.tier), labels.name("stage", state.stage), health, warnings]
        rows.append([moment.day.isoformat(), *row])
    lines = [screen.ink(line, "bold") for line in screen.wrapped(name)]
    lines += _table(_with_commits(rows, moments, labels), screen)
    return "".join(line + "\n" for line in lines)


def history_dict(moments: Sequence[Moment], every: str) -> dict[str, Any]:
    """The same as JSON has it, with every client's state on each day."""
    return {
        "every": every,
        "moments": [
            {
                "day": moment.day.isoformat(),
                "commit": moment.commit,
                "active": moment.counts("tier").total(),
                "by_tier": dict(sorted(moment.counts("tier").items())),
                "by_stage": dict(sorted(moment.counts("stage").items())),
                "by_band": dict(sorted(moment.counts("band").items())),
                "by_warning": dict(sorted(moment.counts("warning").items())),
                "clients": [_state_dict(state) for state in moment.states],
            }
            for moment in moments
        ],
        "moves": [
            {"day": moment.day.isoformat(), "name": state.name, "path": state.path, **move._asdict()}
            for moment, states in moved(moments)
            for state, moves in states
            for move in moves
        ],
    }


def _state_dict(state: State) -> dict[str, Any]:
    return {**state._asdict(), "warnings": list(state.warnings)}


def _move(move: Move, labels: Labels) -> str:
    if move.what == "client":
        return labels.get("history.new" if move.before is None else "history.gone")
    if move.what == "warning":
        name = labels.name("warning", f"{move.after or move.before}.name")
        return labels.get("history.came" if move.before is None else "history.went", name=name)
    group = "band" if move.what == "health" else move.what
    before, after = (labels.name(group, each or "") for each in (move.before, move.after))
    change = labels.get("history.moved", before=before, after=after)
    return change if move.what == "status" else f"{_word(move.what, labels)} {change}"


def _word(key: str, labels: Labels) -> str:
    return labels.get(f"history.{key}")


def _with_commits(rows: list[list[str]], moments: Sequence[Moment], labels: Labels) -> list[list[str]]:
    """The rows with each one's commit behind its day, where there are any."""
    if all(moment.commit is None for moment in moments):
        return rows
    commits = [_word("commit", labels), *((moment.commit or "")[:SHORT] for moment in moments)]
    return [[row[0], commit, *row[1:]] for row, commit in zip(rows, commits, strict=True)]


def _table(rows: list[list[str]], screen: Screen, right: int = 0) -> Iterator[str]:
    """Columns as wide as their widest cell; up to ``right``, but for the first, they are set to the right."""
    cells = [[terminal_text(cell) for cell in row] for row in rows]
    widths = [max(display_width(cell) for cell in column) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        padded = [
            pad(cell, width, right=0 < at <= right)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = GAP.join(padded).rstrip()
        yield screen.ink(line, "bold") if number == 0 else line
