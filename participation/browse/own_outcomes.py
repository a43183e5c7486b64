"""What became of what somebody wrote, commented on or agreed with, as the page for themselves shows it."""

from dataclasses import dataclass

from flask import g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.browse.answers import AnswerAbout, AnswerItem, answer_items, referrals_shown
from participation.browse.idea_outcome import StatementLink
from participation.browse.translations import shown_here
from participation.ideas.models import IdeaState
from participation.kit.numbers import asked_number
from participation.listings.outcomes import OwnOutcome, Tie, own_outcomes, without_outcome
from participation.listings.translated import ShownWordings, title_in, written_idea
from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.strategy.answering.items import ReferralItem
from participation.strategy.answering.subjects import Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class WayTab:
    """A link to the ideas of one kind."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ThemeLink:
    """A theme with the list of its ideas."""

    title: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class OutcomeItem:
    """One idea with all that became of it; ``note`` says what is so about an own idea that is not public."""

    title: str
    language: str
    dir: str
    url: str
    ties: tuple[str, ...]
    process: Phrase
    when: str
    note: str
    bundled: str
    themes: tuple[ThemeLink, ...]
    statements: tuple[StatementLink, ...]
    referrals: tuple[ReferralItem, ...]
    answers: tuple[AnswerItem, ...]
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class OwnOutcomesPage:
    """A page of what became of somebody's contributions; ``rest`` says of how many ideas nothing has become yet."""

    tabs: tuple[WayTab, ...]
    items: tuple[OutcomeItem, ...]
    rest: str
    first_url: str
    next_url: str


def own_outcomes_page(session: Session, account_id: int) -> OwnOutcomesPage:
    """Return what the address asks for; raises ``BadRequest`` for what there is not."""
    asked, before = request.args.get("show"), asked_number("before")
    try:
        tie = Tie(asked) if asked is not None else None
    except ValueError:
        raise BadRequest from None
    listed = own_outcomes(session, account_id, g.language, tie=tie, before=before)
    others = (one for one in listed.outcomes if Tie.OWN not in one.ties)
    shown = shown_here(session, (written_idea(one.idea_id, one.language) for one in others))
    number = without_outcome(session, account_id) if before is None and tie is not Tie.OWN else 0
    return OwnOutcomesPage(
        tabs=_tabs(tie),
        items=tuple(_item(outcome, shown) for outcome in listed.outcomes),
        rest=ngettext(
            "Nothing has become yet of %(num)s other idea that you commented on or agreed with.",
            "Nothing has become yet of %(num)s other ideas that you commented on or agreed with.",
            number,
        )
        if number
        else "",
        first_url=_url(tie) if before is not None else "",
        next_url=_url(tie, listed.next_before) if listed.next_before is not None else "",
    )


def _tabs(current: Tie | None) -> tuple[WayTab, ...]:
    labels = {
        None: _("All"),
        Tie.OWN: _("My ideas"),
        Tie.COMMENTED: _("Commented on"),
        Tie.AGREED: _("Agreed with"),
    }
    return tuple(WayTab(label, _url(tie), tie is current) for tie, label in labels.items())


def _url(tie: Tie | None, before: int | None = None) -> str:
    return url_for("outcomes.own", show=tie.value if tie else None, before=before)


def _item(outcome: OwnOutcome, shown: ShownWordings) -> OutcomeItem:
    """Return an idea with what became of it; an own one by the title that its author gave it."""
    title = title_in(shown, outcome.idea_id, outcome.title, outcome.language)
    about = {Tie.OWN: _("Your idea"), Tie.COMMENTED: _("You commented"), Tie.AGREED: _("You agreed")}
    return OutcomeItem(
        title=title.text,
        language=title.language,
        dir=title.dir,
        url=url_for("browse.idea", slug=outcome.slug, idea_id=outcome.idea_id, _anchor="outcome"),
        ties=tuple(label for tie, label in about.items() if tie in outcome.ties),
        process=phrase(outcome.process_title, g.language),
        when=day(outcome.at),
        note=_note(outcome.state),
        bundled=ngettext(
            "It stands together with %(num)s other idea that says the same.",
            "It stands together with %(num)s other ideas that say the same.",
            outcome.others,
        )
        if outcome.others
        else "",
        themes=tuple(
            ThemeLink(phrase(one.title, g.language), url_for("browse.ideas", slug=outcome.slug, cluster=one.id))
            for one in outcome.clusters
        ),
        statements=tuple(
            StatementLink(
                one.number,
                phrase(one.text, g.language),
                url_for("browse.statement", slug=outcome.slug, statement_id=one.id),
            )
            for one in outcome.statements
        ),
        referrals=referrals_shown(outcome.referrals),
        answers=tuple(
            item
            for subject, view, measures in outcome.answers
            for item in answer_items([view], {view.id: measures}, _about(outcome, subject))
        ),
        is_waiting=not (outcome.clusters or outcome.statements or outcome.answers or outcome.referrals),
    )


def _about(outcome: OwnOutcome, subject: Subject) -> AnswerAbout | None:
    if subject.kind is SubjectKind.IDEA:
        return None
    if subject.kind is SubjectKind.BUNDLE:
        return AnswerAbout(_("To all ideas that say the same"), "")
    number = next(one.number for one in outcome.statements if one.id == subject.id)
    url = url_for("browse.statement", slug=outcome.slug, statement_id=subject.id)
    return AnswerAbout(_("Statement %(number)s", number=number), url)


def _note(state: IdeaState) -> str:
    if state is IdeaState.IN_REVIEW:
        return _("In review: moderators read it before it is public.")
    return _("Not public at the moment.") if state is IdeaState.HIDDEN else ""
