"""Translations beside what the team reads: originals stay, for they are what is decided about and filed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.listings.translated import Written, wordings_for, written_idea
from participation.moderation.queue.items import QueueItem
from participation.moderation.queue.listing import QueueGroup


def with_translations(session: Session, items: Sequence[QueueItem], language: str) -> tuple[QueueItem, ...]:
    """Return cases with the wordings that readers of ``language`` are shown; of what is not public there are none.

    One query at most.
    """
    shown = wordings_for(session, language, _written(items))
    return tuple(
        replace(
            item,
            shown=shown.get((item.subject_kind, item.subject_id)),
            idea_shown=shown.get((SubjectKind.IDEA, item.idea_id)),
        )
        for item in items
    )


def groups_with_translations(session: Session, groups: Sequence[QueueGroup], language: str) -> tuple[QueueGroup, ...]:
    """Return groups of cases as ``with_translations`` returns cases, with one query at most for all of them."""
    worded = iter(with_translations(session, [item for group in groups for item in group.items], language))
    return tuple(replace(group, items=tuple(next(worded) for _item in group.items)) for group in groups)


def _written(items: Iterable[QueueItem]) -> Iterator[Written]:
    for item in items:
        if item.is_public:
            yield Written(item.subject_kind, item.subject_id, item.language)
            yield written_idea(item.idea_id, item.idea_language)
