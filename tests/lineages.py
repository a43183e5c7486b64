"""A process with everything that provenance is made of, done with the product's services, for tests to look at."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.comments.models import Comment
from participation.curation.bundling.service import bundle_ideas
from participation.ideas.models import Idea
from participation.kit import clock
from participation.strategy.answering.measures import MeasureDraft, StepDraft, begin_measure, report_step
from participation.strategy.answering.referrals import refer
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import MeasureState, QuotedPart, SourceKind, Statement
from participation.strategy.statements.content import QuotePlace, content_in_force
from participation.strategy.statements.quotes import words_digest
from participation.strategy.statements.service import save_content, sign_off, submit_statement
from tests import make

TITLE = "Bänke am Fluss"
BODY = "Am Fluss fehlen Bänke im Schatten."
QUOTED = "fehlen Bänke"
COMMENT = "Dort ist es abends zu dunkel."
SENTENCE = "The city puts benches along the river"
BEFORE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Scene:
    """Numbers of what there is; ``ideas`` are in the first theme, ``other`` in the second and in no bundle."""

    place: make.Place
    ideas: tuple[int, ...]
    other: int
    comment: int
    clusters: tuple[int, int]
    bundle: int
    statement: int
    answer: int
    referral: int
    measure: int


def scene(session: Session, slug: str = "digital") -> Scene:
    """Return a process with a statement that was signed off with quotes, and with what the city does after it."""
    place = make.process(session, slug)
    now = clock.now()
    ideas = tuple(
        make.idea(session, place, title=title, body=body) for title, body in ((TITLE, BODY), ("Mehr Bänke", "Bitte."))
    )
    other = make.idea(session, place, title="Licht am Weg")
    session.get_one(Idea, ideas[0]).external_id = "A-17"
    make.votes(session, place, ideas[0], agree=4, disagree=2)
    make.votes(session, place, other, agree=1)
    comment = make.comment(session, place, ideas[0], body=COMMENT)
    bundle = bundle_ideas(session, SYSTEM, idea_ids=ideas, now=now).id
    clusters = (
        make.cluster(session, place, title="Benches", ideas=ideas),
        make.cluster(session, place, title="Light", ideas=[other]),
    )
    statement = signed(session, place, clusters[:1], idea=ideas[0], comment=comment)
    subject = Subject(SubjectKind.STATEMENT, statement)
    due = date(2027, 3, 1)
    referral = refer(session, SYSTEM, subject=subject, department="Office for parks", due_on=due, now=now).id
    answer = make.answer(session, statement_id=statement)
    draft = MeasureDraft(make.text("Twelve benches"), "Office for parks", due, make.text("Planned for spring"))
    measure = begin_measure(session, SYSTEM, process_id=place.id, answer_id=answer, draft=draft, now=now).id
    step = StepDraft(MeasureState.RUNNING, make.text("Six of them stand"))
    report_step(session, SYSTEM, process_id=place.id, measure_id=measure, draft=step, now=now)
    return Scene(place, ideas, other, comment, clusters, bundle, statement, answer, referral, measure)


def signed(
    session: Session,
    place: make.Place,
    clusters: tuple[int, ...],
    *,
    idea: int | None = None,
    comment: int | None = None,
    quoted: str = QUOTED,
) -> int:
    """Return the id of a statement that was signed off, with quotes of an idea and of a comment."""
    statement_id = make.statement(session, place, clusters, words=SENTENCE, published=False)
    quotes = []
    if idea is not None:
        row = session.get_one(Idea, idea)
        start = row.text.index(quoted)
        place_of = (QuotedPart.TEXT, start, start + len(quoted), words_digest(quoted))
        quotes.append(QuotePlace(SourceKind.IDEA, idea, row.revision, *place_of))
    if comment is not None:
        words = session.get_one(Comment, comment).text
        quotes.append(QuotePlace(SourceKind.COMMENT, comment, 0, QuotedPart.TEXT, 0, len(words), words_digest(words)))
    writer = make.team_member(session, place, "writer")
    statement = session.get_one(Statement, statement_id)
    content = content_in_force(session, statement).with_quotes(quotes)
    save_content(session, writer, statement, content, now=clock.now())
    submit_statement(session, writer, statement_id=statement_id, now=clock.now())
    sign_off(session, make.team_member(session, place, "signer"), statement_id=statement_id, now=clock.now())
    return statement_id
