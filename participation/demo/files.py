"""Files that staff of the demo asked for: the worker writes them when the demo starts."""

from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.processes.queries import grants_of

ASKED_FOR = ("xlsx", "pdf")


def ask_for_files(session: Session, *, process_id: int, account_id: int, language: str, now: datetime) -> None:
    """Put a workbook and a paper for the council of a process into the queue, as somebody of its staff."""
    # Typesetting and spreadsheets are slow to load.
    from participation.exports.service import request_export

    actor = Actor(account_id, grants=grants_of(session, account_id))
    for file_format in ASKED_FOR:
        request_export(session, actor, process_id=process_id, file_format=file_format, language=language, now=now)
