"""What the configuration says of the vault itself: currency, time, paths, mapping (specification 2 and 4)."""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent

import pytest

from tests.policies import preset_texts
from vaultcrm.model.policy import NoteMapping, Paths, Policy
from vaultcrm.parse.policy import parse_policy
from vaultcrm.parse.policy_vault import as_country, as_path, as_timezone


def policy(config: str) -> Policy:
    found, problems = parse_policy(preset_texts(), dedent(config))
    assert problems == (), [str(problem) for problem in problems]
    return found


def wrong(config: str) -> list[str]:
    return [f"{each.key}: {each.message}" for each in parse_policy(preset_texts(), dedent(config))[1]]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia/Kathmandu", "Asia/Kathmandu"),
        ("UTC", "UTC"),
        ("Europe/Berln", None),
        ("../etc/passwd", None),
        ("/etc/passwd", None),
        ("Europe", None),
        ("a\0b", None),
        ("", None),
        (3, None),
    ],
)
def test_timezones(value: object, name: str | None) -> None:
    assert as_timezone(value) == name


@pytest.mark.parametrize(
    ("value", "code"),
    [("DE", "DE"), ("cn", "CN"), ("USA", "USA"), ("Germany", None), ("", None), ("德国", None), (49, None)],
)
def test_countries(value: object, code: str | None) -> None:
    assert as_country(value) == code


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("CRM/Dashboard.md", "CRM/Dashboard.md"),
        ("./CRM//x.md", "CRM/x.md"),
        ("客户 看板.md", "客户 看板.md"),
        ("Rescued/", "Rescued"),
        ("../outside.md", None),
        ("a/../../b.md", None),
        ("/etc/passwd", None),
        ("C:/x.md", None),
        ("a\\b.md", None),
        ("a\0b", None),
        ("", None),
        (" ", None),
        ("/", None),
        ("x" * 401, None),
        (3, None),
    ],
)
def test_paths_stay_within_the_vault(value: object, path: str | None) -> None:
    assert as_path(value) == path


# Currency


def test_a_currency_with_rates() -> None:
    found = policy('[currency]\ncode = "EUR"\n[currency.rates]\nUSD = 0.92\ncny = 0.128')
    assert (found.currency, found.rates) == ("EUR", {"USD": Decimal("0.92"), "CNY": Decimal("0.128")})
    assert policy('currency = "eur"').currency == "EUR"
    assert policy("").currency == "CNY"


_MISPLACED = "this key is no part of the table: write it above all tables"
_CODE = "a currency code such as 'EUR' is expected"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("currency = 'Euro'", f"currency: {_CODE}, not 'Euro'"),
        ("currency = 3", f"currency: {_CODE}, not 3"),
        ("[currency]\ncode = '€'", f"currency.code: {_CODE}, not '€'"),
        ("[currency]\ncode = 'EUR'\nrate = 1", "currency.rate: unknown key; the nearest: rates"),
        ("[currency]\ncode = 'EUR'\nholidays = 'DE'", f"currency.holidays: {_MISPLACED}"),
        ("[currency.rates]\nUSD = 0.9\ncapacity = 8", f"currency.rates.capacity: {_MISPLACED}"),
        ("[currency.rates]\nDollar = 0.9", f"currency.rates.Dollar: {_CODE}"),
        ("[currency.rates]\nUSD = 0", "currency.rates.USD: a rate greater than 0 is expected"),
        (
            "[currency.rates]\nUSD = -1",
            "currency.rates.USD: a number that is not negative is expected, not -1",
        ),
        (
            "[currency.rates]\nUSD = '1'",
            "currency.rates.USD: a number that is not negative is expected, not '1'",
        ),
        ("timezone = 'Mars'", "timezone: a time zone such as 'Europe/Berlin' is expected, not 'Mars'"),
        ("holidays = 'Germany'", "holidays: an ISO country code such as 'DE' is expected, not 'Germany'"),
    ],
)
def test_currency_and_time_that_are_wrong(config: str, told: str) -> None:
    assert wrong(config) == [told]


# Paths


@pytest.mark.parametrize("table", ["", "[paths]\n"])
def test_a_glob_takes_nothing_back(table: str) -> None:
    key = "paths.ignore" if table else "ignore"
    [told] = wrong(f'{table}ignore = ["Old/*", "!/Old/Acme.md"]')
    assert key in told
    assert "!/Old/Acme.md takes nothing back" in told


def test_paths() -> None:
    found = policy(
        """
        ignore = "Private/**"
        [paths]
        dashboard = "看板.md"
        feed = false
        plans = "Plans"
        reviews = "Reviews"
        rescued = "Kept"
        playbooks = "How"
        vault = "My vault"
        templates = "Forms"
        dashboard_templates = "Looks"
        ignore = ["Old/**"]
        """
    ).paths
    assert found == Paths(
        dashboard="看板.md",
        feed=None,
        plans="Plans",
        reviews="Reviews",
        rescued="Kept",
        playbooks="How",
        vault="My vault",
        templates="Forms",
        dashboard_templates="Looks",
        ignore=("Old/**", "Private/**"),
    )
    assert policy('ignore = ["/!Inbox/"]').paths.ignore == ("/!Inbox/",)
    assert policy("[paths]\ndashboard = false").paths.dashboard is None
    assert policy("").paths == Paths()


def test_paths_that_are_wrong() -> None:
    told = "a path within the vault, with / is expected, not"
    assert wrong('[paths]\nrescued = "../x"\nplans = 3\nreviws = "a"') == [
        f"paths.rescued: {told} '../x'",
        f"paths.plans: {told} 3",
        "paths.reviws: unknown key; the nearest: reviews",
    ]


@pytest.mark.parametrize(
    ("key", "path", "suffix"),
    [
        ("feed", "CRM/feed.txt", ".ics"),
        ("feed", "CRM/Dashboard.md", ".ics"),
        ("dashboard", "CRM/follow-ups.ics", ".md"),
        ("dashboard", "CRM/Dashboard", ".md"),
        ("dashboard", "vaultcrm.toml", ".md"),
        ("policy", "CRM/follow-ups.ics", ".md"),
        ("dashboard", "../x.md", ".md"),
    ],
)
def test_an_output_has_a_name_by_which_it_is_known_again(key: str, path: str, suffix: str) -> None:
    """A feed called otherwise was written once, and taken for somebody else's file ever after."""
    told = f"a path within the vault that ends with {suffix} is expected, not {path!r}"
    assert wrong(f'[paths]\n{key} = "{path}"') == [f"paths.{key}: {told}"]


def test_the_policy_s_note_is_not_the_dashboard() -> None:
    """The dashboard's tables would be read as the policy."""
    assert wrong('[paths]\npolicy = "crm/Dashboard.MD"') == [
        "paths.policy: crm/Dashboard.MD is the dashboard's place"
    ]


# Mapping


def test_mapping() -> None:
    found = policy(
        """
        [mapping.folders]
        "Kunden/Aktiv/" = "Client"
        "Aufträge" = "order"
        "./Projects" = false
        [mapping.tags]
        "#Kunde" = "客户"
        [mapping.values.Category]
        "[[People]]" = "person"
        Big-Deals = "project"
        Family = false
        [mapping.properties]
        "Last Contact" = "since"
        Status = false
        [mapping.sections]
        "Call-Log" = "Log"
        """
    ).mapping
    assert found.folders == {"Kunden/Aktiv": "client", "Aufträge": "order", "Projects": ""}
    assert found.tags == {"kunde": "client"}
    assert found.values == {
        ("category", "people"): "person",
        ("category", "big_deals"): "project",
        ("category", "family"): "",
    }
    assert found.properties == {"last_contact": "since", "status": ""}
    assert found.sections == {"call_log": "log"}
    assert policy("").mapping == NoteMapping()


@pytest.mark.parametrize(
    ("daily", "folder"), [("Daily/", "Daily"), ("/My days//2026", "My days/2026"), ("", None)]
)
def test_the_folder_of_daily_notes(daily: str, folder: str | None) -> None:
    assert policy(f'[capture]\ndaily = "{daily}"').daily == folder


_FOLDER = "a folder within the vault, with / is expected"
_TWICE = "another line says something else of the same name"
_KINDS = "one of client, person, project, order, interaction, feedback is expected"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[mapping.folders]\nA = 'kunde'", f"mapping.folders.A: {_KINDS}, not 'kunde'"),
        ("[mapping.folders]\n'../A' = 'client'", f"mapping.folders: {_FOLDER}, not '../A'"),
        ("[mapping.folders]\n'/' = 'client'", f"mapping.folders: {_FOLDER}, not '/'"),
        ("[capture]\ndaily = '../Daily'", f"capture.daily: {_FOLDER}, not '../Daily'"),
        ("[capture]\ndaily = '.'", f"capture.daily: {_FOLDER}, not '.'"),
        ("[capture]\ndaily = 3", f"capture.daily: {_FOLDER}, not 3"),
        ("[mapping.tags]\na = 3", f"mapping.tags.a: {_KINDS}, not 3"),
        ("[mapping.values.category]\nA = 'x'", f"mapping.values.category.A: {_KINDS}, not 'x'"),
        ("[mapping.values]\ncategory = 'x'", "mapping.values.category: a table is expected, not 'x'"),
        ("[mapping.sections]\nCalls = 'calls'", "mapping.sections.Calls: \"log\" is expected, not 'calls'"),
        ("[mapping.tag]\na = 3", "mapping.tag: unknown key; the nearest: tags"),
        ("[mapping.folders]\nA = 'client'\n'./a/' = false", f"mapping.folders../a/: {_TWICE}"),
        ("[mapping.tags]\na_b = 'client'\n'#A-B' = 'person'", f"mapping.tags.#A-B: {_TWICE}"),
        ("[mapping.properties]\na = 'owner'\nA = false", f"mapping.properties.A: {_TWICE}"),
        ("[mapping.values]\na.x = 'client'\nA.X = 'person'", f"mapping.values.A.X: {_TWICE}"),
        ("[mapping.folder]\nA = 'client'", "mapping.folder: unknown key; the nearest: folders"),
    ],
)
def test_mappings_that_are_wrong(config: str, told: str) -> None:
    assert wrong(config) == [told]


@pytest.mark.parametrize("value", ["true", "0", "''"])
def test_property_is_switched_off_by_false_alone(value: str) -> None:
    (told,) = wrong(f"[mapping.properties]\na = {value}")
    assert told.startswith("mapping.properties.a: a known word such as type, name, ")
    assert len(told) < 150, "there are more than a hundred"


def test_a_mapped_property_must_exist() -> None:
    own = """
        [tiers]
        dimensions = [{name = 'Warm heart'}]
        [mapping.properties]
        warmth = 'warm-heart'
        Sort = 'Type'
        """
    assert policy(own).mapping.properties == {"warmth": "warm_heart", "sort": "type"}
    assert wrong("[mapping.properties]\n'last-contact' = 'sinse'") == [
        "mapping.properties.last-contact: a known word (the nearest: since, signed, size) is expected,"
        " not 'sinse'"
    ]
