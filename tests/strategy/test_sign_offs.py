"""Two people for each statement: submitting, sending back, signing off, withdrawing, and the chain of digests."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.strategy.models import RevisionState, SignOff, Statement, StatementRevision, StatementState
from participation.strategy.statements.content import (
    NOTHING_SIGNED,
    content_from,
    content_in_force,
    content_json,
    digest_of,
    signed_digest,
)
from participation.strategy.statements.service import (
    Overtaken,
    StatementDraft,
    rewrite_statement,
    send_back,
    sign_off,
    submit_statement,
    withdraw_statement,
)
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.make import Place

DRAFT = {"de": "Anders"}


class Team:
    """A statement on one theme with two ideas, and the people who work on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.place: Place = make.process(session)
        self.ideas = [make.idea(session, self.place) for _ in range(2)]
        self.cluster = make.cluster(session, self.place, ideas=self.ideas)
        self.id = make.statement(session, self.place, [self.cluster], published=False)
        self.writer = make.team_member(session, self.place, "writer")
        self.signer = make.team_member(session, self.place, "signer")
        self.third = make.team_member(session, self.place, "third")

    @property
    def row(self) -> Statement:
        return self.session.get_one(Statement, self.id)

    @property
    def revisions(self) -> list[StatementRevision]:
        own = StatementRevision.statement_id == self.id
        return list(self.session.scalars(select(StatementRevision).where(own).order_by(StatementRevision.revision)))

    def do(self, verb: Callable[..., Any], actor: Actor, **options: Any) -> Any:
        return verb(self.session, actor, statement_id=self.id, now=clock.now(), **options)

    def rewrite(self, actor: Actor, words: str = "Anders", **options: Any) -> Any:
        draft = StatementDraft({"de": words}, {}, [self.cluster])
        return self.do(rewrite_statement, actor, draft=draft, **options)

    def publish(self) -> SignOff:
        self.do(submit_statement, self.writer)
        signed: SignOff = self.do(sign_off, self.signer)
        return signed


def test_one_person_alone_publishes_nothing(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        with pytest.raises(Refused):
            team.do(sign_off, team.signer)
        team.do(submit_statement, team.third)
        for actor in (team.writer, team.third, SYSTEM):
            with pytest.raises(Refused):
                team.do(sign_off, actor)
        assert (team.row.state, session.scalars(select(SignOff)).all()) == (StatementState.DRAFT, [])
        team.do(sign_off, team.signer)
        assert team.row.state is StatementState.PUBLISHED


def test_whoever_wrote_a_part_before_does_not_sign_it_off(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.rewrite(team.signer)
        assert [revision.written_by for revision in team.revisions] == [team.writer.account_id, team.signer.account_id]
        team.do(submit_statement, team.third)
        for actor in (team.writer, team.signer, team.third):
            with pytest.raises(Refused):
                team.do(sign_off, actor)


def test_an_admin_signs_off_only_where_nobody_else_is_in_the_team(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.do(submit_statement, team.writer)
        admin = make.actor(session, make.account(session), role=Role.ADMIN, process_id=team.place.id)
        staff = make.actor(session, make.account(session), role=Role.STAFF, process_id=team.place.id)
        with pytest.raises(Refused):
            team.do(sign_off, admin)
        team.do(send_back, staff, remark="Shorter")
        team.rewrite(staff)
        team.do(submit_statement, staff)
        assert team.do(sign_off, admin).signed_by == admin.account_id


def test_the_public_reads_what_is_signed_while_a_change_waits(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.publish()
        team.rewrite(team.writer)
        assert team.row.text["de"] == "The city should act (de)"
        assert [revision.state for revision in team.revisions] == [RevisionState.SIGNED, RevisionState.WORKING]
        team.publish()
        assert (team.row.text["de"], team.row.revision) == ("Anders", 2)
        assert content_json(content_in_force(session, team.row)) == team.revisions[-1].content


def test_basis_and_digests_form_a_chain(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        voter = make.vote(session, team.place, team.ideas[0], Stance.AGREE)
        make.vote(session, team.place, team.ideas[1], Stance.AGREE, by=voter)
        make.vote(session, team.place, team.ideas[1], Stance.DISAGREE)
        team.publish()
        team.rewrite(team.writer)
        team.publish()
        first, second = team.revisions
        assert first.basis["clusters"][0]["ideas"] == [[idea_id, 1] for idea_id in team.ideas]
        assert first.basis["figures"] == {"ideas": 2, "people": 2, "agree": 1, "disagree": 1, "unsure": 0}
        assert first.digest == signed_digest(NOTHING_SIGNED, first.content, first.basis)
        assert second.digest == signed_digest(first.digest, second.content, second.basis)
        assert content_json(content_from(first.content)) == first.content


def test_without_a_public_idea_behind_it_nothing_is_signed_off(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        empty = make.statement(session, team.place, [make.cluster(session, team.place)], published=False)
        submit_statement(session, team.writer, statement_id=empty, now=clock.now())
        with pytest.raises(Refused):
            sign_off(session, team.signer, statement_id=empty, now=clock.now())
        assert session.get_one(Statement, empty).state is StatementState.DRAFT


def test_what_was_sent_back_stays_with_its_remark(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.do(submit_statement, team.writer)
        with pytest.raises(Refused):
            team.do(send_back, team.signer, remark=" ")
        team.do(send_back, team.signer, remark="Shorter")
        with pytest.raises(Refused):
            team.do(sign_off, team.signer)
        team.rewrite(team.writer)
        assert [(one.state, one.remark) for one in team.revisions] == [
            (RevisionState.SENT_BACK, "Shorter"),
            (RevisionState.WORKING, ""),
        ]


def test_a_change_takes_back_what_was_submitted(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.do(submit_statement, team.writer)
        seen = digest_of(team.revisions[-1].content)
        team.rewrite(team.third)
        with pytest.raises(Refused):
            team.do(sign_off, team.signer)
        team.do(submit_statement, team.writer)
        with pytest.raises(Overtaken):
            team.do(sign_off, team.signer, seen=seen)
        team.do(sign_off, team.signer, seen=digest_of(team.revisions[-1].content))


def test_nobody_overwrites_what_a_colleague_saved_meanwhile(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        seen = digest_of(team.revisions[-1].content)
        team.rewrite(team.third, "Theirs", seen=seen)
        with pytest.raises(Overtaken):
            team.rewrite(team.writer, "Mine", seen=seen)
        assert team.row.text["de"] == "Theirs"


def test_nothing_changed_is_no_revision(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.publish()
        before = content_in_force(session, team.row)
        draft = StatementDraft(before.text, before.reasoning, before.clusters)
        team.do(rewrite_statement, team.third, draft=draft)
        assert len(team.revisions) == 1
        with pytest.raises(Refused):
            team.do(submit_statement, team.third)


def test_a_statement_of_before_is_signed_off_without_its_writer(transact: Sessions) -> None:
    """What was public before there were sign-offs has no revision yet."""
    with transact() as session:
        team = Team(session)
        session.delete(team.revisions[0])
        team.row.state, team.row.published_at, team.row.reopened_at = (
            StatementState.PUBLISHED,
            clock.now(),
            clock.now(),
        )
        session.flush()
        team.do(submit_statement, team.third)
        for actor in (team.writer, team.third):
            with pytest.raises(Refused):
                team.do(sign_off, actor)
        team.do(sign_off, team.signer)
        assert (team.row.reopened_at, team.row.revision) == (None, 1)


def test_a_withdrawn_statement_keeps_its_words_and_rests(transact: Sessions) -> None:
    with transact() as session:
        team = Team(session)
        team.publish()
        with pytest.raises(Refused):
            team.do(withdraw_statement, team.writer, reason={"de": ""})
        team.do(withdraw_statement, team.writer, reason=DRAFT)
        assert (team.row.state, team.row.withdrawn_for) == (StatementState.WITHDRAWN, DRAFT)
        for verb in (team.rewrite, lambda actor: team.do(submit_statement, actor)):
            with pytest.raises(Refused):
                verb(team.third)


def test_what_is_not_of_the_process_is_refused(transact: Sessions) -> None:
    with transact() as session:
        team, elsewhere = Team(session), make.process(session, "elsewhere")
        foreign = make.cluster(session, elsewhere, ideas=[make.idea(session, elsewhere)])
        for draft in (
            StatementDraft(DRAFT, {}, [team.cluster, foreign]),
            StatementDraft(DRAFT, {}, []),
            StatementDraft(DRAFT, {}, [team.cluster], principle_ids=[10**9]),
            StatementDraft(DRAFT, {}, [team.cluster], field_ids=[10**9]),
        ):
            with pytest.raises(Refused):
                team.do(rewrite_statement, team.writer, draft=draft)
