"""While results are hidden nothing that anybody is shown depends on how people voted or gave points.

Everything is read twice, by visitors of every kind: before and after all votes and points but the reader's own have
been turned into others, by so many people as before. Where a figure shows, or an order that depends on one, the answers
differ.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.cases.models import SubjectKind
from participation.curation.bundling.service import bundle_ideas
from participation.exports import queries as exports
from participation.exports.spool import streams
from participation.ideas.models import Standing
from participation.ideas.standing import MILLION
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.kit.cache import Memory
from participation.kit.db import db
from participation.moderation.messages.conversations import contribution
from participation.moderation.messages.service import write_to_author
from participation.opinions.models import GroupRun
from participation.processes.models import Phase
from participation.processes.queries import process_by_slug
from participation.receipts.models import ReceiptKey, ReceiptKind
from participation.receipts.service import issue_receipt
from participation.strategy.models import StatementRevision
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, paths_of
from participation.tallies.queries import latest_release
from participation.tallies.releases import release_log
from participation.voting import row_views
from participation.voting.models import PriorityTally, Stance, Tally, Vote
from tests import group_runs, make
from tests.channels import Queries, addresses, left_out
from tests.conftest import Sessions
from tests.databases import Databases
from tests.make import Place
from tests.pages import PageClient
from tests.points import give

Member = Callable[..., PageClient]
MOST = make.POINTS_MOST
READER = "resident-everywhere@example.org"
VOTED = 1
"""The first idea of a fresh database."""
WITHOUT_FIGURES = {"accounts.accept_invitation", "accounts.confirm", "accounts.reset", "notifications.unsubscribe"}
SHOW_FIGURES = {
    "api.bundles",
    "api.idea",
    "api.idea_provenance",
    "api.idea_votes",
    "api.ideas",
    "api.statement",
    "api.statement_provenance",
    "api.votes",
    "browse.front",
    "browse.idea",
    "browse.ideas",
    "browse.process",
    "browse.statement",
    "bundles.overview",
    "desk.idea",
    "desk.statements",
    "desk.votes",
    "documents.document",
    "embeds.statement",
    "leitbild.principle",
    "methods.method",
    "posters.statement",
    "printing.process",
    "printing.statement",
    "proposing.similar",
    "provenance.idea",
    "provenance.idea_data",
    "provenance.idea_picture",
    "provenance.statement",
    "provenance.statement_data",
    "provenance.statement_picture",
    "results.check",
    "results.figures",
    "results.groups",
    "results.groups_file",
    "results.ideas",
    "results.overview",
    "results.participation",
    "results.priorities",
    "results.vote_log",
    "signing.sign",
    "strategy.statement",
    "together.bundle",
    "voting.row_idea",
}
QUERIES: Queries = {
    "api.ideas": ["?sort=agreement", "?sort=contested", "?sort=discussed", "?q=idea"],
    "browse.ideas": [
        *(f"?sort={sort}&explain=1" for sort in ("rotation", "newest", "agreement", "contested", "discussed")),
        "?q=idea&explain=1",
        "?after=a500000-1",
    ],
    "documents.document": ["?by=order", "?version=1", "?since=0"],
    "matrix.overview": ["?statement=1"],
    "browse.unseen": ["?sort=agreement", "?sort=contested"],
    "feeds.ideas": ["?sort=agreement"],
    "mine.contributions": ["?show=votes"],
    "results.ideas": ["?sort=contested"],
    "voting.row_idea": ["?why=gain", f"?after={VOTED}"],
}
# What forms carry that is new with every answer.
ALWAYS_NEW = re.compile(r'<input[^>]* name="(?:csrf_token|opened|submission_key|form_key)"[^>]*>')
TURNED = {Stance.AGREE: Stance.DISAGREE, Stance.DISAGREE: Stance.UNSURE, Stance.UNSURE: Stance.AGREE}


@dataclass(frozen=True, slots=True)
class Scene:
    """A process whose results are hidden, its ideas, and what stands in the addresses that speak of them."""

    place: Place
    ideas: tuple[int, ...]
    ends_at: datetime
    values: dict[str, Any]


@pytest.fixture
def app(databases: Databases) -> Flask:
    """The application on one kind of database only: what is shown of figures is decided after they are read."""
    return databases.fresh_app("sqlite")


@pytest.fixture(autouse=True)
def same_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn at random is drawn the same each time."""
    monkeypatch.setattr(row_views, "SystemRandom", lambda: Random(1))


@pytest.fixture
def moment() -> Iterator[Any]:
    """A world in which time stands still, so that equal pages are equal to the letter."""
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as travel:
        yield travel


@pytest.fixture
def scene(app: Flask, moment: Any, member: Member, transact: Sessions) -> Scene:
    """Votes and points on three ideas, everything that is worked out from them, and a reader who took part in all."""
    with transact() as session:
        place = make.process(session, hides_results=True)
        ideas = [make.idea(session, place, title=f"Idea {name}", principles=["climate"]) for name in "ABC"]
        for idea, (agree, disagree, unsure) in zip(ideas, ((9, 4, 2), (3, 11, 5), (12, 1, 6)), strict=True):
            make.votes(session, place, idea, agree=agree, disagree=disagree, unsure=unsure)
        for _ in range(6):
            give(session, place, {ideas[0]: MOST, ideas[1]: 1, ideas[2]: 2})
        group_runs.stored(session, place, group_runs.two_groups(ideas * 2), group_runs.steady(ideas[:1]))
        values = _values(session, place, ideas)
        ends_at = session.scalars(select(Phase.ends_at).where(Phase.process_id == place.id)).one()
    with app.app_context():
        assert release_log(process_by_slug(db.session(), place.slug)) is not None
    return Scene(place, tuple(ideas), ends_at, values)


def _values(session: Session, place: Place, ideas: list[int]) -> dict[str, Any]:
    account = make.account(session, READER)
    reader = make.participant(session, place, account_id=account)
    make.vote(session, place, ideas[0], Stance.AGREE, by=reader)
    give(session, place, {ideas[0]: MOST}, account_id=account)
    comment = make.comment(session, place, ideas[0], author=reader)
    vote = session.scalars(select(Vote.id).where(Vote.participant_id == reader)).one()
    receipt = issue_receipt(session, kind=ReceiptKind.VOTE, subject_id=vote, revision=1, digest="", now=clock.now())
    cluster = make.cluster(session, place, ideas=ideas)
    answered = make.answer(session, idea_id=ideas[0])
    bundle_ideas(session, SYSTEM, idea_ids=ideas[:2], now=clock.now())
    about = contribution(session, place.id, SubjectKind.COMMENT, comment)
    decision, appeal = make.objection(session, comment)
    words = {"text": "Thank you", "language": "en", "submission_key": "thanks"}
    put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
    return {
        "slug": place.slug,
        "public_id": make.intake_run(session, place, account),
        "idea_id": ideas[:2],
        "comment_id": comment,
        "statement_id": make.statement(session, place, [cluster]),
        "cluster_id": cluster,
        "principle_key": "climate",
        "criterion_key": "rights",
        "value_key": "fairness",
        "block_id": make.text_block(session, place),
        "method": ["next-idea", "opinion-groups"],
        "function": ["vote", "results"],
        "release": 1,
        "legal_kind": "rules",
        "gap_id": 1,
        "file_name": "none.mp4",
        "report_id": make.barrier(session),
        "barrier_code": make.barrier_codes(session),
        "version": 1,
        "name": ["ideas.jsonl", "votes.csv"],
        "record_format": "ttl",
        "file_format": ["csv", "json"],
        "key": make.draft(session, place, account, title="Idea A", body="What is the problem?"),
        "code": receipt.code,
        "kind": "vote",
        "number": ideas[0],
        "subject": ["ideas", "comments", "addenda"],
        "about": ["ideas", "bundles", "statements"],
        "bundle_id": 1,
        "answer_id": answered,
        "measure_id": make.measure(session, answered),
        "message_id": write_to_author(session, SYSTEM, about=about, **words, now=clock.now()).id,
        "fingerprint": session.scalars(select(ReceiptKey.fingerprint)).one(),
        "addendum_id": 1,
        "case_id": 1,
        "decision_id": decision,
        "appeal_id": appeal,
        "notice_code": make.notice(session, place, ideas[0]),
        "evidence_id": make.evidence(session, place, ideas[0]),
        "wording_id": make.wording(session, ideas[0]),
    }


def turn(app: Flask, transact: Sessions, scene: Scene) -> None:
    """Let everybody but the reader have voted otherwise, and have given their points to other ideas."""
    place, ideas = scene.place, scene.ideas
    with transact() as session:
        reader = make.participant(session, place, account_id=make.account(session, READER))
        for vote in session.scalars(select(Vote).where(Vote.participant_id != reader)):
            vote.stance = TURNED[vote.stance]
        session.execute(update(Tally).values(agree=Tally.unsure, disagree=Tally.agree, unsure=Tally.disagree))
        session.execute(
            update(Standing).values(agreement=MILLION - Standing.agreement, contested=MILLION - Standing.contested)
        )
        session.execute(update(PriorityTally).values(points=MOST + 1 - PriorityTally.points))
        put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
        session.execute(delete(GroupRun))
        others = [ideas[2], ideas[1], ideas[0], ideas[1]]
        result = group_runs.two_groups(others)
        group_runs.stored(session, place, replace(result, groups=result.groups[::-1]), group_runs.shaken(others))
        session.execute(update(GroupRun).values(groups=3))
    with app.app_context():
        release = latest_release(db.session(), place.id)
        assert release is not None
        for ending in (LOG, FIGURES_CSV, FIGURES_JSON):
            paths_of(release)[ending].write_text("others")


def said(app: Flask, visitor: PageClient, scene: Scene) -> dict[str, str]:
    """Return what every address answers, but for what is new with every answer; no page is checked otherwise here."""
    found = {}
    for address in addresses(app, scene.values, QUERIES):
        answer = visitor.flask.get(address)
        # The switch is among the addresses: what it remembers would change where others lead.
        visitor.flask.delete_cookie("language")
        assert answer.status_code < 500, address
        parts = (answer.status, answer.headers.get("Location", ""), answer.get_data().decode("latin-1"))
        answer.close()
        found[address] = ALWAYS_NEW.sub("", "\n".join(parts))
    return found


def endpoint(app: Flask, address: str) -> str:
    """Return the endpoint of an address."""
    return str(app.url_map.bind("localhost").match(address.partition("?")[0])[0])


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """Return the addresses whose answers differ."""
    return {address for address in one.keys() | other.keys() if one.get(address) != other.get(address)}


def test_every_route_is_looked_at(app: Flask, scene: Scene) -> None:
    assert left_out(app, {**scene.values, "path": "", "filename": ""}) == WITHOUT_FIGURES


def test_nothing_depends_on_votes_while_results_are_hidden(
    app: Flask, scene: Scene, client: PageClient, member: Member, transact: Sessions
) -> None:
    visitors = {"anonymous": client, "resident": member(email=READER), **{role.value: member(role) for role in Role}}
    before = {name: said(app, visitor, scene) for name, visitor in visitors.items()}
    with transact() as session:
        digest = session.scalars(select(StatementRevision.digest).where(StatementRevision.digest != "")).one()
    # It is made of all that everybody knows and of a few small figures: those could be tried out.
    assert [page for texts in before.values() for page, text in texts.items() if digest in text] == []
    turn(app, transact, scene)
    after = {name: said(app, visitor, scene) for name, visitor in visitors.items()}
    assert {name: differing(before[name], after[name]) for name in visitors} == {name: set() for name in visitors}


def test_shown_results_would_be_noticed(
    app: Flask, scene: Scene, member: Member, moment: Any, transact: Sessions
) -> None:
    moment.move_to(scene.ends_at)
    visitors = [member(email=READER), member(Role.ADMIN)]
    before = [said(app, visitor, scene) for visitor in visitors]
    turn(app, transact, scene)
    changed = set[str]()
    for visitor, earlier in zip(visitors, before, strict=True):
        changed |= differing(earlier, said(app, visitor, scene))
    assert {endpoint(app, address) for address in changed} == SHOW_FIGURES


def test_pages_in_memory_change_when_voting_ends(app: Flask, scene: Scene, cached: PageClient, moment: Any) -> None:
    moment.move_to(scene.ends_at - timedelta(seconds=1))
    hidden = said(app, cached, scene)
    moment.move_to(scene.ends_at)
    kept = said(app, cached, scene)
    cached.app.extensions["page_cache"].clear()
    cached.app.extensions["memory"] = Memory(10)
    fresh = said(app, cached, scene)
    assert differing(kept, fresh) == set()
    assert {f"/en/processes/digital{page}" for page in ("/results/ideas", "/ideas", "/ideas/1")} <= differing(
        hidden, fresh
    )


def test_an_export_depends_on_no_vote_either(app: Flask, scene: Scene, moment: Any, transact: Sessions) -> None:
    hidden = exported(app, scene)
    moment.move_to(scene.ends_at)
    shown = exported(app, scene)
    turn(app, transact, scene)
    assert exported(app, scene) != shown
    moment.move_to(scene.ends_at - timedelta(seconds=1))
    assert exported(app, scene) == hidden


def exported(app: Flask, scene: Scene) -> dict[str, Any]:
    """Return all that the files of an export are written from, but for the moment."""
    place = exports.Place(city="City", timezone="Europe/Berlin", idea_url=str)
    with app.app_context(), db.engine.connect() as connection, Session(connection) as session:
        process = process_by_slug(session, scene.place.slug)
        found = exports.strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=place)
        lists = {name: list(getattr(found, name)()) for name in streams()}
        return {**{name: getattr(found, name) for name in found.__dataclass_fields__}, **lists, "generated_at": None}
