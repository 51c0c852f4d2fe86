"""An overview as a later process has it: what is known of each client, and no client."""

from __future__ import annotations

import marshal
from dataclasses import replace
from typing import Any, NoReturn

from vaultcrm.model.overview import Overview
from vaultcrm.model.roster import Kept, Roster


def kept_of(roster: Roster) -> Kept:
    """What is known of clients, as another process reads it."""
    return Kept(*marshal.loads(marshal.dumps(tuple(roster.kept()))))


def parts_of(roster: Roster) -> list[dict[Any, Any]]:
    """The same client by client."""
    kept = kept_of(roster).whole()
    return [
        {name: column[number] for name, column in kept.columns.items()} | {**kept.cells.get(number, {})}
        for number in range(len(roster))
    ]


def closed(what: Overview) -> Overview:
    """The overview with the parts that were asked for until now; whoever looks at a client fails."""

    def refuse(number: int) -> NoReturn:
        raise AssertionError(f"{what.assessments.paths()[number]} was looked at")

    roster = what.assessments
    return replace(what, assessments=Roster([None] * len(roster), kept_of(roster), refuse))
