"""Hints are collected until no more is to be expected; nothing waits longer than it must."""

from __future__ import annotations

import threading
import time

from vaultcrm.watch.hints import Batch, Hints


class HandClock:
    """A clock that goes on when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def weighs(path: str) -> bool:
    return path.endswith(".md")


def hints_at(clock: HandClock, later: dict[float, list[str]]) -> Hints:
    """Hints into which more come while one waits: paths by time, ``*`` for everything."""
    hints = Hints(weighs, clock)

    def wait(timeout: float | None = None) -> bool:
        assert timeout is not None
        until = clock.now + timeout
        coming = sorted(at for at in later if at <= until)
        clock.now = max(coming[0], clock.now) if coming else until
        for path in later.pop(coming[0]) if coming else []:
            hints.add_everything() if path == "*" else hints.add(path)
        return bool(coming)

    hints._changed.wait = wait  # type: ignore[method-assign]
    return hints


def collected(later: dict[float, list[str]], busy_until: float = 0.0) -> tuple[Batch, float]:
    clock = HandClock()
    hints = hints_at(clock, later)
    assert hints.wait(1000.0)
    return hints.collect(0.05, 0.3, 2.0, busy_until), round(clock.now, 6)


def test_the_first_save_after_a_rest_is_served_soon() -> None:
    assert collected({110.0: ["a.md"]}) == (Batch(frozenset({"a.md"})), 110.05)


def test_several_reports_of_one_save_are_one() -> None:
    later = {110.0: ["a.md"], 110.01: ["a.md"], 110.04: ["a.md"], 110.06: ["b.md"]}
    assert collected(later) == (Batch(frozenset({"a.md"})), 110.05)
    assert later == {110.06: ["b.md"]}


def test_what_an_editor_saves_to_makes_no_burst() -> None:
    later = {110.0: ["a.md.tmp"], 110.01: ["a.md.tmp", "a.md"]}
    assert collected(later) == (Batch(frozenset({"a.md", "a.md.tmp"})), 110.05)


def test_a_burst_is_collected_until_it_is_quiet() -> None:
    later = {110.0: ["a.md"], 110.02: ["b.md"], 110.2: ["c.md"], 110.45: ["d.md"], 111.0: ["e.md"]}
    assert collected(later) == (Batch(frozenset({"a.md", "b.md", "c.md", "d.md"})), 110.75)


def test_a_burst_that_does_not_end_is_served_after_a_while() -> None:
    later = {110.0 + number / 10: [f"{number}.md"] for number in range(100)}
    later[110.01] = ["x.md"]
    batch, at = collected(later)
    assert at == 112.0
    assert 20 <= len(batch.paths) <= 22


def test_what_comes_right_after_a_run_is_a_burst() -> None:
    later = {110.0: ["a.md"], 110.2: ["a.md"]}
    assert collected(later, busy_until=110.1)[1] == 110.5


def test_everything_is_a_burst() -> None:
    assert collected({110.0: ["*"]}) == (Batch(everything=True), 110.3)


def test_what_is_taken_is_taken_once() -> None:
    hints = Hints(weighs)
    hints.add("a.md")
    assert hints.collect(0.0, 0.0, 0.0, 0.0).paths == {"a.md"}
    assert not hints.wait(0.0)


def test_what_is_known_is_dropped() -> None:
    hints = Hints(weighs)
    for path in ("a.md", "b.md"):
        hints.add(path)
    hints.drop(["a.md", "c.md"])
    assert hints.collect(0.0, 0.0, 0.0, 0.0).paths == {"b.md"}


def test_stopping_wakes_up_whoever_waits() -> None:
    hints = Hints(weighs)
    threading.Timer(0.05, hints.stop).start()
    began = time.monotonic()
    assert not hints.wait(60)
    hints.add("a.md")
    hints.collect(60, 60, 60, 0.0)
    assert time.monotonic() - began < 5
