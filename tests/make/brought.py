"""Builders of files that staff brought in, and of the column mappings they saved."""

import io
import secrets
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.intake import uploads
from participation.intake.choices import Choices
from participation.intake.models import IntakeKind
from participation.intake.report import ImportReport
from participation.intake.service import add_upload, finish_run, save_mapping, start_run
from participation.kit import clock
from tests.make.places import Place, account


def intake_run(
    session: Session, place: Place, by: int | None = None, *, report: ImportReport | None = None, is_trial: bool = False
) -> str:
    """Return under which address an import is found that is done; its file has gone."""
    who = by or account(session)
    actor, public_id = _staff(who), secrets.token_urlsafe(24)
    add_upload(
        session,
        actor,
        process_id=place.id,
        public_id=public_id,
        file_name="wishes.csv",
        size_bytes=2_000,
        sha256="0" * 64,
        kind=IntakeKind.IDEAS,
        origin="",
        choices=_columns(),
        now=clock.now(),
    )
    run = start_run(
        session,
        actor,
        process_id=place.id,
        public_id=public_id,
        kind=IntakeKind.IDEAS,
        choices=_columns(),
        all_or_nothing=False,
        is_trial=is_trial,
        now=clock.now(),
    )
    finish_run(session, run_id=run.id, report=(report or _report()).stored(), now=clock.now())
    return public_id


def open_upload(session: Session, place: Place, by: int | None = None) -> str:
    """Return under which address an import is found whose file waits for somebody to say what its columns hold."""
    who = by or account(session)
    kept = uploads.keep(io.BytesIO(b"Title;1\n7;8\n"), "wishes.csv")
    add_upload(
        session,
        _staff(who),
        process_id=place.id,
        public_id=kept.public_id,
        file_name=kept.file_name,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        kind=IntakeKind.IDEAS,
        origin="",
        choices=_columns(),
        now=clock.now(),
    )
    return kept.public_id


def column_mapping(session: Session, by: int | None = None, *, name: str = "Survey") -> int:
    """Return the id of a saved mapping for ideas whose titles stand in the column Title."""
    who = by or account(session)
    mapping = save_mapping(
        session, _staff(who), name=name, kind=IntakeKind.IDEAS, origin="", columns=_columns(), now=clock.now()
    )
    return mapping.id


def _staff(account_id: int) -> Actor:
    return Actor(account_id, grants=frozenset({(Role.STAFF, None)}))


def _columns() -> dict[str, Any]:
    return Choices({"title": ["Title"]}).stored()


def _report() -> ImportReport:
    report = ImportReport(source="CSV", read=3, added=1, present=1)
    report.refuse(4, "has neither a title nor a text")
    return report
