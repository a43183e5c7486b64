"""Residents' texts in the reader's language: everywhere, marked, the original a click away, and never a hidden word."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentStance
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.service import hide_idea
from participation.kit import clock
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.voting.models import Stance
from participation.voting.queries import FEWEST_VOTES
from participation.wordings.models import Wording, WordingState
from participation.wordings.showing import take_down
from tests import group_runs, lineages, make
from tests.conftest import NewServer, Sessions
from tests.make import Place
from tests.pages import Page, PageClient
from tests.points import give

Member = Callable[..., PageClient]
ORIGINAL = "مكتبة للجميع"
TURKISH = "Herkes için kütüphane"
TEXTS = {
    "مكتبة للجميع": "Herkes için kütüphane",
    "تنقصنا مكتبات. من يدفع؟": "Kütüphaneler eksik. Kim ödeyecek?",
    "إضافة عن الوقت": "Zamanla ilgili ek",
    "أنا ضد ذلك": "Buna karşıyım",
}


@dataclass(frozen=True)
class Scene:
    """An Arabic idea with an addendum and a comment, all of them in Turkish as well: by people and by a machine."""

    place: Place
    idea: int
    comment: int
    other: int
    statement: int
    bundle: int

    def pages(self, language: str = "tr") -> dict[str, str]:
        """Return the address of every page on which the idea stands."""
        rests = {
            "idea": f"/ideas/{self.idea}",
            "list": "/ideas",
            "process": "",
            "row": f"/vote/{self.idea}",
            "thread": f"/ideas/{self.idea}/comments/{self.comment}",
            "arguments": f"/ideas/{self.idea}/arguments",
            "answering": f"/ideas/{self.idea}/comments/new?answer_to={self.comment}",
            "neighbour in a bundle": f"/ideas/{self.other}",
            "bundle": f"/bundles/{self.bundle}",
            "statement": f"/statements/{self.statement}",
            "provenance of the statement": f"/statements/{self.statement}/provenance",
            "provenance of the idea": f"/ideas/{self.idea}/provenance",
            "figures of ideas": "/results/ideas",
            "groups": "/results/groups",
            "points": "/results/priorities",
            "principle": "/principles/climate",
            "notice": f"/ideas/{self.idea}/notice",
        }
        return {name: self.place.url(rest, language=language) for name, rest in rests.items()}


@pytest.fixture
def scene(transact: Sessions) -> Scene:
    """Return the idea with everything around it."""
    with transact() as session:
        return build(session)


def build(session: Session) -> Scene:
    """Make the idea with everything around it."""
    title, text, added, said = TEXTS
    place = make.process(session)
    idea = make.idea(session, place, title=title, body=text, principles=["climate"], language="ar")
    addendum = Addendum(
        process_id=place.id,
        idea_id=idea,
        state=IdeaState.PUBLISHED,
        text=added,
        language="ar",
        submission_key="added",
        submitted_at=clock.now(),
        published_at=clock.now(),
    )
    session.add(addendum)
    comment = make.comment(session, place, idea, body=said)
    row = session.get_one(Comment, comment)
    row.language, row.stance = "ar", CommentStance.OBJECTS
    session.flush()
    other = make.idea(session, place, title="Bänke im Park", body="Mehr davon.")
    make.wording(session, idea, title=TEXTS[title], body=TEXTS[text], provider="libretranslate")
    make.wording(session, addendum.id, kind=SubjectKind.ADDENDUM, body=TEXTS[added])
    make.wording(session, comment, kind=SubjectKind.COMMENT, body=TEXTS[said], provider="deepl")
    make.votes(session, place, idea, agree=9, disagree=8)
    for _ in range(FEWEST_VOTES):
        give(session, place, {idea: 1})
    ideas = [idea, other, *(make.idea(session, place) for _ in range(2))]
    group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas))
    cluster = make.cluster(session, place, ideas=[idea, other])
    statement = lineages.signed(session, place, (cluster,), idea=idea, quoted=text.split(". ")[0])
    return Scene(place, idea, comment, other, statement, make.bundle(session, [idea, other]))


def said_by(page: Page, words: str) -> list[tuple[str | None, str | None]]:
    """Return language and direction of everything that says just these words."""
    return [(one.get("lang"), one.get("dir")) for one in page.select("main [lang]") if words == "".join(one.itertext())]


def test_every_page_speaks_the_readers_language(
    scene: Scene, client: PageClient, member: Member, transact: Sessions
) -> None:
    signed_in = member(email="reader@example.org")
    for name, address in scene.pages().items():
        visitor = signed_in if name == "answering" else client
        page = visitor.get(address)
        assert TURKISH in page.text, name
        # Places in the original stay what they are: a quote is nobody's words but the author's.
        quoted = "".join(page.texts("blockquote.quotation__words"))
        assert ORIGINAL not in page.text.replace(quoted, ""), name
        note = page.select(".translation-note")
        assert note, name
        originals = visitor.get(f"{address}{'&' if '?' in address else '?'}original=1")
        assert ORIGINAL in originals.text, name
        assert TURKISH not in originals.text, name
        back = [one.get("href") for one in originals.select(".translation-note--page a")]
        assert back == [address], name


def test_the_page_of_an_idea_says_who_translated_what(scene: Scene, client: PageClient) -> None:
    page = client.get(scene.pages("en")["idea"])
    # English has no wording: originals, their language named.
    assert page.texts(".translation-note__words > span") == ["Written in: Arabic."] * 3
    page = client.get(scene.pages()["idea"])
    assert page.one("title").startswith(TURKISH)
    assert page.select("meta[name=description]")[0].get("content") == "Kütüphaneler eksik. Kim ödeyecek?"
    assert said_by(page, TURKISH) == [("tr", "ltr")]
    for words in ("Kütüphaneler eksik. Kim ödeyecek?", "Zamanla ilgili ek", "Buna karşıyım"):
        assert ("tr", "ltr") in said_by(page, words) or f">{words}" in page.text
    notes = page.texts(".translation-note__words > span")
    assert ["LibreTranslate" in notes[0], "DeepL" in notes[2], "LibreTranslate" in notes[1]] == [True, True, False]
    to_original = [one.get("href") for one in page.select(".translation-note a") if "original=1" in one.get("href")]
    here = scene.pages()["idea"]
    addendum = page.select(".addendum")[0].get("id")
    assert to_original == [
        f"{here}?original=1",
        f"{here}?original=1#{addendum}",
        f"{here}?original=1#comment-{scene.comment}",
    ]
    assert len(set(page.texts(".translation-note a"))) == len(page.select(".translation-note a"))
    client.get(f"{here}?original=2", status=400)


def test_who_reads_the_language_sees_no_notes(scene: Scene, client: PageClient) -> None:
    for language in ("ar", "de-simple"):
        address = scene.pages(language)["neighbour in a bundle" if language == "de-simple" else "idea"]
        page = client.get(address)
        assert not page.select("main .columns > article .translation-note")
    listed = client.get(scene.pages("de-simple")["list"])
    cards = [text for text in listed.texts(".idea-card") if "Bänke im Park" in text]
    assert "Deutsch" not in cards[0]


def test_quotes_stay_what_people_wrote(scene: Scene, client: PageClient) -> None:
    page = client.get(scene.pages()["statement"])
    assert page.texts("blockquote.quotation__words") == ["تنقصنا مكتبات"]
    assert page.texts(".quotation__wording [lang=tr]") == ["Kütüphaneler eksik."]


def test_what_is_not_public_is_not_read_in_any_language(
    scene: Scene, new_server: NewServer, transact: Sessions
) -> None:
    cached = PageClient(new_server(PAGE_CACHE_SECONDS=10))
    feed = scene.place.url("/ideas.atom", language="tr")
    addresses = [scene.pages()[name] for name in ("list", "process", "bundle", "statement", "neighbour in a bundle")]
    for address in [*addresses, feed]:
        assert TURKISH in cached.get(address).text
    assert "LibreTranslate" in cached.get(feed).text
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=scene.idea, now=clock.now())
        assert session.query(Wording).filter_by(state=WordingState.SHOWN).count() == 3
    for address in [*addresses, feed]:
        assert not [words for words in (*TEXTS, *TEXTS.values()) if words in cached.get(address).text], address
    cached.get(scene.pages()["idea"], status=404)


def test_a_changed_or_taken_down_wording_is_gone_at_once(
    scene: Scene, new_server: NewServer, transact: Sessions
) -> None:
    cached = PageClient(new_server(PAGE_CACHE_SECONDS=10))
    addresses = [scene.pages()[name] for name in ("idea", "list", "row")]

    def shows() -> list[tuple[bool, bool]]:
        pages = [cached.get(address) for address in addresses]
        return [(TURKISH in page.text, ORIGINAL in page.text) for page in pages]

    assert shows() == [(True, False)] * 3
    with transact() as session:
        machine = session.query(Wording).filter_by(subject_id=scene.idea, subject_kind=SubjectKind.IDEA).one()
        make.wording(session, scene.idea, title="Kitaplar", body="Daha iyi.")
        assert machine.state is WordingState.REPLACED
    assert shows() == [(False, False)] * 3
    assert "LibreTranslate" not in cached.get(addresses[0]).text
    with transact() as session:
        take_down(session, session.query(Wording).filter_by(title="Kitaplar").all(), WordingState.REFUSED)
    assert shows() == [(False, True)] * 3
    with transact() as session:
        make.wording(session, scene.idea, title=TURKISH, body="Eski.")
        # A new revision leaves what was said of the earlier one behind.
        session.get_one(Idea, scene.idea).revision += 1
    assert shows() == [(False, True)] * 3


@pytest.mark.parametrize("number", [1, 3])
def test_translations_cost_one_query_a_page(client: PageClient, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        first = make.idea(session, place)
        others = [make.idea(session, place) for _ in range(number - 1)]
        comments = [make.comment(session, place, first) for _ in range(number)]
        for one in (first, *others):
            make.wording(session, one)
        for one in comments:
            make.wording(session, one, kind=SubjectKind.COMMENT)
    for rest, budget in ((f"/ideas/{first}", 16), ("/ideas", 9)):
        with_wordings = place.url(rest, language="tr")
        client.get(with_wordings, budget=budget)
        # One less where nothing is foreign, and where nobody asks for translations.
        client.get(place.url(rest), budget=budget - 1)
        client.get(f"{with_wordings}?original=1", budget=budget - 1)


def test_what_is_ones_own_stays_as_it_was_written(transact: Sessions, member: Member) -> None:
    with transact() as session:
        place = make.process(session)
        account = make.account(session, "writer@example.org", language="tr")
        writer = make.participant(session, place, account_id=account)
        own = make.idea(session, place, author=writer, title="Meine Idee")
        other = make.idea(session, place, title="Andere Idee")
        for idea, title in ((own, "Benim fikrim"), (other, "Başka fikir")):
            make.wording(session, idea, title=title)
            make.vote(session, place, idea, Stance.AGREE, by=writer)
            answer = make.answer(session, idea_id=idea)
            tell(session, [account], EntryKind.ANSWER, answer, process_id=place.id, now=clock.now())
    visitor = member(email="writer@example.org")
    for address in ("/tr/my/contributions?show=votes", "/tr/my/outcomes", "/tr/my/inbox"):
        page = visitor.get(address)
        there = [words in page.text for words in ("Meine Idee", "Benim fikrim", "Başka fikir", "Andere Idee")]
        assert there == [True, False, True, False], address
    assert "Başka fikir" in visitor.get(place.url("/priorities", language="tr")).text


def test_feeds_say_that_texts_are_translated(scene: Scene, client: PageClient) -> None:
    ideas, talk = "LibreTranslate", "DeepL"
    about = scene.place.url(f"/ideas/{scene.idea}/comments.atom", language="tr")
    everywhere = scene.place.url("/discussion.atom", language="tr")
    for address, said, by in (
        (scene.place.url("/ideas.atom", language="tr"), TEXTS["تنقصنا مكتبات. من يدفع؟"], ideas),
        (about, TEXTS["أنا ضد ذلك"], talk),
        (everywhere, TEXTS["أنا ضد ذلك"], talk),
    ):
        feed = client.get(address)
        assert [words in feed.text for words in (said, by, TURKISH)] == [True, True, True], address
        assert 'xml:lang="tr"' in feed.text
        originals = client.get(f"{address}?original=1")
        assert [words in originals.text for words in (said, by, TURKISH, ORIGINAL)] == [False, False, False, True]
