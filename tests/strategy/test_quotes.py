"""Quotes are bound to their original: found where they stand, refused where they differ, never kept as words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.strategy.models import QuotedPart, SourceKind, Statement
from participation.strategy.statements.comparing import shown_quotes
from participation.strategy.statements.content import content_in_force, quote_place
from participation.strategy.statements.quotes import Difference, Span, locate
from participation.strategy.statements.quoting import QuoteDiffers, drop_quote, quote_source, raise_quote
from participation.strategy.statements.service import Overtaken, StatementDraft, rewrite_statement, submit_statement
from tests import make
from tests.conftest import Sessions

TEXT = "Trees give shade.\n\nPlant  them in every street, please."


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("Trees give shade.", "Trees give shade."),
        ("  shade. Plant them ", "shade.\n\nPlant  them"),
        ("please.", "please."),
    ],
)
def test_words_are_found_whatever_their_white_space(pasted: str, words: str) -> None:
    span = locate(TEXT, pasted)
    assert isinstance(span, Span)
    assert TEXT[span.start : span.end] == words


@pytest.mark.parametrize(
    ("pasted", "difference"),
    [
        ("Trees give light.", Difference("Trees give ", "light.", "shade. Plant them in every street, please.")),
        ("in every street, please. And more", Difference("in every street, ", "please. And more", "please.")),
        ("Bushes", Difference("", "Bushes", "")),
    ],
)
def test_where_words_differ_is_said(pasted: str, difference: Difference) -> None:
    assert locate(TEXT, pasted) == difference


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab \n", max_size=30), st.data())
def test_every_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = text[start:end].strip()
    if part:
        span = locate(text, part)
        assert isinstance(span, Span)
        assert text[span.start : span.end].split() == part.split()


@pytest.fixture
def quoting(transact: Sessions) -> dict[str, int]:
    """Return a draft with one idea and a comment, and an idea outside its theme."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="More trees", body=TEXT)
        return {
            "idea": idea,
            "comment": make.comment(session, place, idea, body="Yes, and benches below them!"),
            "outside": make.idea(session, place, body="Benches everywhere"),
            "statement": make.statement(session, place, [make.cluster(session, place, ideas=[idea])], published=False),
            "place": place.id,
        }


def test_a_quote_is_a_place_in_its_original(quoting: dict[str, int], transact: Sessions) -> None:
    with transact() as session:
        actor = make.team_member(session, make.Place(quoting["place"], "digital", 0), "writer")
        given_ones = (
            (SourceKind.IDEA, quoting["idea"], "every street"),
            (SourceKind.COMMENT, quoting["comment"], "benches below"),
            (SourceKind.IDEA, quoting["idea"], "More trees"),
        )
        for kind, source_id, pasted in given_ones:
            given = {"kind": kind, "source_id": source_id, "pasted": pasted}
            quote_source(session, actor, statement_id=quoting["statement"], **given, now=clock.now())
        content = content_in_force(session, session.get_one(Statement, quoting["statement"]))
        assert [quote.words for quote in shown_quotes(session, content.quotes)] == [
            "every street",
            "benches below",
            "More trees",
        ]
        assert [place.part for place in content.quotes] == [QuotedPart.TEXT, QuotedPart.TEXT, QuotedPart.TITLE]
        assert all(quote_place(place.as_text) == place for place in content.quotes)
        raise_quote(session, actor, statement_id=quoting["statement"], place=content.quotes[2], now=clock.now())
        drop_quote(session, actor, statement_id=quoting["statement"], place=content.quotes[0], now=clock.now())
        left = content_in_force(session, session.get_one(Statement, quoting["statement"])).quotes
        assert left == (content.quotes[2], content.quotes[1])
        with pytest.raises(Overtaken):
            drop_quote(session, actor, statement_id=quoting["statement"], place=content.quotes[0], now=clock.now())


@pytest.mark.parametrize(
    ("kind", "source", "pasted", "error"),
    [
        (SourceKind.IDEA, "idea", "every stret", QuoteDiffers),
        (SourceKind.IDEA, "outside", "Benches everywhere", Refused),
        (SourceKind.COMMENT, "comment", "and tables", QuoteDiffers),
        (SourceKind.IDEA, "idea", "in", Refused),
        (SourceKind.COMMENT, "statement", "anything", Refused),
    ],
)
def test_what_cannot_be_quoted_is_refused(
    quoting: dict[str, int], transact: Sessions, kind: SourceKind, source: str, pasted: str, error: type[Exception]
) -> None:
    with transact() as session:
        actor = make.team_member(session, make.Place(quoting["place"], "digital", 0), "writer")
        source_id = quoting[source] + (10**6 if source == "statement" else 0)
        given = {"kind": kind, "source_id": source_id, "pasted": pasted}
        with pytest.raises(error):
            quote_source(session, actor, statement_id=quoting["statement"], **given, now=clock.now())


@pytest.mark.parametrize("change", ["hidden", "reworded", "comment hidden", "other theme"])
def test_a_quote_that_does_not_hold_any_more_is_not_submitted(
    quoting: dict[str, int], transact: Sessions, change: str
) -> None:
    with transact() as session:
        place = make.Place(quoting["place"], "digital", 0)
        actor = make.team_member(session, place, "writer")
        kind, name, pasted = (SourceKind.IDEA, "idea", "every street")
        if change == "comment hidden":
            kind, name, pasted = (SourceKind.COMMENT, "comment", "benches below")
        quote_source(
            session,
            actor,
            statement_id=quoting["statement"],
            kind=kind,
            source_id=quoting[name],
            pasted=pasted,
            now=clock.now(),
        )
        if change == "hidden":
            session.get_one(Idea, quoting["idea"]).state = IdeaState.HIDDEN
        elif change == "reworded":
            session.get_one(Idea, quoting["idea"]).text = TEXT.replace("every street", "each street")
        elif change == "comment hidden":
            session.get_one(Comment, quoting["comment"]).state = CommentState.HIDDEN
        else:
            other = make.cluster(session, place, ideas=[quoting["outside"]])
            draft = StatementDraft({"de": "Anders"}, {}, [other])
            rewrite_statement(session, actor, statement_id=quoting["statement"], draft=draft, now=clock.now())
        session.flush()
        with pytest.raises(Refused):
            submit_statement(session, actor, statement_id=quoting["statement"], now=clock.now())
        words = [
            quote.words
            for quote in shown_quotes(
                session, content_in_force(session, session.get_one(Statement, quoting["statement"])).quotes
            )
        ]
        assert words == (["every street"] if change == "other theme" else [None])
