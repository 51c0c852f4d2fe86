"""The order in which clients and what goes into their histories stand (specification 3, Conventions).

This module must not know how a history is put together.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.model.note import Place, code_points
from vaultcrm.model.records import Client, Feedback, Interaction, Project, Record


def client_order(client: Client) -> tuple[str, str]:
    """The key that clients are sorted by: name, then path."""
    return code_points(client.name), code_points(client.path)


def record_order(record: Interaction | Feedback) -> tuple[date, Place]:
    """The key that dated records are sorted by: day, path, line; of one day the larger is the later."""
    return record.day, place_order(record)


def project_order(project: Project) -> tuple[date, Place]:
    """The key that projects are sorted by: order day (undated last), path, line."""
    return project.order_day or date.max, place_order(project)


def place_order(record: Record) -> Place:
    """The key that records without a day are sorted by: path, line."""
    place = record.place
    return place if place.path.isascii() else place._replace(path=code_points(place.path))
