"""Where somebody may be sent after a form."""

import pytest

from participation.kit.destinations import own_path

OWN = [
    "/",
    "/de/",
    "/de/processes/digital/ideas?principle=climate&after=1-2",
    "/de/processes/digital/ideas/1#vote",
    "/de/?next=https://evil.example",
    "/de/http://evil.example",
    "/de//x",
    "/.well-known",
    "/%2F/evil.example",
    "/%5Cevil.example",
    "/de/ä",
]
FOREIGN = [
    None,
    "",
    " ",
    "de/",
    "?x=1",
    "#x",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//[",
    "//[::1]",
    "//evil.example:x/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/de/\r\nSet-Cookie: x=1",
    "/de/\x00",
    "/de/\x7f",
    "/de/a b",
    "http://evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:x@example.org",
    "//localhost@evil.example",
    "@evil.example",
    "evil.example/de/",
    "/" + "x" * 2000,
]


@pytest.mark.parametrize("target", OWN)
def test_own_paths_are_kept_as_they_are(target: str) -> None:
    assert own_path(target) == target


@pytest.mark.parametrize("target", FOREIGN)
def test_everything_else_is_dropped(target: str | None) -> None:
    assert own_path(target) is None
