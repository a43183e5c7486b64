"""In plain words: whether opinion groups stay as they are when some of the votes are left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from participation.browse.opinion_shares import IdeaLink, Ideas
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import number
from participation.opinions.results import GroupResult, Robustness, Variant
from participation.opinions.wording import letter_of, robustness_words

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """The result without some of the votes: what was left out, what came of it, and the figures behind the words.

    Of the ideas that are ``lost`` and ``new`` among what all groups share, the first few are named.
    """

    title: str
    left_out: str
    outcome: str
    stable: bool
    tried: bool
    lost: tuple[IdeaLink, ...]
    more_lost: int
    new: tuple[IdeaLink, ...]
    more_new: int
    people: str
    groups: str
    agreement: str
    kept: str


@dataclass(frozen=True, slots=True)
class RobustnessPart:
    """Whether the result holds: one sentence over everything, and each trial."""

    stable: bool
    verdict: str
    trials: tuple[Trial, ...]


def robustness_part(robustness: Robustness, result: GroupResult, ideas: Ideas) -> RobustnessPart:
    """Return the robustness of a result in words; ideas that are not in ``ideas`` are counted, not named."""
    trials = tuple(_trial(variant, result, ideas) for variant in robustness.variants)
    return RobustnessPart(robustness.stable, robustness_words(robustness), trials)


def idea_ids_in(robustness: Robustness) -> set[int]:
    """Return the ideas that the words may name."""
    return {
        idea_id
        for variant in robustness.variants
        for idea_id in (*variant.lost[:MOST_NAMED], *variant.new[:MOST_NAMED])
    }


def _trial(variant: Variant, result: GroupResult, ideas: Ideas) -> Trial:
    is_tried = variant.left_out != 0
    shared = len(variant.kept) + len(variant.lost)
    return Trial(
        title=_title(variant),
        left_out=_left_out(variant),
        outcome=_outcome(variant, result) if is_tried else "",
        stable=variant.stable,
        tried=is_tried,
        lost=_named(variant.lost, ideas),
        more_lost=max(0, len(variant.lost) - MOST_NAMED),
        new=_named(variant.new, ideas),
        more_new=max(0, len(variant.new) - MOST_NAMED),
        people=_people(variant.left_out),
        groups=number(variant.k),
        agreement=number(round(variant.agreement, 2)) if is_tried and variant.k > 1 else "–",
        kept=_("%(kept)s of %(all)s", kept=number(len(variant.kept)), all=number(shared)) if shared else "–",
    )


def _named(idea_ids: Sequence[int], ideas: Ideas) -> tuple[IdeaLink, ...]:
    return tuple(ideas[idea_id] for idea_id in idea_ids[:MOST_NAMED] if idea_id in ideas)


def _title(variant: Variant) -> str:
    if variant.code == "without_group":
        return _("Without group %(letter)s", letter=letter_of(variant.group or 0))
    titles: Mapping[str, Callable[[], str]] = {
        "late_bursts": lambda: _("Without sudden bursts of votes late in the process"),
        "new_accounts": lambda: _("Without people whose account was brand new when they voted"),
        "identical_votes": lambda: _("Without copies: of people with exactly the same votes only one counts"),
    }
    return titles[variant.code]()


def _left_out(variant: Variant) -> str:
    if variant.left_out == 0:
        return _("There was nobody to leave out.")
    if variant.left_out is None:
        return _("Fewer than 10 people are left out.")
    return ngettext("%(num)s person is left out.", "%(num)s people are left out.", variant.left_out)


def _people(left_out: int | None) -> str:
    return _("1 to 9") if left_out is None else number(left_out)


def _outcome(variant: Variant, result: GroupResult) -> str:
    if variant.stable:
        return _("Nothing of weight changes.")
    sentences: Mapping[str, Callable[[], str]] = {
        "no_groups": lambda: _("No groups could be told apart any more."),
        "number_of_groups": lambda: ngettext(
            "There would be %(num)s group instead of %(all)s.",
            "There would be %(num)s groups instead of %(all)s.",
            variant.k,
            all=number(len(result.groups)),
        ),
        "groups_differ": lambda: _("The others would be put together in other groups."),
        "consensus_differs": lambda: _("All groups would share other ideas."),
    }
    return " ".join(sentences[reason]() for reason in variant.reasons)
