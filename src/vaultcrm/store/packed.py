"""The notes of a folder with their stamps, in little room: the names as one text, the stamps as one row.

A hundred thousand texts and numbers of their own take ten times the room, and are long to be compared. This
module must stay cheap to import, and must not know where stamps come from.
"""

from __future__ import annotations

from struct import error, pack

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Stamp = tuple[int, int, int, int]
"""What tells without reading whether a file may have changed: size, mtime and ctime in nanoseconds, inode."""

BETWEEN = "/"
"""Stands between the names of a folder's notes where these are held as one text: it is in no name."""

NUMBERS = 4
"""How many numbers a stamp has."""
STAMP_BYTES = 8 * NUMBERS

Notes = tuple[str, str, bytes]
"""A folder, the names of its notes as one text, and their stamps in a row (see `packed`)."""


def names_in(joined: str) -> list[str]:
    """The names of a folder's notes, of one text."""
    return joined.split(BETWEEN) if joined else []


def stamps_in(numbers: bytes) -> Iterator[Stamp]:
    """The stamps whose numbers stand in a row."""
    each = iter(numbers_in(numbers))
    return zip(each, each, each, each, strict=True)


def numbers_in(numbers: bytes) -> memoryview[int]:
    """The numbers of stamps in a row."""
    return memoryview(numbers).cast("q")


def count_of(numbers: bytes) -> int:
    """How many stamps they are of."""
    return len(numbers) // STAMP_BYTES


def packed(numbers: Sequence[int]) -> bytes:
    """The numbers of stamps in a row, in 8 bytes each, as this machine has them."""
    try:
        return pack(f"{len(numbers)}q", *numbers)
    except error:
        return pack(f"{len(numbers)}q", *map(signed, numbers))


def signed(number: int) -> int:
    """A number in 64 bits with a sign, which inodes may do without."""
    return (number + 2**63) % 2**64 - 2**63


def some(notes: Notes, chosen: Callable[[str], bool]) -> Notes:
    """Those of a folder's notes of whose names this holds."""
    folder, joined, numbers = notes
    names = names_in(joined)
    places = [place for place, name in enumerate(names) if chosen(name)]
    if len(places) == len(names):
        return notes
    left = [numbers[STAMP_BYTES * place : STAMP_BYTES * (place + 1)] for place in places]
    return folder, BETWEEN.join([names[place] for place in places]), b"".join(left)


def stamped(notes: Notes) -> Iterator[tuple[str, Stamp]]:
    """The path of each note of a folder with its stamp."""
    folder, names, numbers = notes
    prefix = below(folder)
    for name, stamp in zip(names_in(names), stamps_in(numbers), strict=True):
        yield prefix + name, stamp


def below(folder: str) -> str:
    """How the paths of what is in a folder begin."""
    return folder + "/" if folder else ""
