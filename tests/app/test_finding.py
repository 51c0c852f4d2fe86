"""Clients, owners and paths as people name them on a command line."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.parse.builders import joined
from tests.policies import preset
from tests.support.closed import closed
from vaultcrm.app import runs
from vaultcrm.app.finding import find_client, find_owner
from vaultcrm.errors import UsageError
from vaultcrm.model.overview import Overview
from vaultcrm.render.agenda import follow_ups
from vaultcrm.rules.engine import assess

FILES = {
    "Clients/Acme Foods.md": "---\nname: Acme\naliases: [ACM, Acme Holding]\nowner: Mira\n---\n",
    "Clients/Acme Tools.md": "---\nowner: jo\n---\n- [ ] call 📅 2026-12-01 @wang\n",
    "Clients/Bell.md": "---\naliases: [Glocke]\n---\n",
    "Clients/Old/Bell.md": "---\nname: Bell the elder\n---\n",
    "People/Ann Keller.md": "---\nclient: Acme\naliases: [Annie]\n---\n",
    "People/Anton Glob.md": "---\nclient: Bell\n---\n",
    "People/Kim Lee.md": "---\nclient: Acme\n---\n",
    "People/Kim Long.md": "---\nclient: Bell\n---\n",
    "People/Kim Loos.md": "---\nclient: Bell\n---\n",
    "客户/青禾.md": "---\n名称: 青禾食品\n别名: 青禾集团\n---\n",
    "Clients/Café Zoé.md": "",
}


@pytest.fixture(scope="module")
def overview() -> Overview:
    portfolio, _ = joined(FILES)
    return assess(portfolio, preset(), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Acme", "Clients/Acme Foods.md"),
        ("acme", "Clients/Acme Foods.md"),
        (" ACME ", "Clients/Acme Foods.md"),
        ("ACM", "Clients/Acme Foods.md"),
        ("acme foods", "Clients/Acme Foods.md"),
        ("Acme H", "Clients/Acme Foods.md"),
        ("Acme T", "Clients/Acme Tools.md"),
        ("Clients/Acme Tools.md", "Clients/Acme Tools.md"),
        ("clients/acme tools", "Clients/Acme Tools.md"),
        ("Bell", "Clients/Bell.md"),
        ("Bell t", "Clients/Old/Bell.md"),
        ("gl", "Clients/Bell.md"),
        ("青禾", "客户/青禾.md"),
        ("青禾集", "客户/青禾.md"),
        ("食品", "客户/青禾.md"),
        ("cafe\u0301 ZOÉ", "Clients/Café Zoé.md"),
        ("ann keller", "Clients/Acme Foods.md"),
        ("Ann", "Clients/Acme Foods.md"),
        ("Annie", "Clients/Acme Foods.md"),
        ("anton", "Clients/Bell.md"),
        ("cafezoe", "Clients/Café Zoé.md"),
        ("tools", "Clients/Acme Tools.md"),
        ("Cafe zo", "Clients/Café Zoé.md"),
    ],
)
def test_a_client_by_name_alias_file_path_or_beginning_or_by_one_of_theirs(
    overview: Overview, text: str, path: str
) -> None:
    assert find_client(overview, text).client.path == path


def test_clients_of_one_name_are_told_apart_by_their_paths() -> None:
    twins = {"Clients/Bell.md": "", "Clients/Old/Bell.md": "", "Clients/Bell Foods.md": ""}
    found = assess(joined(twins)[0], preset(), date(2026, 11, 20))
    with pytest.raises(UsageError) as caught:
        find_client(found, "be")
    assert caught.value.hint == "write one of: Bell Foods, Clients/Bell.md, Clients/Old/Bell.md"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Acmee", "no client is called 'Acmee'", "the nearest: Acme, ACM, Acme Tools"),
        (
            "Kim",
            "'Kim' could be several people",
            "name the client: Kim Lee (Acme), Kim Long (Bell), Kim Loos (Bell)",
        ),
        ("Kim Lo", "'Kim Lo' could be several people", "name the client: Kim Long (Bell), Kim Loos (Bell)"),
        ("hlding", "no client is called 'hlding'", "the nearest: Acme Holding"),
        ("An", "'An' could be several people", "name the client: Ann Keller (Acme), Anton Glob (Bell)"),
        ("xyzzy", "no client is called 'xyzzy'", 'a new one: vaultcrm new client "xyzzy"'),
        ("", "no client is called ''", ""),
        (" ", "no client is called ' '", ""),
        ("B", "'B' could be several clients", "write one of: Bell, Bell the elder"),
    ],
)
def test_no_client_or_several(overview: Overview, text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_client(overview, text)
    assert (caught.value.message, caught.value.hint, caught.value.exit_status) == (message, hint, 2)


@pytest.mark.parametrize(
    ("text", "owner"), [("mira", "Mira"), ("Mira", "Mira"), (" JO ", "jo"), ("WANG", "wang")]
)
def test_owners_of_clients_and_of_tasks(overview: Overview, text: str, owner: str) -> None:
    assert find_owner(overview, text) == owner
    assert find_owner(closed(overview), text) == owner


@pytest.mark.parametrize(
    ("text", "hint"), [("mirra", "the nearest: Mira"), ("xyzzy", "the nearest: Mira, jo, wang")]
)
def test_no_owner(overview: Overview, text: str, hint: str) -> None:
    with pytest.raises(UsageError, match="no owner is called") as caught:
        find_owner(overview, text)
    assert caught.value.hint == hint


@pytest.mark.parametrize("text", ["zoé", "ZOE\u0301"])
def test_an_owner_whose_accents_are_written_apart(text: str) -> None:
    notes = {"Clients/Acme.md": "---\ntype: client\n---\n- [ ] call 📅 2026-12-01 @Zoe\u0301\n"}
    told = assess(joined(notes)[0], preset(), date(2026, 11, 20))
    assert find_owner(told, text) == "Zoe\u0301"
    assert len(follow_ups(told, text)) == 1
    assert follow_ups(told, "zoe") == ()


def test_no_owner_where_nobody_owns_anything() -> None:
    with pytest.raises(UsageError) as caught:
        find_owner(assess(joined({})[0], preset(), date(2026, 11, 20)), "mira")
    assert caught.value.hint == ""


def test_paths_in_the_vault(make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = make_vault({"Clients/Acme.md": ""})
    monkeypatch.chdir(vault / "Clients")
    assert runs.path_in_vault(str(vault), "Acme.md") == "Clients/Acme.md"
    assert runs.path_in_vault(str(vault), "..") == ""
    assert runs.path_in_vault(str(vault), str(vault / "no" / "such")) == "no/such"
    assert runs.path_in_vault(str(vault), str(tmp_path)) is None
    assert runs.path_in_vault(str(vault), str(tmp_path / "vault 2")) is None
    assert runs.path_in_vault(str(vault), str(vault / "..hidden")) == "..hidden"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_into_the_vault_is_followed(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = make_vault({"Clients/Acme.md": ""})
    (tmp_path / "link").symlink_to(vault)
    assert runs.path_in_vault(str(vault), str(tmp_path / "link" / "Clients")) == "Clients"
