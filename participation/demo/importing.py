"""A column mapping that staff of the demo saved: the table in which a survey on paper arrives every spring."""

from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.intake.choices import Choices
from participation.intake.models import IntakeKind
from participation.intake.service import save_mapping

NAME = "Fragebogen im Bürgerdienst"
COLUMNS = {"title": ["Worum geht es?"], "text": ["Ihre Idee"], "id": ["Bogen"], "created": ["Abgegeben am"]}


def save_demo_mapping(session: Session, *, account_id: int, now: datetime) -> None:
    """Save the mapping; everything it brings waits for moderators."""
    staff = Actor(account_id, grants=frozenset({(Role.STAFF, None)}))
    choices = Choices(COLUMNS, waits=True)
    save_mapping(session, staff, name=NAME, kind=IntakeKind.IDEAS, origin="", columns=choices.stored(), now=now)
