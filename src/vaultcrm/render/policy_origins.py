"""Which rows of the policy's note a figure rests on.

This module must not know how a figure is computed, nor how evidence is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from vaultcrm.model.note import Place
from vaultcrm.model.policy import Policy, Rhythm
from vaultcrm.model.results import Assessment, Evidence
from vaultcrm.render.labels import Labels
from vaultcrm.render.policy_toml import policy_config
from vaultcrm.render.reasons import interval_text
from vaultcrm.render.text import one_line


def policy_evidence(topic: str, one: Assessment, policy: Policy, labels: Labels) -> tuple[Evidence, ...]:
    """The rows of the policy's note that bear on a figure, one for each, with the values that they give.

    Args:
        topic: The figure, as `explain.topics` names it.
        one: The client.
        policy: The policy in force; without a note of it there is no such evidence.
        labels: In which language stages and lengths of time are told; other keys stand as in the
            configuration.
    """
    if not policy.origins:
        return ()
    beginnings = tuple(_keys(topic, one, policy))
    rows: dict[Place, list[str]] = {}
    config = policy_config(policy)
    for key, place in policy.origins.items():
        if any(key == each or key.startswith(f"{each}.") for each in beginnings):
            said = _rhythm(key, policy, labels) or _setting(key, config)
            if said:
                rows.setdefault(place, []).append(said)
    return tuple(Evidence("policy", one_line(", ".join(each)), place) for place, each in rows.items())


def _keys(topic: str, one: Assessment, policy: Policy) -> Iterator[str]:
    """The keys, or beginnings of keys, that a figure looks up."""
    standing = one.standing
    by_interval = standing.contacting.agreed is None
    if topic == "interval_days" or (topic == "next_contact" and by_interval):
        if one.client.cadence is not None:
            return
        if policy.cadence.by == "tier":
            yield f"cadence.tiers.{standing.tier}"
        else:
            phase = "in_project" if standing.known.in_project else "after"
            yield f"cadence.{phase}.{standing.stage}"
    elif topic in ("tier", "score"):
        yield "tiers"
    elif topic == "planned" and by_interval:
        yield from ("capacity", "holidays", "workdays")
    elif topic in policy.touchpoints:
        yield from (f"touchpoints.{topic}.{each}" for each in ("every", "after", "stages", "tiers"))
        yield from ("greetings",) if topic == "holiday" else ()


def _rhythm(key: str, policy: Policy, labels: Labels) -> str:
    """A cadence of the policy: whose, and how often; nothing for any other key."""
    table, _, name = key.rpartition(".")
    kind, rhythms = _RHYTHMS.get(table, ("", None))
    rhythm = rhythms(policy).get(name) if rhythms is not None else None
    return f"{labels.name(kind, name)} {interval_text(rhythm.every, labels)}" if rhythm is not None else ""


_RHYTHMS: Mapping[str, tuple[str, Callable[[Policy], Mapping[str, Rhythm]]]] = {
    "cadence.tiers": ("tier", lambda policy: policy.cadence.tiers),
    "cadence.in_project": ("stage", lambda policy: policy.cadence.in_project),
    "cadence.after": ("stage", lambda policy: policy.cadence.after),
}


def _setting(key: str, config: Mapping[str, object]) -> str:
    value = _value(config, key)
    return f"{key.rpartition('.')[2]} {value}" if value else ""


def _value(config: Mapping[str, object], key: str) -> object:
    """The value of a key as the configuration has it; nothing where it leaves the key out."""
    found: object = config
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        return ""
    return ", ".join(map(str, found)) if isinstance(found, list) else found
