"""The words that notes may use for values, in English and Chinese (specification 2).

Each table maps every accepted spelling, folded, to the one word that is used inside. This module must not
know in which property a word may stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

LONGEST_WORD = 200
"""Characters up to which words are compared: the time that it takes grows with the square."""

_SPACES = str.maketrans({"-": "_", " ": "_", "\u3000": "_", "\u00a0": "_"})


def fold(text: str) -> str:
    """A name as it is compared: NFC, without regard to case, with ``-``, ``_`` and spaces equal."""
    return _fold_again(text) if len(text) <= _USUAL else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        return text.strip().lower().translate(_SPACES)
    return unicodedata.normalize("NFC", text).strip().casefold().translate(_SPACES)


_USUAL = 24  # characters; what is longer is rarely met twice
_fold_again = lru_cache(maxsize=512)(_fold)  # the names of properties and their words, in note after note


def nearest(word: str, known: Iterable[str], count: int = 3, alike: float = 0.5) -> tuple[str, ...]:
    """The known words that look most like ``word``, best first, compared folded.

    A beginning counts as near; ``alike``, from 0 to 1, is how much of the rest has to be the same. Nothing is
    near to what is longer than any name.
    """
    return _nearest(word, tuple(known), count, alike) if len(word) <= LONGEST_WORD else ()


@lru_cache(maxsize=64)  # a vault's mistakes repeat: a property's wrong name stands in each note
def _nearest(word: str, known: tuple[str, ...], count: int, alike: float) -> tuple[str, ...]:
    import difflib  # only where there is something to complain about

    by_fold = {fold(name): name for name in known if len(name) <= LONGEST_WORD}
    wanted = fold(word)
    found = difflib.get_close_matches(wanted, by_fold, n=count, cutoff=alike)
    begins = [name for name in by_fold if wanted and name.startswith(wanted) and name not in found]
    return tuple(by_fold[name] for name in (*found, *sorted(begins, key=len))[:count])


def one_slip_from(word: str, known: Iterable[str]) -> str | None:
    """The known word that this would be but for one slip of the hand; both are folded already.

    A slip is a letter too many, too few, a wrong one, or two in the wrong order. Words of two or three
    letters are a slip away from far too much.
    """
    if not _SHORTEST_SLIPPED <= len(word) <= LONGEST_WORD:
        return None
    return next((each for each in known if _is_one_slip(word, each)), None)


_SHORTEST_SLIPPED = 4


def _is_one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    mine, its = one[same:], other[same:]
    return (
        mine[1:] == its[1:]
        or mine[1:] == its
        or mine == its[1:]
        or (mine[:2] == its[1::-1] and mine[2:] == its[2:])
    )


def parts_of(text: str) -> tuple[str, ...]:
    """What a text consists of that may name several in one: ``甲、乙``; nothing where it names one."""
    if len(text) > LONGEST_WORD or text.isalnum():
        return ()
    parts = tuple(part.strip() for part in text.translate(_SEPARATORS).split("\n"))
    return parts if len(parts) > 1 and all(parts) else ()


_SEPARATORS = str.maketrans(dict.fromkeys("、，,；;/&", "\n"))


def has_han(text: str) -> bool:
    """Whether Chinese is written: an emoji or a curly quote is none."""
    return not text.isascii() and any("\u3400" <= character <= "\u9fff" for character in text)


def spellings(table: Mapping[str, str], written: str) -> tuple[str, ...]:
    """The words of a table as somebody would write them who wrote this: in Chinese, else in English."""
    words: dict[str, str] = {}
    chinese = has_han(written)
    for spelling, word in table.items():
        other = words.get(word)
        if other is None or (other.isascii() and chinese):
            words[word] = word if other is None else spelling
    return tuple(words.values())


def _table(*rows: tuple[str, ...]) -> Mapping[str, str]:
    """Rows of (word, other spelling, …) as a mapping from each folded spelling to the word."""
    return {fold(spelling): row[0] for row in rows for spelling in row}


KINDS_OF_NOTE = _table(
    ("client", "客户"),
    ("person", "联系人"),
    ("project", "项目"),
    ("order", "订单"),
    ("interaction", "沟通记录"),
    ("feedback", "反馈"),
)
"""Values of ``type``; an order is a project note with its own flag."""

FOLDERS: Mapping[str, str] = {
    "Clients": "client",
    "客户": "client",
    "People": "person",
    "联系人": "person",
    "Projects": "project",
    "项目": "project",
    "Interactions": "interaction",
    "沟通记录": "interaction",
    "Feedback": "feedback",
    "反馈": "feedback",
}
"""The folder of each kind, under both languages' names."""

LOG = "log"
"""What a section of a client's note is that holds conversations."""

LOG_SECTIONS = frozenset({fold("Log"), fold("沟通记录")})
"""Headings of such sections, beside those that a vault maps to it."""

LOG_MARKS: Mapping[str, str] = {
    "next": "next",
    "下次沟通": "next",
    "下次联系": "next",
    "下次": "next",
    "severity": "severity",
    "严重程度": "severity",
    "resolved": "resolved",
    "解决日期": "resolved",
}
"""Names of marks at the end of a log's items, which have a value behind a colon."""

CLIENT_STATUS = _table(("active", "合作中"), ("paused", "暂停"), ("lost", "流失"), ("archived", "归档"))
PROJECT_STATUS = _table(
    ("proposal", "提案"), ("active", "进行中"), ("delivered", "已交付"), ("cancelled", "canceled", "已取消")
)
STAGES = _table(
    ("prospect", "潜在客户", "潜在"),
    ("new", "新客户"),
    ("growing", "成长客户", "成长"),
    ("core", "核心客户", "核心"),
)
CHANNELS = _table(
    ("wechat", "微信"),
    ("email", "e-mail", "mail", "邮件"),
    ("phone", "call", "电话"),
    ("meeting", "会议"),
    ("visit", "见面"),
    ("video", "视频"),
    ("message", "短信"),
    ("other", "其他"),
)
KINDS = _table(
    ("contact", "联系"),
    ("meeting", "会议"),
    ("review", "业务回顾"),
    ("visit", "拜访"),
    ("check-in", "回访"),
    ("survey", "调研"),
    ("greeting", "问候"),
    ("gift", "礼物"),
    ("newsletter", "资讯"),
    ("brief", "简报"),
    ("referral-ask", "请求推荐"),
    ("referral-thanks", "感谢推荐"),
    ("referral-report", "推荐进展"),
    ("complaint", "投诉"),
    ("support", "支持"),
    ("proposal", "提案"),
    ("internal", "内部"),
)
TOPICS = _table(
    ("progress", "进展"),
    ("insight", "资讯"),
    ("resource", "资源"),
    ("care", "关怀"),
    ("personal", "个人"),
    ("opportunity", "商机"),
)
DIRECTIONS = _table(("out", "发出"), ("in", "收到"), ("both", "双向"))
SENTIMENTS = _table(("positive", "积极"), ("neutral", "中性"), ("negative", "消极"))
YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "true", "y", "on", "1", "是"), True),
    **dict.fromkeys(("no", "false", "n", "off", "0", "否"), False),
}
NOTHING = frozenset({"", "~", "null"})
"""What a value of a kind other than text may be written as to say that there is none."""


def often_meant(word: str, words: Iterable[str]) -> tuple[str, ...]:
    """Which of these words somebody means who writes one that means the same; both as they are written."""
    means = _MEANS.get(fold(word), ())
    return tuple(each for each in words if each in means)


_OFTEN_MEANT = (
    (
        ("active", "合作中"),
        (
            *("current", "existing", "customer", "prospect", "potential", "lead", "trial", "pilot", "won"),
            *("已合作", "正常", "潜在", "意向", "跟进中", "成交", "已成交", "已签约"),
        ),
    ),
    (("paused", "暂停"), ("inactive", "on hold", "dormant", "sleeping", "暂停合作", "搁置", "休眠")),
    (
        ("lost", "流失"),
        ("former", "past", "churned", "gone", "ended", "closed", "已流失", "终止", "终止合作"),
    ),
    (("archived", "归档"), ("archive", "old", "已归档")),
    (("proposal", "提案"), ("lead", "quote", "quoted", "offer", "draft", "洽谈中", "洽谈", "报价", "待定")),
    (("active", "进行中"), ("in progress", "ongoing", "running", "started", "wip", "执行中", "在做")),
    (
        ("delivered", "已交付"),
        ("done", "complete", "completed", "finished", "closed", "已完成", "完成"),
    ),
    (("cancelled", "已取消"), ("dropped", "rejected", "lost", "aborted", "取消", "终止")),
)
"""Words of ours for a status, in English and in Chinese, and what else people call it."""

_MEANS: dict[str, tuple[str, ...]] = {}
for _meant, _others in _OFTEN_MEANT:
    for _spelling in _others:
        _MEANS[fold(_spelling)] = (*_MEANS.get(fold(_spelling), ()), *_meant)


@lru_cache(maxsize=64)  # who has a channel of their own names it again and again
def near_channel(text: str) -> tuple[str, ...]:
    """The known channel that an unknown one nearly is; empty where it is something else."""
    meant = one_slip_from(fold(text), spellings(CHANNELS, ""))
    return (meant,) if meant else ()
