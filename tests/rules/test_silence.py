from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, project
from tests.rules.standings import D, ago, severities, stand
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Mute
from vaultcrm.rules.warnings import client_warnings

RETENTION = preset("retention", workdays=frozenset(range(7)))
STUDIO = preset(workdays=frozenset(range(7)))
SILENT_IDS = {"silent", "silent-after-project", "inactive", "drifting", "small-client-forgotten"}


def silence(told: ClientHistory, policy: Policy = STUDIO, on: date = D) -> dict[str, str]:
    """The silences that are told, with their severity."""
    return {id_: severity for id_, severity in severities(told, policy, on).items() if id_ in SILENT_IDS}


class TestSilent:
    @pytest.mark.parametrize(("days", "told"), [(13, False), (14, True), (100, True)])
    def test_a_whole_interval_beyond_the_due_day(self, days: int, told: bool) -> None:
        found = silence(history(client(cadence=7), interactions=[contact(ago(days))]))
        assert found == ({"silent": "medium"} if told else {})

    @pytest.mark.parametrize(("tier", "severity"), [("A", "high"), ("B", "high"), ("C", "medium")])
    def test_high_for_the_top_two_tiers(self, tier: str, severity: str) -> None:
        found = silence(history(client(cadence=7, tier=tier), interactions=[contact(ago(14))]))
        assert found == {"silent": severity}

    def test_tells_how_long_and_where_the_last_contact_is(self) -> None:
        told = history(client(cadence=7, channel="phone"), interactions=[contact(ago(20))])
        (warning,) = client_warnings(stand(told, STUDIO), STUDIO)
        numbers = warning.finding.numbers
        assert (numbers["overdue"], numbers["since_last"], numbers["interval_days"]) == (13, 20, 7)
        assert str(warning.finding.places[0]) == "Interactions/2026-10-31 contact.md:1:1"

    def test_never_contacted_but_known_for_long(self) -> None:
        assert silence(history(client(since=ago(100)))) == {"silent": "medium"}


class TestSilentAfterProject:
    def told(self, delivered: int, *interactions: Any, order: bool = False) -> dict[str, str]:
        done = project(start=ago(delivered + 9), delivered=ago(delivered), order=order)
        # nothing is overdue: the cadence is long
        return silence(history(client(cadence=400, tier="B"), projects=[done], interactions=interactions))

    @pytest.mark.parametrize(("days", "told"), [(30, False), (31, True), (365, True), (366, False)])
    def test_more_than_thirty_days_and_at_most_a_year_ago(self, days: int, told: bool) -> None:
        assert self.told(days) == ({"silent-after-project": "high"} if told else {})

    def test_a_contact_after_that_day_ends_it(self) -> None:
        assert self.told(40, contact(ago(40))) != {}
        assert self.told(40, contact(ago(39))) == {}
        assert self.told(40, contact(ago(39), kind="newsletter")) != {}

    def test_orders_too(self) -> None:
        assert self.told(40, order=True) != {}

    def test_not_of_what_does_not_count(self) -> None:
        done = project(start=ago(90), delivered=ago(40), status="cancelled")
        assert silence(history(client(cadence=400), projects=[done])) == {}


class TestInactive:
    @pytest.mark.parametrize(
        ("cadence", "days", "told"), [(10, 29, False), (10, 30, True), (20, 39, False), (20, 40, True)]
    )
    def test_nothing_from_them_for_thirty_days_or_two_intervals(
        self, cadence: int, days: int, told: bool
    ) -> None:
        talks = [contact(ago(days), channel="phone"), contact(D)]
        found = silence(history(client(cadence=cadence, tier="growth"), interactions=talks), RETENTION)
        assert found == ({"inactive": "medium"} if told else {})

    def test_an_order_or_feedback_is_from_them(self) -> None:
        of = client(cadence=10, tier="growth")
        talks = [contact(ago(90), direction="in"), contact(D)]
        assert silence(history(of, interactions=talks), RETENTION) != {}
        assert silence(history(of, interactions=talks, feedback=[feedback(ago(9))]), RETENTION) == {}
        order = project(order=True, signed=ago(9))
        assert silence(history(of, interactions=talks, projects=[order]), RETENTION) == {}

    def test_counts_from_the_first_record_where_nothing_ever_came(self) -> None:
        for since, told in ((30, True), (29, False)):
            of = client(cadence=10, tier="growth", since=ago(since))
            assert bool(silence(history(of, interactions=[contact(D)]), RETENTION)) is told

    def test_not_for_the_lowest_tier_nor_in_other_policies(self) -> None:
        talks = [contact(ago(90), channel="phone"), contact(D)]
        assert silence(history(client(cadence=10, tier="low-activity"), interactions=talks), RETENTION) == {}
        assert silence(history(client(cadence=10, tier="A"), interactions=talks)) == {}


class TestDrifting:
    def told(self, *days: int, cadence: int = 300) -> dict[str, str]:
        talks = [contact(ago(n), path=f"{index}.md") for index, n in enumerate(days)]
        return silence(history(client(cadence=cadence), interactions=talks))

    @pytest.mark.parametrize(("since", "told"), [(20, False), (21, True), (119, True), (120, False)])
    def test_more_than_twice_and_less_than_twelve_times_the_median(self, since: int, told: bool) -> None:
        found = self.told(*(since + 10 * n for n in range(5)))
        assert found == ({"drifting": "medium"} if told else {})

    def test_needs_five_contacts_on_two_days(self) -> None:
        assert self.told(21, 31, 41, 51) == {}
        assert self.told(21, 21, 21, 21, 31) != {}
        assert self.told(21, 21, 21, 21, 21) == {}

    def test_only_the_last_twelve_contacts(self) -> None:
        # twelve with gaps of 10 days, before them many of one day
        assert self.told(*(21 + 10 * n for n in range(12)), *(140 + n for n in range(20))) != {}

    def test_not_where_overdue(self) -> None:
        assert self.told(*(50 + 10 * n for n in range(5)), cadence=49) == {}


class TestSmallClientForgotten:
    @pytest.mark.parametrize(("days", "told"), [(179, False), (180, True)])
    def test_no_contact_for_180_days(self, days: int, told: bool) -> None:
        found = silence(history(client(cadence=300), interactions=[contact(ago(days))]))
        assert found == ({"small-client-forgotten": "low"} if told else {})

    def test_only_the_lowest_tier(self) -> None:
        assert silence(history(client(cadence=300, tier="B"), interactions=[contact(ago(200))])) == {}

    def test_counts_from_the_first_record_where_nobody_wrote_ever(self) -> None:
        assert silence(history(client(cadence=300, since=ago(180)))) != {}
        assert silence(history(client(cadence=300))) == {}


class TestGroup:
    def told(self, **of: Any) -> ClientHistory:
        """One who is silent, and forsaken after a project."""
        return history(
            client(**{"cadence": 7, "tier": "C", **of}),
            projects=[project(start=ago(99), delivered=ago(90))],
            interactions=[contact(ago(95))],
        )

    def test_the_most_severe_with_the_evidence_of_the_others(self) -> None:
        told = self.told(tier="C")
        assert silence(told) == {"silent-after-project": "high"}
        warning = next(w for w in client_warnings(stand(told, STUDIO), STUDIO) if w.id in SILENT_IDS)
        names = [item.name for item in warning.finding.evidence]
        assert names.index("delivered") < names.index("overdue")

    def test_of_equals_the_first(self) -> None:
        told = self.told(tier="A")
        assert silence(told) == {"silent": "high"}

    def test_a_muted_one_leaves_the_word_to_the_next(self) -> None:
        muted = (Mute("silent", None, 2), Mute("silent-after-project", D, 3))
        told = self.told(tier="C", mute=muted)
        assert silence(told) == {}
        long_ago = history(client(cadence=7, mute=muted), interactions=[contact(ago(200))])
        assert silence(long_ago) == {"small-client-forgotten": "low"}

    def test_one_that_is_switched_off_too(self) -> None:
        off = replace(STUDIO, warnings=replace(STUDIO.warnings, off=("silent-after-project",)))
        assert silence(self.told(), off) == {"silent": "medium"}

    @pytest.mark.parametrize(("days", "told"), [(1, True), (0, False), (-30, False)])
    def test_not_while_an_agreed_date_or_a_snooze_is_to_come(self, days: int, told: bool) -> None:
        for name in ("next_contact", "snooze_until"):
            assert bool(silence(self.told(**{name: ago(days)}))) is told
        # agreed for a day: one beyond it is not a whole interval yet, but half a year without a contact
        agreed = history(client(cadence=7), interactions=[contact(ago(200), next=ago(days))])
        assert bool(silence(agreed)) is told

    def test_not_where_they_want_no_contact(self) -> None:
        assert silence(self.told(do_not_contact=True)) == {}


class TestPhaseOut:
    sales = preset("sales", workdays=frozenset(range(7)))

    def told(self, of: Any, days: int, policy: Policy | None = None) -> bool:
        talks = history(of, interactions=[contact(ago(days))])
        return "phase-out" in severities(talks, policy or self.sales)

    def test_lowest_tier_without_value_nor_contact_for_a_year(self) -> None:
        assert self.told(client(), 365)
        assert not self.told(client(), 364)

    def test_by_the_value_in_force(self) -> None:
        assert not self.told(client(scores={"value": 2}), 400)
        assert not self.told(client(scores={"value": 1.5}), 400)
        assert self.told(client(scores={"value": 1}), 400)

    def test_not_for_higher_tiers_nor_other_policies(self) -> None:
        assert not self.told(client(tier="standard"), 400)
        assert not self.told(client(), 400, STUDIO)

    def test_not_while_silence_is_agreed(self) -> None:
        assert not self.told(client(snooze_until=D), 400)
        assert self.told(client(snooze_until=ago(1)), 400)
        assert not self.told(client(do_not_contact=True), 400)

    def test_counts_from_the_first_record(self) -> None:
        assert "phase-out" in severities(history(client(since=ago(365))), self.sales)
        assert "phase-out" not in severities(history(client()), self.sales)
