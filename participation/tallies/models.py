"""The table of releases of the vote log."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, reference


class Release(Base):
    """One release of a process's vote log: the Merkle root over its ``leaves``, and the SHA-256 of the public file.

    The root is published at once; the file when results may be seen. ``changed_people`` is how many had voted, changed
    or withdrawn a vote since the release before, ``newest_vote`` the highest number of a vote in it; neither is public.
    """

    __tablename__ = "vote_log_release"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    leaves: Mapped[int]
    changed_people: Mapped[int]
    newest_vote: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    root: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str] = mapped_column(String(64))
    is_final: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
