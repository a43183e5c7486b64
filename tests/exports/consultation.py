"""A small consultation in the database for the tests of exports, with something secret behind every closed door."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Grant, Role
from participation.accounts.models import Account
from participation.accounts.service import sign_in
from participation.comments.models import Comment, CommentState
from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.kit import clock
from participation.principles.models import District, FieldOfAction, Framework, Principle
from participation.processes.models import Participant, Phase, PhaseKind, Process, ProcessState, RoleGrant
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.voting.models import Stance
from participation.voting.service import put_vote
from tests.pages import PageClient

Transact = Callable[[], AbstractContextManager[Session]]

SECRET = "Geheimnis"
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
PUBLISHED = 5
VOTES = {
    # idea: people who agree, are unsure, disagree; people are numbered
    0: ((0, 1, 2), (3,), (4,)),
    1: ((0, 1), (), (2, 3)),
    2: ((), (0,), (4, 5)),
    3: ((6,), (), ()),
    5: ((0, 1, 2, 3, 4, 5, 6, 7), (), ()),
}
"""Votes by idea; the idea after the published ones is hidden, and person 7 voted on nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """The ids of what was made; ``ideas`` are the published ones in the order in which they came."""

    slug: str
    process_id: int
    other_slug: str
    other_id: int
    accounts: dict[str, int]
    ideas: tuple[int, ...]
    hidden_ids: tuple[int, ...]
    clusters: tuple[int, ...]
    statement_id: int
    comments: tuple[int, ...]

    def actor(self, who: str) -> Actor:
        """Return one of the accounts as services see it."""
        return Actor(self.accounts[who], f"{who}@example.org", self.grants(who))

    def grants(self, who: str) -> frozenset[Grant]:
        """Return the roles of one of the accounts."""
        processes = {None: None, self.slug: self.process_id, self.other_slug: self.other_id}
        return frozenset((role, processes[slug]) for role, slug in GRANTS[who])


GRANTS: dict[str, frozenset[tuple[Role, str | None]]] = {
    "staff": frozenset({(Role.STAFF, "strategy")}),
    "colleague": frozenset({(Role.STAFF, None)}),
    "admin": frozenset({(Role.ADMIN, None)}),
    "moderator": frozenset({(Role.MODERATOR, "strategy")}),
    "stranger": frozenset({(Role.STAFF, "other")}),
    "resident": frozenset(),
}
"""Who holds which role in the process of which address."""


def build(transact: Transact, *, hides_results: bool = False) -> Consultation:
    """Write the consultation and return its ids; voting has not ended."""
    with transact() as session:
        framework = _framework(session)
        process, other = (_process(session, framework, slug, hides_results) for slug in ("strategy", "other"))
        people = [_person(session, process.id, f"Igel {number}") for number in range(8)]
        ideas = [_idea(session, process.id, people[number % 5], number) for number in range(PUBLISHED)]
        closed = [_closed_idea(session, process.id, state) for state in IdeaState if state is not IdeaState.PUBLISHED]
        _tag(session, framework, ideas)
        for place, stances in VOTES.items():
            target = ideas[place] if place < PUBLISHED else closed[-1]
            for stance, voters in zip((Stance.AGREE, Stance.UNSURE, Stance.DISAGREE), stances, strict=True):
                for voter in voters:
                    put_vote(
                        session,
                        idea_id=target.id,
                        participant_id=people[voter].id,
                        stance=stance,
                        revision=1,
                        now=START,
                    )
        clusters = _clusters(session, process.id, ideas, closed[-1])
        made = Consultation(
            slug=process.slug,
            process_id=process.id,
            other_slug=other.slug,
            other_id=other.id,
            accounts={who: _account(session, who).id for who in GRANTS},
            ideas=tuple(idea.id for idea in ideas),
            hidden_ids=tuple(idea.id for idea in closed),
            clusters=tuple(cluster.id for cluster in clusters),
            statement_id=_statements(session, process.id, clusters),
            comments=_comments(session, process.id, people, ideas, closed[-1]),
        )
        for who, account_id in made.accounts.items():
            for role, process_id in made.grants(who):
                session.add(RoleGrant(account_id=account_id, role=role, process_id=process_id, granted_at=START))
        return made


def enter(client: PageClient, transact: Transact, account_id: int) -> PageClient:
    """Return ``client`` signed in as an account."""
    with transact() as session:
        token = sign_in(session, account_id=account_id, now=clock.now())
    with client.flask.session_transaction() as cookie:
        cookie.update({"_user_id": token, "_fresh": True})
    return client


def _framework(session: Session) -> Framework:
    framework = Framework(
        key="sample", title={"de": "Leitbild", "en": "Framework"}, summary={}, source={"reference": "No. 1"}
    )
    session.add(framework)
    session.flush()
    for position, name in enumerate(("Openness", "Learning", "Unused"), start=1):
        entry = {"key": name.lower(), "position": position, "title": {"en": name, "de": f"{name} (de)"}}
        session.add(Principle(framework_id=framework.id, explanation={}, question={}, pictogram="data", **entry))
    session.add(District(framework_id=framework.id, key="n", position=1, title={"en": "North"}, explanation={}))
    session.add(FieldOfAction(framework_id=framework.id, key="e", position=1, title={"en": "Schools"}, explanation={}))
    session.flush()
    return framework


def _process(session: Session, framework: Framework, slug: str, hides_results: bool) -> Process:
    process = Process(
        slug=slug,
        framework_id=framework.id,
        state=ProcessState.PUBLISHED,
        title={"en": f"Process {slug}", "de": f"Verfahren {slug}"},
        question={"en": "What shall we do?", "de": "Was sollen wir tun?"},
        summary={},
        advice={"en": "The result is advice."},
        next_step={"en": "The council decides."},
        licence={"en": "Licence: CC BY 4.0"},
        hides_results=hides_results,
        created_at=START,
    )
    session.add(process)
    session.flush()
    now = clock.now()
    session.add(
        Phase(
            process_id=process.id,
            kind=PhaseKind.VOTE,
            title={"en": "Voting", "de": "Abstimmung"},
            description={},
            starts_at=START,
            ends_at=now + timedelta(days=30),
            allows_vote=True,
        )
    )
    return process


def _person(session: Session, process_id: int, pseudonym: str) -> Participant:
    person = Participant(process_id=process_id, pseudonym=pseudonym, joined_at=START)
    session.add(person)
    session.flush()
    return person


def _account(session: Session, who: str) -> Account:
    account = Account(email=f"{who}@example.org", language="en", created_at=START, confirmed_at=START)
    session.add(account)
    session.flush()
    return account


def _idea(
    session: Session,
    process_id: int,
    author: Participant,
    number: int,
    *,
    state: IdeaState = IdeaState.PUBLISHED,
    title: str = "",
) -> Idea:
    idea = Idea(
        process_id=process_id,
        participant_id=author.id,
        state=state,
        source=IdeaSource.IMPORTED if number % 2 else IdeaSource.ONLINE,
        title=title or f"Idea number {number}",
        text=f"{title} What the city should do.\nSecond line; with “marks”.",
        language="ar" if number == 1 else "en",
        external_id=f"ext-{number}" if number % 2 else None,
        # Later ids came earlier: the order of the file is that of submission.
        submitted_at=START + timedelta(minutes=100 - number // 2),
        published_at=START,
    )
    session.add(idea)
    session.flush()
    return idea


def _closed_idea(session: Session, process_id: int, state: IdeaState) -> Idea:
    author = _person(session, process_id, f"{SECRET} author {state.value}")
    return _idea(session, process_id, author, 50, state=state, title=f"{SECRET} idea {state.value}")


def _tag(session: Session, framework: Framework, ideas: list[Idea]) -> None:
    principles = {
        principle.key: principle.id
        for principle in session.query(Principle).filter_by(framework_id=framework.id).order_by(Principle.position)
    }
    for place, names in enumerate((("learning", "openness"), ("learning",), ("openness",), (), ("learning",))):
        for name in names:
            session.add(IdeaPrinciple(idea_id=ideas[place].id, principle_id=principles[name]))
    ideas[0].district_id = session.query(District.id).scalar()
    ideas[0].field_id = session.query(FieldOfAction.id).scalar()


def _clusters(session: Session, process_id: int, ideas: list[Idea], hidden: Idea) -> list[Cluster]:
    clusters = []
    for position, title in enumerate(("Places", "Courses", "Loose", "Removed"), start=1):
        cluster = Cluster(
            process_id=process_id,
            position=position,
            title={"en": title},
            description={"en": f"About {title}"},
            created_at=START,
            removed_at=START if title == "Removed" else None,
        )
        session.add(cluster)
        session.flush()
        clusters.append(cluster)
    places, courses, loose, _removed = clusters
    for cluster, idea, ended in (
        (places, ideas[0], False),
        (places, ideas[1], False),
        (places, hidden, False),
        (places, ideas[4], True),
        (courses, ideas[1], False),
        (courses, ideas[2], False),
        (loose, ideas[3], False),
    ):
        # The idea that is in two of them has its main one in the first.
        is_main = (cluster, idea) != (courses, ideas[1])
        ended_at = START if ended else None
        session.add(Filing(cluster_id=cluster.id, idea_id=idea.id, is_main=is_main, filed_at=START, ended_at=ended_at))
    return clusters


def _statements(session: Session, process_id: int, clusters: list[Cluster]) -> int:
    places, courses, loose, removed = clusters
    ids = []
    for position, (state, rests_on) in enumerate(
        ((StatementState.DRAFT, [loose]), (StatementState.PUBLISHED, [places, courses, removed])), start=1
    ):
        text = "The city helps." if state is StatementState.PUBLISHED else f"{SECRET} draft"
        statement = Statement(
            process_id=process_id,
            position=position,
            state=state,
            text={"en": text, "de": f"{text} (de)"},
            reasoning={"en": "Many ask for it."},
            written_at=START,
        )
        session.add(statement)
        session.flush()
        session.add_all(StatementSource(statement_id=statement.id, cluster_id=cluster.id) for cluster in rests_on)
        ids.append(statement.id)
    return ids[-1]


def _comments(
    session: Session, process_id: int, people: list[Participant], ideas: list[Idea], hidden: Idea
) -> tuple[int, ...]:
    """Write comments and return the ids of those that belong into an export, in its order."""

    def write(
        idea: Idea,
        text: str,
        *,
        state: CommentState = CommentState.PUBLISHED,
        parent: Comment | None = None,
        author: Participant | None = None,
        minute: int = 0,
    ) -> Comment:
        comment = Comment(
            process_id=process_id,
            idea_id=idea.id,
            participant_id=(author or people[0]).id,
            parent_id=parent.id if parent else None,
            thread_id=parent.thread_id if parent else None,
            state=state,
            text=text,
            language="en",
            submitted_at=START + timedelta(hours=3, minutes=minute),
        )
        session.add(comment)
        session.flush()
        comment.thread_id = comment.thread_id or comment.id
        return comment

    culprit = _person(session, process_id, f"{SECRET} commenter")
    first = write(ideas[0], "A good idea.", minute=5)
    early = write(ideas[0], "Earlier.", minute=1)
    answer = write(ideas[0], "Why?", parent=first, author=people[6], minute=6)
    bad = write(ideas[4], f"{SECRET} comment", state=CommentState.HIDDEN, author=culprit)
    orphan = write(ideas[4], "Please stay polite.", parent=bad, minute=9)
    write(ideas[2], f"{SECRET} waiting", state=CommentState.IN_REVIEW, author=culprit)
    write(hidden, f"{SECRET} on a hidden idea", author=culprit)
    return (orphan.id, early.id, first.id, answer.id)
