from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.rules.builders import client, contact, day, feedback, history, person, project
from vaultcrm.model.records import Mute
from vaultcrm.rules.known import (
    counted_projects,
    days_without,
    direction_of,
    first_record,
    is_delivered,
    is_muted,
    known,
    last_from_them,
    overdue_days,
    overdue_invoice,
    phase_on,
    status_on,
)

D = day("2026-11-20")
BEFORE, AFTER = D - timedelta(days=1), D + timedelta(days=1)


class TestWhatHasHappened:
    def test_records_of_the_day_count_and_later_ones_do_not(self) -> None:
        facts = known(
            history(
                interactions=[contact(BEFORE), contact(D), contact(AFTER)],
                feedback=[feedback(D), feedback(AFTER)],
            ),
            D,
        )
        assert [i.day for i in facts.interactions] == [BEFORE, D]
        assert [f.day for f in facts.feedback] == [D]

    def test_newsletters_and_internal_notes_are_no_contacts(self) -> None:
        kinds = ["contact", "newsletter", "internal", "support", "greeting"]
        facts = known(history(interactions=[contact(D, kind=kind) for kind in kinds]), D)
        assert sorted(c.kind for c in facts.contacts) == ["contact", "greeting", "support"]
        assert len(facts.interactions) == 5

    def test_a_complaint_is_open_until_the_day_of_its_solution(self) -> None:
        complaints = [
            contact("2026-11-01", kind="complaint"),
            contact("2026-11-02", kind="complaint", resolved=AFTER),
            contact("2026-11-03", kind="complaint", resolved=D),
            contact("2026-11-04", kind="complaint", resolved=BEFORE),
        ]
        facts = known(history(interactions=complaints), D)
        assert [c.day.day for c in facts.complaints] == [1, 2]

    def test_people_are_gone_on_the_day_they_leave(self) -> None:
        people = [person("A", left=BEFORE), person("B", left=D), person("C", left=AFTER), person("E")]
        assert [p.name for p in known(history(people=people), D).people] == ["C", "E"]


class TestStatus:
    def test_lost_without_a_date_is_lost_on_every_day(self) -> None:
        assert status_on(client(status="lost"), day("2001-01-01")) == "lost"

    def test_lost_is_active_before_its_date(self) -> None:
        lost = client(status="lost", lost_on=D)
        assert [status_on(lost, on) for on in (BEFORE, D, AFTER)] == ["active", "lost", "lost"]

    @pytest.mark.parametrize("status", ["active", "paused", "archived"])
    def test_a_lost_on_beside_another_status_says_nothing(self, status: str) -> None:
        assert status_on(client(status=status, lost_on=BEFORE), D) == status


class TestProjects:
    @pytest.mark.parametrize(
        ("fields", "order_day"),
        [
            ({"signed": "2026-03-01", "start": "2026-04-01"}, "2026-03-01"),
            ({"signed": "2026-05-01", "start": "2026-04-01"}, "2026-04-01"),
            ({"start": "2026-04-01", "delivered": "2026-03-01"}, "2026-04-01"),
            ({"delivered": "2026-06-01"}, "2026-06-01"),
        ],
    )
    def test_the_order_day(self, fields: dict[str, str], order_day: str) -> None:
        assert known(history(projects=[project(**fields)]), D).order_days == (day(order_day),)

    def test_a_project_without_any_date_never_counts(self) -> None:
        assert counted_projects(history(projects=[project(due="2026-01-01", status="active")]), D) == ()

    @pytest.mark.parametrize("status", ["proposal", "cancelled"])
    def test_proposals_and_cancelled_ones_never_count(self, status: str) -> None:
        dates = {"start": "2026-01-01", "delivered": "2026-02-01"}
        assert counted_projects(history(projects=[project(status=status, **dates)]), D) == ()

    def test_a_project_counts_from_its_order_day_on(self) -> None:
        signed = history(projects=[project(signed=D, start="2027-01-01")])
        assert len(counted_projects(signed, D)) == 1
        assert len(counted_projects(signed, BEFORE)) == 0

    def test_what_does_not_count_hides_nothing_behind_it(self) -> None:
        projects = [
            project("A", status="proposal", start="2026-01-01"),
            project("B", start="2026-01-02"),
            project("C", start=AFTER),
            project("D"),
        ]
        assert [p.title for p in counted_projects(history(projects=projects), D)] == ["B"]

    def test_equal_order_days_are_one_day(self) -> None:
        facts = known(history(projects=[project("A", start=D), project("B", order=True, signed=D)]), D)
        assert facts.order_days == (D,)
        assert len(facts.counted) == 2

    def test_the_delivery_date_decides_before_the_status(self) -> None:
        assert not is_delivered(project(status="delivered", delivered=AFTER), D)
        assert is_delivered(project(status="active", delivered=D), D)
        assert is_delivered(project(status="delivered"), D)
        assert not is_delivered(project(status="active"), D)


class TestInProject:
    @pytest.mark.parametrize(
        ("fields", "inside"),
        [
            ({"start": D}, True),
            ({"signed": BEFORE, "start": AFTER}, False),
            ({"signed": BEFORE}, True),
            ({"start": "2026-01-01", "delivered": D}, False),
            ({"start": "2026-01-01", "delivered": AFTER}, True),
            ({"start": "2026-01-01", "status": "delivered"}, False),
            ({"start": "2026-01-01", "status": "cancelled"}, False),
            ({"start": "2026-01-01", "order": True}, False),
        ],
    )
    def test_begun_and_not_delivered(self, fields: dict[str, object], inside: bool) -> None:
        told = history(projects=[project(**fields)])  # type: ignore[arg-type]
        assert known(told, D).in_project is inside
        assert phase_on(told, D) == (len(counted_projects(told, D)), inside)

    def test_the_latest_running_project_is_named(self) -> None:
        told = history(
            projects=[project("A", start="2026-01-01"), project("B", start="2026-05-01", delivered=D)]
        )
        running = known(told, D).running
        assert running is not None
        assert running.title == "A"


class TestBeginnings:
    def test_since_is_the_clients_own_where_it_has_come(self) -> None:
        told = history(client(since=D), [project(start="2026-01-01")])
        since = known(told, D).since
        assert since is not None
        assert (since.value, since.place) == (D, ("Clients/Acme.md", 2, 1))

    def test_since_in_the_future_gives_way_to_the_earliest_order_day(self) -> None:
        told = history(client(since=AFTER), [project(signed="2026-02-01", start="2026-03-01")])
        since = known(told, D).since
        assert since is not None
        assert (since.value, since.place) == (day("2026-02-01"), ("Projects/Website.md", 2, 1))

    def test_since_is_unknown_without_either(self) -> None:
        assert known(history(client(since=AFTER), interactions=[contact(D)]), D).since is None

    @pytest.mark.parametrize(
        ("told", "first"),
        [
            (history(), None),
            (history(interactions=[contact(AFTER)]), None),
            (history(client(since="2026-04-01"), interactions=[contact("2026-03-01")]), "2026-03-01"),
            (history(interactions=[contact("2026-03-01", kind="newsletter")]), "2026-03-01"),
            (history(feedback=[feedback("2026-02-01")], projects=[project(start=D)]), "2026-02-01"),
            (history(projects=[project(signed="2026-01-01", delivered="2026-01-05")]), "2026-01-01"),
            (history(projects=[project(signed="2026-01-01", status="proposal")]), None),
        ],
    )
    def test_the_first_dated_record(self, told: object, first: str | None) -> None:
        record = first_record(known(told, D))  # type: ignore[arg-type]
        assert (record.value if record else None) == (day(first) if first else None)

    @pytest.mark.parametrize(
        ("told", "last"),
        [
            (history(), None),
            (history(interactions=[contact(D)]), None),
            (history(client(since="2026-04-01")), "2026-04-01"),
            (history(client(since="2026-04-01"), [project(start="2026-03-01")]), "2026-04-01"),
            (history(projects=[project(start="2026-01-01", delivered=D)]), "2026-11-20"),
            (history(projects=[project(start="2026-01-01", delivered=AFTER)]), "2026-01-01"),
            (
                history(projects=[project(start="2026-01-01")], feedback=[feedback("2026-02-01")]),
                "2026-02-01",
            ),
        ],
    )
    def test_the_last_sign_of_life(self, told: object, last: str | None) -> None:
        sign = known(told, D).last_sign  # type: ignore[arg-type]
        assert (sign.value if sign else None) == (day(last) if last else None)


class TestDirection:
    @pytest.mark.parametrize(
        ("fields", "direction"),
        [
            ({}, "out"),
            ({"channel": "wechat"}, "out"),
            ({"kind": "complaint", "channel": "phone"}, "in"),
            ({"kind": "support", "channel": "visit"}, "in"),
            ({"kind": "review", "channel": "email"}, "both"),
            ({"kind": "meeting"}, "both"),
            ({"kind": "visit"}, "both"),
            ({"channel": "phone"}, "both"),
            ({"channel": "video"}, "both"),
            ({"channel": "meeting", "kind": "greeting"}, "both"),
            ({"channel": "visit"}, "both"),
            ({"kind": "complaint", "direction": "out"}, "out"),
            ({"channel": "phone", "direction": "in"}, "in"),
        ],
    )
    def test_where_it_is_not_said(self, fields: dict[str, str], direction: str) -> None:
        assert direction_of(contact(D, **fields)) == direction

    def test_what_comes_from_them(self) -> None:
        told = history(
            projects=[project(signed="2026-03-01"), project("O", order=True, signed="2026-05-01")],
            interactions=[
                contact("2026-08-01"),
                contact("2026-09-01", kind="internal", channel="phone"),
                contact("2026-04-01", channel="phone"),
            ],
            feedback=[feedback("2026-02-01")],
        )
        last = last_from_them(known(told, D))
        assert last is not None
        assert last.value == day("2026-05-01")

    def test_none_counts_from_the_first_record(self) -> None:
        facts = known(history(interactions=[contact("2026-11-01")]), D)
        assert last_from_them(facts) is None
        assert days_without(None, facts) == 19
        assert days_without(None, known(history(), D)) is None


class TestInvoices:
    @pytest.mark.parametrize(
        ("due", "paid", "days"),
        [
            (D, None, 0),
            (BEFORE, None, 1),
            (BEFORE, False, 1),
            (BEFORE, True, 0),
            (BEFORE, D, 0),
            (BEFORE, AFTER, 1),
            ("2026-10-21", None, 30),
            (None, None, 0),
        ],
    )
    def test_overdue_from_the_day_after(
        self, due: str | date | None, paid: date | bool | None, days: int
    ) -> None:
        assert overdue_days(project(start="2026-01-01", invoice_due=due, paid=paid), D) == days

    def test_the_longest_of_the_counted_ones(self) -> None:
        projects = [
            project("A", start="2026-01-01", invoice_due="2026-11-01"),
            project("B", order=True, signed="2026-01-02", invoice_due="2026-10-01"),
            project("C", start="2026-01-03", invoice_due="2026-09-01", status="cancelled"),
        ]
        found = overdue_invoice(known(history(projects=projects), D))
        assert found is not None
        assert (found[0].title, found[1]) == ("B", 50)

    def test_no_invoice_is_no_overdue_one(self) -> None:
        assert overdue_invoice(known(history(projects=[project(start=D)]), D)) is None


def test_muted_through_the_last_day() -> None:
    quiet = client(mute=(Mute("silent", None, 2), Mute("news", D, 3)))
    assert is_muted(quiet, "silent", D)
    assert [is_muted(quiet, "news", on) for on in (BEFORE, D, AFTER)] == [True, True, False]
    assert not is_muted(quiet, "drifting", D)
