"""What became of my ideas: for whoever wrote, commented or agreed, the latest first, and nothing that is not public."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.comments.models import CommentState
from participation.curation.models import BundleMember, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.listings import outcomes
from participation.listings.outcomes import Tie, own_outcomes, without_outcome
from participation.processes.models import Participant
from participation.strategy.models import MeasureState
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
PAGE = "/en/my/outcomes"
BUDGET = 10


@pytest.fixture
def reader(transact: Sessions) -> int:
    """An account."""
    with transact() as session:
        return make.account(session, "reader@example.org", language="en")


def test_what_is_listed_and_in_which_order(transact: Sessions, database: Sessions, reader: int) -> None:
    now = clock.now()
    with transact() as session:
        place, secret = make.process(session), make.process(session, "secret")
        me = make.participant(session, place, account_id=reader)
        own, commented, agreed, silent, hidden, mine_hidden, withdrawn, against, strange = (
            make.idea(session, place, author=author) for author in (me, None, None, None, None, me, me, None, None)
        )
        make.comment(session, place, commented, author=me)
        make.comment(session, place, strange, author=me, state=CommentState.HIDDEN)
        for idea in (agreed, silent, hidden, commented):
            make.vote(session, place, idea, Stance.AGREE, by=me)
        make.vote(session, place, against, Stance.DISAGREE, by=me)
        make.cluster(session, place, ideas=[commented])
        session.execute(update(Filing).values(filed_at=now - timedelta(days=3)))
        for idea, hours in ((agreed, 2), (hidden, 1), (against, 1), (strange, 1)):
            make.answer(session, idea_id=idea, at=now - timedelta(hours=hours))
        session.execute(update(Idea).where(Idea.id == own).values(submitted_at=now - timedelta(days=9)))
        session.execute(
            update(Idea)
            .where(Idea.id == mine_hidden)
            .values(submitted_at=now - timedelta(days=10), state=IdeaState.HIDDEN)
        )
        session.execute(update(Idea).where(Idea.id == hidden).values(state=IdeaState.HIDDEN))
        session.execute(update(Idea).where(Idea.id == withdrawn).values(state=IdeaState.WITHDRAWN))
        make.participant(session, secret, account_id=make.account(session))
    with database() as session:
        page = own_outcomes(session, reader, "en")
        assert [(one.idea_id, one.ties) for one in page.outcomes] == [
            (agreed, {Tie.AGREED}),
            (commented, {Tie.COMMENTED, Tie.AGREED}),
            (own, {Tie.OWN}),
            (mine_hidden, {Tie.OWN}),
        ]
        listed = {tie: [one.idea_id for one in own_outcomes(session, reader, "en", tie=tie).outcomes] for tie in Tie}
        assert listed == {Tie.OWN: [own, mine_hidden], Tie.COMMENTED: [commented], Tie.AGREED: [agreed, commented]}
        assert without_outcome(session, reader) == 1, "the silent one"
        assert own_outcomes(session, make_nobody(session), "en").outcomes == ()


def make_nobody(session: Session) -> int:
    """Return the number of no account."""
    return (session.scalar(select(Participant.account_id).order_by(Participant.account_id.desc())) or 0) + 1000


def test_everything_along_the_way_is_there_and_moves_it_up(transact: Sessions, database: Sessions, reader: int) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session)
        me = make.participant(session, place, account_id=reader)
        first, second, other = (
            make.idea(session, place, author=me),
            make.idea(session, place, author=me),
            make.idea(session, place),
        )
        bundle = make.bundle(session, [first, other])
        session.execute(update(BundleMember).values(added_at=now - timedelta(days=5)))
        main, also = (make.cluster(session, place, title=title, ideas=[first]) for title in ("Main", "Also"))
        statement = make.statement(session, place, [also])
        together = make.answer(session, bundle_id=bundle, at=now + timedelta(hours=1))
        through = make.answer(session, statement_id=statement, at=now + timedelta(hours=1))
        make.measure(session, through, at=now + timedelta(hours=2))
        make.answer(session, idea_id=second, at=now + timedelta(hours=3))
        make.referral(session, idea_id=first, at=now + timedelta(hours=4))
    with database() as session:
        latest, earlier = own_outcomes(session, reader, "en").outcomes
        assert (latest.idea_id, earlier.idea_id) == (first, second)
        assert latest.at == now + timedelta(hours=4)
        assert latest.others == 1
        assert [(one.id, one.is_main) for one in latest.clusters] == [(main, True), (also, False)]
        assert [one.id for one in latest.statements] == [statement]
        assert [(view.id, len(measures)) for _subject, view, measures in latest.answers] == [
            (together, 0),
            (through, 1),
        ]
        assert len(latest.referrals) == 1
    with transact() as session:
        make.answer(session, idea_id=first, at=now + timedelta(hours=4))
        measure = make.measure(session, make.answer(session, idea_id=second, words="Anew", at=now + timedelta(hours=5)))
        make.step(session, measure, MeasureState.RUNNING, at=now + timedelta(hours=6))
    with database() as session:
        assert [one.idea_id for one in own_outcomes(session, reader, "en").outcomes] == [second, first]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_says_it_all_in_a_few_queries(member: Member, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
    resident = member()
    with transact() as session:
        account = make.newest_account(session)
        me = make.participant(session, place, account_id=account)
        for which in range(number):
            idea = make.idea(session, place, author=me, title=f"Benches {which}")
            agreed = make.idea(session, place)
            make.vote(session, place, agreed, Stance.AGREE, by=me)
            make.vote(session, place, make.idea(session, place), Stance.AGREE, by=me)
            bundle = make.bundle(session, [idea, agreed])
            statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea, agreed])])
            for answer in (
                make.answer(session, bundle_id=bundle),
                make.answer(session, statement_id=statement),
                make.answer(session, idea_id=idea),
            ):
                make.step(session, make.measure(session, answer), MeasureState.DONE)
            make.referral(session, statement_id=statement)
    page = resident.get(PAGE, budget=BUDGET)
    assert page.texts(".outcome__title").count("Benches 0") == 1
    assert len(page.select(".outcome")) == 2 * number
    assert len(page.select(".measure")) == 5 * number
    assert "Nothing has become yet of" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.texts("main nav.tabs [aria-current]") == ["All"]
    assert len(resident.get(f"{PAGE}?show=own").select(".outcome")) == number


def test_pages_lead_from_one_to_the_next(
    member: Member, transact: Sessions, monkeypatch: pytest.MonkeyPatch, client: PageClient
) -> None:
    monkeypatch.setattr(outcomes, "PAGE", 2)
    resident = member()
    with transact() as session:
        place = make.process(session)
        me = make.participant(session, place, account_id=make.newest_account(session))
        moment = clock.now()
        for number in range(5):
            idea = make.idea(session, place, author=me, title=f"Idea {number}")
            session.get_one(Idea, idea).submitted_at = moment - timedelta(days=number // 2)
    url, seen = PAGE, []
    while url:
        page = resident.get(url)
        seen += page.texts(".outcome__title")
        url = page.links("[rel=next]").get("Next", "")
    assert seen == ["Idea 1", "Idea 0", "Idea 3", "Idea 2", "Idea 4"]
    for wrong in ("?show=all", "?before=x"):
        resident.get(f"{PAGE}{wrong}", status=400)
    assert "Nothing here yet" in resident.get(f"{PAGE}?show=commented").text
    assert client.get(PAGE, status=None).status in {302, 303, 401}


def test_hidden_ideas_of_others_leave_no_word(member: Member, transact: Sessions) -> None:
    resident = member()
    with transact() as session:
        place = make.process(session)
        me = make.participant(session, place, account_id=make.newest_account(session))
        idea = make.idea(session, place, title="Not for everybody")
        make.vote(session, place, idea, Stance.AGREE, by=me)
        make.answer(session, idea_id=idea)
    assert "Not for everybody" in resident.get(PAGE).text
    with transact() as session:
        session.get_one(Idea, idea).state = IdeaState.HIDDEN
    assert "Not for everybody" not in resident.get(PAGE).text
