"""The breaks that provenance can have, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class BreakKind(Enum):
    """What can be wrong in the chain.

    Statements and their sign-offs: ``public-without-source`` (it rests on no theme), ``public-without-sign-off``,
    ``signed-by-writer`` (no second person), ``sign-off-without-revision``, ``revision-without-sign-off``,
    ``digest-broken`` (content, basis or the revision signed before are not what was signed), ``differs-from-signed``
    (what holds is not the revision that was signed off last).

    What they rest on: ``source-removed`` and ``source-elsewhere`` (the theme is gone, or of another process),
    ``basis-of-other-themes`` and ``basis-empty`` (what was signed rests on other themes, or on no idea),
    ``basis-idea-elsewhere`` (missing, or of another process), ``basis-idea-vanished`` (the idea left its theme and no
    change of the board says so), ``basis-revision-unknown`` (nobody ever read that revision of the idea),
    ``basis-figures-impossible`` (people or ideas that cannot add up).

    Quotes and lost sources: ``quote-differs`` (other words than the original), ``quote-of-hidden`` (the original is not
    public), ``quote-outside-sources``, ``loss-without-tombstone``, ``loss-without-reopening``,
    ``tombstone-without-loss``.

    The board: ``filing-elsewhere`` (idea missing, or theme and idea of two processes), ``filing-in-removed-theme``,
    ``filing-unlike-history`` (no change of the board says so, or one says something else),
    ``history-without-filing``, ``history-gap`` (numbers missing), ``board-behind-history`` (the version is not the
    number of the latest change), ``undo-of-nothing``, ``suggestion-without-person`` (nobody filed it).

    Bundles: ``bundle-elsewhere`` (a member is missing or of another process), ``idea-in-two-bundles``,
    ``ended-bundle-with-members``.

    Votes: ``tally-differs`` (the figures of an idea are not what its votes add up to), ``log-differs`` (what was
    released does not fit; only where that is asked for).

    What the city does: ``answer-elsewhere``, ``answer-to-unpublished``, ``referral-elsewhere``,
    ``referral-without-answer``, ``measure-elsewhere``, ``measure-after-refusal``, ``measure-unlike-steps``.

    The rest: ``assessment-elsewhere`` (criterion or value of another framework), ``assessment-of-unknown-revision``,
    ``document-of-unsigned``, ``document-gap``, ``document-behind`` (the newest version is not what holds).
    """

    PUBLIC_WITHOUT_SOURCE = "public-without-source"
    PUBLIC_WITHOUT_SIGN_OFF = "public-without-sign-off"
    SIGNED_BY_WRITER = "signed-by-writer"
    SIGN_OFF_WITHOUT_REVISION = "sign-off-without-revision"
    REVISION_WITHOUT_SIGN_OFF = "revision-without-sign-off"
    DIGEST_BROKEN = "digest-broken"
    DIFFERS_FROM_SIGNED = "differs-from-signed"
    SOURCE_REMOVED = "source-removed"
    SOURCE_ELSEWHERE = "source-elsewhere"
    BASIS_OF_OTHER_THEMES = "basis-of-other-themes"
    BASIS_EMPTY = "basis-empty"
    BASIS_IDEA_ELSEWHERE = "basis-idea-elsewhere"
    BASIS_IDEA_VANISHED = "basis-idea-vanished"
    BASIS_REVISION_UNKNOWN = "basis-revision-unknown"
    BASIS_FIGURES_IMPOSSIBLE = "basis-figures-impossible"
    QUOTE_DIFFERS = "quote-differs"
    QUOTE_OF_HIDDEN = "quote-of-hidden"
    QUOTE_OUTSIDE_SOURCES = "quote-outside-sources"
    LOSS_WITHOUT_TOMBSTONE = "loss-without-tombstone"
    LOSS_WITHOUT_REOPENING = "loss-without-reopening"
    TOMBSTONE_WITHOUT_LOSS = "tombstone-without-loss"
    FILING_ELSEWHERE = "filing-elsewhere"
    FILING_IN_REMOVED_THEME = "filing-in-removed-theme"
    FILING_UNLIKE_HISTORY = "filing-unlike-history"
    HISTORY_WITHOUT_FILING = "history-without-filing"
    HISTORY_GAP = "history-gap"
    BOARD_BEHIND_HISTORY = "board-behind-history"
    UNDO_OF_NOTHING = "undo-of-nothing"
    SUGGESTION_WITHOUT_PERSON = "suggestion-without-person"
    BUNDLE_ELSEWHERE = "bundle-elsewhere"
    IDEA_IN_TWO_BUNDLES = "idea-in-two-bundles"
    ENDED_BUNDLE_WITH_MEMBERS = "ended-bundle-with-members"
    TALLY_DIFFERS = "tally-differs"
    LOG_DIFFERS = "log-differs"
    ANSWER_ELSEWHERE = "answer-elsewhere"
    ANSWER_TO_UNPUBLISHED = "answer-to-unpublished"
    REFERRAL_ELSEWHERE = "referral-elsewhere"
    REFERRAL_WITHOUT_ANSWER = "referral-without-answer"
    MEASURE_ELSEWHERE = "measure-elsewhere"
    MEASURE_AFTER_REFUSAL = "measure-after-refusal"
    MEASURE_UNLIKE_STEPS = "measure-unlike-steps"
    ASSESSMENT_ELSEWHERE = "assessment-elsewhere"
    ASSESSMENT_OF_UNKNOWN_REVISION = "assessment-of-unknown-revision"
    DOCUMENT_OF_UNSIGNED = "document-of-unsigned"
    DOCUMENT_GAP = "document-gap"
    DOCUMENT_BEHIND = "document-behind"


@dataclass(frozen=True, slots=True)
class Break:
    """One break: its kind, the numbers of what it is about by name, and what is wrong as the rest of a sentence."""

    kind: BreakKind
    about: Mapping[str, int] = field(hash=False)
    says: str

    @property
    def sentence(self) -> str:
        """The break in one line, beginning with what it is about."""
        return f"{', '.join(f'{name} {number}' for name, number in self.about.items())}: {self.says}"
