"""`new`: notes of every kind from the vault's own templates, or ours; none is overwritten."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.vaults import contents
from vaultcrm.app import runs
from vaultcrm.errors import UsageError
from vaultcrm.parse.policy import LANGUAGES
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE
from vaultcrm.writing.making import Made, Wanted, make

MOMENT = datetime(2026, 11, 20, 9, 5)


def made(root: Path, kind: str, *words: str, dry_run: bool = False, **more: tuple[str, ...]) -> Made:
    return make(runs.open_vault(str(root)), Wanted(kind, words, **more), MOMENT, 0, dry_run=dry_run)


def lines(note: Made) -> list[str]:
    return note.text.splitlines()


def told(root: Path) -> list[str]:
    return [each.code for each in runs.load(runs.open_vault(str(root)), 0).diagnostics]


def test_client_gets_a_permanent_id(small_vault: Path) -> None:
    one, other = made(small_vault, "client", "Bell", "Foods"), made(small_vault, "client", "Cove")
    assert one.path == "Clients/Bell Foods.md"
    assert (small_vault / one.path).read_text(encoding="utf-8") == one.text
    ids = [re.search(r"^id: \"?([0-9a-f]{12})\"?$", each.text, re.MULTILINE) for each in (one, other)]
    assert ids[0] is not None
    assert ids[1] is not None
    assert ids[0][1] != ids[1][1]
    assert "# Bell Foods" in one.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_made_and_read_back(make_vault: MakeVault, language: str) -> None:
    root = make_vault({"vaultcrm.toml": f'language = "{language}"\n'})
    made(root, "client", "Acme")
    for kind in dict.fromkeys(KINDS_OF_NOTE.values()):
        if kind != "client":
            named = () if kind in ("interaction", "feedback") else ("New one", kind)
            made(root, kind, *named, clients=("Acme",))
    (history,) = runs.load(runs.open_vault(str(root)), 0).portfolio.histories
    assert [each.name for each in history.people] == ["New one person"]
    assert sorted((each.title, each.is_order) for each in history.projects) == [
        ("New one order", True),
        ("New one project", False),
    ]
    assert (len(history.interactions), len(history.feedback)) == (1, 1)
    assert told(root) == []


SETTINGS = '{"folder": "Meta/Templates", "dateFormat": "D.M.YYYY", "timeFormat": ""}'


def test_vault_s_own_template_is_taken(make_vault: MakeVault) -> None:
    template = """\
        ---
        type: client
        since: "{{date:YYYY}}-01-01" # the year
        name: {{title}}
        aliases: [{{title}}]
        created: {{time}}
        tp: <% tp.date.now() %> <% tp.file.cursor() %>
        phone:   # how
        tags:
          - crm
          - {{VALUE}}
        ---
        # {{title}}, {{date:dddd D MMMM [at] HH:mm}} {{ DATE }}
        <%* await tp.system.prompt("x") %>
        """
    root = make_vault(
        {
            ".obsidian/templates.json": SETTINGS,
            "Meta/Templates/deep/Customer.md": template,
            "Meta/Templates/Client.md": "no properties {{title}}\n",
        }
    )
    note = made(root, "client", "A: 'B'", settings=("phone=0123", "tags=crm", "owner=Jo"))
    assert note.template == "Meta/Templates/deep/Customer.md"
    shown = [re.sub("id: .*", "id: x", line) for line in lines(note)]
    assert shown == [
        "---",
        "type: client",
        "id: x",
        'since: "2026-01-01" # the year',
        "name: \"A: 'B'\"",
        "aliases: [A - 'B']",
        "created: 09:05",
        "tp: 2026-11-20 <% tp.file.cursor() %>",
        'phone: "0123" # how',
        "tags: crm",
        "owner: Jo",
        "---",
        "# A: 'B', Friday 20 November at 09:05 20.11.2026",
        '<%* await tp.system.prompt("x") %>',
    ]


def test_template_without_properties_gets_them(make_vault: MakeVault) -> None:
    root = make_vault({"Templates/Kunde Client.md": "x\n", "Templates/Client template.md": "# {{title}}\n"})
    note = made(root, "client", "Bell", dry_run=True)
    assert (note.template, note.text) == (
        "Templates/Client template.md",
        "---\ntype: client\nid: …\n---\n# Bell\n",
    )


def test_id_that_a_template_makes_itself_is_left_alone(make_vault: MakeVault) -> None:
    template = '---\ntype: client\nid: "<% tp.user.id() %>"\n---\n'
    note = made(make_vault({"Templates/Client.md": template}), "client", "Bell")
    assert note.text == template


def test_fixed_id_of_a_template_is_replaced(make_vault: MakeVault) -> None:
    note = made(make_vault({"Templates/Client.md": "---\ntype: client\nid: abc\n---\n"}), "client", "Bell")
    assert "abc" not in note.text


def test_name_that_can_be_no_file_s_stands_in_the_note(small_vault: Path) -> None:
    assert "name: A/B" in lines(made(small_vault, "client", "A/B"))
    assert "title: What is it?" in lines(made(small_vault, "project", "What is it?", clients=("Acme",)))
    names = [each.client.name for each in runs.load(runs.open_vault(str(small_vault)), 0).portfolio.histories]
    assert names == ["A/B", "Acme"]


def test_interaction_and_feedback_are_called_by_day_and_client(small_vault: Path) -> None:
    for path in ("2026-11-20 Acme kick-off.md", "2026-11-20 Acme kick-off, 2.md"):
        assert made(small_vault, "interaction", "ac", "kick-off").path == f"Interactions/2026/{path}"
    assert made(small_vault, "feedback", "Acme").path == "Feedback/2026-11-20 Acme.md"
    assert made(small_vault, "feedback", clients=("Acme",)).path == "Feedback/2026-11-20 Acme, 2.md"


def test_values_are_understood(small_vault: Path) -> None:
    note = made(
        small_vault,
        "interaction",
        "Acme",
        settings=("next=friday", "participants=ann keller", "participants=Bob", "sentiment=2", "类型=回访"),
    )
    assert {"next: 2026-11-27", "kind: 回访", "sentiment: 2"} <= set(lines(note))
    assert '  - "[[Ann Keller]]"' in lines(note)
    assert "  - Bob" in lines(note)
    project = made(
        small_vault,
        "order",
        "Labels",
        clients=("Acme",),
        settings=("amount=3万", "paid=yes", "signed=yesterday"),
    )
    assert {"type: order", "amount: 3万", "paid: true", "signed: 2026-11-19"} <= set(lines(project))
    feedback = made(small_vault, "feedback", "Acme", settings=("project=website", "recommend=9", "best="))
    assert {'project: "[[Acme website]]"', "recommend: 9", "best:"} <= set(lines(feedback))
    assert told(small_vault) == []


def test_property_of_one_s_own_is_kept(small_vault: Path) -> None:
    assert "shoe size: 44" in lines(made(small_vault, "client", "Bell", settings=("shoe size=44",)))


@pytest.mark.parametrize(
    ("arguments", "more", "message", "hint"),
    [
        (("klient", "x"), {}, "'klient' is no kind of note", "client"),
        (("client",), {}, "what is it called?", "vaultcrm new client"),
        (("client", " "), {}, "what is it called?", "vaultcrm new client"),
        (("client", "ACME"), {}, "a client called 'ACME' already: Clients/Acme.md", "another name"),
        (("client", "Bell"), {"clients": ("Acme",)}, "a client has no client", "vaultcrm new client"),
        (("person", "Ann Keller"), {"clients": ("Acme",)}, "a note People/Ann Keller.md already", "open it"),
        (("person", "Bob"), {}, "a person needs its client", "--client"),
        (("order", "Labels"), {}, "an order needs its client", "--client"),
        (("project", "Labels"), {"clients": ("Acne",)}, "no client is called 'Acne'", "Acme"),
        (("feedback",), {}, "what is it called?", "vaultcrm new feedback"),
        (("client", "Bell"), {"settings": ("phone",)}, "--set 'phone' sets nothing", "phone="),
        (("client", "Bell"), {"settings": ("=x",)}, "sets nothing", "phone="),
        (("client", "Bell"), {"settings": ("birthday=31-31",)}, "'31-31'", ""),
        (("client", "Bell"), {"settings": ("statsu=lost",)}, "no property 'statsu'", "status"),
        (("client", "Bell"), {"settings": ("status=gone",)}, "'gone'", "active"),
        (("client", "Bell"), {"settings": ("tier=AA",)}, "'AA' is no tier of this policy", "A, B, C"),
        (
            ("project", "Labels"),
            {"clients": ("Acme",), "settings": ("amount=12 XYZ",)},
            "no rate is known for XYZ",
            "currency.rates",
        ),
        (("client", "Bell"), {"settings": ("type=person",)}, "the kind of a note", "order"),
        (
            ("person", "Bob"),
            {"clients": ("Acme",), "settings": ("client=x",)},
            "client is not set so",
            "--client",
        ),
    ],
)
def test_what_cannot_be_made_is_told(
    small_vault: Path, arguments: tuple[str, ...], more: dict[str, tuple[str, ...]], message: str, hint: str
) -> None:
    before = contents(small_vault)
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        made(small_vault, *arguments, **more)
    assert hint in caught.value.hint
    assert contents(small_vault) == before


def test_dry_run_writes_nothing(small_vault: Path) -> None:
    before = contents(small_vault)
    assert "id: …" in lines(made(small_vault, "client", "Bell", dry_run=True))
    assert contents(small_vault) == before


def test_folder_of_the_vault_s_own(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "vaultcrm.toml": '[mapping.folders]\n"Work/Customers" = "client"\n',
            "Work/Customers/Acme.md": "# Acme\n",
            "Work/Customers/Cove.md": "# Cove\n",
        }
    )
    assert made(root, "client", "Bell").path == "Work/Customers/Bell.md"
    assert made(root, "person", "Ann", clients=("Acme",)).path == "People/Ann.md"


def test_day_before_a_name_stands_there_once(small_vault: Path) -> None:
    note = made(small_vault, "feedback", "2026-11-20 Survey", clients=("Acme",), dry_run=True)
    assert note.path.endswith("/2026-11-20 Acme Survey.md")
