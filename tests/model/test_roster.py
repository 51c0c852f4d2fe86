from __future__ import annotations

import marshal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset
from tests.rules.builders import client, day, history
from tests.support.closed import kept_of
from vaultcrm.model.records import Portfolio
from vaultcrm.model.results import Assessment
from vaultcrm.model.roster import NOTHING, Deferred, Kept, Roster
from vaultcrm.rules.engine import assess

TOLD = Portfolio(tuple(history(client(name, owner="mira")) for name in ("Acme", "Bell", "Cole")))


def assessments() -> tuple[Assessment, ...]:
    return tuple(assess(TOLD, preset(), day("2026-11-20")).assessments)


def refuse(one: Assessment) -> Any:
    raise AssertionError(one.client.name)


class TestRoster:
    def test_it_is_a_sequence_of_the_assessments(self) -> None:
        made = assessments()
        roster = Roster(made)
        assert list(roster) == list(made)
        assert (roster[1], roster[-1], roster[1:]) == (made[1], made[2], made[1:])
        assert roster == made
        assert roster == Roster(made)
        assert roster != made[:2]
        assert len(roster) == len(made)
        assert roster != 3
        with pytest.raises(IndexError):
            roster[3]

    def test_a_client_is_assessed_once_and_only_when_asked_for(self) -> None:
        made, asked = assessments(), []

        def make(number: int) -> Assessment:
            asked.append(number)
            return made[number]

        roster = Roster([made[0], None, None], assess=make)
        assert (roster[0], asked) == (made[0], [])
        assert roster[1] is roster[1]
        assert roster[-1] is made[2]
        assert asked == [1, 2]

    def test_what_was_let_go_of_is_made_again_for_who_asks_and_parts_are_still_known(self) -> None:
        made, asked = assessments(), []

        def make(number: int) -> Assessment:
            asked.append(number)
            return made[number]

        roster = Roster([None] * 3, assess=make)
        assert roster.each("name", lambda one: one.client.name) == ("Acme", "Bell", "Cole")
        roster.let_go()
        assert roster.each("name", refuse) == ("Acme", "Bell", "Cole")
        assert roster[1] == made[1]
        assert asked == [0, 1, 2, 1]

    def test_a_part_that_was_told_is_known_and_kept_until_another_one_is(self) -> None:
        roster = Roster(assessments(), Kept({}, {1: {"sizes": (1,)}}, {}, {}))
        assert [roster.told(number, "sizes", ()) for number in range(3)] == [(), (1,), ()]
        roster.tell(0, "sizes", (3,))
        roster.tell(1, "sizes", (1, 2))
        assert [roster.told(number, "sizes") for number in range(3)] == [(3,), (1, 2), None]
        assert roster.part(1, "sizes", refuse) == (1, 2)
        kept = roster.kept()
        assert [kept.find(number, "sizes") for number in range(3)] == [(3,), (1, 2), None]

    def test_who_looks_last_lets_go_of_all_but_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vaultcrm.model.roster.HELD", 1)
        made, asked = assessments(), []

        def make(number: int) -> Assessment:
            asked.append(number)
            return made[number]

        roster = Roster([None] * 3, assess=make)
        assert roster[1] is roster[1]
        roster.looked_at(1)
        assert roster[1] == made[1]
        assert asked == [1]
        roster.look_last()
        for number in range(3):
            roster.part(number, "name", lambda one: one.client.name)
            roster.looked_at(number)
        assert asked == [1, 0, 2]
        assert list(roster) == list(made)
        assert asked == [1, 0, 2, 1, 2]

    def test_assessments_that_nobody_could_make_again_are_held(self) -> None:
        made = assessments()
        roster = Roster(made)
        roster.look_last()
        roster.looked_at(2)
        roster.let_go()
        assert roster[2] is made[2]

    def test_parts_are_made_once_for_each_client(self) -> None:
        calls: list[str] = []

        def name(one: Assessment) -> str:
            calls.append(one.client.name)
            return one.client.name

        roster = Roster(assessments())
        assert roster.each("name", name) == ("Acme", "Bell", "Cole")
        assert roster.each("name", refuse) == ("Acme", "Bell", "Cole")
        assert roster.part(1, "name", refuse) == "Bell"
        assert calls == ["Acme", "Bell", "Cole"]

    def test_what_is_known_is_not_asked_of_the_assessment(self) -> None:
        made, asked = assessments(), []

        def make(number: int) -> Assessment:
            asked.append(number)
            return made[number]

        roster = Roster([None] * 3, Kept.of_each([{"tier": "A"}, {"tier": "B"}, {}]), make)
        assert roster.each("tier", lambda one: f"of {one.client.name}") == ("A", "B", "of Cole")
        assert asked == [2]

    def test_only_parts_that_were_asked_for_are_to_be_kept(self) -> None:
        known = Kept.of_each([{"old": 1, "tier": "A"}, {"tier": "B"}, {"tier": "C"}])
        roster = Roster(assessments(), known)
        roster.each("tier", refuse)
        roster.part(0, ("line", 3), lambda one: one.client.name)
        assert roster.kept() == ({"tier": ("A", "B", "C")}, {0: {("line", 3): "Acme"}}, {}, {})
        assert kept_of(roster) == roster.kept()

    def test_what_is_only_to_be_kept_is_not_read(self) -> None:
        class Unread(dict[Any, Any]):
            def get(self, name: Any, default: Any = None) -> Any:
                assert name != "called"
                return super().get(name, default)

        columns = Unread({"called": ("Acme", "Bolt", "Cole"), "tier": ("A", "B", "C")})
        roster = Roster(assessments(), Kept(columns, {}, {}, {}).without([1]))
        roster.have("called", lambda one: one.client.name)
        assert roster.each("tier", lambda one: "D") == ("A", "D", "C")
        kept = roster.kept()
        assert kept.columns is columns
        assert kept.instead == {1: {"called": "Bell", "tier": "D"}}

    def test_what_is_only_to_be_kept_is_kept_beside_new_columns(self) -> None:
        known = Kept({"called": ("Acme", "Bolt", "Cole")}, {}, {}, {}).without([1])
        roster = Roster(assessments(), known)
        roster.have("called", lambda one: one.client.name)
        roster.each("tier", lambda one: "D")
        assert roster.kept() == ({"called": ("Acme", "Bell", "Cole"), "tier": ("D", "D", "D")}, {}, {}, {})
        fresh = Roster(assessments())
        fresh.have("called", lambda one: one.client.name)
        assert fresh.kept() == ({"called": ("Acme", "Bell", "Cole")}, {}, {}, {})

    def test_a_client_is_found_by_the_path_of_their_note(self) -> None:
        roster = Roster(assessments())
        assert [roster.number_of(path) for path in roster.paths()] == [0, 1, 2]
        with pytest.raises(KeyError):
            roster.number_of("Clients/Nobody.md")


def never(number: int) -> Any:
    raise AssertionError(number)


PARTS = st.dictionaries(st.sampled_from(["tier", "stage", "line"]), st.integers(0, 3))


class TestKept:
    KEPT = Kept({"tier": ("A", "B", "C")}, {1: {"line": "of B"}}, {2: {"tier": "D", "line": "of D"}}, {})

    def test_what_is_told_instead_of_a_client_is_all_that_is_known_of_them(self) -> None:
        kept = self.KEPT.without([0])
        assert [kept.find(number, "tier") for number in range(3)] == [None, "B", "D"]
        assert [kept.find(number, "line") for number in range(3)] == [None, "of B", "of D"]
        assert kept.find(0, "tier", "unknown") == "unknown"

    def test_a_column_is_made_only_where_it_is_not_known(self) -> None:
        assert self.KEPT.column("tier", 3, never) == ("A", "B", "D")
        assert self.KEPT.without([0]).column("tier", 3, str) == ("0", "B", "D")
        assert self.KEPT.column("line", 3, str) == ("0", "of B", "of D")
        assert self.KEPT.column("health", 3, str) == ("0", "1", "2")

    def test_a_column_of_clients_who_are_as_they_were_is_given_as_it_stands(self) -> None:
        kept = self.KEPT._replace(instead={})
        assert kept.column("tier", 3, never) is kept.columns["tier"]

    def test_of_whom_more_is_known_the_columns_hold(self) -> None:
        known = Kept({"tier": ("A", "B", "C"), "called": ("a", "b", "c")}, {}, {}, {})
        roster = Roster(assessments(), known)
        roster.each("tier", refuse)
        roster.part(1, ("line", 1), lambda one: one.client.name)
        kept = roster.kept()
        assert (kept.instead, kept.more) == ({}, {1: {("line", 1): "Bell"}})
        assert kept.whole() == (known.columns, {1: {("line", 1): "Bell"}}, {}, {})
        assert kept.without([1]).whole().columns == {}

    def test_what_is_in_no_column_of_all_is_in_cells(self) -> None:
        whole = self.KEPT.without([0]).whole()
        assert whole == ({}, {1: {"line": "of B"}, 2: {"tier": "D", "line": "of D"}}, {}, {})
        assert self.KEPT.whole() == (
            {"tier": ("A", "B", "D")},
            {1: {"line": "of B"}, 2: {"line": "of D"}},
            {},
            {},
        )

    @given(
        tiers=st.none() | st.lists(st.integers(), min_size=4, max_size=4).map(tuple),
        cells=st.dictionaries(st.integers(0, 3), PARTS),
        instead=st.dictionaries(st.integers(0, 3), PARTS),
        more=st.dictionaries(st.integers(0, 3), PARTS),
    )
    def test_written_whole_it_says_no_more_than_it_said(
        self,
        tiers: tuple[int, ...] | None,
        cells: dict[int, Any],
        instead: dict[int, Any],
        more: dict[int, Any],
    ) -> None:
        kept = Kept({} if tiers is None else {"tier": tiers}, cells, instead, more)
        whole = kept.whole()
        assert not whole.instead
        for number in range(4):
            for name in ("tier", "stage", "line"):
                found = whole.find(number, name)
                assert found in (None, kept.find(number, name))
                assert found is not None or name == "tier" or kept.find(number, name) is None

    @given(data=st.data())
    def test_a_roster_keeps_what_it_was_asked_and_asks_no_client_again(self, data: st.DataObject) -> None:
        names, lines = st.sampled_from(["tier", "stage"]), st.sampled_from([("line", 1), ("line", 2)])
        kept, count = NOTHING, 4
        versions = [0] * count

        def run(changed: set[int]) -> set[tuple[int, Any]]:
            nonlocal kept
            made: set[tuple[int, Any]] = set()
            roster = Roster(Numbered(count), kept.without(changed))
            for name in asked_of_all:
                column = roster.each(name, lambda one, name=name: said(one, name, versions, made))  # type: ignore[misc]
                assert column == tuple((number, name, versions[number]) for number in range(count))
            for number, name in asked_of_one:
                of = roster.part(number, name, lambda one, name=name: said(one, name, versions, made))  # type: ignore[misc]
                assert of == (number, name, versions[number])
            kept = Kept(*marshal.loads(marshal.dumps(tuple(roster.kept()))))
            if data.draw(st.booleans()):
                kept = kept.whole()
            return made

        for _ in range(3):
            asked_of_all = data.draw(st.lists(names, max_size=3))
            asked_of_one = data.draw(st.lists(st.tuples(st.integers(0, 3), lines), max_size=5))
            changed = data.draw(st.sets(st.integers(0, 3), max_size=2))
            for number in changed:
                versions[number] += 1
            run(changed)
            assert run(set()) == set()


class Numbered(list[Any]):
    """Stand for clients, of whom nothing matters but which number they have."""

    def __init__(self, count: int) -> None:
        super().__init__(range(count))


def said(one: Any, name: Any, versions: list[int], made: set[tuple[int, Any]]) -> tuple[int, Any, int]:
    made.add((one, name))
    return one, name, versions[one]


class TestDeferred:
    def test_it_is_made_once_it_is_looked_at(self) -> None:
        calls: list[int] = []

        def make() -> list[int]:
            calls.append(1)
            return [3, 4]

        found = Deferred(make)
        assert calls == []
        assert (len(found), found[0], list(found[:1]), list(found)) == (2, 3, [3], [3, 4])
        assert calls == [1]

    def test_it_is_equal_to_what_it_holds(self) -> None:
        assert Deferred(lambda: [1, 2]) == (1, 2)
        assert Deferred(lambda: [1, 2]) == Deferred(lambda: (1, 2))
        assert Deferred(tuple) != (1,)
        assert hash(Deferred(lambda: [1])) == hash((1,))
        assert repr(Deferred(lambda: [1])) == "(1,)"
