"""What of a large feed is looked at: the nearest events alone, however many there are."""

from __future__ import annotations

import pytest

from vaultcrm.render.feed_events import Spot
from vaultcrm.render.fitting import LIMIT_BYTES, MOST, SMALL_PART, fitted

ROOM = 3


@pytest.mark.parametrize("count", [MOST // 2, MOST + 1, SMALL_PART * MOST + 1])
def test_the_nearest_are_asked_for_in_their_order_until_no_more_fit(count: int) -> None:
    spots: list[Spot] = [
        (False, 740_000 + number * 7 % count, True, f"{number}@x", 0, 0) for number in range(count)
    ]
    asked: list[Spot] = []

    def sized(spot: Spot, is_brief: bool) -> tuple[int, str, bool]:
        if is_brief:
            asked.append(spot)
        return LIMIT_BYTES // (ROOM + 1), spot[3], False

    found = fitted(spots, sized)
    assert asked == sorted(spots)[: ROOM + 1]
    assert found.left_out == count - ROOM
    assert sorted(spot for spot, _, _ in found.events) == sorted(spots)[:ROOM]
