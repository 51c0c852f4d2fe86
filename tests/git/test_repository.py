"""What git is asked and told about one repository, where that is awkward."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import new_repository
from vaultcrm.store.calling import GitError
from vaultcrm.store.git import Repository, find_repository


def opened(root: Path) -> Repository:
    found = find_repository(str(root))
    assert found is not None
    return found


def test_a_commit_that_another_program_makes_while_one_is_amended_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_repository(tmp_path / "r", {"a.md": "a"})
    made.commit_all("one")
    made.write({"out.md": "o"})
    made.git("add", "out.md")
    repository, add = opened(made.top), Repository._tree_with

    def meanwhile(self: Repository, commit: str, paths: list[str]) -> str:
        tree = add(self, commit, paths)
        made.commit("--only", "--allow-empty", message="two")
        return tree

    monkeypatch.setattr(Repository, "_tree_with", meanwhile)
    with pytest.raises(GitError, match="update-ref"):
        repository.amend(repository.resolved("HEAD"), ["out.md"])
    assert made.git("log", "--format=%s") == "two\none\n"
    monkeypatch.undo()
    assert repository.amend(repository.resolved("HEAD"), ["out.md"])
    assert made.git("log", "--format=%s") == "two\none\n"
    assert made.git("ls-tree", "--name-only", "HEAD") == "a.md\nout.md\n"


@pytest.mark.parametrize("below", ["", "Clients"])
@pytest.mark.parametrize("count", [2, 101])
def test_notes_that_are_only_announced_among_many_empty_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, below: str
) -> None:
    made = new_repository(tmp_path / "r", {f"Clients/{number}.md": "" for number in range(count)})
    made.git("add", "-A")
    made.write({"Clients/later.md": "", "Clients/[a]*.md": ""})
    made.git("add", "-N", "-A")
    repository, run = opened(made.top), Repository.run
    words: list[int] = []

    def counted(self: Repository, *arguments: str, **more: Any) -> bytes:
        words.append(len(arguments))
        return run(self, *arguments, **more)

    monkeypatch.setattr(Repository, "run", counted)
    assert sorted(each.path for each in repository.to_commit(below)) == sorted(
        f"Clients/{number}.md" for number in range(count)
    )
    assert max(words) < 20
