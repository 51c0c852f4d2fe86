"""How each record is written as JSON and read back. Made by tools/codecs_of_records.py, and by no hand.

A record is the list of its fields' values, those at the end that have their default left out. So a field with
a default may be added at the end of a record without a change in what was kept. The path of the note itself,
which nearly everything in it names, is null. Equal days, words and links become one value: without that, what
notes say takes twice the room. Records are filled slot by slot, in a third of their constructors' time. This
module must not know what a field means.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from sys import intern
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.records import Client, Feedback, FollowUp, ImportantDate, Interaction, Interval, Money, Mute, NO_LINES, Person, Project, Reading, Reference, YearlyDate, same_lines

day = cache(date.fromisoformat)
new = tuple.__new__
blank = object.__new__


def setters(record: Any, *names: str) -> tuple[Any, ...]:
    """What fills the fields of a record, by their names."""
    return tuple([getattr(record, name).__set__ for name in names])



def shortened(flat: list[Any], ends: list[Any], required: int) -> list[Any]:
    """The values of a record without those at its end that are the defaults."""
    count = len(flat)
    while count > required and flat[count - 1] == ends[count - 1]:
        count -= 1
    del flat[count:]
    return flat


def _write_place(value: Any, path: str) -> Any:
    f0, f1, f2 = value
    return [(None if f0 == path else f0), f1, f2, ]


def _read_place(value: Any, path: str) -> Any:
    f0, f1, f2 = value
    return new(Place, ((path if f0 is None else f0), f1, f2, ))


reference_ends: list[Any] = [None, None, None, None, False, False]


def _write_reference(value: Any, path: str) -> Any:
    flat = [
        value.target,
        value.text,
        value.line,
        value.column,
        value.linked,
        value.relative,
    ]
    return shortened(flat, reference_ends, 4)


reference = cache(Reference)


money_ends: list[Any] = [None, None]


def _write_money(value: Any, path: str) -> Any:
    flat = [
        str(value.amount),
        value.currency,
    ]
    return shortened(flat, money_ends, 1)


money_amount, money_currency, = setters(Money, 'amount', 'currency')


def _read_money(value: Any, path: str) -> Any:
    if len(value) < 1: raise ValueError('a field is missing')
    amount_, currency_, = value + money_ends[len(value):]
    made = blank(Money)
    money_amount(made, Decimal(amount_))
    money_currency(made, currency_)
    return made


project_ends: list[Any] = [None, {}, [], '', False, None, None, None, None, None, None, None, None, None]


def _write_project(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        dict(value.lines),
        [_write_reference(each, path) for each in value.clients],
        value.title,
        value.is_order,
        (None if value.start is None else value.start.isoformat()),
        (None if value.due is None else value.due.isoformat()),
        (None if value.delivered is None else value.delivered.isoformat()),
        (None if value.signed is None else value.signed.isoformat()),
        (None if value.amount is None else _write_money(value.amount, path)),
        value.status,
        (None if value.invoice_due is None else value.invoice_due.isoformat()),
        (value.paid.isoformat() if isinstance(value.paid, date) else value.paid),
        value.owner,
    ]
    return shortened(flat, project_ends, 1)


project_place, project_lines, project_clients, project_title, project_is_order, project_start, project_due, project_delivered, project_signed, project_amount, project_status, project_invoice_due, project_paid, project_owner, = setters(Project, 'place', 'lines', 'clients', 'title', 'is_order', 'start', 'due', 'delivered', 'signed', 'amount', 'status', 'invoice_due', 'paid', 'owner')


def _read_project(value: Any, path: str) -> Any:
    if len(value) < 1: raise ValueError('a field is missing')
    place_, lines_, clients_, title_, is_order_, start_, due_, delivered_, signed_, amount_, status_, invoice_due_, paid_, owner_, = value + project_ends[len(value):]
    made = blank(Project)
    project_place(made, _read_place(place_, path))
    project_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    project_clients(made, (tuple([reference(*each) for each in clients_]) if clients_ else ()))
    project_title(made, title_)
    project_is_order(made, is_order_)
    project_start(made, (None if start_ is None else day(start_)))
    project_due(made, (None if due_ is None else day(due_)))
    project_delivered(made, (None if delivered_ is None else day(delivered_)))
    project_signed(made, (None if signed_ is None else day(signed_)))
    project_amount(made, (None if amount_ is None else _read_money(amount_, path)))
    project_status(made, (None if status_ is None else intern(status_)))
    project_invoice_due(made, (None if invoice_due_ is None else day(invoice_due_)))
    project_paid(made, (day(paid_) if isinstance(paid_, str) else paid_))
    project_owner(made, (None if owner_ is None else intern(owner_)))
    return made


yearlydate_ends: list[Any] = [None, None, None, False, False]


def _write_yearlydate(value: Any, path: str) -> Any:
    flat = [
        value.month,
        value.day,
        value.year,
        value.lunar,
        value.leap,
    ]
    return shortened(flat, yearlydate_ends, 2)


yearlydate_month, yearlydate_day, yearlydate_year, yearlydate_lunar, yearlydate_leap, = setters(YearlyDate, 'month', 'day', 'year', 'lunar', 'leap')


def _read_yearlydate(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    month_, day_, year_, lunar_, leap_, = value + yearlydate_ends[len(value):]
    made = blank(YearlyDate)
    yearlydate_month(made, month_)
    yearlydate_day(made, day_)
    yearlydate_year(made, year_)
    yearlydate_lunar(made, lunar_)
    yearlydate_leap(made, leap_)
    return made


importantdate_ends: list[Any] = [None, None, None, None]


def _write_importantdate(value: Any, path: str) -> Any:
    flat = [
        _write_yearlydate(value.date, path),
        value.title,
        value.once,
        value.line,
    ]
    return shortened(flat, importantdate_ends, 4)


importantdate_date, importantdate_title, importantdate_once, importantdate_line, = setters(ImportantDate, 'date', 'title', 'once', 'line')


def _read_importantdate(value: Any, path: str) -> Any:
    if len(value) < 4: raise ValueError('a field is missing')
    date_, title_, once_, line_, = value + importantdate_ends[len(value):]
    made = blank(ImportantDate)
    importantdate_date(made, _read_yearlydate(date_, path))
    importantdate_title(made, title_)
    importantdate_once(made, once_)
    importantdate_line(made, line_)
    return made


interval_ends: list[Any] = [0, 0]


def _write_interval(value: Any, path: str) -> Any:
    flat = [
        value.months,
        value.days,
    ]
    return shortened(flat, interval_ends, 0)


interval_months, interval_days, = setters(Interval, 'months', 'days')


def _read_interval(value: Any, path: str) -> Any:
    if len(value) < 0: raise ValueError('a field is missing')
    months_, days_, = value + interval_ends[len(value):]
    made = blank(Interval)
    interval_months(made, months_)
    interval_days(made, days_)
    return made


def _write_pair_26(value: Any, path: str) -> Any:
    f0, f1 = value
    return [(None if f0 is None else f0.isoformat()), f1.isoformat(), ]


def _read_pair_26(value: Any, path: str) -> Any:
    f0, f1 = value
    return ((None if f0 is None else day(f0)), day(f1), )


mute_ends: list[Any] = [None, None, None]


def _write_mute(value: Any, path: str) -> Any:
    flat = [
        value.id,
        (None if value.until is None else value.until.isoformat()),
        value.line,
    ]
    return shortened(flat, mute_ends, 3)


mute_id, mute_until, mute_line, = setters(Mute, 'id', 'until', 'line')


def _read_mute(value: Any, path: str) -> Any:
    if len(value) < 3: raise ValueError('a field is missing')
    id_, until_, line_, = value + mute_ends[len(value):]
    made = blank(Mute)
    mute_id(made, id_)
    mute_until(made, (None if until_ is None else day(until_)))
    mute_line(made, line_)
    return made


client_ends: list[Any] = [None, None, {}, None, [], 'active', None, None, None, [], None, [], [], [], [], None, None, None, None, None, None, None, [], None, None, None, None, [], None, None, None, None, False, None, None, None, {}, None, None, None, [], None, [], None, []]


def _write_client(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        value.name,
        dict(value.lines),
        value.id,
        list(value.aliases),
        value.status,
        (None if value.lost_on is None else value.lost_on.isoformat()),
        value.lost_reason,
        value.owner,
        [_write_reference(each, path) for each in value.contact],
        value.position,
        [_write_reference(each, path) for each in value.decision_maker],
        list(value.phone),
        list(value.email),
        list(value.wechat),
        value.channel,
        value.industry,
        value.size,
        value.products,
        value.target_users,
        value.goal,
        (None if value.since is None else value.since.isoformat()),
        [_write_project(each, path) for each in value.projects],
        (None if value.birthday is None else _write_yearlydate(value.birthday, path)),
        value.interests,
        value.family,
        value.career_goals,
        [_write_importantdate(each, path) for each in value.important_dates],
        (None if value.cadence is None else _write_interval(value.cadence, path)),
        (None if value.last_contact is None else value.last_contact.isoformat()),
        (None if value.next_contact is None else value.next_contact.isoformat()),
        (None if value.snooze_until is None else value.snooze_until.isoformat()),
        value.do_not_contact,
        value.stage,
        value.tier,
        value.tier_reason,
        {key: str(each) for key, each in value.scores.items()},
        value.refers,
        (None if value.referred_by is None else _write_reference(value.referred_by, path)),
        (None if value.referred_on is None else value.referred_on.isoformat()),
        [_write_pair_26(each, path) for each in value.contracts],
        (None if value.reviewed is None else value.reviewed.isoformat()),
        [_write_mute(each, path) for each in value.mute],
        value.remarks,
        [list(each) for each in value.computed],
    ]
    return shortened(flat, client_ends, 2)


client_place, client_name, client_lines, client_id, client_aliases, client_status, client_lost_on, client_lost_reason, client_owner, client_contact, client_position, client_decision_maker, client_phone, client_email, client_wechat, client_channel, client_industry, client_size, client_products, client_target_users, client_goal, client_since, client_projects, client_birthday, client_interests, client_family, client_career_goals, client_important_dates, client_cadence, client_last_contact, client_next_contact, client_snooze_until, client_do_not_contact, client_stage, client_tier, client_tier_reason, client_scores, client_refers, client_referred_by, client_referred_on, client_contracts, client_reviewed, client_mute, client_remarks, client_computed, = setters(Client, 'place', 'name', 'lines', 'id', 'aliases', 'status', 'lost_on', 'lost_reason', 'owner', 'contact', 'position', 'decision_maker', 'phone', 'email', 'wechat', 'channel', 'industry', 'size', 'products', 'target_users', 'goal', 'since', 'projects', 'birthday', 'interests', 'family', 'career_goals', 'important_dates', 'cadence', 'last_contact', 'next_contact', 'snooze_until', 'do_not_contact', 'stage', 'tier', 'tier_reason', 'scores', 'refers', 'referred_by', 'referred_on', 'contracts', 'reviewed', 'mute', 'remarks', 'computed')


def _read_client(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    place_, name_, lines_, id_, aliases_, status_, lost_on_, lost_reason_, owner_, contact_, position_, decision_maker_, phone_, email_, wechat_, channel_, industry_, size_, products_, target_users_, goal_, since_, projects_, birthday_, interests_, family_, career_goals_, important_dates_, cadence_, last_contact_, next_contact_, snooze_until_, do_not_contact_, stage_, tier_, tier_reason_, scores_, refers_, referred_by_, referred_on_, contracts_, reviewed_, mute_, remarks_, computed_, = value + client_ends[len(value):]
    made = blank(Client)
    client_place(made, _read_place(place_, path))
    client_name(made, name_)
    client_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    client_id(made, id_)
    client_aliases(made, tuple(aliases_))
    client_status(made, intern(status_))
    client_lost_on(made, (None if lost_on_ is None else day(lost_on_)))
    client_lost_reason(made, lost_reason_)
    client_owner(made, (None if owner_ is None else intern(owner_)))
    client_contact(made, (tuple([reference(*each) for each in contact_]) if contact_ else ()))
    client_position(made, position_)
    client_decision_maker(made, (tuple([reference(*each) for each in decision_maker_]) if decision_maker_ else ()))
    client_phone(made, tuple(phone_))
    client_email(made, tuple(email_))
    client_wechat(made, tuple(wechat_))
    client_channel(made, (None if channel_ is None else intern(channel_)))
    client_industry(made, (None if industry_ is None else intern(industry_)))
    client_size(made, (None if size_ is None else intern(size_)))
    client_products(made, products_)
    client_target_users(made, target_users_)
    client_goal(made, goal_)
    client_since(made, (None if since_ is None else day(since_)))
    client_projects(made, (tuple([_read_project(each, path) for each in projects_]) if projects_ else ()))
    client_birthday(made, (None if birthday_ is None else _read_yearlydate(birthday_, path)))
    client_interests(made, interests_)
    client_family(made, family_)
    client_career_goals(made, career_goals_)
    client_important_dates(made, (tuple([_read_importantdate(each, path) for each in important_dates_]) if important_dates_ else ()))
    client_cadence(made, (None if cadence_ is None else _read_interval(cadence_, path)))
    client_last_contact(made, (None if last_contact_ is None else day(last_contact_)))
    client_next_contact(made, (None if next_contact_ is None else day(next_contact_)))
    client_snooze_until(made, (None if snooze_until_ is None else day(snooze_until_)))
    client_do_not_contact(made, do_not_contact_)
    client_stage(made, (None if stage_ is None else intern(stage_)))
    client_tier(made, (None if tier_ is None else intern(tier_)))
    client_tier_reason(made, tier_reason_)
    client_scores(made, {key: Decimal(each) for key, each in scores_.items()})
    client_refers(made, refers_)
    client_referred_by(made, (None if referred_by_ is None else reference(*referred_by_)))
    client_referred_on(made, (None if referred_on_ is None else day(referred_on_)))
    client_contracts(made, (tuple([_read_pair_26(each, path) for each in contracts_]) if contracts_ else ()))
    client_reviewed(made, (None if reviewed_ is None else day(reviewed_)))
    client_mute(made, (tuple([_read_mute(each, path) for each in mute_]) if mute_ else ()))
    client_remarks(made, remarks_)
    client_computed(made, (tuple([tuple(each) for each in computed_]) if computed_ else ()))
    return made


person_ends: list[Any] = [None, None, {}, None, [], None, None, False, [], [], [], None, None, None, None, []]


def _write_person(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        value.name,
        dict(value.lines),
        value.id,
        list(value.aliases),
        (None if value.client is None else _write_reference(value.client, path)),
        value.position,
        value.decision_maker,
        list(value.phone),
        list(value.email),
        list(value.wechat),
        (None if value.birthday is None else _write_yearlydate(value.birthday, path)),
        value.interests,
        value.channel,
        (None if value.left is None else value.left.isoformat()),
        [_write_importantdate(each, path) for each in value.important_dates],
    ]
    return shortened(flat, person_ends, 2)


person_place, person_name, person_lines, person_id, person_aliases, person_client, person_position, person_decision_maker, person_phone, person_email, person_wechat, person_birthday, person_interests, person_channel, person_left, person_important_dates, = setters(Person, 'place', 'name', 'lines', 'id', 'aliases', 'client', 'position', 'decision_maker', 'phone', 'email', 'wechat', 'birthday', 'interests', 'channel', 'left', 'important_dates')


def _read_person(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    place_, name_, lines_, id_, aliases_, client_, position_, decision_maker_, phone_, email_, wechat_, birthday_, interests_, channel_, left_, important_dates_, = value + person_ends[len(value):]
    made = blank(Person)
    person_place(made, _read_place(place_, path))
    person_name(made, name_)
    person_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    person_id(made, id_)
    person_aliases(made, tuple(aliases_))
    person_client(made, (None if client_ is None else reference(*client_)))
    person_position(made, (None if position_ is None else intern(position_)))
    person_decision_maker(made, decision_maker_)
    person_phone(made, tuple(phone_))
    person_email(made, tuple(email_))
    person_wechat(made, tuple(wechat_))
    person_birthday(made, (None if birthday_ is None else _read_yearlydate(birthday_, path)))
    person_interests(made, interests_)
    person_channel(made, (None if channel_ is None else intern(channel_)))
    person_left(made, (None if left_ is None else day(left_)))
    person_important_dates(made, (tuple([_read_importantdate(each, path) for each in important_dates_]) if important_dates_ else ()))
    return made


interaction_ends: list[Any] = [None, None, {}, 'note', [], None, 'contact', [], None, None, [], None, None, None, None, None, None, False]


def _write_interaction(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        value.day.isoformat(),
        dict(value.lines),
        value.source,
        [_write_reference(each, path) for each in value.clients],
        value.channel,
        value.kind,
        list(value.about),
        value.direction,
        (None if value.sentiment is None else str(value.sentiment)),
        [_write_reference(each, path) for each in value.participants],
        value.summary,
        value.response,
        value.owner,
        (None if value.next is None else value.next.isoformat()),
        (None if value.severity is None else str(value.severity)),
        (None if value.resolved is None else value.resolved.isoformat()),
        value.has_body,
    ]
    return shortened(flat, interaction_ends, 2)


interaction_place, interaction_day, interaction_lines, interaction_source, interaction_clients, interaction_channel, interaction_kind, interaction_about, interaction_direction, interaction_sentiment, interaction_participants, interaction_summary, interaction_response, interaction_owner, interaction_next, interaction_severity, interaction_resolved, interaction_has_body, = setters(Interaction, 'place', 'day', 'lines', 'source', 'clients', 'channel', 'kind', 'about', 'direction', 'sentiment', 'participants', 'summary', 'response', 'owner', 'next', 'severity', 'resolved', 'has_body')


def _read_interaction(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    place_, day_, lines_, source_, clients_, channel_, kind_, about_, direction_, sentiment_, participants_, summary_, response_, owner_, next_, severity_, resolved_, has_body_, = value + interaction_ends[len(value):]
    made = blank(Interaction)
    interaction_place(made, _read_place(place_, path))
    interaction_day(made, day(day_))
    interaction_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    interaction_source(made, intern(source_))
    interaction_clients(made, (tuple([reference(*each) for each in clients_]) if clients_ else ()))
    interaction_channel(made, (None if channel_ is None else intern(channel_)))
    interaction_kind(made, intern(kind_))
    interaction_about(made, tuple(about_))
    interaction_direction(made, (None if direction_ is None else intern(direction_)))
    interaction_sentiment(made, (None if sentiment_ is None else Decimal(sentiment_)))
    interaction_participants(made, (tuple([reference(*each) for each in participants_]) if participants_ else ()))
    interaction_summary(made, summary_)
    interaction_response(made, response_)
    interaction_owner(made, (None if owner_ is None else intern(owner_)))
    interaction_next(made, (None if next_ is None else day(next_)))
    interaction_severity(made, (None if severity_ is None else Decimal(severity_)))
    interaction_resolved(made, (None if resolved_ is None else day(resolved_)))
    interaction_has_body(made, has_body_)
    return made


feedback_ends: list[Any] = [None, None, {}, [], None, None, None, None, None, None, None, None]


def _write_feedback(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        value.day.isoformat(),
        dict(value.lines),
        [_write_reference(each, path) for each in value.clients],
        (None if value.project is None else _write_reference(value.project, path)),
        (None if value.result is None else str(value.result)),
        (None if value.communication is None else str(value.communication)),
        (None if value.professionalism is None else str(value.professionalism)),
        (None if value.recommend is None else str(value.recommend)),
        value.best,
        value.improve,
        value.comments,
    ]
    return shortened(flat, feedback_ends, 2)


feedback_place, feedback_day, feedback_lines, feedback_clients, feedback_project, feedback_result, feedback_communication, feedback_professionalism, feedback_recommend, feedback_best, feedback_improve, feedback_comments, = setters(Feedback, 'place', 'day', 'lines', 'clients', 'project', 'result', 'communication', 'professionalism', 'recommend', 'best', 'improve', 'comments')


def _read_feedback(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    place_, day_, lines_, clients_, project_, result_, communication_, professionalism_, recommend_, best_, improve_, comments_, = value + feedback_ends[len(value):]
    made = blank(Feedback)
    feedback_place(made, _read_place(place_, path))
    feedback_day(made, day(day_))
    feedback_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    feedback_clients(made, (tuple([reference(*each) for each in clients_]) if clients_ else ()))
    feedback_project(made, (None if project_ is None else reference(*project_)))
    feedback_result(made, (None if result_ is None else Decimal(result_)))
    feedback_communication(made, (None if communication_ is None else Decimal(communication_)))
    feedback_professionalism(made, (None if professionalism_ is None else Decimal(professionalism_)))
    feedback_recommend(made, (None if recommend_ is None else Decimal(recommend_)))
    feedback_best(made, best_)
    feedback_improve(made, improve_)
    feedback_comments(made, comments_)
    return made


def _write_record(value: Any, path: str) -> Any:
    if type(value) is Client: return [0, _write_client(value, path)]
    if type(value) is Person: return [1, _write_person(value, path)]
    if type(value) is Project: return [2, _write_project(value, path)]
    if type(value) is Interaction: return [3, _write_interaction(value, path)]
    if type(value) is Feedback: return [4, _write_feedback(value, path)]
    raise TypeError(type(value))


def _read_record(value: Any, path: str) -> Any:
    number, value = value
    if number == 0: return _read_client(value, path)
    if number == 1: return _read_person(value, path)
    if number == 2: return _read_project(value, path)
    if number == 3: return _read_interaction(value, path)
    if number == 4: return _read_feedback(value, path)
    raise LookupError(number)


followup_ends: list[Any] = [None, None, {}, None, None, 'open', None, []]


def _write_followup(value: Any, path: str) -> Any:
    flat = [
        _write_place(value.place, path),
        value.text,
        dict(value.lines),
        (None if value.due is None else value.due.isoformat()),
        (None if value.noted is None else value.noted.isoformat()),
        value.state,
        (None if value.done_on is None else value.done_on.isoformat()),
        list(value.owners),
    ]
    return shortened(flat, followup_ends, 2)


followup_place, followup_text, followup_lines, followup_due, followup_noted, followup_state, followup_done_on, followup_owners, = setters(FollowUp, 'place', 'text', 'lines', 'due', 'noted', 'state', 'done_on', 'owners')


def _read_followup(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    place_, text_, lines_, due_, noted_, state_, done_on_, owners_, = value + followup_ends[len(value):]
    made = blank(FollowUp)
    followup_place(made, _read_place(place_, path))
    followup_text(made, text_)
    followup_lines(made, (same_lines(lines_) if lines_ else NO_LINES))
    followup_due(made, (None if due_ is None else day(due_)))
    followup_noted(made, (None if noted_ is None else day(noted_)))
    followup_state(made, intern(state_))
    followup_done_on(made, (None if done_on_ is None else day(done_on_)))
    followup_owners(made, (tuple([intern(each) for each in owners_]) if owners_ else ()))
    return made


reading_ends: list[Any] = [None, None, None, [], [], False, []]


def _write_reading(value: Any, path: str) -> Any:
    flat = [
        (None if value.path == path else value.path),
        value.kind,
        (None if value.record is None else _write_record(value.record, path)),
        [_write_interaction(each, path) for each in value.interactions],
        [_write_followup(each, path) for each in value.tasks],
        value.regions,
        list(value.playbooks),
    ]
    return shortened(flat, reading_ends, 2)


reading_path, reading_kind, reading_record, reading_interactions, reading_tasks, reading_regions, reading_playbooks, = setters(Reading, 'path', 'kind', 'record', 'interactions', 'tasks', 'regions', 'playbooks')


def _read_reading(value: Any, path: str) -> Any:
    if len(value) < 2: raise ValueError('a field is missing')
    path_, kind_, record_, interactions_, tasks_, regions_, playbooks_, = value + reading_ends[len(value):]
    made = blank(Reading)
    reading_path(made, (path if path_ is None else path_))
    reading_kind(made, (None if kind_ is None else intern(kind_)))
    reading_record(made, (None if record_ is None else _read_record(record_, path)))
    reading_interactions(made, (tuple([_read_interaction(each, path) for each in interactions_]) if interactions_ else ()))
    reading_tasks(made, (tuple([_read_followup(each, path) for each in tasks_]) if tasks_ else ()))
    reading_regions(made, regions_)
    reading_playbooks(made, tuple(playbooks_))
    return made


def _write_diagnostic(value: Any, path: str) -> Any:
    f0, f1, f2, f3, f4 = value
    return [f0, _write_place(f1, path), f2, f3, list(f4), ]


def _read_diagnostic(value: Any, path: str) -> Any:
    f0, f1, f2, f3, f4 = value
    return new(Diagnostic, (intern(f0), _read_place(f1, path), f2, intern(f3), (tuple([intern(each) for each in f4]) if f4 else ()), ))


def _write_pair_60(value: Any, path: str) -> Any:
    f0, f1 = value
    return [_write_reading(f0, path), [_write_diagnostic(each, path) for each in f1], ]


def _read_pair_60(value: Any, path: str) -> Any:
    f0, f1 = value
    return (_read_reading(f0, path), (tuple([_read_diagnostic(each, path) for each in f1]) if f1 else ()), )


def write(value: Any, path: str) -> Any:
    """Plain values of what a note said."""
    return _write_pair_60(value, path)


def read(value: Any, path: str) -> Any:
    """What a note said, of these."""
    return _read_pair_60(value, path)
