"""The list of ideas page by page: every idea once, whatever happens meanwhile; filters that mean what they say."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM
from participation.curation.board.filing import unfile_idea
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing
from participation.listings.ideas import Cursor, IdeaFilter, IdeaList, Wording, count_ideas, idea_list
from participation.listings.ideas import wanted as filters
from participation.listings.names import Names
from participation.listings.statements import published_statements, statement_view
from participation.multilingual import Phrase, in_language
from participation.principles.models import District, FieldOfAction
from participation.processes.queries import process_by_id
from tests import make
from tests.conftest import Sessions
from tests.make import Place

EVERYTHING = IdeaFilter()
START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def page(
    session: Session, place: Place, *, cursor: Cursor | None = None, wanted: IdeaFilter = EVERYTHING, size: int = 4
) -> IdeaList:
    """Return a page of the list as an anonymous reader gets it."""
    return idea_list(
        session,
        ANONYMOUS,
        process_by_id(session, place.id),
        wanted=wanted,
        cursor=cursor,
        names=Names(principles={}, districts={}, fields={}),
        wording=Wording(day=str, imported="Imported"),
        list_url="/ideas",
        now=clock.now(),
        size=size,
    )


def ids(listed: IdeaList) -> list[int]:
    """Return the ids on a page."""
    return [card.id for card in listed.cards]


def through(session: Session, place: Place, *, size: int = 4) -> list[IdeaList]:
    """Return all pages from the first on."""
    pages = [page(session, place, size=size)]
    while pages[-1].next:
        pages.append(page(session, place, cursor=pages[-1].next, size=size))
        assert len(pages) < 50
    return pages


def fill(session: Session, place: Place, count: int) -> list[int]:
    """Return ideas, the newest first; many were published at the same moment, and none at a whole second."""
    author = make.participant(session, place)
    made = [
        make.idea(session, place, author=author, at=START + timedelta(microseconds=333_333 * (number // 3) + 1))
        for number in range(count)
    ]
    return made[::-1]


def test_forward_and_back_cover_every_idea_once(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        expected = fill(session, place, 23)
        fill(session, make.process(session, "other"), 5)
    with database() as session:
        pages = through(session, place)
        assert list(itertools.chain(*(ids(one) for one in pages))) == expected
        assert [len(one.cards) for one in pages] == [4, 4, 4, 4, 4, 3]
        assert pages[0].previous is None
        back = [pages[-1]]
        while back[-1].previous:
            back.append(page(session, place, cursor=back[-1].previous))
            assert len(back) < 50
        assert [ids(one) for one in back[::-1]] == [ids(one) for one in pages]
        assert {one.count for one in pages} == {23}


def test_ideas_published_meanwhile_neither_double_nor_hide_any(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        expected = fill(session, place, 12)
    seen: list[int] = []
    cursor: Cursor | None = None
    for number in range(10):
        with database() as session:
            listed = page(session, place, cursor=cursor)
        seen += ids(listed)
        with transact() as session:
            make.idea(session, place, at=START + timedelta(hours=number + 1))
        cursor = listed.next
        if cursor is None:
            break
    assert seen == expected


def test_ideas_hidden_meanwhile_leave_the_rest_in_order(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        expected = fill(session, place, 12)
    with database() as session:
        first = page(session, place)
    with transact() as session:
        # The very idea that the cursor points to, and one after it.
        for idea in (expected[3], expected[5]):
            session.get_one(Idea, idea).state = IdeaState.HIDDEN
    with database() as session:
        assert ids(page(session, place, cursor=first.next)) == [expected[4], *expected[6:9]]


def test_only_published_ideas_are_listed_and_counted(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = {state: make.idea(session, place, state=state) for state in IdeaState}
    with database() as session:
        listed = page(session, place)
        assert (ids(listed), listed.count) == ([ideas[IdeaState.PUBLISHED]], 1)
        assert count_ideas(session, SYSTEM, place.id, EVERYTHING) == 1


def test_counting_stops(transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "COUNT_STOPS_AT", 5)
    with transact() as session:
        place = make.process(session)
        fill(session, place, 9)
    with database() as session:
        assert page(session, place).count == 6


def test_filters_alone_and_combined(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        north, south = session.scalars(select(District.id).order_by(District.position))
        mobility, schools = session.scalars(select(FieldOfAction.id).order_by(FieldOfAction.position))
        climate, access = make.principle_ids(session, place, ["climate", "access"])
        a = make.idea(session, place, principles=["climate"], district_id=north, field_id=mobility, language="de")
        b = make.idea(
            session, place, principles=["climate", "access"], district_id=south, field_id=mobility, language="tr"
        )
        c = make.idea(session, place, principles=["access"], district_id=north, field_id=schools, language="ar")
        d = make.idea(session, place)
        make.idea(session, place, principles=["climate"], district_id=north, state=IdeaState.HIDDEN)
        cluster = make.cluster(session, place, ideas=[a, b, c])
        unfile_idea(session, SYSTEM, idea_id=c, cluster_id=cluster, now=clock.now())
        empty = make.cluster(session, place)
    cases: list[tuple[IdeaFilter, list[int]]] = [
        (IdeaFilter(), [d, c, b, a]),
        (IdeaFilter(principle_id=climate), [b, a]),
        (IdeaFilter(principle_id=access), [c, b]),
        (IdeaFilter(not_sure=True), [d]),
        (IdeaFilter(district_id=north), [c, a]),
        (IdeaFilter(field_id=mobility), [b, a]),
        (IdeaFilter(language="tr"), [b]),
        (IdeaFilter(language="fr"), []),
        (IdeaFilter(cluster_id=cluster), [b, a]),
        (IdeaFilter(cluster_id=empty), []),
        (IdeaFilter(principle_id=climate, district_id=north), [a]),
        (IdeaFilter(field_id=mobility, language="de", cluster_id=cluster), [a]),
        (IdeaFilter(principle_id=access, district_id=north, field_id=mobility), []),
        (IdeaFilter(not_sure=True, cluster_id=cluster), []),
    ]
    with database() as session:
        for wanted, expected in cases:
            listed = page(session, place, wanted=wanted)
            assert (ids(listed), listed.count) == (expected, len(expected)), wanted


def test_a_card_says_what_there_is(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        author = make.participant(session, place, pseudonym="Quiet Otter")
        idea = make.idea(session, place, author=author, title="A bench", body="One\n\ntwo", language="ar")
        make.votes(session, place, idea, agree=3, disagree=2, unsure=1)
        make.comment(session, place, idea)
    with database() as session:
        card = page(session, place).cards[0]
    assert (card.id, card.url, card.title, card.excerpt) == (idea, f"/ideas/{idea}", "A bench", "One two")
    assert (card.language, card.dir, card.pseudonym) == ("ar", "rtl", "Quiet Otter")
    assert (card.agree, card.unsure, card.disagree, card.results_hidden, card.comment_count) == (3, 1, 2, False, 1)


def test_hidden_results_are_not_even_in_the_card(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        make.votes(session, place, make.idea(session, place), agree=3)
    with database() as session:
        card = page(session, place).cards[0]
    assert (card.agree, card.unsure, card.disagree, card.results_hidden) == (0, 0, 0, True)


def test_a_statement_with_its_sources(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(3)]
        hidden = make.idea(session, place, title="Secret idea")
        one = make.cluster(session, place, title="One", ideas=ideas[:2])
        two = make.cluster(session, place, title="Two", ideas=[ideas[1], ideas[2], hidden])
        make.votes(session, place, ideas[1], agree=2, disagree=1)
        make.votes(session, place, hidden, agree=5)
        session.get_one(Idea, hidden).state = IdeaState.HIDDEN
        published = make.statement(session, place, [one, two])
        draft = make.statement(session, place, [one], published=False)
        other = make.process(session, "other")
    with database() as session, app.test_request_context(), in_language("de"):

        def view(process: Place, statement_id: int, language: str = "de") -> object:
            return statement_view(
                session,
                process_by_id(session, process.id),
                statement_id,
                language,
                statements_url="/statements",
                now=clock.now(),
            )

        shown = view(place, published)
        assert (shown.number, shown.text) == (1, Phrase("The city should act (de)", "de"))
        assert view(place, published, "tr").text.language == "de"
        assert [
            (cluster.title, cluster.count, [idea.id for idea in cluster.ideas]) for cluster in shown.rests_on.clusters
        ] == [
            ("One (de)", 2, [ideas[1], ideas[0]]),
            ("Two (de)", 2, [ideas[1], ideas[2]]),
        ]
        behind = shown.rests_on.people
        assert (shown.rests_on.ideas, behind.people) == (3, 3)
        assert (behind.agree, behind.disagree) == (2, 1)
        for process, missing in ((place, draft), (other, published), (place, 987_654)):
            with pytest.raises(Missing):
                view(process, missing)
        lines = published_statements(session, place.id, "de", base_url="/statements")
        assert [(line.id, line.url) for line in lines] == [(published, f"/statements/{published}")]
