"""The step of a proposal that shows similar ideas with their figures."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.guard import current_actor, signed_in_only
from participation.browse.translations import label_of, shown_here, written_in
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import db
from participation.listings.translated import ShownWordings, title_in, written_idea
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.proposing.frame import Frame, frame_of
from participation.proposing.place import own_draft, visible_process
from participation.proposing.queries import DraftView
from participation.proposing.steps import Step
from participation.proposing.views import blueprint
from participation.similarity.queries import SimilarIdea, similar_ideas
from participation.texts import excerpt
from participation.voting.queries import VoteFigures, tallies

# The step belongs to the pages of a proposal; whoever registers them takes them with this one.
__all__ = ["blueprint"]


@dataclass(frozen=True, slots=True)
class SimilarCard:
    """An idea that says something similar, with the reasons and its figures."""

    url: str
    title: str
    excerpt: str
    language: str
    dir: str
    written_in: str
    translated: str
    words: tuple[str, ...]
    words_language: str
    means_similar: bool
    agree: int
    unsure: int
    disagree: int
    results_hidden: bool


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """The similar ideas; ``may_vote`` says whether they can be supported now."""

    frame: Frame
    ideas: tuple[SimilarCard, ...]
    may_vote: bool


@blueprint.get("/processes/<slug>/drafts/<key>/similar")
@signed_in_only
def similar(slug: str, key: str) -> str:
    """Show ideas that say something similar, or that there are none."""
    process = visible_process(slug)
    page = similar_page(db.session(), current_actor(), process, own_draft(process, key), clock.now())
    return render_template("proposing/similar.html", page=page)


def similar_page(
    session: Session, actor: Actor, process: ProcessOutline, draft: DraftView, now: datetime
) -> SimilarPage:
    """Return the similar ideas to a draft."""
    found = similar_ideas(
        session, actor, process_id=process.id, title=draft.title, text=draft.text, language=draft.language
    )
    shows_figures = bool(may_see_results(process, now=now))
    figures = tallies(session, [idea.idea_id for idea in found]) if shows_figures and found else {}
    shown = shown_here(session, (written_idea(idea.idea_id, idea.language) for idea in found))
    return SimilarPage(
        frame=frame_of(actor, process, draft, Step.SIMILAR, now),
        ideas=tuple(
            _card(process, idea, shown, figures.get(idea.idea_id, VoteFigures()), shows_figures=shows_figures)
            for idea in found
        ),
        may_vote=bool(is_possible(process, Capability.VOTE, now=now)),
    )


def _card(
    process: ProcessOutline, idea: SimilarIdea, shown: ShownWordings, figures: VoteFigures, *, shows_figures: bool
) -> SimilarCard:
    title = title_in(shown, idea.idea_id, idea.title, idea.language)
    wording = shown.get((SubjectKind.IDEA, idea.idea_id))
    return SimilarCard(
        url=url_for("browse.idea", slug=process.slug, idea_id=idea.idea_id),
        title=title.text,
        excerpt=excerpt(wording.text) if wording else idea.excerpt,
        language=title.language,
        dir=title.dir,
        written_in=written_in(title.language),
        translated=label_of(wording),
        words=idea.shared_words,
        words_language=idea.language,
        means_similar=idea.means_similar,
        agree=figures.agree,
        unsure=figures.unsure,
        disagree=figures.disagree,
        results_hidden=not shows_figures,
    )
