from __future__ import annotations

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, history, project
from tests.support.closed import kept_of
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.results import Assessment, Change, Evidence, Finding
from vaultcrm.model.roster import Roster
from vaultcrm.rules.changes import change_of, changed, changes, moved_by, previous_quarter_end
from vaultcrm.rules.days import work_calendar
from vaultcrm.rules.engine import assess
from vaultcrm.rules.standing import standing

D = day("2026-11-20")


def changes_of(
    told: ClientHistory, policy_name: str = "studio", on: str = "2026-11-20"
) -> tuple[Change, ...]:
    policy = preset(policy_name)
    figures = standing(told, policy, day(on), work_calendar(policy))
    return changes([figures], policy, day(on))


@pytest.mark.parametrize(
    ("on", "since"),
    [
        ("2026-01-01", "2025-12-31"),
        ("2026-03-31", "2025-12-31"),
        ("2026-04-01", "2026-03-31"),
        ("2026-06-30", "2026-03-31"),
        ("2026-09-30", "2026-06-30"),
        ("2026-11-20", "2026-09-30"),
        ("2026-12-31", "2026-09-30"),
    ],
)
def test_the_last_day_of_the_quarter_before(on: str, since: str) -> None:
    assert previous_quarter_end(day(on)) == day(since)


def test_a_new_order_moves_tier_and_stage() -> None:
    told = history(projects=[project("A", start="2026-01-10"), project("B", start="2026-10-01", amount=5000)])
    tier, stage = changes_of(told)
    assert (tier.what, tier.before, tier.after, tier.since) == ("tier", "C", "B", day("2026-09-30"))
    assert (stage.what, stage.before, stage.after) == ("stage", "new", "growing")
    assert tier.finding.numbers["projects"] == (1, 2)
    assert ("Projects/B.md", 3, 1) in tier.finding.places
    assert ("Projects/A.md", 2, 1) not in stage.finding.places


def test_an_order_that_fell_out_of_the_year_is_named() -> None:
    told = history(projects=[project("A", start="2025-11-01", amount=40_000)])
    (tier,) = changes_of(told)
    assert (tier.before, tier.after) == ("B", "C")
    assert tier.finding.numbers["amount-12m"] == (40_000, 0)
    assert tier.finding.evidence[-1].value == (40_000, None)
    assert tier.finding.places == (("Projects/A.md", 3, 1),)


def test_what_happened_on_the_last_day_of_the_quarter_is_no_change() -> None:
    assert (
        changes_of(history(projects=[project("A", start="2026-09-30"), project("B", start="2026-09-30")]))
        == ()
    )


def test_a_pinned_tier_does_not_change() -> None:
    told = history(client(tier="A", stage="core"), [project("A", start="2026-10-01", amount=40_000)])
    assert changes_of(told) == ()


def test_silence_is_a_change_too() -> None:
    told = history(client(since="2026-01-01"), interactions=[contact("2026-08-15", channel="phone")])
    (tier,) = changes_of(told, "retention")
    assert (tier.before, tier.after) == ("growth", "low-activity")
    assert tier.finding.numbers["quiet-days"] == (46, 97)


def test_equal_evidence_has_not_moved() -> None:
    same = Evidence("amount", 1)
    before = Finding("tier", "A", (same, Evidence("order", 2), Evidence("order", 3)))
    after = Finding("tier", "B", (same, Evidence("order", 4)))
    assert moved_by(before, after) == (
        Evidence("order", (None, 4)),
        Evidence("order", (2, None)),
        Evidence("order", (3, None)),
    )


def test_of_a_roster_only_the_clients_that_have_changed_need_to_be_looked_at() -> None:
    told = (
        history(client("Acme"), [project("A", start="2026-01-10")]),
        history(
            client("Bell"), [project("A", start="2026-01-10"), project("B", start="2026-10-01", amount=5000)]
        ),
        history(client("Cole", tier="A"), [project("A", start="2026-10-01")]),
    )
    overview = assess(Portfolio(told), preset(), D)
    assert changed(overview.assessments, preset(), D) == ((1, 0), (1, 1), (2, 0))

    opened: list[int] = []

    def open_again(number: int) -> Assessment:
        opened.append(number)
        return overview.assessments[number]

    roster = Roster([None] * 3, kept_of(overview.assessments), open_again)
    found = [change_of(roster[number], index, preset(), D) for number, index in changed(roster, preset(), D)]
    assert found == list(changes((one.standing for one in overview.assessments), preset(), D))
    assert [(change.client.name, change.what) for change in found] == [
        ("Bell", "tier"),
        ("Bell", "stage"),
        ("Cole", "stage"),
    ]
    assert opened == [1, 2]
