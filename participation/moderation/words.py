"""What decisions and appeals are called, and what they mean for an author, in the reader's language."""

from typing import Any

from participation.cases.models import SubjectKind
from participation.moderation.grounds import Ground, GroundKind, ground_by_key
from participation.moderation.models import AppealOutcome, Automation, DecisionKind
from participation.moderation.openness.rewordings import Rewording
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.multilingual import pick

_KINDS = {
    DecisionKind.PUBLISH: _l("Published"),
    DecisionKind.KEEP: _l("Left as it is"),
    DecisionKind.HIDE: _l("Hidden"),
    DecisionKind.RESTORE: _l("Restored"),
    DecisionKind.REDACT: _l("Passages taken out"),
    DecisionKind.ASK_CHANGE: _l("Change asked for"),
    DecisionKind.MOVE: _l("Filed differently"),
    DecisionKind.WARN: _l("Warned"),
    DecisionKind.SUSPEND: _l("Writing suspended"),
    DecisionKind.LIFT: _l("Suspension ended"),
    DecisionKind.ELSEWHERE: _l("Answered elsewhere"),
}
_REWORDINGS = {
    Rewording.ACCEPTED: _l("Translation shown"),
    Rewording.REFUSED: _l("Translation refused"),
    Rewording.CORRECTED: _l("Translation corrected"),
    Rewording.TAKEN_DOWN: _l("Translation taken down"),
}
_SUBJECTS = {
    SubjectKind.IDEA: _l("Idea"),
    SubjectKind.COMMENT: _l("Comment"),
    SubjectKind.ADDENDUM: _l("Addendum"),
}
_IDEA = {
    DecisionKind.PUBLISH: _l("Your idea is published."),
    DecisionKind.KEEP: _l("Your idea stays as it is."),
    DecisionKind.HIDE: _l("Your idea is hidden."),
    DecisionKind.RESTORE: _l("Your idea is public again."),
    DecisionKind.REDACT: _l("Passages of your idea are taken out."),
    DecisionKind.ASK_CHANGE: _l("We ask you to change your idea."),
    DecisionKind.MOVE: _l("Your idea has other principles or another field of action now."),
    DecisionKind.WARN: _l("You get a warning because of your idea."),
    DecisionKind.SUSPEND: _l("You cannot write in this process for a while, because of your idea."),
    DecisionKind.LIFT: _l("You can write in this process again."),
    DecisionKind.ELSEWHERE: _l("Your idea refers to an answer elsewhere now."),
}
_COMMENT = {
    DecisionKind.PUBLISH: _l("Your comment is published."),
    DecisionKind.KEEP: _l("Your comment stays as it is."),
    DecisionKind.HIDE: _l("Your comment is hidden."),
    DecisionKind.RESTORE: _l("Your comment is public again."),
    DecisionKind.REDACT: _l("Passages of your comment are taken out."),
    DecisionKind.ASK_CHANGE: _l("We ask you to change your comment."),
    DecisionKind.WARN: _l("You get a warning because of your comment."),
    DecisionKind.SUSPEND: _l("You cannot write in this process for a while, because of your comment."),
}
_ADDENDUM = {
    DecisionKind.PUBLISH: _l("Your addendum is published."),
    DecisionKind.KEEP: _l("Your addendum stays as it is."),
    DecisionKind.HIDE: _l("Your addendum is hidden."),
    DecisionKind.RESTORE: _l("Your addendum is public again."),
    DecisionKind.REDACT: _l("Passages of your addendum are taken out."),
    DecisionKind.ASK_CHANGE: _l("We ask you to change your addendum."),
    DecisionKind.WARN: _l("You get a warning because of your addendum."),
    DecisionKind.SUSPEND: _l("You cannot write in this process for a while, because of your addendum."),
}
_AUTHORS = {
    SubjectKind.IDEA: _IDEA,
    SubjectKind.COMMENT: {**_IDEA, **_COMMENT},
    SubjectKind.ADDENDUM: {**_IDEA, **_ADDENDUM},
}
_SCOPES = {
    DecisionKind.HIDE: _l("The whole contribution: nobody but you and the moderators can read it."),
    DecisionKind.REDACT: _l("Single passages; everything else stays public."),
    DecisionKind.ASK_CHANGE: _l("The whole contribution, until you have changed it."),
    DecisionKind.MOVE: _l("Only where the idea is filed; its text stays as you wrote it."),
    DecisionKind.WARN: _l("Nothing is hidden or changed; it is a warning."),
    DecisionKind.SUSPEND: _l("Writing in this process. You can still read everything and vote."),
    DecisionKind.ELSEWHERE: _l("Only a link beside the idea; its text stays as you wrote it."),
}
_AUTOMATION = {
    Automation.NONE: _l("No program took part. People read it and decided."),
    Automation.SIGNALLED: _l("A program had pointed moderators to the text. People read it and decided."),
    Automation.CLOCK: _l("A program published it because the promised time was over and nothing spoke against it."),
    Automation.IMPORTED: _l("The decision was taken elsewhere and brought over by a program."),
}
_AUTOMATION_LABELS = {
    Automation.NONE: _l("no program took part"),
    Automation.SIGNALLED: _l("a program pointed at it"),
    Automation.CLOCK: _l("published by itself"),
    Automation.IMPORTED: _l("taken elsewhere"),
}
_OUTCOMES = {
    AppealOutcome.UPHELD: _l("The decision stays"),
    AppealOutcome.CHANGED: _l("The decision was changed"),
    AppealOutcome.WITHDRAWN: _l("The objection was taken back"),
}


def kind_label(kind: DecisionKind | Rewording) -> Any:
    """Return what was decided in a word or two."""
    return _REWORDINGS[kind] if isinstance(kind, Rewording) else _KINDS[kind]


def subject_label(kind: SubjectKind) -> Any:
    """Return the name of a kind of contribution."""
    return _SUBJECTS[kind]


def what_was_decided(kind: DecisionKind, subject: SubjectKind) -> Any:
    """Return a sentence to the author that says what was decided."""
    return _AUTHORS[subject][kind]


def scope_of(kind: DecisionKind) -> Any:
    """Return what of a contribution a decision takes away or changes; an empty text where it does neither."""
    return _SCOPES.get(kind, "")


def automation_note(automation: Automation) -> Any:
    """Return a sentence about the part that a program had in a decision."""
    return _AUTOMATION[automation]


def automation_label(automation: Automation) -> Any:
    """Return in a few words which part a program had in a decision."""
    return _AUTOMATION_LABELS[automation]


def outcome_label(outcome: AppealOutcome) -> Any:
    """Return what became of an appeal."""
    return _OUTCOMES[outcome]


def ground_label(key: str, language: str) -> str:
    """Return the name of a ground with where it stands; an empty text for none, the key for one that is gone."""
    if not key:
        return ""
    ground = ground_by_key(key)
    return f"{ground_name(ground)}: {pick(ground.title, language)}" if ground else key


def ground_name(ground: Ground) -> str:
    """Return where a ground stands: the number of a rule, or the section of a law."""
    if ground.kind is GroundKind.RULE:
        return _("Rule %(number)s", number=ground.cite)
    return ground.cite
