"""What the doctor finds: a sound vault has nothing to mend, and each fault is told with what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.command import Outcome, run_cli
from tests.support.repositories import new_repository
from tests.support.vaults import AS_OF, SMALL_VAULT
from vaultcrm.app.opening import package_texts
from vaultcrm.doctor import machine
from vaultcrm.doctor.findings import State
from vaultcrm.render.labels import labels

FEED = "CRM/follow-ups.ics"


@pytest.fixture
def vault(home: Path, make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound vault, indexed, in which one stands; the shell finds this very program."""
    root = make_vault(SMALL_VAULT)
    assert run_cli("index", "--vault", root, "--today", AS_OF).status == 0
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    return root


def doctor(*arguments: str | Path) -> Outcome:
    return run_cli("doctor", "--today", AS_OF, *arguments)


def states() -> dict[str, tuple[str, str]]:
    """By check the worst that was found: its state, and which text tells it."""
    order = list(State)
    found: dict[str, tuple[str, str]] = {}
    for each in json.loads(doctor("--json").out)["checks"]:
        if order.index(each["state"]) >= order.index(found.get(each["id"], ("ok", ""))[0]):
            found[each["id"]] = each["state"], each["what"]
    return found


def every(check: str) -> list[tuple[str, str]]:
    found = json.loads(doctor("--json").out)["checks"]
    return [(each["state"], each["what"]) for each in found if each["id"] == check]


def test_a_sound_vault_has_nothing_to_mend(vault: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in vault.rglob("*")}
    done = doctor()
    assert done.status == 0, done.text()
    found = states()
    assert {state for state, _ in found.values()} == {"ok"}
    assert {"vault", "policy", "notes", "outputs", "feed", "git", "folders", "watch"} <= found.keys()
    assert done.out.endswith("\nEverything is as it should be.\n")
    assert {path: path.stat().st_mtime_ns for path in vault.rglob("*")} == before


def write(path: str, text: str | bytes) -> Callable[[Path], object]:
    data = text.encode() if isinstance(text, str) else text
    return lambda root: [(root / path).parent.mkdir(exist_ok=True), (root / path).write_bytes(data)]


def feed_for(owner: str) -> Callable[[Path], object]:
    feed = f'\n[[feeds]]\npath = "CRM/own.ics"\nowners = ["{owner}", "MIRA"]\n'
    return write("vaultcrm.toml", SMALL_VAULT["vaultcrm.toml"] + feed)


def cut(root: Path) -> None:
    (root / FEED).write_bytes((root / FEED).read_bytes()[:400])


NO_ZONE = SMALL_VAULT["vaultcrm.toml"].replace('timezone = "Europe/Berlin"', "").replace(" ", "")

FAULTS: dict[str, tuple[Callable[[Path], object], tuple[str, str, str]]] = {
    "a key that there is not": (write("vaultcrm.toml", "capacty = 3\n"), ("policy", "problem", "failed")),
    "no time zone": (write("vaultcrm.toml", NO_ZONE), ("policy", "ok", "no-timezone")),
    "no configuration": (
        lambda root: [(root / "vaultcrm.toml").unlink(), (root / ".obsidian").mkdir()],
        ("policy", "note", "default"),
    ),
    "a wrong date": (
        write("Clients/Bell.md", "---\nbirthday: 2026-02-30\n---\n"),
        ("notes", "problem", "errors"),
    ),
    "a word that is none": (
        write("Clients/Bell.md", "---\nowner: [[Nobody\n---\n"),
        ("notes", "problem", "errors"),
    ),
    "a new note": (write("Clients/Bell.md", "---\nname: Bell\n---\n"), ("outputs", "note", "stale")),
    "somebody's file": (write("CRM/Dashboard.md", "mine\n"), ("outputs", "problem", "foreign")),
    "all clients gone": (
        lambda root: [
            path.unlink()
            for folder in ("Clients", "People", "Projects")
            for path in (root / folder).iterdir()
        ],
        ("outputs", "problem", "withheld"),
    ),
    "no feed yet": (lambda root: (root / FEED).unlink(), ("feed", "note", "missing")),
    "half a feed": (cut, ("feed", "problem", "torn")),
    "a large feed": (
        lambda root: (root / FEED).write_bytes(
            (root / FEED)
            .read_bytes()
            .replace(b"END:VCALENDAR", b"X-X:" + b"x" * 900_000 + b"\r\nEND:VCALENDAR")
        ),
        ("feed", "note", "large"),
    ),
    "a feed for nobody": (feed_for("Somebody else"), ("feed", "note", "owner")),
    "a feed for a name that was mistyped": (feed_for("mria"), ("feed", "note", "near-owner")),
    "no feed wanted": (
        write("vaultcrm.toml", 'timezone = "UTC"\n[paths]\nfeed = false\n'),
        ("feed", "note", "off"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_what_to_do(name: str, vault: Path) -> None:
    break_it, (check, state, what) = FAULTS[name]
    break_it(vault)
    found = [each for each in json.loads(doctor("--json").out)["checks"] if each["id"] == check]
    told = next(each for each in found if each["what"] == what)
    assert told["state"] == state
    assert told["remedy"]
    assert doctor().status == (1 if state == "problem" else 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_of_a_fault_says_what_to_do(language: str) -> None:
    """But for what is fine."""
    texts = labels(package_texts("labels"), language).texts
    keys = {key for key in texts if key.startswith("doctor.") and key.count(".") == 2}
    named = {key for key in keys if key.split(".")[1] not in ("state", "end", "name")}
    said = {key for key in named if not key.endswith("-do") and not key.split(".")[2].startswith("fine")}
    assert {key for key in said if f"{key}-do" not in named} == {"doctor.git.no-repository"}
    assert {key for key in named if key.endswith("-do")} == {f"{key}-do" for key in said} & named


def test_it_speaks_the_vault_s_language(vault: Path) -> None:
    config = vault / "vaultcrm.toml"
    config.write_text(config.read_text().replace('"en"', '"zh"'))
    run_cli("index", "--today", AS_OF)
    done = doctor()
    assert "正常  libyaml" not in done.err
    assert done.out.splitlines()[-1] == "一切正常。"


def test_without_a_vault(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = doctor()
    assert done.status == 1
    assert "vaultcrm init" in done.out
    done = doctor("--vault", tmp_path / "nowhere")
    assert done.status == 1
    assert "does not exist" in " ".join(done.out.split())


# ------------------------------------------------------------------------------------------------- git


def test_commits_bring_the_outputs_along(vault: Path) -> None:
    repository = new_repository(vault)
    assert states()["git"] == ("note", "no-hook")
    run_cli("hook", "install")
    assert states()["git"] == ("ok", "fine")
    (repository.top / ".git/hooks/post-merge").unlink()
    assert states()["git"] == ("problem", "part")


def test_git_is_not_there(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(vault))
    assert states()["git"] == ("ok", "missing")
    (vault / ".git").mkdir()
    assert states()["git"] == ("note", "missing")
    assert states()["command"] == ("note", "not-found")


@pytest.mark.skipif(os.name == "nt", reason="programs are shell scripts")
@pytest.mark.parametrize(
    ("said", "what"), [("git version 2.30.9", "old"), ("git version 2.39.5 (Apple)", "no-repository")]
)
def test_how_old_git_is(
    said: str, what: str, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    otherwise = 'echo "not a git repository" >&2; exit 128'
    git.write_text(f'#!/bin/sh\n[ "$1" = version ] && echo "{said}" && exit 0\n{otherwise}\n')
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert states()["git"][1] == what


# --------------------------------------------------------------------------------------------- the machine


def test_another_program_of_the_name(vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other" / "vaultcrm"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert states()["command"] == ("note", "another")


def test_folders_within_the_vault(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(vault / ".cache"))
    assert states()["folders"] == ("problem", "inside")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to root")
@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_STATE_HOME"])
def test_folders_that_cannot_be_written(
    variable: str, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.setenv(variable, str(closed))
    assert states()["folders"][0] == "problem"


def test_more_folders_than_are_watched(vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "limit"
    monkeypatch.setattr(machine, "WATCHES", str(limit))
    limit.write_text("100\n")
    assert states()["watch"] == ("ok", "fine-limit")
    limit.write_text("3\n")
    assert states()["watch"] == ("problem", "limit")
    assert "fs.inotify.max_user_watches=524288" in doctor().out
    limit.unlink()
    assert states()["watch"] == ("ok", "fine")


@pytest.mark.parametrize(
    ("mount", "kind"),
    [
        ("//server/notes {} cifs rw 0 0", "cifs"),
        ("me@host: {} fuse.sshfs rw 0 0", "fuse.sshfs"),
        ("/dev/sda1 {} ext4 rw 0 0", None),
        ("/dev/sda1 / ext4 rw 0 0\nserver:/x /elsewhere nfs4 rw 0 0", None),
        ("server:/x / nfs4 rw 0 0\n/dev/sda1 {} ext4 rw 0 0", None),
        ("short", None),
    ],
)
def test_what_kind_of_file_system_it_is(mount: str, kind: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "a vault"
    (folder / "below").mkdir(parents=True)
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/root / ext4 rw 0 0\n" + mount.format(str(folder).replace(" ", "\\040")) + "\n")
    assert machine.remote_kind(str(folder / "below"), str(mounts)) == kind
    assert machine.remote_kind(str(folder), str(tmp_path / "none")) is None


def test_libraries_that_are_missing(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.EXTRAS, "serve", ("no_such_library",))
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert ("ok", "missing") in every("extras")
    assert "pip install 'vaultcrm[serve]'" in doctor().out
    assert states()["libyaml"] == ("note", "missing")
    assert doctor().status == 0


@pytest.mark.skipif(os.name == "nt", reason="there names are not bytes")
def test_names_that_cannot_be_opened(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "iso8859-1")
    assert states()["encoding"] == ("problem", "files")


def test_a_terminal_of_few_characters(vault: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "vaultcrm", "doctor", "--today", AS_OF]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"PYTHONUTF8" in done.stdout
