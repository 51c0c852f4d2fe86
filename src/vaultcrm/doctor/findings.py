"""What the doctor finds: one value for each thing that was looked at.

This module must not know what is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from vaultcrm.model.frozen import dataclass, field


class State(StrEnum):
    """How a thing is: as it should be, worth a thought, or to be mended."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Found:
    """How one thing is.

    ``check`` is the id of what was looked at, ``what`` says which of its texts tells it: the label
    ``doctor.CHECK.WHAT``, and ``doctor.CHECK.WHAT-do`` where there is something to do. ``values`` go into
    both.
    """

    check: str
    state: State
    what: str
    values: Mapping[str, object] = field(default_factory=dict)


def ok(check: str, what: str = "fine", /, **values: object) -> Found:
    """A thing as it should be."""
    return Found(check, State.OK, what, values)


def note(check: str, what: str, /, **values: object) -> Found:
    """A thing that works, and could do more."""
    return Found(check, State.NOTE, what, values)


def problem(check: str, what: str, /, **values: object) -> Found:
    """A thing that does not work, or not for long."""
    return Found(check, State.PROBLEM, what, values)
