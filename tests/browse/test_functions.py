"""The pages of the functions: complete, in both languages of their files, and found from where the functions are."""

from typing import Any

import pytest
import yaml

from participation.browse.functions import FOLDER, FUNCTIONS, function_lines, function_page
from participation.browse.methods import METHODS
from participation.kit.permissions import Missing
from tests.pages import PageClient

KEYS = {"title", "what", "steps", "data", "misuse", "left"}


def leaves(value: Any) -> list[dict[str, str]]:
    """Return every text of a function that exists in several languages."""
    if isinstance(value, dict):
        return [value] if "de" in value else [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)]


def test_every_file_is_a_function_and_every_function_has_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(FUNCTIONS)
    assert {method for methods in FUNCTIONS.values() for method in methods} <= set(METHODS)


def test_functions_are_complete() -> None:
    for name in FUNCTIONS:
        data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        assert set(data) == KEYS, name
        assert all(data.values()), name
        assert all(set(leaf) == {"de", "en"} and all(leaf.values()) for leaf in leaves(data)), name
        assert all(set(one) == {"how", "against"} for one in data["misuse"]), name
        for language in ("de", "en"):
            # One address of the product would not be that of another city.
            assert "Dortmund" not in repr(function_page(name, language))


def test_the_pages(client: PageClient) -> None:
    overview = client.get("/en/functions")
    links = overview.links("main li a")
    assert list(links) == [line.title for line in function_lines("en")]
    page = client.get(links["Voting on an idea"])
    assert page.h1 == "Voting on an idea"
    assert page.links("main .prose > ul a")["The tally"] == "/en/methods/tally"
    assert "What nothing stands against" in page.texts("main h2")
    for place in ("/en/imprint", "/en/how-it-works"):
        assert "/en/functions" in client.get(place).links("footer a, main a").values()
    client.get("/en/functions/no-such-function", status=404)
    with pytest.raises(Missing):
        function_page("no-such-function", "en")
