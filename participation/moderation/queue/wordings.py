"""Suggested wordings as moderators see them: beside the wording that readers are shown so far."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from participation.multilingual import direction
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.texts.differences import Piece, differences
from participation.wordings.checking import Source, problem_with
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.providers.registry import title_of
from participation.wordings.subjects import is_public_text

HINTS: Mapping[str, Any] = {
    "length": _l("It is far shorter or far longer than the original."),
    "control": _l("It holds characters that cannot be seen."),
    "markup": _l("It holds markup that the original does not have."),
    "link": _l("It holds a link, an address or a number that the original does not have."),
    "copy": _l("It is the original itself."),
    "language": _l("It seems to be in another language than it should be."),
}
"""What moderators are told about what looks odd, by the codes of ``wordings.checking``."""


@dataclass(frozen=True, slots=True)
class WordingSeen:
    """A wording, and what readers of its language see instead so far, if anything.

    ``pseudonym`` is who suggested it, if anybody; ``fits`` says that it belongs to the text as everybody can read it
    now. ``provider`` is what the machine is called that made what is shown.
    """

    id: int
    source_language: str
    language: str
    state: WordingState
    origin: Origin
    title: str
    text: str
    pseudonym: str
    made_at: datetime
    reason: str
    fits: bool
    shown_id: int | None
    shown_title: str
    shown_text: str
    shown_by_machine: bool
    provider: str

    @property
    def dir(self) -> str:
        """The direction in which its language is written."""
        return direction(self.language)

    @property
    def waits(self) -> bool:
        """Whether it has not been decided on."""
        return self.state is WordingState.WAITING

    @property
    def title_changes(self) -> tuple[Piece, ...]:
        """What it changes in the title that is shown; empty where that stays or nothing is shown."""
        return differences(self.shown_title, self.title) if self._compares and self.shown_title != self.title else ()

    @property
    def text_changes(self) -> tuple[Piece, ...]:
        """What it changes in the text that is shown; empty where that stays or nothing is shown."""
        return differences(self.shown_text, self.text) if self._compares and self.shown_text != self.text else ()

    def hint(self, title: str, text: str) -> str:
        """Return what looks odd about it beside the original, for instance a link that is not there; else nothing."""
        source = Source(title, text, self.source_language, self.language)
        code = problem_with(source, self.title, self.text, ())
        return str(HINTS.get(code, "")) if code else ""

    @property
    def _compares(self) -> bool:
        return self.shown_id is not None and self.shown_id != self.id


def wordings_seen(session: Session, wording_ids: Collection[int]) -> dict[int, WordingSeen]:
    """Return these wordings by their ids, in one statement; none where there are no ids."""
    if not wording_ids:
        return {}
    shown = aliased(Wording)
    same = and_(
        shown.subject_kind == Wording.subject_kind,
        shown.subject_id == Wording.subject_id,
        shown.revision == Wording.revision,
        shown.language == Wording.language,
        shown.state == WordingState.SHOWN,
    )
    rows = session.execute(
        select(Wording, shown, Participant.pseudonym, is_public_text(Wording))
        .outerjoin(shown, same)
        .outerjoin(Participant, Participant.id == Wording.participant_id)
        .where(Wording.id.in_(list(wording_ids)))
    )
    return {wording.id: _seen(wording, now, pseudonym or "", fits=fits) for wording, now, pseudonym, fits in rows}


def _seen(wording: Wording, shown: Wording | None, pseudonym: str, *, fits: bool) -> WordingSeen:
    by_machine = shown is not None and shown.origin is Origin.MACHINE
    return WordingSeen(
        id=wording.id,
        source_language=wording.source_language,
        language=wording.language,
        state=wording.state,
        origin=wording.origin,
        title=wording.title,
        text=wording.text,
        pseudonym=pseudonym,
        made_at=wording.made_at,
        reason=wording.reason,
        fits=bool(fits),
        shown_id=shown.id if shown else None,
        shown_title=shown.title if shown else "",
        shown_text=shown.text if shown else "",
        shown_by_machine=by_machine,
        provider=title_of(shown.provider) if shown and by_machine else "",
    )
