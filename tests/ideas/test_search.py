"""Searching ideas: what is found by which words, in many languages, what never is, and in which order it comes."""

import itertools
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, delete, event, select, text
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM
from participation.ideas.bulk import ImportedIdea, add_ideas
from participation.ideas.models import Addendum, Idea, IdeaSearch, IdeaState, Standing
from participation.ideas.queries import visible_to
from participation.ideas.search import (
    IN_TEXT,
    IN_TEXT_WITHIN,
    IN_TITLE,
    IN_TITLE_WITHIN,
    index_ideas,
    matching,
    relevance,
    to_index,
)
from participation.ideas.service import IdeaDraft, submit_idea
from participation.kit import clock
from participation.texts.terms import QUOTES, search_terms
from tests import make
from tests.conftest import Sessions

numbers = itertools.count()


class Case(NamedTuple):
    """A query with a text that it must find and one that it must not find."""

    query: str
    language: str
    found: str
    other: str


CASES = [
    # German: compounds, umlauts, ß, inflection
    Case("bibliothek", "de", "Stadtbibliotheken länger öffnen", "Ein Bibelkreis für alle"),
    Case("Bibliotheken", "de", "Die Stadtbibliothek öffnet sonntags", "Ein Buchladen öffnet sonntags"),
    Case("strasse", "de", "Tempo 30 in der Straße am Park", "Ein Strauß Blumen"),
    Case("STRASSEN", "de", "Die Straße ist eng", "Der Strand ist schmal"),
    Case("Straße", "de", "Die Strasse ist zu eng", "Die Gasse ist zu eng"),
    Case("schlagloch", "de", "Schlaglöcher melden", "Ein Schlagbaum am Hafen"),
    Case("Schlagloecher", "de", "Ein Schlagloch vor der Schule", "Ein Loch im Zaun"),
    Case("schlaglocher", "de", "Schlaglöcher füllen", "Schlagzeilen lesen"),
    Case("fahrräder", "de", "Ein Fahrrad für jede Familie", "Eine Fahrt ins Grüne"),
    Case("fahrrad", "de", "Sichere Plätze für Fahrräder", "Fahrpläne für Räder im Getriebe"),
    Case("Fahrrad", "de", "Fahrradständer am Bahnhof", "Fahrscheine am Bahnhof"),
    Case("kindergarten", "de", "Mehr Kindergärten im Norden", "Mehr Gärten für Kinder"),
    Case("kindergärten", "de", "Der Kindergartenplatz", "Der Kinderspielplatz"),
    Case("Buergerbuero", "de", "Das Bürgerbüro braucht Zeit", "Das Büro braucht Zeit"),
    Case("Bürger", "de", "Sprechstunde für Bürger*innen", "Züge nach Hamburg"),
    Case("Kita-Platz", "de", "Kitaplätze für alle", "Ein Platz in der Nähe"),
    Case("kitaplatz", "de", "Wer bekommt einen Kita-Platz?", "Eine Kita am Platz"),
    Case("email", "de", "Antwort per E-Mail", "Antwort per Brief"),
    Case("e-mail", "de", "Eine Email vom Amt", "Gute Malkurse"),
    Case("Öffnungszeit", "de", "ÖFFNUNGSZEITEN DES AMTES", "Offene Zeitungen"),
    Case("neue steuer", "de", "Eine neue Steuer auf Müll", "Neues Lenkrad"),
    Case("KI", "de", "KI im Rathaus", "Kino im Rathaus"),
    Case("5G", "de", "5G-Ausbau am Hafen", "Die 5 Gründe"),
    Case("WLAN in der Schule", "de", "Schnelles WLAN an Schulen", "WLAN im Park"),
    Case("haus garten", "de", "Garten hinter dem Haus", "Garten hinter dem Hof"),
    # quoted: just so
    Case('"freies WLAN"', "de", "Freies WLAN an Haltestellen", "WLAN, freies Denken"),
    Case('"Rad"', "de", "Das Rad neu erfinden", "Das Radio neu erfinden"),
    Case("„digitale Bildung“", "de", "Digitale Bildung für alle", "Bildung digitale"),
    # English
    Case("library", "en", "Keep the libraries open", "Keep the liberties"),
    Case("cycling", "en", "Safe routes to cycle", "Recipes with rice"),
    Case("Children's playground", "en", "Playgrounds for children", "Playing with paint"),
    # Turkish: endings pile up; dotted and dotless i
    Case("kütüphane", "tr", "Kütüphanelerde daha fazla masa", "Küçük bir dükkan"),
    Case("kütüphaneler", "tr", "Yeni bir kütüphane", "Yeni bir köprü"),
    Case("kutuphane", "tr", "Kütüphanemiz akşam açık olsun", "Kutu oyunları"),
    Case("ışık", "tr", "PARKTA DAHA FAZLA IŞIK", "Parkta daha fazla ağaç"),
    Case("ISIK", "tr", "Sokakta ışıklar yansın", "Sokakta masalar olsun"),
    Case("istanbul", "tr", "İstanbul'da olduğu gibi", "Ankara'da olduğu gibi"),
    Case("okul", "tr", "Okullarda ücretsiz yemek", "Oyun alanlarında yemek"),
    # Ukrainian: cases, apostrophes
    Case("бібліотека", "uk", "Відкрити бібліотеки ввечері", "Відкрити басейн увечері"),
    Case("бібліотеці", "uk", "Більше бібліотек у місті", "Більше біля міста"),
    Case("дорога", "uk", "Ями на дорозі", "Дерева на площі"),
    Case("здоровя", "uk", "Здоров’я для всіх", "Зупинки для всіх"),
    Case("п'ять", "uk", "Пʼять нових зупинок", "Пити воду"),
    Case("вулиця", "uk", "Тихі вулиці вночі", "Вуличні музиканти"),
    # Russian: cases, ё
    Case("елка", "ru", "Ёлка на площади", "Елей в церкви"),
    Case("библиотека", "ru", "Новые книги в библиотеках", "Новые билеты"),
    Case("школа", "ru", "Питание в школах", "Шкалы и приборы"),
    # Polish, Romanian, French
    Case("biblioteka", "pl", "Książki w bibliotekach", "Książki w księgarni"),
    Case("sciezka rowerowa", "pl", "Ścieżki rowerowe wzdłuż rzeki", "Ścieżki piesze wzdłuż rzeki"),
    Case("łódź", "pl", "Lodz nad rzeka", "Lody nad rzeką"),
    Case("biblioteca", "ro", "Biblioteci deschise seara", "Bibelouri de vânzare"),
    Case("şcoli", "ro", "Mai multe școli", "Mai multe scoici"),
    Case("piata", "ro", "Piața centrală", "Pianul central"),
    Case("bibliotheque", "fr", "Les bibliothèques ouvertes le soir", "La bible ouverte"),
    Case("école", "fr", "L’école du quartier", "Le collier du quartier"),
    Case("l'eau", "fr", "De l'eau potable", "Un bateau"),
    # Arabic: vowel marks, tatweel, kinds of alef, the article
    Case("مكتبة", "ar", "المكتبات مفتوحة مساء", "الملاعب مفتوحة مساء"),
    Case("المكتبة", "ar", "كتب جديدة في مَكْتَبَةِ الحي", "كتب جديدة في المدرسة"),
    Case("احمد", "ar", "شارع أحمد", "شارع محمود"),
    Case("مدرســـة", "ar", "طريق آمن إلى المدرسة", "طريق آمن إلى السوق"),
    Case("2030", "ar", "خطة ٢٠٣٠", "خطة ٢٠٢٥"),
    # Without a stemmer: as spelled, and inside of words
    Case("ποδήλατο", "el", "Ποδηλατο για όλους", "Ποδόσφαιρο για όλους"),
    Case("библиотека", "bg", "Библиотеката да е отворена", "Библейски текст"),
    Case("図書館", "ja", "市の図書館を夜も開ける", "市の公園を夜も開ける"),
]

HOSTILE = [
    "",
    "   ",
    '"',
    '""',
    '"""',
    "'; DROP TABLE idea; --",
    '" OR 1=1 --',
    "pg_sleep(10)",
    "a NEAR(b, 2)",
    "title_words : x",
    "words:x AND NOT",
    "AND OR NOT",
    "-x +y ^z",
    "(((",
    "a* b*",
    "{x y} : z",
    "idea_words",
    "rank MATCH 'x'",
    "\x00",
    "vor\x00nach",
    "\ud800",
    "%",
    "_",
    "%%%___%%%",
    "100 %",
    "\\",
    "\\%",
    "///",
    "🚲",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "!?.,;:-–—…",
    "x" * 10_000,
    "x " * 5_000,
    "ä" * 10_000,
    "'" * 10_000,
    '"' * 9_999,
    "a-" * 5_000,
    "\u0301\u0301\u0301",
    "\u200b\u202e",
    "ﷺ" * 500,
    "ॐ नमस्ते",
    "𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
]


def hits(session: Session, query: str) -> set[int]:
    return set(session.scalars(select(Idea.id).where(matching(query))))


def ranked(session: Session, query: str) -> dict[int, int]:
    found = session.execute(select(Idea.id, relevance(query)).where(matching(query)))
    return {row.id: row[1] for row in found}


def test_what_is_found(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        author = make.participant(session, place)
        ideas = {
            (case, text): make.idea(session, place, author=author, title="Vorschlag", body=text, language=case.language)
            for case in CASES
            for text in (case.found, case.other)
        }
    wrong = []
    with database() as session:
        for case in CASES:
            found = hits(session, case.query)
            if ideas[case, case.found] not in found:
                wrong.append(f"{case.query} does not find: {case.found}")
            if ideas[case, case.other] in found:
                wrong.append(f"{case.query} finds: {case.other}")
    assert wrong == []


def test_a_stem_of_one_language_says_nothing_in_another(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        wheel = make.idea(session, place, title="Das Rad", body="Räder", language="de")
        radio = make.idea(session, place, title="Radio", body="Hören", language="de")
    with database() as session:
        # The Italian stem of "radio" is "rad".
        assert hits(session, "radio") == {radio}
        assert hits(session, "räder") == {wheel}


def test_hostile_queries_are_only_words(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.idea(session, place, title="Ein Titel", body="Ein Text, 99 % echt_er \\% Text")
    with database() as session:
        for query in HOSTILE:
            fitting = select(Idea.id, relevance(query)).where(matching(query)).order_by(relevance(query))
            assert session.execute(fitting).all() == []
            assert session.execute(select(relevance(query))).all() != []


def test_a_query_without_words_finds_nothing(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.idea(session, make.process(session), title="100 % _ 🚲 \\", body='"" !?')
    with database() as session:
        for query in ("", "  ", "!?", "🚲", '""', "%", "_", "\x00"):
            assert hits(session, query) == set()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters=QUOTES, exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_whatever_stands_in_a_text_is_found_by_itself(transact: Sessions, database: Sessions, text: str) -> None:
    stored = text.replace("\x00", "")
    with transact() as session:
        idea_id = make.idea(session, make.process(session, f"p{next(numbers)}"), title="T", body=stored)
    with database() as session:
        session.execute(select(Idea.id, relevance(text)).where(matching(text))).all()
        for chunk in stored.split():
            assert (idea_id in hits(session, chunk)) is bool(search_terms(chunk))


def test_only_public_ideas_are_found_by_the_public(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        ideas = {state: make.idea(session, place, title="Stadtbibliothek", state=state) for state in IdeaState}
        make.idea(session, other, title="Stadtbibliothek")
    with database() as session:
        found = select(Idea.id).where(visible_to(ANONYMOUS, place.id), matching("bibliothek"))
        assert set(session.scalars(found)) == {ideas[IdeaState.PUBLISHED]}


def test_what_comes_first(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        points = {
            make.idea(session, place, title=title, body=body): expected
            for title, body, expected in (
                ("Räder leihen", "Überall in der Stadt", IN_TITLE),
                ("Fahrräder leihen", "Ein Rad für alle", IN_TITLE_WITHIN),
                ("Leihen statt kaufen", "Ein Rad für alle", IN_TEXT),
                ("Leihen und teilen", "Ein Lastenrad für alle", IN_TEXT_WITHIN),
            )
        }
        make.idea(session, place, title="Leihen", body="Bücher")
    with database() as session:
        assert ranked(session, "rad") == points
        assert ranked(session, "rad leihen") == {idea_id: value + IN_TITLE for idea_id, value in points.items()}
        order = select(Idea.id).where(matching("rad")).order_by(relevance("rad").desc(), Idea.id)
        assert list(session.scalars(order)) == list(points)


def test_addenda_count_once_they_are_public(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea_id = make.idea(session, place, title="Bänke", body="Im Park", language="de")
        addenda = {
            state: Addendum(
                process_id=place.id,
                idea_id=idea_id,
                state=state,
                text=f"Kütüphaneler {state.value.replace('_', '')}",
                language="tr",
                submitted_at=clock.now(),
            )
            for state in IdeaState
        }
        session.add_all(addenda.values())
        index_ideas(session, [idea_id])
    with database() as session:
        assert hits(session, "kütüphane") == {idea_id}
        assert [state for state in IdeaState if hits(session, state.value.replace("_", ""))] == [IdeaState.PUBLISHED]
    with transact() as session:
        session.get_one(Addendum, addenda[IdeaState.PUBLISHED].id).state = IdeaState.HIDDEN
        index_ideas(session, [idea_id])
    with database() as session:
        assert hits(session, "kütüphane") == set()


def test_a_changed_text_leaves_nothing_behind(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        idea_id = make.idea(session, make.process(session), title="Bänke am Hafen", body="Zum Ausruhen")
    with transact() as session:
        session.get_one(Idea, idea_id).title = "Stühle am Hafen"
        index_ideas(session, [idea_id])
    with database() as session:
        assert hits(session, "hafen") == hits(session, "stuhl") == {idea_id}
        assert hits(session, "bank") == hits(session, "bänke") == hits(session, "änk") == set()
    with transact() as session:
        session.execute(delete(Standing).where(Standing.idea_id == idea_id))
        session.execute(delete(Idea).where(Idea.id == idea_id))
    with database() as session:
        assert hits(session, "hafen") == hits(session, "stuhl") == hits(session, "stühl") == set()
        assert list(session.scalars(select(IdeaSearch.idea_id))) == []


def test_what_is_submitted_or_imported_is_found_at_once(transact: Sessions, database: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session)
        resident = make.actor(session, make.account(session))
        draft = IdeaDraft("Stadtbibliotheken öffnen", "Auch am Sonntag.", "de")
        submitted = submit_idea(
            session, resident, process_id=place.id, draft=draft, submission_key="one", opened_at=None, now=now
        ).id
        rows = [ImportedIdea("a", None, IdeaState.PUBLISHED, "Leseecke", "In der Bibliothek.", "de", now)]
        add_ideas(session, SYSTEM, process_id=place.id, ideas=rows, now=now)
    with database() as session:
        imported = session.scalar(select(Idea.id).where(Idea.external_id == "a"))
        assert hits(session, "bibliothek") == {submitted, imported}


def test_what_is_left_to_index(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        ideas = [make.idea(session, place) for _ in range(3)]
        elsewhere = make.idea(session, other)
        session.delete(session.get_one(IdeaSearch, ideas[1]))
    with database() as session:
        assert to_index(session, after=0, most=10) == [*ideas, elsewhere]
        assert to_index(session, after=ideas[0], most=1) == [ideas[1]]
        assert to_index(session, after=0, most=10, process_id=other.id) == [elsewhere]
        assert to_index(session, after=0, most=10, missing=True) == [ideas[1]]


def plan_of(session: Session, statement: Select[Any]) -> str:
    """Return how the database means to answer a statement.

    PostgreSQL would read so small a table from end to end, or in the order of its ids: it is asked to do neither.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"

    def ask_for_the_plan(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> tuple[str, Any]:
        return f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{sql}", values

    if not sqlite:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", ask_for_the_plan, retval=True)
    # Not through the session: an explanation has other columns than ideas.
    rows = connection.execute(statement).cursor.fetchall()
    event.remove(connection, "before_cursor_execute", ask_for_the_plan)
    return "\n".join(str(row[-1]) for row in rows)


def test_the_indexes_are_used(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.idea(session, place, title="Stadtbibliothek")
    public = select(Idea.id).where(visible_to(ANONYMOUS, place.id), matching("bibliothek"))
    with database() as session:
        plan = plan_of(session, public.order_by(relevance("bibliothek").desc(), Idea.id.desc()))
        if session.get_bind().dialect.name == "sqlite":
            assert "SCAN idea_words VIRTUAL TABLE INDEX" in plan
            assert "SCAN idea_folded VIRTUAL TABLE INDEX" in plan
            assert "SCAN idea_search" not in plan
            assert "SCAN idea " not in plan
        else:
            assert "Bitmap Index Scan on ix_idea_search_words" in plan
            assert "Bitmap Index Scan on ix_idea_search_folded" in plan
            assert "Seq Scan" not in plan
