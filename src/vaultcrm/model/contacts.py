"""An entry of an address book, in our own words, before it becomes a note.

This module must not know which file it is from, nor which notes there are.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.frozen import dataclass, field

NOTHING_KNOWN: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person, or a company (``is_company``), as an address book has them.

    ``line`` is where the entry begins in its file. ``organization`` is the company that a person works for,
    empty for none. ``values`` holds by the field of our records (``phone``, ``birthday``), and by the keys of
    `EXTRAS`, what is known: each once, the most important first, dates in our notation. ``dates`` are
    further days of every year with their titles, ``remarks`` lines of text. What a value is good for (home,
    mobile) stands in ``uses``.
    """

    line: int
    name: str
    is_company: bool = False
    organization: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING_KNOWN)
    uses: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    def known(self, name: str) -> tuple[str, ...]:
        """The values of a field."""
        return self.values.get(name, ())


@dataclass(frozen=True, slots=True)
class AddressBook:
    """What a file of contacts says: its entries in their order, and what of it was not taken.

    ``left_out`` counts by name what is never taken (photographs, keys, columns that nobody mapped);
    ``told`` are (line, key of a message, what was read): what could not be read, and what became of it.
    """

    contacts: tuple[Contact, ...]
    left_out: Mapping[str, int]
    told: tuple[tuple[int, str, str], ...] = ()


EXTRAS = ("department", "address", "website", "fax", "categories")
"""What address books have and our records do not: it is kept as properties of the vault's own."""


REACHED_BY = ("email", "phone")
"""What a contact without any name is called by, the first that is there; it stays what it is."""
