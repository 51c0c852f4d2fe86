"""How a vault is to be understood, row by row. This module must not know how that is found out."""

from __future__ import annotations

from vaultcrm.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a mapping: ``key`` in a table means ``meaning``.

    ``table`` is below ``mapping``; ``count`` is the number of notes that it stands for, ``example`` one of
    them, or what one of them says. One that is not ``on`` is only proposed.
    """

    table: str
    key: str
    meaning: str
    count: int
    example: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Proposed:
    """How a vault is to be understood: rows sorted by table and key, and the folder of daily notes.

    ``daily`` is None where no folder looks like one; its ``meaning`` is empty. So is that of a property
    which is not to be read, and of the folders of templates, which are ``ignored``. ``currency`` is what most
    amounts are in that say one.
    """

    rows: tuple[Row, ...] = ()
    daily: Row | None = None
    ignored: tuple[Row, ...] = ()
    currency: Row | None = None
