"""A watcher: each change shows, nothing is done twice, and nothing that happens to it ends it."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.tally import Tally
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from tests.watch.watching import SHORT, Watched, watching
from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.errors import NotWritable, VaultMissing
from vaultcrm.watch import Watcher, loop, reports

BELL = "---\ntype: client\nname: Bell\n---\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", SMALL_VAULT)


def add_bell(root: Path) -> None:
    (root / "Clients/Bell.md").write_text(BELL, encoding="utf-8")


def assert_as_fresh(watched: Watched) -> None:
    """What stands there is what a run that begins now would write."""
    outcome = run_cli("index", "--check", "--full", "--vault", watched.root, "--today", AS_OF)
    assert outcome.status == 0, outcome.text()


# ------------------------------------------------------------------------------------------- what shows


@pytest.mark.parametrize("poll", [False, True])
def test_each_kind_of_change_shows(vault: Path, poll: bool) -> None:
    with watching(vault, poll=poll) as watched:
        clients = vault / "Clients"
        watched.wait_for_run(lambda: add_bell(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())
        watched.wait_for_run(lambda: (clients / "Bell.md").rename(clients / "Chime.md"))
        (clients / "new.tmp").write_text(BELL.replace("Bell", "Drum"), encoding="utf-8")
        watched.wait_for_run(lambda: (clients / "new.tmp").replace(clients / "Chime.md"))
        watched.wait(lambda: "Drum" in watched.dashboard())
        with (clients / "Chime.md").open("a", encoding="utf-8") as file:
            watched.wait_for_run(lambda: (file.write("- [ ] call 📅 2026-11-20\n"), file.flush()))
        watched.wait_for_run((clients / "Chime.md").unlink)
        watched.wait(lambda: "Drum" not in watched.dashboard())
        assert_as_fresh(watched)
        assert watched.told == []


def test_a_folder_that_is_moved_in_out_and_about(vault: Path, tmp_path: Path) -> None:
    write_vault(
        vault, {f"Clients/{name}.md": BELL.replace("Bell", name) for name in ("Oboe", "Harp", "Fife")}
    )
    beside = write_vault(tmp_path / "beside", {"One.md": BELL, "deep/Two.md": BELL.replace("Bell", "Horn")})
    with watching(vault) as watched:
        watched.wait_for_run(lambda: beside.rename(vault / "Clients/more"))
        watched.wait(lambda: "Horn" in watched.dashboard())
        two = vault / "Clients/more/deep/Two.md"
        watched.wait_for_run(lambda: two.write_text(BELL.replace("Bell", "Lute"), encoding="utf-8"))
        watched.wait(lambda: "Lute" in watched.dashboard())
        watched.wait_for_run(lambda: (vault / "Clients/more").rename(vault / "Clients/other"))
        watched.rest()
        two = vault / "Clients/other/deep/Two.md"
        watched.wait_for_run(lambda: two.write_text(BELL.replace("Bell", "Viol"), encoding="utf-8"))
        watched.wait(lambda: "Viol" in watched.dashboard())
        watched.wait_for_run(lambda: (vault / "Clients/other").rename(tmp_path / "out"))
        watched.wait(lambda: "Viol" not in watched.dashboard())
        assert_as_fresh(watched)


def test_which_files_are_notes_follows_the_configuration(vault: Path) -> None:
    note = '---\ntype: interaction\nclient: "[[Acme]]"\ndate: 2026-11-10\n---\n- [ ] {} 📅 2026-11-20\n'
    for folder, task in (("Old", "ask Bell"), ("New", "ask Drum")):
        (vault / folder).mkdir()
        (vault / folder / "Call.md").write_text(note.format(task), encoding="utf-8")
    config, acme = vault / "vaultcrm.toml", vault / "Clients" / "Acme.md"
    before = config.read_text(encoding="utf-8")
    config.write_text(before + '[paths]\nignore = ["Old/"]\n', encoding="utf-8")
    with watching(vault) as watched:
        watched.rest()
        watched.wait_for_run(
            lambda: config.write_text(before + '[paths]\nignore = ["New/"]\n', encoding="utf-8")
        )
        watched.rest()
        text = acme.read_text(encoding="utf-8") + "\n- [ ] ask Cole 📅 2026-11-20\n"
        watched.wait_for_run(lambda: acme.write_text(text, encoding="utf-8"))
        watched.rest()
        shown = watched.dashboard()
    assert [name in shown for name in ("ask Bell", "ask Drum", "ask Cole")] == [True, False, True]
    assert run_cli("index", "--check", "--full", "--vault", vault, "--today", AS_OF).status == 0


def test_the_configuration_counts_as_soon_as_it_is_saved(vault: Path) -> None:
    config = vault / "vaultcrm.toml"
    text = config.read_text(encoding="utf-8")
    with watching(vault) as watched:
        watched.wait_for_run(lambda: config.write_text(text.replace('"en"', '"zh"'), encoding="utf-8"))
        watched.wait(lambda: "客户" in watched.dashboard())
        config.write_text("policy = 7\n", encoding="utf-8")
        watched.wait(lambda: watched.told, "a word about the configuration")
        watched.wait_for_run(lambda: config.write_text(text, encoding="utf-8"))
        watched.wait(lambda: "客户" not in watched.dashboard())
        (told,) = watched.told
        assert told.startswith("UsageError: vaultcrm.toml")


def test_the_note_of_the_policy_counts_as_soon_as_it_is_saved(vault: Path) -> None:
    note = vault / "CRM/Policy.md"
    with watching(vault) as watched:
        for days in (400, 300):
            text = f"| Stage | After |\n|---|---|\n| new | {days} days |\n"
            watched.wait_for_run(lambda text=text: note.write_text(text, encoding="utf-8"))
            assert_as_fresh(watched)
        watched.wait_for_run(note.unlink)
        assert_as_fresh(watched)


def test_an_output_that_somebody_deletes_comes_back(vault: Path) -> None:
    with watching(vault) as watched:
        watched.wait_for_run((vault / "CRM/Dashboard.md").unlink)
        watched.wait(watched.dashboard)
        watched.wait_for_run(lambda: shutil.rmtree(vault / "CRM"))
        watched.wait((vault / "CRM/follow-ups.ics").exists)


def test_a_change_during_a_run_causes_another(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = runs.index
    saved = []

    def index(*args: object, **options: object) -> runs.Indexed:
        result = real(*args, **options)  # type: ignore[arg-type]
        if not saved:
            saved.append(add_bell(vault))
        return result

    monkeypatch.setattr(runs, "index", index)
    with watching(vault) as watched:
        watched.wait(lambda: "Bell" in watched.dashboard())


@pytest.mark.parametrize("poll", [False, True])
def test_what_somebody_writes_in_an_output_during_a_run_is_seen(
    vault: Path, poll: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.index
    saved: list[Path] = []

    def changing(*given: object, **more: object) -> runs.Indexed:
        result = run(*given, **more)  # type: ignore[arg-type]
        if "CRM/Dashboard.md" in result.written and not saved:
            saved.append(vault / "CRM/Dashboard.md")
            text = saved[0].read_text(encoding="utf-8")
            saved[0].write_text(text.replace("## Today\n", "## Today\n\nmine\n"), encoding="utf-8")
        return result

    with watching(vault, poll=poll) as watched:
        monkeypatch.setattr(runs, "index", changing)
        add_bell(vault)
        watched.wait(lambda: [*vault.glob("CRM/Rescued/*.md")], "a run with what was written")
        watched.rest()
        (rescued,) = vault.glob("CRM/Rescued/*.md")
        assert "mine" in rescued.read_text(encoding="utf-8")
        assert "mine" not in watched.dashboard()
        assert_as_fresh(watched)


@pytest.mark.parametrize("name", ["vaultcrm.toml", "CRM/Policy.md"])
def test_settings_that_change_during_a_run_cause_another(
    vault: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.index
    text = '[paths]\nvault = "other"\n' if name.endswith(".toml") else "# Policy\n"
    (vault / "CRM").mkdir(exist_ok=True)

    def changing(*given: object, **more: object) -> runs.Indexed:
        result = run(*given, **more)  # type: ignore[arg-type]
        if not (vault / name).exists() or (vault / name).read_text(encoding="utf-8") != text:
            (vault / name).write_text(text, encoding="utf-8")
        return result

    with watching(vault) as watched:
        monkeypatch.setattr(runs, "index", changing)
        add_bell(vault)
        watched.wait(lambda: len(watched.runs) > 2, "a run with the new settings")
        watched.rest()
        assert_as_fresh(watched)


# ---------------------------------------------------------------------------------- what causes no run


def test_what_it_reads_and_writes_itself_causes_no_run(vault: Path) -> None:
    with (vault / "vaultcrm.toml").open("a", encoding="utf-8") as file:
        file.write('\n[writeback]\nproperties = ["tier", "next_contact", "health"]\n')
    (vault / "Home.md").write_text(
        "<!-- vaultcrm:begin agenda -->\n<!-- vaultcrm:end -->\n", encoding="utf-8"
    )
    with watching(vault) as watched:
        assert watched.rest() == 1
        assert "crm_tier" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")
        result = watched.wait_for_run(lambda: add_bell(vault))
        assert set(result.written) >= {"Clients/Bell.md", "Home.md", "CRM/Dashboard.md"}
        assert watched.rest() == 2
        assert_as_fresh(watched)


def test_a_dashboard_with_line_ends_of_windows_causes_one_run(vault: Path) -> None:
    with watching(vault) as watched:
        page = vault / "CRM/Dashboard.md"
        watched.wait_for_run(lambda: page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n")))
        before = watched.rest()
        add_bell(vault)
        assert watched.rest() == before + 1
        assert b"Bell" in page.read_bytes()
        assert b"\r\n" in page.read_bytes()


def test_what_does_not_bear_on_anything_causes_no_run(vault: Path) -> None:
    with watching(vault) as watched:
        for name in (
            ".git/HEAD",
            ".obsidian/workspace.json",
            ".trash/Old.md",
            "Templates/Client.md",
            "a.png",
        ):
            write_vault(vault, {name: "x"})
        (vault / "Clients/Acme.md").read_bytes()
        list(vault.rglob("*"))
        write_vault(vault, {"CRM/Rescued/x.md": "x", "Clients/.Acme.md.swp": "x", "Clients/~a.tmp": "x"})
        assert watched.rest() == 1


def test_a_save_of_the_same_bytes_writes_nothing(vault: Path) -> None:
    with watching(vault) as watched:
        note = vault / "Clients/Acme.md"
        result = watched.wait_for_run(lambda: note.write_bytes(note.read_bytes()))
        assert result.written == ()


@pytest.mark.parametrize(
    "events",
    [500, pytest.param(10_000, marks=pytest.mark.slow), pytest.param(50_000, marks=pytest.mark.slow)],
)
def test_storms_are_few_runs(vault: Path, events: int, tally: Tally) -> None:
    with watching(vault, replace(SHORT, quiet=0.3, longest=2.0)) as watched:
        began = time.monotonic()
        for number in range(events):
            (vault / f"Clients/{number % 50}.md").write_text(f"{BELL}{number}\n", encoding="utf-8")
        before = len(watched.runs)
        assert before <= 3 + (time.monotonic() - began) / 0.3  # a pause in the storm ends a burst
        assert watched.rest(1.0) - before <= 3
        assert_as_fresh(watched)
    tally("event", events)


# ------------------------------------------------------------------------------------------- days and times


def test_a_new_day_is_computed_when_it_begins(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2026, 11, 20)]
    monkeypatch.setattr(Watcher, "_today", lambda self: days[-1])
    with watching(vault) as watched:
        assert "Fri 20 Nov" in watched.dashboard()
        for day, shown in ((date(2026, 11, 21), "Sat 21 Nov"), (date(2025, 11, 20), "Thu 20 Nov 2025")):
            watched.wait_for_run(lambda day=day: days.append(day))
            assert shown in watched.dashboard()
        assert watched.rest() == 3


def test_the_day_is_that_of_the_vault_s_zone(vault: Path) -> None:
    config = vault / "vaultcrm.toml"
    text = config.read_text(encoding="utf-8")
    days = set()
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        config.write_text(text.replace("Europe/Berlin", zone), encoding="utf-8")
        with watching(vault, day=None) as watched:
            days.add(watched.runs[0].overview.day)
    assert len(days) == 2  # 26 hours lie between them


def test_everything_is_looked_at_again_after_a_while(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports._Handler, "dispatch", lambda *_: None)  # nothing is ever reported
    with watching(vault, replace(SHORT, rescan=0.3)) as watched:
        watched.wait_for_run(lambda: add_bell(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())


def test_a_note_that_somebody_is_writing_is_not_written_into_yet(vault: Path) -> None:
    with (vault / "vaultcrm.toml").open("a", encoding="utf-8") as file:
        file.write('\n[writeback]\nproperties = ["tier", "health"]\n')
    note = vault / "Clients/Acme.md"
    with watching(vault, replace(SHORT, rest=1.0)) as watched:
        result = watched.runs[0]
        assert result.notes.postponed == ("Clients/Acme.md",)
        assert "CRM/Dashboard.md" in result.written
        watched.wait(lambda: b"crm_tier" in note.read_bytes(), "the writing")
        # what we wrote ourselves is nobody's work
        text = note.read_text(encoding="utf-8")
        feedback = {"Feedback/2026-11-20.md": '---\nclient: "[[Acme]]"\nresult: 1\n---\n'}
        result = watched.wait_for_run(lambda: write_vault(vault, feedback))
        assert result.notes.postponed == ()
        watched.wait(lambda: note.read_text(encoding="utf-8") != text, "the health")


# ------------------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize("error", [NotWritable("no space left"), RuntimeError("a bug")])
def test_a_run_that_fails_is_told_once_and_tried_again(
    vault: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    real, failures = runs.index, iter([error] * 3)

    def index(*args: object, **options: object) -> runs.Indexed:
        failure = next(failures, None)
        if failure is not None:
            raise failure
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "index", index)
    with watching(vault) as watched:
        assert watched.told == [f"{type(error).__name__}: {error}"]
        watched.wait_for_run(lambda: add_bell(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())


def test_a_bug_where_events_are_taken_costs_a_look_and_no_more(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("whatever")

    monkeypatch.setattr(reports._Handler, "_take", broken)
    with watching(vault) as watched:
        for name in ("Bell", "Horn"):
            note = vault / f"Clients/{name}.md"
            watched.wait_for_run(
                lambda note=note: note.write_text("---\ntype: client\n---\n", encoding="utf-8")
            )
            watched.wait(lambda name=name: name in watched.dashboard())


def test_reports_that_were_lost_are_noticed(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports._Handler, "dispatch", lambda *_: None)
    with watching(vault) as watched:
        add_bell(vault)
        assert watched.rest() == 1
        watched.wait_for_run(
            lambda: logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed")
        )
        watched.wait(lambda: "Bell" in watched.dashboard())


def test_reports_that_ended_are_begun_again(vault: Path) -> None:
    with watching(vault) as watched:
        assert watched.watcher is not None
        first = watched.watcher._reports
        assert first is not None
        for emitter in first._observer.emitters:
            emitter.stop()
        watched.wait(lambda: watched.watcher is not None and watched.watcher._reports not in (first, None))
        watched.wait_for_run(lambda: add_bell(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())


def test_a_folder_that_goes_and_comes_back(vault: Path) -> None:
    with watching(vault) as watched:
        away = vault.with_name("away")
        vault.rename(away)
        watched.wait(lambda: "gone" in watched.told)
        add_bell(away)
        watched.wait_for_run(lambda: away.rename(vault))
        assert watched.told == ["gone", "back"]
        watched.wait(lambda: "Bell" in watched.dashboard())
        (vault / "Clients/Horn.md").write_text(BELL.replace("Bell", "Horn"), encoding="utf-8")
        watched.wait(lambda: "Horn" in watched.dashboard())


def test_a_folder_that_is_replaced_by_another(vault: Path) -> None:
    with watching(vault) as watched:
        copy = Path(shutil.copytree(vault, vault.with_name("copy")))
        add_bell(copy)
        vault.rename(vault.with_name("old"))
        watched.wait_for_run(lambda: copy.rename(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())
        (vault / "Clients/Horn.md").write_text(BELL.replace("Bell", "Horn"), encoding="utf-8")
        watched.wait(lambda: "Horn" in watched.dashboard())


def test_a_disk_that_is_taken_away_leaves_an_empty_folder_and_nothing_is_written_there(vault: Path) -> None:
    with watching(vault) as watched:
        away = vault.with_name("away")
        vault.rename(away)
        vault.mkdir()
        watched.wait(lambda: any("VaultMissing" in told for told in watched.told))
        watched.rest()
        assert contents(vault) == {}
        vault.rmdir()
        add_bell(away)
        watched.wait_for_run(lambda: away.rename(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())


def mount(*arguments: str | Path) -> bool:
    """Whether it could be done."""
    done = subprocess.run([str(each) for each in arguments], capture_output=True, check=False)
    return done.returncode == 0


def test_a_disk_that_is_really_unmounted_and_mounted_again(tmp_path: Path) -> None:
    disk, vault = write_vault(tmp_path / "disk", SMALL_VAULT), tmp_path / "vault"
    vault.mkdir()
    if sys.platform != "linux" or os.getuid() or not mount("mount", "--bind", disk, vault):
        pytest.skip("only root may mount a disk")
    try:
        with watching(vault) as watched:
            before = contents(disk)
            assert mount("umount", vault)
            watched.wait(lambda: watched.told, "a word about it")
            watched.rest()
            assert contents(vault) == {}
            assert contents(disk) == before
            add_bell(disk)
            watched.wait_for_run(lambda: mount("mount", "--bind", disk, vault))
            watched.wait(lambda: "Bell" in watched.dashboard())
            (vault / "Clients/Horn.md").write_text(BELL.replace("Bell", "Horn"), encoding="utf-8")
            watched.wait(lambda: "Horn" in watched.dashboard())
            assert len(watched.told) == 1
    finally:
        mount("umount", vault)


def test_a_vault_that_loses_most_of_its_clients_keeps_its_outputs(vault: Path) -> None:
    for name in ("Bell", "Horn", "Lute"):
        (vault / f"Clients/{name}.md").write_text(BELL.replace("Bell", name), encoding="utf-8")
    with watching(vault) as watched:
        before = watched.dashboard()
        result = watched.wait_for_run(lambda: (vault / "Clients").rename(vault.with_name("away")))
        assert result.withheld is not None
        assert watched.dashboard() == before
        watched.wait_for_run(lambda: vault.with_name("away").rename(vault / "Clients"))
        assert watched.runs[-1].withheld is None


def test_where_the_system_watches_no_more_folders_it_looks_for_itself(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: str) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(reports, "check_limit", full)
    with watching(vault) as watched:
        assert watched.told == ["limit"]
        watched.wait_for_run(lambda: add_bell(vault))
        watched.wait(lambda: "Bell" in watched.dashboard())


def test_where_nothing_can_be_reported_it_looks_for_itself(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unable:
        def __init__(self, root: str, hints: object) -> None:
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(loop, "Reports", Unable)
    with watching(vault) as watched:
        assert watched.told == ["unwatched"]
        watched.wait_for_run(lambda: add_bell(vault))


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_the_limit_of_the_system_is_seen(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports.check_limit(str(vault))
    with pytest.raises(OSError, match="no more watches") as caught:
        reports.check_limit(str(vault / "gone"))
    assert caught.value.errno == errno.ENOENT


def test_a_vault_that_is_not_there_is_not_watched(tmp_path: Path) -> None:
    def opened() -> Vault:
        return runs.open_vault(str(tmp_path / "none"), str(tmp_path / "none"))

    with pytest.raises(VaultMissing):
        Watcher(opened, Watched(tmp_path))


def test_stopping_is_quick_even_in_the_middle_of_waiting(vault: Path) -> None:
    with watching(vault, replace(SHORT, beat=60.0, first=60.0)) as watched:
        add_bell(vault)
        time.sleep(0.2)
        began = time.monotonic()
        assert watched.watcher is not None
        assert watched.thread is not None
        watched.watcher.stop()
        watched.thread.join(5)
        assert not watched.thread.is_alive()
        assert time.monotonic() - began < 2


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_note_whose_permissions_come_back_is_seen(vault: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may read everything")
    note = vault / "Clients/Acme.md"
    with watching(vault) as watched:
        result = watched.wait_for_run(lambda: note.chmod(0))
        assert result.withheld is not None
        assert watched.wait_for_run(lambda: note.chmod(0o644)).withheld is None
