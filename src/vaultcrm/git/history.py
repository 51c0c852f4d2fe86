"""How clients stood on past days: from the notes as they stand, or as they stood in past commits.

This module must not know how a figure comes about, nor how anything is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vaultcrm.app.finding import find_among
from vaultcrm.app.loading import load, load_with
from vaultcrm.app.opening import Vault
from vaultcrm.errors import UsageError
from vaultcrm.model.frozen import replace
from vaultcrm.model.records import Client, Portfolio
from vaultcrm.rules.history import Moment, moment
from vaultcrm.store.cache import Remembered
from vaultcrm.store.git import Commit, Repository, relation
from vaultcrm.store.snapshot import Snapshot


def history(vault: Vault, days: Sequence[date], now_ns: int, client: str | None) -> tuple[Moment, ...]:
    """How clients stood on some days, computed from the notes as they stand.

    Args:
        vault: The vault.
        days: The days, ascending.
        now_ns: The time of the run.
        client: Only this one, as a person names it; None: all.

    Raises:
        UsageError: No client, or several, are called so.
    """
    portfolio = _only(load(vault, now_ns).portfolio, client)
    return tuple(moment(portfolio, vault.policy, day, known_by=days[-1]) for day in days)


def committed_history(
    vault: Vault, repository: Repository, days: Sequence[date], now_ns: int, client: str | None
) -> tuple[Moment, ...]:
    """The same from the notes as they stood: on each day those of the last commit up to its end.

    The policy is the one in force now, so that what moves are the notes. Days before the first commit are
    left out. Of a branch that was merged the merge counts.

    Raises:
        UsageError: There is no commit by the last day; or no client, or several, are called so.
    """
    found: list[tuple[date, str, Portfolio]] = []
    below, _ = relation(vault.root, repository.top)
    commits = repository.commits(below) if repository.has_commits() else []
    memory = Remembered()
    for day in days:
        commit = _last(commits, day, vault.policy.timezone)
        if commit is None:
            continue
        if found and found[-1][1] == commit:
            found.append((day, commit, found[-1][2]))
            continue
        with Snapshot(vault.root, repository, commit) as snapshot:
            portfolio = load_with(lambda: memory, replace(vault, snapshot=snapshot), now_ns).portfolio
        found.append((day, commit, portfolio))
    if not found:
        raise UsageError(
            "no commit has this vault's notes by that day", "commit them, or leave --commits out"
        )
    named = _path_of((portfolio for _, _, portfolio in found), client)
    return tuple(
        moment(_with_path(portfolio, named), vault.policy, day, commit) for day, commit, portfolio in found
    )


def _last(commits: Iterable[Commit], day: date, timezone: str | None) -> str | None:
    """The last commit that was made by the end of a day."""
    zone = ZoneInfo(timezone) if timezone else None
    end = datetime.combine(day + timedelta(days=1), time(), zone).timestamp()
    return next((commit.oid for commit in reversed(list(commits)) if commit.seconds < end), None)


def _only(portfolio: Portfolio, client: str | None) -> Portfolio:
    return _with_path(portfolio, _path_of([portfolio], client))


def _path_of(portfolios: Iterable[Portfolio], client: str | None) -> Client | None:
    """The client that a person means, in the latest portfolio that has it."""
    if client is None:
        return None
    latest: dict[str, Client] = {}
    for portfolio in portfolios:
        latest |= {each.client.path: each.client for each in portfolio.histories}
    return find_among(latest.values(), client)


def _with_path(portfolio: Portfolio, client: Client | None) -> Portfolio:
    """Only one client, known by its note's path, or by its name before the note was renamed."""
    if client is None:
        return portfolio
    by_path = tuple(each for each in portfolio.histories if each.client.path == client.path)
    by_name = tuple(each for each in portfolio.histories if each.client.name == client.name)
    return Portfolio((by_path or by_name)[:1])
