"""What is proposed for ideas on the board: only what is public, filed and on the board at this moment."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.curation.board.filing import file_ideas
from participation.curation.models import Filing, FilingOrigin
from participation.desk.queries.board_proposals import places_above
from participation.desk.queries.offers import OfferedTheme, Sureness, offers_for, percent
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.multilingual import Phrase
from participation.suggestions.models import SuggestionRun
from participation.suggestions.outcome import (
    FreshCluster,
    IdeaSuggestions,
    Outcome,
    Outlier,
    Ranked,
    Result,
    digest,
    packed,
    plain,
)
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]


def outcome(ideas: dict[int, IdeaSuggestions]) -> Outcome:
    """Return the outcome of a run that proposes this."""
    return Outcome(1, clock.now(), Result(ideas, is_rough=False))


def stored(session: Session, place: Place, result: Result) -> None:
    """Keep a run of a process with this result."""
    content, now = plain(result), clock.now()
    run = SuggestionRun(
        process_id=place.id,
        number=1,
        method="by hand",
        parameters={},
        seed=0,
        data_sha256="0" * 64,
        result_sha256=digest(content),
        board_version=0,
        ideas=0,
        filed=0,
        clusters=0,
        result=packed(content),
        started_at=now,
        finished_at=now,
    )
    session.add(run)


def test_reasons_name_what_is_public_and_filed_now(place: Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Bike path")
        near, loose = make.idea(session, place, title="Bike lane"), make.idea(session, place, title="Loose")
        hidden = make.idea(session, place, title="Hidden", state=IdeaState.HIDDEN)
        cluster = make.cluster(session, place, title="Travel", ideas=[near, hidden])
    ranked = (Ranked(999, 0.9), Ranked(cluster, 0.799))
    run = outcome({idea: IdeaSuggestions(ranked, (hidden, loose, near), ("bike",)), loose: IdeaSuggestions()})
    with database() as session:
        offers = offers_for(session, run, [idea, loose], {cluster: Phrase("Travel", "en")})
    assert list(offers) == [idea]
    offer = offers[idea]
    assert [(theme.cluster_id, theme.percent, theme.sureness) for theme in offer.themes] == [
        (cluster, 79, Sureness.LIKELY)
    ]
    assert [(one.title, one.theme.text) for one in offer.near] == [("Bike lane", "Travel")]
    with database() as session:
        assert offers_for(session, None, [idea], {cluster: Phrase("Travel", "en")}) == {}


@pytest.mark.parametrize(
    ("confidence", "number", "sureness"),
    [
        (1.0, 100, Sureness.VERY_LIKELY),
        (0.999, 99, Sureness.VERY_LIKELY),
        (0.6, 60, Sureness.LIKELY),
        (0.35, 35, Sureness.POSSIBLE),
        (0.34, 34, Sureness.GUESS),
        (-0.1, 0, Sureness.GUESS),
    ],
)
def test_confidence_is_said_in_words_and_as_a_number(confidence: float, number: int, sureness: Sureness) -> None:
    assert percent(confidence) == number
    assert OfferedTheme(1, Phrase("Travel", "en"), number).sureness is sureness


def test_only_what_is_still_unfiled_is_accepted(place: Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        sure, unsure, taken = (make.idea(session, place) for _ in range(3))
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
        foreign = make.idea(session, make.process(session, "other"))
        cluster = make.cluster(session, place)
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
        file_ideas(
            session, moderator, process_id=place.id, idea_ids=[taken], cluster_id=cluster, seen=None, now=clock.now()
        )
    confidences = {sure: 0.8, unsure: 0.79, taken: 0.99, hidden: 0.99, foreign: 0.99}
    run = outcome({one: IdeaSuggestions((Ranked(cluster, sureness),)) for one, sureness in confidences.items()})
    with database() as session:
        assert places_above(session, place.id, run, 80) == {sure: cluster}


def test_proposals_are_shown_with_reasons_and_accepted(
    place: Place, member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two, odd, loose, other = (make.idea(session, place, title=title) for title in "ABCDE")
        near = make.idea(session, place, title="Bike lane")
        travel = make.cluster(session, place, title="Travel", ideas=[near, odd])
        culture = make.cluster(session, place, title="Culture")
        ranked = (Ranked(travel, 0.91), Ranked(culture, 0.05))
        proposed = {one: IdeaSuggestions(ranked, (near,), ("bike",)), two: IdeaSuggestions((Ranked(travel, 0.8),))}
        fresh, outlier = FreshCluster((loose, other), ("night",)), Outlier(odd, travel, culture, 0.7)
        stored(session, place, Result(proposed, (fresh,), (outlier,)))
    moderator = member(Role.MODERATOR, process_id=place.id)
    board = "/en/desk/processes/digital/board"
    page = moderator.get(board, budget=19)
    card = f'[data-card="{one}"]'
    assert page.texts(f"{card} .board-offer__sure") == ["very likely, about 91 %", "a guess, about 5 %"]
    assert page.one(f"{card} .board-offer__near") == "Bike lane → Travel (en)"
    assert moderator.get(f"{board}?theme={travel}").texts(".board-rest .board-card__title") == ["B", "A"]
    # One of them, as proposed.
    moderator.submit(page, "board-form", forge={"take": f"{one}.{culture}"}, status=303)
    page = moderator.get(f"{board}/suggestions")
    assert page.texts(".board-thresholds .number") == ["0", "1", "1", "1", "1"]
    assert page.texts(".board-fresh h3") == ["night"]
    form = f'form[action="{board}/suggestions"]'
    answer = moderator.submit(page, form, forge={"run": "2"}, status=409)
    assert "The board or the suggestions have changed meanwhile." in answer.text
    moderator.submit(page, form, forge={"threshold": "1"}, status=400)
    moderator.submit(answer, form, status=303)
    with database() as session:
        rows = session.scalars(select(Filing).where(Filing.origin == FilingOrigin.SUGGESTED))
        assert {(row.idea_id, row.cluster_id) for row in rows} == {(one, culture), (two, travel)}
    assert moderator.get(f"{board}/suggestions").texts(".board-thresholds .number") == ["0"] * 5
    # Out of place, and a theme for those that fit nowhere.
    page = moderator.get(f"{board}/outliers")
    assert "out of place: 70 %" in page.text
    assert "not filed yet" in page.one("main")
    moderator.submit(page, ".board-step form", press="Move to: Culture (en)", status=303)
    assert moderator.get(f"{board}/outliers").select(".board-step") == []
    page = moderator.submit(moderator.get(f"{board}/suggestions"), ".board-fresh form", status=200)
    assert len(page.select("[name=ideas][checked]")) == 2


def test_without_suggestions_everything_else_works(place: Place, member: Member, transact: Sessions) -> None:
    with transact() as session:
        make.cluster(session, place, ideas=[make.idea(session, place)])
    moderator = member(Role.MODERATOR, process_id=place.id)
    board = "/en/desk/processes/digital/board"
    page = moderator.get(board)
    assert "Suggestions" not in page.links()
    assert moderator.get(f"{board}/suggestions").one(".empty-state__title") == "There are no suggestions."
    assert moderator.get(f"{board}/outliers").one(".empty-state__title") == "Nothing seems out of place."
    moderator.get(f"{board}/suggestions?threshold=1", status=400)
    forged = {"run": "1", "threshold": "80", "seen": "0"}
    answer = moderator.submit(page, "board-form", forge=forged, status=422)
    assert answer.errors == ["Please choose at least one idea.", "Please choose a theme."]
