"""What feedback and tone say: satisfaction, willingness to recommend, and how conversations went.

Shared by health, warnings, touchpoints and measures. This module must not know what any of them makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from vaultcrm.model.note import Place
from vaultcrm.model.records import Feedback, Interaction

SURVEY = "survey"
"""The kind of interaction that feedback notes answer: where it settles something, feedback does too."""


def satisfaction(answers: Feedback) -> Fraction | None:
    """The mean of result, communication and professionalism, of those given; None where none is."""
    scores = (answers.result, answers.communication, answers.professionalism)
    given = [Fraction(score) for score in scores if score is not None]
    return sum(given, Fraction()) / len(given) if given else None


def recommendation(answers: Feedback) -> Fraction | None:
    """How likely they are to recommend us, 0 to 10; None where it is not given."""
    return None if answers.recommend is None else Fraction(answers.recommend)


def latest_first(
    feedback: Sequence[Feedback], value: Callable[[Feedback], Fraction | None]
) -> Iterator[tuple[Feedback, Fraction]]:
    """The feedback that has the value, with it, the latest first; ``feedback`` is sorted by day."""
    for answers in reversed(feedback):
        found = value(answers)
        if found is not None:
            yield answers, found


def with_sentiment(interactions: Sequence[Interaction]) -> Iterator[tuple[Interaction, Decimal]]:
    """The interactions of any kind that have a sentiment, with it, the latest first."""
    for interaction in reversed(interactions):
        if interaction.sentiment is not None:
            yield interaction, interaction.sentiment


def satisfaction_place(answers: Feedback) -> Place:
    """Where the first of the three scores that are given was written; there must be one."""
    names = ("result", "communication", "professionalism")
    return answers.at(next(name for name in names if getattr(answers, name) is not None))
