"""Tables of what people may say about themselves, and of how the whole city is made up."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class Characteristic(Base):
    """Something people differ in, such as age; ``source`` says where the shares of its options come from."""

    __tablename__ = "characteristic"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    id: Mapped[int] = big_id()
    framework_id: Mapped[int] = reference("framework.id")
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    question: Mapped[dict[str, str]]
    source: Mapped[dict[str, str]]
    source_url: Mapped[str] = mapped_column(Text, default="")


class CharacteristicOption(Base):
    """One answer, and which share of the city's residents it is true of, in millionths, where that is known.

    ``outreach`` says how these people can be reached where they are missing.
    """

    __tablename__ = "characteristic_option"
    __table_args__ = (UniqueConstraint("characteristic_id", "key"),)

    id: Mapped[int] = big_id()
    characteristic_id: Mapped[int] = reference("characteristic.id", cascade=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    outreach: Mapped[dict[str, str]]
    residents: Mapped[int | None]


class SelfDescription(Base):
    """What somebody said about themselves in one process, freely and with consent; they can take it back."""

    __tablename__ = "self_description"
    __table_args__ = (UniqueConstraint("participant_id", "characteristic_id"),)

    id: Mapped[int] = big_id()
    participant_id: Mapped[int] = reference("participant.id", cascade=True)
    characteristic_id: Mapped[int] = reference("characteristic.id")
    option_id: Mapped[int] = reference("characteristic_option.id", index=True)
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PeopleFigures(Base):
    """What is published of a process about who takes part: sums only, no answer of anybody.

    ``people`` is how many had said something about themselves then; the next figures come when enough others have.
    """

    __tablename__ = "people_figures"

    process_id: Mapped[int] = reference("process.id", primary_key=True)
    people: Mapped[int]
    figures: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
