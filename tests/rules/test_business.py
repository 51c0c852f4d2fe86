from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, project
from tests.rules.standings import D, ago, severities, stand
from vaultcrm.rules.business import complaint_escalated
from vaultcrm.rules.warnings import client_warnings

SALES = preset("sales")


def ordered(*days: int, **more: Any) -> Any:
    return history(projects=[project(f"o{n:04}", order=True, signed=ago(n)) for n in days], **more)


class TestOrders:
    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (59, {}),
            (60, {"no-order": "medium"}),
            (119, {"no-order": "medium"}),
            (120, {"no-order": "high"}),
            (239, {"no-order": "high"}),
            (240, {"dormant": "low"}),
        ],
    )
    def test_by_the_policys_days(self, days: int, expected: dict[str, str]) -> None:
        found = severities(ordered(days), SALES)
        assert {k: v for k, v in found.items() if k in ("no-order", "dormant")} == expected

    def test_a_year_in_the_studio(self) -> None:
        assert "no-order" not in severities(ordered(364))
        assert severities(ordered(365))["no-order"] == "medium"

    @pytest.mark.parametrize(
        ("since", "expected"),
        [
            (15, {}),
            (16, {"order-slowdown": "medium"}),
            (19, {"order-slowdown": "medium"}),
            (20, {"no-order": "medium"}),
            (40, {"no-order": "high"}),
            (80, {"dormant": "low"}),
        ],
    )
    def test_by_the_own_median_gap_with_three_order_days(self, since: int, expected: dict[str, str]) -> None:
        found = severities(ordered(since, since + 10, since + 20))
        assert {k: v for k, v in found.items() if "order" in k or k == "dormant"} == expected

    def test_orders_of_one_day_are_one_order_day(self) -> None:
        told = history(projects=[project(name, order=True, signed=ago(50)) for name in "abc"])
        assert "order-slowdown" not in severities(told, SALES)
        assert "no-order" not in severities(told, SALES)

    def test_not_in_a_project_nor_before_the_first_order(self) -> None:
        assert "dormant" not in severities(history(projects=[project(start=ago(900))]), SALES)
        assert (
            severities(history(client(since=ago(900), owner="li")), SALES).keys() & {"no-order", "dormant"}
            == set()
        )

    def test_tells_days_limit_and_where_the_last_order_is(self) -> None:
        (warning,) = (w for w in client_warnings(stand(ordered(25, 35, 46)), preset()) if w.id == "no-order")
        assert (warning.finding.numbers["days"], warning.finding.numbers["limit"]) == (25, 21)
        assert str(warning.finding.places[0]) == "Projects/o0025.md:2:1"


class TestComplaints:
    def told(self, *complaints: tuple[int, float | None, date | None]) -> dict[str, str]:
        return severities(
            history(
                interactions=[
                    contact(ago(days), kind="complaint", severity=severity, resolved=resolved, path=f"{n}.md")
                    for n, (days, severity, resolved) in enumerate(complaints)
                ]
            )
        )

    def test_escalated_beyond_one_before_it_solved_or_not(self) -> None:
        assert self.told((9, 2, ago(8)), (5, 3, None))["complaint-escalated"] == "high"
        assert "complaint-escalated" in self.told((9, 2, None), (5, 2.5, None))

    @pytest.mark.parametrize(("days", "told"), [(89, True), (90, False)])
    def test_the_one_before_is_of_the_last_ninety_days(self, days: int, told: bool) -> None:
        assert ("complaint-escalated" in self.told((days, 2, ago(8)), (5, 3, None))) is told

    def test_not_where_solved_milder_equal_unknown_or_of_the_same_day(self) -> None:
        for complaints in (
            [(9, 2, None), (5, 3, D)],
            [(9, 3, None), (5, 2, None)],
            [(9, 3, None), (5, 3, None)],
            [(9, None, None), (5, 3, None)],
            [(9, 2, None), (5, None, None)],
            [(5, 2, None), (5, 3, None)],
        ):
            assert "complaint-escalated" not in self.told(*complaints)

    def test_any_of_several_before_it(self) -> None:
        assert "complaint-escalated" in self.told((20, 1, D), (9, 4, D), (5, 3, None))

    @given(
        complaints=st.lists(
            st.tuples(st.integers(1, 12), st.sampled_from([None, 1.0, 2.0, 2.5, 3.0]), st.booleans()),
            max_size=9,
        )
    )
    def test_each_open_one_is_told_with_the_latest_milder_one(
        self, complaints: list[tuple[int, float | None, bool]]
    ) -> None:
        made = [
            contact(
                ago(days), kind="complaint", severity=severity, resolved=D if solved else None, path=f"{n}.md"
            )
            for n, (days, severity, solved) in enumerate(complaints)
        ]
        standing = stand(history(interactions=made))
        ordered = standing.known.interactions
        pairs = []
        for one in reversed([each for each in ordered if each.resolved is None]):
            earlier = [each for each in ordered if each.day < one.day]
            milder = [each for each in earlier if (each.severity or 9) < (one.severity or 0)]
            pairs += [(one.place, milder[-1].place)] if milder else []
        verdict = complaint_escalated(standing, preset())
        told = verdict.finding.evidence if verdict is not None else ()
        places = [each.place for each in told if each.name in ("complaint", "earlier")]
        assert places == [place for pair in pairs for place in pair]

    def test_three_open(self) -> None:
        assert "complaints-open" not in self.told((9, 1, None), (8, 1, None), (7, 1, D))
        assert self.told((9, 1, None), (8, 1, None), (7, 1, ago(-1)))["complaints-open"] == "high"


class TestAnswers:
    @pytest.mark.parametrize(
        ("before", "latest", "told"),
        [
            (None, 6, True),
            (None, 6.1, False),
            (9, 7, True),
            (9, 7.1, False),
            (6, 9, False),
        ],
    )
    def test_satisfaction_low_or_dropped(self, before: float | None, latest: float, told: bool) -> None:
        answers = [feedback(ago(9), result=latest)]
        if before is not None:
            answers.append(feedback(ago(900), result=before))
        found = severities(history(feedback=answers))
        assert found.get("satisfaction-drop") == ("medium" if told else None)

    def test_means_are_exact(self) -> None:
        answers = [
            feedback(ago(90), result=9, communication=8, professionalism=9),
            feedback(ago(9), result=7, communication=6, professionalism=7),
        ]
        assert "satisfaction-drop" in severities(history(feedback=answers))

    def test_feedback_without_scores_is_passed_over(self) -> None:
        answers = [feedback(ago(90), result=6), feedback(ago(9), recommend=9)]
        assert "satisfaction-drop" in severities(history(feedback=answers))

    @pytest.mark.parametrize(("days", "told"), [(364, True), (365, False)])
    def test_only_of_the_last_365_days(self, days: int, told: bool) -> None:
        found = severities(history(feedback=[feedback(ago(days), result=3, recommend=3)]))
        assert ("satisfaction-drop" in found) is told
        assert ("detractor" in found) is told

    @pytest.mark.parametrize(("score", "told"), [(0, True), (6, True), (6.5, False), (9, False)])
    def test_detractor(self, score: float, told: bool) -> None:
        found = severities(
            history(feedback=[feedback(ago(9), recommend=score), feedback(ago(10), recommend=1)])
        )
        assert found.get("detractor") == ("high" if told else None)


class TestContracts:
    @pytest.mark.parametrize(
        ("ends_in", "expected"),
        [
            (31, None),
            (30, "renewal-due"),
            (0, "renewal-due"),
            (-1, "contract-lapsed"),
            (-364, "contract-lapsed"),
            (-365, None),
        ],
    )
    def test_around_the_end(self, ends_in: int, expected: str | None) -> None:
        found = severities(history(client(contracts=[(None, ago(-ends_in))])))
        assert found.keys() & {"renewal-due", "contract-lapsed"} == ({expected} if expected else set())
        assert {found[id_] for id_ in found if id_ == expected} <= {"high"}

    def test_the_latest_end_is_in_force(self) -> None:
        told = history(client(contracts=[(D, ago(-300)), (None, ago(-9)), (None, ago(9))]))
        assert severities(told).keys() & {"renewal-due", "contract-lapsed"} == set()


class TestLateness:
    @pytest.mark.parametrize(("days", "severity"), [(0, None), (1, "medium"), (29, "medium"), (30, "high")])
    def test_payment_overdue(self, days: int, severity: str | None) -> None:
        told = history(projects=[project(start=ago(99), delivered=ago(90), invoice_due=ago(days))])
        assert severities(told).get("payment-overdue") == severity

    @pytest.mark.parametrize(("paid", "told"), [(True, False), (False, True), (D, False), (ago(-1), True)])
    def test_payment_is_overdue_until_paid(self, paid: Any, told: bool) -> None:
        found = severities(history(projects=[project(start=ago(99), invoice_due=ago(9), paid=paid)]))
        assert ("payment-overdue" in found) is told

    def test_the_longest_overdue_decides_and_all_are_evidence(self) -> None:
        due = [project(name, start=ago(99), invoice_due=ago(days)) for name, days in (("a", 2), ("b", 40))]
        (warning,) = (
            w for w in client_warnings(stand(history(projects=due)), preset()) if w.id == "payment-overdue"
        )
        assert (warning.severity, warning.finding.numbers["days"]) == ("high", 40)
        assert {place.path for place in warning.finding.places} == {"Projects/a.md", "Projects/b.md"}

    @pytest.mark.parametrize("status", ["paused", "lost", "archived"])
    def test_payment_is_the_only_warning_of_who_is_not_active(self, status: str) -> None:
        told = history(
            client(status=status, contracts=[(None, D)]),
            projects=[project(start=ago(99), due=ago(9), invoice_due=ago(9))],
        )
        assert severities(told) == {"payment-overdue": "medium"}

    @pytest.mark.parametrize(("days", "severity"), [(0, None), (1, "medium"), (29, "medium"), (30, "high")])
    def test_project_late(self, days: int, severity: str | None) -> None:
        assert (
            severities(history(projects=[project(start=ago(99), due=ago(days))])).get("project-late")
            == severity
        )

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"delivered": D}, False),
            ({"delivered": ago(-1)}, True),
            ({"delivered": ago(-1), "status": "delivered"}, True),
            ({"status": "delivered"}, False),
            ({"status": "active"}, True),
            ({"status": "proposal"}, False),
            ({"order": True}, True),
        ],
    )
    def test_project_is_late_until_delivered(self, more: Any, told: bool) -> None:
        found = severities(history(projects=[project(start=ago(99), due=ago(9), **more)]))
        assert ("project-late" in found) is told
