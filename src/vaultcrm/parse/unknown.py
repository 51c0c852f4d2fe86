"""What a record names that the policy does not know: a tier, or a currency without a rate.

This module must not know how a record is read, nor what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.policy import Policy, TierScheme
from vaultcrm.model.records import Client, Project, Record
from vaultcrm.parse.vocabulary import fold


def unknown_in(record: Record, policy: Policy) -> Iterator[Diagnostic]:
    """What a client or a project names that the policy does not know, of the client's own projects, too."""
    if isinstance(record, Client):
        yield from _tier(record, policy)
        for project in record.projects:
            yield from _currency(project, policy)
    elif isinstance(record, Project):
        yield from _currency(record, policy)


def tier_words(scheme: TierScheme) -> dict[str, str]:
    """The words, folded, by which tiers may be called, and the tier that each means."""
    return {fold(word): tier.name for tier in scheme.tiers for word in (tier.name, *tier.aliases)}


def _tier(client: Client, policy: Policy) -> Iterator[Diagnostic]:
    tiers = policy.tiers
    if client.tier is None:
        return
    if fold(client.tier) not in tier_words(tiers):
        yield Diagnostic("unknown-tier", client.at("tier"), client.tier, "tier", tiers.names)


def _currency(project: Project, policy: Policy) -> Iterator[Diagnostic]:
    money = project.amount
    if money is not None and money.currency not in (None, policy.currency, *policy.rates):
        yield Diagnostic("unknown-currency", project.at("amount"), str(money.currency), "amount")
