"""Tables of the framework; all texts are editorial and exist in several languages."""

import enum
from datetime import date
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, big_id, named_enum, reference


class Framework(Base):
    """What a council adopted; processes ask for ideas under its principles."""

    __tablename__ = "framework"

    id: Mapped[int] = big_id()
    key: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    source: Mapped[dict[str, Any]]
    adopted_on: Mapped[date | None]


class _Entry:
    """What every list of a framework has in common."""

    id: Mapped[int] = big_id()
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    explanation: Mapped[dict[str, str]]


class Principle(_Entry, Base):
    """A guiding principle that ideas are tagged with."""

    __tablename__ = "principle"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")
    pictogram: Mapped[str] = mapped_column(String(60))
    question: Mapped[dict[str, str]]


class Criterion(_Entry, Base):
    """A question that statements are held against."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")


class Value(_Entry, Base):
    """A value that holds for everything under the framework."""

    __tablename__ = "value"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")


class Term(_Entry, Base):
    """A word that the framework uses in a sense of its own: explained where it stands, and translated as given here.

    ``title`` is the word by language; ``forms`` are other forms of it that stand for the same, by language.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")
    forms: Mapped[dict[str, Any]]


class District(_Entry, Base):
    """A part of the city."""

    __tablename__ = "district"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")


class FieldOfAction(_Entry, Base):
    """A field of the city's strategy."""

    __tablename__ = "field_of_action"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    framework_id: Mapped[int] = reference("framework.id")


class AspectKind(enum.Enum):
    """What an aspect says about an idea."""

    BENEFICIARY = "beneficiary"
    BASIC_SERVICE = "basic_service"
    GOAL = "goal"


class Aspect(_Entry, Base):
    """Something an idea can touch beside the principles: whom it serves, a basic service, a sustainability goal."""

    __tablename__ = "aspect"
    __table_args__ = (UniqueConstraint("framework_id", "kind", "key"),)

    framework_id: Mapped[int] = reference("framework.id")
    kind: Mapped[AspectKind] = mapped_column(named_enum(AspectKind))
