"""The page on which people give points to ideas."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.cases.worded import worded_here
from participation.kit.forms import opened_now
from participation.multilingual import base_language, direction, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline
from participation.processes.models import Capability
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.processes.queries import participant_of
from participation.texts import excerpt
from participation.voting.electorate import residence_url
from participation.voting.policies import may_give_points
from participation.voting.priority_form import PointsForm, field_name
from participation.voting.priority_queries import Choice, choices, own_points, search_choices, supported

CHOICES = 12
MOST_CHOICES = 200
EXCERPT = 110
QUERY_LONGEST = 120


@dataclass(frozen=True, slots=True)
class PointRow:
    """An idea with the number field beside it; an idea that is not public any more has neither title nor address."""

    name: str
    title: str
    excerpt: str
    language: str
    dir: str
    url: str
    value: str
    points: int
    error: str


@dataclass(frozen=True, slots=True)
class PrioritiesPage:
    """The ideas one gives points to, others one could, and how many points there are.

    ``reason`` says why there is no form; ``residence_url`` and ``sign_in_url`` are what helps then.
    """

    process_title: str
    process_url: str
    url: str
    until: str
    points: int
    most: int
    given: int
    reason: str
    sign_in_url: str
    residence_url: str
    opened: str
    own: tuple[PointRow, ...]
    found: tuple[PointRow, ...]
    query: str
    more: int
    ideas_url: str
    results_url: str
    form: PointsForm

    @property
    def left(self) -> int:
        """How many points are left; fewer than none where too many are given."""
        return self.points - self.given


def priorities_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    form: PointsForm,
    query: str,
    wanted: int | None,
    now: datetime,
    most: int = CHOICES,
    opened: str = "",
) -> PrioritiesPage:
    """Return the page for ``actor`` with what was typed in ``form``, and at most so many ideas to choose from.

    ``query`` searches for ideas; ``wanted`` is an idea that somebody came for: it stands first, if it is public.
    """
    phase = process.phase_for(Capability.PRIORITISE, now)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    participant_id = participant.id if participant else None
    stored = own_points(session, phase_id=phase.id, participant_id=participant_id) if phase else {}
    permission = may_give_points(actor, process, now=now)
    own_ids, given = _own(form, stored)
    found = _found(session, process, participant_id, query, wanted, own_ids, most + 1) if permission else []
    known = choices(session, process.id, [*own_ids, *form.typed])
    known, found = _in_words(session, known, found)
    form.titles.update({idea_id: choice.title for idea_id, choice in known.items()})
    here = url_for("voting.priorities", slug=process.slug)
    possible = bool(is_possible(process, Capability.PRIORITISE, now=now))
    results = phase is not None and may_see_results(process, now=now)
    return PrioritiesPage(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        url=here,
        until=_until(phase, now),
        points=phase.points if phase else 0,
        most=phase.points_most if phase else 0,
        given=given,
        reason="" if permission else str(permission.reason),
        sign_in_url=url_for("accounts.sign_in", next=here) if possible and not actor.is_signed_in else "",
        residence_url=residence_url(actor, process, here) if possible else "",
        opened=(opened or opened_now()) if permission else "",
        own=tuple(_row(process, idea_id, known.get(idea_id), stored, form) for idea_id in own_ids),
        found=tuple(_row(process, choice.id, choice, stored, form) for choice in found[:most]),
        query=query,
        more=min(most + CHOICES, MOST_CHOICES) if len(found) > most else 0,
        ideas_url=url_for("browse.ideas", slug=process.slug),
        results_url=url_for("results.priorities", slug=process.slug) if results else "",
        form=form,
    )


def _own(form: PointsForm, stored: dict[int, int]) -> tuple[list[int], int]:
    """Return the ideas that stand in the list of one's own, and how many points are given there."""
    typed = form.points()
    now_given = {**stored, **typed}
    added = [idea_id for idea_id in form.typed if typed.get(idea_id, 1) and idea_id not in stored]
    return [*stored, *added], sum(now_given.values())


def _found(
    session: Session,
    process: ProcessOutline,
    participant_id: int | None,
    query: str,
    wanted: int | None,
    left_out: list[int],
    most: int,
) -> list[Choice]:
    if query:
        spoken = base_language(g.language)
        return search_choices(session, process.id, query, left_out=left_out, most=most, language=spoken)
    first = [choices(session, process.id, [wanted]).get(wanted)] if wanted and wanted not in left_out else []
    shown = [choice for choice in first if choice is not None]
    skipped = [*left_out, *(choice.id for choice in shown)]
    return shown + supported(session, process.id, participant_id, left_out=skipped, most=most)


def _in_words(
    session: Session, known: dict[int, Choice], found: list[Choice]
) -> tuple[dict[int, Choice], list[Choice]]:
    """Return the ideas in the reader's language, as far as there are wordings."""
    asked = [(SubjectKind.IDEA, one.id, one.language) for one in (*known.values(), *found)]
    shown = worded_here(session, asked)

    def worded(one: Choice) -> Choice:
        wording = shown.get((SubjectKind.IDEA, one.id))
        return Choice(one.id, wording.title, wording.text, wording.language) if wording else one

    return {idea_id: worded(one) for idea_id, one in known.items()}, [worded(one) for one in found]


def _row(
    process: ProcessOutline, idea_id: int, choice: Choice | None, stored: dict[int, int], form: PointsForm
) -> PointRow:
    points = stored.get(idea_id, 0)
    return PointRow(
        name=field_name(idea_id),
        title=choice.title if choice else _("An idea that is not public at the moment"),
        excerpt=excerpt(choice.text, EXCERPT)
        if choice
        else _("You can take your points back and give them to another."),
        language=choice.language if choice else g.language,
        dir=direction(choice.language if choice else g.language),
        url=url_for("browse.idea", slug=process.slug, idea_id=idea_id) if choice else "",
        value=form.typed.get(idea_id, str(points or "")),
        points=points,
        error=form.problems.get(idea_id, ""),
    )


def _until(phase: PhaseOutline | None, now: datetime) -> str:
    return deadline(phase.ends_at) if phase and phase.covers(now) else ""
