"""Stored runs of the opinion groups as pages find them, without the votes that it would take to compute them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from participation.kit import clock
from participation.opinions.models import GroupRun
from participation.opinions.results import (
    Against,
    Alike,
    Burst,
    Cell,
    Dividing,
    Ellipse,
    Group,
    GroupResult,
    Held,
    IdeaTable,
    OpinionMap,
    Robustness,
    Share,
    Shared,
    Suspicion,
    Tried,
    Variant,
)
from tests.make import Place

SHA = "5f" * 32
STAFF = Suspicion(
    bursts=(Burst("2026-05-03T18:00:00+00:00", 412, 38, 12.5, 33.0, late=True),),
    alike=(Alike(12, 9, same=True, agreement=1.0), Alike(14, 20, same=False, agreement=0.97)),
    new_accounts=21,
    new_account_votes=160,
)


def two_groups(idea_ids: Sequence[int]) -> GroupResult:
    """Return a result with a group of 60 and one of 25 on at least four ideas.

    All share the first idea, the second divides them, the third is what the small group holds against the majority;
    of the fourth nothing but one count may be told.
    """
    first, second, third, fourth = idea_ids[:4]
    large = Group(
        number=0,
        size=60,
        percent=71,
        representative=(Held(second, True, Share(90, True), Share(20, False), 55),),
        against_majority=(),
        place=Ellipse(-0.5, 0.1, 0.4, 0.2, 30.0),
    )
    small = Group(
        number=1,
        size=25,
        percent=29,
        representative=(Held(second, False, Share(80, False), None, 24),),
        against_majority=(Against(third, False, Share(64, False), Share(30, True), 22),),
        place=Ellipse(0.7, -0.4, 0.2, 0.1, 0.0),
    )
    return GroupResult(
        people=85,
        too_few_votes=7,
        candidates=(Tried(2, 0.61, 25), Tried(3, 0.4, 11)),
        groups=(large, small),
        consensus=(Shared(first, True, 0.72, (Share(92, True), Share(78, False))),),
        divisive=(Dividing(second, (Share(90, True), None)),),
        map=OpinionMap(
            explained=(0.31, 0.12),
            scale=2.5,
            cells=(Cell(-0.6, 0.2, 0, 40), Cell(-0.3, -0.1, 0, 20), Cell(0.7, -0.4, 1, 25)),
        ),
        ideas=IdeaTable(
            ids=(first, second, third, fourth),
            x=(0.1, -0.8, 0.5, 0.0),
            y=(0.1, 0.2, -0.6, 0.0),
            mean=(0.8, 0.2, 0.1, 0.0),
            agree=((50, None), (50, None), (30, None), (10, None)),
            disagree=((10, None), (15, 20), (10, 14), (None, None)),
            unsure=((12, None), (10, None), (11, None), (None, None)),
        ),
    )


def no_groups() -> GroupResult:
    """Return a result without groups."""
    table = IdeaTable((), (), (), (), (), (), ())
    return GroupResult(12, 3, (), (), (), (), OpinionMap((0.0, 0.0), 1.0, ()), table)


def steady(idea_ids: Sequence[int]) -> Robustness:
    """Return that nothing changes the result, whatever is left out."""
    first = idea_ids[0]
    return Robustness(
        stable=True,
        reasons=(),
        variants=(
            Variant("late_bursts", None, 14, 160, 2, 0.97, (first,), (), (), True, ()),
            Variant("new_accounts", None, 0, 0, 2, 1.0, (first,), (), (), True, ()),
        ),
        staff=STAFF,
    )


def shaken(idea_ids: Sequence[int]) -> Robustness:
    """Return that the result depends on single votes."""
    first, second = idea_ids[:2]
    return Robustness(
        stable=False,
        reasons=("number_of_groups", "consensus_differs", "no_groups"),
        variants=(
            Variant(
                "late_bursts",
                None,
                14,
                160,
                3,
                0.4,
                (),
                (first,),
                (second,),
                False,
                ("number_of_groups", "consensus_differs"),
            ),
            Variant("identical_votes", None, None, None, 2, 0.99, (first,), (), (), True, ()),
            Variant("without_group", 1, 25, 300, 1, 0.0, (), (first,), (), False, ("no_groups",)),
        ),
        staff=STAFF,
    )


def stored(
    session: Session,
    place: Place,
    result: GroupResult,
    robustness: Robustness,
    *,
    number: int = 1,
    ideas: int = 30,
) -> None:
    """Store a run of a process that finished just now."""
    now = clock.now()
    session.add(
        GroupRun(
            process_id=place.id,
            number=number,
            method="pca2-kmeans-1",
            parameters={"min_votes": 7},
            mark=f"mark {number}@{now.isoformat()}",
            matrix_sha256=SHA,
            votes=1200,
            people=result.people + result.too_few_votes,
            ideas=ideas,
            groups=len(result.groups),
            result=result.to_json(),
            robustness=robustness.to_json(),
            started_at=now - timedelta(seconds=2),
            finished_at=now,
        )
    )
    session.flush()
