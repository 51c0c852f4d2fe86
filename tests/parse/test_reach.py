"""When two numbers, addresses, names or companies are the same."""

from __future__ import annotations

import pytest

from vaultcrm.parse.reach import company_key, email_key, is_role, phone_key, same_phone, similar_names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+49 170 1234567", "0170/123 45 67", True),
        ("0049 170 1234567", "+49 (0) 170 1234567", True),
        ("+86 138 0013 8000", "13800138000", True),
        ("１３８００１３８０００", "138-0013-8000", True),
        ("tel:+44-20-7946-0000;ext=12", "020 7946 0000", True),
        ("+49 30 1234567 ext 5", "030 1234567", True),
        ("010-12345678转802", "010-12345678", True),
        ("+49 30 1234567", "+49 30 1234568", False),
        ("1234567", "99991234567", False),
        ("110", "110", False),
        ("no number", "no number", False),
    ],
)
def test_numbers(one: str, other: str, same: bool) -> None:
    assert same_phone(phone_key(one), phone_key(other)) is same


def test_addresses() -> None:
    assert email_key(" <ANN@Pine.Example> ") == email_key("mailto:ann@pine.example") == "ann@pine.example"
    assert email_key("ann at pine") == email_key("a b@c") == email_key("@") == ""
    assert is_role("Info@pine.example")
    assert not is_role("ann@pine.example")


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("Ann Keller", "Keller, Ann", True),
        ("A. Keller", "Ann Keller", True),
        ("Ann", "Ann Keller", True),
        ("Jürgen Müller", "Juergen Müller", False),
        ("Jürgen Müller", "Jurgen Muller", True),
        ("王芳", "Wang Fang", True),
        ("Hans Müller", "Helga Müller", False),
        ("Ann Keller", "Bob Miller", False),
        ("Jürgen Möller", "Bob Miller", False),  # colleagues who share a number
        ("Renée Zoë Øre", "Renee Zoe Øre", True),
        ("Пётр", "Pyotr Orlov", True),
        ("David 王", "David Wang", True),
        ("Jan Li", "Jana Liebig", False),
        ("Chris Miller", "Christopher Miller", True),
        ("Ann K.", "Ann Keller", True),
        ("Chris", "Christopher Miller", True),
        ("…", "Ann", True),
    ],
)
def test_names(one: str, other: str, similar: bool) -> None:
    assert similar_names(one, other) is similar


def test_legal_forms_do_not_tell_companies_apart() -> None:
    assert company_key("Pine Bakery GmbH & Co. KG") == company_key("PINE BAKERY") == "pine bakery"
    assert company_key("青松面包有限公司") == company_key("青松面包")
    assert company_key("青松面包股份有限公司") == company_key("青松面包")
    assert company_key("Pine") != company_key("Pine Bakery")
    assert company_key("Co") == "co"
    assert company_key("有限公司") == "有限公司"
