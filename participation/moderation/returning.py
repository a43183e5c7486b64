"""Where a moderator goes on from a form that does not settle what it was opened from: back to the same case."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import ValidationError

from participation.accounts.actor import Actor
from participation.cases.models import Case
from participation.kit.numbers import whole_number
from participation.moderation.queue.whereabouts import CASE, QUEUE, after_deciding, whereabouts_in
from participation.processes.outline import ProcessOutline
from participation.texts.shape import shown_again

IDEA = "idea"
PLACES = frozenset({QUEUE, CASE, IDEA, "", None})


class ReturnFields:
    """What such a form carries unseen: where the moderator came from, and the case that was open there."""

    back = HiddenField(filters=[shown_again])
    place = HiddenField(filters=[shown_again])
    case = HiddenField(filters=[shown_again])

    def validate_back(self, field: Any) -> None:
        """Refuse places that we do not know."""
        if field.data not in PLACES:
            raise ValidationError("back")

    @property
    def case_id(self) -> int | None:
        """The case that was open, if the form names one."""
        return whole_number(self.case.data)


def back_to_case(
    session: Session, actor: Actor, process: ProcessOutline, form: ReturnFields, *, now: datetime
) -> str | None:
    """Return where to go on in the queue, in the same transaction; ``None`` for a form from elsewhere.

    That is the same case, or the next one if it was closed by what the form did.
    """
    if form.back.data not in (QUEUE, CASE):
        return None
    case = session.get(Case, form.case_id) if form.case_id else None
    if case is None or case.process_id != process.id or case.closed_at is not None:
        back, place = form.back.data, form.place.data
        return after_deciding(session, actor, process, back=back, place=place, case_id=form.case_id, now=now)
    where = whereabouts_in(session, process, form.place.data)
    return where.case_url(case.id) if form.back.data == CASE else where.queue_url(case.id)
