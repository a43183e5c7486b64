"""Rewordings of real ideas find the ideas; the data lies beside the checkout, and nothing of it is in the project."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.similarity.jobs import fill_process
from participation.similarity.queries import similar_ideas
from participation.texts.vectors import Encoder
from tests import make
from tests.intake.test_real_data import DATA, IDEAS, records

Sessions = Callable[[], AbstractContextManager[Session]]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout")


@dataclass(frozen=True)
class Planted:
    """A rewording; ``row`` is the place of the original in the file, counted from 0."""

    row: int
    title: str
    text: str
    language: str = "de"


PLANTED = (
    Planted(
        231,
        "Papas brauchen einen Platz zum Windelwechseln",
        "Wer als Vater allein mit dem Baby unterwegs ist, findet nirgends eine Ablage. Solche Tische stehen immer nur "
        "bei den Frauen.",
    ),
    Planted(
        1220,
        "Ein Kasten für unsere Vorschläge",
        "Am Rathaus soll man einen Zettel einwerfen können, wenn man der Stadtspitze etwas sagen will.",
    ),
    # In plain German.
    Planted(
        953,
        "Abfalleimer sind immer voll",
        "Die Eimer in der Stadt laufen über. Jemand soll jeden Tag kommen und sie leeren.",
    ),
    Planted(
        339,
        "Kabinen auf dem Schulklo",
        "Man kann oben und unten in die Kabine schauen. Das ist peinlich. Die Wände auf der Schultoilette sollen ganz "
        "zu sein.",
    ),
    Planted(
        208,
        "Schrank für übriges Essen",
        "Bäckereien und Leute stellen dort Essen hin, das übrig ist. Wer arm ist, kann es sich kostenlos nehmen.",
    ),
    # With typing errors.
    Planted(
        6,
        "Solaranlagn bei Neubautn",
        "Bei neuen heusern soll ein teil vom dach oder der fasade mit Fotovoltaik belegt werden, mindestns ein fünftl "
        "der fläche.",
    ),
    # In other languages.
    Planted(
        967,
        "Fast internet for villages",
        "The district should help to pay for fibre cables so that people in the countryside get a quick connection as "
        "well.",
        "en",
    ),
    Planted(
        1275,
        "Kamu binalarında daha az ısıtma",
        "Okullarda ve belediyede oda sıcaklığı ölçülsün, gereğinden fazla ısıtılmasın. Böylece enerji tasarrufu "
        "yapılır.",
        "tr",
    ),
    Planted(
        26,
        "Unterricht fürs echte Leben",
        "Wie gebe ich meine Steuer ab, wie leihe ich Geld bei der Bank? Das bringt uns niemand bei, dabei brauchen wir "
        "es nach dem Abschluss.",
    ),
    Planted(
        147,
        "Ins Wasser sausen",
        "Am Badestrand ist für Kinder nichts los. Schön wäre etwas, wo man hinaufklettert und dann hineinrutscht.",
    ),
)
# For ten ideas drawn by lot, written in one go and left as they were: two are not found, because more than five other
# ideas of the file ask for the same benches and the same free bus.
DRAWN = (
    Planted(
        235,
        "Umweltfreundliche Baufirmen bevorzugen",
        "Wenn die Stadt Straßen oder Gebäude erneuert, soll sie zuerst Firmen beauftragen, die ökologisch bauen.",
    ),
    Planted(
        297,
        "Kurse zum Mülltrennen",
        "Freiwillige sollen Kindern und Jugendlichen jede Woche zeigen, wie man Abfall richtig sortiert und "
        "wiederverwertet.",
    ),
    Planted(
        395,
        "Saubere öffentliche WCs",
        "In den öffentlichen Klos fehlen ständig Seife und Papier. Das muss regelmäßig aufgefüllt werden.",
    ),
    Planted(
        404,
        "Wöchentliches Müllsammeln",
        "Einmal pro Woche sollen alle zusammen Abfall und Kippen von den Straßen aufsammeln.",
    ),
    Planted(
        487,
        "Mittagessen an der Anne-Frank-Schule",
        "Die Mensa der Oberschule soll wieder öffnen, damit wir dort essen können.",
    ),
    Planted(
        517,
        "Sitzgelegenheiten",
        "In Bergen fehlen Plätze, um sich draußen auszuruhen. Bitte stellen Sie weitere Sitzbänke auf.",
    ),
    Planted(
        598,
        "Gratis Bus fahren für Schüler",
        "Die Fahrkarte soll nichts kosten, und es soll eigene Busse mit zwei Stockwerken für die Schule geben.",
    ),
    Planted(
        667,
        "Bike racks in Geldern",
        "Please put up ten more places to lock bicycles, near shops, bus stops and public buildings.",
        "en",
    ),
    Planted(
        975,
        "Evsizlere yardım",
        "Sokakta yaşayan insanlar için ücretsiz yemek dağıtılan bir yer ve kalabilecekleri bir barınak yapılsın.",
        "tr",
    ),
    Planted(
        1138,
        "Die Bibliothek länger aufmachen",
        "Nachmittags und abends sollte die Bücherei länger offen sein, und etwas zu trinken und Kuchen wäre dort auch "
        "schön.",
    ),
)
# About nothing that young people ask of their town.
UNRELATED = (
    ("Zinsen", "Die Notenbank hat den Leitzins um ein Viertelprozent erhöht, und die Anleihen verloren an Wert."),
    (
        "Rezept",
        "Die Zwiebeln in Butter glasig dünsten, mit Brühe ablöschen und den Reis zwanzig Minuten quellen lassen.",
    ),
    ("Saturn", "Die Ringe bestehen aus Eis und Gestein und sind an manchen Stellen nur zehn Meter dick."),
    ("Grammatik", "Im Lateinischen steht das Prädikat meist am Ende, und der Ablativ hat viele Bedeutungen."),
    ("Schach", "Nach dem Damengambit opfert Schwarz den Läufer und gewinnt dafür zwei Bauern und die Initiative."),
    ("Quarterly results", "The insurer wrote down its stake in the shipping line and raised its dividend forecast."),
    ("Opera", "The soprano cancelled the second act, and the understudy sang the aria a semitone lower."),
    ("Tektonik", "An der Subduktionszone taucht die ozeanische Platte ab, Magma steigt auf und bildet Inselbögen."),
    ("Erbrecht", "Der Pflichtteil beträgt die Hälfte des gesetzlichen Erbteils und verjährt nach drei Jahren."),
    (
        "Photosynthèse",
        "Les chloroplastes captent la lumière et fixent le dioxyde de carbone au cours du cycle de Calvin.",
    ),
)


def fill(session: Session) -> tuple[int, list[int]]:
    """Return a process with the real ideas, and their ids in the order of the file."""
    place = make.process(session)
    author = make.participant(session, place)
    ideas = [
        make.idea(session, place, author=author, title=row["Thema"][:140], body=row["Beschlussempfehlung"])
        for row in records(IDEAS)
    ]
    return place.id, ideas


def found(session: Session, process_id: int, title: str, text: str, language: str) -> list[int]:
    similar = similar_ideas(session, ANONYMOUS, process_id=process_id, title=title, text=text, language=language)
    return [idea.idea_id for idea in similar]


@pytest.mark.accept
def test_rewordings_find_the_original_among_five(
    app: Flask, transact: Sessions, database: Sessions, meaning: Encoder
) -> None:
    with transact() as session:
        process_id, ideas = fill(session)
    with app.app_context():
        assert fill_process(process_id, lambda _done: None) == len(ideas)
    with database() as session:
        hits = {
            name: [ideas[one.row] in found(session, process_id, one.title, one.text, one.language) for one in planted]
            for name, planted in (("chosen", PLANTED), ("drawn", DRAWN))
        }
        offered = [found(session, process_id, title, text, "de") for title, text in UNRELATED]
    assert {name: sum(found_again) >= 8 for name, found_again in hits.items()} == {"chosen": True, "drawn": True}, hits
    assert sum(map(bool, offered)) <= 1, offered


@pytest.mark.accept
def test_by_words_alone_the_plainer_rewordings_find_the_original(transact: Sessions, database: Sessions) -> None:
    """What is left without the extra; it is no measure of quality, but must not get worse unnoticed."""
    with transact() as session:
        process_id, ideas = fill(session)
    with database() as session:
        hits = [ideas[one.row] in found(session, process_id, one.title, one.text, one.language) for one in PLANTED]
        offered = [found(session, process_id, title, text, "de") for title, text in UNRELATED]
    assert sum(hits) >= 3, hits
    assert sum(map(bool, offered)) <= 1, offered
