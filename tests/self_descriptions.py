"""Builders for what people say about themselves: questions, answers, and figures that are published."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.demographics.models import Characteristic, CharacteristicOption, SelfDescription
from participation.demographics.publishing import publish
from participation.kit import clock
from tests import make

EARLIER = timedelta(days=3)


def questions(session: Session, place: make.Place, *, residents: dict[str, int] | None = None) -> dict[str, int]:
    """Let the framework ask about age and district; return the options' ids by key.

    ``residents`` gives the share of the whole city, in millionths, for options by key.
    """
    known = residents or {}
    options = {}
    for position, (key, answers) in enumerate((("age", ("young", "old")), ("district", make.DISTRICTS)), start=1):
        asked = Characteristic(
            framework_id=place.framework_id,
            key=key,
            position=position,
            title=make.text(key.title()),
            question=make.text(f"Your {key}?"),
            source=make.text("Statistics") if known.keys() & set(answers) else {},
        )
        session.add(asked)
        session.flush()
        for number, answer in enumerate(answers, start=1):
            option = CharacteristicOption(
                characteristic_id=asked.id,
                key=answer,
                position=number,
                title=make.text(answer.title()),
                outreach=make.text(f"Where to meet: {answer}"),
                residents=known.get(answer),
            )
            session.add(option)
            session.flush()
            options[answer] = option.id
    return options


def say(session: Session, participant_id: int, *option_ids: int, at: datetime | None = None) -> None:
    """Let a participant say these things about themselves."""
    for option_id in option_ids:
        asked = session.get_one(CharacteristicOption, option_id).characteristic_id
        session.add(
            SelfDescription(
                participant_id=participant_id,
                characteristic_id=asked,
                option_id=option_id,
                consented_at=at or clock.now(),
            )
        )
    session.flush()


def people(session: Session, place: make.Place, *option_ids: int, many: int, at: datetime | None = None) -> list[int]:
    """Return so many new participants who say the same about themselves, some days ago or ``at`` that moment."""
    made = [make.participant(session, place, account_id=make.account(session)) for _ in range(many)]
    for one in made:
        say(session, one, *option_ids, at=at or clock.now() - EARLIER)
    return made


def figures(session: Session, place: make.Place) -> None:
    """Publish figures: one group is missing, of one nothing is shown, of one question nobody knows the whole city."""
    options = questions(session, place, residents={"young": 400_000, "old": 600_000})
    for said, count in ((["young"], 10), (["old"], 40), (["old", "north"], 7), (["old", "south"], 12)):
        people(session, place, *(options[key] for key in said), many=count)
    publish(session, process_id=place.id, now=clock.now())
