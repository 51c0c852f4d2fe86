"""How a day is to be written that was written otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.parse.likely_dates import EXAMPLE, date_like
from vaultcrm.parse.values import parse_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/28/2026", "2026-10-28"),
        ("28/10/2026", "2026-10-28"),
        ("28-10-2026", "2026-10-28"),
        ("5/5/2026", "2026-05-05"),
        ("4/5/2026", EXAMPLE),
        ("02.11.2026", "2026-11-02"),
        ("2. 11. 2026", "2026-11-02"),
        ("2026.11.2", "2026-11-02"),
        ("20261102", "2026-11-02"),
        ("Sept 1, 2026", "2026-09-01"),
        ("1st September 2026", "2026-09-01"),
        ("1 sep. 2026", "2026-09-01"),
        ("[[2026-12-01]]", "2026-12-01"),
        ("@{2026-12-01}", "2026-12-01"),
        ("31.11.2026", EXAMPLE),
        ("2026-02-30", EXAMPLE),
        ("Smarch 1, 2026", EXAMPLE),
        ("next friday", EXAMPLE),
        ("0.0.0000", EXAMPLE),
        ("", EXAMPLE),
    ],
)
def test_a_day_that_can_only_be_one(text: str, day: str) -> None:
    assert date_like(text) == day


@given(st.text(st.sampled_from("0123456789./- ,JanSept"), max_size=14))
def test_what_is_proposed_can_be_read(text: str) -> None:
    assert parse_date(date_like(text)) is not None
