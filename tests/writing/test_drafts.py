"""Templates of messages: ours, the vault's own, and whom a message goes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.vaults import SMALL_VAULT
from vaultcrm.app import runs
from vaultcrm.app.finding import find_client
from vaultcrm.errors import UsageError
from vaultcrm.parse.policy import LANGUAGES
from vaultcrm.render.draft import FIELDS, KINDS
from vaultcrm.starting.starter import start_vault
from vaultcrm.writing.drafts import Draft, draft, templates_of

DAY = date(2026, 11, 20)
PEOPLE = {
    **SMALL_VAULT,
    "People/Ben Lee.md": """\
        ---
        type: person
        client: "[[Acme]]"
        birthday: 1990-11-21
        phone: "123 456"
        channel: phone
        ---
        """,
}


def drafted(root: Path, kind: str, to: str | None = None, client: str = "Acme") -> Draft:
    vault = runs.open_vault(str(root))
    found = runs.overview_of(vault, DAY, 0, use_cache=False)
    return draft(vault, find_client(found, client), kind, to)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_template_of_ours_for_every_kind(make_vault: MakeVault, language: str) -> None:
    root = make_vault({"vaultcrm.toml": f'language = "{language}"\n'})
    templates = templates_of(runs.open_vault(str(root)))
    asks = {f"referral-ask-{depth}" for depth in (1, 2, 3)}
    assert set(templates) == (set(KINDS) - {"referral-ask"}) | asks
    assert all(each.path is None for each in templates.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_templates_name_only_what_there_is(make_vault: MakeVault, language: str) -> None:
    files = {**SMALL_VAULT, "vaultcrm.toml": f'language = "{language}"\n'}
    root = make_vault(files)
    for kind in templates_of(runs.open_vault(str(root))):
        made = drafted(root, kind)
        assert made.unknown == ()
        assert "{{" not in made.text
        assert "Acme" in made.text + (made.subject or "") or made.to == "Ann Keller"
    assert len(FIELDS) > len(KINDS)


def test_message_is_filled_in(small_vault: Path) -> None:
    made = drafted(small_vault, "check-in-3m")
    assert made.text.startswith("Hello Ann,\n\nit is about three months since we handed over Website,")
    assert made.text.endswith("\nmira\n")
    assert made.subject == "What has Website brought so far?"
    assert (made.to, made.reach.channel, made.missing, made.source) == ("Ann Keller", "email", (), None)


def test_what_is_missing_is_told(small_vault: Path) -> None:
    made = drafted(small_vault, "payment")
    assert made.missing == ("what the invoice is for", "the day it was due")
    assert "the invoice for ____ (what the invoice is for) was due on ____ (the day it was due)," in made.text


def test_vault_s_own_text_takes_over(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            **SMALL_VAULT,
            "Playbooks/deep/My survey.md": """\
                ---
                draft: Survey after a project
                subject: "Hm: {{project}}"
                ---
                # What I send

                %% a comment {{for me}} %%
                Dear {{name}}, <!-- and one more --> hm? {{projct}}
                """,
            "Playbooks/Messages/birthday.md": "Cheers {{to}}\n",
            "Playbooks/holiday.md": "A playbook, no message\n",
            "Playbooks/own.md": "---\ndraft: Season greeting\n---\nHi {{client}}\n",
            "Playbooks/Empty.md": "---\ndraft:\n---\n",
        }
    )
    made = drafted(root, "survey")
    assert made.text == "Dear Ann Keller,  hm? ____ (projct)\n"
    assert made.subject == "Hm: Website"
    assert made.source == "Playbooks/deep/My survey.md"
    assert [(name, near[0]) for name, near in made.unknown] == [("projct", "project")]
    assert drafted(root, "Birthday").text == "Cheers Ann\n"
    assert drafted(root, "holiday").source is None
    assert drafted(root, "season greeting").text == "Hi Acme\n"


def test_chinese_vault_without_a_setting_uses_its_folder(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "vaultcrm.toml": 'language = "zh"\n',
            "客户/松果面馆.md": "---\ntype: 客户\n联系人: 周姐\n---\n",
            "维护手册/话术/生日祝福.md": "{{称呼}}生日快乐\n",
        }
    )
    assert drafted(root, "生日祝福", client="松果").text == "周姐生日快乐\n"


@pytest.mark.parametrize("name", ["A", "Z"])
def test_own_text_takes_over_from_ours_in_the_vault(tmp_path: Path, name: str) -> None:
    start_vault(str(tmp_path), language="en", policy="studio", sample=True, day=DAY)
    assert drafted(tmp_path, "survey", client="Dune").source == "Playbooks/Messages/Survey after a project.md"
    own = tmp_path / "Playbooks" / f"{name}.md"
    own.write_text("---\ndraft: survey\n---\nHm?\n", encoding="utf-8")
    assert drafted(tmp_path, "survey", client="Dune").text == "Hm?\n"


def test_own_way_of_asking_stands_for_all_of_ours(make_vault: MakeVault) -> None:
    root = make_vault({**SMALL_VAULT, "Playbooks/x.md": "---\ndraft: referral-ask\n---\nHm\n"})
    assert drafted(root, "referral-ask").text == "Hm\n"
    assert "referral-ask-1" not in templates_of(runs.open_vault(str(root)))


def test_referral_is_asked_by_depth(small_vault: Path) -> None:
    assert drafted(small_vault, "referral-ask").kind == "referral-ask-1"
    assert drafted(small_vault, "referral-ask-3").kind == "referral-ask-3"


@pytest.mark.parametrize(
    ("kind", "to", "expected"),
    [
        ("survey", None, "Ann Keller"),
        ("birthday", None, "Ben Lee"),
        ("survey", "ben", "Ben Lee"),
        ("survey", "Cem Ak", "Cem Ak"),
    ],
)
def test_whom_it_goes_to(make_vault: MakeVault, kind: str, to: str | None, expected: str) -> None:
    made = drafted(make_vault(PEOPLE), kind, to)
    assert made.to == expected
    if expected == "Ben Lee":
        assert (made.reach.channel, made.reach.phones, made.reach.emails) == ("phone", ("123 456",), ())


def test_only_person_is_the_contact(make_vault: MakeVault) -> None:
    note = "---\ntype: client\n---\n"
    files = {"Clients/Acme.md": note, "People/Ben Lee.md": '---\ntype: person\nclient: "[[Acme]]"\n---\n'}
    assert drafted(make_vault(files), "survey").to == "Ben Lee"


def test_contact_who_left_is_not_written_to(make_vault: MakeVault) -> None:
    gone = SMALL_VAULT["People/Ann Keller.md"].replace("position", "left: 2026-11-01\n        position")
    assert drafted(make_vault({**SMALL_VAULT, "People/Ann Keller.md": gone}), "survey").to is None


@pytest.mark.parametrize("word", ["check-in", "Check in", "回访"])
@pytest.mark.parametrize(
    ("delivered", "kind"),
    [("2026-08-01", "check-in-3m"), ("2026-10-20", "check-in-1m"), (None, "check-in-1m")],
)
def test_check_in_is_the_one_that_is_due(
    make_vault: MakeVault, word: str, delivered: str | None, kind: str
) -> None:
    project = f"---\nclient: Bell\nstart: 2026-06-01\ndelivered: {delivered}\n---\n" if delivered else ""
    root = make_vault({**SMALL_VAULT, "Clients/Bell.md": "", "Projects/Web.md": project})
    assert drafted(root, word, client="Bell").kind == kind


def test_unknown_kind_is_told_with_the_nearest(small_vault: Path) -> None:
    with pytest.raises(UsageError, match="no draft 'surwey'") as caught:
        drafted(small_vault, "surwey")
    assert caught.value.hint == "one of: survey"
    with pytest.raises(UsageError) as caught:
        drafted(small_vault, "qqqq")
    assert "--list" in caught.value.hint
