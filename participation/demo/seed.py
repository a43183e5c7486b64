"""Playing the demo through the product's own services, dated relative to today."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.accounts.models import Account
from participation.accounts.passwords import hash_password
from participation.accounts.service import create_account
from participation.activity.models import Delivery, DeliveryState
from participation.demo.accounts import ADMIN, DEMO_ACCOUNTS, DEMO_PASSWORD, FACILITATOR, MODERATOR, RESIDENT, STAFF
from participation.demo.assessing import assess
from participation.demo.barriers import report_barriers
from participation.demo.boards import work_on_board
from participation.demo.cast import Cast
from participation.demo.content import DemoContent, Entry, ProcessContent, catalogue_by_key, first_day, read_content
from participation.demo.curating import curate
from participation.demo.deciding import decide_more, save_text_blocks
from participation.demo.files import ask_for_files
from participation.demo.following import follow_up
from participation.demo.importing import save_demo_mapping
from participation.demo.inboxes import fill_inboxes
from participation.demo.legal import publish_texts
from participation.demo.moderation import look_at_waiting
from participation.demo.objections import object_to_decisions
from participation.demo.people import describe_people
from participation.demo.play import Play
from participation.demo.reports import report
from participation.demo.statements import lose_sources
from participation.demo.suggesting import suggest
from participation.demo.teamwork import share_work
from participation.demo.timeline import Timeline
from participation.demo.translating import translate
from participation.demographics.catalogue import import_catalogue
from participation.exports.opendata.service import begin_release
from participation.insights.jobs import put_figures
from participation.kit.dialect import insert_missing
from participation.opinions.runs import can_compute
from participation.opinions.service import queue_run
from participation.processes.models import REVIEW_HOURS, Capability, Participant, PhaseKind, Process, ProcessState
from participation.processes.pseudonyms import FIRST, SECOND
from participation.processes.queries import grants_of, process_by_id
from participation.processes.service import (
    PhaseDraft,
    ProcessDraft,
    create_process,
    grant_role,
    set_phases,
)
from participation.similarity.jobs import queue_similarity

SEED = 13
MORE_VOTERS = 160


class NotEmpty(RuntimeError):
    """The database holds something that is not the demo's; the message says so."""


def seed_demo(session: Session, *, now: datetime, zone: ZoneInfo) -> str | None:
    """Fill an empty database with the demo and return what was made; ``None`` when it is there already.

    Raises ``NotEmpty`` for a database that somebody else uses: its people would get neighbours with known passwords.
    """
    content = read_content()
    if _is_seeded(session, content):
        return None
    if session.scalar(select(Account.id).limit(1)) or session.scalar(select(Process.id).limit(1)):
        raise NotEmpty("this database is in use and has no demo in it: set DATABASE_URL to another one")
    chance = Random(SEED)  # noqa: S311  # the demo shall look the same every time
    timeline = Timeline(now, zone, chance)
    people = _create_accounts(session, content, now=timeline.day(first_day(content.processes[0].about) - 1))
    made = [_seed_process(session, process, content.authors, people, timeline, chance) for process in content.processes]
    save_text_blocks(session, content.text_blocks, now=timeline.day(first_day(content.processes[0].about)))
    publish_texts(session, people, timeline)
    translate(session, now=now)
    report_barriers(session, staff_id=people[STAFF.email], admin_id=people[ADMIN.email], now=now)
    look_at_waiting(session, now=now)
    suggest(session, people, now=now)
    fill_inboxes(session, now=now)
    # The letters of the past weeks count as sent; what would have followed for similar ideas is done at once.
    session.flush()
    session.execute(
        update(Delivery).where(Delivery.state == DeliveryState.WAITING).values(state=DeliveryState.DONE, done_at=now)
    )
    for process_id in session.scalars(select(Process.id).order_by(Process.id)).all():
        queue_similarity(session, process_id)
        if can_compute():
            queue_run(session, process_id, now=now)
        put_figures(session, process_id, zone=zone, now=now)
        begin_release(session, process_id=process_id, now=now)
    main_process = session.scalars(select(Process.id).where(Process.slug == content.processes[0].slug)).one()
    ask_for_files(session, process_id=main_process, account_id=people[STAFF.email], language="de", now=now)
    save_demo_mapping(session, account_id=people[STAFF.email], now=now)
    ideas, comments, votes = (sum(column) for column in zip(*made, strict=True))
    return f"{len(made)} processes, {ideas} ideas, {comments} comments, {votes} votes"


def _is_seeded(session: Session, content: DemoContent) -> bool:
    slugs = [process.slug for process in content.processes]
    known = session.scalar(select(Account.id).where(Account.email == RESIDENT.email))
    return known is not None and session.scalar(select(Process.id).where(Process.slug.in_(slugs)).limit(1)) is not None


def _create_accounts(session: Session, content: DemoContent, *, now: datetime) -> dict[str, int]:
    """Return the account of each address; all share one password."""
    password_hash = hash_password(DEMO_PASSWORD)
    languages = {one.email: "de" for one in DEMO_ACCOUNTS}
    languages |= {_address(number): author["language"] for number, author in enumerate(content.authors)}
    languages |= {_address(number): "de" for number in _voter_numbers(content.authors)}
    return {
        email: create_account(session, email=email, language=language, now=now, password_hash=password_hash).id
        for email, language in languages.items()
    }


def _address(number: int) -> str:
    return f"resident{number + 1:02}@example.org"


def _voter_numbers(authors: list[Entry]) -> range:
    return range(len(authors), len(authors) + MORE_VOTERS)


def _seed_process(
    session: Session,
    content: ProcessContent,
    authors: list[Entry],
    people: dict[str, int],
    timeline: Timeline,
    chance: Random,
) -> tuple[int, int, int]:
    created = timeline.day(first_day(content.about) - 1)
    process_id = _create_process(session, content.about, timeline, now=created)
    for one in DEMO_ACCOUNTS:
        if one.role is not Role.RESIDENT and one.slug in (None, content.slug):
            place = process_id if one.slug else None
            grant_role(session, SYSTEM, account_id=people[one.email], role=one.role, process_id=place, now=created)
    joined = timeline.day(first_day(content.about))
    cast = _cast(session, content, authors, people, process_id, chance, now=joined)
    play = Play(session, process_by_id(session, process_id), cast, timeline, chance)
    play.ideas(content.ideas)
    play.comments(content.comments)
    votes = play.votes(content.ideas)
    play.afterwards(content.ideas)
    play.points()
    play.drafts(content.drafts)
    play.clusters(content.clusters)
    play.statements(content.statements)
    play.answers(content.answers)
    follow_up(session, process_by_id(session, process_id), cast, timeline, content)
    assess(session, process_by_id(session, process_id), cast, timeline, content)
    lose_sources(session, process_by_id(session, process_id), cast, timeline, content)
    describe_people(session, process_by_id(session, process_id), cast, now=timeline.now)
    curate(session, process_by_id(session, process_id), cast, timeline, content.curating)
    admin = Actor(people[ADMIN.email], "", grants_of(session, people[ADMIN.email]))
    object_to_decisions(session, [*content.ideas, *content.comments], cast, timeline, admin)
    report(session, process_by_id(session, process_id), cast, timeline, content.reports)
    decide_more(session, cast, timeline, content.decisions)
    share_work(session, process_by_id(session, process_id), cast, timeline, admin, content.teamwork)
    work_on_board(session, process_by_id(session, process_id), cast, timeline, admin, content)
    return len(content.ideas), len(content.comments), votes


def _create_process(session: Session, about: Entry, timeline: Timeline, *, now: datetime) -> int:
    framework = import_catalogue(session, SYSTEM, catalogue=catalogue_by_key(about["catalogue"]))
    texts = {name: about[name] for name in ("title", "question", "summary", "advice", "next_step", "licence")}
    draft = ProcessDraft(slug=about["slug"], state=ProcessState.PUBLISHED, hides_results=False, **texts)
    process = create_process(session, SYSTEM, framework_id=framework.id, draft=draft, now=now)
    phases = [
        PhaseDraft(
            kind=PhaseKind(phase["kind"]),
            title=phase["title"],
            description=phase["description"],
            starts_at=timeline.day(phase["start"]),
            ends_at=timeline.day(phase["end"]),
            allows=frozenset(Capability(name) for name in phase["allows"]),
            review_first=phase["review_first"],
            points=phase.get("points", 0),
            points_most=phase.get("points_most", 0),
            review_hours=phase.get("review_hours", REVIEW_HOURS),
            review_rules=phase.get("review_rules", {}),
        )
        for phase in about["phases"]
    ]
    set_phases(session, SYSTEM, process_id=process.id, phases=phases, now=now)
    return process.id


def _cast(
    session: Session,
    content: ProcessContent,
    authors: list[Entry],
    people: dict[str, int],
    process_id: int,
    chance: Random,
    *,
    now: datetime,
) -> Cast:
    """Let everybody join a process, authors first; the demo's own resident plays one whose idea waits."""
    waiting = next((idea["author"] for idea in content.ideas if idea["state"] == "in_review"), None)
    names = [author["pseudonym"] for author in authors]
    spare = (f"{first}{second}" for first in FIRST for second in SECOND)
    moderator = FACILITATOR if content.slug == FACILITATOR.slug else MODERATOR
    officials = (moderator.email, STAFF.email)
    names += chance.sample([name for name in spare if name not in names], MORE_VOTERS + len(officials))
    emails = [RESIDENT.email if number == waiting else _address(number) for number in range(len(names))]
    # Their names are never shown with what they say officially, but they have one like everybody else.
    emails[-len(officials) :] = officials
    # All at once, as the votes are: each for itself would ask five times whether the name is free.
    rows = [
        {
            "process_id": process_id,
            "account_id": people[email],
            "pseudonym": name,
            "joined_at": now + timedelta(hours=number),
        }
        for number, (email, name) in enumerate(zip(emails, names, strict=True))
    ]
    insert_missing(session, Participant, rows, key=[])
    actors = [
        Actor(people[email], name, grants_of(session, people[email]) if email in officials else frozenset())
        for email, name in zip(emails, names, strict=True)
    ]
    *residents, moderates, answers = actors
    joined = select(Participant.account_id, Participant.id).where(Participant.process_id == process_id)
    ids = dict(session.execute(joined).all())
    return Cast(
        residents=residents,
        participants=[ids[resident.account_id] for resident in residents],
        moderator=moderates,
        staff=answers,
        resident=waiting,
    )
