"""The part of a document that only the council paper prints: a plain one, and one full of nasty texts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from participation.exports.council.document import (
    Amounts,
    Answers,
    Council,
    NamedIdea,
    OpinionGroup,
    Opinions,
    Period,
    Question,
    Stances,
    Term,
    Theme,
    Topic,
    Yardstick,
)
from participation.exports.document import AnswerRow, MeasureRow, ReferralRow, StepRow, StrategyInput, rows
from tests.exports.writer_samples import MOMENT, NASTY, UNWRITABLE, nasty, small

DAY = date(2026, 5, 4)
Say = Callable[[str], str]


def whole() -> StrategyInput:
    """Return the small document with everything a paper can print."""
    return replace(
        small(),
        number="12/2026",
        council=council(),
        answers=rows(
            answer("a2", "idea", "1", text="From autumn on."),
            replace(answer("a1", "statement", "s1", text="We begin in May."), is_overdue=True),
            replace(answer("a0", "statement", "s1", text="We think about it."), is_latest=False),
            answer("a3", "bundle", "b1", text="With the libraries."),
        ),
        measures=rows(
            MeasureRow(
                id="m1",
                answer_id="a1",
                title="A weekly hour",
                department="Libraries",
                state="Planned",
                due_on=DAY,
                first_due_on=DAY,
                steps=(StepRow(state="Planned", text="Rooms are looked for.", reported_at=MOMENT),),
            )
        ),
        referrals=rows(
            ReferralRow(
                id="r1",
                kind="idea",
                target_id="3",
                department="Parks",
                due_on=DAY,
                first_due_on=DAY,
                referred_at=MOMENT,
                is_overdue=True,
            )
        ),
    )


def answer(key: str, kind: str, target: str, *, text: str) -> AnswerRow:
    """Return an answer of the libraries."""
    assert kind in ("statement", "bundle", "idea")
    return AnswerRow(
        id=key,
        kind=kind,  # type: ignore[arg-type]  # one of the three, as asserted
        target_id=target,
        department="Libraries",
        outcome="Yes",
        text=text,
        answered_at=MOMENT,
        due_on=DAY,
    )


def council(text: str = "") -> Council:
    """Return a part with something of everything; ``text`` takes the place of all texts, if given."""

    def say(words: str) -> str:
        return text or words

    topic = _topic(say)
    return Council(
        summary=(say("20 people took part."), say("Most ideas are about participation.")),
        what_follows=(say("The council decides in June."),),
        took_part=(say("18 of them voted."),),
        periods=tuple(_week(say, week) for week in range(3)),
        periods_note=say("Per week"),
        channels=(Amounts(label=say("Here"), ideas=3, comments=2, votes=7), Amounts(label="b", ideas=2, comments=0)),
        districts=(Amounts(label=say("North"), ideas=3, comments=2, votes=7, expected=2.5),),
        districts_note=say("Ideas can name the district."),
        questions=(_age(say),),
        people_note=say("18 of 20 people told us about themselves."),
        gaps=(say("Age: 30 and over"),),
        principles=(topic, Topic(number=2, title=say("Service"), ideas=0, comments=0)),
        fields=(topic,),
        topics_note=say("Ideas can name three principles."),
        opinions=_opinions(say),
        contested=(_idea(say, "2", "48 % agree"),),
        rejected=(_idea(say, "3", "12 % agree"),),
        yardsticks=(
            Yardstick(kind="criterion", title=say("Is it fair?")),
            Yardstick(kind="value", title=say("Same rights")),
        ),
        limits=(say("Whoever wanted to could take part."),),
        glossary=(Term(word=say("Idea"), meaning=say("A proposal.")),),
    )


def _idea(say: Say, number: str, words: str, *by_group: str) -> NamedIdea:
    return NamedIdea(
        id=number,
        title=say(f"Idea {number}"),
        language="de" if number == "2" else "en",
        url=f"https://example.org/en/ideas/{number}",
        words=say(words),
        by_group=tuple(map(say, by_group)),
    )


def _topic(say: Say) -> Topic:
    return Topic(
        number=1,
        title=say("Participation"),
        ideas=3,
        comments=2,
        stances=Stances(agree=12, unsure=3, disagree=4),
        verdict=say("On 1 of 2 ideas a clear majority agrees."),
        best=(_idea(say, "1", "92 % agree"),),
        themes=(Theme(title=say("Learning"), ideas=2),),
    )


def _week(say: Say, week: int) -> Period:
    return Period(
        starts_on=DAY,
        name=say(f"Week {week}"),
        label=say(f"{week}"),
        ideas=week,
        comments=0,
        votes=10 * week,
        people=3 - week,
    )


def _age(say: Say) -> Question:
    young = Answers(
        label=say("under 30"),
        people="12",
        shown=say("67 % (40–86 %)"),
        city=say("25 %"),
        finding=say("More than in the city"),
        share=0.67,
        low=0.4,
        high=0.86,
        residents=0.25,
    )
    older = Answers(
        label=say("30 and over"),
        people="",
        shown=say("0–60 %"),
        city=say("75 %"),
        finding="",
        share=None,
        low=0.0,
        high=0.6,
        residents=0.75,
    )
    return Question(title=say("Age"), note=say("18 people answered this."), answers=(young, older))


def _opinions(say: Say) -> Opinions:
    return Opinions(
        summary=say("20 people form 2 groups."),
        basis=say("Worked out from 190 votes."),
        robustness=say("This result holds."),
        groups=(
            OpinionGroup(name=say("Group A"), size=say("12 people"), holds=(_idea(say, "1", "92 % agree"),)),
            OpinionGroup(name=say("Group B"), size=say("8 people"), differs=(_idea(say, "2", "80 % disagree"),)),
        ),
        shared=(_idea(say, "3", "", "all agree", "90 % agree"),),
        dividing=(_idea(say, "2", "", "10 % agree", "not shown"),),
    )


def nasty_paper(language: str, extra: tuple[str, ...] = ()) -> StrategyInput:
    """Return a paper in which every text takes a nasty one; all of them come in turn in the rows."""
    texts = (*NASTY, UNWRITABLE, *extra)
    document = nasty(texts)
    return replace(
        document,
        language=language,
        dir="rtl" if language == "ar" else "ltr",
        number=UNWRITABLE[:30],
        council=council(" ".join((*(one for one in texts if len(one) < 200), "x" * 300))),
        answers=rows(
            *(
                replace(answer(f"a{place}", "idea", str(place), text=one), outcome=one, department=one)
                for place, one in enumerate(texts)
            )
        ),
        measures=rows(
            *(
                MeasureRow(
                    id=f"m{place}",
                    answer_id=f"a{place}",
                    title=one,
                    department=one,
                    state=one,
                    due_on=DAY,
                    first_due_on=DAY,
                    steps=(StepRow(state=one, text=one, reported_at=MOMENT),),
                )
                for place, one in enumerate(texts)
            )
        ),
    )
