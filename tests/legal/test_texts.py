"""Legal texts as they are typed: headings, paragraphs and names in braces; and the texts that came with the product."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.legal.models import LegalKind
from participation.legal.placeholders import NAMES, filled, unknown_names
from participation.legal.policies import may_write_legal
from participation.legal.product import product_text, product_title
from participation.legal.queries import places_in
from participation.legal.sections import LegalSection, sections
from participation.texts import render_markup

SETTINGS = {**dict.fromkeys(NAMES, ""), "city": "Dortmund", "operator": "Stadt Dortmund"}
HERE, ELSEWHERE = 1, 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In {city}.", "In Dortmund."),
        ("{city} und {operator}", "Dortmund und Stadt Dortmund"),
        ("Telefon: {contact_phone}", ""),
        ("{city}: {contact_phone}", ""),
        # Nothing else is looked up, so nothing leads further.
        ("{city.__class__}", "{city.__class__}"),
        ("{unknown}", "{unknown}"),
        ("{0} {} { city } {{city}}", "{0} {} { city } {Dortmund}"),
        ("", ""),
    ],
)
def test_what_stands_for_the_settings(text: str, expected: str) -> None:
    assert filled(text, SETTINGS) == expected


def test_names_that_stand_for_nothing() -> None:
    assert unknown_names("{city} {ctiy} {mayor} {ctiy} { x } {city.x} {}") == ["ctiy", "mayor", "city.x", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Only this.", [("", "Only this.")]),
        ("First.\n\n## One\n\nA.\n\nB.\n## Two\nC.", [("", "First."), ("One", "A.\n\nB."), ("Two", "C.")]),
        ("## In {city}\n\nHere.", [("In Dortmund", "Here.")]),
        # What is not set goes with its paragraph, and with its heading where nothing else stands below.
        ("## Reach us\n\nCall {contact_phone}.\n\n## Else\n\nCall {contact_phone}.\n\nCome.", [("Else", "Come.")]),
        ("#Not one\n### Neither\n##Nor this", [("", "#Not one\n### Neither\n##Nor this")]),
        ("## Heading\n- one\n- two", [("Heading", "- one\n- two")]),
    ],
)
def test_the_parts_of_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert sections(text, SETTINGS) == tuple(LegalSection(heading, body) for heading, body in expected)


@given(some.text(alphabet="#{}city \n<>&-ab", max_size=60))
def test_no_text_breaks_the_page(text: str) -> None:
    for section in sections(text, SETTINGS):
        html = render_markup(section.body)
        assert "<script" not in html
        assert section.heading == section.heading.strip()
        assert "\n" not in section.heading


@pytest.mark.parametrize("kind", LegalKind)
def test_the_texts_of_the_product(kind: LegalKind) -> None:
    texts = product_text(kind)
    assert {"de", "en"} <= set(texts)
    assert {"de", "en"} <= set(product_title(kind))
    everything = dict.fromkeys(NAMES, "x")
    counts = {language: len(sections(text, everything)) for language, text in texts.items()}
    assert len(set(counts.values())) == 1, counts
    assert counts["de"] > 3
    assert [name for text in texts.values() for name in unknown_names(text)] == []


@pytest.mark.parametrize(
    ("name", "everywhere", "imprint_here", "others_here"),
    [
        ("nobody", False, False, False),
        ("resident", False, False, False),
        ("moderator here", False, False, False),
        ("staff here", False, False, True),
        ("staff elsewhere", False, False, False),
        ("staff", False, False, True),
        ("admin here", False, True, True),
        ("admin elsewhere", False, False, False),
        ("admin", True, True, True),
        ("system", True, True, True),
    ],
)
def test_who_may_write_what(name: str, everywhere: bool, imprint_here: bool, others_here: bool) -> None:
    role, _space, where = name.partition(" ")
    place = {"here": HERE, "elsewhere": ELSEWHERE}.get(where)
    actors = {"nobody": ANONYMOUS, "system": SYSTEM, "resident": Actor(7)}
    actor = actors.get(role) or Actor(7, grants=frozenset({(Role(role), place)}))
    for kind in LegalKind:
        assert bool(may_write_legal(actor, kind, None)) is everywhere, kind
        expected = imprint_here if kind is LegalKind.IMPRINT else others_here
        assert bool(may_write_legal(actor, kind, HERE)) is expected, kind
        if not expected:
            assert str(may_write_legal(actor, kind, HERE).reason)


@pytest.mark.parametrize(
    ("column", "places"), [(None, set()), ("", set()), ("0", {None}), ("3", {3}), ("0,3,0,12", {None, 3, 12})]
)
def test_where_somebody_has_yet_to_agree(column: str | None, places: set[int | None]) -> None:
    actor = Actor(7, owes=places_in(column))
    assert actor.owes == places
    assert actor.owes_consent(3) is bool(places & {None, 3})
    assert hash(actor)
