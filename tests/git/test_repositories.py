"""Which vault a hook means where none is named."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.support.repositories import new_repository
from vaultcrm.errors import UsageError
from vaultcrm.git.repositories import vault_from


def test_the_only_vault_of_a_repository_is_meant(tmp_path: Path) -> None:
    made = new_repository(tmp_path / "r", {"notes/vaultcrm.toml": "", "other/a.md": "a"})
    assert vault_from(str(made.top)) == os.path.join(made.top, "notes")


def test_of_several_one_has_to_be_named_and_its_name_can_be_typed(tmp_path: Path) -> None:
    made = new_repository(tmp_path / "r", {"a $b/vaultcrm.toml": "", "c/vaultcrm.toml": ""})
    with pytest.raises(UsageError, match="several vaults") as caught:
        vault_from(str(made.top))
    assert shlex.split(caught.value.hint)[-2:] == ["--vault", os.path.join(made.top, "a $b")]
    assert vault_from(os.path.join(made.top, "c")) is None
