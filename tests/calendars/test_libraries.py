"""What other calendar programs see of our feeds: events, titles, alarms, links, texts, and days."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.calendars.feeds import EACH, STEPS, VAULTS, indexed
from tests.calendars.libraries import LIBRARIES, Program, quietly
from tests.calendars.truth import read, truth


@pytest.fixture(scope="module")
def feeds() -> dict[str, bytes]:
    """Feeds that were made already, by vault."""
    return {}


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("program", LIBRARIES, ids=lambda program: program.name)
def test_a_program_sees_everything(
    program: Program, name: str, feeds: dict[str, bytes], tmp_path: Path
) -> None:
    if program.missing():
        pytest.skip(str(program.missing()))
    if name not in feeds:
        feeds[name] = indexed(VAULTS[name](tmp_path))
    found = quietly(program, feeds[name])
    if program.name == "ics":
        found.titles = None if found.titles is None else _misread(found.titles)
        expected = truth(feeds[name])
        expected.titles = _misread(expected.titles or Counter())
        assert not found.differences(expected)
        return
    assert not found.differences(truth(feeds[name]))


def _misread(titles: Counter[str]) -> Counter[str]:
    """Titles without what ``ics`` reads wrongly: a backslash, and the line break that it takes it for."""
    table = str.maketrans("", "", "\\\nnN")
    return Counter({title.translate(table): count for title, count in titles.items()})


@pytest.mark.parametrize("program", LIBRARIES, ids=lambda program: program.name)
def test_a_program_sees_what_becomes_of_a_feed(program: Program, tmp_path: Path) -> None:
    if program.missing():
        pytest.skip(str(program.missing()))
    for step in STEPS:
        step(tmp_path)
        data = indexed(tmp_path)
        assert not quietly(program, data).differences(truth(data)), step.__name__


def test_events_keep_their_identity_from_day_to_day(tmp_path: Path) -> None:
    seen = []
    for step in STEPS:
        step(tmp_path)
        seen.append({each.value("UID"): each for each in read(indexed(tmp_path)).within})
    begun, moved, retitled, finished, added, renamed = seen
    assert begun.keys() == moved.keys() == retitled.keys()
    assert begun.keys() - finished.keys() == {
        uid for uid, each in begun.items() if each.value("CATEGORIES").startswith("follow-up")
    }
    assert len(added.keys() - finished.keys()) == 1
    assert added.keys() == renamed.keys()
    for before, after in pairwise(seen):
        for uid in before.keys() & after.keys():
            stamps = [{name: each.value(name) for name in STAMPS} for each in (before[uid], after[uid])]
            assert (before[uid] == after[uid]) is (stamps[0] == stamps[1]), "stamps change with the event"


STAMPS = ("SEQUENCE", "LAST-MODIFIED", "DTSTAMP")
