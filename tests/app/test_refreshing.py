"""What was found out before is brought up to date: the same comes out as from reading everything."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from tests.conftest import MakeVault
from vaultcrm.app import runs
from vaultcrm.app.computing import Task, computed
from vaultcrm.app.loading import load
from vaultcrm.app.memory import recall
from vaultcrm.app.opening import Vault
from vaultcrm.app.refreshing import Refreshed, refresh
from vaultcrm.errors import VaultcrmError
from vaultcrm.parse.portfolio import Joiner
from vaultcrm.store.cache import NOTES
from vaultcrm.store.places import cache_folder

DAY = date(2026, 11, 20)
NOW = 1_800_000_000_000_000_000
LONG_AGO = 1_700_000_000_000_000_000

NOTES_OF = {
    "Clients/Acme.md": "---\ntype: client\nname: Acme\naliases: [Ac]\ncontact: '[[Ann]]'\n"
    "projects:\n  - title: Site\n    start: 2026-08-01\n---\n",
    "Clients/Bell.md": "---\ntype: client\nreferred_by: '[[Acme]]'\nreferred_on: 2026-10-01\n---\n",
    "Clients/Cole.md": "---\ntype: client\nowner: mira\ncontact: '[[Nobody]]'\n---\n",
    "Clients/Dunn.md": "---\ntype: client\n---\n## Log\n\n- 2026-11-13 call: spoke\n",
    "People/Ann.md": "---\ntype: person\nclient: '[[Acme]]'\n---\n",
    "Projects/Shop.md": "---\ntype: project\nclient: '[[Bell]]'\nstart: 2026-09-01\n---\n",
    "Log/1.md": "---\ntype: interaction\nclient: '[[Acme]]'\ndate: 2026-11-01\n---\n- [ ] go 📅 2026-11-25\n",
    "Log/2.md": "---\ntype: interaction\nclient: ['[[Bell]]', '[[Cole]]']\ndate: 2026-11-02\n---\n",
    "Log/3.md": "---\ntype: interaction\nclient: '[[Gone]]'\ndate: 2026-11-03\n---\n",
    "Feedback/1.md": "---\ntype: feedback\nclient: '[[Acme]]'\nproject: Site\n"
    "date: 2026-11-04\nresult: 9\n---\n",
    "Daily/2026-11-05.md": "- [[Cole]] call: spoke again\n",
    "Ideas.md": "An idea, and a link to [[Acme]].\n",
}
CONFIG = 'policy = "studio"\nlanguage = "en"\n\n[capture]\ndaily = "Daily"\n'

Change = dict[str, str | None]


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    """A vault with something of everything, which was indexed."""
    root = make_vault({**NOTES_OF, "vaultcrm.toml": CONFIG})
    age(root, NOTES_OF)
    opened = vault(root)
    computed(task(opened)).keep(opened)
    return root


def vault(root: Path) -> Vault:
    return runs.open_vault(str(root), str(root))


def task(of: Vault) -> Task:
    return Task(of, DAY, NOW)


def age(root: Path, paths: object) -> None:
    """Have notes been there for so long that their stamps prove something."""
    for number, path in enumerate(sorted(paths)):  # type: ignore[call-overload]
        if (root / path).exists():
            os.utime(root / path, ns=(LONG_AGO, LONG_AGO + number))


def changed(root: Path, change: Change) -> None:
    """Change notes: other content, None for one that is removed; ``+`` adds to what is there."""
    for path, content in change.items():
        note = root / path
        if content is None:
            note.unlink()
            continue
        note.parent.mkdir(parents=True, exist_ok=True)
        text = note.read_text() + content[1:] if content.startswith("+") else content
        note.write_text(text)
        os.utime(note, ns=(LONG_AGO, LONG_AGO + 1_000_000 + len(text)))


def refreshed(root: Path) -> Refreshed | None:
    opened = vault(root)
    kept = recall(opened, DAY)
    assert kept is not None
    return refresh(opened, kept.ledger, NOW)


def client(name: str, more: str = "") -> str:
    return f"---\ntype: client\nname: {name}\n{more}---\n"


FEW: dict[str, tuple[Change, set[str]]] = {
    "nothing": ({}, set()),
    "a note of no kind": ({"Ideas.md": "+more\n"}, set()),
    "a new note of no kind": ({"More.md": "[[Acme]]\n"}, set()),
    "a removed note of no kind": ({"Ideas.md": None}, set()),
    "an interaction": ({"Log/1.md": "+- [ ] and that 📅 2026-11-26\n"}, {"Acme"}),
    "an interaction of two": ({"Log/2.md": "+more\n"}, {"Bell", "Cole"}),
    "a new interaction": ({"Log/9.md": NOTES_OF["Log/1.md"].replace("Acme", "Dunn")}, {"Dunn"}),
    "a removed interaction": ({"Log/1.md": None}, {"Acme"}),
    "an interaction of somebody else": (
        {"Log/1.md": NOTES_OF["Log/1.md"].replace("Acme", "Dunn")},
        {"Acme", "Dunn"},
    ),
    "an interaction through an alias": (
        {"Log/1.md": NOTES_OF["Log/1.md"].replace("Acme", "Ac")},
        {"Acme"},
    ),
    "an interaction with a person": (
        {"Log/3.md": NOTES_OF["Log/3.md"].replace("Gone", "Ann")},
        {"Acme"},
    ),
    "an interaction of nobody": ({"Log/1.md": NOTES_OF["Log/1.md"].replace("Acme", "Nobody")}, {"Acme"}),
    "an interaction that is broken": ({"Log/1.md": "---\ntype: interaction\ndate: [\n---\n"}, {"Acme"}),
    "an interaction that is none any more": ({"Log/1.md": "nothing\n"}, {"Acme"}),
    "a daily note": ({"Daily/2026-11-05.md": "+- [[Dunn]] mail: the offer\n"}, {"Cole", "Dunn"}),
    "feedback": ({"Feedback/1.md": "+recommend\n"}, {"Acme"}),
    "a project": ({"Projects/Shop.md": "+more\n"}, {"Bell", "Acme"}),
    "a project of somebody else": (
        {"Projects/Shop.md": NOTES_OF["Projects/Shop.md"].replace("Bell", "Dunn")},
        {"Bell", "Acme", "Dunn"},
    ),
    "a person who has left": (
        {"People/Ann.md": "---\ntype: person\nclient: '[[Acme]]'\nleft: 2026-11-01\n---\n"},
        {"Acme"},
    ),
    "a client's own words": ({"Clients/Cole.md": "+## Log\n\n- 2026-11-14 call: spoke\n"}, {"Cole"}),
    "a client who was introduced": (
        {"Clients/Dunn.md": "---\ntype: client\nreferred_by: '[[Cole]]'\n---\n"},
        {"Dunn", "Cole"},
    ),
    "a client introduced by another": (
        {"Clients/Bell.md": "---\ntype: client\nreferred_by: '[[Cole]]'\n---\n"},
        {"Bell", "Acme", "Cole"},
    ),
    "titles that feedback is about": (
        {"Clients/Acme.md": NOTES_OF["Clients/Acme.md"].replace("Site", "Page")},
        {"Acme"},
    ),
    "a contact that nobody knows": (
        {"Clients/Cole.md": "---\ntype: client\ncontact: '[[Somebody]]'\n---\n"},
        {"Cole"},
    ),
    "a client that is broken": ({"Clients/Cole.md": "---\ntype: client\nname: [\n---\n"}, {"Cole"}),
    "several": ({"Log/1.md": None, "Ideas.md": "+x\n", "Log/2.md": "+x\n"}, {"Acme", "Bell", "Cole"}),
}


@pytest.mark.parametrize("case", FEW)
def test_only_whom_a_change_concerns_is_put_together_anew(root: Path, case: str) -> None:
    change, concerned = FEW[case]
    changed(root, change)
    with mock.patch.object(Joiner, "finish", autospec=True, side_effect=Joiner.finish) as finish:
        found = refreshed(root)
    assert found is not None
    finished = {Path(call.args[1]).stem for call in finish.call_args_list}
    assert finished == concerned
    anew = load(vault(root), NOW, use_cache=False)
    now = found.loaded
    assert found.concerned == {f"Clients/{name}.md" for name in concerned}
    assert list(now.portfolio.histories) == list(anew.portfolio.histories)
    assert sorted(map(str, now.diagnostics)) == sorted(map(str, anew.diagnostics))
    assert (now.notes, now.playbooks, now.with_regions) == (anew.notes, anew.playbooks, anew.with_regions)
    assert now.ledger is not None
    assert anew.ledger is not None
    assert now.ledger == anew.ledger


ALL: dict[str, Change] = {
    "a new client": {"Clients/Erin.md": client("Erin")},
    "a removed client": {"Clients/Cole.md": None},
    "another name": {"Clients/Cole.md": client("Kohl")},
    "an alias": {"Clients/Cole.md": client("Cole", "aliases: [Gone]\n")},
    "an id": {"Clients/Cole.md": client("Cole", "id: c-1\n")},
    "a client that is none any more": {"Clients/Cole.md": "---\ntype: note\n---\n"},
    "a new person": {"People/Eve.md": "---\ntype: person\nclient: '[[Cole]]'\n---\n"},
    "a person of another client": {"People/Ann.md": "---\ntype: person\nclient: '[[Cole]]'\n---\n"},
    "a new project": {"Projects/New.md": "---\ntype: project\nclient: '[[Cole]]'\n---\n"},
    "another title": {"Projects/Shop.md": "---\ntype: project\nclient: '[[Bell]]'\ntitle: Store\n---\n"},
    "a note that comes between a link and a client": {"Ac.md": "nothing\n"},
    "a new playbook": {"Silence.md": "---\nplaybook: silent\n---\n# Call\n"},
    "a note that becomes a playbook": {"Ideas.md": "---\nplaybook: silent\n---\n"},
    "a note that is too large": {"Ideas.md": "x" * (2 * 1024 * 1024 + 1)},
}


@pytest.mark.parametrize("case", ALL)
def test_where_links_may_lead_elsewhere_everything_is_loaded(root: Path, case: str) -> None:
    changed(root, ALL[case])
    assert refreshed(root) is None
    opened = vault(root)
    found = computed(task(opened))
    assert found.overview == computed(replace(task(opened), use_cache=False)).overview


def test_what_is_in_doubt_on_the_disk_is_loaded(root: Path) -> None:
    (root / "Clients" / "Acme (conflicted copy 2026-11-20).md").write_text(NOTES_OF["Clients/Acme.md"])
    assert refreshed(root) is None


def test_playbooks_that_go_are_noticed(root: Path) -> None:
    changed(root, {"Silence.md": "---\nplaybook: silent\n---\n"})
    opened = vault(root)
    computed(task(opened)).keep(opened)
    changed(root, {"Silence.md": None})
    assert refreshed(root) is None


@pytest.mark.parametrize("other", ["day", "policy", "code"])
def test_nothing_is_recalled_of_another_day_policy_or_version(
    root: Path, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recall(vault(root), DAY) is not None
    if other == "policy":
        (root / "vaultcrm.toml").write_text(CONFIG + "\n[warnings]\nno_order_days = 90\n")
    if other == "code":
        monkeypatch.setattr("vaultcrm.app.memory.code_stamp", lambda *folders: "another")
    assert recall(vault(root), date(2026, 11, 21) if other == "day" else DAY) is None


def test_nothing_is_recalled_where_other_holidays_are_known(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "vaultcrm.toml").write_text('holidays = "DE"\n' + CONFIG)
    opened = vault(root)
    computed(task(opened)).keep(opened)
    assert recall(opened, DAY) is not None
    monkeypatch.setattr("holidays.__version__", "another")
    assert recall(opened, DAY) is None


def test_nothing_is_recalled_of_a_ledger_of_another_form(root: Path) -> None:
    opened = vault(root)
    with mock.patch("vaultcrm.app.memory.from_plain", side_effect=ValueError):
        assert recall(opened, DAY) is None


@pytest.mark.parametrize("damage", ["no cache", "no row", "another form"])
def test_what_was_lost_is_read_again_once_it_is_needed(root: Path, damage: str) -> None:
    opened = vault(root)
    before = computed(replace(task(opened), use_cache=False))
    path = Path(cache_folder(str(root))) / f"{NOTES}.sqlite"
    if damage == "no cache":
        path.unlink()
    else:
        with closing(sqlite3.connect(path)) as database, database:
            lost = "DELETE FROM note" if damage == "no row" else "UPDATE note SET said = '[]'"
            database.execute(lost)
    now = computed(task(opened))
    assert now.loaded.ledger is not None
    assert now.overview == before.overview


def test_what_was_lost_and_cannot_be_read_is_told(root: Path) -> None:
    opened = vault(root)
    kept = recall(opened, DAY)
    assert kept is not None
    found = refresh(opened, kept.ledger, NOW)
    assert found is not None
    (Path(cache_folder(str(root))) / f"{NOTES}.sqlite").unlink()
    (root / "Log" / "1.md").unlink()
    with pytest.raises(VaultcrmError, match=r"Log/1\.md cannot be read any more"):
        list(found.loaded.portfolio.histories)


@pytest.mark.parametrize(
    "change", [{"Log/1.md": "+more\n"}, {"Log/new.md": "Nothing of ours.\n"}, {"Log/2.md": None}]
)
def test_a_change_that_the_watcher_saw_is_looked_up_nowhere(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    opened = vault(root)
    before = computed(task(opened))
    changed(root, change)
    assert before.loaded.ledger is not None
    stamps = dict(load(opened, NOW).ledger.stamps)  # type: ignore[union-attr]
    monkeypatch.setattr("vaultcrm.app.refreshing.look", refuse)
    monkeypatch.setattr("vaultcrm.app.computing.load", refuse)
    now = computed(replace(task(opened), before=before.left(opened), seen=stamps))  # type: ignore[arg-type]
    monkeypatch.undo()
    assert now.overview == computed(replace(task(opened), use_cache=False)).overview


refuse: Callable[..., object] = mock.Mock(side_effect=AssertionError("nobody needs that"))
