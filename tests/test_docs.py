"""The documentation is true: its examples run, its links lead somewhere, its tables are those of the code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.expectations import REWRITE
from tests.support.sessions import Block, SessionError, Stage, Step, blocks, header, read_steps, write_steps
from tests.support.vaults import TESTS, write_vault

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


def test_the_systems_in_chinese_have_the_places_of_those_in_english() -> None:
    """Links keep their ends, whatever language they lead to."""
    english = (ROOT / "docs/systems.md").read_text(encoding="utf-8")
    page = (ROOT / "docs/zh/systems.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (\d+ .+)$", english, re.MULTILINE)
    wanted = [re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles]
    places = re.findall(r'^<a id="([^"]+)"></a>\n\n## (\d+) ', page, re.MULTILINE)
    assert places == [(place, str(number)) for number, place in enumerate(wanted, 1)]


@pytest.mark.parametrize("front", ["docs/index.md", "docs/zh/index.md"])
def test_each_system_is_found_from_the_front_page(front: str) -> None:
    systems = (ROOT / "docs/systems.md").read_text(encoding="utf-8")
    page = (ROOT / front).read_text(encoding="utf-8")
    found = re.findall(r"^## ((\d+) .+)$", systems, re.MULTILINE)
    assert [int(number) for _, number in found] == list(range(1, 18))
    for title, number in found:
        anchor = re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        assert re.search(rf"^{number}\. \[[^]]+\]\((?:\.\./)?systems\.md#{anchor}\)", page, re.MULTILINE), (
            title
        )


# ------------------------------------------------------------------------------------------------- editors

WRONG = {
    "Clients/Pine Bakery.md": "---\nsince: 2026-02-30\nbirthday: x\n---\n",
    "Interactions/2026-11-20 Call.md": "---\nclient: '[[Pine Bakry]]'\n---\n",
}


def wrong(language: str) -> dict[str, str]:
    """A vault with three errors, which are told in a language."""
    return {**WRONG, "vaultcrm.toml": f'language = "{language}"\n'}


def shown(page: str, language: str) -> str:
    """The first block of a language in a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return text.partition(f"```{language}\n")[2].partition("```")[0]


@pytest.mark.parametrize(
    ("page", "language"), [("docs/editors/vscode.md", "en"), ("docs/zh/editors.md", "zh")]
)
def test_vs_code_reads_what_check_prints(page: str, language: str, tmp_path: Path) -> None:
    printed = run_cli("check", "--vault", write_vault(tmp_path, wrong(language))).out
    matcher = json.loads(shown(page, "json"))["tasks"][0]["problemMatcher"]["pattern"]
    found = [match for line in printed.splitlines() if (match := re.match(matcher["regexp"], line))]
    assert [match[matcher["severity"]] for match in found] == ["error"] * 3
    for match in found:
        assert (tmp_path / match[matcher["file"]]).is_file()
        assert int(match[matcher["line"]]) > 1
        assert match[matcher["code"]] in ("bad-date", "bad-yearly-date", "unknown-client")
    assert {"en": "3 errors, 0 warnings", "zh": "3 个错误，0 个警告"}[language] in printed


@pytest.mark.skipif(shutil.which("vim") is None, reason="Vim is not installed")
@pytest.mark.parametrize(("page", "language"), [("docs/editors/vim.md", "en"), ("docs/zh/editors.md", "zh")])
def test_vim_reads_what_check_prints(page: str, language: str, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", {**wrong(language), ".vimrc": shown(page, "vim")})
    (tmp_path / "printed").write_bytes(run_cli("check", "--vault", vault).out_bytes)
    asked = ["redir! > ../found", "silent clist", "redir END", "qa!"]
    commands = [part for command in ("cgetfile ../printed", *asked) for part in ("-c", command)]
    subprocess.run(["vim", "-N", "-es", "-i", "NONE", "-u", ".vimrc", *commands], cwd=vault, check=False)
    found = (tmp_path / "found").read_text(encoding="utf-8")
    assert len(re.findall(r"\.md:\d+ col \d+ error: ", found)) == 3, found
    assert "2026-02-30" in found
