"""The hook comes without harm, and goes without a trace."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.gates.counting import counted
from tests.support.command import run_cli
from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT, contents

HOOKS = ("pre-commit", "pre-merge-commit", "post-merge", "post-commit", "post-rewrite")
OWN = "#!/bin/sh\necho mine >> own.log\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes and scripts of POSIX")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = new_repository(tmp_path / "vault", SMALL_VAULT)
    monkeypatch.chdir(made.top)
    return made


def modes(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): path.stat().st_mode for path in root.rglob("*")}


def state(repository: Repository) -> tuple[dict[str, bytes], dict[str, int]]:
    """Everything in the work tree and in git's folder, with its modes."""
    return contents(repository.top), modes(repository.top)


def status(*arguments: str) -> dict[str, object]:
    said: dict[str, object] = json.loads(run_cli("hook", "status", "--json", *arguments).out)
    return said


def test_it_goes_without_a_trace(repository: Repository) -> None:
    before = state(repository)
    assert run_cli("hook", "install").status == 0
    assert status()["complete"] is True
    assert run_cli("hook", "uninstall").status == 0
    assert state(repository) == before


@pytest.mark.parametrize("text", ["*.png binary\n", "*.png binary", "# c\r\n*.png binary\r\n", "\n\n"])
def test_what_was_in_gitattributes_stays_to_the_byte(repository: Repository, text: str) -> None:
    repository.write({".gitattributes": text.encode()})
    before = state(repository)
    assert run_cli("hook", "install").status == 0
    assert repository.git("check-attr", "merge", "CRM/Dashboard.md").strip().endswith(": vaultcrm")
    assert run_cli("hook", "install").status == 0
    assert repository.read(".gitattributes").count(b"vaultcrm:begin") == 1
    assert run_cli("hook", "uninstall").status == 0
    assert state(repository) == before


def test_gitattributes_that_got_more_lines_behind_ours(repository: Repository) -> None:
    repository.write({".gitattributes": b"*.png binary"})
    run_cli("hook", "install")
    repository.append(".gitattributes", "*.jpg binary\n")
    assert run_cli("hook", "install").status == 0
    assert run_cli("hook", "uninstall").status == 0
    assert repository.read(".gitattributes") == b"*.png binary\n*.jpg binary\n"


@pytest.mark.parametrize("gone", [b"# vaultcrm:end\n", b"# vaultcrm:begin\n", b"neither"])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_lines_in_gitattributes_outlive_damage_to_ours(
    repository: Repository, gone: bytes, times: int
) -> None:
    run_cli("hook", "install")
    ours = repository.read(".gitattributes")
    first, *rest = ours.replace(gone, b"").splitlines(keepends=True)
    repository.write({".gitattributes": b"".join([b"1\n", first, b"2\n", *rest, b"\n3 merge=vaultcrm\n4"])})
    for _ in range(times):
        assert run_cli("hook", "install").status == 0
        assert repository.read(".gitattributes").count(ours) == 1
    run_cli("hook", "uninstall")
    lines = repository.read(".gitattributes").splitlines(keepends=True)
    own = [each for each in lines if each not in ours.splitlines(keepends=True)]
    assert own == [b"1\n", b"2\n", b"\n", b"3 merge=vaultcrm\n", b"4"]


def test_a_second_time_nothing_is_written(repository: Repository) -> None:
    run_cli("hook", "install")
    before = state(repository)
    assert run_cli("hook", "install").out == "everything is set up already\n"
    assert state(repository) == before


def test_nothing_to_take_out(repository: Repository) -> None:
    before = state(repository)
    assert run_cli("hook", "uninstall").out == "there is nothing of vaultcrm here\n"
    assert state(repository) == before


def test_another_hook_is_kept_and_runs_first(repository: Repository) -> None:
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text(OWN)
    hook.chmod(0o755)
    before = state(repository)
    assert "pre-commit.before-vaultcrm" in run_cli("hook", "install").out
    assert "as it was before" in run_cli("hook", "uninstall").out
    assert state(repository) == before
    run_cli("hook", "install")
    repository.commit_all()
    assert repository.read("own.log") == b"mine\n"
    assert "CRM/Dashboard.md" in repository.git("ls-files")


def test_another_hook_runs_under_its_own_name(repository: Repository) -> None:
    """As husky's do: each is two lines, and what it looks for is called as itself."""
    written = {
        ".husky/_/pre-commit": '#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n',
        ".husky/_/h": 'sh -e "$(dirname "$(dirname "$0")")/$(basename "$0")" "$@"\nexit $?\n',
        ".husky/pre-commit": "echo $# >> own.log\n",
    }
    repository.write(written)
    (repository.top / ".husky/_/pre-commit").chmod(0o755)
    repository.git("config", "core.hooksPath", ".husky/_")
    run_cli("hook", "install")
    repository.commit_all()
    assert repository.read("own.log") == b"0\n"
    repository.write({".husky/_/pre-commit": written[".husky/_/pre-commit"]})  # as `npm install` does
    assert status()["hooks"]["pre-commit"] == "other"  # type: ignore[index]
    assert run_cli("hook", "install").status == 0
    repository.append("Clients/Acme.md", "- 2026-10-01 phone: a line\n")
    repository.commit("-a")
    assert repository.read("own.log") == b"0\n0\n"
    assert "CRM/Dashboard.md" in repository.git("show", "--format=", "--name-only")
    run_cli("hook", "uninstall")
    assert repository.read(".husky/_/pre-commit").decode() == written[".husky/_/pre-commit"]


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/sh -e\nfalse\n",
        "#! /bin/bash\n[[ ${0##*/} == other ]]\n",
        f"#!{sys.executable}\nimport sys\nsys.exit(4)\n",
        "#!/bin/sh\nset -- 1\nexec false\n",
    ],
)
def test_another_hook_says_no_in_any_language(repository: Repository, script: str) -> None:
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text(script)
    hook.chmod(0o755)
    run_cli("hook", "install")
    repository.git("add", "-A")
    assert repository.run("git", "commit", "-qm", "no").status != 0


def test_another_hook_that_is_a_link(repository: Repository) -> None:
    repository.write({"scripts/hook": '#!/bin/sh\n. "$(dirname "$(readlink -f "$0")")/beside"\n'})
    repository.write({"scripts/beside": "echo beside >> own.log\n"})
    (repository.top / "scripts/hook").chmod(0o755)
    (repository.top / ".git/hooks/pre-commit").symlink_to("../../scripts/hook")
    run_cli("hook", "install")
    repository.commit_all()
    assert repository.read("own.log") == b"beside\n"


def test_another_hook_that_says_no(repository: Repository) -> None:
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 3\n")
    hook.chmod(0o755)
    run_cli("hook", "install")
    repository.git("add", "-A")
    assert repository.run("git", "commit", "-qm", "no").status != 0
    assert not (repository.top / "CRM").exists()


def test_another_hook_that_git_would_not_run(repository: Repository) -> None:
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o644)
    before = state(repository)
    run_cli("hook", "install")
    repository.commit_all()
    assert run_cli("hook", "uninstall").status == 0
    after = state(repository)
    assert after[0][".git/hooks/pre-commit"] == before[0][".git/hooks/pre-commit"]
    assert after[1][".git/hooks/pre-commit"] == before[1][".git/hooks/pre-commit"]


def test_no_hook_is_ever_overwritten(repository: Repository) -> None:
    hooks = repository.top / ".git" / "hooks"
    for name in ("pre-commit", "pre-commit.before-vaultcrm"):
        (hooks / name).write_text(f"{OWN}# {name}\n")
    before = state(repository)
    done = run_cli("hook", "install")
    assert done.status == 2
    assert "pre-commit.before-vaultcrm" in done.err
    assert state(repository) == before


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_what_somebody_wrote_into_our_hook_is_kept(repository: Repository, command: str) -> None:
    run_cli("hook", "install")
    hooks = repository.top / ".git" / "hooks"
    edited = (hooks / "pre-commit").read_text().replace("#!/bin/sh\n", "#!/bin/sh\nnpm test\n")
    (hooks / "pre-commit").write_text(edited + "npm run lint\n")
    done = run_cli("hook", command)
    assert done.status == 0
    assert "runs no more" in done.out
    assert (hooks / "pre-commit.edited").read_text() == edited + "npm run lint\n"
    assert status()["complete"] is (command == "install")
    assert (hooks / "pre-commit").exists() is (command == "install")


def test_what_somebody_wrote_into_our_hook_twice(repository: Repository) -> None:
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    for word in ("once", "twice"):
        run_cli("hook", "install")
        hook.write_text(hook.read_text() + word)
    before = state(repository)
    for command in ("install", "uninstall"):
        done = run_cli("hook", command)
        assert done.status == 2
        assert "pre-commit.edited" in done.err
        assert state(repository)[0][".git/hooks/pre-commit"] == before[0][".git/hooks/pre-commit"]


def test_what_somebody_wrote_into_a_hook_of_several_repositories(
    repository: Repository, tmp_path: Path
) -> None:
    other = new_repository(tmp_path / "other", SMALL_VAULT)
    for each in (repository, other):
        each.git("config", "core.hooksPath", str(tmp_path / "shared"))
        run_cli("hook", "install", "--vault", each.top)
    hook = tmp_path / "shared" / "pre-commit"
    hook.write_text(hook.read_text() + "npm test\n")
    run_cli("hook", "uninstall", "--vault", other.top)
    assert "npm test" in (tmp_path / "shared" / "pre-commit.edited").read_text()
    assert status()["complete"] is True


def test_a_hook_that_another_program_moved(repository: Repository) -> None:
    run_cli("hook", "install")
    hooks = repository.top / ".git" / "hooks"
    (hooks / "pre-commit").rename(hooks / "pre-commit.legacy")
    (hooks / "pre-commit").write_text('#!/bin/sh\n"$(dirname "$0")/pre-commit.legacy" "$@"\n')
    (hooks / "pre-commit").chmod(0o755)
    assert status()["hooks"] == {**dict.fromkeys(HOOKS, "ours"), "pre-commit": "moved"}
    assert run_cli("hook", "install").out == "everything is set up already\n"
    repository.commit_all()
    assert "CRM/Dashboard.md" in repository.git("ls-files")
    run_cli("hook", "uninstall")
    assert sorted(path.name for path in hooks.iterdir() if ".sample" not in path.name) == ["pre-commit"]


def test_status_without_anything(repository: Repository) -> None:
    done = run_cli("hook", "status")
    assert done.status == 1
    assert "pre-commit: not installed" in done.out
    assert set(status()["hooks"].values()) == {"none"}  # type: ignore[attr-defined]


def test_status_of_a_hook_of_another_python(repository: Repository) -> None:
    run_cli("hook", "install")
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text(hook.read_text().replace("python=", "python=/nowhere"))
    assert status()["hooks"]["pre-commit"] == "old"  # type: ignore[index]
    assert run_cli("hook", "install").status == 0
    assert status()["complete"] is True


def test_without_its_python_commits_go_on(repository: Repository) -> None:
    run_cli("hook", "install", "--strict")
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    lines = hook.read_text().splitlines(keepends=True)
    hook.write_text(
        "".join("python=/nowhere/python\n" if each.startswith("python=") else each for each in lines)
    )
    repository.git("add", "-A")
    done = repository.commit()
    assert "/nowhere/python is gone" in done.err
    assert "vaultcrm hook install" in done.err


def test_a_program_that_fails_does_not_stop_a_commit(repository: Repository) -> None:
    run_cli("hook", "install", "--strict")
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text(hook.read_text().replace("from vaultcrm.entry", "from vaultcrm_that_is_gone"))
    repository.git("add", "-A")
    assert "that failed (1)" in repository.commit().err


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("end", ["import sys; sys.exit(70)", "import os; os.kill(os.getpid(), 9)"])
def test_a_run_that_falls_over_stops_a_commit_where_that_is_asked_for(
    repository: Repository, strict: bool, end: str
) -> None:
    run_cli("hook", "install", *(["--strict"] if strict else []))
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.write_text(hook.read_text().replace("from vaultcrm.entry import main; main()", end))
    repository.git("add", "-A")
    done = repository.run("git", "commit", "-qm", "a change")
    assert done.status == strict
    assert ("Nothing is committed" if strict else "The commit goes on") in done.err
    assert repository.run("git", "commit", "-qm", "a change", "--no-verify").status == (not strict)


def test_a_module_in_the_repository_is_not_run(repository: Repository) -> None:
    repository.write({"vaultcrm/__main__.py": "open('stolen', 'w')\n", "typing.py": "open('stolen', 'w')\n"})
    run_cli("hook", "install")
    repository.commit_all()
    assert not (repository.top / "stolen").exists()
    assert "CRM/Dashboard.md" in repository.git("ls-files")


# ---------------------------------------------------------------------------- where hooks are


def test_hooks_in_a_folder_of_the_repository(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", ".githooks")
    before = state(repository)
    done = run_cli("hook", "install")
    assert "is part of the repository" in done.err
    assert sorted(path.name for path in (repository.top / ".githooks").iterdir()) == sorted(HOOKS)
    repository.git("add", "-A", ":!.githooks")
    repository.commit()
    assert "CRM/Dashboard.md" in repository.git("ls-files")
    run_cli("hook", "uninstall")
    assert not (repository.top / ".githooks").exists()
    assert before[0][".git/config"] == repository.read(".git/config")


def test_hooks_that_several_repositories_share(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    other = new_repository(tmp_path / "other", SMALL_VAULT)
    code = new_repository(tmp_path / "code", {"a.txt": "a\n"})
    for each in (repository, other, code):
        each.git("config", "core.hooksPath", str(shared))
    assert "all your repositories" in run_cli("hook", "install").err
    assert run_cli("hook", "install", "--vault", other.top).status == 0
    for each in (repository, other, code):
        each.commit_all()
    assert "CRM/Dashboard.md" in other.git("ls-files")
    assert code.git("ls-files") == "a.txt\n"
    run_cli("hook", "uninstall", "--vault", other.top)
    assert status()["complete"] is True
    repository.append("Clients/Acme.md", "- 2026-10-01 phone: a line\n")
    repository.commit("-a")
    assert "CRM/Dashboard.md" in repository.git("show", "--format=", "--name-only")
    run_cli("hook", "uninstall")
    assert not shared.exists()


def test_hooks_of_a_linked_work_tree_are_the_repository_s(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit_all()
    repository.git("worktree", "add", "-q", "../linked")
    monkeypatch.chdir(tmp_path / "linked")
    assert run_cli("hook", "install").status == 0
    assert (repository.top / ".git" / "hooks" / "pre-commit").exists()
    assert status()["complete"] is True


def test_a_folder_of_hooks_that_was_not_there(repository: Repository) -> None:
    hooks = repository.top / ".git" / "hooks"
    for path in hooks.iterdir():
        path.unlink()
    hooks.rmdir()
    before = state(repository)
    run_cli("hook", "install")
    assert (hooks / "pre-commit").exists()
    run_cli("hook", "uninstall")
    assert state(repository) == before


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alone").mkdir()
    monkeypatch.chdir(tmp_path / "alone")
    done = run_cli("hook", "install")
    assert done.status == 2
    assert "in no git repository" in done.err
    assert "git init" in done.err


def test_names_that_need_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = '[paths]\ndashboard = "My [CRM]/It\'s \\"mine\\".md"\nfeed = "客户 *.ics"\n'
    repository = new_repository(tmp_path / 'a vault\'s "top"', {**SMALL_VAULT, "vaultcrm.toml": config})
    monkeypatch.chdir(repository.top)
    assert run_cli("hook", "install").status == 0
    for path in ('My [CRM]/It\'s "mine".md', "客户 *.ics"):
        assert repository.git("check-attr", "merge", path).strip().endswith(": vaultcrm")
        assert (
            repository.git("check-attr", "merge", path.replace("*", "x").replace("[CRM]", "C"))
            .strip()
            .endswith(": unspecified")
        )
    repository.commit_all()
    assert 'My [CRM]/It\'s "mine".md' in repository.git("ls-files", "-z").split("\0")
    assert repository.changed() == []


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("name", ["two\nlines", "two\n/tmp", "two\u2028lines", "\n"])
def test_line_ends_in_the_name_of_the_folder(tmp_path: Path, name: str, shared: bool) -> None:
    repository = new_repository(tmp_path / name / "vault", SMALL_VAULT)
    if shared:
        repository.git("config", "core.hooksPath", str(tmp_path / "shared"))
    for _ in range(2):
        done = repository.vaultcrm("hook", "install")
        assert done.status == 0, done.text()
    assert done.out == "everything is set up already\n"
    said = repository.commit_all().err
    assert "CRM/Dashboard.md" in repository.git("ls-files")
    assert "not found" not in said
    assert repository.vaultcrm("hook", "uninstall").status == 0
    assert not (tmp_path / "shared").exists()


def test_a_hook_loads_no_typer(hooked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hooked.top)
    run = counted(tmp_path / "report.json", "hook", "run", "pre-commit")
    assert run.status == 0
    assert "typer" not in run.modules
    assert "vaultcrm.git.staging" in run.modules
    assert "vaultcrm.git.amending" not in run.modules
