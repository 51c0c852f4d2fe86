"""Addresses of feeds, and what is made of them for phones."""

from __future__ import annotations

import pytest

from vaultcrm.app.opening import read_policy
from vaultcrm.errors import UsageError
from vaultcrm.sharing import chosen_feeds, feed_address, feed_token, links_of, read_base

SECRET, OTHER = b"s" * 43, b"t" * 43
TWO = '[[feeds]]\npath = "CRM/mira.ics"\n[[feeds]]\npath = "Team/all.ics"\n'


def test_an_address_tells_nothing_and_has_160_bits() -> None:
    token = feed_token(SECRET, "CRM/follow-ups.ics")
    assert len(token) == 32
    assert token.isascii()
    assert token.isalnum()
    assert feed_address(SECRET, "CRM/follow-ups.ics") == f"/{token}/follow-ups.ics"


def test_an_address_is_that_of_its_feed_and_secret() -> None:
    paths = ["CRM/a.ics", "CRM/b.ics", "Team/a.ics"]
    tokens = {feed_token(secret, path) for secret in (SECRET, OTHER) for path in paths}
    assert len(tokens) == 6
    assert feed_token(SECRET, "CRM/a.ics") == feed_token(SECRET, "CRM/a.ics")


def test_links_are_those_of_a_base() -> None:
    (links,) = links_of("https://crm.example.org/feeds", SECRET, ["CRM/跟进 1.ics"])
    token = feed_token(SECRET, "CRM/跟进 1.ics")
    assert links.url == f"https://crm.example.org/feeds/{token}/%E8%B7%9F%E8%BF%9B%201.ics"
    assert links.webcal == links.url.replace("https:", "webcal:")


@pytest.mark.parametrize(
    "text",
    [
        "https://crm.example.org",
        "http://192.0.2.7:8467",
        "https://crm.example.org/a/b",
        "https://[2001:db8::1]:1",
    ],
)
def test_a_base_is_an_address(text: str) -> None:
    assert read_base(text) == read_base(f" {text}/ ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "crm.example.org",
        "webcal://crm.example.org",
        "https://",
        "https://a:99999",
        "https://a:0",
        "https://user:word@a",
        "https://a?b",
        "https://a#b",
        "https://[::1",
        "https://a\n.b",
    ],
)
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no address") as caught:
        read_base(text)
    assert "--public-url https://" in caught.value.hint


def test_all_feeds_are_chosen_unless_some_are_named() -> None:
    policy, _ = read_policy(TWO)
    assert chosen_feeds(policy) == ("CRM/follow-ups.ics", "CRM/mira.ics", "Team/all.ics")
    assert chosen_feeds(policy, ["all.ics", "CRM/mira.ics", "all.ics"]) == ("Team/all.ics", "CRM/mira.ics")


def test_a_feed_that_is_not_there_is_told_with_the_nearest() -> None:
    policy, _ = read_policy(TWO)
    with pytest.raises(UsageError, match="is no feed of this vault") as caught:
        chosen_feeds(policy, ["CRM/mia.ics"])
    assert "CRM/mira.ics" in caught.value.hint


def test_a_name_of_several_feeds_is_told() -> None:
    policy, _ = read_policy('[[feeds]]\npath = "A/x.ics"\n[[feeds]]\npath = "B/x.ics"\n')
    with pytest.raises(UsageError, match="could be several") as caught:
        chosen_feeds(policy, ["x.ics"])
    assert caught.value.hint == "A/x.ics, B/x.ics"


def test_a_vault_without_feeds_is_told() -> None:
    policy, _ = read_policy("[paths]\nfeed = false\n")
    with pytest.raises(UsageError, match="no feed"):
        chosen_feeds(policy)
