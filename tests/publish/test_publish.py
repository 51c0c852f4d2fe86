"""Outputs copied to where they are read: only what changed, whole, and nothing of others."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.publish.places import LocalPlace, RemotePlace, open_place

FEED = "CRM/follow-ups.ics"
posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A small vault that is indexed."""
    folder = write_vault(tmp_path / "vault", SMALL_VAULT)
    index(folder)
    return folder


@pytest.fixture
def memory() -> Iterator[Any]:
    """The file system in memory, empty."""
    fsspec = pytest.importorskip("fsspec", reason="the extra `publish` is not installed")
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def index(vault: Path) -> None:
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0


def publish(vault: Path, target: object, *more: str) -> Outcome:
    return run_cli("publish", str(target), "--vault", vault, *more)


def change(vault: Path) -> None:
    """Something that changes both outputs."""
    with (vault / "Clients/Acme.md").open("a") as note:
        note.write("- 2026-11-19 phone: they will think about it next:2026-12-15\n")
    index(vault)


# ----------------------------------------------------------------------------------------------- folders


def test_outputs_are_copied_to_a_folder(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web" / "crm"
    assert publish(vault, target).text() == (
        f"wrote CRM/Dashboard.md to {target}\nwrote CRM/follow-ups.ics to {target}\n"
    )
    assert contents(target) == {
        "Dashboard.md": (vault / "CRM/Dashboard.md").read_bytes(),
        "follow-ups.ics": (vault / FEED).read_bytes(),
    }


def test_what_has_not_changed_is_not_written(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    for path in target.iterdir():
        os.utime(path, (1, 1))
    assert publish(vault, target).text() == (
        f"CRM/Dashboard.md is up to date at {target}\nCRM/follow-ups.ics is up to date at {target}\n"
    )
    assert {path.stat().st_mtime for path in target.iterdir()} == {1}
    change(vault)
    assert publish(vault, target).out.count("wrote") == 2
    assert (target / "follow-ups.ics").read_bytes() == (vault / FEED).read_bytes()


def test_a_file_is_another_one_and_not_written_over(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    reader = (target / "follow-ups.ics").open("rb")
    before = (target / "follow-ups.ics").stat().st_ino
    change(vault)
    publish(vault, target)
    assert (target / "follow-ups.ics").stat().st_ino != before
    assert reader.read().endswith(b"END:VCALENDAR\r\n")
    reader.close()
    assert sorted(os.listdir(target)) == ["Dashboard.md", "follow-ups.ics"], "nothing is left beside them"


@posix
def test_a_published_file_keeps_its_mode(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    (target / "follow-ups.ics").chmod(0o640)
    change(vault)
    publish(vault, target)
    assert stat.S_IMODE((target / "follow-ups.ics").stat().st_mode) == 0o640


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_folder_is_named_in_any_way(vault: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "a folder"
    assert publish(vault, form.format(target)).status == 0
    assert (target / "follow-ups.ics").exists()


def test_a_rehearsal_writes_nothing(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    assert publish(vault, target, "--dry-run").text() == (
        f"would write CRM/Dashboard.md to {target}\nwould write CRM/follow-ups.ics to {target}\n"
    )
    assert not target.exists()
    publish(vault, target)
    assert publish(vault, target, "--dry-run").out.count("up to date") == 2


def test_only_some_are_copied(vault: Path, tmp_path: Path) -> None:
    publish(vault, tmp_path / "a", "--no-dashboard")
    assert os.listdir(tmp_path / "a") == ["follow-ups.ics"]
    publish(vault, tmp_path / "b", "--feed", "follow-ups.ics")
    assert os.listdir(tmp_path / "b") == ["follow-ups.ics"]
    assert publish(vault, tmp_path / "c", "--feed", "follow-up.ics").text() == (
        "! error: 'follow-up.ics' is no feed of this vault\n!   CRM/follow-ups.ics\n[2]\n"
    )


def test_what_others_made_stays(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    target.mkdir()
    (target / "Dashboard.md").write_text("My own page.\n")
    (target / "follow-ups.ics").write_text("BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n")
    before = contents(target)
    outcome = publish(vault, target)
    assert outcome.status == 3
    assert outcome.err == (
        f"error: the CRM/Dashboard.md at {target} was not made by vaultcrm and is left as it is\n"
        f"error: the CRM/follow-ups.ics at {target} was not made by vaultcrm and is left as it is\n"
    )
    assert contents(target) == before


@posix
def test_a_link_in_a_published_file_s_place_stays(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    (target / "Dashboard.md").rename(tmp_path / "elsewhere.md")
    (target / "Dashboard.md").symlink_to(tmp_path / "elsewhere.md")
    change(vault)
    assert publish(vault, target).text() == (
        f"! error: the Dashboard.md at {target} cannot be used: it is a link that leads elsewhere\n[3]\n"
    )
    assert (target / "Dashboard.md").is_symlink()


def test_no_message_about_a_target_speaks_of_the_vault(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target, "--secret")
    (written,) = contents(target)
    (target / written).unlink()
    (target / written).mkdir()
    said = publish(vault, target, "--secret").text()
    why = "a folder or special file stands there"
    assert said == f"! error: the follow-ups.ics at {target} cannot be used: {why}\n[3]\n"


def test_nothing_is_published_into_the_vault(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(vault / "CRM")
    for target in (vault, vault / "CRM" / "web", tmp_path / "link"):
        outcome = publish(vault, target)
        assert (outcome.status, "lies in the vault" in outcome.err) == (2, True)


def test_what_is_not_there_is_told(vault: Path, tmp_path: Path) -> None:
    (vault / FEED).unlink()
    assert publish(vault, tmp_path / "web").text() == (
        f"! error: CRM/follow-ups.ics is not there yet\n!   make it: vaultcrm index --vault {vault}\n[3]\n"
    )
    assert not (tmp_path / "web").exists(), "nothing is published by halves"


def test_a_persons_file_in_an_outputs_place_is_not_published(vault: Path, tmp_path: Path) -> None:
    (vault / "CRM/Dashboard.md").write_text("private thoughts\n")
    outcome = publish(vault, tmp_path / "web")
    assert outcome.status == 3
    assert "CRM/Dashboard.md was not made by vaultcrm and is not published" in outcome.err


def test_two_feeds_of_one_name_are_told(vault: Path, tmp_path: Path) -> None:
    config = vault / "vaultcrm.toml"
    config.write_text(config.read_text() + '[[feeds]]\npath = "Team/Follow-Ups.ics"\n')
    index(vault)
    outcome = publish(vault, tmp_path / "web")
    assert outcome.status == 2
    assert "would both be Follow-Ups.ics there" in outcome.err
    assert publish(vault, tmp_path / "web", "--secret").status == 0, "their addresses differ"


# --------------------------------------------------------------------------------------- secret addresses


def test_a_secret_address_is_that_of_serve(vault: Path, tmp_path: Path) -> None:
    base = ["--public-url", "https://www.example.org/crm"]
    served = run_cli("serve", "--vault", vault, "--links", "--json", *base)
    outcome = publish(vault, tmp_path / "web", "--secret", "--json", *base)
    (file,) = json.loads(outcome.out)["files"]
    (feed,) = json.loads(served.out)["feeds"]
    assert (file["url"], file["webcal"]) == (feed["url"], feed["webcal"])
    assert file["state"] == "written"
    (written,) = contents(tmp_path / "web")
    assert file["url"] == f"https://www.example.org/crm/{written}"


def test_a_secret_address_is_told_only_where_it_was_asked_for(vault: Path, tmp_path: Path) -> None:
    outcomes = [
        publish(vault, tmp_path / "web", "--secret"),
        publish(vault, tmp_path / "web", "--secret", "--json"),
    ]
    (written,) = contents(tmp_path / "web")
    for outcome in outcomes:
        assert written.split("/")[0] not in outcome.text()
    assert (
        written.split("/")[0]
        in publish(vault, tmp_path / "web", "--secret", "--public-url", "https://a.b").out
    )


def test_an_address_that_was_given_up_is_removed(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target, "--secret")
    (before,) = contents(target)
    run_cli("serve", "--vault", vault, "--rotate", "--links")
    assert "would remove follow-ups.ics" in publish(vault, target, "--secret", "--dry-run").out
    outcome = publish(vault, target, "--secret")
    (after,) = contents(target)
    assert after != before
    assert os.listdir(target) == [after.split("/")[0]], "its folder is gone, too"
    assert "removed follow-ups.ics, which is published no longer" in outcome.out
    assert "removed" not in publish(vault, target, "--secret").out


def test_a_feed_that_was_given_up_is_removed(vault: Path, tmp_path: Path) -> None:
    config = vault / "vaultcrm.toml"
    plain = config.read_text()
    config.write_text(plain + '[[feeds]]\npath = "CRM/mira.ics"\n')
    index(vault)
    target = tmp_path / "web"
    publish(vault, target)
    config.write_text(plain)
    index(vault)
    assert "mira.ics" in contents(target)
    publish(vault, target, "--feed", "follow-ups.ics")
    assert sorted(contents(target)) == ["Dashboard.md", "follow-ups.ics"], "what was not named stays"


def test_what_took_a_given_up_place_stays(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    (target / "Dashboard.md").write_text("mine now\n")
    outcome = publish(vault, target, "--secret")
    assert outcome.status == 3
    assert (target / "Dashboard.md").read_text() == "mine now\n"
    assert not (target / "follow-ups.ics").exists()


def test_what_was_not_named_this_time_is_removed_when_it_is_given_up(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    publish(vault, target, "--feed", "follow-ups.ics")
    assert publish(vault, target, "--secret").out.count("removed") == 2
    assert "Dashboard.md" not in contents(target)


def test_what_came_there_before_a_failure_is_removed_when_it_is_given_up(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "web"
    write = LocalPlace.write

    def broken(place: LocalPlace, name: str, data: bytes) -> None:
        write(place, name, data)
        raise VaultcrmError("the line is cut")  # all of it was there, and nobody was told

    with monkeypatch.context() as patched:
        patched.setattr(LocalPlace, "write", broken)
        assert publish(vault, target).status == 3
    assert sorted(contents(target)) == ["Dashboard.md"]
    assert "removed Dashboard.md" in publish(vault, target, "--secret").out
    assert "Dashboard.md" not in contents(target)


def test_nothing_is_told_to_be_removed_that_never_came_there(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "web"

    def broken(place: LocalPlace, name: str, data: bytes) -> None:
        raise VaultcrmError("there is no line")

    with monkeypatch.context() as patched:
        patched.setattr(LocalPlace, "write", broken)
        assert publish(vault, target).status == 3
    assert "removed" not in publish(vault, target, "--secret").out


def test_a_given_up_address_goes_though_nothing_else_can_be_written(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target, "--secret")
    (before,) = contents(target)
    (target / "Dashboard.md").mkdir()
    assert publish(vault, target).status == 3
    assert not (target / before).exists()


def test_one_that_cannot_be_removed_keeps_no_other_back(vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "web"
    publish(vault, target)
    (target / "Dashboard.md").unlink()
    (target / "Dashboard.md").mkdir()
    for _ in range(2):
        assert publish(vault, target, "--secret").status == 3
        (there,) = contents(target)
        assert there.endswith("/follow-ups.ics")
    (target / "Dashboard.md").rmdir()
    assert publish(vault, target, "--secret").status == 0


@posix
def test_the_record_is_the_users_alone(vault: Path, tmp_path: Path, home: Path) -> None:
    publish(vault, tmp_path / "web", "--secret")
    (record,) = home.rglob("published.json")
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["", "nonsense", "[]", '{"a": 5}', "{}"])
def test_a_damaged_record_costs_nothing(vault: Path, tmp_path: Path, home: Path, damage: str) -> None:
    publish(vault, tmp_path / "web")
    (record,) = home.rglob("published.json")
    record.write_text(damage)
    assert publish(vault, tmp_path / "web").status == 0


# ----------------------------------------------------------------------------------------------- drivers


def test_a_driver_of_fsspec_is_used(vault: Path, memory: Any) -> None:
    target = "memory://bucket/crm"
    assert publish(vault, target).out.count("wrote") == 2
    assert memory.cat_file("/bucket/crm/follow-ups.ics") == (vault / FEED).read_bytes()
    assert publish(vault, target).out.count("up to date") == 2
    change(vault)
    assert publish(vault, target, "--dry-run").out.count("would write") == 2
    assert publish(vault, target).out.count("wrote") == 2
    memory.pipe_file("/bucket/crm/Dashboard.md", b"mine")
    assert publish(vault, target).status == 3
    assert memory.cat_file("/bucket/crm/Dashboard.md") == b"mine"


def test_json_tells_every_file(vault: Path, memory: Any) -> None:
    assert json.loads(publish(vault, "memory://crm", "--json").out) == {
        "target": "memory://crm",
        "dry_run": False,
        "files": [
            {"path": "CRM/Dashboard.md", "state": "written"},
            {"path": "CRM/follow-ups.ics", "state": "written"},
        ],
    }


def test_a_kind_of_target_that_is_not_known_is_told(vault: Path, memory: Any) -> None:
    outcome = publish(vault, "sfpt://host/crm")
    assert outcome.text().startswith("! error: sfpt:// is no kind of target\n!   the nearest: sftp")
    assert outcome.status == 2
    assert "\n!   one of: sftp, s3, " in publish(vault, "xyzzyx://host/crm").text()


def test_a_driver_that_is_not_installed_is_told(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    assert publish(vault, "sftp://host/crm").text() == (
        "! error: sftp:// needs paramiko, which is not installed\n!   pip install paramiko\n[2]\n"
    )
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert publish(vault, "s3://bucket").text() == (
        "! error: publish needs fsspec, which is not installed\n!   pip install 'vaultcrm[publish]'\n[2]\n"
    )


class Broken:
    """A driver that fails with a password in its words."""

    protocol = "broken"

    def cat_file(self, path: str) -> bytes:
        raise RuntimeError(f"refused:\nhttps://me:hunter2@host{path}")


def test_a_driver_that_fails_is_told_without_passwords(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = RemotePlace(Broken(), "/crm", "broken://host/crm")
    monkeypatch.setattr("vaultcrm.cli.serving.open_place", lambda *_: place)
    outcome = publish(vault, "broken://me:hunter2@host/crm")
    assert outcome.text() == (
        "! error: broken://host/crm cannot be used: refused: https://host/crm/Dashboard.md\n[3]\n"
    )


class Store:
    """An object store without a single bucket, which would make any that is asked for."""

    protocol = ("store", "st")

    def __init__(self) -> None:
        self.made: list[str] = []

    def cat_file(self, path: str) -> bytes:
        raise FileNotFoundError(path)

    def pipe_file(self, path: str, data: bytes) -> None:
        raise FileNotFoundError(2, "The specified bucket does not exist", path)

    def makedirs(self, path: str, exist_ok: bool) -> None:
        self.made.append(path)


def test_a_slip_in_the_name_of_a_bucket_makes_none(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    place = RemotePlace(store, "crm-feed/a", "store://crm-feed/a")
    monkeypatch.setattr("vaultcrm.cli.serving.open_place", lambda *_: place)
    assert publish(vault, "store://crm-feed/a").text() == (
        "! error: store://crm-feed/a is not there\n"
        "!   is the name right? A bucket is never made: make it first\n[3]\n"
    )
    assert store.made == []


def test_what_a_driver_does_not_find_is_not_the_folder_that_one_is_in(
    vault: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, path: str, value: bytes, **_: object) -> None:
        raise FileNotFoundError(2, "No such share", path)

    monkeypatch.setattr(type(memory), "pipe_file", refuse)
    assert publish(vault, "memory://a/b").text() == (
        "! error: memory://a/b cannot be used: No such share\n[3]\n"
    )


def test_what_is_gone_already_needs_no_removal(vault: Path, tmp_path: Path, memory: Any) -> None:
    for target in (tmp_path / "web", "memory://a/b"):
        place = open_place(str(target), {})
        place.write("x/a.ics", b"")
        place.remove("x/a.ics")
        place.remove("x/a.ics")
        assert place.read("x/a.ics") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("memory://me:hunter2@host/a", "memory://host/a"),
        ("memory://me:p@ss@host/a", "memory://host/a"),
        ("memory://a?token=hunter2", "memory://a"),
        ("memory://a/b", "memory://a/b"),
    ],
)
def test_a_target_is_shown_without_passwords(memory: Any, text: str, shown: str) -> None:
    assert open_place(text, {}).shown == shown


@pytest.mark.parametrize("password", ["hunter2", "p@ss", "p%40ss", "12/34x"])
def test_no_word_of_a_driver_tells_the_password(
    vault: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    meant = unquote(password)

    def refuse(kind: str, text: str, given: str | None) -> None:
        raise RuntimeError(f"no {text} for {meant}, {password} nor {given}")

    monkeypatch.setattr("vaultcrm.publish.places._system", refuse)
    monkeypatch.setenv("VAULTCRM_PUBLISH_PASSWORD", "of the environment")
    said = publish(vault, f"ftp://me:{password}@host/crm").text()
    for secret in (password, meant, "of the environment"):
        assert secret not in said
    assert "***" in said or "%2F" in said


@pytest.mark.parametrize(
    ("target", "is_split"),
    [
        ("ftp://me:12/34x@host/crm", True),
        ("ftp://me:p/w@host", True),
        ("ftp://host:21/a%40b/c", False),
        ("ftp://me:pw@host:21/a@b", False),
        ("ftp://host/a:b/c@d", False),
        ("ftp://host:21/a@b", True),
    ],
)
def test_a_password_with_a_slash_is_told(
    monkeypatch: pytest.MonkeyPatch, target: str, is_split: bool
) -> None:
    reached: list[str] = []
    monkeypatch.setattr(
        "vaultcrm.publish.places._system", lambda kind, text, given: reached.append(text) or (Broken(), "/")
    )
    if is_split:
        with pytest.raises(UsageError, match="has a / in its password"):
            open_place(target, {})
    else:
        open_place(target, {})
    assert reached == ([] if is_split else [target])


@pytest.mark.parametrize("kind", ["ftp", "smb"])
@pytest.mark.parametrize("user", ["me@", "me:old@", "me:o@ld@"])
def test_a_password_of_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, kind: str, user: str
) -> None:
    core = pytest.importorskip("fsspec.core", reason="the extra `publish` is not installed")
    given: list[Any] = []

    def url_to_fs(text: str, **options: str) -> tuple[Any, str]:
        given.append((text, options))
        return Broken(), "/crm"

    monkeypatch.setattr(core, "url_to_fs", url_to_fs)
    open_place(f"{kind}://{user}host/crm", {"VAULTCRM_PUBLISH_PASSWORD": "new"})
    assert given == [(f"{kind}://me@host/crm", {"password": "new"})]


@pytest.mark.parametrize(
    ("shown", "is_overheard"),
    [
        ("webdav://host/a", True),
        ("ftp://192.0.2.7/a", True),
        ("webdavs://host/a", False),
        ("sftp://host/a", False),
        ("dav://127.0.0.1:80/a", False),
        ("dav://[::1]/a", False),
    ],
)
def test_a_way_that_is_not_encrypted_is_told(
    vault: Path, monkeypatch: pytest.MonkeyPatch, shown: str, is_overheard: bool
) -> None:
    monkeypatch.setattr("vaultcrm.cli.serving.open_place", lambda *_: RemotePlace(Broken(), "/", shown))
    said = publish(vault, shown).err
    assert (f"warning: the way to {shown} is not encrypted" in said) is is_overheard


@pytest.mark.parametrize("form", ["file://{}", "local://{}", "{}"])
def test_no_address_leads_into_the_vault(vault: Path, form: str) -> None:
    assert "lies in the vault" in publish(vault, form.format(vault / "out")).err
    assert not (vault / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = publish(vault, tmp_path / "file" / "web")
    assert outcome.status == 3
    assert "Traceback" not in outcome.text()
