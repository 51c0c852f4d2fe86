"""Which contacts are one: by address, number and name; and what they say together."""

from __future__ import annotations

import pytest

from vaultcrm.model.contacts import Contact
from vaultcrm.parse import same_contacts
from vaultcrm.parse.same_contacts import Identity, identity_of, missing, sameness, without_equals


def contact(
    name: str, line: int = 1, organization: str = "", is_company: bool = False, **values: str
) -> Contact:
    listed = {key: tuple(value.split("|")) for key, value in values.items()}
    return Contact(line=line, name=name, organization=organization, is_company=is_company, values=listed)


ANN = contact("Ann Keller", organization="Pine", email="ann@pine.example", phone="+49 170 1234567")


@pytest.mark.parametrize(
    ("other", "because"),
    [
        (contact("Maria Schmidt", email="ANN@pine.example"), "email"),
        (contact("A. Keller", phone="0170 1234567"), "phone"),
        (contact("Helga Keller", phone="0170 1234567"), None),  # a number is shared in families
        (contact("Ann Keller", organization="Pine GmbH"), "name"),
        (contact("ann keller"), "name"),
        (contact("Ann Keller", organization="Oak"), None),  # a namesake somewhere else
        (contact("Ann Keller", organization="Oak", phone="0170 1234567"), "phone"),
        (contact("Bob", organization="Pine"), None),
        (contact("Ann Keller", is_company=True), None),
    ],
)
def test_people(other: Contact, because: str | None) -> None:
    assert sameness(identity_of(ANN), identity_of(other)) == because


def test_address_of_an_office_is_shared_by_colleagues() -> None:
    ann, bob = (
        contact("Ann Keller", email="info@pine.example"),
        contact("Bob Miller", email="info@pine.example"),
    )
    assert sameness(identity_of(ann), identity_of(bob)) is None
    assert sameness(identity_of(ann), identity_of(contact("A. Keller", email="info@pine.example"))) == "email"


def test_companies_are_the_same_whatever_their_legal_form() -> None:
    pine = contact("Pine Bakery GmbH", is_company=True, email="ann@pine.example")
    assert sameness(identity_of(pine), identity_of(contact("Pine Bakery", is_company=True))) == "name"
    assert (
        sameness(identity_of(pine), identity_of(contact("Oak", is_company=True, email="ann@pine.example")))
        is None
    )


def test_equal_contacts_become_one_that_knows_what_all_know() -> None:
    full = contact(
        "Ann Keller",
        9,
        "Pine",
        email="a2@pine.example",
        phone="0170 1234567|030 7654321",
        birthday="1988-04-15",
    )
    short = contact("A. Keller", 5, email="ann@pine.example", birthday="04-15", position="baker")
    ((whole, lines),) = without_equals((ANN, short, full))
    assert lines == (1, 5, 9)
    assert whole.name == "Ann Keller"
    assert whole.values == {
        "email": ("ann@pine.example", "a2@pine.example"),
        "phone": ("+49 170 1234567", "030 7654321"),
        "birthday": ("1988-04-15",),
        "position": ("baker",),
        "aliases": ("A. Keller",),
    }


def test_what_only_one_can_be_counts_as_it_came_first() -> None:
    one = contact("Ann", 1, "Pine", position="baker", birthday="1988-04-15")
    other = contact("Ann", 2, "", position="head", birthday="04-15")
    third = contact("Ann", 3, "", birthday="1990-01-01|lunar 04-15", position="baker|nurse")
    ((whole, _),) = without_equals((one, other, third))
    assert (whole.known("position"), whole.known("birthday")) == (("baker",), ("1988-04-15",))
    assert whole.remarks == (
        *("position: head", "birthday: 1990-01-01", "birthday: lunar 04-15"),
        "position: nurse",
    )


def test_contact_that_two_others_have_in_common_joins_them() -> None:
    one = contact("Ann", 1, "Pine", email="a@x.example")
    two = contact("Ann Keller", 2, "Oak", phone="+49 170 1234567")
    both = contact("Ann K", 3, email="a@x.example", phone="0170 1234567")
    ((whole, lines),) = without_equals((one, two, both))
    assert lines == (1, 2, 3)
    assert whole.organization == "Pine"
    assert "Oak" in whole.remarks


def test_number_of_a_whole_house_tells_nobody_apart() -> None:
    names = [f"{a}{b} {b}{a}" for a in "abcdefgh" for b in "ijklmnop"]
    staff = [contact(name, at, "Pine", phone="030 7654321") for at, name in enumerate(names)]
    short = contact("A. I", 98, "Pine", phone="030 7654321")
    assert len(without_equals((*staff[:40], contact("ai i", 98, "Pine", phone="030 7654321")))) == 40
    assert len(without_equals((*staff, short))) == len(staff) + 1
    assert len(without_equals((*staff, contact("AI IA", 99, "Pine", phone="030 7654321")))) == len(staff)


def test_thousands_who_share_a_number_are_not_compared_each_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[Identity] = []
    monkeypatch.setattr(
        same_contacts, "sameness", lambda one, other: compared.append(one) or sameness(one, other)
    )
    every = [contact(f"n{at} m{at}", at, phone="030 7654321", email="info@pine.example") for at in range(500)]
    assert len(without_equals(every)) == 500
    assert not compared


def test_different_contacts_stay_in_their_order() -> None:
    found = without_equals((contact("B", 1), contact("A", 2), contact("C", 3)))
    assert [each.name for each, _ in found] == ["B", "A", "C"]


def test_missing_values() -> None:
    assert missing("email", ("Ann@x.example",), ("ann@x.example", "b@x.example", "no address")) == (
        "b@x.example",
        "no address",
    )
    assert missing("phone", ("0170 1234567", "110"), ("+49 170 1234567", "110", "112")) == ("112",)
    assert missing("aliases", ("Annie",), ("ANNIE", "Ann")) == ("Ann",)
