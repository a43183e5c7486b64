"""Everything an export says that is not data, in the language of the export rather than that of the reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from participation.cases.models import SubjectKind
from participation.comments.models import Voice
from participation.exports.labels import Labels
from participation.ideas.addenda import AddendumView
from participation.ideas.models import IdeaSource
from participation.moderation.words import subject_label
from participation.multilingual import gettext as _
from participation.multilingual import in_language, language_name
from participation.multilingual.moments import days
from participation.strategy.answering.answers import OUTCOMES, AnswerView
from participation.strategy.assessing.yardsticks import VERDICTS
from participation.strategy.models import AnswerOutcome, LossReason, Verdict
from participation.voting.queries import FEWEST_VOTES
from participation.wordings.models import Origin


@dataclass(frozen=True, slots=True)
class Words:
    """The words for values in the rows, and the sentences that the method note is made of."""

    published: str
    sources: dict[IdeaSource, str]
    voices: dict[Voice, str]
    addendum: str
    outcomes: dict[AnswerOutcome, str]
    verdicts: dict[Verdict, str]
    principles_from: str
    published_only: str
    participants: str
    stances: str
    statements: str
    bundles: str
    order: str
    points: str
    few: str
    hidden: str
    one_moment: str
    idea_number: str
    comment_number: str
    comment_on: str
    signed: str
    signed_anew: str
    not_signed: str
    losses: dict[LossReason, str]
    kinds: dict[SubjectKind, str]
    origins: dict[Origin, str]
    by_machine: str
    by_people: str
    language: str
    day: Callable[[datetime], str]

    def below(self, addendum: AddendumView, text: str) -> str:
        """Return what was added to an idea as it stands below its text, headed by its day."""
        return f"[{self.addendum}, {self.day(addendum.published_at or addendum.submitted_at)}]\n{text}"

    def translated(self, language: str, provider: str) -> str:
        """Return how a text came from ``language`` into that of the export: by ``provider``, or else by people."""
        name = language_name(language, shown_in=self.language)
        template = self.by_machine if provider else self.by_people
        return template.format(language=name, service=provider)


def words(language: str) -> Words:
    """Return the words in ``language``; needs an application context."""
    with in_language(language):
        return Words(
            published=_("published"),
            sources={IdeaSource.ONLINE: _("online"), IdeaSource.IMPORTED: _("import")},
            voices={Voice.MODERATION: _("Moderation team"), Voice.ADMINISTRATION: _("City administration")},
            addendum=_("Addendum"),
            outcomes={outcome: str(label) for outcome, label in OUTCOMES.items()},
            verdicts={verdict: str(label) for verdict, label in VERDICTS.items()},
            principles_from=_("Principles:"),
            published_only=_(
                "This file holds published ideas, comments and statements only. What waits for a decision or was "
                "hidden or withdrawn is left out everywhere, also in the figures, and drafts of statements are too."
            ),
            participants=_(
                "Everybody who wrote one of these ideas or comments or voted on one of these ideas counts as one "
                "participant."
            ),
            stances=_("Each person has one vote per idea: agree, unsure or disagree. The last one counts."),
            statements=_(
                "For a statement, each person counts once per stance, over all ideas in all its theme clusters. "
                "Whoever agrees with one idea and disagrees with another is in both figures, but once among the people."
            ),
            bundles=_(
                "A bundle holds ideas that say the same. Votes stay with the ideas; for the bundle, each person counts "
                "once, and numbers stand from five people on."
            ),
            order=_(
                "A statement's principles are those chosen for it, or else those its ideas name, the most frequent "
                "first. The ideas of a theme "
                "cluster stand in the order of agreement, or of submission while results are hidden."
            ),
            points=_(
                "Points are those of the latest phase in which each person could give some: their sum, and how many "
                "people gave any."
            ),
            few=_(
                "Where fewer than %(people)s people voted on an idea or gave it points, these figures are left out, "
                "also in the sums of theme clusters: nobody's own vote can be guessed.",
                people=FEWEST_VOTES,
            ),
            hidden=_("Votes for and against are hidden until voting has ended, so that nobody is swayed by them."),
            one_moment=_("All figures were read at the same moment."),
            idea_number=_("idea {number}"),
            comment_number=_("comment {number}"),
            comment_on=_("comment on idea {number}"),
            **_about_sign_offs(),
            **_about_translations(),
            language=language,
            day=days(),
        )


def _about_sign_offs() -> dict[str, Any]:
    return {
        "signed": _("by a second person of the team on {day}, revision {number}"),
        "signed_anew": _("It has to be signed off anew, because something it rested on is gone."),
        "not_signed": _("not signed off yet"),
        "losses": {
            LossReason.HIDDEN: _("hidden by moderators"),
            LossReason.WITHDRAWN: _("taken back by its author"),
            LossReason.CHANGED: _("changed since it was signed off"),
            LossReason.ERASED: _("erased"),
        },
    }


def _about_translations() -> dict[str, Any]:
    return {
        "kinds": {kind: str(subject_label(kind)) for kind in SubjectKind},
        "origins": {Origin.MACHINE: _("machine"), Origin.HUMAN: _("people")},
        "by_machine": _("translated by machine ({service}); the original is in this language: {language}"),
        "by_people": _("translated by people; the original is in this language: {language}"),
    }


def answer_in_words(answers: Sequence[AnswerView], said: Words) -> str:
    """Return the latest of ``answers`` with its day and department; empty where there is none."""
    if not answers:
        return ""
    latest = answers[0]
    return f"{said.outcomes[latest.outcome]} ({latest.department}, {said.day(latest.answered_at)})\n{latest.text.text}"


def labels(language: str) -> Labels:
    """Return all headings and fixed sentences in ``language``; needs an application context."""
    with in_language(language):
        parts = (_document(), _figures(), _structure(), _assessments(), _columns(), _sentences())
        # The legend finds its own words in the same language.
        said: dict[str, Any] = {name: text for part in parts for name, text in part.items()}
        return Labels(**said)


def _document() -> dict[str, str]:
    return {
        "document_kind": _("Input for the strategy"),
        "question": _("Question"),
        "city": _("City"),
        "generated_at": _("Status as of"),
        "language": _("Language"),
        "contents": _("Contents"),
        "page": _("Page"),
        "how_to_read": _("How to read this document"),
        "reading_guide": _(
            "Each statement names the theme clusters it rests on, each cluster the ideas filed in it, each idea the "
            "votes residents cast on it. Every idea keeps its number in all files of this export."
        ),
        "source_note": _("Licence and status"),
        "method_note": _("How the figures were counted"),
    }


def _figures() -> dict[str, str]:
    return {
        "figures": _("Participation in figures"),
        "figure": _("Figure"),
        "value": _("Value"),
        "participants": _("Participants"),
        "ideas": _("Ideas"),
        "votes": _("Votes"),
        "comments": _("Comments"),
        "filed_ideas": _("Ideas filed in a cluster"),
        "coverage": _("Share of ideas covered by a statement"),
        "phases": _("Phases"),
        "phase": _("Phase"),
        "starts_at": _("Begins"),
        "ends_at": _("Ends"),
        "open_end": _("open"),
        "principles": _("Principles"),
        "principle": _("Principle"),
    }


def _structure() -> dict[str, str]:
    return {
        "notes": _("Notes"),
        "statements": _("Statements"),
        "statement": _("Statement"),
        "reasoning": _("Reasoning"),
        "department": _("Responsible department"),
        "quotes": _("In the words of residents"),
        "objections": _("What speaks against it"),
        "clusters": _("Theme clusters"),
        "bundle": _("Bundle"),
        "idea": _("Idea"),
        "used_in": _("Used in statement"),
        "annex": _("Annex: list of ideas"),
    }


def _assessments() -> dict[str, str]:
    return {
        "criterion": _("Criterion or value"),
        "verdict": _("Verdict"),
        "reason": _("Reason"),
        "earlier_wording": _("About an earlier wording"),
        "yes": _("yes"),
    }


def _columns() -> dict[str, str]:
    return {
        "number": _("No."),
        "title": _("Title"),
        "district": _("District"),
        "field": _("Field of action"),
        "agree": _("Agree"),
        "unsure": _("Unsure"),
        "disagree": _("Disagree"),
        "people": _("People"),
        "ideas_count": _("Number of ideas"),
        "url": _("Address"),
        "answer": _("Answer of the city"),
    }


def _sentences() -> dict[str, str]:
    return {
        "hidden": _("hidden"),
        "shortened": _("[shortened]"),
        "people_note": _("Each person is counted once, however many of the ideas they voted on."),
        "votes_note": _("The figures of a theme add up the votes on those of its ideas on which enough people voted."),
        "excerpt_note": _(
            "Long texts of residents are shortened here; the workbook of this export holds them in full."
        ),
        "cluster_rest": _("Shown: {shown} of {total} ideas. The workbook of this export lists all of them."),
        "annex_rest": _("Shown: {shown} of {total} ideas. The workbook of this export lists all of them."),
        "missing_characters": _("\ufffd stands for characters this file cannot show; the other formats hold them."),
        "no_statements": _("No statement has been written yet."),
        "no_clusters": _("No cluster has been created yet."),
        "no_ideas": _("No idea has been filed here yet."),
    }
