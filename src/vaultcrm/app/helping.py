"""What another process does of an index run: it writes what is new in feeds.

``icalendar`` takes as long to load as all else that a run loads. So it is loaded over there, while notes are
read and clients assessed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from vaultcrm.app.outputs import Workshop
from vaultcrm.model.policy import Policy
from vaultcrm.store.blocks import kept_blocks
from vaultcrm.store.helper import Helper, HelperLost

if TYPE_CHECKING:
    from vaultcrm.render.ics import Unwritten  # it loads icalendar

SHARED_FROM = 1000
"""From how many new parts of a feed on it pays to load what writes them here, too."""

_WRITER = "vaultcrm.render.ics"


def prepare(helper: Helper | None, policy: Policy) -> None:
    """Tell a helper what it is going to be asked for."""
    if helper is not None and (policy.paths.feed or policy.feeds):
        helper.prepare(_WRITER)


@contextmanager
def workshop(root: str, helper: Helper | None) -> Iterator[Workshop]:
    """What a vault's outputs are made with, for the time of a ``with``."""
    with kept_blocks(root) as blocks:
        yield Workshop(blocks, None if helper is None else partial(_written, helper))


def _written(helper: Helper, unwritten: Sequence[Unwritten]) -> Sequence[bytes]:
    """What is new in a feed, written by the helper, or half of it; here where there is no helper any more."""
    from vaultcrm.render.feed import written

    own = len(unwritten) // 2 if len(unwritten) >= SHARED_FROM else 0
    helper.ask(_WRITER, "written", tuple(unwritten[own:]))
    begun = written(unwritten[:own]) if own else []
    try:
        return [*begun, *helper.answer()]
    except HelperLost:
        return [*begun, *written(unwritten[own:])]
