"""What the things in a lineage are called, and facts about them as short sentences."""

from participation.comments.models import CommentStance
from participation.curation.models import FilingOrigin
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.multilingual import ngettext
from participation.multilingual.moments import calendar_day, day, number
from participation.provenance.lineage import (
    AnswerRecord,
    BundleRecord,
    ClusterRecord,
    CommentRecord,
    FilingRecord,
    IdeaRecord,
    Loss,
    MeasureRecord,
    ReferralRecord,
    Shift,
    SignedRecord,
    StatementRecord,
    StepRecord,
)
from participation.strategy.answering.answers import OUTCOMES
from participation.strategy.answering.following import MEASURE_STATES
from participation.strategy.models import LossReason, SourceKind, StatementState
from participation.voting.queries import VoteFigures

DIGITS_SHOWN = 16
_LOST = {
    (SourceKind.IDEA, LossReason.HIDDEN): _l("Idea %(number)s was taken out by moderation"),
    (SourceKind.IDEA, LossReason.WITHDRAWN): _l("Idea %(number)s was withdrawn by its author"),
    (SourceKind.IDEA, LossReason.CHANGED): _l("Idea %(number)s is not as it was when the statement was signed off"),
    (SourceKind.IDEA, LossReason.ERASED): _l("Idea %(number)s was erased"),
    (SourceKind.COMMENT, LossReason.HIDDEN): _l("Comment %(number)s was taken out by moderation"),
    (SourceKind.COMMENT, LossReason.WITHDRAWN): _l("Comment %(number)s was withdrawn by its author"),
    (SourceKind.COMMENT, LossReason.CHANGED): _l(
        "Comment %(number)s is not as it was when the statement was signed off"
    ),
    (SourceKind.COMMENT, LossReason.ERASED): _l("Comment %(number)s was erased"),
}
_STANCES = {
    CommentStance.SUPPORTS: _l("For the idea"),
    CommentStance.OBJECTS: _l("Against the idea"),
    CommentStance.ASKS: _l("A question"),
    CommentStance.ADDS: _l("An addition"),
}


def idea_name(idea_id: int) -> str:
    """Return what an idea is called."""
    return _("Idea %(number)s", number=idea_id)


def votes_said(figures: VoteFigures) -> str:
    """Return the figures of an idea in one line."""
    return _(
        "%(agree)s agree · %(unsure)s unsure · %(disagree)s disagree",
        agree=number(figures.agree),
        unsure=number(figures.unsure),
        disagree=number(figures.disagree),
    )


def idea_facts(idea: IdeaRecord) -> list[str]:
    """Return what there is to say about an idea below something that rests on it."""
    facts = [votes_said(idea.figures)] if idea.figures else []
    if idea.comments:
        facts.append(ngettext("%(num)s comment", "%(num)s comments", idea.comments))
    return facts


def own_facts(idea: IdeaRecord, earlier: int) -> list[str]:
    """Return what there is to say about an idea that a page is about."""
    facts = [_("Published on %(day)s", day=day(idea.published_at))] if idea.published_at else []
    if earlier:
        facts.append(ngettext("%(num)s earlier revision", "%(num)s earlier revisions", earlier))
    if idea.comments:
        facts.append(ngettext("%(num)s comment", "%(num)s comments", idea.comments))
    return facts


def comment_name(comment: CommentRecord) -> str:
    """Return what a comment is called."""
    return _("Comment %(number)s", number=comment.id)


def comment_facts(comment: CommentRecord) -> list[str]:
    """Return what a comment does to its idea."""
    return [str(_STANCES[comment.stance])] if comment.stance else []


def bundle_name(bundle: BundleRecord) -> str:
    """Return what a bundle is called."""
    return _("Bundle %(number)s", number=bundle.id)


def bundle_facts(bundle: BundleRecord) -> list[str]:
    """Return how many ideas say the same."""
    return [ngettext("%(num)s idea says the same", "%(num)s ideas say the same", len(bundle.idea_ids))]


def theme_facts(cluster: ClusterRecord, shift: Shift | None) -> list[str]:
    """Return how many ideas a theme holds, and what has changed since the statement on it was signed off."""
    facts = [ngettext("%(num)s idea", "%(num)s ideas", cluster.ideas)]
    if cluster.is_removed:
        facts.append(_("This theme was removed from the board"))
    if shift and shift.came:
        facts.append(
            ngettext("%(num)s idea came since the sign-off", "%(num)s ideas came since the sign-off", shift.came)
        )
    if shift and shift.left:
        facts.append(
            ngettext("%(num)s idea is filed elsewhere since", "%(num)s ideas are filed elsewhere since", shift.left)
        )
    return facts


def filing_said(filing: FilingRecord) -> str:
    """Return since when and how an idea belongs to a theme."""
    when = day(filing.filed_at)
    said = _("Its main theme since %(day)s", day=when) if filing.is_main else _("Touches it since %(day)s", day=when)
    if filing.origin is FilingOrigin.SUGGESTED:
        return _("%(filed)s; the team took up a suggestion", filed=said)
    if filing.origin is FilingOrigin.IMPORTED:
        return _("%(filed)s; from a list of the team", filed=said)
    return said


def former_filing() -> str:
    """Return that an idea is not filed in a theme any more, though a statement was signed off with it there."""
    return _("The idea was filed here when the statement was signed off, and is filed elsewhere now")


def statement_name(statement: StatementRecord) -> str:
    """Return what a statement is called."""
    return _("Statement %(number)s", number=statement.number)


def statement_facts(statement: StatementRecord) -> list[str]:
    """Return by whom a statement was signed off, whether that still holds, and how many people stand behind it."""
    if statement.state is StatementState.WITHDRAWN:
        when = day(statement.withdrawn_at) if statement.withdrawn_at else ""
        return [_("Withdrawn on %(day)s", day=when)]
    signed = statement.in_force
    facts = [_signed_said(signed)] if signed else [_("Not signed off yet")]
    if statement.reopened_at and signed:
        facts.append(
            _("Waits for another sign-off since %(day)s, because its sources changed", day=day(statement.reopened_at))
        )
    if len(statement.signed) > 1:
        facts.append(ngettext("%(num)s earlier revision", "%(num)s earlier revisions", len(statement.signed) - 1))
    if signed and signed.people:
        facts.append(
            ngettext(
                "%(num)s person had voted on its ideas by then",
                "%(num)s people had voted on its ideas by then",
                signed.people.people,
            )
        )
    return facts


def signed_with(revision: int) -> str:
    """Return in which revision an idea stood behind a statement when that was signed off."""
    return _("Signed off with revision %(number)s of this idea", number=revision)


def answer_name(answer: AnswerRecord) -> str:
    """Return what the city answered, in short."""
    return _("Answer: %(outcome)s", outcome=str(OUTCOMES[answer.outcome]))


def answer_facts(answer: AnswerRecord) -> list[str]:
    """Return who answered, when, and until when something is to be done."""
    facts = [answer.department, day(answer.answered_at)]
    if answer.due_on:
        facts.append(_("to be done by %(day)s", day=calendar_day(answer.due_on)))
    return facts


def referral_name(referral: ReferralRecord) -> str:
    """Return who was asked for an answer."""
    return _("Referred to %(department)s", department=referral.department)


def referral_facts(referral: ReferralRecord) -> list[str]:
    """Return until when an answer is due."""
    return [_("Answer due by %(day)s", day=calendar_day(referral.due_on))]


def measure_name(measure: MeasureRecord) -> str:
    """Return what a measure is called: how far it is."""
    return _("Measure: %(state)s", state=str(MEASURE_STATES[measure.state]))


def measure_facts(measure: MeasureRecord) -> list[str]:
    """Return who does it and until when."""
    return [measure.department, _("to be done by %(day)s", day=calendar_day(measure.due_on))]


def step_name(step: StepRecord) -> str:
    """Return what happened with a measure and when."""
    return _("%(state)s, %(day)s", state=str(MEASURE_STATES[step.state]), day=day(step.reported_at))


def loss_said(loss: Loss) -> str:
    """Return what a statement has lost, without a word of it."""
    said = str(_LOST[loss.kind, loss.reason]) % {"number": loss.source_id}
    return _("%(loss)s, %(day)s", loss=said, day=day(loss.lost_at)) if loss.lost_at else said


def _signed_said(signed: SignedRecord) -> str:
    when = day(signed.signed_at)
    return _("Revision %(number)s, signed off by a second person on %(day)s", number=signed.revision, day=when)
