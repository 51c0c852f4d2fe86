"""Vaults of people who have no clients: notes in the styles that are common, none of which is ours.

Run as a program it makes one to look at: ``python -m tests.hostile.strangers FOLDER 30000``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.vaults import write_vault

WORDS = [
    "river",
    "stone",
    "garden",
    "window",
    "paper",
    "letter",
    "summer",
    "morning",
    "question",
    "answer",
    "pattern",
    "engine",
]
CHINESE = ["笔记", "阅读", "思考", "方法", "项目", "时间", "生活", "学习", "计划", "总结", "问题", "习惯"]
PEOPLE = ["Ada Kurz", "Ben Holt", "Cleo Marsh", "Dan Ortiz", "Eva Lind", "林知夏", "周明远"]

Note = tuple[str, str]
Style = Callable[[random.Random, int], Note]


def _text(rnd: random.Random, words: list[str] = WORDS, length: int = 60) -> str:
    return " ".join(rnd.choice(words) for _ in range(length))


def dataview(rnd: random.Random, number: int) -> Note:
    """Inline fields and queries."""
    return f"Books/Book {number}.md", (
        f"---\ntags: [book, {rnd.choice(WORDS)}]\nrating: {rnd.randrange(12)}\nstatus: reading\n"
        "stage: draft\n---\n"
        f"author:: [[{rnd.choice(PEOPLE)}]]\n(read:: 2024-02-30)\n\n"
        '```dataview\nTABLE rating FROM #book WHERE status = "reading"\n```\n'
        f"```dataviewjs\ndv.list(dv.pages())\n```\n{_text(rnd)}\n"
    )


def templater(rnd: random.Random, number: int) -> Note:
    """Templates that lie where notes do."""
    return f"_templates/Template {number}.md", (
        "---\ntitle: <% tp.file.title %>\ndate: {{date}}\ntags: {{tags}}\n---\n"
        "<%* await tp.file.rename('x') %>\n"
        f"# {{{{title}}}}\n{_text(rnd, length=20)}\n"
    )


def categories(rnd: random.Random, number: int) -> Note:
    """Kinds as links, people as references."""
    return f"References/{rnd.choice(PEOPLE)} {number}.md", (
        f'---\ncategories:\n  - "[[{rnd.choice(("People", "Books", "Clients", "Projects"))}]]"\n'
        f"birthday: {number % 99}\n"
        'org:\n  - "[[Somewhere]]"\nlast: "[[2024-08]]"\ntype: []\n---\n' + _text(rnd) + "\n"
    )


def zettel(rnd: random.Random, number: int) -> Note:
    """Numbered slips."""
    return f"Zettelkasten/2024{number:08} {rnd.choice(WORDS)}.md", (
        f"# {_text(rnd, length=4)}\n\n{_text(rnd)} [[2024{rnd.randrange(9999):08}]]\n\n"
        f"---\n\n#zettel ^block{number}\n"
    )


def outline(rnd: random.Random, number: int) -> Note:
    """Exports of an outliner."""
    lines = "".join(
        f"{'  ' * (n % 4)}- {rnd.choice(('NOW', 'DONE', 'LATER', ''))} {_text(rnd, length=6)}\n"
        for n in range(20)
    )
    return f"pages/{rnd.choice(WORDS)}___{number}.md", (
        f"type:: [[client]]\nalias:: {rnd.choice(WORDS)}\n\n"
        f"{lines}- {{{{query (task NOW)}}}}\n- collapsed:: true\n"
    )


def day(rnd: random.Random, number: int) -> Note:
    """Daily notes with tasks."""
    date = f"20{number // 336 % 80 + 10:02}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    return f"Daily/{date} {number}.md", (
        f"---\ncreated: {date} 07:30\nmood: {rnd.randrange(10)}\n---\n## Log\n"
        f"- {date} phone: {_text(rnd, length=5)} +1\n"
        f"- [ ] {_text(rnd, length=4)} 📅 2026-02-30 🔁 every day\n"
        f"- 09:30 [[{rnd.choice(PEOPLE)}]]: call next:never\n"
    )


def kanban(rnd: random.Random, number: int) -> Note:
    """Boards of a plugin."""
    return f"Boards/Board {number}.md", (
        "---\n\nkanban-plugin: board\n\n---\n\n## Doing\n\n"
        f"- [ ] {_text(rnd, length=4)} @{{2024-01-01}}\n\n***\n\n## Archive\n\n- [x] done\n\n"
        '%% kanban:settings\n```\n{"kanban-plugin":"board"}\n```\n%%\n'
    )


def para(rnd: random.Random, number: int) -> Note:
    """Numbered top folders, names of ours further down."""
    folder = ("1 Projects/House", "2 Areas/Clients", "3 Resources/People", "4 Archive/Interactions")[
        number % 4
    ]
    return f"{folder}/{_text(rnd, length=2)} {number}.md", (
        f"---\nstatus: {rnd.choice(('someday', 'lost', 'won'))}\n"
        f"due: soon\nclient: none\nowner:\n---\n{_text(rnd)}\n"
    )


def overview(rnd: random.Random, number: int) -> Note:
    """Maps of content."""
    links = "".join(f"- [[{rnd.choice(WORDS)} {n}|{rnd.choice(WORDS)}]]\n" for n in range(25))
    return (
        f"MOC/{rnd.choice(WORDS)} MOC {number}.md",
        f"---\ntype: moc\naliases: [home, {number}]\n---\n{links}",
    )


def chinese(rnd: random.Random, number: int) -> Note:
    """Chinese notes, full-width signs among their properties."""
    return f"知识库/{rnd.choice(CHINESE)} {number}.md", (
        f"---\n标题：{rnd.choice(CHINESE)}\n类型: 读书笔记\n状态: 未读\n标签: [{rnd.choice(CHINESE)}]\n---\n"
        f"{_text(rnd, CHINESE)}。\n\n- 2024年1月1日 微信：{_text(rnd, CHINESE, 3)}\n"
    )


def clipping(rnd: random.Random, number: int) -> Note:
    """Pages cut out of the web: titles with colons, raw HTML."""
    return f"Clippings/{_text(rnd, length=3)} {number}.md", (
        f"---\ntitle: {rnd.choice(WORDS)}: a {rnd.choice(WORDS)}\nsource: https://example.com/{number}\n---\n"
        f"<div><img src='x.png'></div>\n\n![x](https://example.com/x.png)\n\n"
        f"| a | b |\n| --- | --- |\n{_text(rnd, length=200)}\n"
    )


def broken(rnd: random.Random, number: int) -> Note:
    """What strangers get wrong."""
    return f"Inbox/Untitled {number}.md", rnd.choice(
        (
            "",
            "---\n",
            "---\ntitle: never closed\n\ntext\n",
            "---\na: [b\nc: *d\n\te: f\n---\n",
            "---\nsame: 1\nsame: 2\n---\n",
            "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
            "---\ntype: meeting\ndate: yesterday\nclient: '[[Nobody]]'\n---\n",
        )
    )


STYLES: tuple[Style, ...] = (
    dataview,
    templater,
    categories,
    zettel,
    outline,
    day,
    kanban,
    para,
    overview,
    chinese,
    clipping,
    broken,
)


def strangers(count: int, seed: int = 1) -> dict[str, bytes]:
    """Notes in all styles in turn; some with CRLF, a byte order mark, or bytes that are no UTF-8."""
    rnd = random.Random(seed)
    made: dict[str, bytes] = {}
    for number in range(count):
        path, text = STYLES[number % len(STYLES)](rnd, number)
        data = text.encode()
        ends = rnd.randrange(20)
        if ends < 3:
            data = data.replace(b"\n", b"\r\n")
        if ends in (2, 3):
            data = b"\xef\xbb\xbf" + data
        made[path] = data + b"caf\xe9\n" if ends == 4 else data
    return made


if __name__ == "__main__":
    write_vault(Path(sys.argv[1]), strangers(int(sys.argv[2])))
