"""Looking notes up as Obsidian does: path, file name, then aliases and names (specification 2, Links)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.note import Place, code_points
from vaultcrm.model.records import Client, Person, Project, Reading, Reference
from vaultcrm.parse.links import Found, Links, entry_of, link_key, names_of

CLIENT, PERSON, BOTH = ("client",), ("person",), ("client", "person")


def client(path: str, name: str = "", *aliases: str) -> Reading:
    stem = path.rpartition("/")[2].removesuffix(".md")
    return Reading(path, "client", Client(place=Place(path), name=name or stem, aliases=aliases))


def person(path: str, name: str = "", *aliases: str) -> Reading:
    stem = path.rpartition("/")[2].removesuffix(".md")
    return Reading(path, "person", Person(place=Place(path), name=name or stem, aliases=aliases))


def plain(path: str) -> Reading:
    return Reading(path, None)


def found(
    target: str,
    *readings: Reading,
    here: str = "Interactions/a.md",
    kinds: tuple[str, ...] = CLIENT,
    relative: bool = False,
) -> list[str]:
    reference = Reference(target, target, 1, 1, True, relative)
    return [entry.path for entry in Links.of(map(entry_of, readings)).look_up(reference, here, kinds).entries]


ACME = client("Clients/Acme Foods.md", "Acme Holding", "ACM", "Acme Ltd")


@pytest.mark.parametrize(
    "target",
    [
        "Clients/Acme Foods",
        "Clients/Acme Foods.md",
        "/Clients/Acme Foods",
        "clients/acme foods",
        "Acme Foods",
        "Acme Foods.md",
        "ACME FOODS",
        " Acme Foods ",
        "ACM",
        "acm",
        "acme ltd",
        "Acme Holding",
        "./Clients/Acme Foods",
        "../Clients/Acme Foods",
    ],
)
def test_path_file_name_alias_and_name(target: str) -> None:
    assert found(target, ACME, client("Clients/Bell.md")) == [ACME.path]


@pytest.mark.parametrize(
    "target", ["", "Foods", "Acme", "People/Acme Foods", "lients/Acme Foods", "Acme Foods/"]
)
def test_unknown(target: str) -> None:
    assert found(target, ACME) == []


def test_the_path_s_end_is_enough() -> None:
    deep = client("CRM/Clients/Berlin/Bell.md")
    assert found("Berlin/Bell", deep) == [deep.path]
    assert found("Clients/Berlin/Bell", deep, client("Clients/Oak.md")) == [deep.path]


def test_the_full_path_wins_over_the_end_of_another() -> None:
    one, other = client("Clients/Bell.md"), client("Old/Clients/Bell.md")
    assert found("Clients/Bell", one, other) == [one.path]


def test_a_file_s_name_wins_over_an_alias() -> None:
    bell, oak = client("Clients/Bell.md"), client("Clients/Oak.md", "Oak", "Bell")
    assert found("Bell", bell, oak) == [bell.path]


def test_a_file_of_another_kind_hides_aliases_as_in_obsidian() -> None:
    oak = client("Clients/Oak.md", "Oak", "Bell")
    assert found("Bell", plain("Notes/Bell.md"), oak) == []
    assert found("Bell", oak) == [oak.path]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_forms_are_equal(form: str) -> None:
    disk, typed = ("NFD", "NFC") if form == "NFC" else ("NFC", "NFD")
    cafe = client(unicodedata.normalize(disk, "Clients/Café Zoé.md"))
    assert found(unicodedata.normalize(typed, "café zoé"), cafe) == [cafe.path]
    assert found(unicodedata.normalize(typed, "Clients/Café Zoé"), cafe) == [cafe.path]


def test_markdown_links_are_relative_to_their_note() -> None:
    near, far = client("A/Clients/Bell.md"), client("B/Clients/Bell.md")
    assert found("../Clients/Bell.md", near, far, here="B/Calls/c.md", relative=True) == [far.path]
    assert found("./Bell.md", near, far, here="A/Clients/c.md", relative=True) == [near.path]
    assert found("Bell.md", near, far, here="A/Clients/c.md", relative=True) == [near.path]
    assert found("../../../A/Clients/Bell.md", near, far, here="B/c.md", relative=True) == [near.path]


def test_a_markdown_link_may_be_written_from_the_root_too() -> None:
    bell = client("Clients/Bell.md")
    assert found("Clients/Bell.md", bell, here="Calls/2026/c.md", relative=True) == [bell.path]
    assert found("/Clients/Bell.md", bell, here="Calls/2026/c.md", relative=True) == [bell.path]


def test_ambiguous_file_names_the_nearest_is_first() -> None:
    ones = [client("Clients/Bell.md"), client("Clients/Berlin/Bell.md"), client("Clients/Zug/Bell.md")]
    assert found("Bell", *ones) == [one.path for one in ones]
    assert found("Bell", *reversed(ones)) == [one.path for one in ones]
    assert found("Bell", *ones, here="Clients/Zug/call.md")[0] == "Clients/Zug/Bell.md"


def test_ambiguous_aliases() -> None:
    one, other = client("Clients/A.md", "A", "Bell"), client("Clients/B.md", "B", "bell")
    assert found("BELL", one, other) == ["Clients/A.md", "Clients/B.md"]
    lookup = Links.of(map(entry_of, (one, other))).look_up(Reference("Bell", "Bell", 1, 1), "x.md", CLIENT)
    assert lookup.ambiguous
    assert lookup.one == entry_of(one)
    assert (Found().ambiguous, Found().one) == (False, None)


def test_kinds_named_first_win() -> None:
    acme, ann = client("Clients/Jordan.md"), person("People/Jordan.md")
    assert found("Jordan", acme, ann, kinds=BOTH) == [acme.path]
    assert found("Jordan", acme, ann, kinds=PERSON) == [ann.path]
    assert found("Jordan", ann, kinds=CLIENT) == []


def test_a_note_whose_record_does_not_count_is_not_found() -> None:
    assert found("Ann", Reading("People/Ann.md", "person"), kinds=PERSON) == []


def test_nearest_names_of_the_kinds_asked_for() -> None:
    notes = (ACME, person("People/Acmee.md"), client("Clients/Bell.md"), plain("Acmf.md"))
    links = Links.of(map(entry_of, notes))
    reference = Reference("Clients/Acme Fods", "x", 1, 1, True)
    assert links.near(reference, CLIENT) == ("Acme Holding",)
    assert links.near(Reference("Zebra", "Zebra", 1, 1), CLIENT) == ()


def test_what_a_note_calls_itself() -> None:
    assert names_of(ACME) == ("Acme Holding", "ACM", "Acme Ltd")
    project = Project(place=Place("Projects/W.md"), title="Website")
    assert names_of(Reading("Projects/W.md", "project", project)) == ("Website",)
    assert names_of(plain("a.md")) == ()


@given(st.text(max_size=12))
def test_keys_do_not_depend_on_the_unicode_form(name: str) -> None:
    nfc, nfd = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    assert link_key(nfc) == link_key(nfd)
    assert code_points(nfc) == code_points(nfd)


def test_a_note_that_has_one_name_in_two_spellings_is_found_once() -> None:
    assert found("acme", client("Clients/A.md", "Acme", "ACME", "acme ")) == ["Clients/A.md"]
