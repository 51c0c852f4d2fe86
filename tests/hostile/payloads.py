"""Texts that want to be more than text in what is made of them: markup, queries, scripts, formulas, lines.

They stand in every place of a client's notes that some output shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.hostile.notes import Hostile, note

PAYLOADS = (
    "<script>alert('HVXSS')</script>",
    "<img src=x onerror=alert('HVXSS')>",
    "<iframe src=https://127.0.0.1/HVXSS></iframe>",
    "<svg/onload=alert('HVXSS')>",
    "<a href=javascript:alert('HVXSS')>x</a>",
    "</td></tr></table><h1>HVXSS</h1>",
    "<!-- HVXSS -->",
    "--> HVXSS <!--",
    "<!-- vaultcrm:end -->HVXSS",
    "<!-- vaultcrm:begin today -->HVXSS",
    "<!-- vaultcrm:generated clients=99999 HVXSS -->",
    "<?php HVXSS ?>",
    "<![CDATA[HVXSS]]>",
    "&lt;script&gt;HVXSS&#60;/script&#62;",
    "[x](javascript:alert('HVXSS'))",
    "[x](data:text/html,HVXSS)",
    "![x](https://127.0.0.1/HVXSS.png)",
    "![[HVXSS]]",
    "![[HVXSS.png|100]]",
    "[[HVXSS|x]]",
    "[[a]] | [[b]]",
    "<https://127.0.0.1/HVXSS>",
    "https://127.0.0.1/HVXSS",
    "www.HVXSS.example",
    "`HVXSS`",
    "``HVXSS``",
    "```dataviewjs HVXSS```",
    "```\ndataviewjs\nHVXSS\n```",
    "~~~query\nHVXSS\n~~~",
    "`= this.HVXSS`",
    "`$= dv.HVXSS`",
    "$= dv.HVXSS",
    "$$HVXSS$$",
    "$HVXSS$",
    "%% HVXSS %%",
    "%%",
    "<% tp.HVXSS %>",
    "<%* HVXSS %>",
    "<%_ HVXSS _%>",
    "{{HVXSS}}",
    "{% HVXSS %}",
    "{# HVXSS #}",
    "{HVXSS.__class__}",
    "%(HVXSS)s %s %d",
    "HVXSS | a | b | c",
    "HVXSS \\| a",
    "HVXSS\\",
    "|||||HVXSS",
    "a\nHVXSS",
    "a\n\n# HVXSS",
    "a\n---\nHVXSS",
    "a\n| HVXSS | b |",
    "a\r\nHVXSS\rb",
    "# HVXSS",
    "> [!danger] HVXSS",
    "- [ ] HVXSS",
    "- HVXSS",
    "1. HVXSS",
    "1) HVXSS",
    "+ HVXSS",
    "=== HVXSS",
    "--- HVXSS",
    "---",
    "**HVXSS**",
    "__HVXSS__",
    "*HVXSS",
    "~~HVXSS~~",
    "==HVXSS==",
    "^HVXSS",
    "[^HVXSS]",
    "[^HVXSS]: x",
    "[HVXSS]: https://127.0.0.1",
    "#HVXSS",
    "HVXSS:: x",
    "(HVXSS:: x)",
    "[HVXSS:: x]",
    ":HVXSS:",
    "@HVXSS",
    "HVXSS ^block",
    "    HVXSS",
    "\tHVXSS",
    "HVXSS  ",
    "\u202eHVXSS\u202c",
    "\u2066HVXSS",
    "\u200bHVXSS\u200b",
    "HVXSS\u2028HVXSS",
    "HVXSS\x85HVXSS",
    "HVXSS\u0000",
    "HVXSS\u001b]8;;https://127.0.0.1\u0007x\u001b]8;;\u0007",
    "HVXSS\x9b31mx",
    "HVXSS\x08\x08\x08",
    "Z͑ͫA̴ͭL̸ͥG̵O HVXSS" + "\u0301" * 500,
    "HVXSS " * 300,
    "HVXSS" * 400,
    "obsidian://open?vault=HVXSS",
    "file:///HVXSS",
    "mailto:HVXSS@example.com?bcc=x",
    "classDef HVXSS fill:red; click HVXSS call alert()",
    'HVXSS" : 100',
    "x]-->y[HVXSS",
    "%%{init: HVXSS}%%",
)
"""Texts that try to be more than text in Markdown, Obsidian, GitHub, Mermaid, templates."""

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    '"=1"',
    '=HYPERLINK("https://127.0.0.1/HVXSS")',
    ";=1",
    "a,=1",
    "a\r\n=1",
    '",=1,"',
    "\ufeff=1",
    "\u200b=1",
)

CALENDAR = (
    "x\nATTENDEE:mailto:HVXSS@example.com",
    "x\r\nATTACH:https://127.0.0.1/HVXSS",
    "x\rBEGIN:VALARM\rACTION:AUDIO\rEND:VALARM",
    "x\nEND:VEVENT\nBEGIN:VEVENT\nUID:HVXSS",
    "x\nEND:VCALENDAR",
    "x\x0bORGANIZER:HVXSS",
    "x\x0cRRULE:FREQ=SECONDLY",
    "x\x85X-HVXSS:1",
    "x\u2028X-HVXSS:1",
    "x\u2029X-HVXSS:1",
    "x\\nX-HVXSS:1",
    "x\\NX-HVXSS:1",
    'x\\\\n;,:"',
    '";X-HVXSS=1:',
    ";X-HVXSS=1:y",
    "x\n X-HVXSS:1",
    "x\n\tX-HVXSS:1",
    "BEGIN:VCALENDAR\nMETHOD:CANCEL",
    "😀" * 60,
    "𝕏" * 100 + "\\",
    "\\" * 200,
    "\x00\x01\x02x",
    "é" * 74,
    "，；：" * 60,
)

TEXT_PROPERTIES = (
    "name",
    "owner",
    "contact",
    "goal",
    "industry",
    "interests",
    "family",
    "remarks",
    "phone",
    "email",
    "wechat",
    "channel",
    "lost_reason",
    "tier_reason",
    "position",
    "id",
    "decision_maker",
    "referred_by",
    "size",
    "products",
    "target_users",
    "career_goals",
)


def quoted(text: str) -> str:
    """The text as YAML's double quotes have it, in which every character can be written."""
    return (
        '"' + "".join(c if c.isprintable() and c not in '"\\\\' else f"\\U{ord(c):08x}" for c in text) + '"'
    )


def everywhere(text: str) -> str:
    """A client's note that has a text in every place that is shown somewhere."""
    given = quoted(text)
    lines = [f"{name}: {given}" for name in TEXT_PROPERTIES]
    lines += [f"aliases: [{given}]", f"important_dates: [{{date: 11-22, title: {given}}}]"]
    lines += [f"projects: [{{title: {given}, start: 2026-01-05, due: 2026-02-01, amount: 5000}}]"]
    flat = " ".join(text.split())[:2000]
    body = f"## Log\n\n- 2026-11-13 phone: {flat}\n\n- [ ] {flat} 📅 2026-11-23\n"
    return "---\ntype: client\n" + "\n".join(lines) + f"\n---\n{body}"


BESIDES = frozenset(
    {
        "ambiguous-link",
        "first-only",
        "mark-misspelt",
        "several-in-one",
        "unknown-link",
        "duplicate-client",
        "duplicate-id",
        "template-placeholder",
    }
)


def shown(stem: str, text: str) -> Iterator[Hostile]:
    """A client with a text in every place of its notes that an output shows."""
    given = quoted(text)
    about = f"client: '[[Clients/{stem}/{stem}]]'"
    kinds = {
        f"Clients/{stem}": everywhere(text),
        "Interactions": f"---\n{about}\ndate: 2026-11-10\nsummary: {given}\nparticipants: {given}\n"
        f"response: {given}\nowner: {given}\nkind: complaint\n---\n",
        "Feedback": f"---\n{about}\ndate: 2026-11-11\nresult: 3\nrecommend: 2\nbest: {given}\n"
        f"improve: {given}\ncomments: {given}\n---\n",
        "People": f"---\n{about}\nname: {given}\nbirthday: 1990-11-25\ninterests: {given}\n"
        f"position: {given}\nphone: {given}\n---\n",
        "Projects": f"---\n{about}\ntitle: {given}\nstart: 2026-01-05\ninvoice_due: 2026-02-01\n---\n",
    }
    for folder, data in kinds.items():
        made = note("texts", f"{folder}/{stem}.md", data, counts=folder.startswith("Clients"))
        yield replace(made, perhaps=BESIDES)


def everywhere_shown() -> Iterator[Hostile]:
    """Each text in every place of a client's notes that an output shows."""
    for group, texts in (("markup", PAYLOADS), ("formula", FORMULAS), ("calendar", CALENDAR)):
        for number, text in enumerate(texts):
            yield from shown(f"hx {group} {number}", text)
