"""What others wrote in the language of whoever reads of it: in the inbox, in letters and in digests.

What somebody wrote themselves stays as it was written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flask import g
from sqlalchemy.orm import Session

from participation.browse.translations import shown_here
from participation.cases.models import SubjectKind
from participation.listings.translated import (
    ShownWordings,
    Written,
    standing_in,
    text_in,
    title_in,
    wordings_for_each,
    written_idea,
)
from participation.multilingual import in_language
from participation.notifications.matters import CommentFact, IdeaLine, Matter


def matters_here(session: Session, matters: Iterable[Matter]) -> Sequence[Matter]:
    """Return matters with the words that the page being read shows, in their order; one query at most."""
    listed = list(matters)
    return _worded(listed, shown_here(session, _by_others(listed)), g.language)


def matters_for(session: Session, matters: Iterable[Matter], languages: Mapping[int, str]) -> Sequence[Matter]:
    """Return matters as whoever is told of them reads them, in their order; one query at most.

    ``languages`` says what each account reads.
    """
    listed = list(matters)
    own: dict[str, list[Matter]] = {}
    for matter in listed:
        own.setdefault(languages[matter.entry.account_id], []).append(matter)
    shown = wordings_for_each(session, {language: _by_others(some) for language, some in own.items()})
    worded = {
        matter.entry.id: matter for language, some in own.items() for matter in _worded(some, shown[language], language)
    }
    return [worded[matter.entry.id] for matter in listed]


def _by_others(matters: Iterable[Matter]) -> Iterator[Written]:
    """Yield what readers of these entries did not write themselves."""
    for matter in matters:
        if matter.idea and not _is_own(matter, matter.idea):
            yield written_idea(matter.idea.id, matter.idea.language)
        if isinstance(matter.fact, CommentFact):
            yield Written(SubjectKind.COMMENT, matter.fact.id, matter.fact.language)


def _worded(matters: Sequence[Matter], shown: ShownWordings, language: str) -> list[Matter]:
    with in_language(language):
        return [_in_words(matter, shown, language) for matter in matters]


def _in_words(matter: Matter, shown: ShownWordings, language: str) -> Matter:
    idea, fact = matter.idea, matter.fact
    if idea and not _is_own(matter, idea):
        title = title_in(shown, idea.id, idea.title, idea.language)
        note = standing_in(shown.get((SubjectKind.IDEA, idea.id)), idea.language, language)
        idea = replace(idea, title=title.text, language=title.language, note=note)
    if isinstance(fact, CommentFact):
        said = text_in(shown, SubjectKind.COMMENT, fact.id, fact.text, fact.language)
        note = standing_in(shown.get((SubjectKind.COMMENT, fact.id)), fact.language, language)
        fact = replace(fact, text=said.text, language=said.language, note=note)
    return replace(matter, idea=idea, fact=fact)


def _is_own(matter: Matter, idea: IdeaLine) -> bool:
    return idea.account_id == matter.entry.account_id
