"""Videos in sign language: what may be uploaded, where the files lie, and uploading and removing them."""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accessibility.events import SignVideoRemoved, SignVideoUploaded
from participation.accessibility.models import SignVideo
from participation.accessibility.policies import may_keep_sign_videos
from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.processes.models import Process
from participation.processes.service import touch

CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 64
MP4, WEBM = "video/mp4", "video/webm"
ENDINGS = {MP4: ".mp4", WEBM: ".webm"}
# The kinds of MP4 that browsers play; a file that says it is something else, a picture for instance, is refused.
BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")
EBML = b"\x1a\x45\xdf\xa3"
CAPTIONS_LONGEST = 200_000
TIMING = re.compile(r"(?:\d+:)?\d\d:\d\d\.\d{3} --> (?:\d+:)?\d\d:\d\d\.\d{3}")


class UnusableVideo(ValueError):
    """A file cannot be taken; ``reason`` is a lazily translated sentence."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(type(reason)))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A video that has arrived: the random name of its file, of which type and size it is."""

    name: str
    media_type: str
    size: int


def folder_of(settings: Mapping[str, object]) -> Path:
    """Return where the files of videos lie."""
    return Path(str(settings["DATA_DIR"])) / "sign-videos"


def keep_file(stream: BinaryIO, folder: Path, *, most_bytes: int) -> VideoFile:
    """Write a video that comes in to a file of its own; raises ``UnusableVideo`` for what is none, or too large."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    head = stream.read(HEAD_BYTES)
    media_type = type_of(head)
    if media_type is None:
        raise UnusableVideo(_l("This is neither an MP4 nor a WebM video."))
    name = secrets.token_hex(16) + ENDINGS[media_type]
    partial = folder / f".{name}.part"
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            size, chunk = 0, head
            while chunk:
                size += len(chunk)
                if size > most_bytes:
                    raise UnusableVideo(_l("This video is larger than %(most)s MB.", most=most_bytes // 1024**2))
                file.write(chunk)
                chunk = stream.read(CHUNK_BYTES)
        partial.rename(folder / name)
    finally:
        partial.unlink(missing_ok=True)
    return VideoFile(name, media_type, size)


def type_of(head: bytes) -> str | None:
    """Return the media type of a video that begins like this, whatever it is called; ``None`` for anything else."""
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return MP4
    # The kind of document stands in the first element; Matroska with other contents begins alike.
    if head.startswith(EBML) and b"\x42\x82" in head and b"webm" in head:
        return WEBM
    return None


def checked_captions(content: bytes) -> str:
    """Return subtitles in the format WebVTT as text; raises ``UnusableVideo`` for anything else."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UnusableVideo(_l("These subtitles are not in UTF-8.")) from None
    first = text.partition("\n")[0]
    if len(text) > CAPTIONS_LONGEST or not re.fullmatch(r"WEBVTT([ \t].*)?", first) or not TIMING.search(text):
        raise UnusableVideo(_l("These are no subtitles in the format WebVTT."))
    return text


def add_sign_video(
    session: Session,
    actor: Actor,
    *,
    place: str,
    process_id: int | None,
    file: VideoFile,
    transcript: Translated,
    captions: str,
    now: datetime,
) -> list[str]:
    """Show a video in place of the one that stood there, and return the files that are not needed any more.

    Raises ``Refused``.
    """
    require(may_keep_sign_videos(actor))
    same = (SignVideo.place == place) & (SignVideo.process_id.is_not_distinct_from(process_id))
    formers = session.scalars(locked(select(SignVideo).where(same, SignVideo.removed_at.is_(None)))).all()
    for former in formers:
        _remove(session, actor, former, now=now)
    session.flush()
    video = SignVideo(
        place=place,
        process_id=process_id,
        file_name=file.name,
        media_type=file.media_type,
        size=file.size,
        transcript=transcript,
        captions=captions,
        uploaded_by=actor.account_id,
        uploaded_at=now,
    )
    session.add(video)
    session.flush()
    record(session, SignVideoUploaded(video.id), account_id=actor.account_id, now=now)
    _touch(session)
    return [former.file_name for former in formers]


def remove_sign_video(session: Session, actor: Actor, *, video_id: int, now: datetime) -> list[str]:
    """Take a video away, and return the files that are not needed any more. Raises ``Refused`` and ``Missing``."""
    require(may_keep_sign_videos(actor))
    there = (SignVideo.id == video_id) & SignVideo.removed_at.is_(None)
    video = found(session.scalar(locked(select(SignVideo).where(there))))
    _remove(session, actor, video, now=now)
    _touch(session)
    return [video.file_name]


def discard_files(folder: Path, names: Iterable[str]) -> None:
    """Delete the files of videos that are not shown any more, and say by the time of the folder that it changed."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir():
        os.utime(folder)


def _remove(session: Session, actor: Actor, video: SignVideo, *, now: datetime) -> None:
    video.removed_at = now
    record(session, SignVideoRemoved(video.id), account_id=actor.account_id, now=now)


def _touch(session: Session) -> None:
    """Tell caches: a video may stand on pages of every process."""
    for process_id in session.scalars(select(Process.id).order_by(Process.id)).all():
        touch(session, process_id)
