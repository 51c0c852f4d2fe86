"""The documentation is true: its examples run, its links lead somewhere, its tables are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.expectations import REWRITE
from tests.support.sessions import Block, SessionError, Stage, Step, blocks, header, read_steps, write_steps
from tests.support.vaults import TESTS

ROOT = TESTS.parent
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples_run(
    page: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page.read_bytes().decode()
    lines = text.split("\n")
    stage: Stage | None = None
    shift = 0
    for block in blocks(text):
        if block.begins is not None:
            said = header(block.begins.split(";"))
            stage = Stage(tmp_path_factory.mktemp("session"), comments=False, **said)
            monkeypatch.chdir(stage.root)
        assert stage is not None
        start, end = block.start + shift, block.end + shift
        if block.file is not None:
            stage.put(block.file, "".join(line + "\n" for line in lines[start:end]), block.adds)
            continue
        items = read_steps(lines[start:end], start + 1, comments=False)
        stage.play(items, page.name)
        written = write_steps(items)
        shift += len(written) - (end - start)
        lines[start:end] = written
    if REWRITE:
        page.write_bytes("\n".join(lines).encode())


def test_examples_say_where_they_run() -> None:
    page = "```console\n$ vaultcrm check\n```\n"
    with pytest.raises(SessionError, match="line 1"):
        blocks(page)
    assert blocks("<!-- not run: it takes a phone -->\n" + page) == []
    assert [
        (block.start, block.begins) for block in blocks("<!-- session vault: x -->\n\n" + page + page)
    ] == [
        (3, "vault: x"),
        (6, None),
    ]


def test_examples_show_files() -> None:
    page = "<!-- file: a b.md -->\n```markdown\nx\n```\n"
    with pytest.raises(SessionError, match="line 2"):
        blocks(page)
    added = page.replace("file", "added to")
    assert blocks("<!-- session today: 2026-11-20; sample: en -->\n" + page + added) == [
        Block(3, 4, "today: 2026-11-20; sample: en", "a b.md"),
        Block(7, 8, None, "a b.md", adds=True),
    ]


def test_examples_may_hold_fences() -> None:
    page = "<!-- session -->\n````console\n$ cat a.md\n```\n````\n"
    (block,) = blocks(page)
    steps = read_steps(page.split("\n")[block.start : block.end])
    assert isinstance(steps[0], Step)
    assert steps[0].expected == ["```"]
