"""Notes as text, read and joined in memory: what the parse tests share."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import TypeVar

from tests.policies import preset
from vaultcrm.app.runs import read_config
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import (
    Client,
    ClientHistory,
    Feedback,
    Interaction,
    Person,
    Portfolio,
    Project,
    Reading,
)
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.portfolio import join_readings

Told = tuple[Diagnostic, ...]
Kind = TypeVar("Kind", Client, Person, Project, Interaction, Feedback)

FOLDERS = {
    "client": "Clients",
    "person": "People",
    "project": "Projects",
    "interaction": "Interactions",
    "feedback": "Feedback",
}


def policy(config: str = "", name: str = "studio") -> Policy:
    """A preset's policy with lines of configuration."""
    return preset(name, dedent(config))


def read(
    text: str | bytes, path: str = "Clients/Acme.md", under: Policy | None = None
) -> tuple[Reading, Told]:
    """What a note says; texts are dedented."""
    data = text if isinstance(text, bytes) else dedent(text).encode()
    return read_file(SourceFile(path, data), read_config(under or policy()))


def properties(
    kind: type[Kind], lines: str, path: str = "", under: Policy | None = None
) -> tuple[Kind, Told]:
    """The record that front-matter lines make, in a note that lies in its kind's folder."""
    name = kind.__name__.lower()
    front = dedent(lines).strip("\n")
    reading, told = read(f"---\n{front}\n---\n", path or f"{FOLDERS[name]}/Acme.md", under)
    assert isinstance(reading.record, kind), told
    return reading.record, told


def of(kind: type[Kind], lines: str, path: str = "", under: Policy | None = None) -> Kind:
    """`properties` of a note with which nothing is wrong."""
    record, told = properties(kind, lines, path, under)
    assert told == (), [str(each.place) + each.message for each in told]
    return record


def joined(files: Mapping[str, str], under: Policy | None = None) -> tuple[Portfolio, Told]:
    """The portfolio of some notes, and all that is told of them."""
    under = under or policy()
    found = [read(text, path, under) for path, text in files.items()]
    portfolio, more = join_readings([reading for reading, _ in found], under)
    return portfolio, (*(each for _, told in found for each in told), *more)


def history(files: Mapping[str, str], name: str = "Acme", under: Policy | None = None) -> ClientHistory:
    """The history of one client of some notes with which nothing is wrong."""
    portfolio, told = joined(files, under)
    assert told == (), [f"{each.place} {each.message}" for each in told]
    return next(each for each in portfolio.histories if each.client.name == name)


def codes(told: Told) -> list[str]:
    """The codes of what was told."""
    return [each.code for each in told]


def places(told: Told) -> list[str]:
    """Where and what, as `Clients/Acme.md:2:9 bad-date 2026-02-30`."""
    return [f"{each.place} {each.code} {each.read}".rstrip() for each in told]
