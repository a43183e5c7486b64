"""Which wordings a search may find ideas by: those that are shown; ``ideas.search`` holds the words."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.ideas.models import WordingSearch
from participation.ideas.search import ShownWords, drop_wordings, index_wordings
from participation.wordings.models import Wording, WordingState

SEARCHED = (SubjectKind.IDEA, SubjectKind.ADDENDUM)
"""A search looks for ideas: wordings of comments are not among what it finds them by."""


def find_by(session: Session, wordings: Iterable[Wording]) -> None:
    """Let readers find ideas by ``wordings``, which are shown from now on."""
    index_wordings(session, [_words_of(one) for one in wordings if one.subject_kind in SEARCHED])


def find_no_more_by(session: Session, wordings: Iterable[Wording]) -> None:
    """Let nobody find ideas by ``wordings`` any more; call it in the transaction that stops showing them."""
    drop_wordings(session, [one.id for one in wordings if one.subject_kind in SEARCHED])


def to_index(
    session: Session, *, after: int, most: int, process_id: int | None = None, missing: bool = False
) -> list[int]:
    """Return the next shown wordings to index, at most ``most``, with ids above ``after``.

    ``missing`` leaves out those that the search knows; without ``process_id`` they are of all processes.
    """
    statement = select(Wording.id).where(
        Wording.id > after, Wording.state == WordingState.SHOWN, Wording.subject_kind.in_(SEARCHED)
    )
    if process_id is not None:
        statement = statement.where(Wording.process_id == process_id)
    if missing:
        known = select(WordingSearch.wording_id).where(WordingSearch.wording_id == Wording.id)
        statement = statement.where(~known.exists())
    return list(session.scalars(statement.order_by(Wording.id).limit(most)))


def index(session: Session, wording_ids: Collection[int]) -> None:
    """Write the index anew for these wordings, which are shown."""
    find_by(session, session.scalars(select(Wording).where(Wording.id.in_(wording_ids))))


def left_over(session: Session, *, most: int) -> list[int]:
    """Return numbers under which the search knows wordings that are not shown; there should be none."""
    shown = select(Wording.id).where(
        Wording.id == WordingSearch.wording_id,
        Wording.state == WordingState.SHOWN,
        Wording.language == WordingSearch.language,
        Wording.revision == WordingSearch.revision,
    )
    return list(session.scalars(select(WordingSearch.wording_id).where(~shown.exists()).limit(most)))


def forget_left_over(session: Session, *, most: int) -> int:
    """Drop what the search knows of wordings that are not shown; return how many there were, at most ``most``."""
    ids = left_over(session, most=most)
    drop_wordings(session, ids)
    return len(ids)


def _words_of(wording: Wording) -> ShownWords:
    return ShownWords(
        wording_id=wording.id,
        idea_id=wording.idea_id,
        addendum_id=wording.subject_id if wording.subject_kind is SubjectKind.ADDENDUM else None,
        revision=wording.revision,
        language=wording.language,
        title=wording.title,
        text=wording.text,
    )
