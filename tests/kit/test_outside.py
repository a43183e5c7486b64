"""Addresses of pages that are not ours."""

import pytest

from participation.kit.outside import host_of, https_address, is_on

TAKEN = {
    "https://www.example.org": "https://www.example.org",
    "  https://www.example.org/a/b?c=d#e ": "https://www.example.org/a/b?c=d#e",
    "HTTPS://WWW.Example.ORG/Path": "https://www.example.org/Path",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://example.org/ä": "https://example.org/ä",
}
REFUSED = [
    "",
    "www.example.org",
    "http://example.org",
    "//example.org",
    "https:example.org",
    "https:///example.org",
    "https://",
    "https://localhost",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://example.org:8443/",
    "https://example.org:x/",
    "https://user@example.org/",
    "https://example.org@evil.example/",
    "https://.example.org",
    "https://exa mple.org",
    "https://example.org/\nx",
    "https://example.org/\u202ex",
    'https://example.org/"onclick',
    "https://example.org\\.evil.example",
    "https://-x.example",
    f"https://{'a' * 64}.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://example.org/" + "x" * 500,
]


@pytest.mark.parametrize(("typed", "taken"), TAKEN.items())
def test_plain_secure_addresses_are_taken(typed: str, taken: str) -> None:
    assert https_address(typed) == taken


@pytest.mark.parametrize("typed", REFUSED)
def test_everything_else_is_not(typed: str) -> None:
    assert https_address(typed) is None


def test_which_host_an_address_is_on() -> None:
    assert host_of("https://www.example.org/x") == "www.example.org"
    domains = ("example.org", "city.example")
    near = ("https://example.org/x", "https://a.b.example.org", "https://city.example")
    far = ("https://badexample.org", "https://example.org.evil.example", "https://example.com/example.org")
    assert [is_on(address, domains) for address in (*near, *far)] == [True] * 3 + [False] * 3
