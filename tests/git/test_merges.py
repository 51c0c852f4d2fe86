"""Merges run by git: with the driver, without it, and of two clones on machines that differ."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.git.test_hook_commits import DASHBOARD, FEED, LINE, assert_exact
from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT

BELL = "---\ntype: client\nname: Bell\nsince: 2026-03-01\n---\n"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts that call this Python")


def fork(repository: Repository) -> None:
    """Two branches whose notes do not conflict, while their outputs do; the second is checked out."""
    repository.git("checkout", "-q", "-b", "other")
    repository.write({"Clients/Bell.md": BELL})
    repository.append(DASHBOARD, "\nTheir words.\n")
    repository.commit_all("theirs")
    repository.git("checkout", "-q", "main")
    repository.append("Clients/Acme.md", LINE)
    text = repository.read(DASHBOARD)
    repository.write({DASHBOARD: text.replace(b"-->", b"-->\n\nOur words.", 1)})
    repository.commit_all("ours")


def assert_both(repository: Repository) -> None:
    dashboard = repository.show(DASHBOARD)
    assert b"Bell" in dashboard
    assert dashboard.count(b"Our words.") == dashboard.count(b"Their words.") == 1
    assert b"<<<<<<<" not in dashboard
    assert_exact(repository)
    assert repository.changed() == []


def test_a_merge_makes_outputs_anew(hooked: Repository) -> None:
    fork(hooked)
    hooked.git("merge", "-q", "-m", "merged", "other")
    assert_both(hooked)


def test_a_merge_that_a_person_commits(hooked: Repository) -> None:
    fork(hooked)
    hooked.git("merge", "-q", "--no-commit", "other")
    hooked.commit(message="merged")
    assert_both(hooked)


def test_a_merge_with_a_conflict_in_a_note(hooked: Repository) -> None:
    fork(hooked)
    hooked.git("checkout", "-q", "other")
    hooked.append("Clients/Acme.md", "- 2026-10-05 phone: theirs\n")
    hooked.commit_all()
    hooked.git("checkout", "-q", "main")
    assert hooked.run("git", "merge", "other").status == 1
    assert hooked.git("diff", "--name-only", "--diff-filter=U").split() == ["Clients/Acme.md"]
    staged = hooked.vaultcrm("index", "--staged", "--git-add")
    assert staged.status == 3
    assert "Clients/Acme.md" in staged.err
    lines = hooked.read("Clients/Acme.md").splitlines(keepends=True)
    hooked.write({"Clients/Acme.md": b"".join(each for each in lines if each[:7] not in MARKS)})
    hooked.git("add", "Clients/Acme.md")
    hooked.commit(message="merged")
    assert_both(hooked)


def test_words_within_a_section_on_either_side_are_kept_aside(hooked: Repository) -> None:
    """As from a phone, where no hook runs."""
    base = hooked.read(DASHBOARD).decode()
    for branch, word, sections in (("other", "theirs", "today|tiers"), ("main", "ours", "agenda|tiers")):
        hooked.git("checkout", "-q", "-B", branch, "main")
        text = re.sub(f"(?<=begin )({sections}) -->\n", rf"\g<0>{word} in \1\n", base)
        hooked.write({DASHBOARD: text.encode()})
        hooked.commit("-a", "--no-verify")
    done = hooked.run("git", "merge", "-q", "-m", "merged", "other")
    assert done.status == 0, done.text()
    assert_exact(hooked)
    left = [path.read_text() for path in (hooked.top / "CRM").rglob("*.md")]
    for words in ("theirs in today", "ours in agenda", "theirs in tiers", "ours in tiers"):
        assert sum(words in each for each in left) == 1, words


def test_ticks_of_both_sides_stay(hooked: Repository) -> None:
    hooked.append(DASHBOARD, "\n<!-- vaultcrm:begin plan -->\n<!-- vaultcrm:end -->\n")
    hooked.write({"Clients/Bell.md": BELL})
    hooked.commit_all()
    text = hooked.show(DASHBOARD)
    first, second = re.findall(rb"- \[ \] .*(?:Acme|Bell).*", text)[:2]
    for branch, line in (("other", first), ("main", second)):
        hooked.git("checkout", "-q", "-B", branch, "main")
        hooked.write({DASHBOARD: text.replace(line, line.replace(b"[ ]", b"[x]"))})
        if branch == "main":
            hooked.append("Clients/Acme.md", LINE)
        hooked.commit_all()
    hooked.git("merge", "-q", "-m", "merged", "other")
    assert hooked.show(DASHBOARD).count(b"- [x] ") == 2
    assert_exact(hooked)


MARKS = {b"<<<<<<<", b"=======", b">>>>>>>"}


def test_without_the_driver_the_next_run_mends(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", SMALL_VAULT)
    assert repository.vaultcrm("index").status == 0
    repository.commit_all()
    repository.git("checkout", "-q", "-b", "other")
    repository.write({"Clients/Bell.md": BELL})
    repository.append(DASHBOARD, "\nTheir words.\n")
    assert repository.vaultcrm("index").status == 0
    repository.commit_all()
    repository.git("checkout", "-q", "main")
    repository.append("Clients/Acme.md", LINE)
    repository.write({"Clients/Cove.md": BELL.replace("Bell", "Cove")})
    assert repository.vaultcrm("index").status == 0
    repository.commit_all()
    assert repository.run("git", "merge", "other").status == 1
    assert b"<<<<<<<" in repository.read(DASHBOARD)
    done = repository.vaultcrm("index", "--staged", "--git-add")
    assert done.status == 0, done.text()
    repository.commit(message="merged")
    assert repository.show(DASHBOARD).count(b"Their words.") == 1
    assert b"<<<<<<<" not in repository.show(DASHBOARD) + repository.show(FEED)
    assert_exact(repository)
    assert repository.changed() == []


@pytest.fixture
def conflicted(tmp_path: Path) -> Repository:
    """A merge that stopped, without the driver: people wrote in sections and ticked on both sides."""
    repository = new_repository(tmp_path / "vault", {**SMALL_VAULT, "Clients/Bell.md": BELL})
    assert repository.vaultcrm("index").status == 0
    repository.append(DASHBOARD, "\n<!-- vaultcrm:begin plan -->\n<!-- vaultcrm:end -->\n")
    assert repository.vaultcrm("index").status == 0
    repository.commit_all()
    for branch, word, client in (("other", "theirs", "Acme"), ("main", "ours", "Bell")):
        repository.git("checkout", "-q", "-B", branch, "main")
        repository.write({f"Clients/{word}.md": BELL.replace("Bell", word)})
        assert repository.vaultcrm("index").status == 0
        text = repository.read(DASHBOARD).decode()
        text = re.sub("begin (agenda|tiers) -->\n", rf"\g<0>{word} in \1\n", text)
        text = re.sub(rf"- \[ \](.*{client})", r"- [x]\1", text, count=1)
        repository.write({DASHBOARD: text.encode()})
        repository.commit_all()
    assert repository.run("git", "merge", "other").status == 1
    assert b"<<<<<<<" in repository.read(DASHBOARD)
    return repository


@pytest.mark.parametrize("options", [(), ("--staged", "--git-add")])
def test_without_the_driver_no_words_and_no_ticks_are_lost(
    conflicted: Repository, options: tuple[str, ...]
) -> None:
    done = conflicted.vaultcrm("index", *options)
    assert done.status == 0, done.text()
    dashboard = conflicted.read(DASHBOARD)
    assert dashboard.count(b"- [x] ") == 2
    assert b"<<<<<<<" not in dashboard
    left = [path.read_text() for path in (conflicted.top / "CRM").rglob("*.md")]
    for words in ("ours in agenda", "theirs in agenda", "ours in tiers", "theirs in tiers"):
        assert sum(words in each for each in left) == 1, words
    assert len(left) == 3, "nothing but their words is kept aside"


def test_what_somebody_wrote_into_a_conflict_stays(conflicted: Repository) -> None:
    conflicted.append(DASHBOARD, "\nAfter the merge.\n")
    assert conflicted.vaultcrm("index").status == 0
    assert b"\nAfter the merge.\n" in conflicted.read(DASHBOARD)
    assert b"<<<<<<<" not in conflicted.read(DASHBOARD)


def test_a_conflict_that_git_does_not_know_of_is_mended(conflicted: Repository) -> None:
    conflicted.git("add", "-A")
    assert conflicted.vaultcrm("index").status == 0
    assert b"<<<<<<<" not in conflicted.read(DASHBOARD)
    conflicted.run("git", "merge", "--abort")


@pytest.mark.parametrize(
    "how",
    [
        "rebase",
        "cherry-pick",
        *(
            pytest.param(how, marks=pytest.mark.slow)
            for how in ("rebase --apply", "rebase --rebase-merges", "pull --rebase")
        ),
    ],
)
def test_commits_that_are_applied_again(hooked: Repository, how: str) -> None:
    fork(hooked)
    if how == "cherry-pick":
        hooked.git("cherry-pick", "other")
    else:
        hooked.git("checkout", "-q", "other")
        where = (".",) if how.startswith("pull") else ()
        hooked.git(*how.split(), "-q", *where, "main")
        assert hooked.git("symbolic-ref", "HEAD") == "refs/heads/other\n"
    assert_both(hooked)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["rebase", "cherry-pick"])
def test_several_commits_that_are_applied_again(hooked: Repository, how: str) -> None:
    fork(hooked)
    hooked.git("checkout", "-q", "other")
    for number in range(3):
        hooked.append("Clients/Bell.md", f"\n## Part {number}\n\nText.\n")
        hooked.commit_all()
    if how == "rebase":
        hooked.git("rebase", "-q", "main")
    else:
        hooked.git("checkout", "-q", "main")
        hooked.git("cherry-pick", "main..other")
    assert_both(hooked)


def test_a_commit_that_is_taken_back(hooked: Repository) -> None:
    hooked.write({"Clients/Bell.md": BELL})
    hooked.commit_all()
    hooked.append("Clients/Acme.md", LINE)
    hooked.commit_all()
    hooked.git("revert", "--no-edit", "HEAD~1")
    assert b"Bell" not in hooked.show(DASHBOARD)
    assert hooked.git("log", "-1", "--format=%s") == 'Revert "a change"\n'
    assert_exact(hooked)
    assert hooked.changed() == []


def sign(repository: Repository, folder: Path) -> None:
    """Have all commits signed, by a program that signs nothing."""
    program = folder / "sign"
    program.write_text('#!/bin/sh\ncat >/dev/null\necho "[GNUPG:] SIG_CREATED " >&2\necho signature\n')
    program.chmod(0o755)
    repository.git("config", "gpg.program", str(program))
    repository.git("config", "commit.gpgsign", "true")


@pytest.mark.parametrize("how", ["cherry-pick other", "merge --no-edit other"])
def test_a_signed_commit_stays_as_it_is(hooked: Repository, how: str, tmp_path: Path) -> None:
    fork(hooked)
    sign(hooked, tmp_path)
    done = hooked.run("git", *how.split())
    assert done.status == 0, done.text()
    assert "\ngpgsig" in hooked.git("cat-file", "commit", "HEAD")
    waiting = how.startswith("merge")
    assert ("signed" in done.err, hooked.changed() != []) == (waiting, waiting)
    hooked.append("Clients/Acme.md", "- 2026-10-08 phone: the next commit\n")
    hooked.commit("-a")
    assert_both(hooked)


@pytest.mark.slow
def test_a_conflict_in_a_note_while_commits_are_applied_again(hooked: Repository) -> None:
    fork(hooked)
    hooked.git("checkout", "-q", "other")
    hooked.append("Clients/Acme.md", "- 2026-10-05 phone: theirs\n")
    hooked.commit_all()
    hooked.append("Clients/Bell.md", "\nMore.\n")
    hooked.commit_all()
    assert hooked.run("git", "rebase", "main").status == 1
    lines = hooked.read("Clients/Acme.md").splitlines(keepends=True)
    hooked.write({"Clients/Acme.md": b"".join(each for each in lines if each[:7] not in MARKS)})
    hooked.git("add", "Clients/Acme.md")
    hooked.git("-c", "core.editor=true", "rebase", "--continue")
    assert_both(hooked)


def test_a_commit_within_a_rebase(hooked: Repository) -> None:
    for number in range(3):
        hooked.append("Clients/Acme.md", f"- 2026-10-1{number} phone: call {number}\n")
        hooked.commit("-a", message=f"call {number}")
    editor = {"GIT_SEQUENCE_EDITOR": "sed -i -e 's/^pick/reword/'", "GIT_EDITOR": "true"}
    again = Repository(hooked.top, editor)
    again.git("rebase", "-q", "-i", "--force-rebase", "HEAD~3")
    assert hooked.changed() == []
    assert_exact(hooked)


def test_two_clones_on_machines_that_differ(hooked: Repository, tmp_path: Path) -> None:
    machines = {
        "one": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        "two": {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"},
    }
    hooked.git("config", "receive.denyCurrentBranch", "ignore")
    clones = {}
    for name, environment in machines.items():
        hooked.git("clone", "-q", hooked.top, tmp_path / name / "vault")
        clones[name] = Repository(tmp_path / name / "vault", environment)
        assert clones[name].vaultcrm("hook", "install").status == 0
        assert clones[name].changed() == []
    one, two = clones["one"], clones["two"]
    one.write({"Clients/Bell.md": BELL})
    one.commit_all("one")
    two.write({"Clients/Cove.md": BELL.replace("Bell", "Cove")})
    two.commit_all("two")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert b"Bell" in two.show(DASHBOARD)
    assert b"Cove" in two.show(DASHBOARD)
    assert_exact(two)
    two.git("push", "-q")
    one.git("pull", "-q", "--no-rebase", "--no-edit")
    assert one.show(DASHBOARD) == two.show(DASHBOARD)
    assert one.show(FEED) == two.show(FEED)
    for clone in clones.values():
        assert clone.vaultcrm("index").status == 0
        assert clone.changed() == []
