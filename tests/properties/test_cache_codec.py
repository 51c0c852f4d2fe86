"""The cache gives back exactly what was put in, and a warm run says what a cold one says."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from vaultcrm.model.diagnostics import CODES, Diagnostic
from vaultcrm.model.note import Place, SourceFile
from vaultcrm.model.records import Client, Interaction, Reading, Reference
from vaultcrm.store.cache import Cache
from vaultcrm.store.codec import Said, decode, encode
from vaultcrm.store.readings import Found, readings
from vaultcrm.store.vault import walk

TEXT = st.text(st.characters(codec=None), max_size=8)  # lone surrogates too, as in names that are not UTF-8
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**40), 2**40),
    bool: st.booleans(),
    date: st.dates(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, as its hints say."""
    if hint in VALUES:
        return VALUES[hint]
    arguments = get_args(hint)
    if get_origin(hint) is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*(values(each) for each in arguments))
    if get_origin(hint) is Mapping:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=2)
    if arguments:
        return st.one_of([values(each) for each in arguments])
    hints = get_type_hints(hint)
    if not is_dataclass(hint):
        return st.builds(hint, *(values(hints[name]) for name in hint._fields))
    required = {}
    optional = {}
    for part in fields(hint):
        has_default = part.default is not MISSING or part.default_factory is not MISSING
        (optional if has_default else required)[part.name] = st.deferred(
            lambda name=part.name: values(hints[name])
        )
    together = st.fixed_dictionaries(required, optional=optional)
    return together.map(lambda given: hint(**given))


@given(values(Reading), st.lists(values(Diagnostic), max_size=2).map(tuple), TEXT)
def test_what_was_said_comes_back_exactly(
    reading: Reading, diagnostics: tuple[Diagnostic, ...], path: str
) -> None:
    said = reading, diagnostics
    (back,) = decode([encode(said, path)], [path])
    assert back == said
    assert repr(back) == repr(said)  # 1, True and Decimal("1.0") are equal, and not the same


@given(
    st.lists(values(Interaction).map(lambda record: (Reading("a.md", "interaction", record), ())), max_size=5)
)
def test_many_come_back_in_their_order(many: list[Said]) -> None:
    paths = [said[0].path for said in many]
    assert decode(list(map(encode, many, paths)), paths) == many


def test_what_notes_have_in_common_is_one_value_and_their_path_is_not_written() -> None:
    def said(path: str) -> Said:
        link = Reference("Acme", "Acme", 3, 9, linked=True)
        lines = {"clients": 3, "day": 4}
        day, place = date(2026, 11, 2), Place(path, 7, 2)
        record = Interaction(place=place, lines=lines, day=day, clients=(link,), channel="".join("call"))
        return Reading(path, "interaction", record), ()

    paths = ["Notes/one.md", "Notes/two.md"]
    rows = [encode(said(path), path) for path in paths]
    assert rows[0] == rows[1]
    back = decode(rows, paths)
    assert back == [said(path) for path in paths]
    first, second = (reading.record for reading, _ in back)
    assert isinstance(first, Interaction)
    assert isinstance(second, Interaction)
    assert first.lines is second.lines
    assert first.day is second.day
    assert first.channel is second.channel
    assert first.clients[0] is second.clients[0]
    assert first.place.path is paths[0]


@pytest.mark.parametrize(
    "amount", ["1", "1.0", "1E+3", "-0", "0.10", "NaN", "12345678901234567890.123456789"]
)
def test_a_decimal_keeps_its_digits(amount: str) -> None:
    said = (
        Reading("a.md", "client", Client(place=Place("a.md"), name="A", scores={"growth": Decimal(amount)})),
        (),
    )
    assert repr(decode([encode(said, "a.md")], ["a.md"])[0]) == repr(said)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'[["a.md", null, [7, []]], []]', b'[["a.md"], []]', b"[[0,1,2],[],[]]", b"\xff"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        decode([data], ["a.md"])


def parsed(source: SourceFile) -> Said:
    """A parser whose reading depends on path and bytes, with a diagnostic for some."""
    client = Client(place=Place(source.path), name=source.data.decode("latin-1"))
    problems = (Diagnostic(next(iter(CODES)), Place(source.path), "x"),) if b"!" in source.data else ()
    return Reading(source.path, "client", client), problems


NAMES = st.sampled_from(["a.md", "b.md", "x/a.md", "x/b.md", "x/y/c.md", "Acme 2.md", "Acme.md"])
BODIES = st.sampled_from(
    [b"", b"one", b"two", b"two!", b"---\nname: Acme\n---\n", b"<!-- vaultcrm:generated -->\n"]
)


class WarmIsCold(RuleBasedStateMachine):
    """Notes are written, renamed and deleted, times set back, the cache damaged: nothing of it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "vault"
        self.root.mkdir()
        self.clock = 10**18
        self.before = os.environ["XDG_CACHE_HOME"]
        os.environ["XDG_CACHE_HOME"] = str(self.folder / "cache")

    def teardown(self) -> None:
        os.environ["XDG_CACHE_HOME"] = self.before
        shutil.rmtree(self.folder)

    @rule(name=NAMES, body=BODIES, in_place=st.booleans())
    def write(self, name: str, body: bytes, in_place: bool) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not in_place:
            path.unlink()
        path.write_bytes(body)
        os.utime(path, ns=(self.clock, self.clock))

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if (self.root / name).exists():
            (self.root / other).parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.root / name, self.root / other)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(seconds=st.sampled_from([0, 1, 3, -3600, 86400]))
    def pass_time(self, seconds: int) -> None:
        self.clock += seconds * 10**9

    @rule(at=st.integers(0, 40_000))
    def damage(self, at: int) -> None:
        for path in self.folder.glob("cache/vaultcrm/*/notes.sqlite"):
            data = bytearray(path.read_bytes())
            if at < len(data):
                data[at] ^= 0xFF
                path.write_bytes(data)

    @rule()
    def drop(self) -> None:
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    @invariant()
    def warm_is_cold(self) -> None:
        assert self.run("f") == self.run(None)

    def run(self, fingerprint: str | None) -> Found:
        with Cache.open(str(self.root), fingerprint) as cache:
            return readings(str(self.root), walk(str(self.root)), cache, parsed, self.clock)


@pytest.mark.skipif(os.name == "nt", reason="the folder of the cache is set by another variable")
class TestWarmIsCold(WarmIsCold.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
