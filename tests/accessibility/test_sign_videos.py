"""Videos in sign language: what may be uploaded, where they stand, how browsers fetch them, and that they go."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from participation.accessibility.sign_videos import UnusableVideo, checked_captions, folder_of, keep_file, type_of
from participation.accounts.actor import Role
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 8
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(64)
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:04.000\nGuten Tag\n"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (MP4, "video/mp4"),
        (WEBM, "video/webm"),
        (WEBM.replace(b"webm", b"matr"), None),
        (b"\x00\x00\x00\x18ftypheic" + bytes(9), None),
        (b"<html><script>", None),
        (b"GIF89a" + bytes(20), None),
        (b"", None),
    ],
)
def test_only_videos_that_browsers_play_are_taken(tmp_path: Path, head: bytes, media_type: str | None) -> None:
    assert type_of(head[:64]) == media_type
    if media_type:
        kept = keep_file(BytesIO(head), tmp_path, most_bytes=len(head))
        assert ((tmp_path / kept.name).read_bytes(), kept.size, kept.media_type) == (head, len(head), media_type)
    with pytest.raises(UnusableVideo):
        keep_file(BytesIO(head), tmp_path, most_bytes=len(head) - 1)
    assert len(list(tmp_path.iterdir())) == (1 if media_type else 0), "nothing is left of what was refused"


@pytest.mark.parametrize(
    ("content", "fine"),
    [
        (CAPTIONS, True),
        (b"\xef\xbb\xbf" + CAPTIONS.replace(b"\n", b"\r\n"), True),
        (b"WEBVTT\n\nno times\n", False),
        (b"1\n00:00:00,000 --> 00:00:04,000\nHallo\n", False),
        (b"\xff\xfe", False),
        (CAPTIONS + b"x" * 200_000, False),
    ],
)
def test_only_subtitles_are_taken_as_such(content: bytes, fine: bool) -> None:
    if fine:
        assert checked_captions(content) == CAPTIONS.decode()
        return
    with pytest.raises(UnusableVideo):
        checked_captions(content)


def upload(admin: PageClient, place: str = "front", video: bytes = MP4, **fields: object) -> Page:
    """Return the answer to the filled-in form."""
    words: dict[str, Any] = {"transcript_en": "Welcome.\n\nHere you can propose ideas.", **fields}
    page = admin.get("/en/desk/sign-videos")
    return admin.submit(page, "video-form", place=place, video=(BytesIO(video), "x.exe"), **words)


def fetch(client: PageClient, url: str, status: int = 200, **headers: str) -> Page:
    """Return what a browser gets that loads a video, or a part of it."""
    answer = client.get(url, status=status, headers=headers)
    # Read before the file behind it is closed.
    assert answer.data or status != 200
    answer.response.close()
    return answer


def test_a_video_stands_at_its_place_until_it_is_removed(
    app: Flask, member: Member, client: PageClient, transact: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
    before = {where: client.get(where, status=200).select("video") for where in ("/en/", place.url())}
    assert before == {"/en/": [], place.url(): []}
    admin = member(Role.ADMIN)
    assert upload(admin, captions=(BytesIO(CAPTIONS), "x.vtt")).status == 303
    assert upload(admin, f"process/{place.slug}", WEBM).status == 303
    front = client.get("/en/")
    (video,) = front.select("video")
    assert {name: video.get(name) for name in ("preload", "autoplay", "controls", "aria-label")} == {
        "preload": "none",
        "autoplay": None,
        "controls": "",
        "aria-label": "In German Sign Language",
    }
    assert "Here you can propose ideas." in front.text
    (source,), (track,) = front.select("video source"), front.select("video track")
    whole = fetch(client, source.get("src"))
    assert (whole.data, whole.headers["Content-Type"]) == (MP4, "video/mp4")
    assert (whole.headers["X-Content-Type-Options"], whole.headers["Accept-Ranges"]) == ("nosniff", "bytes")
    assert "Set-Cookie" not in whole.headers
    part = fetch(client, source.get("src"), 206, Range="bytes=4-7")
    assert (part.data, part.headers["Content-Range"]) == (b"ftyp", f"bytes 4-7/{len(MP4)}")
    fetch(client, source.get("src"), 416, Range=f"bytes={len(MP4)}-")
    subtitles = client.get(track.get("src"))
    assert (subtitles.data, subtitles.headers["Content-Type"].partition(";")[0]) == (CAPTIONS, "text/vtt")
    (other,) = client.get(place.url(language="en")).select("video source")
    client.get(other.get("src").replace(".webm", ".vtt"), status=404)
    client.get("/en/sign-videos/..%2Fparticipation.sqlite", status=404)
    assert upload(admin, video=WEBM).status == 303
    client.get(source.get("src"), status=404)
    page = admin.get("/en/desk/sign-videos")
    assert [len(page.select(".sign-video")), len(list(folder_of(app.config).iterdir()))] == [2, 2]
    admin.submit(page, "form[action$='/3/removal']", status=303)
    assert client.get("/en/").select("video") == []
    assert len(list(folder_of(app.config).iterdir())) == 1
    admin.get("/en/desk/sign-videos/3/removal", status=405)


def test_what_is_wrong_with_an_upload_is_said(app: Flask, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = member(Role.ADMIN)
    assert upload(admin, video=b"<html>").errors == ["Video: This is neither an MP4 nor a WebM video."]
    assert len(upload(admin, transcript_en="").errors) == 1
    wrong = upload(admin, captions=(BytesIO(b"no"), "x.vtt"))
    assert (wrong.status, wrong.errors) == (422, ["Subtitles: These are no subtitles in the format WebVTT."])
    monkeypatch.setitem(app.config, "SIGN_VIDEO_MEGABYTES", 0)
    assert upload(admin).errors == ["Video: This video is larger than 0 MB."]
    assert upload(admin, video=MP4 + bytes(500_000)).status == 413
    folder = folder_of(app.config)
    assert not folder.exists() or list(folder.iterdir()) == []
    assert app.config["MAX_CONTENT_LENGTH"] < 200 * 1024**2


def test_pages_without_a_video_ask_nothing_for_it(client: PageClient, member: Member) -> None:
    client.get("/en/how-it-works", budget=0)
    upload(member(Role.ADMIN), "how-it-works")
    assert len(client.get("/en/how-it-works", budget=1).select("video")) == 1
    client.get("/en/how-it-works", budget=0)
