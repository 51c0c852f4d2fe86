"""Policies for tests: a preset as it is shipped, with changes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import vaultcrm
from vaultcrm.model.policy import Policy
from vaultcrm.parse.policy import parse_policy

PRESETS = Path(vaultcrm.__file__).parent / "presets"


@cache
def preset_texts() -> dict[str, str]:
    """The shipped presets' TOML by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(PRESETS.glob("*.toml"))}


@cache
def _preset(config: str) -> Policy:
    policy, problems = parse_policy(preset_texts(), config)
    assert problems == (), [str(problem) for problem in problems]
    return policy


def preset(name: str = "studio", config: str = "", **changes: Any) -> Policy:
    """The policy of a preset, with lines of configuration and changed fields."""
    return replace(_preset(f'policy = "{name}"\n{config}'), **changes)
