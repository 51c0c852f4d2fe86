"""The part of the policy that stands in a note as tables: cadence, tiers, touchpoints, holidays, settings.

Each row gives values for keys of the configuration. One that cannot be read is told with its place, and only
that row is lost. This module must not know where the note lies, nor which rules use a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.markdown_tables import Cell, TableText, find_tables
from vaultcrm.parse.policy_words import (
    ALL,
    ANY_TIME,
    COLUMNS,
    FESTIVALS,
    SETTINGS,
    TABLES,
    TOUCHPOINTS,
    WEEKDAYS,
    split_words,
)
from vaultcrm.parse.slips import conflict_lines
from vaultcrm.parse.toml_table import as_interval
from vaultcrm.parse.unknown import tier_words
from vaultcrm.parse.values import POINTED, parse_money
from vaultcrm.parse.vocabulary import KINDS, STAGES, YES_NO, fold, nearest, spellings

Key = tuple[str, ...]


class PolicyRow(NamedTuple):
    """A row that could be read: what it gives to which keys, where it stands, and what it begins with."""

    values: tuple[tuple[Key, object], ...]
    place: Place
    read: str


class _BadCellError(Exception):
    """A cell that cannot be read: the row does not count."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


def read_policy_note(
    text: str, path: VaultPath, base: Policy
) -> tuple[tuple[PolicyRow, ...], tuple[Diagnostic, ...]]:
    """The rows of a policy note, and what is wrong with it. Never raises, whatever the text is.

    Args:
        text: The note.
        path: Where it stands.
        base: The policy without it, for the names of tiers and touchpoints.
    """
    rows: list[PolicyRow] = []
    told = list(_unmerged(text, path))
    festivals: dict[str, tuple[bool, Place]] = {}
    for table in find_tables(text):
        kind = TABLES.get(fold(table.head[0].text)) if table.head else None
        if kind is None:
            told += _nearly_ours(table, path)
            continue
        columns = tuple(_columns(kind, table, path, told))
        for cells in table.rows:
            row = _Row(cells, columns, path, base)
            try:
                if kind == "holiday":
                    name, is_on = _holiday(row)
                    festivals[name] = (is_on, row.place)
                elif row.first:
                    rows.append(PolicyRow(tuple(_READERS[kind](row)), row.place, row.first))
            except _BadCellError as error:
                told.append(error.diagnostic)
    rows += _greetings(festivals, base)
    return tuple(_first_ones(rows, told)), tuple(told)


def _unmerged(text: str, path: VaultPath) -> Iterator[Diagnostic]:
    """That a merge left both sides: the first of two rows for one thing counts."""
    marks = conflict_lines(text.split("\n"))
    if marks:
        yield Diagnostic("merge-conflict", Place(path, marks[0] + 1))


def _nearly_ours(table: TableText, path: VaultPath) -> Iterator[Diagnostic]:
    """A table with a column of ours whose first head is nearly ours: no row of it counts."""
    heads = [fold(cell.text) for cell in table.head]
    kinds = {kind for kind, columns in COLUMNS.items() if any(columns.get(each) for each in heads[1:])}
    near = nearest(table.head[0].text, TABLES, 1, ALIKE) if kinds else ()
    if near and TABLES[near[0]] in kinds:
        cell = table.head[0]
        yield Diagnostic(
            "policy-table", Place(path, cell.line, cell.column), cell.text, hints=(near[0].replace("_", " "),)
        )


def merged_rows(rows: Iterable[PolicyRow]) -> dict[str, object]:
    """The rows as the tables of a configuration."""
    result: dict[str, object] = {}
    for row in rows:
        for key, value in row.values:
            table = result
            for name in key[:-1]:
                inner = table.setdefault(name, {})
                assert isinstance(inner, dict)
                table = inner
            table[key[-1]] = value
    return result


def _near(word: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """What somebody may have meant, as it is written; all there is, where nothing is near."""
    found = map(fold, nearest(word, known) or spellings(known, word))
    named = [known[each] if fold(known.get(each, each)) == each else each for each in found]
    return tuple(dict.fromkeys(each.replace("_", " ") for each in named if each != "ignored"))[:MANY]


def _columns(kind: str, table: TableText, path: VaultPath, told: list[Diagnostic]) -> Iterator[str | None]:
    """What the columns behind the first are; None for one that is not read."""
    known = COLUMNS[kind]
    for cell in table.head[1:]:
        found = known.get(fold(cell.text))
        if found is None and cell.text:
            place = Place(path, cell.line, cell.column)
            told.append(Diagnostic("policy-column", place, cell.text, hints=_near(cell.text, known)))
        yield found


def _first_ones(rows: Iterable[PolicyRow], told: list[Diagnostic]) -> Iterator[PolicyRow]:
    """The rows without what an earlier one gives already."""
    seen: dict[Key, int] = {}
    for row in rows:
        again = next((key for key, _ in row.values if key in seen), None)
        if again is not None:
            line = (str(seen[again]),)
            told.append(Diagnostic("duplicate-property", row.place, row.read, row.read, line))
            continue
        seen.update((key, row.place.line) for key, _ in row.values)
        if row.values:
            yield row


class _Row:
    """A row while it is read. A cell that is blank, or a dash, gives nothing."""

    def __init__(
        self, cells: tuple[Cell, ...], columns: tuple[str | None, ...], path: VaultPath, base: Policy
    ) -> None:
        self.base = base
        self.first = cells[0].text if cells else ""
        self._path = path
        self._head = cells[0] if cells else Cell("", 1, 1)
        pairs = zip(columns, cells[1:], strict=False)
        self._cells = {column: cell for column, cell in pairs if column and cell.text not in BLANKS}
        self.place = Place(path, self._head.line, self._head.column)

    def has(self, column: str) -> bool:
        """Whether somebody wrote something there."""
        return column in self._cells

    def text(self, column: str) -> str:
        """What stands there; empty for nothing."""
        return self._cells[column].text if column in self._cells else ""

    def read(
        self, column: str, convert: Callable[[str], object], code: str, *known: Mapping[str, str]
    ) -> object:
        """What a cell means; where it means nothing the row is told, with the words of the known tables."""
        cell = self._cells[column]
        value = convert(cell.text)
        if value is None:
            place = Place(self._path, cell.line, cell.column)
            hints = (each for table in known for each in spellings(table, cell.text))
            each_once = tuple(dict.fromkeys(each.replace("_", " ") for each in hints))
            words = {fold(word) for table in known for word in table}
            wrong = [
                each for each in split_words(cell.text) if convert(each) is None and fold(each) not in words
            ]
            read = wrong[0] if known and wrong else cell.text
            raise _BadCellError(Diagnostic(code, place, read, self.first, each_once))
        return value

    def named(self, known: Mapping[str, str]) -> str:
        """What the row is about, by its spellings; unknown: the row is told."""
        found = known.get(fold(self.first))
        if found is None:
            hints = _near(self.first, known)
            raise _BadCellError(Diagnostic("policy-row-unknown", self.place, self.first, hints=hints))
        return found

    def misfit(self, column: str) -> _BadCellError:
        """A number where none belongs."""
        cell = self._cells[column]
        place = Place(self._path, cell.line, cell.column)
        return _BadCellError(Diagnostic("policy-misfit", place, cell.text, self.first))


# ------------------------------------------------------------------------------------------ the tables' rows


def _stage(row: _Row) -> Iterator[tuple[Key, object]]:
    stage = row.named(STAGES)
    for column in ("in_project", "after"):
        if row.has(column):
            part = row.base.cadence.in_project if column == "in_project" else row.base.cadence.after
            usual = part[stage].every if stage in part else None
            length = f"{usual.days} days" if usual is not None and usual.days else NET
            rhythm = row.read(column, partial(_rhythm, usual=length), "bad-interval")
            yield ("cadence", column, stage), rhythm


def _tier(row: _Row) -> Iterator[tuple[Key, object]]:
    scheme = row.base.tiers
    name = row.named(tier_words(scheme))
    if row.has("every"):
        value = row.read("every", partial(_rhythm, usual=NET), "bad-interval")
        yield ("cadence", "tiers", name), value
    for column in ("score", "amount", "projects", "trust", "quiet"):
        if row.has(column):
            key = _threshold(scheme.scheme, scheme.names.index(name), len(scheme.names), column)
            if key is None:
                raise row.misfit(column)
            is_whole = column in ("projects", "quiet")
            number = row.read(column, _whole if is_whole else _amount, "policy-number")
            yield ("tiers", *(part.format(name=name) for part in key)), number


def _threshold(scheme: str, place: int, count: int, column: str) -> Key | None:
    """The key of a threshold, for the tier in a place from the highest down; None where it has none."""
    if scheme in ("scorecard", "segments"):
        return ("from", "{name}") if column == "score" and place < count - 1 else None
    return _THRESHOLDS.get((scheme, place, column))


def _touchpoint(row: _Row) -> Iterator[tuple[Key, object]]:
    known = {word: id_ for word, id_ in TOUCHPOINTS.items() if id_ in row.base.touchpoints}
    known |= {fold(id_): id_ for id_ in row.base.touchpoints}
    is_own = fold(row.first) not in known and row.has("settled") and row.has("interval")
    id_ = row.first if is_own else row.named(known)
    rule = row.base.touchpoints.get(id_)
    key = ("touchpoints", id_)
    if row.has("on"):
        yield (*key, "off"), not row.read("on", lambda text: YES_NO.get(fold(text)), "bad-yes-no")
    if row.has("interval"):
        recurs = rule is None or rule.every is not None
        yield (*key, "every" if recurs else "after"), row.read("interval", _interval, "bad-interval")
    if row.has("lead"):
        yield (*key, "lead"), row.read("lead", _whole, "policy-number")
    if row.has("settled"):
        kinds = {**KINDS, **dict.fromkeys(ALL, "any")}
        words = row.read("settled", lambda text: _words(text, kinds), "bad-choice", KINDS, ANY_KIND)
        yield (*key, "settled_by"), words
    if row.has("who"):
        yield from _who(row, key)


def _who(row: _Row, key: Key) -> Iterator[tuple[Key, object]]:
    """Whom a touchpoint is for: stages, else tiers; ``all`` takes limits away."""
    rule = row.base.touchpoints.get(key[-1])
    stages, names = tuple(dict.fromkeys(STAGES.values())), row.base.tiers.names
    if fold(row.text("who")) in ALL:
        if rule is not None and rule.stages is not None:
            yield (*key, "stages"), list(stages)
        if rule is not None and rule.tiers is not None:
            yield (*key, "tiers"), list(names)
        return
    tiers = tier_words(row.base.tiers)
    found = _words(row.text("who"), STAGES)
    if found is None:
        own = {name: name for name in names}
        found_tiers = row.read("who", lambda text: _words(text, tiers), "bad-choice", STAGES, own)
        yield (*key, "tiers"), found_tiers
    else:
        yield (*key, "stages"), found


def _holiday(row: _Row) -> tuple[str, bool]:
    name = row.named(FESTIVALS)
    return name, bool(
        row.read("greet", lambda text: YES_NO.get(fold(text)), "bad-yes-no") if row.has("greet") else True
    )


def _greetings(festivals: Mapping[str, tuple[bool, Place]], base: Policy) -> Iterator[PolicyRow]:
    """All holidays together: the configuration has one list of them."""
    if festivals:
        kept = [name for name in base.greeting_days if festivals.get(name, (True,))[0]]
        more = [name for name, (is_on, _) in festivals.items() if is_on and name not in kept]
        order = list(dict.fromkeys(FESTIVALS.values()))
        place = min(place for _, place in festivals.values())
        days = sorted([*kept, *more], key=order.index)
        yield PolicyRow(((("greetings", base.language), days),), place, "greetings")


def _setting(row: _Row) -> Iterator[tuple[Key, object]]:
    name = row.named(SETTINGS)
    if not row.has("value"):
        return
    if name == "workdays":
        yield (name,), row.read("value", _weekdays, "bad-choice", WEEKDAYS)
    elif name == "amount_steps":
        yield ("tiers", name), row.read("value", _amounts, "policy-number")
    elif name == "holidays":
        yield (name,), row.text("value")
    else:
        yield (name,), row.read("value", _whole, "policy-number")


# ---------------------------------------------------------------------------------------------- the values


def _interval(text: str) -> str | None:
    """An interval as the configuration takes it; ``once a week`` is every week."""
    words = fold(text).split("_")
    plain = f"every {words[-1]}" if words[:-1] in (["once", "a"], ["once", "an"], ["once", "every"]) else text
    return plain if as_interval(plain) is not None else None


def _rhythm(text: str, usual: str) -> object:
    """A cadence: an interval, or ``any time`` with the interval of the safety net."""
    rest = text
    for words in ANY_TIME:
        rest = rest.replace(words, "").replace(words.capitalize(), "")
    if rest == text:
        return _interval(text)
    every = _interval(rest.strip(" ,;，、（）()") or usual)
    return None if every is None else {"every": every, "any_time": True}


def _amount(text: str) -> Decimal | int | None:
    money = None if POINTED.fullmatch(text.strip()) else parse_money(text, "")
    if money is None or money.currency is not None or money.amount < 0:
        return None
    return int(money.amount) if money.amount == int(money.amount) else money.amount


def _whole(text: str) -> int | None:
    amount = _amount(text)
    return amount if isinstance(amount, int) else None


def _amounts(text: str) -> list[Decimal | int] | None:
    found = [_amount(word) for word in text.replace("、", " ").replace("；", " ").replace(";", " ").split()]
    numbers = [each for each in found if each is not None]
    return numbers if numbers and len(numbers) == len(found) else None


def _weekdays(text: str) -> list[str] | None:
    found = _words(text, WEEKDAYS)
    return None if found is None else list(dict.fromkeys(found))


def _words(text: str, known: Mapping[str, str]) -> list[str] | None:
    """The known words of a list; None where one is not known."""
    found = [known.get(fold(word)) for word in split_words(text)]
    words = [each for each in found if each is not None]
    return words if words and len(words) == len(found) else None


_READERS: Mapping[str, Callable[[_Row], Iterator[tuple[Key, object]]]] = {
    "stage": _stage,
    "tier": _tier,
    "touchpoint": _touchpoint,
    "setting": _setting,
}

_THRESHOLDS: Mapping[tuple[str, int, str], Key] = {
    ("criteria", 0, "amount"): ("a_amount",),
    ("criteria", 0, "projects"): ("a_projects",),
    ("criteria", 0, "trust"): ("a_trust",),
    ("criteria", 1, "amount"): ("b_amount",),
    ("criteria", 1, "projects"): ("b_projects",),
    ("activity", 0, "amount"): ("high_amount",),
    ("activity", 2, "quiet"): ("quiet_days",),
}
"""Which key a threshold is, by the tier's place from the highest down."""

ALIKE = 0.6
"""How alike the head of a table is to one of ours that was meant, from 0 to 1."""

NET = "7 days"
"""The interval of the safety net where somebody wrote only ``any time``."""

BLANKS = frozenset({"", "-", "–", "—", "－"})
ANY_KIND = {"any": "any", "任何联系": "any"}
MANY = 12
"""How many names are told at most where none is near."""
