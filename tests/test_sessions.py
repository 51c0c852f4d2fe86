"""End to end: the commands in tests/sessions and what they print. Notation: tests.support.sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.expectations import REWRITE
from tests.support.sessions import SessionError, Stage, Step, elided, header, read_steps, trimmed, write_steps
from tests.support.vaults import TESTS

SESSIONS = sorted((TESTS / "sessions").glob("*.session"))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_session(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_bytes().decode()
    lines = text.removesuffix("\n").split("\n")
    stage = Stage(tmp_path, **header(lines))
    monkeypatch.chdir(stage.root)
    items = read_steps(lines)
    stage.play(items, path.name)
    written = "\n".join(write_steps(items)) + "\n"
    if REWRITE:
        path.write_bytes(written.encode())
    else:
        assert written == text, "this session is not in the form in which `make golden` writes it"


# The notation itself


def test_session_is_written_as_it_was_read() -> None:
    lines = [
        "# why",
        "vault: x",
        "",
        "$ cat a.md",
        "\\# Title",
        "",
        "\\[1]",
        "\\$ 5",
        "[2]",
        "",
        "",
        "$ ls",
        "…",
    ]
    items = read_steps(lines)
    step = items[3]
    assert isinstance(step, Step)
    assert step.expected == ["\\# Title", "", "\\[1]", "\\$ 5", "[2]"]
    assert write_steps(items) == lines


def test_session_heredoc_may_hold_anything() -> None:
    lines = ["$ write a.md <<EOF", "# Title", "$ 5", "", "EOF", "$ ls"]
    step = read_steps(lines)[0]
    assert isinstance(step, Step)
    assert (step.words, step.text) == (["write", "a.md"], "# Title\n$ 5\n\n")
    assert write_steps(read_steps(lines)) == lines


def test_session_heredoc_without_end() -> None:
    with pytest.raises(SessionError, match="line 1"):
        read_steps(["$ write a.md <<EOF", "text"])


@pytest.mark.parametrize(
    ("expected", "actual", "met"),
    [
        (["a … c"], ["a b c"], True),
        (["a … c"], ["a b"], False),
        (["…", "z"], ["a", "b", "z"], True),
        (["…"], [], True),
        (["a"], ["a", ""], True),
        (["a", "[1]"], ["a", "", "[1]"], True),
        (["a"], ["a", "b"], False),
        (["a.c"], ["abc"], False),
    ],
)
def test_session_wildcards(expected: list[str], actual: list[str], met: bool) -> None:
    assert Step(1, [], [], None, expected).meets(actual) is met


@pytest.mark.parametrize(
    ("expected", "actual", "kept"),
    [
        (["a", "b"], ["c"], ["c"]),
        (["…", "Name  1", "…"], ["x", "Name  2", "y"], ["…", "Name  2", "…"]),
        (["…", "from 3", "to 4"], ["x", "y", "from 5", "to 6"], ["…", "from 5", "to 6"]),
        (["Total 12", "…"], ["Total 13", "y"], ["Total 13", "…"]),
        (
            ["…", "head", "one", "tail", "…"],
            ["head", "one", "two", "tail", "z"],
            ["…", "head", "one", "two", "tail", "…"],
        ),
        (["…", "made …", "…"], ["x", "made 2026", "y"], ["…", "made …", "…"]),
        (["…", "gone", "…"], ["x", "y"], ["x", "y"]),
    ],
)
def test_session_keeps_what_was_left_out(expected: list[str], actual: list[str], kept: list[str]) -> None:
    assert elided(expected, actual) == kept


def test_session_helpers(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    lines = [
        "$ write b/a.md <<E",
        "x",
        "E",
        "$ append b/a.md <<E",
        "y",
        "E",
        "$ cat b/a.md no.md",
        "$ mv b/a.md b/c.md",
    ]
    lines += ["$ ls", "$ ls -R", "$ rm b/c.md", "$ ls b"]
    printed = [stage.perform(step) for step in read_steps(lines) if isinstance(step, Step)]
    assert printed == [
        [],
        [],
        ["x", "y", "! cat: no.md: no such file", "[1]"],
        [],
        ["b/"],
        ["b/c.md"],
        [],
        [],
    ]


def test_session_day_of_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(tmp_path, **header(["today: 2026-11-20"]))
    monkeypatch.chdir(stage.root)
    stage.put("vaultcrm.toml", 'timezone = "Pacific/Auckland"\n')
    printed = stage.perform(Step(1, [], ["vaultcrm", "export", "json"]))
    assert ' "as_of": "2026-11-20",' in printed


def test_session_output_that_looks_like_something_else(tmp_path: Path) -> None:
    text = "# Title\n$ 5\n! no\n!\n[1]\n\\\n#tag\n!important\n[1] one\n"
    step = Step(1, [], ["cat", "a.md"])
    for comments, title, tag in [(True, "\\# Title", "\\#tag"), (False, "# Title", "#tag")]:
        (tmp_path / str(comments)).mkdir()
        stage = Stage(tmp_path / str(comments), comments=comments)
        (stage.root / "a.md").write_text(text, encoding="utf-8")
        printed = stage.perform(step)
        assert printed == [title, "\\$ 5", "\\! no", "\\!", "\\[1]", "\\\\", tag, "!important", "[1] one"]
        lines = ["$ cat a.md", *printed]
        assert write_steps(read_steps(lines, comments=comments)) == lines


def test_trimmed_keeps_blank_lines_within() -> None:
    assert trimmed(["a", "", "b", " ", ""]) == ["a", "", "b"]
