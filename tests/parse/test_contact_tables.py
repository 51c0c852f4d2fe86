"""Tables of contacts: Google's old and new ones, Outlook's, any by a mapping, whole and broken."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.model.contacts import Contact
from vaultcrm.parse.contact_tables import columns_of, meaning_of, meanings, read_table


def one(text: str, **mapped: str) -> Contact:
    (contact,) = read_table(textwrap.dedent(text), mapped).contacts
    return contact


def row_of(cells: Mapping[str, str]) -> Contact:
    """The contact of a table with these columns and one row."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    (contact,) = read_table(file.getvalue(), {}).contacts
    return contact


def test_google_s_old_columns() -> None:
    contact = row_of(
        {
            "Name": "Ann Keller",
            "Given Name": "Ann",
            "Family Name": "Keller",
            "Birthday": "--04-15",
            "Notes": "rye\nand cats",
            "Group Membership": "* myContacts ::: Clients",
            "E-mail 1 - Type": "* Work",
            "E-mail 1 - Value": "ann@pine.example ::: a2@pine.example",
            "E-mail 2 - Type": "Home",
            "E-mail 2 - Value": "home@k.example",
            "Phone 1 - Type": "Mobile",
            "Phone 1 - Value": "+49 170 1",
            "Address 1 - Formatted": "Main St 1\nBerlin",
            "Address 1 - Street": "Main St 1",
            "Organization 1 - Name": "Pine Bakery",
            "Organization 1 - Title": "Head",
            "Website 1 - Value": "https://pine.example",
            "Event 1 - Type": "Anniversary",
            "Event 1 - Value": "2010-05-01",
            "Relation 1 - Type": "Spouse",
            "Relation 1 - Value": "Jan",
            "Custom Field 1 - Type": "Shoe size",
            "Custom Field 1 - Value": "42",
        }
    )
    assert (contact.name, contact.organization) == ("Ann Keller", "Pine Bakery")
    assert contact.values == {
        "birthday": ("04-15",),
        "categories": ("Clients",),
        "email": ("ann@pine.example", "a2@pine.example", "home@k.example"),
        "phone": ("+49 170 1",),
        "position": ("Head",),
        "website": ("https://pine.example",),
        "address": ("Main St 1, Berlin",),
    }
    assert contact.uses["home@k.example"] == "Home"
    assert contact.uses["+49 170 1"] == "Mobile"
    assert contact.dates == (("Anniversary", "2010-05-01"),)
    assert contact.remarks == ("rye", "and cats", "Spouse: Jan", "Shoe size: 42")


def test_google_s_new_columns() -> None:
    contact = row_of(
        {
            "First Name": "三",
            "Middle Name": "",
            "Last Name": "张",
            "Nickname": "三哥",
            "File As": "",
            "Organization Name": "松树面包",
            "Organization Title": "经理",
            "Birthday": "1988-04-15",
            "Photo": "",
            "Labels": "* myContacts ::: 客户",
            "E-mail 1 - Label": "* Work",
            "E-mail 1 - Value": "san@pine.example",
            "Address 1 - Street": "南京路 1",
            "Address 1 - City": "上海",
        }
    )
    assert (contact.name, contact.organization) == ("张三", "松树面包")
    assert contact.values == {
        "aliases": ("三哥",),
        "position": ("经理",),
        "birthday": ("1988-04-15",),
        "categories": ("客户",),
        "email": ("san@pine.example",),
        "address": ("南京路 1, 上海",),
    }


def test_outlook_s_columns() -> None:
    contact = row_of(
        {
            "First Name": "Jürgen",
            "Middle Name": "K.",
            "Last Name": "Müller",
            "Company": "Café GmbH",
            "Department": "Hall",
            "Job Title": "Chef",
            "Business Street": "Main St 1",
            "Business City": "Berlin",
            "Home City": "Bonn",
            "Business Fax": "030 2",
            "Business Phone": "030 1",
            "Mobile Phone": "0170 1",
            "Birthday": "0/0/00",
            "Anniversary": "4/15/2010",
            "Categories": "Clients;VIP",
            "E-mail Type": "SMTP",
            "E-mail Address": "jm@cafe.example",
            "E-mail 2 Address": "j@x.example",
            "Spouse": "Eva",
            "Gender": "Unspecified",
            "Web Page": "",
        }
    )
    assert contact.name == "Jürgen K. Müller"
    assert contact.values == {
        "department": ("Hall",),
        "position": ("Chef",),
        "fax": ("030 2",),
        "phone": ("030 1", "0170 1"),
        "categories": ("Clients", "VIP"),
        "email": ("jm@cafe.example", "j@x.example"),
        "address": ("Main St 1, Berlin", "Bonn"),
    }
    assert contact.uses == {"030 1": "work", "0170 1": "mobile"}
    assert contact.dates == (("Anniversary", "2010-04-15"),)
    assert contact.remarks == ("Spouse: Eva",)


def test_other_rows_tell_whether_days_come_before_months() -> None:
    first, second = read_table("Name,Birthday\nAnn,4/5/1988\nBob,15/4/1988\n", {}).contacts
    assert (first.known("birthday"), second.known("birthday")) == (("1988-05-04",), ("1988-04-15",))


def test_days_that_cannot_be_read_stay_as_remarks() -> None:
    book = read_table(
        "Name,Birthday,Anniversary\nAnn,4/5/1988,once upon a time\nBob,13/1/1990,\nEve,1/13/1990,\n", {}
    )
    assert book.contacts[0].remarks == ("Birthday: 4/5/1988", "Anniversary: once upon a time")
    assert book.told == ((2, "day", "4/5/1988"), (2, "day", "once upon a time"))
    assert read_table("Name,Anniversary\nAnn,0/0/00\n", {}).told == ()


def test_columns_are_mapped_and_the_others_are_counted() -> None:
    text = "Firma;Ansprechpartner;Fon;Seit;Odd;Skip\nAhorn AG;Eva Stein;030 55;5.1.2024;x;y\nAhorn AG;;;;x;\n"
    mapped = {
        "firma": "organization",
        "ansprechpartner": "name",
        "fon": "phone",
        "seit": "since",
        "skip": "skip",
    }
    book = read_table(text, mapped)
    eva, company = book.contacts
    assert (eva.name, eva.organization, eva.known("since")) == ("Eva Stein", "Ahorn AG", ("5.1.2024",))
    assert (company.name, company.is_company, company.organization) == ("Ahorn AG", True, "")
    assert book.left_out == {"Odd": 2, "Skip": 1}
    assert columns_of(text) == ("Firma", "Ansprechpartner", "Fon", "Seit", "Odd", "Skip")


def test_days_of_mapped_columns_are_brought_into_our_notation() -> None:
    assert one("Name,Seit\nAnn,15/1/2024\n", seit="since").known("since") == ("2024-01-15",)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_separates_is_seen(separator: str) -> None:
    contact = one(f"\ufeffsep={separator}\nName{separator}Email\nAnn{separator}ann@pine.example\n")
    assert contact.known("email") == ("ann@pine.example",)


def test_rows_without_a_name_are_told_and_empty_ones_are_none() -> None:
    book = read_table("Name,Email,Department\n,,Hall\n,ann@pine.example,\n,,\n\n", {})
    assert [each.name for each in book.contacts] == ["ann@pine.example"]
    assert book.contacts[0].known("email") == ("ann@pine.example",)
    assert book.told == ((2, "nameless", "Hall"),)


def test_row_that_says_only_what_is_left_out_is_nobody() -> None:
    book = read_table("Name,Odd\n,x\n", {})
    assert (book.contacts, book.told) == ((), ())


def test_broken_tables_cost_what_is_broken() -> None:
    assert read_table("", {}).contacts == ()
    book = read_table("Name\n" + '"' + "x" * 1_100_000 + '"\nAnn\n', {})
    assert book.contacts[-1].name == "Ann"
    assert book.told == ((2, "row", ""),)
    assert one("Name,Notes\nAnn\x00,x\x00y\n").remarks == ("xy",)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quotation_mark_that_is_never_closed_is_told(end: str) -> None:
    book = read_table(f'sep=,\nName,Notes\nAnn,5" pipe\nBob,"never closed\nCy,""x""{end}', {})
    assert [each.name for each in book.contacts] == ["Ann", "Bob"]
    assert book.contacts[1].remarks == ("never closed", 'Cy,"x"')
    assert book.told == ((4, "quote", ""),)
    assert read_table(f'Name,Notes\nBob,"closed\nhere"{end}', {}).told == ()


def test_cells_beyond_the_last_column_are_remarks_and_told() -> None:
    book = read_table("Name,Notes\nAnn,likes tea, hates coffee,\n,,lost\nBob,x,,\n", {})
    assert [each.remarks for each in book.contacts] == [("likes tea", "hates coffee"), ("x",)]
    assert book.told == ((2, "beyond", "hates coffee"), (3, "nameless", "lost"))


def test_our_own_export_says_again_what_a_person_wrote() -> None:
    contact = one("""\
        name,path,status,owner,stage,last_contact,next_contact,health
        Acme,Clients/Acme.md,lost,mira,core,2026-11-06,2026-11-20,88
        """)
    assert contact.values == {"status": ("lost",), "owner": ("mira",), "last_contact": ("2026-11-06",)}
    assert contact.is_company, "no client is their own contact"


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Client", "organization"),
        ("客户", "organization"),
        ("name", "name"),
        ("Phone", "phone"),
        ("电话", "phone"),
        ("owner", "owner"),
        ("last-contact", "last_contact"),
        ("website", "website"),
        ("备注", "remarks"),
        ("skip", "skip"),
        ("mute", None),
        ("phon", None),
    ],
)
def test_what_columns_may_be_mapped_to(name: str, meaning: str | None) -> None:
    assert meaning_of(name) == meaning
    assert meaning is None or "phone" in meanings()


@given(st.text(alphabet='Name,;\n\r"\t|张1/:= \x00', max_size=80))
def test_any_text_is_read(text: str) -> None:
    for contact in read_table(text, {"n": "birthday", "a": "since"}).contacts:
        assert contact.name


@pytest.mark.parametrize("company", ["公司名称", "客户名称", "单位名称"])
@pytest.mark.parametrize("person", ["姓名", "联系人"])
def test_a_person_and_their_company_stand_side_by_side_in_chinese(person: str, company: str) -> None:
    for heads in ((person, company), (company, person)):
        cells = dict(
            zip(heads, ("李四", "松树面包") if heads[0] == person else ("松树面包", "李四"), strict=True)
        )
        contact = row_of({**cells, "手机号码": "13312345678", "电子邮箱": "li@example.com"})
        assert (contact.name, contact.organization) == ("李四", "松树面包")
        assert contact.known("phone") == ("13312345678",)
        assert contact.known("email") == ("li@example.com",)
    alone = row_of({company: "松树面包", "电话": "021 1234"})
    assert (alone.name, alone.is_company) == ("松树面包", True)


@pytest.mark.parametrize(
    ("heads", "names"),
    [
        ("Client,Contact,Phone Number,Email Address", ("Ann", "Acme")),
        ("Customer Name,Contact Person,Cell,Mail", ("Ann", "Acme")),
        ("Organisation,Contact Name,Phone,Mail", ("Ann", "Acme")),
        ("Name,Contact,Phone,Mail", ("Ann", "Acme")),
        ("名称,联系人,电话,邮箱", ("Ann", "Acme")),
        ("客户,联系人,电话,邮箱", ("Ann", "Acme")),
    ],
)
def test_tables_that_people_keep_themselves(heads: str, names: tuple[str, str]) -> None:
    (contact,) = read_table(f"{heads}\nAcme,Ann,020 1,ann@acme.example\n", {}).contacts
    assert (contact.name, contact.organization) == names
    assert dict(contact.values) == {"phone": ("020 1",), "email": ("ann@acme.example",)}


@pytest.mark.parametrize(
    ("row", "remarks"),
    [
        ("Annie,Ann,Keller", ("Ann Keller",)),
        ("Keller; Ann,Ann,Keller", ()),
        ("王小明,小明,王", ()),
        ("ann keller,Ann,", ()),
    ],
)
def test_parts_of_another_name_are_a_remark(row: str, remarks: tuple[str, ...]) -> None:
    assert one(f"Name,First Name,Last Name\n{row}\n").remarks == remarks


@pytest.mark.parametrize(
    ("shown", "remarks"),
    [
        ("Keller, Ann", ()),
        ("Ann Keller (ann@pine.example)", ()),
        ("Pine: Ann", ("Pine: Ann",)),
        ("Annie", ("Annie",)),
    ],
)
def test_another_name_that_is_shown_is_a_remark(shown: str, remarks: tuple[str, ...]) -> None:
    assert one(f'Name,E-mail,File As\nAnn Keller,ann@pine.example,"{shown}"\n').remarks == remarks


def test_address_in_parts_beside_another_one() -> None:
    heads = "Name,Address,Home Street,Home City,Business Street,Business City"
    contact = one(f'{heads}\nAnn,"Main St 1\n10115  Berlin",Main St 1,Berlin,Oak Rd 2,Berlin\n')
    assert contact.known("address") == ("Main St 1, 10115  Berlin", "Oak Rd 2, Berlin")


def test_no_name_of_several_is_lost() -> None:
    (contact,) = read_table("Name,Full Name,Company,Client\nAcme,Ann,Bell,Bell Ltd\n", {}).contacts
    assert (contact.name, contact.organization, contact.remarks) == ("Acme", "Bell", ("Ann", "Bell Ltd"))
