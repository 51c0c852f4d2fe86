"""What is due beside the next contact: one rule a row in ``TOUCHPOINTS`` (specification 3, Touchpoints).

Rules that follow the calendar stand in ``occasions``, those about referrals in ``referrals``. This module
must not know on which day a touchpoint is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from vaultcrm.model.policy import Policy, TouchpointPolicy
from vaultcrm.model.records import Interval, Project
from vaultcrm.model.results import Evidence, Occurrence, Standing, Task
from vaultcrm.rules.answers import SURVEY
from vaultcrm.rules.days import add_interval, add_months
from vaultcrm.rules.known import is_muted, is_open
from vaultcrm.rules.occasions import birthday, holiday, important_date, recurring
from vaultcrm.rules.referrals import referral_ask, referral_report, referral_thanks
from vaultcrm.rules.settling import Case, TouchpointRule, is_settled, occurrence


def occurrences(
    standing: Standing, policy: Policy, planned: date | None, tasks: Sequence[Task]
) -> tuple[Occurrence, ...]:
    """What is due of every rule for a client, sorted by due, id, anchor.

    Args:
        standing: The client; one who is not active, or is not to be contacted, has no touchpoints.
        policy: Which rules there are, for whom, and their numbers.
        planned: The planned day of the client's next contact, None where there is none.
        tasks: The client's open tasks, as `open_tasks` gives them.

    Returns:
        For each rule and anchor the earliest occurrence that is not settled, up to the policy's horizon.
        Those dropped after the window are among them, marked ``missed``; muted rules are not.
    """
    client, day = standing.client, standing.day
    if standing.known.status != "active" or client.do_not_contact:
        return ()
    horizon = add_months(day, policy.horizon_months)
    found: list[Occurrence] = []
    for rule in policy.touchpoints.values():
        if rule.off or not _concerns(rule, standing) or is_muted(client, rule.id, day):
            continue
        row = _ROWS.get(rule.id) or TouchpointRule(rule.id, recurring)
        case = Case(row, rule, standing, policy, planned, horizon, tasks)
        found += [each for each in row.occurrences(case) if each.due <= horizon]
    found.sort(
        key=lambda each: (each.due, each.id, each.anchor, each.subject, each.finding.evidence[0].place)
    )
    return tuple(found)


def survey(case: Case) -> Iterator[Occurrence]:
    """A survey after each delivery; not where one was made shortly before it.

    A feedback note of that project settles it whatever its date, any other one from the delivery on.
    Evidence: ``delivered``.
    """
    for project in case.known.counted:
        delivered = _delivered(project, case.day)
        if delivered is None or project.is_order:
            continue
        due = add_interval(delivered, case.rule.after)
        if not (
            _asked_before(case, delivered) or _answered(case, project, delivered) or is_settled(case, due)
        ):
            yield _after_delivery(case, project, delivered, due)


def check_in(case: Case) -> Iterator[Occurrence]:
    """A check-in some time after the latest delivery, once no project is running. Evidence: ``delivered``."""
    if case.known.in_project:
        return
    deliveries = [
        (delivered, project.place, project)
        for project in case.known.counted
        if not project.is_order and (delivered := _delivered(project, case.day)) is not None
    ]
    if deliveries:
        delivered, _, project = max(deliveries, key=lambda each: each[:2])
        due = add_interval(delivered, case.rule.after)
        if not is_settled(case, due):
            yield _after_delivery(case, project, delivered, due)


def renewal(case: Case) -> Iterator[Occurrence]:
    """The renewal of the contract in force, some time before its end. Evidence: ``contract_end``."""
    client = case.standing.client
    if not client.contracts:
        return
    end = max(end for _, end in client.contracts)
    due = add_interval(end, Interval(-case.rule.after.months, -case.rule.after.days))
    if not is_settled(case, due):
        yield occurrence(case, due, end, Evidence("contract_end", end, client.at("contract_end")))


def minutes(case: Case) -> Iterator[Occurrence]:
    """The minutes of a visit whose note says nothing yet; filling it in settles it. Evidence: ``visit``."""
    for visit in case.known.interactions:
        if visit.kind == "visit" and visit.source == "note" and not visit.summary and not visit.has_body:
            due = add_interval(visit.day, case.rule.after)
            yield occurrence(case, due, visit.day, Evidence("visit", visit.day, visit.place))


def call_back(case: Case) -> Iterator[Occurrence]:
    """A call after a solved complaint; any contact after the day of the solution settles it.

    The subject is the complaint's summary. Evidence: ``resolved``, ``complaint``.
    """
    for complaint in case.known.interactions:
        solved = complaint.resolved
        if complaint.kind != "complaint" or solved is None or is_open(complaint, case.day):
            continue
        due = add_interval(solved, case.rule.after)
        if not is_settled(case, due, after=solved):
            evidence = (
                Evidence("resolved", solved, complaint.at("resolved")),
                Evidence("complaint", complaint.day, complaint.place),
            )
            yield occurrence(case, due, solved, *evidence, subject=complaint.summary or "")


def follow_up(case: Case) -> Iterator[Occurrence]:
    """An open task, on its date, else some days after its note; ticking it settles it.

    Evidence: ``task``, ``noted`` (the day of its note).
    """
    for task in case.tasks:
        item = task.follow_up
        anchor = item.noted if item.due is None and item.noted is not None else task.due
        evidence = [Evidence("task", item.text, item.place)]
        if item.noted is not None:
            evidence.append(Evidence("noted", item.noted, item.place))
        yield occurrence(case, task.due, anchor, *evidence, subject=item.text, task=item)


def _concerns(rule: TouchpointPolicy, standing: Standing) -> bool:
    """Whether the client is of a stage and a tier that the rule is for."""
    if rule.stages is not None and standing.stage not in rule.stages:
        return False
    return rule.tiers is None or standing.tier in rule.tiers


def _delivered(project: Project, day: date) -> date | None:
    """When a project was delivered; None where that has not happened yet, or nobody wrote the day."""
    return project.delivered if project.delivered is not None and project.delivered <= day else None


def _after_delivery(case: Case, project: Project, delivered: date, due: date) -> Occurrence:
    evidence = Evidence("delivered", delivered, project.at("delivered"))
    return occurrence(case, due, delivered, evidence, subject=project.title)


def _asked_before(case: Case, delivered: date) -> bool:
    """Whether a survey was made or answered in the days before a delivery, both ends exclusive."""
    first = delivered - timedelta(days=case.policy.survey_quiet_days)
    surveys = (each.day for each in case.known.interactions if each.kind == SURVEY)
    answers = (each.day for each in case.known.feedback)
    return any(first < day < delivered for days in (surveys, answers) for day in days)


def _answered(case: Case, project: Project, delivered: date) -> bool:
    """Whether there is feedback of the project, or dated on or after its delivery."""
    projects = case.known.history.feedback_project
    return any(
        answers.day >= delivered
        or ((about := projects.get(answers.place)) is not None and about.place == project.place)
        for answers in case.known.feedback
    )


TOUCHPOINTS: tuple[TouchpointRule, ...] = (
    TouchpointRule("survey", survey, drops=True),
    TouchpointRule("check-in-1m", check_in, drops=True),
    TouchpointRule("check-in-3m", check_in, drops=True),
    TouchpointRule("quarterly-review", recurring),
    TouchpointRule("brief", recurring),
    TouchpointRule("deep-visit", recurring),
    TouchpointRule("care-mail", recurring),
    TouchpointRule("yearly-survey", recurring),
    TouchpointRule("news", recurring),
    TouchpointRule("birthday", birthday, own_day=True),
    TouchpointRule("important-date", important_date, own_day=True),
    TouchpointRule("holiday", holiday, own_day=True),
    TouchpointRule("renewal", renewal, drops=True, own_day=True),
    TouchpointRule("minutes", minutes, drops=True, own_day=True),
    TouchpointRule("call-back", call_back, drops=True),
    TouchpointRule("referral-thanks", referral_thanks, drops=True),
    TouchpointRule("referral-report", referral_report, drops=True),
    TouchpointRule("referral-ask", referral_ask),
    TouchpointRule("follow-up", follow_up, own_day=True),
)
"""The rules that a policy has numbers for. Whatever else it lists is a user's own rule, and recurs."""

_ROWS = {row.id: row for row in TOUCHPOINTS}
