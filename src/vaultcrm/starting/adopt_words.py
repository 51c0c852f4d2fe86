"""The words by which people and other tools name such notes and properties, and what they mean here.

Data only: it must not know how a vault is looked through.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.parse.vocabulary import fold

CATEGORIES = frozenset(
    {"type", "category", "categories", "class", "kind", "fileclass", "分类", "类别", "类型"}
)
"""Properties whose value may say what a note is about."""

TAGS = frozenset({"tag", "tags"})

_KINDS: Mapping[str, tuple[str, ...]] = {
    "client": (
        *("client", "clients", "customer", "customers", "account", "accounts", "prospect", "prospects"),
        *("lead", "leads", "客户", "甲方", "客户资料", "客户档案", "客户管理"),
    ),
    "person": (
        *("person", "people", "persons", "contact", "contacts", "individual", "relationships", "rolodex"),
        *("联系人", "人脉", "人物"),
    ),
    "project": ("project", "projects", "deal", "deals", "engagement", "engagements", "项目"),
    "order": ("order", "orders", "订单"),
    "interaction": (
        *("interaction", "interactions", "meeting", "meetings", "call", "calls", "meeting notes"),
        *("会议", "会议记录", "会议纪要", "沟通记录", "拜访记录", "回访记录", "跟进记录"),
    ),
    "feedback": ("feedback", "survey", "surveys", "反馈"),
}

COMPANIES = frozenset(
    fold(word)
    for word in (
        *("company", "companies", "organization", "organizations", "organisation", "organisations", "org"),
        *("orgs", "business", "businesses", "firm", "firms", "employer", "employers"),
        *("公司", "企业", "单位", "组织"),
    )
)
"""Words for notes about companies: clients, unless the vault has another word for these."""

KIND_OF_WORD: Mapping[str, str] = {
    **{fold(word): kind for kind, words in _KINDS.items() for word in words},
    **dict.fromkeys(COMPANIES, "client"),
}
"""Words that people name such notes by, folded, and the kind that they mean."""

CLIENT_NAMES = frozenset(
    fold(word)
    for word in (
        *("client", "clients", "customer", "company", "org", "organization", "organisation", "employer"),
        *("account", "business", "works at", "works for", "workplace", "客户", "公司", "单位", "甲方"),
    )
)
"""Properties that may name the client of a note."""

TEMPLATES = frozenset(fold(word) for word in ("template", "templates", "模板", "模版", "笔记模板"))
"""Folders that hold templates, wherever they lie."""

ATTENDEES = frozenset(
    fold(word)
    for word in ("attendees", "participants", "people", "person", "with", "contact", "参与人", "参会人")
)
"""Properties that may name people of a client, of a note about a conversation."""

_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "client": (*CLIENT_NAMES,),
    "email": ("e-mail", "mail", "emails", "email address", "work email", "电子邮箱", "电子邮件"),
    "phone": (
        *("tel", "telephone", "mobile", "mobile phone", "cell", "cellphone", "phone number", "phones"),
        *("手机", "手机号", "联系电话"),
    ),
    "wechat": ("weixin", "wechat id", "微信号"),
    "birthday": (
        *("birthdate", "birth date", "bday", "dob", "date of birth", "born", "prm-birthday"),
        *("出生日期", "阳历生日", "农历生日"),
    ),
    "last_contact": (
        *("last contacted", "lastcontact", "lastcontacted", "last contact date", "last touch", "last talked"),
        *("last spoke", "last met", "last meeting", "last interaction", "last seen", "last"),
        *(
            "date last contacted",
            "last contacted on",
            "prm-last-contacted",
            "prm-last-contact",
            "最近联系",
            "最后联系",
            "上次沟通",
            "最近沟通",
        ),
    ),
    "next_contact": (
        *("nextcontact", "next contact date", "follow up", "followup", "follow up date", "next follow up"),
        *("next touch", "next meeting", "contact again", "跟进日期", "下次跟进", "下次沟通"),
    ),
    "snooze_until": ("snooze", "snoozed until", "prm-snooze-until"),
    "cadence": (
        *("contact frequency", "contactfrequency", "frequency", "contact every", "keep in touch", "rhythm"),
        *("contact interval", "prm-cadence", "联系频率", "跟进频率"),
    ),
    "owner": (
        *("account manager", "account owner", "assignee", "assigned to", "responsible", "managed by"),
        *("跟进人", "负责人员", "客户经理", "销售"),
    ),
    "position": ("role", "job", "job title", "jobtitle", "职务", "岗位"),
    "industry": ("sector", "branch", "所属行业"),
    "since": ("client since", "customer since", "since date", "first met", "合作开始", "签约时间"),
    "interests": ("hobbies", "hobby", "likes", "爱好"),
    "referred_by": ("referrer", "referral", "introduced by", "introduction", "介绍人"),
    "channel": ("medium", "via", "preferred channel", "contact method", "method", "方式"),
    "participants": ("attendees", "people", "with", "participants list", "present", "参会人", "参会人员"),
    "summary": ("subject", "topic", "主题"),
    "day": ("meeting date", "call date", "date of meeting", "会议日期", "沟通日期"),
    "start": ("start date", "startdate", "started", "kickoff", "kick-off", "开工日期"),
    "due": ("deadline", "due date", "duedate", "end date", "enddate", "截止日期"),
    "delivered": ("completed", "completed on", "finished", "delivery date", "完成日期"),
    "amount": (
        "budget",
        "price",
        "fee",
        "deal value",
        "deal size",
        "contract value",
        "合同金额",
        "合同额",
        "报价",
    ),
    "contract_end": ("renewal", "renewal date", "contract ends", "expires", "到期日", "续约日期"),
}

FIELD_OF_NAME: Mapping[str, str] = {
    fold(name): field for field, names in _PROPERTIES.items() for name in names
}
"""Names that people and other tools give properties, folded, and the field that they mean."""
