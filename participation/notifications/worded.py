"""Titles in the inbox in the language of whoever reads it; what somebody wrote themselves stays as it was written."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from participation.browse.translations import shown_here
from participation.listings.translated import title_in, written_idea
from participation.notifications.matters import Matter


def matters_here(session: Session, matters: Iterable[Matter]) -> Sequence[Matter]:
    """Return matters with the titles that the page being read shows, in their order; one query at most."""
    listed = list(matters)
    others = {matter.idea for matter in listed if matter.idea and matter.idea.account_id != matter.entry.account_id}
    shown = shown_here(session, (written_idea(idea.id, idea.language) for idea in others))

    def worded(matter: Matter) -> Matter:
        idea = matter.idea
        if idea is None or idea not in others:
            return matter
        title = title_in(shown, idea.id, idea.title, idea.language)
        return replace(matter, idea=replace(idea, title=title.text, language=title.language))

    return [worded(matter) for matter in listed] if shown else listed
