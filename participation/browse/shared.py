"""One rendering of a page for all anonymous readers, as long as nothing in it has changed."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from participation.accounts.guard import is_anonymous_reading
from participation.kit import clock
from participation.kit.cache import CachedPage, PageCache
from participation.kit.db import db
from participation.processes.queries import public_version

View = Callable[..., Any]


def shared_page(view: View) -> View:
    """Answer anonymous readers from memory.

    The key holds the version of the process (of all of them where the page has none), which every hiding, publishing
    and editing raises in its own transaction. Vote figures may be a few seconds old (``PAGE_CACHE_SECONDS``). A page
    whose content changes by itself says until when it holds with ``holds_until``.
    """

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        seconds = current_app.config["PAGE_CACHE_SECONDS"]
        if not seconds or not is_anonymous_reading():
            return view(*args, **kwargs)
        cache: PageCache = current_app.extensions["page_cache"]
        now = clock.now().timestamp()
        key = (request.full_path, public_version(db.session(), kwargs.get("slug")))
        page = cache.get(key, now)
        if page is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200:
                return response
            body = response.get_data()
            until = g.get("holds_until")
            expires = min(now + seconds, until.timestamp()) if until else now + seconds
            page = CachedPage(body, hashlib.blake2b(body, digest_size=12).hexdigest(), expires)
            cache.put(key, page)
        return _answer(page)

    return inner


def holds_until(moment: datetime | None) -> None:
    """Say that the page being rendered changes by itself at ``moment``."""
    if moment is not None and (g.get("holds_until") is None or moment < g.holds_until):
        g.holds_until = moment


def _answer(page: CachedPage) -> BaseResponse:
    response = Response(page.body, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    response.set_etag(page.etag, weak=True)
    return response.make_conditional(request)
