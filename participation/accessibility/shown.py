"""The video in sign language that stands at a place; asking costs next to nothing where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app, g, url_for

from participation.accessibility.queries import SignVideoRow, shown_sign_videos
from participation.accessibility.sign_videos import folder_of
from participation.kit.db import db
from participation.multilingual import Phrase, phrase

Key = tuple[str, str]
MEMORY = "sign_videos"


@dataclass(frozen=True, slots=True)
class SignVideoShown:
    """A video in sign language as its component shows it; ``size`` is in bytes."""

    id: int
    url: str
    media_type: str
    size: int
    transcript: Phrase
    captions_url: str


@dataclass(frozen=True, slots=True)
class Known:
    """The videos there were when the folder had last changed at this moment, in nanoseconds."""

    changed: int
    videos: Mapping[Key, SignVideoRow]


def init_sign_videos(app: Flask) -> None:
    """Let templates ask for the video of a place with ``sign_video_at(place, slug)``."""
    app.jinja_env.globals["sign_video_at"] = sign_video_at


def sign_video_at(place: str, slug: str = "") -> SignVideoShown | None:
    """Return the video that explains a place, or a process (place ``process``); ``None`` where there is none."""
    row = _videos().get((place, slug))
    return shown(row) if row else None


def shown(row: SignVideoRow) -> SignVideoShown:
    """Return a video as its component shows it, to the reader of this request."""
    captions = row.file_name.rpartition(".")[0] + ".vtt"
    return SignVideoShown(
        id=row.id,
        url=url_for("videos.file", file_name=row.file_name),
        media_type=row.media_type,
        size=row.size,
        transcript=phrase(row.transcript, g.language),
        captions_url=url_for("videos.file", file_name=captions) if row.has_captions else "",
    )


def _videos() -> Mapping[Key, SignVideoRow]:
    """Return all videos by place and process; the database is asked only after the folder has changed."""
    try:
        changed = folder_of(current_app.config).stat().st_mtime_ns
    except OSError:
        return {}
    known: Known | None = current_app.extensions.get(MEMORY)
    if known is None or known.changed != changed:
        known = Known(changed, {(row.place, row.slug): row for row in shown_sign_videos(db.session())})
        current_app.extensions[MEMORY] = known
    return known.videos
