"""`log`: a line that is typed becomes a note that says the same as an item of a log."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MakeVault
from tests.policies import preset
from tests.render.builders import words
from tests.support.vaults import SMALL_VAULT, contents
from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.errors import NotWritable, UsageError
from vaultcrm.model.note import Items, ListItem, Place, Scalar, SourceFile
from vaultcrm.model.records import Interaction
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.log import parse_log_item
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.writing.capture import Logged, Typed, log, logged_again, note_for, understood
from vaultcrm.writing.filing import Whose

DAY = date(2026, 11, 20)
MORE = {
    **SMALL_VAULT,
    "Clients/Bell Foods.md": "---\ntype: client\naliases: [Bells]\n---\n",
    "Clients/Bell Tower.md": "---\ntype: client\n---\n",
}


def opened(root: Path) -> Vault:
    return runs.open_vault(str(root))


def noted(root: Path, *words: str, dry_run: bool = False, **options: object) -> Logged:
    return log(opened(root), Typed(words, **options), DAY, 0, dry_run=dry_run)  # type: ignore[arg-type]


def front_matter(logged: Logged) -> list[str]:
    return logged.text.split("---\n")[1].splitlines()


@pytest.mark.parametrize(
    ("text", "when", "channel"),
    [
        ("yesterday phone: hello", "2026-11-19", "phone"),
        ("Monday <E-Mail: hello", "2026-11-16", "email"),
        ("friday wechat: hello", "2026-11-20", "wechat"),
        ("3 days ago visit: hello", "2026-11-17", "visit"),
        ("12 november call: hello", "2026-11-12", "phone"),
        ("昨天微信：hello", "2026-11-19", "wechat"),
        ("上周五 >电话：hello", "2026-11-13", "phone"),
    ],
)
def test_a_day_in_words_may_stand_before_the_channel(
    small_vault: Path, text: str, when: str, channel: str
) -> None:
    said = front_matter(noted(small_vault, "Acme", text, dry_run=True))
    assert f"date: {when}" in said
    assert (f"channel: {channel}" in said, "summary: hello" in said) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday: hello",
        "yesterday they phoned: hello",
        "phone: yesterday: hello",
        "tomorrow hello",
        "2w phone: x",
    ],
)
def test_a_day_elsewhere_is_text(small_vault: Path, text: str) -> None:
    assert "date: 2026-11-20" in front_matter(noted(small_vault, "Acme", text, dry_run=True))


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("电话：谈了续约。下次:2026-12-04", "谈了续约。"),
        ("电话：谈了续约；下次沟通：2026-12-04 #商机", "谈了续约；"),
        ("phone: renewal，next:2026-12-04", "renewal，"),
    ],
)
def test_a_mark_may_stand_right_behind_chinese_punctuation(
    small_vault: Path, text: str, summary: str
) -> None:
    said = front_matter(noted(small_vault, "Acme", text, dry_run=True))
    assert {f"summary: {summary}", "next: 2026-12-04"} <= {*said}


@pytest.mark.parametrize(
    "text", ["微信：谈了续约 ＃进展 ＋1", "微信：谈了续约#进展 ＋１", "微信：谈了续约＃进展 +1"]
)
def test_full_width_marks_and_hashtags_behind_a_word_are_read(small_vault: Path, text: str) -> None:
    said = front_matter(noted(small_vault, "Acme", text, dry_run=True))
    assert {"summary: 谈了续约", "about: progress", "sentiment: 1"} <= {*said}


def test_line_becomes_a_note(small_vault: Path) -> None:
    logged = noted(small_vault, "Acme", "phone: the launch moves to May #progress +1 next:2026-12-04")
    assert logged.path == "Interactions/2026/2026-11-20 Acme the launch moves to May.md"
    assert (small_vault / logged.path).read_text(encoding="utf-8") == (
        "---\n"
        "type: interaction\n"
        'client: "[[Acme]]"\n'
        "date: 2026-11-20\n"
        "channel: phone\n"
        "about: progress\n"
        "summary: the launch moves to May\n"
        "sentiment: 1\n"
        "next: 2026-12-04\n"
        "---\n"
    )
    (outcome,) = logged.outcomes
    assert outcome.after.standing.contacting.next_day == date(2026, 12, 4)


def test_chinese_vault_gets_chinese_words(make_vault: MakeVault) -> None:
    root = make_vault({"vaultcrm.toml": 'language = "zh"\n', "客户/松果面馆.md": "---\ntype: 客户\n---\n"})
    logged = noted(root, "松果", "<微信：菜单印错了 #投诉 严重程度:2 下次沟通：明天")
    assert logged.path == "沟通记录/2026/2026-11-20 松果面馆 菜单印错了.md"
    assert front_matter(logged) == [
        "type: 沟通记录",
        '客户: "[[松果面馆]]"',
        "日期: 2026-11-20",
        "沟通方式: 微信",
        "类型: 投诉",
        "方向: 收到",
        "摘要: 菜单印错了",
        "下次沟通: 2026-11-21",
        "严重程度: 2",
    ]


MARKS = st.sampled_from(
    (
        "#insight",
        "#care",
        "#survey",
        "#unknown",
        "+",
        "-2",
        "=",
        "next:2026-12-04",
        "severity:3",
        "resolved:2026-12-01",
        "next: 2026-12-09",
        "#资讯",
        "✅ 2026-11-01",
        "next:2026-11-25",
    )
)
HEADS = st.sampled_from(
    ["", "wechat: ", "<wechat: ", ">邮件：", "2026-11-18 phone: ", "Budget: ", "> : ", "<: "]
)
TEXTS = st.text(st.sampled_from("ab cd.-+=:：#<>[|'\"{}%&*!?客户，。\\/0123"), max_size=40) | st.sampled_from(
    ["called - no answer", "no", "012", "12:30", "- a", "{{title}}", "a: b", "#tag", "met [[Acme]]"]
)


VAULT = Vault("", preset(), words())


@given(HEADS, TEXTS, st.lists(MARKS, max_size=3))
def test_note_says_what_the_log_item_says(head: str, text: str, marks: list[str]) -> None:
    typed = " ".join([head + text, *marks]).strip().lstrip(",， ")  # these may stand behind a date
    if typed[:2] in ("- ", "* ", "+ "):
        typed = typed[2:].strip()  # a line of a log may be pasted as it stands
    try:
        meant, tags, _ = understood(VAULT, Typed(("Acme",)), (typed,), DAY)
    except UsageError:
        return
    path, note = note_for(VAULT, meant, Whose((), (), ()), (), tags)
    item = typed if typed[:4] == "2026" else f"2026-11-20: {typed}"
    said = parse_log_item(ListItem(item, item, None, 1, 1), "", None, lambda *_: None)
    reading, told = read_file(SourceFile(path, note.encode()), ReadConfig())
    assert isinstance(reading.record, Interaction)
    assert said is not None
    place = Place("", 1, 1)
    found = replace(reading.record, place=place, lines={}, has_body=True, source="log")
    assert replace(found, summary=None) == replace(said, place=place, summary=None)
    found_words, said_words = (found.summary or "").split(), (said.summary or "").split()
    assert found_words[: len(said_words)] == said_words
    words = iter(typed.split())  # what ends an item and means nothing is not lost
    assert all(each in words for each in found_words[len(said_words) :])
    assert found_words.count("✅") == typed.split().count("✅")
    written = [each.value for each in parse_note(SourceFile(path, note.encode()))[0].properties]
    last = written[-1] if tags else Items((), 1, 1)
    assert isinstance(last, Items)
    assert [each.text for each in last.items if isinstance(each, Scalar)] == [*tags], "nothing is lost"
    assert {each.code for each in told} <= {"missing-client", "unknown-channel", "template-placeholder"}


def test_options_win_over_marks(small_vault: Path) -> None:
    logged = noted(
        small_vault,
        "Acme",
        "<wechat: hello #insight +2 next:2026-12-04",
        channel="phone",
        kind="check in",
        about=("care, personal",),
        direction="both",
        sentiment="negative",
        next="+2w",
        date="yesterday",
    )
    assert front_matter(logged)[2:] == [
        "date: 2026-11-19",
        "channel: phone",
        "kind: check-in",
        "about:",
        "  - care",
        "  - personal",
        "direction: both",
        "summary: hello",
        "sentiment: -1",
        "next: 2026-12-04",
    ]


def test_lines_below_the_first_are_the_body(small_vault: Path) -> None:
    logged = noted(small_vault, "Acme", "visit: walked the hall\nThey like oak.\n- [ ] send the quote")
    assert logged.text.endswith("summary: walked the hall\n---\n\nThey like oak.\n- [ ] send the quote\n")
    (outcome,) = logged.outcomes
    assert [task.follow_up.text for task in outcome.after.tasks] == ["send the quote"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Bell", "Foods", "sent", "it"), "Bell Foods sent it"),
        (("bell tower", "sent it"), "Bell Tower sent it"),
        (("Bells", "sent it"), "Bell Foods sent it"),
        (("Ann", "Keller", "sent it"), "Acme sent it"),
        (("ac", "sent it"), "Acme sent it"),
    ],
)
def test_names_need_no_quotes(make_vault: MakeVault, words: tuple[str, ...], name: str) -> None:
    assert noted(make_vault(MORE), *words).path == f"Interactions/2026/2026-11-20 {name}.md"


@pytest.mark.parametrize(
    "text",
    ["phone: hi next:next friday", "phone: hi #insight next: in 7 days", "电话：聊了 下次：next friday"],
)
def test_an_agreed_day_may_have_several_words(small_vault: Path, text: str) -> None:
    logged = noted(small_vault, "Acme", text)
    assert "next: 2026-11-27" in front_matter(logged)
    assert "next:" not in logged.path


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("phone: hi #meetings", ["  - meetings"]),
        ("phone: hi #berlin #insight #fair/2026 +1 #berlin", ["  - berlin", "  - fair/2026"]),
        ("phone: hi #insight", []),
    ],
)
def test_hashtags_of_ones_own_are_the_notes_tags(small_vault: Path, text: str, tags: list[str]) -> None:
    found = front_matter(noted(small_vault, "Acme", text))
    assert "summary: hi" in found
    assert found[found.index("tags:") + 1 :] == tags if tags else "tags:" not in found


@pytest.mark.parametrize("day", ["12-04", "30.02.2026", "2026-02-30"])
def test_a_ticked_day_that_is_none_is_told(small_vault: Path, day: str) -> None:
    with pytest.raises(UsageError, match="is no date") as caught:
        noted(small_vault, "Acme", f"phone: hi ✅ {day}")
    assert caught.value.hint == "write it like ✅ 2026-11-20"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("phone: wants a poster, next friday", "friday"),
        ("wants a poster Next in 2 weeks", "in 2 weeks"),
        ("电话：想做海报，下次 周五", "周五"),
        ("wants a poster next:friday", None),
        ("talked about what comes next", None),
        ("next friday they move", None),
        ("met the next morning", None),
    ],
)
def test_a_day_that_only_seems_to_be_agreed_is_told(small_vault: Path, text: str, word: str | None) -> None:
    assert noted(small_vault, "Acme", text).unmarked_next == word


@pytest.mark.parametrize(
    ("text", "day", "unread"),
    [
        ("yesterday he rang", "2026-11-20", "yesterday"),
        ("3 days ago we met", "2026-11-20", "3 days ago"),
        ("昨天聊了合同", "2026-11-20", "昨天"),
        ("10月18日 微信语音：聊", "2026-11-20", "10月18日"),
        ("yesterday, phone: hi", "2026-11-19", None),
        ("昨天下午电话：聊", "2026-11-19", None),
        ("friday they move", "2026-11-20", None),
        ("tomorrow they move", "2026-11-20", None),
        ("3 new shops", "2026-11-20", None),
        ("may be late", "2026-11-20", None),
    ],
)
def test_a_day_before_the_text_counts_before_a_channel_and_is_told_elsewhere(
    small_vault: Path, text: str, day: str, unread: str | None
) -> None:
    logged = noted(small_vault, "Acme", text)
    assert (logged.day.isoformat(), logged.unread_day) == (day, unread)


def test_what_is_nearly_a_mark_is_told(small_vault: Path) -> None:
    assert noted(small_vault, "Acme", "phone: hi #compaint").slips == (
        ("unknown-tag", "#compaint", ("#complaint",)),
    )
    assert noted(small_vault, "Acme", "phone: hi +3").slips == (("mark-misspelt", "+3", ("+2",)),)
    assert noted(small_vault, "Acme", "phone: hi #bakery +1").slips == ()


@pytest.mark.parametrize(
    ("typed", "summary"),
    [
        ("Acme phone: all in one", "all in one"),
        ("Ann Keller phone: all in one +1\nAnd  more\n", "all in one"),
        ("ann phone: hi", "hi"),
    ],
)
def test_all_of_it_may_be_typed_as_one_word(small_vault: Path, typed: str, summary: str) -> None:
    logged = noted(small_vault, typed)
    assert f"summary: {summary}" in front_matter(logged)
    assert ("And  more" in logged.text) == ("more" in typed)


def test_person_stands_for_the_client_and_took_part(small_vault: Path) -> None:
    lines = front_matter(noted(small_vault, "Ann Keller", "phone: hi"))
    assert 'client: "[[Acme]]"' in lines
    assert 'participants: "[[Ann Keller]]"' in lines


def test_several_clients(make_vault: MakeVault) -> None:
    logged = noted(
        make_vault(MORE), "Acme", "two pages on type #insight", clients=("Bell Tower", "Ann Keller")
    )
    assert logged.path == "Interactions/2026/2026-11-20 Acme Bell Tower two pages on type.md"
    assert front_matter(logged)[1:4] == ["client:", '  - "[[Acme]]"', '  - "[[Bell Tower]]"']
    assert [outcome.after.client.name for outcome in logged.outcomes] == ["Acme", "Bell Tower"]


@pytest.mark.parametrize(
    ("words", "options", "message", "hint"),
    [
        (("Acne", "x"), {}, "no client is called 'Acne'", "Acme"),
        (("Zzz", "x"), {}, "no client is called 'Zzz'", 'a new one: vaultcrm new client "Zzz"'),
        (("Bell", "x"), {}, "'Bell' could be several clients", "Bell Foods, Bell Tower"),
        (("Acme",), {}, "what was said?", "vaultcrm log"),
        (("Acme", "x next:frday"), {}, "'frday' is no date", "next:"),
        (("Acme", "x severity:9"), {}, "'9' is no severity", "1 to 5"),
        (("Acme", "2026-02-30 x"), {}, "'2026-02-30' is no date", "2026-11-20"),
        (("Acme", "x"), {"next": "yesterday"}, "would not be after", "later"),
        (("Acme", "x"), {"next": "soon"}, "--next: 'soon' is no date", "friday"),
        (("Acme", "x"), {"date": "2w"}, "--date: '2w' is no date", "yesterday"),
        (("Acme", "x"), {"kind": "chek-in"}, "--kind: 'chek-in' is not known", "check-in"),
        (("Acme", "x"), {"about": ("insite",)}, "--about: 'insite' is not known", "insight"),
        (("Acme", "x"), {"channel": "fone"}, "--channel: 'fone' is not known", "phone"),
        (("Acme", "x"), {"sentiment": "3"}, "--sentiment: '3' is not known", "-2 to 2"),
        (("Acme", "x"), {"direction": "up"}, "--direction: 'up' is not known", "out"),
    ],
)
def test_what_means_nothing_is_told(
    make_vault: MakeVault, words: tuple[str, ...], options: dict[str, object], message: str, hint: str
) -> None:
    root = make_vault(MORE)
    before = contents(root)
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        noted(root, *words, **options)
    assert hint in caught.value.hint
    assert contents(root) == before


def test_nothing_is_overwritten(small_vault: Path) -> None:
    paths = [noted(small_vault, "Acme", "sent it").path for _ in range(3)]
    assert [path.rpartition("sent it")[2] for path in paths] == [".md", ", 2.md", ", 3.md"]
    assert len(contents(small_vault)) == len(SMALL_VAULT) + 3
    assert len(runs.load(opened(small_vault), 0).portfolio.histories[0].interactions) == 4


def test_name_that_some_system_takes_for_equal_is_taken(small_vault: Path) -> None:
    noted(small_vault, "Acme", "sent IT")
    assert noted(small_vault, "Acme", "sent it").path.endswith("sent it, 2.md")


def test_dry_run_writes_nothing_and_says_the_same(small_vault: Path) -> None:
    before = contents(small_vault)
    shown = noted(small_vault, "Acme", "phone: hi next:friday", dry_run=True)
    assert contents(small_vault) == before
    assert noted(small_vault, "Acme", "phone: hi next:friday") == shown


def test_note_is_told_anew_after_it_was_edited(small_vault: Path) -> None:
    logged = noted(small_vault, "Acme", "phone: hi")
    path = small_vault / logged.path
    path.write_text(logged.text.replace("summary", "next: 2026-12-24\nsummary"), encoding="utf-8")
    (outcome,) = logged_again(opened(small_vault), logged, DAY, 0).outcomes
    assert outcome.after.standing.contacting.next_day == date(2026, 12, 24)
    path.write_text("---\ntype: interaction\n---\n", encoding="utf-8")
    assert logged_again(opened(small_vault), logged, DAY, 0).outcomes == ()


@pytest.mark.parametrize(
    ("notes", "config", "folder"),
    [
        ({"Interactions/2026-10-01 x.md": "interaction"}, "", "Interactions"),
        ({"Interactions/2025/2025-10-01 x.md": "interaction"}, "", "Interactions/2026"),
        ({"Work/Calls/2026/2026-10-01 x.md": "interaction"}, "", "Work/Calls/2026"),
        ({"2026-10-01 x.md": "interaction", "2026-10-02 x.md": "interaction"}, "", ""),
        ({}, '[mapping.folders]\n"Work/Talks" = "interaction"\n', "Work/Talks/2026"),
        ({"沟通记录/2026/2026-10-01 x.md": "interaction"}, "", "沟通记录/2026"),
        ({}, 'language = "zh"\n', "沟通记录/2026"),
    ],
)
def test_note_goes_where_the_others_are(
    make_vault: MakeVault, notes: dict[str, str], config: str, folder: str
) -> None:
    texts = {path: f"---\ntype: {kind}\nclient: Acme\n---\n" for path, kind in notes.items()}
    root = make_vault({"Clients/Acme.md": "---\ntype: client\n---\n", "vaultcrm.toml": config, **texts})
    assert noted(root, "Acme", "phone: hi").path.rpartition("/")[0] == folder


@pytest.mark.parametrize(
    ("files", "link"),
    [
        (["Clients/Acme.md", "Projects/Acme.md"], '"[[Clients/Acme]]"'),
        (["Clients/Acme.md", "Clients/North/acme.md"], '"[[Clients/Acme]]"'),
        (["Clients/Ac#me.md"], "Ac#me"),
        (["Clients/A & B.md"], '"[[A & B]]"'),
    ],
)
def test_link_leads_to_the_client(make_vault: MakeVault, files: list[str], link: str) -> None:
    root = make_vault(
        {
            path: "---\ntype: project\nclient: '[[Clients/Acme]]'\nstart: 2026-01-01\n---\n"
            if path.startswith("Projects")
            else f"---\ntype: client\nname: Client {number}\n---\n"
            for number, path in enumerate(files)
        }
    )
    logged = noted(root, "Client 0", "phone: hi")
    assert f"client: {link}" in front_matter(logged)
    portfolio = runs.load(opened(root), 0).portfolio
    found = [history.client.name for history in portfolio.histories if history.interactions]
    assert found == ["Client 0"]


def test_names_of_a_vault_s_own_are_not_misused(make_vault: MakeVault) -> None:
    config = '[mapping.properties]\ndate = "since"\ntype = "industry"\nart = "type"\n'
    root = make_vault({"vaultcrm.toml": config, "Clients/Acme.md": "---\nart: client\n---\n"})
    logged = noted(root, "Acme", "phone: hi")
    assert front_matter(logged)[:3] == ["art: interaction", 'client: "[[Acme]]"', "日期: 2026-11-20"]
    assert len(runs.load(opened(root), 0).portfolio.histories[0].interactions) == 1


def test_folder_that_cannot_be_written(small_vault: Path) -> None:
    (small_vault / "Interactions").write_text("in the way")
    with pytest.raises(NotWritable):
        noted(small_vault, "Acme", "phone: hi")


@pytest.mark.parametrize(
    ("text", "said", "body"),
    [
        (
            "phone: the tins #care +1\n- [ ] logo 📅 2026-11-30",
            ["about: care", "summary: the tins", "sentiment: 1"],
            "- [ ] logo 📅 2026-11-30",
        ),
        (
            "phone: hi next:friday\n\nBlue。下次 #task",
            ["summary: hi", "next: 2026-11-27"],
            "Blue。下次 #task",
        ),
        (
            "phone: hi +2\n- [x] price ✅ 2026-11-19",
            ["summary: hi", "sentiment: 2"],
            "- [x] price ✅ 2026-11-19",
        ),
        ("phone: hi\n- [x] price ✅ 12-04", ["summary: hi"], "- [x] price ✅ 12-04"),
        ("phone: hi\n- [ ] price -1", ["summary: hi"], "- [ ] price -1"),
        ("phone: hi\nblue\n-", ["summary: hi"], "blue\n-"),
        ("phone: hi\nblue\n#own", ["summary: hi"], "blue\n#own"),
        (
            "phone: hi #care\nblue\n\n+1 next:friday",
            ["about: care", "summary: hi", "sentiment: 1", "next: 2026-11-27"],
            "blue",
        ),
        ("phone: hi\n+1", ["summary: hi", "sentiment: 1"], ""),
    ],
)
def test_marks_stand_in_the_first_line_or_in_a_last_one_of_their_own(
    small_vault: Path, text: str, said: list[str], body: str
) -> None:
    logged = noted(small_vault, "Acme", text)
    properties = [line for line in logged.text.split("---\n")[1].splitlines() if "Acme" not in line]
    assert properties == ["type: interaction", "date: 2026-11-20", "channel: phone", *said]
    assert logged.text.split("---\n", 2)[2].strip("\n") == body


def test_a_day_in_the_body_is_told_as_not_agreed(small_vault: Path) -> None:
    assert noted(small_vault, "Acme", "phone: hi\n- [ ] call, next: 2026-12-05").unmarked_next == "2026-12-05"
    assert noted(small_vault, "Acme", "phone: hi next:friday\nnext 2026-12-05").unmarked_next is None


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("email: send the quote 📅 2026-11-25", "send the quote 📅 2026-11-25"),
        ("email: sent it #insight 🗓️ 2026-11-25 +1", "sent it 🗓️ 2026-11-25"),
        ("email: sent it ✅ 2026-11-19", "sent it ✅ 2026-11-19"),
        ("email: sent invoice #insight #1042", "sent invoice #1042"),
        ("email: sent both #insight #1042 #own #1043", "sent both #1042 #1043"),
    ],
)
def test_what_is_no_mark_for_a_conversation_stays_text(small_vault: Path, text: str, summary: str) -> None:
    logged = noted(small_vault, "Acme", text)
    (outcome,) = logged.outcomes
    assert outcome.noted.summary == summary
    assert noted(small_vault, "Acme", f"{text}\nmore").text.endswith("\n---\n\nmore\n")


def test_text_below_the_first_line_keeps_its_indentation(small_vault: Path) -> None:
    logged = noted(small_vault, "Acme", "phone: hi\n \n    make it\n    twice\nblue")
    assert logged.text.endswith("summary: hi\n---\n\n    make it\n    twice\nblue\n")


def test_a_number_with_a_hash_is_text(small_vault: Path) -> None:
    logged = noted(small_vault, "Acme", "email: sent invoice #1042")
    assert "summary: sent invoice #1042\n" in logged.text.replace('"', "")
    assert "tags" not in logged.text
