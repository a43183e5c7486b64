"""Residents' texts in the language of whoever reads: which wordings stand in the place of which originals."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.multilingual import Phrase, language_name, same_language
from participation.multilingual import gettext as _
from participation.wordings.queries import ShownWording, Subject, shown_in, shown_in_each

ShownWordings = Mapping[Subject, ShownWording]
"""The wordings that are shown instead of originals, by contribution."""

ORIGINALS: ShownWordings = MappingProxyType({})
"""Every text as it was written."""


class Written(NamedTuple):
    """A contribution on a page: in which language it was written, and which revision of it is shown.

    Without a ``revision`` the wording of whatever it says at this moment is meant: for titles that lead to the text.
    """

    kind: SubjectKind
    id: int
    language: str
    revision: int | None = None


def written_idea(idea_id: int, language: str, revision: int | None = None) -> Written:
    """Return an idea as it is asked for."""
    return Written(SubjectKind.IDEA, idea_id, language, revision)


def is_foreign(language: str, reader: str) -> bool:
    """Return whether a text in ``language`` is in another one than readers of ``reader`` read."""
    return not same_language(language, reader)


def wordings_for(session: Session, language: str, written: Iterable[Written]) -> ShownWordings:
    """Return what readers of ``language`` are shown instead of originals; no query where nothing is foreign."""
    return shown_in(session, _foreign(written, language), language)


def wordings_for_each(session: Session, written: Mapping[str, Iterable[Written]]) -> Mapping[str, ShownWordings]:
    """Return what readers of each language are shown instead of what they are given, with one query for all."""
    return shown_in_each(session, {language: _foreign(some, language) for language, some in written.items()})


def _foreign(written: Iterable[Written], reader: str) -> dict[Subject, int | None]:
    return {(one.kind, one.id): one.revision for one in written if is_foreign(one.language, reader)}


def title_in(shown: ShownWordings, idea_id: int, title: str, language: str) -> Phrase:
    """Return what an idea is called where ``shown`` is shown: in its wording, or as its author called it."""
    wording = shown.get((SubjectKind.IDEA, idea_id))
    return Phrase(wording.title, wording.language) if wording else Phrase(title, language)


def text_in(shown: ShownWordings, kind: SubjectKind, number: int, text: str, language: str) -> Phrase:
    """Return what a contribution says where ``shown`` is shown: in its wording, or as it was written."""
    wording = shown.get((kind, number))
    return Phrase(wording.text, wording.language) if wording else Phrase(text, language)


def label_in(wording: ShownWording | None, language: str) -> str:
    """Return in a few words how a text came into ``language``, which is being spoken; nothing for an original."""
    if wording is None:
        return ""
    name = language_name(wording.source_language, shown_in=language)
    if wording.is_machine:
        return _("machine translation, original: %(language)s", language=name)
    return _("translated by people, original: %(language)s", language=name)


def standing_in(wording: ShownWording | None, written: str, language: str) -> str:
    """Return what readers of ``language`` are told of a text that was ``written`` in another one.

    That is how it was translated, or what the language is called that it stands in; nothing for their own.
    """
    if wording is None and is_foreign(written, language):
        return language_name(written, shown_in=language)
    return label_in(wording, language)
