"""Another process: its answers come in their order, and nobody is left waiting where it fails."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from vaultcrm.store import helper
from vaultcrm.store.helper import Helper, HelperLost, begun, processors

MUCH = "x" * 1_000_000
"""More than a pipe holds."""


@pytest.fixture
def made() -> Iterator[list[Helper]]:
    helpers: list[Helper] = []
    yield helpers
    for each in helpers:
        each.end()


def test_first_answers_come_unasked(made: list[Helper]) -> None:
    def work() -> Iterator[Any]:
        yield os.getpid()
        yield MUCH, (1, None, b"\xff", 2.5)

    made.append(Helper(work))
    assert made[0].answer() != os.getpid()
    assert made[0].answer() == (MUCH, (1, None, b"\xff", 2.5))


def test_a_question_is_answered_by_the_function_that_it_names(made: list[Helper]) -> None:
    made.append(Helper(tuple))
    made[0].prepare("textwrap")
    made[0].ask("textwrap", "indent", MUCH, "> ")
    assert made[0].answer() == "> " + MUCH
    made[0].ask("os", "getpid")
    assert made[0].answer() != os.getpid()


@pytest.mark.parametrize(
    "question",
    [("os", "fspath", 1), ("os", "no_such_function"), ("no_such_module", "x"), ("os", "stat", "/")],
)
def test_what_it_cannot_answer_ends_it(made: list[Helper], question: tuple[str, ...]) -> None:
    made.append(Helper(tuple))
    made[0].ask(*question)
    for _ in range(2):
        with pytest.raises(HelperLost):
            made[0].answer()
        made[0].ask("os", "getpid")
        made[0].prepare("os")


def test_a_killed_one_is_lost(made: list[Helper]) -> None:
    made.append(Helper(lambda: [os.getpid()]))
    os.kill(made[0].answer(), 9)
    with pytest.raises(HelperLost):
        made[0].answer()


def test_one_that_could_not_be_asked_is_not_waited_for(
    made: list[Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "no room")

    made.append(Helper(tuple))
    monkeypatch.setattr(helper.os, "write", full)
    made[0].ask("os", "getpid")
    monkeypatch.undo()
    for _ in range(2):
        with pytest.raises(HelperLost):
            made[0].answer()
        made[0].ask("os", "getpid")


def test_what_fails_in_it_is_heard_of_nowhere(made: list[Helper], capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> Iterator[Any]:
        os.write(1, b"a word")
        os.write(2, b"another word")
        raise RuntimeError

    made.append(Helper(work))
    with pytest.raises(HelperLost):
        made[0].answer()
    assert capfd.readouterr() == ("", "")


def test_it_ends_at_once_whatever_it_does(made: list[Helper]) -> None:
    made.append(Helper(lambda: [os.getpid(), MUCH]))  # waits for somebody to read
    number = made[0].answer()
    made[0].end()
    made[0].end()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize("ends_by_itself", [False, True])
def test_it_ends_where_the_system_forgets_its_children(made: list[Helper], ends_by_itself: bool) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # some programs begin others so
    try:
        made.append(Helper(lambda: [os.getpid()]))
        number = made[0].answer()
        if ends_by_itself:
            made[0].ask("no_such_module", "x")
            with pytest.raises(HelperLost):
                made[0].answer()
        made[0].end()
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_it_ends_with_who_began_it() -> None:
    code = "from vaultcrm.store.helper import Helper; Helper(tuple); import os; os._exit(0)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=60, check=True)
    assert done.stdout == b""  # had the other process kept the pipe, this would wait for it


def test_where_there_is_no_process_to_be_had_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise OSError

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(helper, "processors", lambda: 2)
    monkeypatch.setattr(os, "fork", refused)
    assert begun() is None
    assert before in (0, len(os.listdir("/proc/self/fd")))


def test_one_processor_or_another_thread_have_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper.sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 3}, raising=False)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert processors() == 3
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processors() == 1
    assert begun() is None
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(helper.sys, "platform", "darwin")
    assert processors() == 1
