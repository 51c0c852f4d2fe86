"""What came of a file of contacts, for the terminal and as JSON's values.

This module must not know how notes are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import terminal_text

LONGEST_READ = 60
"""Characters of what could not be read."""


class Offer(NamedTuple):
    """What could be added to a note, and where the note says something else than the file.

    ``names`` are by field the properties as they are to be written.
    """

    path: str
    name: str
    because: str
    add: Mapping[str, Sequence[str]]
    differs: Mapping[str, tuple[str, str]]
    names: Mapping[str, str] = {}


def offer_lines(offers: Iterable[Offer], labels: Labels) -> Iterator[str]:
    """What a person could add, a note at a time."""
    title = labels.get("cli.import.offers")
    for offer in offers:
        if title:
            yield title
            title = ""
        because = labels.get(f"cli.import.because.{offer.because}")
        yield "  " + labels.get("cli.import.offer", path=offer.path, name=offer.name, because=because)
        for name, values in offer.add.items():
            yield from (f"    + {_named(name, offer, labels)}: {value}" for value in values)
        for name, (here, there) in offer.differs.items():
            named = _named(name, offer, labels)
            yield "    ? " + labels.get("cli.import.differs", name=named, here=here, there=there)


def _named(name: str, offer: Offer, labels: Labels) -> str:
    """A property as the note writes it, or the language's notes."""
    return (
        offer.names.get(name)
        or labels.texts.get(f"import.extra.{name}")
        or labels.texts.get(f"named.{name}", name)
    )


def told_lines(
    told: Iterable[tuple[int, str, str]], left_out: Mapping[str, int], labels: Labels
) -> Iterator[str]:
    """What could not be read, with its line in the file; then what never is taken."""
    for line, key, read in told:
        shown = read if len(read) <= LONGEST_READ else read[: LONGEST_READ - 1] + "…"
        yield labels.get(f"cli.import.told.{key}", line=line, read=terminal_text(shown))
    if left_out:
        words = ", ".join(f"{terminal_text(name)} ({count})" for name, count in left_out.items())
        yield labels.get("cli.import.left-out", names=words)
