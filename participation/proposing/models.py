"""Table of drafts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.ideas.models import TITLE_LONGEST
from participation.kit.schema import Base, UtcDateTime, big_id, reference


class Draft(Base):
    """A proposal that somebody is still working on; only its author ever sees it.

    ``choices`` holds what is chosen from lists: ids of principles and aspects, and whether "not sure" was said.
    ``language_chosen`` says that the author chose the language rather than the machine. ``form_key`` is of the form
    that wrote the text last, so that a second window that knows an older text is noticed. Submitting deletes the draft;
    ``key`` then is the submission key of the idea, so that sending the last step twice is harmless.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_own", "account_id", "process_id", "changed_at"),)

    id: Mapped[int] = big_id()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    process_id: Mapped[int] = reference("process.id")
    account_id: Mapped[int] = reference("account.id")
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    language_chosen: Mapped[bool] = mapped_column(default=False)
    district_id: Mapped[int | None] = reference("district.id", nullable=True)
    field_id: Mapped[int | None] = reference("field_of_action.id", nullable=True)
    choices: Mapped[dict[str, Any]]
    form_key: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
