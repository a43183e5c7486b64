"""What pages and papers call opinion groups, and how they say shares of votes and whether a result holds."""

from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import number
from participation.opinions.results import Robustness, Share

LETTERS = "ABCDE"
HALF = 50


def letter_of(group: int) -> str:
    """Return the letter of a group; the largest is A."""
    return LETTERS[group]


def name_of(group: int) -> str:
    """Return what a group is called."""
    return _("Group %(letter)s", letter=letter_of(group))


def robustness_words(robustness: Robustness) -> str:
    """Return in one sentence or two whether a result holds without some of the votes."""
    tried = sum(variant.left_out != 0 for variant in robustness.variants)
    if not tried:
        return _("There was nothing that could have been left out: no bursts of votes, no brand-new accounts.")
    if robustness.stable:
        return _("Whatever was left out, groups and shared ideas stayed much the same. This result holds.")
    return ngettext(
        "In %(num)s of %(all)s trials the result came out differently. Do not build too much on it yet.",
        "In %(num)s of %(all)s trials the result came out differently. Do not build too much on it yet.",
        sum(not variant.stable for variant in robustness.variants),
        all=number(tried),
    )


def share_words(share: Share, *, agrees: bool) -> str:
    """Return a share as a few words: "85 % agree", "at least 85 % disagree"."""
    percent = number(share.percent)
    if share.percent == HALF and not share.exact:
        return _half(at_most=share.at_most, agrees=agrees)
    if share.exact:
        return _("%(share)s %% agree", share=percent) if agrees else _("%(share)s %% disagree", share=percent)
    if share.at_most:
        return (
            _("at most %(share)s %% agree", share=percent)
            if agrees
            else _("at most %(share)s %% disagree", share=percent)
        )
    return (
        _("at least %(share)s %% agree", share=percent)
        if agrees
        else _("at least %(share)s %% disagree", share=percent)
    )


def _half(*, at_most: bool, agrees: bool) -> str:
    if at_most:
        return _("at most half agree") if agrees else _("at most half disagree")
    return _("at least half agree") if agrees else _("at least half disagree")
