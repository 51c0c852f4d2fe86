"""The words of a policy note, in English and Chinese: heads of tables and columns, names of rows.

This module must not know what any of them leads to.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.patterns import regex
from vaultcrm.parse.vocabulary import fold


def _words(rows: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Each folded spelling with what it stands for."""
    return {fold(word): name for name, spellings in rows.items() for word in (name, *spellings)}


def split_words(text: str) -> list[str]:
    """The words of a list in a cell."""
    return [word for word in _BETWEEN.split(text) if word.strip()]


_BETWEEN = regex(r"\s*[,;，、；/]\s*|\s+and\s+|\s*和\s*")

TABLES: Mapping[str, str] = _words(
    {
        "stage": ("lifecycle stage", "阶段", "客户阶段"),
        "tier": ("tiers", "等级", "客户等级"),
        "touchpoint": ("touchpoints", "事项", "触点"),
        "holiday": ("holidays", "festival", "节日"),
        "setting": ("settings", "设置"),
    }
)
"""What a table is about, by the head of its first column."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "stage": _words(
        {
            "in_project": ("during a project", "in a project", "during", "项目期间", "项目中", "合作期间"),
            "after": ("after a project", "after it", "afterwards", "项目结束后", "项目后", "结束后"),
        }
    ),
    "tier": _words(
        {
            "every": ("contact every", "contact", "cadence", "联系频率", "沟通频率", "多久联系一次"),
            "score": ("score from", "from score", "总分", "分数", "起始分数"),
            "amount": ("amount in 12 months", "amount, 12 months", "金额", "近 12 个月金额", "近12个月金额"),
            "projects": ("number of projects", "项目数", "合作次数"),
            "trust": ("信任",),
            "quiet": ("quiet for days", "quiet days", "没动静的天数", "多少天没动静"),
        }
    ),
    "touchpoint": _words(
        {
            "on": ("启用",),
            "interval": ("every", "间隔", "多久"),
            "lead": ("days ahead", "提前天数", "提前几天"),
            "who": ("for", "for whom", "适用", "对象"),
            "settled": ("settled by", "done by", "完成方式", "怎样算完成"),
            "ignored": ("what", "what it is", "是什么", "说明"),
        }
    ),
    "holiday": _words({"greet": ("greeting", "greetings", "on", "问候", "祝福", "启用")}),
    "setting": _words({"value": ("值", "内容"), "ignored": ("what", "what it is", "是什么", "说明")}),
}
"""The columns of each table behind the first, by their heads."""

TOUCHPOINTS: Mapping[str, str] = _words(
    {
        "survey": ("survey after a delivery", "交付后的调研", "满意度调研"),
        "check-in-1m": ("check-in after a month", "一个月回访"),
        "check-in-3m": ("check-in after three months", "三个月深度回访"),
        "quarterly-review": ("business review", "季度业务回顾"),
        "brief": ("brief", "简报", "月度简报"),
        "deep-visit": ("in-depth visit", "深度拜访"),
        "care-mail": ("care mail", "关怀邮件"),
        "yearly-survey": ("yearly survey", "年度满意度调研"),
        "news": ("something worth reading", "分享行业资讯", "发点有用的"),
        "birthday": ("birthdays", "生日"),
        "important-date": ("important dates", "重要日期"),
        "holiday": ("holidays", "节日", "节日问候"),
        "renewal": ("before a contract ends", "合同到期之前", "合同续约"),
        "minutes": ("minutes of a visit", "拜访纪要", "补写拜访纪要"),
        "call-back": ("call back about a solved complaint", "投诉解决后回访"),
        "referral-thanks": ("thank for a referral", "感谢推荐"),
        "referral-report": ("tell what came of a referral", "告知推荐进展"),
        "referral-ask": ("ask for a referral", "请求转介绍"),
        "follow-up": ("follow-ups", "待办", "跟进"),
    }
)
"""Other names of the touchpoints that there are."""

FESTIVALS: Mapping[str, str] = _words(
    {
        "spring-festival": ("春节",),
        "dragon-boat": ("dragon boat festival", "端午节", "端午"),
        "mid-autumn": ("mid-autumn festival", "中秋节", "中秋"),
        "national-day": ("国庆节", "国庆"),
        "new-year": ("new year's day", "元旦", "新年"),
    }
)

SETTINGS: Mapping[str, str] = _words(
    {
        "holidays": ("public holidays", "public holidays of", "country", "法定节假日", "节假日"),
        "workdays": ("working days", "工作日", "上班日"),
        "capacity": ("contacts a day", "每天最多联系", "每天联系上限"),
        "min_gap": ("days between contacts", "days between two contacts", "两次联系至少隔几天"),
        "window": ("days until given up", "过期天数", "几天后算错过"),
        "amount_steps": ("steps of the amount", "amount steps", "金额分档", "金额档位"),
    }
)
"""Single numbers of the configuration."""

WEEKDAYS: Mapping[str, str] = _words(
    {
        "mon": ("monday", "周一", "星期一"),
        "tue": ("tuesday", "周二", "星期二"),
        "wed": ("wednesday", "周三", "星期三"),
        "thu": ("thursday", "周四", "星期四"),
        "fri": ("friday", "周五", "星期五"),
        "sat": ("saturday", "周六", "星期六"),
        "sun": ("sunday", "周日", "周天", "星期日", "星期天"),
    }
)

ANY_TIME = ("any time", "anytime", "随时")
ALL = frozenset(map(fold, ("all", "any", "any contact", "everybody", "全部", "所有", "任何联系", "任何")))
"""What stands for everybody, or for every contact."""
