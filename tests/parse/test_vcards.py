"""vCards as telephones and programs write them: 2.1, 3.0, 4.0, whole and broken."""

from __future__ import annotations

import textwrap

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.contacts import AddressBook, Contact
from vaultcrm.parse.vcards import read_vcards


def book(*lines: str, version: str = "3.0") -> AddressBook:
    return read_vcards("\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")))


def one(*lines: str, version: str = "3.0") -> Contact:
    (contact,) = book(*lines, version=version).contacts
    return contact


def test_what_vobject_writes_is_read_back() -> None:
    card = vobject.vCard()
    card.add("fn").value = "Ann Keller"
    card.add("n").value = vobject.vcard.Name(family="Keller", given="Ann")
    card.add("org").value = ["Pine; Bakery, Ltd", "Marketing"]
    card.add("title").value = "Head of marketing"
    for kind, number in (("WORK", "+49 30 1234567"), ("CELL", "+49 170 1234567")):
        tel = card.add("tel")
        tel.value, tel.type_param = number, kind
    card.add("email").value = "ann@pine.example"
    card.add("bday").value = "1988-04-15"
    card.add("note").value = "likes rye; bread, and cats\nsecond line " + "long " * 40
    card.add("categories").value = ["Clients", "VIP"]
    card.add("adr").value = vobject.vcard.Address(
        street="Main St 1", city="Berlin", code="10115", country="Germany"
    )
    (contact,) = read_vcards(card.serialize()).contacts
    assert (contact.name, contact.organization) == ("Ann Keller", "Pine; Bakery, Ltd")
    assert contact.values == {
        "department": ("Marketing",),
        "position": ("Head of marketing",),
        "phone": ("+49 170 1234567", "+49 30 1234567"),
        "email": ("ann@pine.example",),
        "birthday": ("1988-04-15",),
        "categories": ("Clients", "VIP"),
        "address": ("Main St 1, 10115 Berlin, Germany",),
    }
    assert contact.uses == {"+49 170 1234567": "cell", "+49 30 1234567": "work"}
    assert contact.remarks == ("likes rye; bread, and cats", ("second line " + "long " * 40).strip())


def test_version_2_1_with_quoted_printable_lines_and_bare_types() -> None:
    contact = one(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=B8=89;;;",
        "TEL;CELL;VOICE:138 0013 8000",
        "NOTE;encoding=quoted-printable:first=20line=0Asecond=",
        " goes on",
        "TITLE;CHARSET=GBK;QUOTED-PRINTABLE:=BE=AD=C0=ED",
        version="2.1",
    )
    assert contact.name == "张三"
    assert contact.values == {"phone": ("138 0013 8000",), "position": ("经理",)}
    assert contact.uses == {"138 0013 8000": "cell"}
    assert contact.remarks == ("first line", "second goes on")


@pytest.mark.parametrize(
    ("charset", "value", "name"),
    [
        ("", "=BE=AD=C0=ED", "经理"),  # not UTF-8, and nothing said
        (";CHARSET=nothing", "=E5=BC=A0", "张"),
        (";CHARSET=UTF-8", "M=FCller", "Müller"),
        (";CHARSET=undefined", "M=FCller", "Müller"),
        (";CHARSET=punycode", "M=FCller-1", "Müller-1"),
    ],
)
def test_wrong_character_sets_are_seen_through(charset: str, value: str, name: str) -> None:
    assert one(f"FN;ENCODING=QUOTED-PRINTABLE{charset}:{value}", version="2.1").name == name


def test_version_4_has_uris_preferences_and_lists_in_quotes() -> None:
    contact = one(
        "FN;PREF=2:Bobby",
        "FN;PREF=1:Bob Miller",
        'TEL;VALUE=uri;PREF=2;TYPE="voice,work":tel:+44-20-7946-0000;ext=12',
        'TEL;VALUE=uri;PREF=1;TYPE="cell":tel:+44-7700-900000',
        "EMAIL:mailto:bob@mill.example",
        "BDAY:--0415",
        "ANNIVERSARY:20100501",
        "RELATED;TYPE=spouse;VALUE=text:Jane",
        "RELATED;TYPE=friend:urn:uuid:f81d4fae",
        "RELATED;VALUE=text:Tim",
        "IMPP:xmpp:bob@mill.example",
        "GENDER:M",
        version="4.0",
    )
    assert contact.name == "Bob Miller"
    assert contact.known("phone") == ("+44-7700-900000", "+44-20-7946-0000 ext 12")
    assert contact.known("email") == ("bob@mill.example",)
    assert contact.known("birthday") == ("04-15",)
    assert contact.dates == (("Anniversary", "2010-05-01"),)
    assert contact.remarks == ("spouse: Jane", "Tim", "xmpp:bob@mill.example")


def test_apple_writes_labels_in_lines_of_their_own_and_years_that_are_none() -> None:
    contact = one(
        "FN:Ann",
        "item1.TEL:+49 30 1",
        "item1.X-ABLabel:_$!<Mobile>!$_",
        "item2.X-ABDATE:2010-05-01",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
        "item3.X-ABDATE:20110601",
        "item4.X-ABRELATEDNAMES:Jan",
        "item4.X-ABLabel:Brother",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15",
        "X-SOCIALPROFILE;type=wechat:ann-k",
        "IMPP;X-SERVICE-TYPE=QQ:x-apple:12345",
        "IMPP;X-SERVICE-TYPE=微信:x-apple:ann2",
        "X-ABUID:1:ABPerson",
        "item5.EMAIL;TYPE=INTERNET:ann@x.example",
        "item5.X-ABLabel:Shop",
        "X-QQ:",
    )
    assert contact.uses == {"+49 30 1": "Mobile", "ann@x.example": "Shop"}
    assert contact.dates == (("Anniversary", "2010-05-01"), ("", "2011-06-01"))
    assert contact.known("birthday") == ("04-15",)
    assert contact.known("wechat") == ("ann-k", "ann2")
    assert contact.remarks == ("Brother: Jan", "qq: 12345")


@pytest.mark.parametrize(
    "days", [("X-ALTBDAY;CALSCALE=chinese:007800350815",), ("BDAY;CALSCALE=chinese:20180815",)]
)
def test_lunar_birthdays(days: tuple[str, ...]) -> None:
    assert one("FN:Ann", *days).known("birthday") == ("lunar 2018-08-15",)


def test_second_birthday_and_days_that_cannot_be_read_stay_as_remarks() -> None:
    found = book(
        "FN:Ann",
        "BDAY:1988-04-15",
        "X-ALTBDAY;CALSCALE=chinese:--0815",
        "X-ALTBDAY;CALSCALE=hebrew:57790615",
        "ANNIVERSARY;VALUE=text:some summer",
        "X-ABDATE:--",
        "X-ANNIVERSARY:",
    )
    (contact,) = found.contacts
    assert contact.known("birthday") == ("1988-04-15",)
    assert contact.remarks == (
        "birthday: lunar 08-15",
        "birthday: 57790615",
        "Anniversary: some summer",
        "--",
    )
    assert [(line, key) for line, key, _ in found.told] == [(6, "day"), (7, "day"), (8, "day")]


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (("X-ALTBDAY:1922-04-18", "BDAY:1988-04-15"), ("1988-04-15", "1922-04-18")),
        (
            ("BDAY:1988-04-15", "item1.X-ABDATE:1922-04-18", "item1.X-ABLABEL:Birthday"),
            ("1988-04-15", "1922-04-18"),
        ),
        (("BDAY:1988-04-15", "BDAY:19880415"), ("1988-04-15",)),
    ],
)
def test_no_birthday_of_several_is_lost(lines: tuple[str, ...], days: tuple[str, ...]) -> None:
    contact = one("FN:Ann", *lines)
    assert (*contact.known("birthday"), *contact.remarks) == (
        days[0],
        *(f"birthday: {day}" for day in days[1:]),
    )


def test_date_called_birthday_is_one() -> None:
    contact = one("FN:Ann", "item1.X-ABDATE:1988-04-15", "item1.X-ABLabel:Birthday")
    assert contact.known("birthday") == ("1988-04-15",)


@pytest.mark.parametrize(
    ("lines", "name", "is_company"),
    [
        (("N:Keller;Ann;Maria;Dr.;",), "Dr. Ann Maria Keller", False),
        (("N:张;三;;;",), "张三", False),
        (("N:김;철수;;;",), "김철수", False),
        (("N:张;San;;;",), "San 张", False),
        (("FN:Keller, Ann",), "Keller, Ann", False),  # an unescaped comma ends nothing
        (("FN:", "ORG:Pine Bakery"), "Pine Bakery", True),
        (("FN:Pine Bakery", "ORG:Pine Bakery"), "Pine Bakery", True),
        (("FN:Pine", "X-ABShowAs:COMPANY", "ORG:Pine Bakery"), "Pine", True),
        (("FN:Pine", "KIND:org"), "Pine", True),
        (("NICKNAME:Annie,Ann", "EMAIL:ann@pine.example"), "Annie", False),
        (("EMAIL:ann@pine.example",), "ann@pine.example", False),
        (("TEL:+49 30 1",), "+49 30 1", False),
    ],
)
def test_names(lines: tuple[str, ...], name: str, is_company: bool) -> None:
    contact = one(*lines)
    assert (contact.name, contact.is_company) == (name, is_company)
    assert contact.organization == ""


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("FN:Pine Bakery", "N:Keller;Ann;;;", "ORG:Pine Bakery"), {"contact": ("Ann Keller",)}),
        (("FN:Pine Bakery", "N:Bakery;Pine;;;", "ORG:Pine Bakery"), {}),
        (
            ("FN:Pine", "N:Bakery, Pine;;;;", "X-ABShowAs:COMPANY", "ORG:Pine Bakery"),
            {"aliases": ("Pine Bakery",)},
        ),
        (("FN:Ann Keller", "N:Keller;Ann;;;"), {}),
        (("FN;PREF=2:王芳", "FN;PREF=1:Wang Fang", "FN:Wang Fang"), {"aliases": ("王芳",)}),
        (("FN:Keller, Ann", "N:Keller;Ann;;;"), {}),
        (("FN:王小明", "N:王;小明;;;"), {}),
        (("FN:Annie", "N:Keller;Ann;;Dr.;"), {"remarks": ("Dr. Ann Keller",)}),
    ],
)
def test_no_name_of_a_card_is_lost(lines: tuple[str, ...], kept: dict[str, tuple[str, ...]]) -> None:
    contact = one(*lines)
    remarks = {"remarks": contact.remarks} if contact.remarks else {}
    assert {**contact.values, **remarks} == kept


def test_what_a_card_says_twice_over_stays() -> None:
    contact = one(
        *("FN:Ann", "ORG:Pine;Hall", "ORG:Pine;Oven", "ORG:;Shop", "ORG:Mill;Yard"),
        *("TITLE:Head", "ROLE:Baker", "ROLE:Head", "X-SPOUSE:Bo"),
    )
    assert contact.organization == "Pine"
    assert contact.values == {"department": ("Hall", "Oven", "Shop"), "position": ("Head",)}
    assert contact.remarks == ("Mill / Yard", "Baker", "spouse: Bo")


def test_groups_are_no_contacts_and_the_nameless_are_told() -> None:
    text = "BEGIN:VCARD\nKIND:group\nFN:Friends\nEND:VCARD\nBEGIN:VCARD\nNOTE:nobody\nEND:VCARD\n"
    found = read_vcards(text)
    assert found.contacts == ()
    assert found.left_out == {"KIND:group": 1}
    assert found.told == ((5, "nameless", ""),)


def test_addresses_in_the_order_of_their_country_and_faxes_apart() -> None:
    contact = one(
        "FN:Ann",
        "ADR:;;南京路 1;上海;上海市;200000;中国",
        'ADR;LABEL="Main St 1":;;;;;;',
        "ADR:",
        "TEL;TYPE=FAX:+49 30 2",
        "TEL;TYPE=WORK:+49 30 1",
        "ORG:Pine;A;B",
        "ORG:Oak",
        "ORG:",
        "ROLE:baker",
    )
    assert contact.known("address") == ("中国上海市上海南京路 1 200000", "main st 1")
    assert (contact.known("fax"), contact.known("phone")) == (("+49 30 2",), ("+49 30 1",))
    assert contact.known("department") == ("A / B",)
    assert contact.known("position") == ("baker",)
    assert contact.remarks == ("Oak",)
    assert one("FN:Ann", "TITLE:head", "ROLE:baker").known("position") == ("head",)


def test_what_is_never_taken_is_counted() -> None:
    found = book(
        "FN:Ann", "PHOTO;ENCODING=b:aaaa", "X-ODD:1", "X-EMPTY:", "UID:1", "LOGO:data:image/png;base64,x"
    )
    assert found.left_out == {"LOGO": 1, "PHOTO": 1, "X-ODD": 1}


def test_pictures_that_are_not_folded_are_passed_over() -> None:
    found = book("FN:Ann", "PHOTO;ENCODING=BASE64:", "AAAA", "BBB=", "TITLE:baker", version="2.1")
    assert found.told == ()
    assert found.contacts[0].known("position") == ("baker",)


def test_huge_lines_cost_neither_time_nor_the_contact() -> None:
    contact = one("FN:Ann", "NOTE:" + "x" * 300_000, "A" + ";a=" * 100_000, "TITLE:baker")
    assert contact.known("position") == ("baker",)


def test_broken_lines_cost_themselves() -> None:
    text = textwrap.dedent("""\
        stray
        END:VCARD
        BEGIN:VCARD
        VERSION:3.0
        FN:Ann
        this is no line

        TITLE:baker
        BEGIN:VCARD
        FN:Bob
        AGENT:
        BEGIN:VCARD
        FN:Secretary
        END:VCARD
        TITLE:miller
        END:VCARD
        """)
    found = read_vcards(text)
    assert [(each.name, each.known("position")) for each in found.contacts] == [
        ("Ann", ("baker",)),
        ("Bob", ("miller",)),
    ]
    assert found.told == ((3, "unclosed", ""), (6, "line", "this is no line"))


def test_byte_order_mark_before_a_card_costs_nothing() -> None:
    card = "\ufeffBEGIN:VCARD\nFN:{}\nEND:VCARD\n"
    book = read_vcards(card.format("Ann") + card.format("Bob"))
    assert [each.name for each in book.contacts] == ["Ann", "Bob"]
    assert book.told == ()


def test_lines_end_as_they_like() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(("begin:vcard", "fn:Ann", "note:folded", "  here", "end:vcard"))
        (contact,) = read_vcards(text).contacts
        assert contact.remarks == ("folded here",)


WORDS = st.sampled_from(
    (
        *(
            "BEGIN:VCARD\n",
            "END:VCARD\n",
            "FN:",
            "N:a;b",
            "TEL;",
            "BDAY:",
            "--0415",
            ";",
            ":",
            "=",
            "\n",
            "\\",
        ),
        *(
            '"',
            "QUOTED-PRINTABLE",
            "CHARSET=gbk",
            "item1.",
            "X-ABLabel:",
            "张",
            "\x00",
            "AGENT:\n",
            "KIND:org",
        ),
    )
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=40))
def test_any_text_is_read(words: list[str]) -> None:
    for contact in read_vcards("".join(words)).contacts:
        assert contact.name
