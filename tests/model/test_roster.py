from __future__ import annotations

import marshal
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, day, history
from vaultcrm.model.records import Portfolio
from vaultcrm.model.results import Assessment
from vaultcrm.model.roster import Deferred, Roster
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

        roster = Roster([None] * 3, [{"tier": "A"}, {"tier": "B"}, {}], make)
        assert roster.each("tier", lambda one: f"of {one.client.name}") == ("A", "B", "of Cole")
        assert asked == [2]

    def test_only_parts_that_were_asked_for_are_to_be_kept(self) -> None:
        roster = Roster(assessments(), [{"old": 1, "tier": "A"}, {"tier": "B"}, {"tier": "C"}])
        roster.each("tier", refuse)
        roster.part(0, ("line", 3), lambda one: one.client.name)
        parts = roster.parts()
        assert parts == ({"tier": "A", ("line", 3): "Acme"}, {"tier": "B"}, {"tier": "C"})
        assert marshal.loads(marshal.dumps(parts)) == parts

    def test_a_client_is_found_by_the_path_of_their_note(self) -> None:
        roster = Roster(assessments())
        assert [roster.number_of(path) for path in roster.paths()] == [0, 1, 2]
        with pytest.raises(KeyError):
            roster.number_of("Clients/Nobody.md")


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
