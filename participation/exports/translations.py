"""Residents' texts in other languages as rows of an export, and ideas in the language of the document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.exports.document import InLanguage, TranslationRow
from participation.exports.wording import Words
from participation.ideas.addenda import AddendumView
from participation.listings.translated import ShownWordings, Written, text_in, wordings_for, written_idea
from participation.multilingual import base_language
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.providers.registry import title_of
from participation.wordings.subjects import is_public_text

BATCH = 500


def translation_rows(session: Session, process_id: int, said: Words) -> Iterator[TranslationRow]:
    """Yield the wordings that readers are shown now, by idea and then in the order in which they were made."""
    after = (0, 0)
    while batch := session.scalars(_next(process_id, after)).all():
        for one in batch:
            yield TranslationRow(
                id=str(one.id),
                kind=said.kinds[one.subject_kind],
                kind_code=one.subject_kind.value,
                about_id=str(one.subject_id),
                idea_id=str(one.idea_id),
                language=one.language,
                from_language=one.source_language,
                origin=said.origins[one.origin],
                origin_code=one.origin.value,
                provider=title_of(one.provider) if one.origin is Origin.MACHINE else "",
                revision=one.revision,
                title=one.title,
                text=one.text,
            )
        after = (batch[-1].idea_id, batch[-1].id)
        session.expunge_all()


def translations_in(session: Session, process_id: int) -> int:
    """Return how many rows that will be."""
    return session.scalar(select(func.count(Wording.id)).where(*_shown(process_id))) or 0


def has_translations(session: Session, process_id: int, language: str) -> bool:
    """Return whether an idea of the process is shown in ``language`` although it was written in another one."""
    wanted = select(Wording.id).where(
        *_shown(process_id), Wording.language == base_language(language), Wording.subject_kind == SubjectKind.IDEA
    )
    return session.scalar(wanted.limit(1)) is not None


class Translated:
    """The ideas of one batch in the language of the document, where they were written in another one."""

    def __init__(
        self,
        session: Session,
        language: str,
        ideas: Iterable[tuple[int, str, int]],
        addenda: Mapping[int, Sequence[AddendumView]],
        said: Words,
    ) -> None:
        """Look up ``ideas``, each by its number, language and revision, and what was added below: one query at most."""
        below = (
            Written(SubjectKind.ADDENDUM, one.id, one.language, one.revision)
            for added in addenda.values()
            for one in added
        )
        written = [written_idea(*idea) for idea in ideas]
        self._said = said
        self._addenda = addenda
        self._shown: ShownWordings = wordings_for(session, language, [*written, *below])

    def of(self, idea_id: int) -> InLanguage | None:
        """Return the idea in the language of the document with a word on how it came there; ``None`` without any."""
        wording = self._shown.get((SubjectKind.IDEA, idea_id))
        if wording is None:
            return None
        said = self._said
        added = (
            said.below(one, text_in(self._shown, SubjectKind.ADDENDUM, one.id, one.text, one.language).text)
            for one in self._addenda.get(idea_id, ())
        )
        provider = title_of(wording.provider) if wording.is_machine else ""
        return InLanguage(
            title=wording.title,
            text="\n\n".join((wording.text, *added)),
            language=wording.language,
            note=said.translated(wording.source_language, provider),
            origin_code=wording.origin.value,
            provider=provider,
        )


def _shown(process_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Wording.process_id == process_id, Wording.state == WordingState.SHOWN, is_public_text(Wording))


def _next(process_id: int, after: tuple[int, int]) -> Select[*tuple[Any, ...]]:
    place = tuple_(Wording.idea_id, Wording.id)
    wanted = select(Wording).where(*_shown(process_id), place > after)
    return wanted.order_by(Wording.idea_id, Wording.id).limit(BATCH)
