"""Which properties a note may have: one row per property, and how each kind of value is read.

The reference page of properties is made from `PROPERTIES`. This module must not know how front matter is parsed,
nor what is done with a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from vaultcrm.model.note import Property, Scalar, Value
from vaultcrm.model.policy import NoteMapping
from vaultcrm.model.records import Lines, same_lines
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.compound import (
    read_fields,
    read_important_dates,
    read_mute,
    read_reference,
    read_references,
)
from vaultcrm.parse.readers import (
    Context,
    ReadConfig,
    Reader,
    choice_reader,
    read_channel,
    read_date,
    read_dates,
    read_interval,
    read_money,
    read_owner,
    read_paid,
    read_sentiment,
    read_stage,
    read_text,
    read_texts,
    read_topics,
    read_yearly,
    read_yes_no,
    says_nothing,
    score_reader,
)
from vaultcrm.parse.vocabulary import (
    CLIENT_STATUS,
    DIRECTIONS,
    KINDS,
    PROJECT_STATUS,
    fold,
    one_slip_from,
)


class PropertyRow(NamedTuple):
    """One property: the record's field, its names (the standard one first), the kinds that have it, its reader, its help."""

    field: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    reader: Reader
    value: str
    help: str


C, P, J, N, F = "client", "person", "project", "interaction", "feedback"
_SCORE, _SURVEY, _SEVERITY = score_reader(1, 10), score_reader(0, 10), score_reader(1, 5)

# fmt: off
PROPERTIES: tuple[PropertyRow, ...] = (
    PropertyRow("name", ("name", "名称", "公司名称", "客户名称"), (C, P), read_text, "text", "the name; the file's name if absent"),
    PropertyRow("id", ("id", "编号"), (C, P), read_text, "text", "a permanent id for calendar programs"),
    PropertyRow("aliases", ("aliases", "alias", "别名"), (C, P), read_texts, "texts", "other names that links may use"),
    PropertyRow("status", ("status", "状态"), (C,), choice_reader(CLIENT_STATUS), "choice", "active, paused, lost or archived"),
    PropertyRow("status", ("status", "状态"), (J,), choice_reader(PROJECT_STATUS), "choice", "proposal, active, delivered or cancelled"),
    PropertyRow("lost_on", ("lost_on", "流失日期"), (C,), read_date, "date", "the day on which the client was lost"),
    PropertyRow("lost_reason", ("lost_reason", "流失原因"), (C,), read_text, "text", "why"),
    PropertyRow("owner", ("owner", "责任人", "负责人"), (C, J, N), read_owner, "text", "the one responsible"),
    PropertyRow("contact", ("contact", "联系人"), (C,), read_references, "links", "main contact, text or link to a person"),
    PropertyRow("position", ("position", "职位"), (C, P), read_text, "text", "the contact's position"),
    PropertyRow("decision_maker", ("decision_maker", "关键决策人"), (C,), read_references, "links", "who decides"),
    PropertyRow("decision_maker", ("decision_maker", "关键决策人"), (P,), read_yes_no, "yes or no", "whether this person decides"),
    PropertyRow("phone", ("phone", "电话"), (C, P), read_texts, "texts", "phone numbers"),
    PropertyRow("email", ("email", "邮箱"), (C, P), read_texts, "texts", "mail addresses"),
    PropertyRow("wechat", ("wechat", "微信"), (C, P), read_texts, "texts", "WeChat ids"),
    PropertyRow("channel", ("channel", "沟通偏好", "沟通方式"), (C, P, N), read_channel, "channel", "the channel they prefer, or that was used"),
    PropertyRow("industry", ("industry", "行业"), (C,), read_text, "text", "industry"),
    PropertyRow("size", ("size", "公司规模"), (C,), read_text, "text", "size of the company"),
    PropertyRow("products", ("products", "主要产品"), (C,), read_text, "text", "main products"),
    PropertyRow("target_users", ("target_users", "目标用户"), (C,), read_text, "text", "whom they sell to"),
    PropertyRow("goal", ("goal", "维护目标"), (C,), read_text, "text", "what we want with this client now"),
    PropertyRow("since", ("since", "首次合作时间"), (C,), read_date, "date", "first cooperation; else the earliest order day"),
    PropertyRow("interests", ("interests", "兴趣爱好"), (C, P), read_text, "text", "interests"),
    PropertyRow("projects", ("projects", "合作项目"), (C,), read_fields, "projects", "short form of projects: a list of {title, start, …}"),
    PropertyRow("birthday", ("birthday", "生日"), (C, P), read_yearly, "yearly date", "birthday, solar or lunar"),
    PropertyRow("family", ("family", "家庭情况"), (C,), read_text, "text", "family"),
    PropertyRow("career_goals", ("career_goals", "职业目标"), (C,), read_text, "text", "career goals"),
    PropertyRow("important_dates", ("important_dates", "重要日期"), (C, P), read_important_dates, "dates", "list of {date, title}, yearly unless once: true"),
    PropertyRow("cadence", ("cadence", "沟通频率"), (C,), read_interval, "interval", "how often to be in touch; wins over the policy"),
    PropertyRow("last_contact", ("last_contact", "上次联系"), (C,), read_date, "date", "a contact of that day that no other note tells; for vaults that keep it so"),
    PropertyRow("next_contact", ("next_contact", "下次联系"), (C,), read_date, "date", "the day agreed for the next contact"),
    PropertyRow("snooze_until", ("snooze_until", "暂缓至"), (C,), read_date, "date", "not before this day"),
    PropertyRow("do_not_contact", ("do_not_contact", "勿扰"), (C,), read_yes_no, "yes or no", "never"),
    PropertyRow("stage", ("stage", "阶段"), (C,), read_stage, "choice", "lifecycle stage pinned by hand"),
    PropertyRow("tier", ("tier", "等级", "客户等级"), (C,), read_text, "text", "tier pinned by hand"),
    PropertyRow("tier_reason", ("tier_reason", "等级理由"), (C,), read_text, "text", "why the tier is pinned"),
    PropertyRow("growth", ("growth", "增长潜力"), (C,), _SCORE, "score 1–10", "growth potential"),
    PropertyRow("stability", ("stability", "稳定性"), (C,), _SCORE, "score 1–10", "stability"),
    PropertyRow("risk", ("risk", "风险"), (C,), _SCORE, "score 1–10", "risk; 10 is none"),
    PropertyRow("value", ("value", "价值"), (C,), _SCORE, "score 1–10", "value"),
    PropertyRow("potential", ("potential", "合作潜力"), (C,), _SCORE, "score 1–10", "potential"),
    PropertyRow("fit", ("fit", "战略匹配"), (C,), _SCORE, "score 1–10", "strategic fit"),
    PropertyRow("closeness", ("closeness", "关系紧密"), (C,), _SCORE, "score 1–10", "closeness"),
    PropertyRow("trust", ("trust", "信任"), (C,), _SCORE, "score 1–10", "trust"),
    PropertyRow("refers", ("refers", "愿意推荐"), (C,), read_yes_no, "yes or no", "willing to recommend"),
    PropertyRow("referred_by", ("referred_by", "推荐人"), (C,), read_reference, "link", "who introduced them"),
    PropertyRow("referred_on", ("referred_on", "推荐日期"), (C,), read_date, "date", "and when"),
    PropertyRow("contract_start", ("contract_start", "合同开始"), (C,), read_dates, "dates", "a date, or one for each contract"),
    PropertyRow("contract_end", ("contract_end", "合同到期"), (C,), read_dates, "dates", "the latest is in force"),
    PropertyRow("reviewed", ("reviewed", "资料更新"), (C,), read_date, "date", "when the file was last gone through"),
    PropertyRow("mute", ("mute", "静音"), (C,), read_mute, "ids", "warnings or touchpoints to keep quiet, or {id, until}"),
    PropertyRow("remarks", ("remarks", "备注"), (C,), read_text, "text", "remarks"),
    PropertyRow("client", ("client", "clients", "客户"), (P,), read_reference, "link", "the client; must be there"),
    PropertyRow("clients", ("client", "clients", "客户"), (J, N, F), read_references, "links", "the client or clients; must be there"),
    PropertyRow("left", ("left", "离职日期"), (P,), read_date, "date", "the day on which they left"),
    PropertyRow("title", ("title", "标题"), (J,), read_text, "text", "the project's title; the file's name if absent"),
    PropertyRow("start", ("start", "开始日期"), (J,), read_date, "date", "first day of work"),
    PropertyRow("due", ("due", "计划交付"), (J,), read_date, "date", "planned delivery"),
    PropertyRow("delivered", ("delivered", "交付日期"), (J,), read_date, "date", "delivery"),
    PropertyRow("amount", ("amount", "金额"), (J,), read_money, "money", "what it is worth"),
    PropertyRow("signed", ("signed", "签约日期"), (J,), read_date, "date", "the day it was signed"),
    PropertyRow("invoice_due", ("invoice_due", "付款期限"), (J,), read_date, "date", "the day payment is due"),
    PropertyRow("paid", ("paid", "已付款"), (J,), read_paid, "date or yes", "the day it was paid, or yes"),
    PropertyRow("day", ("date", "日期"), (N, F), read_date, "date", "the day; else the date that the file's name begins with"),
    PropertyRow("kind", ("kind", "类型"), (N,), choice_reader(KINDS), "choice", "what kind of interaction; contact if absent"),
    PropertyRow("about", ("about", "话题"), (N,), read_topics, "topics", "progress, insight, resource, care, personal, opportunity"),
    PropertyRow("direction", ("direction", "方向"), (N,), choice_reader(DIRECTIONS), "choice", "out, in or both"),
    PropertyRow("sentiment", ("sentiment", "态度"), (N,), read_sentiment, "attitude", "positive, neutral, negative, or −2 … 2"),
    PropertyRow("participants", ("participants", "参与人"), (N,), read_references, "links", "who took part"),
    PropertyRow("summary", ("summary", "摘要"), (N,), read_text, "text", "what it was about"),
    PropertyRow("response", ("response", "客户反馈"), (N,), read_text, "text", "what the client said"),
    PropertyRow("next", ("next", "下次沟通"), (N,), read_date, "date", "the next contact agreed"),
    PropertyRow("severity", ("severity", "严重程度"), (N,), _SEVERITY, "score 1–5", "of a complaint"),
    PropertyRow("resolved", ("resolved", "解决日期"), (N,), read_date, "date", "the day a complaint was solved"),
    PropertyRow("project", ("project", "项目"), (F,), read_reference, "link", "the project it is about"),
    PropertyRow("result", ("result", "成果满意度"), (F,), _SCORE, "score 1–10", "satisfaction with the result"),
    PropertyRow("communication", ("communication", "沟通效率"), (F,), _SCORE, "score 1–10", "satisfaction with the communication"),
    PropertyRow("professionalism", ("professionalism", "专业能力"), (F,), _SCORE, "score 1–10", "satisfaction with the professionalism"),
    PropertyRow("recommend", ("recommend", "推荐意愿"), (F,), _SURVEY, "score 0–10", "would recommend"),
    PropertyRow("best", ("best", "最满意"), (F,), read_text, "text", "what was best"),
    PropertyRow("improve", ("improve", "可改进"), (F,), read_text, "text", "what to improve"),
    PropertyRow("comments", ("comments", "其他意见"), (F,), read_text, "text", "anything else"),
)
# fmt: on
"""Every property, in the order of the documentation."""

PROPERTY_NAMES = tuple(dict.fromkeys(name for row in PROPERTIES for name in row.names))
"""Every name of a property, in English and Chinese."""

SCORES = ("growth", "stability", "risk", "value", "potential", "fit", "closeness", "trust")
"""The hand-given scores that every policy knows."""


@cache
def _rows_of(kind: str) -> Mapping[str, PropertyRow]:
    return {fold(name): row for row in PROPERTIES if kind in row.kinds for name in row.names}


@cache
def _row(kind: str, name: str) -> PropertyRow | None:
    return _rows_of(kind).get(fold(name))


def row_of(kind: str, name: str, mapping: NoteMapping) -> PropertyRow | None:
    """The row of a property by its name as written, through the vault's own names; None for one that is not ours."""
    if mapping.properties:
        name = mapping.properties.get(fold(name), name)
    return _row(kind, name) if len(name) <= LONGEST_NAME else None


LONGEST_NAME = 60
"""Characters up to which the name of a property may be one of ours."""


def is_property(name: str, mapping: NoteMapping) -> bool:
    """Whether notes of some kind of ours have a property of that name."""
    return fold(name) == "type" or any(row_of(kind, name, mapping) for kind in (C, P, J, N, F))


def _dimension(kind: str, name: str, config: ReadConfig) -> PropertyRow | None:
    """The row of a score that only this policy's tier scheme has."""
    if kind != C or fold(name) not in config.dimensions:
        return None
    return PropertyRow(fold(name), (name,), (C,), _SCORE, "score 1–10", "")


def read_properties(
    kind: str, properties: tuple[Property, ...], context: Context
) -> tuple[dict[str, object], Lines]:
    """Read all properties that a kind has.

    Returns:
        The values by the record's field, and the lines on which they stand. Of two equal properties, in any
        spelling or language, the first counts and the other is told.
    """
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    names: dict[str, str] = {}
    foreign: list[Property] = []
    mapping, own_scores = context.config.mapping, context.config.dimensions
    for each in properties:
        name, value, line, column = each
        row = row_of(kind, name, mapping)
        if row is None and own_scores:
            row = _dimension(kind, name, context.config)
        if row is None:
            foreign.append(each)
            continue
        if row.field in lines:
            context.tell("duplicate-property", line, column, name, names[row.field], (str(lines[row.field]),))
            continue
        lines[row.field], names[row.field] = line, name
        read = row.reader(value, name, context)
        if read is not None:
            values[row.field] = read
    for each in foreign:
        _tell_meant(kind, each, lines, context)
    return values, same_lines(lines)


def _tell_meant(kind: str, item: Property, lines: Mapping[str, int], context: Context) -> None:
    """Tell of a property that was most likely to be one of ours, unless that stands there, or it is empty."""
    name, value, line, column = item
    if len(name) > LONGEST_NAME or _is_empty(value):
        return
    mapped = context.config.mapping.properties.get(fold(name))
    meant = meant_property(kind, name) if mapped is None else None
    if meant is not None and _rows_of(kind)[meant].field not in lines:
        context.tell("unknown-property", line, column, name, "", (meant,))
    elif meant is None and kind in (P, J) and _steers_a_client(name if mapped is None else mapped):
        context.tell("property-elsewhere", line, column, name, "")


def _steers_a_client(name: str) -> bool:
    """Whether a property says, in a client's note, when to contact them."""
    row = _rows_of(C).get(fold(name))
    return (field_called(C, name) if row is None else row.field) in STEERING


STEERING = frozenset(
    {"cadence", "last_contact", "next_contact", "snooze_until", "do_not_contact", "mute", "contract_end"}
)
"""Fields of a client that people also write into the notes of the client's people and projects, in vain."""


def _is_empty(value: Value) -> bool:
    return isinstance(value, Scalar) and says_nothing(value)


def field_called(kind: str, name: str) -> str | None:
    """The field of the property that others often call so, in notes of a kind; None for no such name."""
    meant = _CALLED_ELSEWHERE.get((kind, fold(name)))
    return None if meant is None else _rows_of(kind)[fold(meant)].field


@cache
def meant_property(kind: str, name: str) -> str | None:
    """The folded name of the property that a name, which is none of this kind's, was most likely to be."""
    folded = fold(name)
    elsewhere = _CALLED_ELSEWHERE.get((kind, folded))
    if elsewhere is not None:
        return elsewhere
    if folded in _WORDS_OF_THEIR_OWN or not folded.replace("_", "").isalpha() or not folded.isascii():
        return None  # phone2 is another phone
    meant = one_slip_from(folded, (each for each in _rows_of(kind) if len(each) >= _LONG_ENOUGH))
    return None if meant is None or meant.rstrip("s") == folded.rstrip("s") else meant


ALSO_CALLED: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    ((C, P), "phone", ("mobile", "mobile_phone", "cell_phone", "phone_number", "telephone", "tel")),
    ((C, P), "email", ("email_address",)),
    ((C, P), "wechat", ("wechat_id", "weixin")),
    ((C, P), "birthday", ("birthdate", "birth_date", "date_of_birth")),
    ((C,), "last_contact", ("last_contacted", "last_contact_date", "last_touch", "last_touchpoint")),
    ((C,), "last_contact", ("last_interaction", "last_spoke", "last_met", "last_talked")),
    ((C,), "next_contact", ("next", "next_contact_date", "next_follow_up", "next_followup", "next_touch")),
    ((C,), "next_contact", ("next_touchpoint", "next_call", "next_check_in", "follow_up", "followup")),
    ((C,), "next_contact", ("follow_up_date", "follow_up_on")),
    ((C,), "cadence", ("contact_frequency", "contact_interval", "contact_every", "frequency")),
    ((C,), "cadence", ("follow_up_frequency", "check_in_frequency")),
    ((C,), "snooze_until", ("snooze", "snoozed")),
    ((C,), "do_not_contact", ("do_not_call", "dnc", "no_contact")),
    ((C,), "contract_end", ("contract_ends", "contract_end_date", "contract_renewal", "renewal")),
    ((C,), "contract_end", ("renewal_date", "renews_on")),
    ((C,), "lost_on", ("lost_date", "churn_date", "churned_on")),
    ((C,), "lost_reason", ("churn_reason", "reason_lost")),
    ((C,), "referred_by", ("introduced_by", "referrer")),
    ((C,), "since", ("client_since", "customer_since")),
    ((C,), "status", ("client_status",)),
    ((C,), "stage", ("client_stage", "lifecycle_stage")),
    ((C,), "tier", ("client_tier",)),
    ((C,), "channel", ("preferred_channel",)),
    ((C, J), "owner", ("account_manager", "account_owner", "assigned_to")),
    ((J,), "amount", ("budget", "fee", "price")),
    ((J,), "start", ("start_date",)),
    ((J,), "due", ("deadline", "due_date")),
    ((J,), "delivered", ("completed", "completed_on", "delivered_on", "delivery_date", "finished_on")),
    ((J,), "signed", ("contract_signed", "signed_on")),
    ((J,), "invoice_due", ("invoice_due_date", "payment_due")),
    ((J,), "paid", ("paid_on",)),
    ((N,), "date", ("call_date", "meeting_date")),
    ((N,), "participants", ("attendees",)),
    ((N,), "next", ("next_contact", "next_contact_date", "next_follow_up", "follow_up", "followup")),
    ((N,), "next", ("follow_up_date",)),
    ((C, P), "电话", ("联系电话", "电话号码", "手机", "手机号", "手机号码")),
    ((C, P), "邮箱", ("电子邮箱", "电子邮件", "邮箱地址")),
    ((C, P), "微信", ("微信号", "微信号码")),
    ((C, P), "职位", ("职务",)),
    ((C, P), "生日", ("出生日期", "出生年月")),
    ((C, P), "兴趣爱好", ("爱好",)),
    ((C,), "等级", ("客户级别", "级别")),
    ((C,), "阶段", ("客户阶段",)),
    ((C,), "状态", ("客户状态",)),
    ((C,), "行业", ("所属行业",)),
    ((C,), "联系人", ("对接人", "联系人姓名", "主要联系人")),
    ((C,), "推荐人", ("介绍人", "转介绍人")),
    ((C,), "首次合作时间", ("首次合作", "首次合作日期", "合作时间", "合作开始时间")),
    ((C,), "上次联系", ("上次联系日期", "上次联系时间", "上次沟通", "最近联系", "最后联系")),
    ((C,), "上次联系", ("上次跟进", "上次拜访", "最近跟进", "最近沟通")),
    ((C,), "下次联系", ("下次联系日期", "下次联系时间", "下次沟通", "下次沟通日期", "下次回访")),
    ((C,), "下次联系", ("下次跟进", "下次跟进日期", "下次跟进时间")),
    ((C,), "沟通频率", ("联系频率", "联系周期", "跟进频率", "跟进周期")),
    ((C,), "合同开始", ("合同开始日期", "合同开始时间")),
    ((C,), "合同到期", ("合同到期日", "合同到期日期", "合同到期时间", "合同结束", "合同结束日期")),
    ((C,), "合同到期", ("续约日期",)),
    ((C, J, N), "责任人", ("跟进人",)),
    ((C,), "责任人", ("业务员", "客户经理")),
    ((P, J, N, F), "客户", ("所属客户",)),
    ((J, N, F), "客户", ("客户名称",)),
    ((J,), "标题", ("项目名称",)),
    ((J,), "金额", ("费用", "总金额", "合同金额", "项目金额", "订单金额", "报价", "预算")),
    ((J,), "状态", ("项目状态",)),
    ((J,), "签约日期", ("签约时间",)),
    ((J,), "开始日期", ("开始时间", "项目开始日期")),
    ((J,), "计划交付", ("计划交付日期", "预计交付", "预计交付日期", "截止日期")),
    ((J,), "交付日期", ("交付时间", "完成日期")),
    ((J,), "付款期限", ("付款截止日期",)),
    ((N,), "日期", ("沟通日期", "会议日期", "拜访日期")),
    ((N,), "类型", ("沟通类型",)),
    ((N,), "参与人", ("参会人", "参会人员")),
    ((N,), "下次沟通", ("下次沟通日期", "下次沟通时间", "下次联系", "下次联系日期", "下次联系时间")),
    ((N,), "下次沟通", ("下次跟进", "下次跟进日期", "下次跟进时间")),
    ((F,), "日期", ("反馈日期",)),
)
"""By kinds, what a property of ours is often called by whom no other meaning comes to mind.

It is told where ours is not there: who keeps a mobile number *beside* ``phone`` means that.
"""

_CALLED_ELSEWHERE = {
    (kind, fold(name)): meant for kinds, meant, names in ALSO_CALLED for kind in kinds for name in names
}

_WORDS_OF_THEIR_OWN = frozenset({"contract", "reviewer", "state", "stars"})
"""What people call properties of their own that are one letter from ours; singular and plural are, too."""

_LONG_ENOUGH = 5  # letters: the shorter ones are too near to other words
