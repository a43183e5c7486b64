"""Ideas that somebody reacted to, on the pages for themselves: by their titles in the reader's language.

What they wrote themselves stays there as they wrote it.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from participation.browse.translations import shown_here
from participation.listings.own import OwnReaction
from participation.listings.translated import title_in, written_idea
from participation.tallies.queries import OwnLoggedVote


def reactions_here(session: Session, reactions: Sequence[OwnReaction]) -> Sequence[OwnReaction]:
    """Return reactions with the titles that the page being read shows, in their order."""
    others = {one.idea_id: one.language for one in reactions if one.title and not one.on_own_idea}
    shown = shown_here(session, (written_idea(*idea) for idea in others.items()))

    def worded(one: OwnReaction) -> OwnReaction:
        title = title_in(shown, one.idea_id, one.title, one.language)
        return replace(one, title=title.text, language=title.language)

    return [worded(one) for one in reactions] if shown else reactions


def votes_here(session: Session, votes: Sequence[OwnLoggedVote]) -> Sequence[OwnLoggedVote]:
    """Return votes with the titles that the page being read shows, in their order."""
    others = {one.vote.idea_id: one.idea_language for one in votes if one.idea_title}
    shown = shown_here(session, (written_idea(*idea) for idea in others.items()))

    def worded(one: OwnLoggedVote) -> OwnLoggedVote:
        title = title_in(shown, one.vote.idea_id, one.idea_title, one.idea_language)
        return replace(one, idea_title=title.text, idea_language=title.language)

    return [worded(one) for one in votes] if shown else votes
