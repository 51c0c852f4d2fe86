"""Answers given before: given again exactly while nothing has changed that bears on them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from vaultcrm.store import answers
from vaultcrm.store.answers import LASTING_NS, RACY_NS, Answer, Question, question
from vaultcrm.store.helper import Helper, HelperLost
from vaultcrm.store.walk import PARTS, WHOLE, Share, Walk, walk_through

ANSWER: Answer = (1, ((False, "two\n"), (True, "problems\n"), (False, b"\xe4bytes")))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "Clients").mkdir(parents=True)
    (root / "Clients" / "Acme.md").write_text("---\ntype: client\n---\n")
    (root / "vaultcrm.toml").write_text("")
    return root


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is past the time within which a stamp proves nothing."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 2 * RACY_NS)


@pytest.fixture(params=["alone", "shared", "lost"], autouse=True)
def helpers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Helper]]:
    """Who walks: this process alone, another one too, or that other one dies."""
    begun: list[Helper] = []

    def begin(work: Callable[[], Iterable[object]]) -> Helper:
        begun.append(Helper(work if request.param == "shared" else _nothing))
        return begun[-1]

    if request.param != "alone":
        monkeypatch.setattr(answers, "SHARED_FROM", 1)
        monkeypatch.setattr(answers, "processors", lambda: 2)
        monkeypatch.setattr(answers, "begun", begin)
    yield begun
    for each in begun:
        each.end()


def _nothing() -> Iterable[object]:
    raise OSError


def ask(*arguments: str) -> Question:
    asked = question(arguments or ("agenda",))
    assert asked is not None
    return asked


def keep(vault: Path, hours: tuple[float, float] | None = None) -> bool:
    return ask().keep(ANSWER, str(vault), [str(vault / "vaultcrm.toml"), str(vault / "other.toml")], hours)


@pytest.mark.usefixtures("later")
def test_the_same_question_has_the_same_answer(vault: Path) -> None:
    assert ask().recall() is None
    assert keep(vault)
    assert ask().recall() == ANSWER


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("arguments", [("show", "Acme"), ("agenda", "--json"), ("agenda", "--vault", "x")])
def test_another_question_has_none(vault: Path, arguments: tuple[str, ...]) -> None:
    keep(vault)
    assert ask(*arguments).recall() is None


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("log", "Acme"),
        ("index", "--full"),
        ("init",),
        ("index", "--timings"),
        ("check", "--new"),
        ("agenda", "--new=x"),
    ],
)
def test_what_does_something_is_never_answered_from_memory(arguments: tuple[str, ...]) -> None:
    assert question(arguments) is None


@pytest.mark.usefixtures("later")
def test_folder_with_nothing_in_it_has_an_answer_too(tmp_path: Path) -> None:
    assert ask().keep(ANSWER, str(tmp_path), [str(tmp_path / "vaultcrm.toml")], None)


def _edit(vault: Path) -> None:
    (vault / "Clients" / "Acme.md").write_text("---\ntype: Client\n---\n")  # as long as before


def _set_back(vault: Path) -> None:
    note = vault / "Clients" / "Acme.md"
    before = note.stat()
    _edit(vault)
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))


def _remove(vault: Path) -> None:
    (vault / "Clients" / "Acme.md").unlink()


def _rename(vault: Path) -> None:
    (vault / "Clients" / "Acme.md").rename(vault / "Clients" / "Brix.md")


def _move_folder(vault: Path) -> None:
    (vault / "Clients").rename(vault / "People")


def _add(vault: Path) -> None:
    (vault / "New.MD").write_text("")


def _configure(vault: Path) -> None:
    (vault / "vaultcrm.toml").write_text("language = 'zh'")


def _appear(vault: Path) -> None:
    (vault / "other.toml").write_text("")


def _take_rights(vault: Path) -> None:
    (vault / "Clients" / "Acme.md").chmod(0o400)


def _link(vault: Path) -> None:
    (vault / "Linked.md").symlink_to(vault.parent / "elsewhere.md")


def _leave_behind(vault: Path) -> None:
    (vault / ".vaultcrm-0.tmp").write_text("")


def _lose(vault: Path) -> None:
    vault.rename(vault.parent / "gone")


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "change",
    [
        _edit,
        _set_back,
        _remove,
        _rename,
        _move_folder,
        _add,
        _configure,
        _appear,
        _take_rights,
        _link,
        _leave_behind,
        _lose,
    ],
)
def test_a_change_asks_for_the_work(vault: Path, change: Callable[[Path], None]) -> None:
    keep(vault)
    change(vault)
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
def test_the_other_process_is_there_for_the_work_alone(vault: Path, helpers: list[Helper]) -> None:
    keep(vault)
    asked = ask()
    assert asked.recall() == ANSWER
    assert asked.helper is None
    for each in helpers:
        with pytest.raises(HelperLost):
            each.answer()
    _edit(vault)
    asked = ask()
    assert asked.recall() is None
    assert [asked.helper] == (helpers[1:] or [None])


@pytest.mark.usefixtures("later")
def test_no_other_process_is_begun_for_a_few_notes(
    vault: Path, helpers: list[Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SHARED_FROM", 2)
    keep(vault)
    assert ask().recall() == ANSWER
    assert helpers == []


def shared_walk(vault: Path) -> Walk:
    """What two processes have found on a walk that they shared."""
    walk = Walk()
    for part in range(PARTS):
        walk.add(walk_through(str(vault), share=(part, PARTS)).found(), ())
    return walk


@pytest.mark.usefixtures("later")
def test_the_walk_that_the_work_went_by_is_the_answer_s(
    vault: Path, walks: list[str], request: pytest.FixtureRequest
) -> None:
    asked = ask()
    asked.saw(shared_walk(vault))
    assert asked.keep(ANSWER, str(vault), (), None)
    is_alone = "alone" in request.node.name
    assert walks == ([str(vault)] if is_alone else []), "who walks alone passes over what is not asked for"
    assert ask().recall() == ANSWER


@pytest.mark.usefixtures("later")
def test_what_changes_behind_that_walk_is_not_answered(vault: Path, request: pytest.FixtureRequest) -> None:
    if "alone" in request.node.name:
        pytest.skip("who walks alone looks again, and by this clock all notes are old")
    asked = ask()
    asked.saw(shared_walk(vault))
    _edit(vault)
    asked.keep(ANSWER, str(vault), (), None)
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
def test_what_is_no_note_changes_nothing(vault: Path) -> None:
    keep(vault)
    (vault / "picture.png").write_bytes(b"")
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian" / "workspace.json").write_text("{}")
    assert ask().recall() == ANSWER


@pytest.mark.usefixtures("later")
def test_nothing_is_kept_while_a_killed_run_s_files_wait_to_be_swept(vault: Path) -> None:
    stray = vault / "Clients" / ".vaultcrm-01.tmp"
    stray.touch()
    assert not keep(vault)
    stray.unlink()
    assert keep(vault)


def test_young_stamps_prove_nothing(vault: Path) -> None:
    assert not keep(vault)


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roots that were walked through."""
    roots: list[str] = []
    real = answers.walk_through

    def counted(root: str, *, share: Share = WHOLE) -> Walk:
        roots.append(root)
        return real(root, share=share)

    monkeypatch.setattr(answers, "walk_through", counted)
    return roots


@pytest.fixture
def all_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the notes is among those that changed last."""
    monkeypatch.setattr(answers._Look, "likely", lambda look: [])


@pytest.mark.usefixtures("later", "helpers")
@pytest.mark.parametrize("change", [_edit, _remove])
def test_the_notes_that_changed_last_are_looked_at_before_any_walk(
    vault: Path, walks: list[str], change: Callable[[Path], None]
) -> None:
    keep(vault)
    del walks[:]
    change(vault)
    asked = ask()
    assert asked.recall() is None
    assert walks == []
    assert not asked.has_walked, "another process can walk while this one loads"


@pytest.mark.usefixtures("later")
def test_only_so_many_notes_are_looked_at_before(
    vault: Path, walks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LIKELY", 1)
    now = time.time_ns()
    for number in range(3):  # the one that is edited below is the oldest
        newer = vault / "Clients" / f"Newer {number}.md"
        newer.write_text("")
        while newer.stat().st_ctime_ns <= now:  # until the disk's clock has ticked
            newer.touch()
        now = newer.stat().st_ctime_ns
    keep(vault)
    del walks[:]
    newer.write_text("changed")
    assert ask().recall() is None
    assert walks == []
    keep(vault)
    del walks[:]
    _edit(vault)
    assert ask().recall() is None
    assert set(walks) == {str(vault)}


@pytest.mark.usefixtures("later", "helpers")
@pytest.mark.parametrize("is_likely", [True, False])
def test_an_answer_that_holds_no_more_is_forgotten(
    vault: Path, request: pytest.FixtureRequest, is_likely: bool
) -> None:
    if not is_likely:
        request.getfixturevalue("all_are_old")
    keep(vault)
    (kept,) = Path(answers.answers_folder()).iterdir()
    _edit(vault)
    assert ask().recall() is None
    assert not kept.exists()
    assert ask().recall() is None


@pytest.mark.usefixtures("later", "all_are_old")
def test_the_walk_that_saw_a_change_is_for_the_work_once(vault: Path, walks: list[str]) -> None:
    keep(vault)
    _remove(vault)
    asked = ask()
    assert asked.recall() is None
    del walks[:]
    assert asked.walked(str(vault.parent)) is None
    walk = asked.walked(str(vault))
    assert walk is not None
    assert list(walk.notes()) == []
    assert asked.walked(str(vault)) is None
    assert walks == []


@pytest.mark.usefixtures("later", "all_are_old")
def test_who_had_to_wait_walks_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(vault)
    asked = ask()
    asked.recall()
    late = time.time_ns() + LASTING_NS
    monkeypatch.setattr(time, "time_ns", lambda: late)
    assert asked.walked(str(vault)) is None


def test_who_never_walked_has_nothing_to_give(vault: Path) -> None:
    asked = ask()
    assert asked.recall() is None
    assert asked.walked(str(vault)) is None


@pytest.mark.parametrize("is_likely", [True, False])
def test_no_walk_tells_again_that_something_is_young(
    vault: Path,
    walks: list[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    is_likely: bool,
) -> None:
    if not is_likely:
        request.getfixturevalue("all_are_old")
    with monkeypatch.context() as later:
        now = time.time_ns() + 2 * RACY_NS
        later.setattr(time, "time_ns", lambda: now)
        assert keep(vault)
    _edit(vault)
    asked = ask()
    assert asked.recall() is None
    if not is_likely:
        walk = asked.walked(str(vault))
        assert walk is not None
        asked.saw(walk)
    del walks[:]
    assert not asked.keep(ANSWER, str(vault), (), None)  # the walk before saw the note that was saved
    assert not ask().keep(
        ANSWER, str(vault), (str(vault / "vaultcrm.toml"),), None
    )  # as good as a file written
    assert walks == []


def test_what_changes_while_the_answer_is_made_is_not_overlooked(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vault / "Clients" / "Old.md").write_text("")
    long_ago = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: long_ago)
    asked = ask()
    (vault / "Clients" / "Old.md").unlink()  # only the folder's stamp tells
    assert not asked.keep(ANSWER, str(vault), (), None)


@pytest.mark.usefixtures("later")
def test_the_day_ends_the_answer(vault: Path) -> None:
    now = time.time_ns() / 1e9
    assert keep(vault, (now - 100, now + 100))
    assert ask().recall() == ANSWER
    assert keep(vault, (now - 200, now - 100))
    assert ask().recall() is None
    assert keep(vault, (now + 100, now + 200))  # the clock was set back
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("variable", ["VAULTCRM_VAULT", "NO_COLOR", "COLUMNS"])
def test_surroundings_are_part_of_the_question(
    vault: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    keep(vault)
    monkeypatch.setenv(variable, "another")
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
def test_the_folder_is_part_of_the_question(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(vault)
    monkeypatch.chdir(vault)
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
def test_other_code_answers_anew(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(vault)
    monkeypatch.setattr(answers, "code_stamp", lambda *folders: "other")
    assert ask().recall() is None


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: b"", lambda d: d[:40] + b"?" + d[41:]])
def test_damage_is_no_answer(vault: Path, damage: Callable[[bytes], bytes]) -> None:
    keep(vault)
    (file,) = Path(answers.answers_folder()).iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert ask().recall() is None
    assert keep(vault)
    assert ask().recall() == ANSWER


@pytest.mark.usefixtures("later")
def test_only_the_last_answers_are_kept(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "KEPT", 3)
    for number in range(5):
        ask("show", str(number)).keep(ANSWER, str(vault), (), None)
        for age, file in enumerate(sorted(Path(answers.answers_folder()).iterdir(), key=os.path.getmtime)):
            os.utime(file, (age, age))
    assert [ask("show", str(number)).recall() is not None for number in range(5)] == [False] * 2 + [True] * 3


@pytest.mark.usefixtures("later")
def test_a_long_answer_is_not_kept(vault: Path) -> None:
    long = (0, ((False, "x" * answers.LARGEST),))
    assert not ask().keep(long, str(vault), (), None)


@pytest.mark.usefixtures("later")
def test_a_cache_that_cannot_be_written_costs_time_only(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "answers_folder", lambda: str(vault / "vaultcrm.toml" / "below"))
    assert not keep(vault)
    assert ask().recall() is None


@pytest.mark.skipif(os.name == "nt", reason="there are no modes")
@pytest.mark.usefixtures("later")
def test_answers_are_for_their_owner_alone(vault: Path) -> None:
    keep(vault)
    (file,) = Path(answers.answers_folder()).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("later")
def test_help_is_another_where_another_language_is_configured(vault: Path) -> None:
    config = vault / "vaultcrm.toml"
    config.write_text('language = "zh"\n', encoding="utf-8")
    assert ask("--help").keep(ANSWER, None, (str(config),), None)
    assert ask("--help").recall() == ANSWER
    config.write_text('language = "en"\n', encoding="utf-8")
    assert ask("--help").recall() is None


def test_help_is_the_same_whatever_the_vault(vault: Path) -> None:
    assert ask("log", "--help").keep(ANSWER, None, (), None)
    _edit(vault)
    assert ask("log", "--help").recall() == ANSWER
    assert ask("log", "-h").recall() is None
