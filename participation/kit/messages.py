"""What a page says about something that just happened, with a way on where there is one."""

from flask import flash


def say(text: str, *, kind: str = "success", label: str = "", url: str = "") -> None:
    """Let the next page say ``text``, followed by a link where there is a ``url``."""
    flash({"text": text, "label": label, "url": url} if url else text, kind)  # type: ignore[arg-type]  # any JSON
