"""Where in the queue somebody works: the filter and the page, as forms carry them, and where to go on from there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import Case
from participation.moderation.queue.filters import QueueFilter, UnknownFilter, queue_filter
from participation.moderation.queue.holds import next_case
from participation.moderation.queue.keys import decode_place, encode_place
from participation.principles.queries import principles_of
from participation.processes.outline import ProcessOutline

QUEUE, CASE = "queue", "case"
PLACE_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A filter and a page of the queue of one process; ``after`` is the place behind which the page begins."""

    slug: str
    wanted: QueueFilter
    after: str | None = None

    @property
    def place(self) -> str:
        """The filter and the page as one value for forms."""
        return urlencode(self._query())

    @property
    def everything(self) -> str:
        """The address of the queue without any filter."""
        return url_for("desk.queue", slug=self.slug)

    def queue_url(self, case_id: int | None = None) -> str:
        """Return the address of this page of the queue, with one case opened."""
        return self._queue({**self._query(), "case": case_id or ""})

    def case_url(self, case_id: int) -> str:
        """Return the address of one case, from which one comes back here."""
        return _with_query(url_for("desk.case", slug=self.slug, case_id=case_id), self._query())

    def filtered(self, **changes: str) -> str:
        """Return the address of the queue with parts of the filter changed, from its beginning."""
        return self._queue({**self.wanted.query(), **changes})

    def behind(self, after: str) -> str:
        """Return the address of the page of the queue that begins behind a place."""
        return self._queue({**self.wanted.query(), "after": after})

    def _query(self) -> dict[str, str]:
        return {**self.wanted.query(), "after": self.after or ""} if self.after else self.wanted.query()

    def _queue(self, values: dict[str, str | int]) -> str:
        return _with_query(self.everything, values)


def _with_query(address: str, values: Mapping[str, str | int]) -> str:
    # By hand: "language" is a filter here, and the beginning of every address there.
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{address}?{query}" if query else address


def whereabouts(slug: str, place: str | None, *, principle_ids: Collection[int]) -> Whereabouts:
    """Return what ``Whereabouts.place`` stands for; the beginning of the whole queue for anything else."""
    try:
        values = dict(parse_qsl((place or "")[:PLACE_LONGEST], max_num_fields=20))
        wanted = queue_filter(values, principle_ids=principle_ids)
    except (UnknownFilter, ValueError):
        return Whereabouts(slug, QueueFilter())
    return Whereabouts(slug, wanted, encode_place(decode_place(values.get("after"))))


def whereabouts_in(session: Session, process: ProcessOutline, place: str | None) -> Whereabouts:
    """Return what a form of this process says about where it was sent from."""
    ids = {entry.id for entry in principles_of(session, process.framework_id)}
    return whereabouts(process.slug, place, principle_ids=ids)


def after_deciding(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    back: str | None,
    place: str | None,
    case_id: int | None,
    now: datetime,
) -> str:
    """Return where to go on after a decision, in the same transaction: the next case, held from then on.

    A case that the decision left waiting, as a warning does, stays where one is.
    """
    where = whereabouts_in(session, process, place)
    case = session.get(Case, case_id, populate_existing=True) if case_id else None
    if case is None or case.closed_at is not None or case.resumes_at is not None:
        case = next_case(session, actor, process_id=process.id, now=now, wanted=where.wanted, instead_of=case_id)
    if case is None:
        return where.queue_url()
    return where.case_url(case.id) if back == CASE else where.queue_url(case.id)
