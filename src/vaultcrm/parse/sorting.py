"""The order in which clients and what goes into their histories stand (specification 3, Conventions).

This module must not know how a history is put together.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from vaultcrm.model.records import Client, Feedback, Interaction, Project, Record
from vaultcrm.parse.links import path_order


def name_order(name: str) -> str:
    """The key that names are sorted by: code points of the NFC form."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def client_order(client: Client) -> tuple[str, str]:
    """The key that clients are sorted by: name, then path."""
    return name_order(client.name), path_order(client.path)


def record_order(record: Interaction | Feedback) -> tuple[date, str, int, int]:
    """The key that dated records are sorted by: day, path, line; of one day the larger is the later."""
    return record.day, path_order(record.path), record.place.line, record.place.column


def project_order(project: Project) -> tuple[date, str, int, int]:
    """The key that projects are sorted by: order day (undated last), path, line."""
    day = project.order_day or date.max
    return day, path_order(project.path), project.place.line, project.place.column


def place_order(record: Record) -> tuple[str, int, int]:
    """The key that records without a day are sorted by: path, line."""
    return path_order(record.path), record.place.line, record.place.column
