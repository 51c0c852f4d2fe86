"""A table of contacts (CSV) becomes contacts: Google's, Outlook's, our own export, and any by a mapping.

What each column means stands in `COLUMNS`. This module must not know which notes there are.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultcrm.model.contacts import EXTRAS, REACHED_BY, AddressBook, Contact
from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import NoteMapping
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.contact_columns import COLUMNS, GOOGLE_LISTS, SKIPPED, Column
from vaultcrm.parse.contact_dates import is_day_first, yearly_text
from vaultcrm.parse.schema import PROPERTIES, row_of
from vaultcrm.parse.values import parse_date
from vaultcrm.parse.vocabulary import fold

BETWEEN = " ::: "
"""Google puts several values into one cell so."""

LONGEST_FIELD = 1_000_000
"""Characters of a cell; the library refuses 131,072, and a single one would end the whole."""

_NUMBERED = regex(r"(.+?) ?(\d{1,2})(?= |$)(.*)")
_SEPARATORS = ",;\t|"


class _TableRow(NamedTuple):
    """A row: the line on which it begins, its cells, and what is wrong with it (a key of what is told)."""

    number: int
    cells: tuple[str, ...]
    flaw: str = ""


_NO_ROW = _TableRow(0, ())
_END = "\0"
"""Stands behind a table while it is read, and nowhere within."""


class _Cell(NamedTuple):
    """A cell that says something: its column, as the file calls it, and its text."""

    column: Column
    head: str
    number: str
    text: str


def columns_of(text: str) -> tuple[str, ...]:
    """The names of a table's columns, as the file has them."""
    return next(_rows(text), _NO_ROW).cells


def read_table(text: str, mapped: Mapping[str, str]) -> AddressBook:
    """All contacts of a table, in its order.

    Args:
        text: The table; its first row names the columns. What separates them is seen from that row.
        mapped: What columns mean, by their folded names: fields of records, keys of `EXTRAS`, ``name``,
            ``organization``, ``remarks``, or ``skip``. They come before what is known of the names.

    Returns:
        The contacts; what is broken is told: a row that says nobody's name, or cannot be read, a quotation
        mark that is never closed, cells beyond the last column, which stay as remarks.
    """
    rows = _rows(text)
    heads = next(rows, _NO_ROW).cells
    columns = _companies_named([_column(head, mapped) for head in heads], heads)
    all_rows = list(rows)
    told = [(row.number, row.flaw, "") for row in all_rows if row.flaw]
    body = [(row.number, row.cells) for row in all_rows if any(cell.strip() for cell in row.cells)]
    left_out = Counter(
        head.strip()
        for _, row in body
        for head, column, cell in zip(heads, columns, row, strict=False)
        if cell.strip() and column is None and fold(head) not in SKIPPED
    )
    day_first = _day_first(columns, (row for _, row in body))
    contacts = []
    for number, row in body:
        beyond = len(row) - len(heads)
        cells = [
            _Cell(column, head, _number(head), part.strip())
            for head, column, cell in zip(
                (*heads, *[""] * beyond), (*columns, *[_BEYOND] * beyond), row, strict=False
            )
            if column is not None
            for part in (cell.split(BETWEEN) if BETWEEN in cell else [cell])
            if part.strip()
        ]
        contact = _Row(number, cells, day_first, told).contact()
        if contact is not None:
            contacts.append(contact)
    return AddressBook(tuple(contacts), dict(sorted(left_out.items())), tuple(told))


def _rows(text: str) -> Iterator[_TableRow]:
    """The rows of a table that say something, and what of them cannot be read."""
    text = text.replace(_END, "").lstrip("\ufeff")
    above = 0
    if text[:4].lower() == "sep=":  # Excel's own way to say what separates
        text, above = text.partition("\n")[2], 1
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(LONGEST_FIELD)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r|\Z)", text)
    reader = csv.reader([*lines, _END], delimiter=separator)
    begun = 1
    while True:
        try:
            row = next(reader, [_END])
        except csv.Error:
            row = [_END, ""]
        if row == [_END]:
            return
        # the end of the table is a part of a cell only where a quotation mark is still open
        flaw = "row" if row[:1] == [_END] else "quote" if row and row[-1].endswith(_END) else ""
        if row:
            yield _TableRow(begun + above, tuple(cell.removesuffix(_END) for cell in row), flaw)
        begun = reader.line_num + 1


def _companies_named(columns: list[Column | None], heads: Sequence[str]) -> list[Column | None]:
    """The same, where a name beside a contact's, and no company's, is the company's: ``Name,Contact``.

    In our own export each name is a client's.
    """
    fields = {column.field for column in columns if column is not None}
    names = [fold(head) for head, column in zip(heads, columns, strict=True) if column == _NAME]
    beside_contacts = bool({*names} & _CONTACTS and {*names} - _CONTACTS)
    if "organization" in fields or not (beside_contacts or {*map(fold, heads)} >= _OUR_OWN):
        return columns
    return [
        Column("organization") if column == _NAME and fold(head) not in _CONTACTS else column
        for head, column in zip(heads, columns, strict=True)
    ]


_NAME = Column("name")
_OUR_OWN = frozenset(map(fold, ("name", "path", "stage")))
_BEYOND = Column("remarks")
"""Where a row has more cells than there are columns: mostly a comma that should stand in quotes."""
_CONTACTS = frozenset(map(fold, ("Contact", "Contact Name", "Contact Person", "联系人", "联系人姓名")))


def _column(head: str, mapped: Mapping[str, str]) -> Column | None:
    name = fold(head)
    if name in mapped:
        return None if mapped[name] == "skip" else Column(mapped[name])
    return COLUMNS.get(name) or _numbered(head)


def _numbered(head: str) -> Column | None:
    """Columns that Google counts: ``E-mail 2 - Value``, ``Organization 1 - Title``."""
    match = _NUMBERED.fullmatch(head.strip())
    return GOOGLE_LISTS.get((fold(match[1]), fold(match[3].strip(" -")))) if match else None


def _number(head: str) -> str:
    match = _NUMBERED.fullmatch(head.strip())
    return f"{fold(match[1])}{match[2]}" if match else ""


def _day_first(columns: Sequence[Column | None], rows: Iterable[Sequence[str]]) -> bool | None:
    """Whether days of this table stand before their months; None where no row tells, or rows disagree."""
    dated = [at for at, column in enumerate(columns) if column is not None and column.field in DAYS]
    said = {is_day_first(row[at]) for row in rows for at in dated if at < len(row)} - {None}
    return said.pop() if len(said) == 1 else None


class _Row:
    """A row while it becomes a contact."""

    def __init__(
        self, line: int, cells: Sequence[_Cell], day_first: bool | None, told: list[tuple[int, str, str]]
    ) -> None:
        self.line, self.cells, self.day_first, self.told = line, cells, day_first, told
        self.values: dict[str, list[str]] = {}
        self.remarks: list[str] = []
        self.dates: list[tuple[str, str]] = []

    def contact(self) -> Contact | None:
        """The contact, or None (told) where no name of any kind stands in the row."""
        for cell in self.cells:
            self._take(cell)
        organization = self._one("organization")
        composed = " ".join(filter(None, (self._one(each) for each in NAME_PARTS)))
        family, given = self._one("family"), self._one("given")
        if family and given and not (family + given).isascii() and _is_han(family + given):
            composed = family + given
        person = self._one("name") or composed or self._one("shown")
        reach = next((self.values[each][0] for each in REACHED_BY if self.values.get(each)), "")
        name = person or organization or reach
        if not name:
            if self.cells:
                self.told.append((self.line, "nameless", self.cells[0].text))
            return None
        self.told += [(self.line, "beyond", cell.text) for cell in self.cells if cell.column is _BEYOND]
        known = " ".join((name, organization, *self.values.get("email", []))).casefold()
        for other in (composed, *self.values.get("shown", [])):
            if any(word not in known for word in _PARTS_OF_NAMES.findall(other.casefold())):
                self.remarks.append(other)
        for each in ("name", "organization"):
            self.remarks += [other for other in self.values.get(each, [])[1:] if other != name]
        is_company = bool(organization) and name == organization
        values = {
            key: tuple(each for each in dict.fromkeys(found) if each != name or key in REACHED_BY)
            for key, found in self.values.items()
            if key not in _ABOUT_NAMES
        }
        return Contact(
            line=self.line,
            name=name,
            is_company=is_company,
            organization="" if is_company else organization,
            values={key: found for key, found in (*values.items(), *self._addresses()) if found},
            uses=self._uses(),
            dates=tuple(self.dates),
            remarks=tuple(self.remarks),
        )

    def _one(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def _take(self, cell: _Cell) -> None:
        name, text = cell.column.field, cell.text
        if name == "birthday":
            day = yearly_text(text, day_first=self.day_first)
            if day is not None:
                self.values.setdefault(name, []).append(day)
            elif text.strip("0/-. "):  # Outlook writes 0/0/00 for none
                self._unreadable(cell.head, text)
        elif name in ("anniversary", "event"):
            self._event(cell)
        elif name in _SINGLE_DATES:
            day = yearly_text(text, day_first=self.day_first) or text
            self.values.setdefault(name, []).append(day if parse_date(day) else text)
        elif name == "remarks":
            self.remarks += [line for line in text.splitlines() if line.strip()]
        elif name == "remark":
            self.remarks.append(f"{self._use_of(cell) or cell.head.strip()}: {text}")
        elif name in ("categories", "aliases"):
            words = re.split(r"[;,，；、]", text) if cell.column.listed else [text]
            self.values.setdefault(name, []).extend(
                word.strip().lstrip("* ") for word in words if word.strip() and word.strip() not in OF_ALL
            )
        elif not name.startswith("address:") and not name.endswith("-use"):
            self.values.setdefault(name, []).append(text)

    def _event(self, cell: _Cell) -> None:
        day = yearly_text(cell.text, day_first=self.day_first)
        title = self._use_of(cell) or cell.head.strip()
        if day is not None:
            self.dates.append((title, day))
        elif cell.text.strip("0/-. "):
            self._unreadable(title, cell.text)

    def _unreadable(self, title: str, text: str) -> None:
        self.told.append((self.line, "day", text))
        self.remarks.append(f"{title}: {text}")

    def _use_of(self, cell: _Cell) -> str:
        """What Google's column beside it calls the value."""
        of_use = (
            each.text
            for each in self.cells
            if cell.number and each.number == cell.number and each.column.field.endswith("-use")
        )
        return next(of_use, "").strip("* ")

    def _uses(self) -> dict[str, str]:
        uses: dict[str, str] = {}
        for cell in self.cells:
            if cell.column.field in ("phone", "email"):
                use = cell.column.use or self._use_of(cell)
                if use and use.lower() != "other":
                    uses.setdefault(cell.text, use)
        return uses

    def _addresses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Addresses; those too whose parts stand in several columns, unless one has them as a whole."""
        found: dict[str, list[str]] = {}
        for cell in self.cells:
            if cell.column.field.startswith("address:"):
                found.setdefault(cell.column.field, []).append(" ".join(cell.text.split()))
        whole = self.values.get("address", [])
        lines = [" ".join(each.split()) for each in whole]
        parts = [
            ", ".join(each)
            for each in found.values()
            if any(all(part not in line for line in lines) for part in each)
        ]
        yield "address", tuple(dict.fromkeys(", ".join(each.split("\n")) for each in (*whole, *parts)))


def _is_han(text: str) -> bool:
    return all("\u3040" <= sign <= "\u9fff" for sign in text)


_PARTS_OF_NAMES = regex(r"[^\s,;()<>\"']+")
NAME_PARTS = ("prefix", "given", "middle", "family", "suffix")
DAYS = frozenset({"birthday", "anniversary", "event"})
OF_ALL = frozenset({"* myContacts", "myContacts", "* starred"})
"""What Google calls everybody."""

_ABOUT_NAMES = frozenset({*NAME_PARTS, "name", "shown", "organization", "address"})
_SINGLE_DATES = frozenset({"since", "last_contact", "next_contact", "left", "lost_on", "reviewed"})

_MEANINGS: Mapping[str, str] = {
    **{fold(name): name for name in EXTRAS},
    **{fold(name): "name" for name in ("name", "名称", "姓名")},
    **{fold(name): "organization" for name in ("client", "organization", "company", "客户", "公司")},
    **{fold(name): "remarks" for name in ("remarks", "notes", "备注")},
    "skip": "skip",
}
_NEVER = frozenset({"id", "mute", "projects", "important_dates", "client", "name"})
"""Fields that one cell cannot say."""


def meaning_of(name: str) -> str | None:
    """What a column is that a user says to be a property; None where there is no such one."""
    meant = _MEANINGS.get(fold(name))
    if meant is not None:
        return meant
    rows = (row_of(kind, name.strip(), NoteMapping()) for kind in ("person", "client"))
    return next((row.field for row in rows if row is not None and row.field not in _NEVER), None)


def meanings() -> tuple[str, ...]:
    """What columns may be said to be."""
    ours = (
        row.names[0]
        for row in PROPERTIES
        if {"client", "person"} & set(row.kinds) and row.field not in _NEVER
    )
    return tuple(dict.fromkeys(("name", "client", "phone", "email", *ours, *EXTRAS, "skip")))
