"""Legal texts of the demo: rules of one process in two versions, to which everybody has agreed."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.demo.content import legal_content
from participation.demo.timeline import Timeline
from participation.kit.dialect import insert_missing
from participation.legal.models import Consent, LegalKind
from participation.legal.service import Wording, publish_draft, save_draft
from participation.processes.queries import process_id_by_slug


def publish_texts(session: Session, people: Mapping[str, int], timeline: Timeline) -> None:
    """Publish the versions, each on its day, and let everybody agree a little later."""
    for entry in legal_content():
        kind, at = LegalKind(entry["kind"]), timeline.day(entry["day"])
        process_id = process_id_by_slug(session, entry["process"]) if "process" in entry else None
        wording = Wording(entry["text"], entry["changes"], asks_consent=False)
        draft = save_draft(session, SYSTEM, kind=kind, process_id=process_id, wording=wording, seen="", now=at)
        seen = draft.written_at.isoformat()
        version = publish_draft(session, SYSTEM, kind=kind, process_id=process_id, seen=seen, now=at)
        agreed = timeline.past(timeline.day(entry["day"] + 1))
        rows = [{"account_id": one, "legal_text_id": version.id, "given_at": agreed} for one in people.values()]
        insert_missing(session, Consent, rows, key=["account_id", "legal_text_id"])
