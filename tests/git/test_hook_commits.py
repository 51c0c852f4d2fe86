"""Every way of committing, with the hook installed and run by git: what is committed is what was staged."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.repositories import Repository, new_repository
from tests.support.vaults import SMALL_VAULT
from vaultcrm.git import staging

DASHBOARD, FEED = "CRM/Dashboard.md", "CRM/follow-ups.ics"
BELL = "---\ntype: client\nname: Bell\nsince: 2026-03-01\n---\n"
LINE = "- 2026-10-01 phone: a line of its own\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts that call this Python")


@pytest.fixture
def repository(hooked: Repository) -> Repository:
    """A vault with the hook and one commit."""
    return hooked


def assert_exact(repository: Repository, vault: str = "", commit: str = "HEAD") -> None:
    """The outputs of a commit are those of its notes: in a clean checkout there is nothing to index."""
    where = repository.top.parent / "checkouts" / commit / repository.top.name
    repository.git("worktree", "prune")
    repository.git("worktree", "add", "-q", "--detach", where, commit)
    try:
        assert Repository(where).changed() == []
        checked = run_cli("index", "--check", "--vault", where / vault)
        assert checked.status == 0, checked.text()
    finally:
        repository.git("worktree", "remove", "--force", where)


def test_a_first_commit(repository: Repository) -> None:
    assert_exact(repository)
    assert repository.changed() == []
    assert repository.show(DASHBOARD) == repository.read(DASHBOARD)
    assert repository.show(FEED) == repository.read(FEED)
    assert b"\r\n" in repository.show(FEED)


def test_what_is_not_staged_does_not_count(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "Clients/Acme.md")
    staged = repository.read("Clients/Acme.md")
    repository.append("Clients/Acme.md", "- 2026-10-02 phone: not for this commit\n")
    repository.write({"Clients/Bell.md": BELL})
    repository.commit()
    assert repository.show("Clients/Acme.md") == staged
    assert_exact(repository)
    assert b"Bell" not in repository.show(DASHBOARD)
    assert repository.changed() == [" M Clients/Acme.md", "?? Clients/Bell.md"]


def test_a_part_of_a_note_is_staged(repository: Repository) -> None:
    before = repository.read("Clients/Acme.md")
    repository.write({"Clients/Acme.md": before.replace(b"2026-11-13", b"2026-09-13")})
    repository.git("add", "Clients/Acme.md")
    repository.write({"Clients/Acme.md": before.replace(b"name: Acme", b"name: Acme Corporation")})
    repository.commit()
    assert_exact(repository)
    assert b"Corporation" not in repository.show(DASHBOARD)
    assert repository.changed() == [" M Clients/Acme.md"]


def test_commit_all(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    assert_exact(repository)
    assert repository.changed() == []
    assert not list((repository.top / ".git").glob("*.lock"))


def test_commit_of_a_path(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.write({"Clients/Bell.md": BELL})
    repository.git("add", "Clients/Bell.md")
    repository.commit("--", "Clients/Acme.md")
    assert_exact(repository)
    assert b"Bell" not in repository.show(DASHBOARD)
    assert repository.changed() == ["A  Clients/Bell.md"]
    repository.commit()
    assert_exact(repository)
    assert b"Bell" in repository.show(DASHBOARD)
    assert repository.changed() == []


def test_commit_of_a_path_leaves_what_was_staged_for_later(repository: Repository) -> None:
    own = repository.read(DASHBOARD)
    repository.append("Clients/Acme.md", LINE)
    repository.append(DASHBOARD, "\nMy own words.\n")
    repository.git("add", DASHBOARD)
    repository.commit("--", "Clients/Acme.md")
    assert_exact(repository)
    assert b"My own words" not in repository.show(DASHBOARD)
    assert own != repository.show(DASHBOARD)
    assert repository.show(DASHBOARD, "") == repository.show(DASHBOARD) + b"\nMy own words.\n"
    assert repository.changed() == [f"M  {DASHBOARD}"]


def test_commit_of_a_path_with_include(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.write({"Clients/Bell.md": BELL})
    repository.git("add", "Clients/Bell.md")
    repository.commit("-i", "Clients/Acme.md")
    assert_exact(repository)
    assert b"Bell" in repository.show(DASHBOARD)
    assert repository.changed() == []


def test_amend(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    repository.append("Clients/Acme.md", "- 2026-10-09 phone: more\n")
    repository.git("add", ".")
    repository.commit("--amend")
    assert_exact(repository)
    assert repository.changed() == []
    assert repository.git("rev-list", "--count", "HEAD").strip() == "2"


def test_a_detached_head(repository: Repository) -> None:
    repository.git("checkout", "-q", "--detach")
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    assert_exact(repository)


def test_an_orphan_branch(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "fresh")
    repository.git("rm", "-q", "--cached", "Projects/Acme website.md")
    repository.commit()
    assert_exact(repository)


def test_no_verify(repository: Repository) -> None:
    before = repository.show(DASHBOARD)
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a", "--no-verify")
    assert repository.show(DASHBOARD) == before == repository.read(DASHBOARD)
    assert repository.changed() == []


def test_a_commit_that_is_given_up_leaves_nothing_half_done(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    repository.append("Clients/Acme.md", LINE)
    done = repository.run("git", "-c", "core.editor=false", "commit", "-a")
    assert done.status != 0
    assert repository.git("rev-parse", "HEAD") == head
    repository.commit("-a")
    assert_exact(repository)
    assert repository.changed() == []


def test_nothing_but_outputs_is_added(repository: Repository) -> None:
    repository.write({"Notes.txt": "mine", "Clients/Bell.md": BELL})
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "Clients/Acme.md")
    repository.commit()
    names = repository.git("show", "--format=", "--name-only").splitlines()
    assert set(names) <= {FEED, DASHBOARD, "Clients/Acme.md"}
    assert DASHBOARD in names
    assert repository.changed() == ["?? Clients/Bell.md", "?? Notes.txt"]


def test_an_ignored_output_is_not_published(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", {**SMALL_VAULT, ".gitignore": "*.ics\n"})
    assert repository.vaultcrm("hook", "install").status == 0
    repository.commit_all()
    assert FEED not in repository.git("ls-files")
    assert repository.read(FEED).startswith(b"BEGIN:VCALENDAR")
    assert repository.changed() == []


# ------------------------------------------------------------- what people wrote into an output


def test_own_words_in_the_dashboard_stay_where_they_are(repository: Repository) -> None:
    repository.append(DASHBOARD, "\nStaged words.\n")
    repository.git("add", DASHBOARD)
    repository.append(DASHBOARD, "\nWords for later.\n")
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "Clients/Acme.md")
    repository.commit()
    committed = repository.show(DASHBOARD)
    assert b"Staged words." in committed
    assert b"Words for later." not in committed
    assert repository.read(DASHBOARD) == committed + b"\nWords for later.\n"
    assert_exact(repository)
    assert repository.changed() == [f" M {DASHBOARD}"]


def test_a_dashboard_that_a_watcher_has_written_already(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    assert repository.vaultcrm("index").status == 0
    repository.git("add", "Clients/Acme.md")
    repository.commit()
    assert_exact(repository)
    assert repository.changed() == []


def test_words_within_a_section_are_kept_aside(repository: Repository) -> None:
    text = repository.read(DASHBOARD).replace(
        b"<!-- vaultcrm:begin today -->", b"<!-- vaultcrm:begin today -->\nMine!"
    )
    repository.write({DASHBOARD: text})
    done = repository.run("git", "commit", "-aqm", "mine")
    assert done.status == 0
    assert "CRM/Rescued/" in done.err
    assert b"Mine!" not in repository.show(DASHBOARD)
    kept = list((repository.top / "CRM" / "Rescued").iterdir())
    assert [b"Mine!" in each.read_bytes() for each in kept] == [True]


def test_an_output_that_is_not_ours_stays(repository: Repository) -> None:
    repository.write({DASHBOARD: "# My own dashboard\n"})
    done = repository.run("git", "commit", "-aqm", "mine")
    assert done.status == 0
    assert "output-foreign" in done.err
    assert repository.show(DASHBOARD) == b"# My own dashboard\n"
    assert repository.changed() == []


# ---------------------------------------------------------------------------- configuration


def test_the_configuration_counts_as_it_is_staged(repository: Repository) -> None:
    config = repository.read("vaultcrm.toml")
    repository.write({"vaultcrm.toml": config + b'[paths]\ndashboard = "Now.md"\n'})
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "Clients/Acme.md")
    repository.commit()
    assert "Now.md" not in repository.git("ls-files")
    assert_exact(repository)
    repository.git("add", "vaultcrm.toml")
    repository.commit()
    assert "Now.md" in repository.git("ls-files")


def test_a_configuration_outside_git_is_told(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", {**SMALL_VAULT, ".gitignore": "/vaultcrm.toml\n"})
    assert repository.vaultcrm("hook", "install").status == 0
    repository.git("add", "-A")
    done = repository.commit()
    assert "vaultcrm.toml is not in git" in done.err
    assert b"Acme" in repository.show(DASHBOARD)


def test_a_broken_configuration_does_not_stop_a_commit(repository: Repository) -> None:
    repository.write({"vaultcrm.toml": "policy = 7\n"})
    done = repository.run("git", "commit", "-aqm", "broken")
    assert done.status == 0
    assert "vaultcrm:" in done.err
    assert "the commit goes on" in done.err


def test_strict_stops_a_commit_with_errors(repository: Repository) -> None:
    assert repository.vaultcrm("hook", "install", "--strict").status == 0
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    head = repository.git("rev-parse", "HEAD")
    repository.write({"Clients/Bell.md": BELL.replace("2026-03-01", "2026-02-30")})
    repository.git("add", ".")
    done = repository.run("git", "commit", "-qm", "broken")
    assert done.status == 1
    assert "1 error" in done.err
    assert "--no-verify" in done.err
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.vaultcrm("hook", "install").status == 0
    assert repository.run("git", "commit", "-qm", "broken").status == 0


def test_most_clients_gone_at_once(repository: Repository) -> None:
    repository.write({f"Clients/C{number}.md": BELL.replace("Bell", f"C{number}") for number in range(4)})
    repository.commit_all()
    before = repository.show(DASHBOARD)
    repository.git("rm", "-q", *(f"Clients/C{number}.md" for number in range(4)))
    done = repository.run("git", "commit", "-qm", "gone")
    assert done.status == 0
    assert "outputs stay as they are" in done.err
    assert repository.show(DASHBOARD) == before
    assert repository.vaultcrm("index", "--staged", "--git-add", "--accept-loss").status == 0
    repository.commit()
    assert_exact(repository)


# ---------------------------------------------------------------------------- where the vault is


def test_a_vault_within_a_larger_repository(tmp_path: Path) -> None:
    files = {f"work/crm vault/{path}": text for path, text in SMALL_VAULT.items()}
    repository = new_repository(tmp_path / "large", {**files, "README.md": "code\n", "src/Acme.md": BELL})
    done = repository.vaultcrm("hook", "install")
    assert done.status == 0, done.text()
    repository.git("add", "-A")
    repository.run("git", "commit", "-qm", "from a folder", within="src")
    assert f"work/crm vault/{DASHBOARD}" in repository.git("-c", "core.quotePath=off", "ls-files")
    assert DASHBOARD not in repository.git("ls-files").splitlines()
    assert_exact(repository, "work/crm vault")
    repository.append("work/crm vault/Clients/Acme.md", LINE)
    repository.run("git", "commit", "-qam", "from the vault", within="work/crm vault")
    assert_exact(repository, "work/crm vault")
    assert repository.changed() == []
    assert repository.git("check-attr", "merge", f"work/crm vault/{DASHBOARD}").strip().endswith("vaultcrm")


def test_two_vaults_in_one_repository(tmp_path: Path) -> None:
    files = {f"{name}/{path}": text for name in "ab" for path, text in SMALL_VAULT.items()}
    repository = new_repository(tmp_path / "r", files)
    done = repository.vaultcrm("hook", "install")
    assert done.status == 2
    assert "--vault" in done.err
    for name in "ab":
        assert repository.vaultcrm("hook", "install", "--vault", name).status == 0
    repository.commit_all()
    assert_exact(repository, "a")
    assert_exact(repository, "b")
    assert repository.vaultcrm("hook", "uninstall", "--vault", "a").status == 0
    assert repository.vaultcrm("hook", "status", "--vault", "a").status == 1
    assert repository.vaultcrm("hook", "status", "--vault", "b").status == 0


def test_a_repository_within_a_vault(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    repository = new_repository(vault / "Clients", {"Acme.md": SMALL_VAULT["Clients/Acme.md"]})
    Repository(vault).write({path: text for path, text in SMALL_VAULT.items() if "Clients" not in path})
    done = Repository(vault).vaultcrm("hook", "install")
    assert done.status == 0, done.text()
    repository.commit_all()
    assert b"Acme" in (vault / DASHBOARD).read_bytes()
    repository.append("Acme.md", "- 2026-11-20 phone: not staged\n")
    repository.write({"Bell.md": BELL})
    repository.git("add", "Bell.md")
    repository.commit()
    dashboard = (vault / DASHBOARD).read_bytes()
    assert b"Bell" in dashboard
    assert b"not staged" not in dashboard
    assert repository.vaultcrm("hook", "uninstall").status == 0


def test_a_linked_work_tree(repository: Repository) -> None:
    repository.git("worktree", "add", "-q", "../other/vault", "-b", "other")
    other = Repository(repository.top.parent / "other" / "vault")
    other.append("Clients/Acme.md", LINE)
    other.commit("-a")
    assert_exact(other)
    assert other.changed() == []
    assert repository.changed() == []
    other.append("Clients/Acme.md", "- 2026-10-03 phone: more\n")
    other.commit("--", "Clients/Acme.md")
    assert_exact(other)
    assert other.changed() == []


def test_a_submodule(tmp_path: Path, repository: Repository) -> None:
    outer = new_repository(tmp_path / "outer", {"README.md": "outer\n"})
    outer.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(repository.top), "vault")
    inner = Repository(outer.top / "vault")
    assert inner.vaultcrm("hook", "install").status == 0
    inner.append("Clients/Acme.md", LINE)
    inner.commit("-a")
    assert_exact(inner)
    assert inner.changed() == []
    outer.commit_all()
    assert (outer.top / ".git" / "modules" / "vault" / "hooks" / "pre-commit").exists()


def test_a_repository_of_sha256(home: Path, tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", SMALL_VAULT)
    shutil.rmtree(repository.top / ".git")
    repository.git("init", "-q", "-b", "main", "--object-format=sha256", ".")
    assert repository.vaultcrm("hook", "install").status == 0
    repository.write({"Clients/Bell.md": BELL})
    repository.git("add", "-A")
    repository.git("add", "-N", ".")
    repository.append("Clients/Bell.md", LINE)
    repository.commit(message="first")
    assert len(repository.git("rev-parse", "HEAD").strip()) == 64
    assert b"2026-10-01" not in repository.show(DASHBOARD)
    assert_exact(repository)
    said = repository.vaultcrm("history", "--commits", "--json")
    assert "Bell" in said.out, said.text()


def test_a_sparse_checkout(repository: Repository) -> None:
    """Notes that are not checked out count: git has them."""
    repository.write({"Clients/Bell.md": BELL})
    repository.commit_all()
    repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "CRM")
    assert not (repository.top / "Clients").exists()
    repository.write({"readme.txt": "x\n"})
    repository.git("add", "--sparse", "readme.txt")
    repository.commit()
    assert repository.git("show", "--format=", "--name-only") == "readme.txt\n"
    repository.git("sparse-checkout", "set", "--cone", "Clients")
    repository.append("Clients/Bell.md", LINE)
    repository.commit("-a")
    repository.git("sparse-checkout", "disable")
    assert repository.changed() == []
    assert_exact(repository)


def test_line_ends_that_git_turns(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", SMALL_VAULT)
    repository.git("config", "core.autocrlf", "true")
    assert repository.vaultcrm("hook", "install").status == 0
    repository.commit_all()
    assert repository.changed() == []
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    assert repository.changed() == []
    assert b"\r\n" not in repository.show(DASHBOARD)
    assert repository.show(FEED).count(b"\r\n") == repository.show(FEED).count(b"\n")


def test_files_that_git_normalizes(tmp_path: Path) -> None:
    files = {**SMALL_VAULT, ".gitattributes": "* text=auto\n*.md eol=crlf\n"}
    repository = new_repository(tmp_path / "vault", files)
    repository.commit_all()
    assert repository.vaultcrm("hook", "install").status == 0
    repository.commit_all()
    repository.append("Clients/Acme.md", LINE)
    repository.commit("-a")
    assert repository.changed() == []
    assert repository.show(FEED).count(b"\r\n") == repository.show(FEED).count(b"\n")


def test_an_index_that_somebody_holds_is_told(repository: Repository) -> None:
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "-A")
    lock = repository.top / ".git" / "index.lock"
    lock.touch()
    done = repository.vaultcrm("index", "--staged", "--git-add")
    lock.unlink()
    assert done.status == 3, done.text()
    assert "index.lock" in done.err
    assert "git update-index" in done.err
    assert repository.vaultcrm("index", "--staged", "--git-add").status == 0
    assert repository.run("git", "diff", "--quiet").status == 0


def test_a_large_output_is_stored_while_it_is_written(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "LARGE", 1)
    repository.append("Clients/Acme.md", LINE)
    repository.git("add", "-A")
    done = repository.vaultcrm("index", "--staged", "--git-add")
    assert done.status == 0, done.text()
    repository.git("commit", "-qnm", "more")
    assert_exact(repository)
    assert repository.changed() == []
