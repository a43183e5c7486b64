"""Where admins keep videos in sign language, and where browsers fetch them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from participation.accessibility.forms import SignVideoForm
from participation.accessibility.policies import may_keep_sign_videos
from participation.accessibility.queries import SignVideoRow, shown_sign_videos, sign_video_named
from participation.accessibility.shown import SignVideoShown, shown
from participation.accessibility.sign_videos import (
    ENDINGS,
    UnusableVideo,
    VideoFile,
    add_sign_video,
    checked_captions,
    discard_files,
    folder_of,
    keep_file,
    remove_sign_video,
)
from participation.accessibility.words import PLACES
from participation.accounts.guard import admins_only, current_actor, public
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.messages import say
from participation.kit.permissions import Missing
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes

blueprint = Blueprint("videos", __name__)
Page = str | tuple[str, int] | BaseResponse
OF_PROCESS = "process"
# What stands around a file in a form.
FORM_BYTES = 480 * 1024
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class VideoLine:
    """One video, with where it stands and since when."""

    id: int
    place: str
    uploaded: str
    video: SignVideoShown


@dataclass(frozen=True, slots=True)
class VideosPage:
    """All videos in sign language, and how large another one may be."""

    lines: tuple[VideoLine, ...]
    megabytes: int


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, str] | None) -> None:
    """Let admins send more than others may: before anything looks into what they send."""
    is_upload = endpoint == f"{blueprint.name}.overview" and request.method == "POST"
    if not is_upload or not may_keep_sign_videos(current_actor()):
        return
    request.max_content_length = _most_bytes() + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge


@blueprint.route("/desk/sign-videos", methods=["GET", "POST"])
@admins_only
def overview() -> Page:
    """Show all videos, and take another one."""
    processes = all_processes(db.session(), with_drafts=True)
    form: SignVideoForm = SignVideoForm.speaking(current_app.config["LANGUAGES"])().offer(_places(processes))
    if form.validate_on_submit() and (kept := _kept(form)):
        return _added(form, *kept, processes)
    page = render_template("accessibility/sign_videos.html", page=_page(), form=form)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


@blueprint.post("/desk/sign-videos/<int:video_id>/removal")
@admins_only
def remove(video_id: int) -> BaseResponse:
    """Take a video away, with its file."""
    with transaction() as session:
        files = remove_sign_video(session, current_actor(), video_id=video_id, now=clock.now())
    discard_files(_folder(), files)
    say(_("The video is gone."))
    return redirect(url_for(".overview"), 303)


@blueprint.get("/sign-videos/<file_name>")
@public
def file(file_name: str) -> Response:
    """Hand out a video, or a part of it, or its subtitles."""
    stem, _dot, ending = file_name.rpartition(".")
    names = [stem + known for known in ENDINGS.values()] if ending == "vtt" else [file_name]
    video = next((one for name in names if (one := sign_video_named(db.session(), name))), None)
    if video is None or (ending == "vtt" and not video.captions):
        raise Missing
    if ending == "vtt":
        response = Response(video.captions, mimetype="text/vtt")
    else:
        path = _folder() / video.file_name
        if not path.is_file():
            raise Missing
        response = send_file(path, mimetype=video.media_type, conditional=True, max_age=KEPT_SECONDS)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


def _kept(form: SignVideoForm) -> tuple[VideoFile, str] | None:
    """Return the file that came in with its subtitles; nothing where the form says what is wrong with them."""
    captions = ""
    try:
        if form.captions.data:
            captions = checked_captions(form.captions.data.stream.read(FORM_BYTES))
    except UnusableVideo as problem:
        form.captions.errors = [str(problem.reason)]
        return None
    try:
        return keep_file(form.video.data.stream, _folder(), most_bytes=_most_bytes()), captions
    except UnusableVideo as problem:
        form.video.errors = [str(problem.reason)]
        return None


def _added(form: SignVideoForm, kept: VideoFile, captions: str, processes: list[ProcessOutline]) -> BaseResponse:
    place, _slash, slug = form.place.data.partition("/")
    process = next((one for one in processes if one.slug == slug), None)
    transcript = {language: text for language, text in form.translated("transcript").items() if text}
    files = [kept.name]
    try:
        with transaction() as session:
            files = add_sign_video(
                session,
                current_actor(),
                place=place,
                process_id=process.id if process else None,
                file=kept,
                transcript=transcript,
                captions=captions,
                now=clock.now(),
            )
    finally:
        # Whatever came of it: what nobody needs goes, and readers hear of the change.
        discard_files(_folder(), files)
    say(_("The video is shown now."))
    return redirect(url_for(".overview"), 303)


def _page() -> VideosPage:
    lines = tuple(
        VideoLine(row.id, _place_of(row), day(row.uploaded_at), shown(row)) for row in shown_sign_videos(db.session())
    )
    return VideosPage(lines, current_app.config["SIGN_VIDEO_MEGABYTES"])


def _places(processes: list[ProcessOutline]) -> Iterator[tuple[str, str]]:
    yield from ((place, str(label)) for place, label in PLACES.items())
    yield from ((f"{OF_PROCESS}/{one.slug}", pick(one.title, g.language)) for one in processes)


def _place_of(row: SignVideoRow) -> str:
    return pick(row.title, g.language) if row.slug else str(PLACES.get(row.place, row.place))


def _folder() -> Path:
    return folder_of(current_app.config)


def _most_bytes() -> int:
    return int(current_app.config["SIGN_VIDEO_MEGABYTES"]) * 1024 * 1024
