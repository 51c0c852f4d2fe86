"""Values, items of lists, and near misses: what readers of small texts must get through."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.notes import Hostile, client, note

# -------------------------------------------------------------------------------------- dates and numbers

VALUES: tuple[tuple[str, str], ...] = (
    *(
        (f"since: {text}", "bad-date")
        for text in (
            "2026-02-30",
            "2026-13-01",
            "2026-00-10",
            "0000-00-00",
            "0001-01-01",
            "9999-12-31",
            "1599-12-31",
            "3000-01-01",
            "-2026-01-01",
            "20261120",
            "2026-11",
            "2026",
            "01/01/1980",
            "20.11.2026",
            "2026-1-1-1",
            "yesterday",
            "2026-11-20T25:00",
            "2026-11-20 10:61",
            "２０２６-11-20",
            "٢٠٢٦-١١-٢٠",
            "2026–11–20",
            "2026年2月30日",
            "1e3",
            "inf",
            "nan",
            "'2026-11-20; DROP TABLE'",
        )
    ),
    *(
        (f"birthday: {text}", "bad-yearly-date")
        for text in (
            "02-30",
            "13-01",
            "00-00",
            "5-32",
            "lunar",
            "lunar 13-01",
            "lunar 08-31",
            "农历",
            "农历十三月初一",
            "农历八月四十",
            "lunar 闰闰06-15",
            "lunar 0-0",
            "2026-02-30",
        )
    ),
    ("birthday: lunar 1899-01-01", "lunar-out-of-range"),
    ("birthday: lunar 2100-01-01", "lunar-out-of-range"),
    ("birthday: lunar 0001-01-01", "lunar-out-of-range"),
    *(
        (f"cadence: {text}", "bad-interval")
        for text in (
            "0w",
            "-5d",
            "1e9d",
            "inf",
            "99999w",
            "P0D",
            "P",
            "PT1H",
            "P-1M",
            "w",
            "2",
            "2 fortnights",
            "'1w 2d'",
            "每",
            "0x10d",
            "²w",
            "10²⁰ d",
            "1,5 months",
        )
    ),
    *(
        (f"growth: {text}", "bad-score")
        for text in (
            "0",
            "11",
            "-1",
            "1e1",
            "nan",
            "inf",
            "0x5",
            "5/10",
            "'5,5'",
            "٥",
            "①",
            "5.5.5",
            "+-5",
        )
    ),
    *(
        (f"projects: [{{title: hx, status: proposal, amount: {text}}}]", "bad-money")
        for text in (
            "1e999",
            "nan",
            "1 EUR USD",
            "'1,00,000'",
            "12.345.678",
            "0x10",
            "9999999999999999999",
            "¥",
            "EUR",
            "1万亿x",
        )
    ),
    *((f"{name}: maybe", "bad-yes-no") for name in ("refers", "do_not_contact")),
    ("status: nonsense", "bad-choice"),
    ("stage: nonsense", "unknown-stage"),
    ("tier: Z", "unknown-tier"),
    ("projects: [{title: hx, start: 2020-01-01, amount: 5 QQQ}]", "unknown-currency"),
    ("projects: [{title: hx}]", "project-undated"),
    ("contract_start: [2020-01-01, 2021-01-01]\ncontract_end: 2022-01-01", "contracts-unequal"),
    ("contract_start: 2022-01-02\ncontract_end: 2022-01-01", "contract-reversed"),
    ("lost_on: 2026-01-01", "lost-on-without-status"),
    ("since: 1600-01-01", ""),
    ("since: 2999-12-31", ""),
    ("next_contact: 2999-12-31", ""),
    ("next_contact: 1600-01-01", ""),
    ("snooze_until: 2999-12-31", ""),
    ("cadence: 10 years", ""),
    ("cadence: 1d", ""),
    ("birthday: 02-29", ""),
    ("birthday: 1600-02-29", ""),
    ("birthday: 2999-12-31", ""),
    ("birthday: lunar 1987-闰06-30", ""),
    ("birthday: 农历腊月三十", ""),
    ("birthday: lunar 2099-12-30", ""),
    ("important_dates: [{date: 2999-12-31, title: hx, once: true}]", ""),
    ("contract_end: 2999-12-31", ""),
    ("contract_end: 1600-01-01", ""),
    ("projects: [{title: hx, start: 1600-01-01, amount: 999999999999999}]", ""),
    ("projects: [{title: hx, start: 2026-01-01, amount: -5000}]", ""),
    ("projects: [{title: hx, start: 2026-12-01, delivered: 2020-01-01}]", "project-reversed"),
    ("projects: [{title: hx, start: 2020-01-01, invoice_due: 1600-01-01}]", ""),
)


def values() -> Iterator[Hostile]:
    """Dates, lengths and amounts at the ends of what there is, and beyond."""
    for number, (lines, code) in enumerate(VALUES):
        yield client("values", number, lines, *filter(None, [code]))


# ---------------------------------------------------------------------------- logs, daily notes, tasks

LOG_ITEMS: tuple[tuple[str, str], ...] = (
    ("- no date: x", "log-item-undated"),
    ("- 2026-02-30 phone: x", "bad-date"),
    ("- 9999-12-31 phone: x", "bad-date"),
    ("- 2026-11-01 phone: x next:never", "bad-date"),
    ("- 2026-11-01 phone: x resolved:2026-02-30", "bad-date"),
    ("- 2026-11-01 phone: x severity:99", "bad-score"),
    ("- 2026-11-01 phone: x severity:", "bad-score"),
    ("- 2026-11-01 phone: x next:", "bad-date"),
    ("- 2026-11-01", ""),
    ("- 2026-11-01 :", ""),
    ("- 2026-11-01 <", ""),
    ("- 2026-11-01 < :", ""),
    ("- 2026-11-01 <<<>>>: x", ""),
    ("- 2026-11-01 http://127.0.0.1/HVXSS", ""),
    ("- 2026-11-01 phone: " + "+1 -1 = " * 1200, ""),
    ("- 2026-11-01 phone: " + "#care " * 1600, ""),
    ("- 2026-11-01 phone: " + "#" * 9000, ""),
    ("- 2026-11-01 phone: +3 -9 =5 ++ +- #", ""),
    ("- 2026-11-01 phone: x +2 -2 #care #gift #x next:2999-12-31 severity:5 resolved:1600-01-01", ""),
    ("- 2026-11-01" + " " * 9000 + ": x", ""),
    ("- 2999-12-31 phone: the end of time next:2999-12-31", "doubtful-date next-not-after"),
    ("- 1600-01-01 phone: the beginning", "doubtful-date"),
    ("- 2026-11-01 phone: %% hidden %% <!-- x --> HVXSS", ""),
    ("- - - 2026-11-01 phone: x", ""),
    ("- [ ] 2026-11-01 phone: a task is no talk", ""),
    ("- [x] 2026-11-01 phone: nor is one that is done", "log-item-boxed"),
    ("- 2026-11-01T25:00 phone: x", "bad-date"),
    ("- 2026-11-01 phone： x：y：z", ""),
    ("- 2026-11-01 ＜wechat： x", "unknown-channel"),
)

DAILY_ITEMS = (
    "- [[hx Link]] phone: x next:never",
    "- [[hx Link]]" + " " * 9000 + "x",
    "- [[hx Link]] " + "[[hx nobody]] " * 600,
    "- [[hx Link]] : x",
    "- [[hx Link]]" * 700,
    "- ![[hx Link]] phone: an embed is no talk",
    "- `[[hx Link]]` phone: code is no talk",
    "> - [[hx Link]] phone: a quote is no talk",
    "- %% [[hx Link]] phone: a comment is no talk %%",
    "- [ ] [[hx Link]] phone: an intention is no talk",
    "- [x] [[hx Link]] phone: done ✅ 2026-02-30",
    "- [?] [[hx Link]] phone: x",
    "# [[hx Link]] phone: a heading is no talk",
    "- [[hx Link",
    "- hx Link]] phone",
    "- [[hx Link]][[hx Self]][[hx Ring A]] meeting: x",
    "- [hx](<../Clients/hx Link.md>) phone: x",
    "- [[hx Link|" + "x" * 9000 + "]] phone: x",
)
DAILY_CODES = {0: "bad-date", 10: "bad-date"}

TASKS = (
    "- [ ] x 📅 2026-02-30",
    "- [ ] x 📅 9999-12-31",
    "- [ ] x [due:: never]",
    "- [ ] x (due:: 2026-02-30)",
    "- [ ] x due:2026-02-30",
    "- [ ] x due:tomorrow",
)
FINE_TASKS = (
    "- [ ] 📅",
    "- [ ] 📅 📅 📅 2026-12-01",
    "- [ ] " + "📅 2026-12-01 " * 700,
    "- [ ] " + "@a " * 3000,
    "- [ ] " + "⏫🔼🔽" * 2000,
    "- [ ] 🔁 every day " * 500,
    "- [ ] (due::" + " " * 9000,
    "- [ ] " + "[due::" * 1500,
    "- [ ] x 📅 2999-12-31",
    "- [ ] x 📅 1600-01-01",
    "- [ ]",
    "- [x] ✅",
    "- [-] 📅 2026-12-01",
    "- [\u00a0] x 📅 2026-12-01",
    "- [ ] <script>HVXSS</script> 📅 2026-12-01",
)


def items() -> Iterator[Hostile]:
    """Items of logs, of daily notes and of task lists."""
    group = "items"
    for number, (item, code) in enumerate(LOG_ITEMS):
        text = f"---\ntype: client\n---\n## Log\n\n{item}\n- 2026-10-01 phone: before\n"
        yield note(group, f"Clients/hx log {number}.md", text, *code.split(), counts=True)
    for number, item in enumerate(DAILY_ITEMS):
        codes = [DAILY_CODES[number]] if number in DAILY_CODES else []
        yield note(group, f"Daily/2026-10-{number + 1:02}.md", f"# A day\n\n{item}\n", *codes)
    yield note(group, "Daily/2026-02-30.md", "- [[hx Link]] phone: no such day\n")
    yield note(group, "Daily/hx.md", "- [[hx Link]] phone: no day\n")
    for number, item in enumerate((*TASKS, *FINE_TASKS)):
        codes = ["bad-date"] if item in TASKS else []
        text = f"---\ntype: client\n---\n{item}\n- [ ] call 📅 2026-12-01\n"
        yield note(group, f"Clients/hx task {number}.md", text, *codes, counts=True)


# ------------------------------------------------------------------------------------- regular expressions


def near_misses() -> Iterator[Hostile]:
    """A hundred thousand characters that almost match what the parser looks for."""
    group = "near misses"
    size = 100_000
    bodies = (
        "- [[hx Link]]" + " " * 9900,
        "- [[hx Link]] " + "a" * 9900,
        "- [[hx Link]] <" + " " * 9900,
        "- 2026-11-20" + " ," * 4900,
        "- 2026-11-" * 1000,
        "- [[" + "a" * 9900,
        "- [[a|" + "a" * 9900,
        "- [[a#" + "a" * 9900,
        "- [a](" + "b(c)" * 2400,
        "- [a](<" + "b" * 9900,
        "- [a](b " + '"' * 9900,
        '- [a](b "' + "c" * 9900,
        "- [a](b" + " " * 9900,
        "- " + "[[a" * 3300,
        "- " + "[a](" * 2400,
        "- " + "!" * 9900,
        "- " + "`" * 4000 + " " + "`" * 4001,
        "- " + "` `` " * 1900,
        "- " + "<!--" * 2400,
        "- " + "%%" * 4901,
        "- [ ] " + "📅 " * 4900,
        "- [ ] " + "📅" + " " * 9900,
        "- [ ] " + "due:" * 2400,
        "- [ ] due:" + " " * 9900,
        "- [ ] (due::" + " " * 9900,
        "- [ ] " + "🔁" * 4900,
        "- [ ] 🆔" + " " * 9900,
        "- [ ] 🆔 " + "a," * 4900,
        "- [ ] " + "@" * 9900,
        "- [ ] " + "@a" * 4900,
        "\n" + " " * size,
        "\n" + "-" * size,
        "\n---" + " " * size + "x",
        "~" * size,
        "`" * size + "x",
        "=" * size,
        "#" * 6 + " " * size + "#",
        "[x" * (size // 2),
        "1" * size,
        "123456789." * (size // 10),
        "\t" * size + "-",
        "<" * size,
        "</" * (size // 2),
        "a:" * (size // 2),
        "- 2026-11-20 phone: x\n" + "  +1\n" * (size // 5),
        "- [[hx Link]] x\n" + "  [[hx nobody]]\n" * (size // 16),
    )
    for number, body in enumerate(bodies):
        text = f"---\ntype: client\n---\n## Log\n\n- 2026-10-01 phone: x\n\n## Tasks\n\n{body}\n"
        yield note(group, f"Clients/hx near {number}.md", text, counts=True)
        yield note(group, f"Daily/2026-09-{number % 30 + 1:02} {number}.md", body + "\n")
    block = 60_000
    lines = (
        "goal: " + "{{" * (block // 2),
        "goal: " + "<%" * (block // 2),
        "a" * block + ":b",
        "a" * block,
        "：" * (block // 3),
        "a " * (block // 2) + "：",
        "since: " + "2026-" * (block // 5),
        "since: 2026-11-20" + " " * block + "x",
        "birthday: lunar" + ":" * block,
        "cadence: every" + " " * block + "x",
        "growth: " + "1" * block + ".",
        "contact: '" + "[[a|" * (block // 4) + "'",
        "contact: '[a](" + "b(" * (block // 2) + "'",
        "phone: '" + "1 " * (block // 2) + "'",
        "email: '" + "a@a." * (block // 4) + "'",
    )
    for number, line in enumerate(lines):
        yield client(group, number, line, *([NEAR_CODES[number]] if number in NEAR_CODES else []))


NEAR_CODES = {
    0: "front-matter-syntax",
    2: "colon-without-space",
    3: "front-matter-syntax",
    4: "front-matter-syntax",
    5: "full-width-colon",
    6: "bad-date",
    7: "bad-date",
    8: "front-matter-syntax",
    9: "bad-interval",
    10: "bad-score",
}
