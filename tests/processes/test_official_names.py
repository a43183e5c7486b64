"""Names that could be taken for the city or the moderation, with the tricks people know; and names that are fine."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from participation.processes.models import Participant
from participation.processes.official_names import fold_name, looks_official
from participation.processes.pseudonyms import random_pseudonym
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
OWN = ("Dortmund", "Stadt Dortmund")

TRICKS = {
    "plain": "Moderation",
    "capitals": "MODERATION",
    "spaces between letters": "M o d e r a t i o n",
    "a Cyrillic letter": "Mоderation",
    "a Greek capital": "Μoderation",
    "figures for letters": "m0derat10n",
    "an i without a dot": "Moderatıon",
    "an invisible character": "Mode\u200bration",
    "a soft hyphen": "Mode\u00adration",
    "a badge of emoji": "🛡 Moderation ✅",
    "wide letters": "ＭＯＤＥＲＡＴＩＯＮ",
    "letters in circles": "ⓜⓞⓓⓔⓡⓐⓣⓞⓡ",
    "mathematical letters": "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐢𝐨𝐧",
    "r and n for m": "rnoderation",
    "two v for w": "Vervvaltung",
    "a gender star": "Moderator*in",
    "inside a longer name": "Ihr Moderationsteam Nord",
    "the operator": "Stadt Dortmund",
    "the operator in Cyrillic letters": "Stаdt Dоrtmund",
    "the operator with a hyphen": "stadt-dortmund",
    "the operator with a wide space": "Stadt\u00a0Dortmund",
    "the city alone": "Dortmund",
    "the city with a tick": "Dоrtmund ✔",
    "the city and a team": "Team Dortmund",
    "an office of the city": "Stadtrat Dortmund",
    "just the word": "Die Stadt",
    "English": "City of Dortmund",
    "English administration": "Administrаtion",
    "short": "Admin",
    "short with figures": "4dm1n",
    "short with a number": "Admin 24",
    "a Greek first letter": "Αdmin",
    "German administration": "Stadtverwaltung",
    "the mayor": "Oberbürgermeisterin",
    "the mayor without umlaut": "Buergermeister",
    "Arabic": "الإدارة",
    "Arabic without marks": "الادارة",
    "Arabic with vowels": "مُشرِف",
    "Arabic team": "فريق الإشراف",
    "Ukrainian": "Модерація",
    "Turkish": "Belediye Başkanı",
}
FINE = (
    "Lindenotter 4711", "Stadtkind", "Dortmunderin 82", "Altstadtfan", "Anna", "Quiet Otter", "Stille Weide", "قمر",
    "ليلى", "Оксана", "Mert", "Stadtteilmutter", "Team Grün", "Lilo", "Lotte", "Hilfe-Helga", "Modern Talker", "Olli",
    "Dortmund-Fan", "Nordstadtlöwe", "Otto", "Moritz", "Helpful", "101", "Der Dachs", "李雷", "Αθηνά",
)  # fmt: skip


@pytest.mark.parametrize("name", TRICKS.values(), ids=TRICKS)
def test_official_looking_names_are_found(name: str) -> None:
    assert looks_official(name, OWN)


@pytest.mark.parametrize("name", FINE)
def test_ordinary_names_are_fine(name: str) -> None:
    assert not looks_official(name, OWN)


def test_names_given_out_by_chance_are_fine() -> None:
    assert [name for name in (random_pseudonym() for _ in range(500)) if looks_official(name, OWN)] == []


def test_another_city_has_other_names() -> None:
    own = ("Köln", "Stadt Köln")
    assert [looks_official(name, own) for name in ("Stadt Koeln", "KÖLN", "Stadt Dortmund")] == [True, True, False]


@pytest.mark.parametrize("name", ["", " ", "\u200b", "🛡", "…"])
def test_nothing_is_left_of_names_without_letters(name: str) -> None:
    assert fold_name(name) == ""
    assert not looks_official(name, OWN)


def test_such_a_name_is_refused_in_words(app: Flask, member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    visitor = member()
    url = "/en/processes/digital/my-name"
    for name in ("Mоderation", f"{app.config['OPERATOR_NAME']} ✔", "Administration"):
        page = visitor.submit(visitor.get(url), status=422, pseudonym=name)
        reason = "This name could be taken for the city or the moderation. Please choose another one."
        assert page.errors == [f"Your name in this process: {reason}"]
        assert page.select("[name=pseudonym]")[0].get("value") == name
    with database() as session:
        assert list(session.scalars(select(Participant.pseudonym))) == []
    visitor.submit(visitor.get(url), status=303, pseudonym="Nordstadtlöwe")
