"""Clients as they stand on a day, for the tests of rules that build on that."""

from __future__ import annotations

from datetime import date, timedelta

from tests.policies import preset
from tests.rules.builders import day
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.results import Assessment, Occurrence, Standing
from vaultcrm.rules.days import work_calendar
from vaultcrm.rules.engine import assess
from vaultcrm.rules.standing import standing
from vaultcrm.rules.tasks import open_tasks
from vaultcrm.rules.touchpoints import occurrences
from vaultcrm.rules.warnings import client_warnings

D = day("2026-11-20")  # a Friday


def ago(days: int, on: date = D) -> date:
    """So many days before; negative: after."""
    return on - timedelta(days=days)


def stand(told: ClientHistory, policy: Policy | None = None, on: date = D) -> Standing:
    """How a client stands, by the studio's policy unless told otherwise."""
    chosen = policy or preset()
    return standing(told, chosen, on, work_calendar(chosen))


def assessed(*told: ClientHistory, policy: Policy | None = None, on: date = D) -> tuple[Assessment, ...]:
    """All that is computed of some clients, in the order given."""
    return assess(Portfolio(told), policy or preset(), on).assessments


def occurring(
    told: ClientHistory, policy: Policy | None = None, planned: date | None = None, on: date = D
) -> tuple[Occurrence, ...]:
    """The occurrences of all touchpoint rules, dropped ones too."""
    chosen = policy or preset()
    return occurrences(stand(told, chosen, on), chosen, planned, open_tasks(told, chosen, on))


def found(
    told: ClientHistory, id_: str, policy: Policy | None = None, planned: date | None = None
) -> list[Occurrence]:
    """The occurrences of a touchpoint rule, dropped ones too."""
    return [each for each in occurring(told, policy, planned) if each.id == id_]


def due(
    told: ClientHistory, id_: str, policy: Policy | None = None, planned: date | None = None
) -> list[date]:
    """When the occurrences of a touchpoint rule are due that are not dropped."""
    return [each.due for each in found(told, id_, policy, planned) if not each.missed]


def severities(told: ClientHistory, policy: Policy | None = None, on: date = D) -> dict[str, str]:
    """The client's warnings by id, with their severity."""
    chosen = policy or preset()
    found = client_warnings(stand(told, chosen, on), chosen)
    assert len({warning.id for warning in found}) == len(found)
    return {warning.id: warning.severity for warning in found}
