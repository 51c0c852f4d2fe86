"""Whatever two people write into one dashboard and tick in it, a merge and the next index lose none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.app.merging import merged_output
from vaultcrm.render.checklist import Line, Part, render_checklist
from vaultcrm.render.generated import merge_dashboard
from vaultcrm.render.regions import region_text

TICK = re.compile(r"- \[x\] (call \w)")


def dashboard(number: int) -> bytes:
    """What is generated in a state of the notes: each has other lines, and some that all have."""
    days = [f"- due on day {number + day // 2}" for day in range(4)]
    keys = "abcdef"[number : number + 4]
    weeks = [
        Part("week-1", "## Week 1\n\nFirst.", tuple(Line(key, f"call {key}") for key in keys[:2])),
        Part("week-2", f"## Week 2, as of day {number}", tuple(Line(key, f"call {key}") for key in keys[2:])),
    ]
    parts = [
        f"<!-- vaultcrm:generated clients={number} by vaultcrm -->",
        region_text("today", "\n".join(["## Today", "", *days])),
        region_text("plan", render_checklist(weeks)),
        region_text("tiers", f"| tier | clients |\n|---|---|\n| A | {number} |"),
    ]
    return ("\n\n".join(parts) + "\n").encode()


@dataclass(frozen=True)
class Side:
    """A dashboard in a clone, what people ever wrote into it, and what was kept aside of that."""

    data: bytes
    words: frozenset[str] = frozenset()
    ticks: frozenset[str] = frozenset()
    aside: str = ""

    def indexed(self, number: int) -> Side:
        """After a run."""
        made = merge_dashboard(self.data, dashboard(number))
        assert made.problems == ()
        return replace(self, data=made.data, aside=self.aside + "".join(text for _, text in made.rescued))


NUMBERS = st.integers(0, 2)


@st.composite
def edits(draw: st.DrawFn, side: Side, who: str) -> Side:
    """What a person does to a dashboard: writes lines anywhere, adds words to lines, ticks."""
    if draw(st.booleans()):
        side = side.indexed(draw(NUMBERS))
    lines = side.data.decode().split("\n")
    words, ticks = set(side.words), set(side.ticks)
    for number in range(draw(st.integers(0, 3))):
        word = f"{who}{number}"
        index = draw(st.integers(1, len(lines)))
        if draw(st.booleans()) and index < len(lines) and lines[index][:2] == "- ":
            lines[index] = lines[index].replace(" <!--", f" {word} <!--") + f" {word}"
        else:
            lines.insert(index, draw(st.sampled_from(["", "- ", "  - ", "> "])) + word)
        words.add(word)
    for index, line in enumerate(lines):
        if line.startswith("- [ ] call") and draw(st.booleans()):
            lines[index] = line.replace("[ ]", "[x]")
            ticks.add(lines[index][6:12])
    data = "\n".join(lines).encode()
    return replace(side, data=data, words=frozenset(words), ticks=frozenset(ticks))


@given(st.data())
def test_every_word_and_tick_of_both_sides_outlives_a_merge(data: st.DataObject) -> None:
    base = data.draw(edits(Side(dashboard(0)), "base"))
    ours, theirs = data.draw(edits(base, "ours")), data.draw(edits(base, "theirs"))
    merged, clean = merged_output(base.data, ours.data, theirs.data, "CRM/Dashboard.md")
    assert clean
    after = Side(merged, aside=ours.aside + theirs.aside).indexed(data.draw(NUMBERS))
    left = after.data.decode() + after.aside
    assert {word for word in ours.words | theirs.words if word not in left} == set()
    assert ours.ticks | theirs.ticks <= set(TICK.findall(after.data.decode()))
