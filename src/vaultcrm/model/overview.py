"""Everything computed for one day, which is all that outputs are made of.

This module must not know how anything is computed or shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client
from vaultcrm.model.results import Assessment, Measures, Task
from vaultcrm.model.roster import Roster


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything computed for one day; renderers take this and nothing else.

    ``assessments`` are sorted by the client's name then path; ``tasks`` by due, path, line; ``diagnostics``
    by path, line, column, code.
    ``playbooks`` are the vault's notes on what to do, by the id of a touchpoint or a warning, and by
    ``stage-`` or ``tier-`` with its name.
    """

    day: date
    policy: Policy
    assessments: Roster
    tasks: Sequence[Task]
    measures: Measures
    diagnostics: tuple[Diagnostic, ...]
    notes_read: int = 0
    playbooks: Mapping[str, VaultPath] = field(default_factory=dict)

    def of(self, client: Client) -> Assessment:
        """The assessment of a client; KeyError for a client of another vault."""
        return self.assessments[self.assessments.number_of(client.path)]
