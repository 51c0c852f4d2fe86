"""What a vault would tell with a configuration that is not written yet: how much is known, and due when.

This module must not know how a configuration is proposed, nor what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vaultcrm.app import runs
from vaultcrm.app.loading import load
from vaultcrm.app.opening import Vault, configured
from vaultcrm.model.diagnostics import Severity
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.overview import Overview


@dataclass(frozen=True, slots=True)
class Outlook:
    """A vault under a configuration that may not be written yet: what it says on a day, and how much.

    ``counts`` are those of clients, people, projects, interactions, feedback, and problems (errors in notes).
    """

    vault: Vault
    overview: Overview
    counts: Mapping[str, int]


def outlook(root: str, config: str | None, day: date) -> Outlook:
    """What the notes of a folder say under a configuration, None for that of a vault without one.

    Nothing is written into the folder.

    Raises:
        UsageError: The configuration is wrong.
    """
    vault = configured(root, None if config is None else config.encode())
    loaded = load(vault, 0, use_cache=False)
    histories = loaded.portfolio.histories
    counts = {
        "clients": len(histories),
        "people": sum(len(each.people) for each in histories),
        "projects": len({one.place for each in histories for one in each.projects}),
        "interactions": len({one.place for each in histories for one in each.interactions}),
        "feedback": len({one.place for each in histories for one in each.feedback}),
        "problems": sum(each.severity is Severity.ERROR for each in loaded.diagnostics),
    }
    return Outlook(vault, runs.assessed(vault, loaded, day), counts)
