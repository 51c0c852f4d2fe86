"""A whole run that writes outputs, regions and properties goes wrong at each of its calls."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest

from tests.faults.injection import (
    INTERRUPTIONS,
    KILLS,
    REFUSALS,
    TERMINATIONS,
    Fault,
    fault_at,
    in_a_process,
)
from tests.faults.undisturbed import (
    NOW,
    Vaults,
    assert_nothing_lost,
    assert_recovers,
    edit,
    index,
    is_own,
    look_ahead_and_back,
    opened,
)
from tests.support.tally import Tally
from tests.support.vaults import contents
from vaultcrm.app import runs
from vaultcrm.cli.ending import TERMINATED
from vaultcrm.cli.failures import INTERRUPTED
from vaultcrm.errors import VaultcrmError

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="system calls of POSIX"),
    # an interruption leaves open what it falls into; the process would end now
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def go_wrong(vaults: Vaults, fault: Fault, number: int, *, warm: bool = False) -> bool:
    """One run that goes wrong at one call; whether there was such a call."""
    root = vaults.fresh()
    if warm:
        runs.load(opened(root), NOW)
    status, made = 0, [""] * number
    if fault in REFUSALS:
        with fault_at(number, fault) as made:
            try:
                vaults.work(root)
            except VaultcrmError as error:
                status = error.exit_status
        reached = len(made) >= number
    else:

        def work() -> None:
            with fault_at(number, fault):
                vaults.work(root)

        status = in_a_process(work)
        reached = status != 0
    what = f"{fault.name} at call {number} ({made[-1] if made else '?'})"
    assert status in (0, 3, ENDED.get(fault, 3)), what
    if fault not in KILLS:
        assert not [path for path in contents(root) if is_own(path)], f"{what}: a temporary file stayed"
    assert_nothing_lost(vaults, root, what)
    assert_recovers(vaults, root, what)
    return reached


ENDED = {
    **dict.fromkeys(INTERRUPTIONS, INTERRUPTED),
    **dict.fromkeys(TERMINATIONS, TERMINATED),
    **dict.fromkeys(KILLS, 9),
}
"""The exit status of a run that a fault has ended."""


def kind_of(fault: Fault) -> str:
    """What the table of faults calls it."""
    if fault in KILLS:
        return "killed"
    return "refused" if fault in REFUSALS else "interrupted"


FAULTS = (*REFUSALS, *INTERRUPTIONS, *TERMINATIONS, *KILLS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("work", [index, edit, look_ahead_and_back], ids=lambda work: work.__name__)
def test_it_goes_wrong_here_and_there(
    quick: Path, fault: Fault, work: Callable[[Path], object], tally: Tally
) -> None:
    """The short form: some of the calls, other ones for each fault."""
    vaults = Vaults(quick, work)
    numbers = range(1 + 3 * FAULTS.index(fault), 200, 31)
    assert all(go_wrong(vaults, fault, number) for number in numbers)
    tally(kind_of(fault), len(numbers))


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize(
    ("work", "warm", "step"),
    [(index, False, 1), (index, True, 1), (edit, False, 3), (look_ahead_and_back, False, 3)],
)
def test_it_goes_wrong_at_each_of_its_calls(
    quick: Path, fault: Fault, work: Callable[[Path], object], warm: bool, step: int, tally: Tally
) -> None:
    """With three runs in it, an edit goes wrong at every third call, other ones for each fault."""
    vaults = Vaults(quick, work)
    numbers = iter(range(1 + FAULTS.index(fault) % step, 10_000, step))
    reached = sum(1 for _ in takewhile(lambda number: go_wrong(vaults, fault, number, warm=warm), numbers))
    assert reached > 200
    tally(kind_of(fault), reached)
