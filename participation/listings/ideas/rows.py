"""One idea with its author and figures, as one query reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from participation.curation.bundling.queries import bundle_of_idea
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState, Standing
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.moderation.curating.traces import correlated_pointer, correlated_trace
from participation.processes.models import Participant
from participation.voting.models import Tally
from participation.voting.queries import VoteFigures


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea with its author and figures as one query reads them; figures are zero where nobody voted.

    ``rotation``, ``agreement`` and ``contested`` are where it stands in the orders of lists (``ideas.standing``).
    ``pointer`` is where it is answered if not here, and ``has_traces`` whether moderators ever put it somewhere
    (``moderation.traces``); ``bundle_id`` names the bundle that it is part of.
    """

    id: int
    title: str
    text: str
    language: str
    state: IdeaState
    source: IdeaSource
    revision: int
    external_id: str | None
    source_url: str | None
    district_id: int | None
    field_id: int | None
    submitted_at: datetime
    published_at: datetime | None
    revised_at: datetime | None
    pseudonym: str
    account_id: int | None
    comments: int
    rotation: int
    agreement: int
    contested: int
    principle_ids: tuple[int, ...]
    figures: VoteFigures
    pointer: Mapping[str, Any] = field(default_factory=dict)
    has_traces: bool = False
    bundle_id: int | None = None


def idea_row(session: Session, process_id: int, idea_id: int) -> IdeaRow:
    """Return the idea of this process, whoever asks; raises ``Missing``, also for an idea of another process."""
    return row_of(found(read_rows(session, ONE, {"idea_id": idea_id, "process_id": process_id}).one_or_none()))


def row_of(values: Any) -> IdeaRow:
    """Return what a row of ``ROW`` says."""
    facts: tuple[Any, ...] = tuple(values[:FACTS])
    tags, agree, disagree, unsure = values[FACTS : FACTS + 4]
    principle_ids = tuple(sorted(int(tag) for tag in tags.split(","))) if tags else ()
    pointer, has_traces, bundle_id = values[FACTS + 4 : FACTS + 7]
    figures = VoteFigures(agree, disagree, unsure)
    return IdeaRow(*(*facts, principle_ids, figures, pointer or {}, bool(has_traces), bundle_id))


_TAGS = (
    select(func.aggregate_strings(cast(IdeaPrinciple.principle_id, String), ","))
    .where(IdeaPrinciple.idea_id == Idea.id)
    .correlate(Idea)
    .scalar_subquery()
)
FACTS = 20
"""How many columns at the beginning of ``ROW`` are taken over as they are."""
# The same for every list and idea: put together once.
ROW: Any = (
    select(
        Idea.id,
        Idea.title,
        Idea.text,
        Idea.language,
        Idea.state,
        Idea.source,
        Idea.revision,
        Idea.external_id,
        Idea.source_url,
        Idea.district_id,
        Idea.field_id,
        Idea.submitted_at,
        Idea.published_at,
        Idea.revised_at,
        Participant.pseudonym,
        Participant.account_id,
        func.coalesce(Standing.comments, 0),
        func.coalesce(Standing.rotation, 0),
        func.coalesce(Standing.agreement, 0),
        func.coalesce(Standing.contested, 0),
        _TAGS.label("tags"),
        func.coalesce(Tally.agree, 0),
        func.coalesce(Tally.disagree, 0),
        func.coalesce(Tally.unsure, 0),
        correlated_pointer().label("pointer"),
        correlated_trace().label("has_traces"),
        bundle_of_idea().label("bundle_id"),
    )
    .select_from(Idea)
    .join(Participant, Participant.id == Idea.participant_id)
    .outerjoin(Standing, Standing.idea_id == Idea.id)
    .outerjoin(Tally, Tally.idea_id == Idea.id)
)
# Statements stand ready with places for their values: putting one together takes longer than running it.
ONE = ROW.where(Idea.id == bindparam("idea_id"), Idea.process_id == bindparam("process_id"))
