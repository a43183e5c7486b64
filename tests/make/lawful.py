"""Builders of legal texts: published versions, and who agreed to them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.kit.schema import Translated
from participation.legal.models import Consent, LegalKind, LegalText
from tests.make.places import Place


def legal_text(
    session: Session,
    place: Place | None = None,
    *,
    kind: LegalKind = LegalKind.RULES,
    text: Translated | None = None,
    changes: Translated | None = None,
    asks_consent: bool = False,
) -> int:
    """Return the id of the next version of a text of a process, or (without one) of what holds everywhere."""
    here = LegalText.process_id == place.id if place else LegalText.process_id.is_(None)
    last = session.scalar(select(func.max(LegalText.number)).where(LegalText.kind == kind, here)) or 0
    now = clock.now()
    version = LegalText(
        kind=kind,
        process_id=place.id if place else None,
        number=last + 1,
        text=text or {"de": f"## Fassung\n\nFassung {last + 1}.", "en": f"## Wording\n\nWording {last + 1}."},
        changes=changes or {},
        asks_consent=asks_consent,
        written_at=now,
        published_at=now,
    )
    session.add(version)
    session.flush()
    return version.id


def legal_draft(
    session: Session,
    place: Place | None = None,
    *,
    kind: LegalKind = LegalKind.RULES,
    text: Translated | None = None,
    asks_consent: bool = False,
) -> int:
    """Return the id of the draft of the next version of a text."""
    draft = LegalText(
        kind=kind,
        process_id=place.id if place else None,
        text=text or {"de": "Entwurf", "en": "Draft"},
        changes={},
        asks_consent=asks_consent,
        written_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    return draft.id


def consent(session: Session, account_id: int, legal_text_id: int) -> None:
    """Let an account agree to a version."""
    session.add(Consent(account_id=account_id, legal_text_id=legal_text_id, given_at=clock.now()))
    session.flush()
