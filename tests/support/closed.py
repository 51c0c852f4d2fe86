"""An overview as a later process has it: what is known of each client, and no client."""

from __future__ import annotations

import marshal
from dataclasses import replace
from typing import NoReturn

from vaultcrm.model.results import Overview
from vaultcrm.model.roster import Roster


def closed(what: Overview) -> Overview:
    """The overview with the parts that were asked for until now; whoever looks at a client fails."""

    def refuse(number: int) -> NoReturn:
        raise AssertionError(f"{what.assessments.paths()[number]} was looked at")

    parts = marshal.loads(marshal.dumps(what.assessments.parts()))
    return replace(what, assessments=Roster([None] * len(parts), parts, refuse))
