"""Addresses as letters print and link them."""

from __future__ import annotations

import pytest

from inboxbot.issuers.kinds.url import addresses_in, belongs, host_of, key_of, registrable, resolved
from inboxbot.issuers.places import view
from inboxbot.records import Link


def printed(text: str) -> list[str]:
    return [address.url for address in addresses_in([view("body", text)])]


PRINTED = {
    "See https://a.example/p?utm_source=x&y=1#part.": ["https://a.example/p?utm_source=x&y=1#part"],
    "(https://a.example/p_(1))": ["https://a.example/p_(1)"],
    "« https://a.example/p », https://b.example/q": ["https://a.example/p", "https://b.example/q"],
    "www.a.example/p and a.example/q": ["www.a.example/p", "a.example/q"],
    "www.a.example": ["www.a.example"],
    "Page:https://a.example/é/ü.html": ["https://a.example/é/ü.html"],
    "Write to contact@a.example or call.": [],
    "a.example": [],  # a bare host may be the name of a firm
    "https://a.example/p\nhttps://A.example/p/": ["https://a.example/p"],
    "12/03/2025, HM/19.114, et/ou": [],
}


@pytest.mark.parametrize("text", PRINTED)
def test_addresses_are_read_as_printed_each_once(text: str) -> None:
    assert printed(text) == PRINTED[text]


def test_a_bare_host_counts_on_the_sites_that_are_asked_for() -> None:
    found = addresses_in([view("body", "See portal.issuer.example for more.")], sites=["issuer.example"])
    assert [address.url for address in found] == ["portal.issuer.example"]


def test_an_address_knows_the_words_before_it() -> None:
    (found,) = addresses_in([view("body", "The original is here: https://a.example/p")])
    assert found.beside == "The original is here:"
    assert not found.leads


def test_an_address_that_begins_its_line_knows_the_line_above() -> None:
    (found,) = addresses_in([view("body", "Pages concerned:\n- https://a.example/p")])
    assert "Pages concerned:" in found.beside
    assert found.leads


def test_an_address_behind_words_is_found_with_them() -> None:
    link = Link("our portal", "https://a.example/login", "body")
    (found,) = addresses_in([view("body", "Please open our portal now.")], [link])
    assert found.url == "https://a.example/login"
    assert found.beside.endswith("our portal")


def test_a_link_that_only_counts_clicks_gives_way_to_the_address_it_shows() -> None:
    link = Link("https://a.example/p", "https://track.mailer.example/c/77", "body")
    assert [each.url for each in addresses_in([view("body", "See https://a.example/p")], [link])] == [
        "https://a.example/p"
    ]


@pytest.mark.parametrize(
    ("wrapped", "meant"),
    [
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fp&data=05",
            "https://a.example/p",
        ),
        ("https://www.google.com/url?q=https://a.example/p&sa=D", "https://a.example/p"),
        ("https://urldefense.com/v3/__https://a.example/p__;!!x", "https://a.example/p"),
        ("https://www.google.com/maps?q=Nantes", "https://www.google.com/maps?q=Nantes"),
    ],
)
def test_what_a_filter_wrapped_is_unwrapped(wrapped: str, meant: str) -> None:
    assert printed(f"<{wrapped}>") == [meant]


def test_two_writings_of_one_address_have_one_key() -> None:
    assert key_of("https://www.A.example/p/") == key_of("a.example/p")


def test_whose_host_it_is() -> None:
    assert belongs("portal.issuer.example", ["issuer.example"])
    assert not belongs("notissuer.example", ["issuer.example"])
    assert registrable("www.gallery.co.uk") == "gallery.co.uk"
    assert host_of("https://User@A.Example:443/p") == "a.example"
    assert host_of("https://[broken") == ""


def test_a_path_stands_on_its_page() -> None:
    assert resolved("/img/1.jpg", "https://a.example/p/q") == "https://a.example/img/1.jpg"
    assert resolved("img/1.jpg", "a.example/p/") == "http://a.example/p/img/1.jpg"
