"""Notes in the folder of one client: ``Clients/Acme/Acme contract.md`` beside ``Clients/Acme/Acme.md``.

A kind's folder holds for all below it (specification 2), so each such note is a client of its own unless it
says otherwise; whoever keeps a folder for each client seldom means that. It must not know what is told of it.
"""

from __future__ import annotations

from collections.abc import Container

from vaultcrm.model.frozen import replace
from vaultcrm.model.note import Note, VaultPath
from vaultcrm.model.records import Client
from vaultcrm.parse.kinds import kind_of
from vaultcrm.parse.readers import ReadConfig

SAYS_ITSELF = "type"
"""What the lines of a client's note name where the note says itself that it is one."""


def says_its_kind(note: Note, config: ReadConfig) -> bool:
    """Whether a note would be one of ours wherever it lay."""
    return kind_of(replace(note, path=note.path.rpartition("/")[2]), config)[0] is not None


def note_of_its_folder(
    client: Client, clients: Container[VaultPath], mapped: Container[str]
) -> VaultPath | None:
    """The client in whose folder another one seems to lie that says nothing of itself; None for most.

    ``mapped`` are the folders that the configuration maps to a kind: a note that is called as one of these is
    about all that lies in it.
    """
    folder = client.path.rpartition("/")[0]
    if client.lines or "/" not in folder or folder in mapped:
        return None
    name = folder.rpartition("/")[2]
    found = (path for path in (f"{folder}/{name}.md", f"{folder}.md") if path in clients)
    return next((path for path in found if path != client.path), None)
