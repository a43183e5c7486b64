"""What readers see of ideas that say the same: which they are, who stands behind them, and what the city answers."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.answers import AnswerItem, bundle_answers, bundle_referral
from participation.browse.idea_place import BundleLink, Together, bundle_link, people_together
from participation.browse.translations import label_of, shown_here
from participation.cases.models import SubjectKind
from participation.curation.bundling.queries import BundledIdea, bundle_in, members_of, own_among
from participation.ideas.models import IdeaState
from participation.kit.permissions import Missing
from participation.listings.translated import ShownWordings, text_in, written_idea
from participation.multilingual import lazy as _l
from participation.multilingual import pick
from participation.processes.outline import ProcessOutline
from participation.strategy.answering.items import ReferralItem
from participation.texts import excerpt

GONE = {
    IdeaState.HIDDEN: _l("was hidden by moderators."),
    IdeaState.WITHDRAWN: _l("was taken back by its author."),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """What is left of an idea that is not public any more: its number and why; never a word of it."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class MemberLink:
    """An idea of the bundle; ``exit_url`` leads its author out, ``translated`` says how it got into this language."""

    link: BundleLink
    excerpt: str
    translated: str
    provenance_url: str
    exit_url: str


@dataclass(frozen=True, slots=True)
class BundlePage:
    """A bundle in public; the ideas that were put together first come first."""

    number: int
    made_at: datetime
    process_title: str
    process_url: str
    ideas_url: str
    ideas: tuple[MemberLink, ...]
    traces: tuple[Trace, ...]
    together: Together
    answers: tuple[AnswerItem, ...]
    asked: ReferralItem | None
    follow_up_url: str
    method_url: str


def bundle_page(
    session: Session, actor: Actor, process: ProcessOutline, bundle_id: int, *, now: datetime
) -> BundlePage:
    """Return the page of a bundle that holds; raises ``Missing`` where none of its ideas is public (any more)."""
    bundle = bundle_in(session, process.id, bundle_id)
    members = members_of(session, [bundle_id], public=False)
    public = [one for one in members if one.state is IdeaState.PUBLISHED]
    if not public:
        raise Missing
    own = own_among(session, actor, [one.idea_id for one in public])
    shown = shown_here(session, (written_idea(one.idea_id, one.language) for one in public))
    return BundlePage(
        number=bundle.id,
        made_at=bundle.made_at,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        ideas=tuple(_member(process, one, shown, is_own=one.idea_id in own) for one in public),
        traces=tuple(
            Trace(one.idea_id, str(GONE[one.state])) for one in members if one.was_public and one.state in GONE
        ),
        together=people_together(session, process, bundle_id, now=now),
        answers=bundle_answers(session, bundle_id),
        asked=bundle_referral(session, bundle_id),
        follow_up_url=url_for("outcomes.follow_up", slug=process.slug),
        method_url=url_for("methods.method", method="bundles"),
    )


def _member(process: ProcessOutline, idea: BundledIdea, shown: ShownWordings, *, is_own: bool) -> MemberLink:
    text = text_in(shown, SubjectKind.IDEA, idea.idea_id, idea.text, idea.language)
    return MemberLink(
        link=bundle_link(process, idea, shown),
        excerpt=excerpt(text.text),
        translated=label_of(shown.get((SubjectKind.IDEA, idea.idea_id))),
        provenance_url=url_for("provenance.idea", slug=process.slug, idea_id=idea.idea_id),
        exit_url=url_for("bundles.objection", slug=process.slug, idea_id=idea.idea_id) if is_own else "",
    )
