"""Builders of processes, people, and what people contribute."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.accounts.models import Account
from participation.accounts.service import create_account
from participation.cases.models import CaseKind
from participation.cases.service import CaseSubject, open_case
from participation.comments import service as comment_service
from participation.comments.models import Comment, CommentState
from participation.ideas import waiting
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.search import index_ideas
from participation.ideas.standing import note_comments, open_standings
from participation.kit import clock
from participation.principles.models import Aspect, Framework, Principle
from participation.principles.service import LISTS, import_framework
from participation.processes.models import (
    REVIEW_HOURS,
    Capability,
    Participant,
    Phase,
    PhaseKind,
    Process,
    ProcessState,
    RoleGrant,
)
from participation.processes.queries import grants_of
from participation.voting.models import Stance
from participation.voting.service import put_vote

EVERYTHING = frozenset(Capability)
SAMPLE = "sample"
FRAMEWORK_LISTS = (*LISTS.values(), Aspect)
PRINCIPLES = ("innovation", "equality", "education", "climate", "access")
DISTRICTS = ("north", "south")
FIELDS = ("mobility", "schools")
BENEFICIARIES = ("everybody", "children")
BASIC_SERVICES = ("water", "transport")
GOALS = ("peace",)
POINTS, POINTS_MOST = 10, 3
"""How many points each person has in the phases of ``process`` and ``phase``, and how many go to one idea at most."""
_numbers = itertools.count(1)
_imported: dict[Any, list[dict[str, Any]]] = {}


def next_number() -> int:
    """Return a number that no other builder was given."""
    return next(_numbers)


@dataclass(frozen=True, slots=True)
class Place:
    """A process as tests need it: its id, its slug and its framework."""

    id: int
    slug: str
    framework_id: int

    def url(self, rest: str = "", *, language: str = "de") -> str:
        """Return the address of a page of the process: ``url("/ideas")``."""
        return f"/{language}/processes/{self.slug}{rest}"


def text(word: str) -> dict[str, str]:
    """Return an editorial text in both languages."""
    return {"de": f"{word} (de)", "en": f"{word} (en)"}


def framework(session: Session) -> int:
    """Return the id of a small framework: five principles, two districts, two fields of action, a few aspects.

    It is imported once; whoever needs it later is given the very rows that the import made, which is far cheaper.
    """
    known = session.scalar(select(Framework.id).where(Framework.key == SAMPLE))
    if known is not None:
        return known
    if not _imported:
        framework_id = import_sample(session)
        _imported.update({table: _rows(session, table, framework_id) for table in (Framework, *FRAMEWORK_LISTS)})
        return framework_id
    connection = session.connection()
    made = connection.execute(insert(Framework.__table__), _imported[Framework][0])
    for table in FRAMEWORK_LISTS:
        belongs = {"framework_id": made.inserted_primary_key[0]}
        if rows := [{**row, **belongs} for row in _imported[table]]:
            connection.execute(insert(table.__table__), rows)
    return int(made.inserted_primary_key[0])


def _rows(session: Session, table: Any, framework_id: int) -> list[dict[str, Any]]:
    """Return what a table has of the framework, without the numbers that the next database gives out itself."""
    belongs = table.id if table is Framework else table.framework_id
    columns = [column for column in table.__table__.c if not column.primary_key]
    statement = select(*columns).where(belongs == framework_id).order_by(table.id)
    return [dict(row) for row in session.execute(statement).mappings()]


def import_sample(session: Session) -> int:
    """Import the framework that ``framework`` makes and return its id."""

    def entries(keys: Iterable[str]) -> list[dict[str, object]]:
        return [{"key": key, "title": text(key.title()), "explanation": text(f"About {key}")} for key in keys]

    catalogue = {
        "key": SAMPLE,
        "title": text("Framework"),
        "summary": text("What was adopted"),
        "source": {"title": text("Source"), "reference": "1/2020", "adopted_on": "2020-01-01", "body": text("Council")},
        "principles": entries(PRINCIPLES),
        "criteria": entries(("rights",)),
        "values": entries(("fairness",)),
        "districts": entries(DISTRICTS),
        "fields_of_action": entries(FIELDS),
        "beneficiaries": entries(BENEFICIARIES),
        "basic_services": entries(BASIC_SERVICES),
        "goals": entries(GOALS),
    }
    return import_framework(session, SYSTEM, catalogue=catalogue).id


def process(
    session: Session,
    slug: str = "digital",
    *,
    allows: frozenset[Capability] = EVERYTHING,
    review_first: bool = False,
    hides_results: bool = False,
    state: ProcessState = ProcessState.PUBLISHED,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Place:
    """Return a process with one phase: by default everything is possible from yesterday until in ten days."""
    moment = clock.now()
    row = Process(
        slug=slug,
        framework_id=framework(session),
        state=state,
        title=text(f"Process {slug}"),
        question=text(f"Question of {slug}?"),
        summary=text("Summary"),
        advice=text("The result is advice to the council"),
        next_step=text("The council debates it"),
        licence=text("Contributions are under CC BY 4.0"),
        hides_results=hides_results,
        created_at=moment - timedelta(days=30),
    )
    session.add(row)
    session.flush()
    place = Place(row.id, slug, row.framework_id)
    phase(
        session,
        place,
        starts_at=starts_at or moment - timedelta(days=1),
        ends_at=ends_at or moment + timedelta(days=10),
        allows=allows,
        review_first=review_first,
    )
    return place


def phase(
    session: Session,
    place: Place,
    *,
    starts_at: datetime,
    ends_at: datetime,
    allows: frozenset[Capability] = EVERYTHING,
    kind: PhaseKind = PhaseKind.DISCUSS,
    review_first: bool = False,
) -> int:
    """Return the id of a further phase of the process."""
    row = Phase(
        process_id=place.id,
        kind=kind,
        title=text(f"Phase {kind.value}"),
        description=text("What happens now"),
        starts_at=starts_at,
        ends_at=ends_at,
        allows_propose=Capability.PROPOSE in allows,
        allows_comment=Capability.COMMENT in allows,
        allows_vote=Capability.VOTE in allows,
        allows_prioritise=Capability.PRIORITISE in allows,
        points=POINTS,
        points_most=POINTS_MOST,
        review_first=review_first,
    )
    session.add(row)
    session.flush()
    return row.id


def account(session: Session, email: str = "", *, language: str = "de") -> int:
    """Return the id of a confirmed account without a password, made when there is none with this address."""
    address = email or f"person-{next_number()}@example.org"
    return create_account(session, email=address, language=language, now=clock.now()).id


def newest_account(session: Session) -> int:
    """Return the id of the account that was made last."""
    return session.scalars(select(Account.id).order_by(Account.id.desc())).first() or 0


def actor(session: Session, account_id: int, *, role: Role | None = None, process_id: int | None = None) -> Actor:
    """Return the actor behind an account; ``role`` is granted first."""
    if role is not None:
        grant = RoleGrant(account_id=account_id, role=role, process_id=process_id, granted_at=clock.now())
        session.add(grant)
        session.flush()
    return Actor(account_id, "", grants_of(session, account_id))


def participant(session: Session, place: Place, *, account_id: int | None = None, pseudonym: str = "") -> int:
    """Return the id of a participant of the process, made when the account has none there yet."""
    if account_id is not None:
        own = (Participant.process_id == place.id) & (Participant.account_id == account_id)
        known = session.scalar(select(Participant.id).where(own))
        if known is not None:
            return known
    number = next_number()
    row = Participant(
        process_id=place.id,
        account_id=account_id,
        pseudonym=pseudonym or f"Pseudonym {number}",
        external_key=None if account_id else f"key-{number}",
        joined_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def principle_ids(session: Session, place: Place, keys: Iterable[str]) -> list[int]:
    """Return the ids of the principles with these keys, in their order."""
    rows = session.execute(select(Principle.key, Principle.id).where(Principle.framework_id == place.framework_id))
    by_key = {row.key: row.id for row in rows}
    return [by_key[key] for key in keys]


def idea(
    session: Session,
    place: Place,
    *,
    author: int | None = None,
    title: str = "",
    body: str = "What is the problem, and what would help?",
    state: IdeaState = IdeaState.PUBLISHED,
    principles: Iterable[str] = (),
    district_id: int | None = None,
    field_id: int | None = None,
    language: str = "de",
    at: datetime | None = None,
    source: IdeaSource = IdeaSource.ONLINE,
    external_id: str | None = None,
) -> int:
    """Return the id of an idea; ``author`` is a participant, a new one when left out."""
    moment = at or clock.now()
    row = Idea(
        process_id=place.id,
        participant_id=author or participant(session, place),
        state=state,
        source=source,
        title=title or f"Idea number {next_number()}",
        text=body,
        language=language,
        district_id=district_id,
        field_id=field_id,
        external_id=external_id,
        submitted_at=moment,
        published_at=None if state is IdeaState.IN_REVIEW else moment,
    )
    session.add(row)
    session.flush()
    open_standings(session, process_id=place.id, idea_ids=[row.id])
    index_ideas(session, [row.id])
    for principle_id in principle_ids(session, place, principles):
        session.add(IdeaPrinciple(idea_id=row.id, principle_id=principle_id))
    session.flush()
    if state is IdeaState.IN_REVIEW:
        review(session, waiting.subject_of(row), at=moment)
    return row.id


def review(session: Session, subject: CaseSubject, *, at: datetime | None = None) -> int:
    """Return the id of the case of a text that is to be read, as services open it."""
    moment = at or clock.now()
    due_at = moment + timedelta(hours=REVIEW_HOURS)
    return open_case(session, CaseKind.REVIEW, subject, due_at=due_at, now=moment).id


def comment(
    session: Session,
    place: Place,
    idea_id: int,
    *,
    author: int | None = None,
    body: str = "",
    parent_id: int | None = None,
    state: CommentState = CommentState.PUBLISHED,
    at: datetime | None = None,
) -> int:
    """Return the id of a comment on an idea, or of an answer to ``parent_id``."""
    moment = at or clock.now()
    parent = session.get_one(Comment, parent_id) if parent_id else None
    row = Comment(
        process_id=place.id,
        idea_id=idea_id,
        participant_id=author or participant(session, place),
        parent_id=parent_id,
        thread_id=parent.thread_id if parent else None,
        state=state,
        text=body or f"Comment number {next_number()}",
        language="de",
        submitted_at=moment,
        published_at=None if state is CommentState.IN_REVIEW else moment,
    )
    session.add(row)
    session.flush()
    row.thread_id = row.thread_id or row.id
    note_comments(session, idea_id, more=int(state is CommentState.PUBLISHED))
    if state is CommentState.IN_REVIEW:
        review(session, comment_service.subject_of(row), at=moment)
    return row.id


def comments(session: Session, place: Place, idea_id: int, number: int, **options: Any) -> list[int]:
    """Return the ids of so many equal comments, or answers, written at once; ``options`` as for ``comment``."""
    if not number:
        return []
    first = comment(session, place, idea_id, **options)
    row = session.get_one(Comment, first)
    session.flush()
    session.refresh(row)
    values = {column.key: getattr(row, column.key) for column in inspect(Comment).column_attrs if column.key != "id"}
    more = session.scalars(insert(Comment).returning(Comment.id), [values] * (number - 1)).all() if number > 1 else ()
    if row.thread_id == first:
        session.execute(update(Comment).where(Comment.id.in_(more)).values(thread_id=Comment.id))
    note_comments(session, idea_id, more=len(more) if row.state is CommentState.PUBLISHED else 0)
    for one in more if row.state is CommentState.IN_REVIEW else ():
        review(session, comment_service.subject_of(session.get_one(Comment, one)), at=row.submitted_at)
    return [first, *more]


def vote(session: Session, place: Place, idea_id: int, stance: Stance, *, by: int | None = None) -> int:
    """Return the id of the participant who took this stance: ``by``, or a new one."""
    voter = by or participant(session, place)
    put_vote(session, idea_id=idea_id, participant_id=voter, stance=stance, revision=1, now=clock.now())
    return voter


def votes(session: Session, place: Place, idea_id: int, *, agree: int = 0, disagree: int = 0, unsure: int = 0) -> None:
    """Give an idea so many votes of each stance, each by somebody new."""
    wanted = {Stance.AGREE: agree, Stance.DISAGREE: disagree, Stance.UNSURE: unsure}
    for stance, number in wanted.items():
        for _ in range(number):
            vote(session, place, idea_id, stance)
