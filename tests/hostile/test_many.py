"""Thousands of things of one client, or of one name: what is made of them takes time in proportion."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from tests.policies import preset
from tests.support.patience import HANG_S
from vaultcrm.app.opening import words
from vaultcrm.model.note import SourceFile
from vaultcrm.model.policy import Feed
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.portfolio import join_readings
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.render.dashboard import render_dashboard
from vaultcrm.render.export import export_json
from vaultcrm.render.feed import render_feed
from vaultcrm.rules.engine import assess

DAY = date(2026, 11, 20)
CLIENT = "---\ntype: client\nsince: 2020-01-01\n---\n"
MANY = 2000
Files = Mapping[str, str]


def tasks() -> Files:
    return {"Clients/A.md": CLIENT + "".join(f"- [ ] do 📅 2026-12-{n % 28 + 1:02}\n" for n in range(MANY))}


def undated_tasks() -> Files:
    return {
        "Clients/A.md": CLIENT,
        "Interactions/2026-11-19.md": "---\nclient: A\n---\n" + "- [ ] x\n" * MANY,
    }


def dates() -> Files:
    listed = ", ".join(f"{{date: {n % 12 + 1:02}-{n % 28 + 1:02}, title: t}}" for n in range(2000))
    return {"Clients/A.md": f"---\ntype: client\nsince: 2020-01-01\nimportant_dates: [{listed}]\n---\n"}


def complaints() -> Files:
    item = "- 2026-{:02}-{:02} phone: x #complaint resolved:2026-11-18\n"
    return {
        "Clients/A.md": CLIENT
        + "## Log\n"
        + "".join(item.format(n % 10 + 1, n % 28 + 1) for n in range(MANY))
    }


def people() -> Files:
    note = "---\nclient: A\nbirthday: 11-25\n---\n"
    return {"Clients/A.md": CLIENT, **{f"People/p{n}.md": note for n in range(MANY)}}


def twins() -> Files:
    calls = {f"Interactions/2026-11-19 {n}.md": "---\nclient: A\n---\n" for n in range(MANY // 3)}
    return {**{f"Clients/{n}/A.md": CLIENT for n in range(MANY)}, **calls}


def unknown() -> Files:
    calls = {f"Interactions/2026-11-19 {n}.md": f"---\nclient: Nobody {n}\n---\n" for n in range(MANY // 3)}
    return {**{f"Clients/Client number {n}.md": CLIENT for n in range(MANY)}, **calls}


def unknown_of_great_length() -> Files:
    long = {f"Clients/{n}.md": f"---\nname: {'Acme ' * 2000}{n}\n---\n" for n in range(20)}
    return {**long, "Interactions/2026-11-19.md": f"---\nclient: {'Acme ' * 2000}x\n---\n"}


def items_with_a_link() -> Files:
    return {"Clients/A.md": CLIENT, "Daily/2026-11-19.md": "- [[A]] phone: x +1\n" * 2 * MANY}


def links_in_one_item() -> Files:
    return {"Clients/A.md": CLIENT, "Daily/2026-11-19.md": "- [[A]] x\n" + "  [[B]] y\n" * 20 * MANY}


def marks_of_one_item() -> Files:
    return {"Clients/A.md": CLIENT + "## Log\n- 2026-11-19 phone: x\n" + "  +1 -1 #care\n" * 20 * MANY}


def blanks_behind_a_link() -> Files:
    return {"Clients/A.md": CLIENT, "Daily/2026-11-19.md": f"- [[A]]{' ' * 9900}x\n"}


@pytest.mark.parametrize(
    "files",
    [
        tasks,
        undated_tasks,
        dates,
        complaints,
        people,
        twins,
        unknown,
        unknown_of_great_length,
        items_with_a_link,
        links_in_one_item,
        marks_of_one_item,
        blanks_behind_a_link,
    ],
)
def test_time_grows_with_their_number(files: Callable[[], Files]) -> None:
    notes, config, policy = files(), ReadConfig(daily="Daily"), preset()
    begin = time.process_time()
    read = [read_file(SourceFile(path, text.encode()), config) for path, text in notes.items()]
    portfolio, told = join_readings([reading for reading, _ in read], policy)
    overview = assess(portfolio, policy, DAY, told, len(notes))
    render_dashboard(overview, words("en"), "v")
    render_feed(overview, Feed("f.ics"), words("en"), "v")
    export_json(overview, words("en"))
    assert time.process_time() - begin < HANG_S
