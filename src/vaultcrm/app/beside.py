"""Which files of a vault are no notes of anybody's: outputs, templates for these, settings.

This module must not read any of them.
"""

from __future__ import annotations

import os

from vaultcrm.model.note import VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.parse.toml_table import CONFIG_NAME
from vaultcrm.store.root import marks_above
from vaultcrm.store.vault import SETTINGS

TEMPLATE_NAME = "dashboard.md.j2"
"""The name of a user's own dashboard template in the folder that ``[paths] dashboard_templates`` names."""


def generated_paths(policy: Policy) -> frozenset[VaultPath]:
    """The files that are written, and so are never read as notes."""
    paths = policy.paths
    own = (paths.dashboard, paths.feed, *(feed.path for feed in policy.feeds))
    return frozenset(path for path in own if path is not None)


def templates_of(policy: Policy) -> tuple[VaultPath, ...]:
    """Where a user's own templates for outputs may stand."""
    folder = policy.paths.dashboard_templates
    return () if folder is None else (os.path.join(folder, TEMPLATE_NAME),)


def files_beside(root: str, policy: Policy, start: str | None) -> tuple[str, ...]:
    """The files beside the notes that bear on an answer, as full paths; some may not be there.

    ``root`` is the vault's folder, ``start`` the one from which it was looked for, None where it was named.
    """
    noted = (policy.paths.policy,) if policy.paths.policy else ()
    inside = (*SETTINGS, CONFIG_NAME, *noted, *sorted(generated_paths(policy)), *templates_of(policy))
    looked_at = () if start is None else marks_above(start)
    return (*(os.path.join(root, path) for path in inside), *looked_at)
