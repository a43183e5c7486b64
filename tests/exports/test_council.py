"""What the council paper says beyond the rows: the same figures as the pages, nothing that is hidden, and nobody."""

from flask import Flask
from sqlalchemy import update

from participation.demographics.publishing import publish
from participation.exports.council.document import Council, Stances, Theme
from participation.exports.council.labels import CouncilLabels
from participation.exports.council.naming import votes_in_words
from participation.exports.council.queries import PaperPlace, council_paper
from participation.exports.council.summary import Facts, in_brief
from participation.exports.council.tallying import Best, Counted, Sums
from participation.exports.council.wording import council_labels
from participation.exports.document import Figures
from participation.exports.figures import totals
from participation.exports.reading import snapshot
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.multilingual import in_language
from participation.processes.queries import process_by_id
from participation.strategy.answering.follow_up import FollowUp
from participation.strategy.models import AnswerOutcome, MeasureState
from participation.voting.queries import VoteFigures
from tests import group_runs, make, self_descriptions
from tests.conftest import Sessions
from tests.exports.consultation import SECRET, Transact, build
from tests.make import Place
from tests.pages import queries

PLACE = PaperPlace(timezone="Europe/Berlin", idea_url=lambda idea_id: f"https://example.org/{idea_id}")
BUDGET = 23


def read(app: Flask, process_id: int, language: str = "en") -> Council:
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, process_id)
        figures = totals(session, process_id)
        return council_paper(session, process, figures, language=language, now=clock.now(), place=PLACE)


def test_topics_hold_what_was_voted_where_enough_people_did(app: Flask, transact: Transact) -> None:
    council = read(app, build(transact).process_id)
    assert [(one.number, one.title, one.ideas, one.comments) for one in council.principles] == [
        (1, "Openness", 2, 3),
        (2, "Learning", 3, 4),
        (3, "Unused", 0, 0),
    ]
    # Only on the first idea five people voted.
    assert [one.stances for one in council.principles] == [
        *(2 * [Stances(agree=3, unsure=1, disagree=1)]),
        None,
    ]
    assert council.principles[1].themes == (
        Theme(title="Places", ideas=2),
        Theme(title="Courses", ideas=1),
    )
    assert [(one.title, one.ideas) for one in council.fields] == [("Schools", 1)]
    assert [(one.label, one.ideas, one.votes) for one in council.channels] == [
        ("On this platform", 3, 5),
        ("Taken over from elsewhere", 2, 0),
    ]
    assert [(one.label, one.ideas) for one in council.districts] == [("North", 1), ("No district named", 4)]
    assert [(one.id, one.title, one.url) for one in council.contested] == [
        (council.contested[0].id, "Idea number 0", f"https://example.org/{council.contested[0].id}")
    ]
    assert council.summary == (
        "On 1 May 2026: 7 people took part, 5 ideas, 4 comments, 13 votes.",
        "Most ideas are about: Learning (3); Openness (2).",
        "On 0 of 1 idea with enough votes a clear majority agrees, on 0 it disagrees.",
        "Moderators sorted 4 ideas into 3 themes.",
        "1 statement was drawn up for the strategy; 60% of all ideas are behind them.",
    )
    assert council.what_follows == ("The result is advice.", "The council decides.")


def test_hidden_results_are_not_even_hinted_at(app: Flask, transact: Transact) -> None:
    council = read(app, build(transact, hides_results=True).process_id)
    assert council.hidden == "Results are shown when voting has ended, so that nobody is swayed by them."
    assert council.opinions is None
    assert (council.contested, council.rejected) == ((), ())
    topics = (*council.principles, *council.fields)
    assert [(one.stances, one.verdict, one.best) for one in topics] == [(None, "", ())] * len(topics)
    amounts = (*council.channels, *council.districts)
    assert [one.votes for one in amounts] == [None] * len(amounts)
    assert council.hidden in council.summary


def test_nothing_that_is_not_public_is_said(app: Flask, transact: Transact) -> None:
    made = build(transact)
    council = read(app, made.process_id)
    assert SECRET not in repr(council)
    assert "Removed" not in repr(council)
    assert "Igel" not in repr(council)


def test_groups_share_and_differ_in_words(app: Flask, transact: Sessions) -> None:
    place, ideas = with_groups(transact)
    found = read(app, place.id).opinions
    assert found is not None
    assert found.summary == ("85 people form 2 groups that vote differently. All of them are of one mind about 1 idea.")
    assert found.robustness == "Whatever was left out, groups and shared ideas stayed much the same. This result holds."
    assert [(one.title, one.by_group) for one in found.shared] == [("Alpha", ("69 % agree", "at least 78 % agree"))]
    assert [(one.title, one.by_group) for one in found.dividing] == [("Bravo", ("67 % agree", "not shown"))]
    assert [(group.name, group.size) for group in found.groups] == [("Group A", "60 people"), ("Group B", "25 people")]
    assert [(one.id, one.words) for one in found.groups[1].differs] == [
        (str(ideas[2]), "in this group at least 64 % disagree; everybody: 30 % disagree")
    ]
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ideas[2]).values(state=IdeaState.HIDDEN))
    again = read(app, place.id).opinions
    assert again is not None
    assert [group.differs for group in again.groups] == [(), ()]


def test_who_is_missing_is_named_and_few_people_are_not_counted(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        options = self_descriptions.questions(session, place, residents={"young": 400_000, "old": 600_000})
        self_descriptions.people(session, place, options["young"], many=11)
        self_descriptions.people(session, place, options["old"], many=56)
        self_descriptions.people(session, place, options["old"], options["south"], many=4)
        publish(session, process_id=place.id, now=clock.now())
    council = read(app, place.id)
    age, *_others = council.questions
    assert [(one.label, one.people, one.shown, one.city, one.finding) for one in age.answers] == [
        ("Young (en)", "11", "15 % (8–27 %)", "40 %", "Fewer than in the city"),
        ("Old (en)", "60", "85 % (73–92 %)", "60 %", "More than in the city"),
    ]
    assert council.gaps == ("Age (en) · Young (en): 15 % of those who told us; 40 % in the city.",)
    assert "4" not in {one.people for question in council.questions for one in question.answers}


def test_reading_takes_no_more_queries_for_more_ideas(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.votes(session, place, make.idea(session, place), agree=6)
    with app.app_context(), snapshot(db.engine) as session:
        process, figures = process_by_id(session, place.id), totals(session, place.id)
    counted = []
    for more in (0, 2):
        with transact() as session:
            for _number in range(more):
                make.votes(session, place, make.idea(session, place), agree=6, disagree=5)
        with app.app_context(), snapshot(db.engine) as session, queries(app) as asked:
            council_paper(session, process, figures, language="en", now=clock.now(), place=PLACE)
        counted.append(len(asked))
    assert counted == [BUDGET, BUDGET]


def test_the_words_are_the_defaults_in_english(app: Flask) -> None:
    with app.app_context():
        assert council_labels("en") == CouncilLabels()


def test_the_best_are_kept_and_equals_stay_in_order() -> None:
    best = Best(2)
    for number, score in ((4, 0.5), (1, 0.9), (3, 0.5), (2, 0.1)):
        idea = Counted(number, None, None, IdeaSource.ONLINE, 0, VoteFigures(number, 0, 0), ())
        best.meet(score, idea)
    assert [idea_id for idea_id, _votes in best.ranked()] == [1, 3]


def test_clear_majorities_and_contested_ideas_are_told_apart() -> None:
    sums = Sums()
    for number, votes in enumerate(((40, 2, 3), (2, 40, 3), (20, 20, 3), (4, 0, 0), (0, 0, 9))):
        sums.add(Counted(number, None, None, IdeaSource.ONLINE, 1, VoteFigures(*votes), (7,)))
    topic = sums.principles[7]
    assert (topic.ideas, topic.comments, topic.judged, topic.agreed, topic.rejected) == (5, 5, 3, 1, 1)
    assert (topic.agree, topic.disagree, topic.unsure) == (62, 62, 18)
    assert [[idea_id for idea_id, _votes in best.ranked()] for best in (topic.best, sums.contested, sums.rejected)] == [
        [0],
        [2],
        [1],
    ]
    assert sums.all_votes == 146


def test_a_summary_has_a_sentence_for_each_thing_there_is(app: Flask) -> None:
    facts = Facts(
        figures=Figures(participants=1, ideas=1, votes=1_200, comments=0, filed_ideas=0, coverage=0),
        first=None,
        last=None,
        sums=Sums(),
        principles=(),
        opinions=None,
        gaps=("somebody",),
        themes=0,
        statements=0,
        conflicts=1,
        follow_up=FollowUp(answers={AnswerOutcome.YES: 2}, measures={MeasureState.PLANNED: 1}, measures_overdue=1),
        hidden="",
    )
    with app.app_context(), in_language("en"):
        assert in_brief(facts) == (
            "1 person took part, 1 idea, 0 comments, 1,200 votes.",
            "1 time a statement is in conflict with a criterion or value.",
            "The city has given 2 answers and begun 1 measure.",
            "1 answer or measure is overdue.",
            "Not everybody was reached; the chapter on how people took part says who is missing.",
        )
        assert votes_in_words(VoteFigures(9, 1, 2)) == (
            "90% of those who took a side agree (between 60% and 98%); 12 votes"
        )


def with_groups(transact: Sessions) -> tuple[Place, list[int]]:
    """Return a process with a finished run and the ideas it is about."""
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place, title=title) for title in ("Alpha", "Bravo", "Charlie", "Delta")]
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.steady(ideas))
    return place, ideas
