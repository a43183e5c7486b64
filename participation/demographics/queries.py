"""Reading what people may say about themselves, what somebody said, and how many said what."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from participation.demographics.models import Characteristic, CharacteristicOption, PeopleFigures, SelfDescription
from participation.kit.schema import Translated
from participation.processes.models import Participant


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer; ``residents`` is the share of the city's residents it is true of, 0 to 1, where that is known."""

    id: int
    key: str
    title: Translated
    outreach: Translated
    residents: float | None


@dataclass(frozen=True, slots=True)
class CharacteristicView:
    """Something people differ in, with its answers in order; ``source`` is empty where no reference is known."""

    id: int
    key: str
    title: Translated
    question: Translated
    source: Translated
    source_url: str
    options: tuple[OptionView, ...]

    @property
    def has_reference(self) -> bool:
        """Whether the share of residents is known for any answer."""
        return any(option.residents is not None for option in self.options)


@dataclass(frozen=True, slots=True)
class Told:
    """How many people take part with an account, how many of them said something, and how many gave each answer."""

    participants: int
    people: int
    answers: Mapping[int, int]


def characteristics_of(session: Session, framework_id: int) -> tuple[CharacteristicView, ...]:
    """Return what people may say about themselves in processes of a framework, in order."""
    rows = session.scalars(
        select(Characteristic)
        .where(Characteristic.framework_id == framework_id)
        .order_by(Characteristic.position, Characteristic.id)
    ).all()
    if not rows:
        return ()
    options: dict[int, list[OptionView]] = defaultdict(list)
    statement = select(CharacteristicOption).where(CharacteristicOption.characteristic_id.in_([row.id for row in rows]))
    for row in session.scalars(statement.order_by(CharacteristicOption.position, CharacteristicOption.id)):
        residents = None if row.residents is None else row.residents / 1_000_000
        options[row.characteristic_id].append(OptionView(row.id, row.key, row.title, row.outreach, residents))
    return tuple(
        CharacteristicView(row.id, row.key, row.title, row.question, row.source, row.source_url, tuple(options[row.id]))
        for row in rows
    )


def own_answers(session: Session, participant_id: int | None) -> dict[int, int]:
    """Return the option that somebody chose for each characteristic, by ids."""
    if participant_id is None:
        return {}
    rows = session.execute(
        select(SelfDescription.characteristic_id, SelfDescription.option_id).where(
            SelfDescription.participant_id == participant_id
        )
    )
    return {row[0]: row[1] for row in rows}


def may_still_tell(*, framework_id: int, participant_id: int) -> ColumnElement[bool]:
    """Return the condition that there is something to say about oneself, and this person has not said anything yet."""
    asked = exists().where(Characteristic.framework_id == framework_id)
    return asked & ~exists().where(SelfDescription.participant_id == participant_id)


def told(session: Session, process_id: int) -> Told:
    """Return how many people of a process said what about themselves, as of now: never to be shown as it is."""
    here = Participant.process_id == process_id
    participants = session.scalar(select(func.count()).where(here, Participant.account_id.is_not(None))) or 0
    joined = select(SelfDescription).join(Participant, Participant.id == SelfDescription.participant_id).where(here)
    people = session.scalar(joined.with_only_columns(func.count(SelfDescription.participant_id.distinct()))) or 0
    answers = session.execute(
        joined.with_only_columns(SelfDescription.option_id, func.count()).group_by(SelfDescription.option_id)
    )
    return Told(participants, people, {row[0]: row[1] for row in answers})


def people_changed(session: Session, process_id: int, *, since: datetime, people: int) -> int:
    """Return how many people at least said something new or took it back ``since``; ``people`` had said something then.

    What somebody takes back leaves no trace, so it shows only in that fewer are left of those who were there.
    """
    joined = select(func.count(SelfDescription.participant_id.distinct())).join(
        Participant, Participant.id == SelfDescription.participant_id
    )
    here = joined.where(Participant.process_id == process_id)
    new = session.scalar(here.where(SelfDescription.consented_at > since)) or 0
    left = session.scalar(here.where(SelfDescription.consented_at <= since)) or 0
    return max(new, people - left)


def latest_figures(session: Session, process_id: int) -> PeopleFigures | None:
    """Return the figures of a process as they were last published."""
    return session.get(PeopleFigures, process_id)
