"""One rendering of a page for all anonymous readers, as long as nothing in it has changed."""

import hashlib
import math
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, g, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from participation.accounts.guard import is_anonymous_reading
from participation.kit import clock
from participation.kit.cache import CachedPage, Memory, PageCache
from participation.kit.db import begin_snapshot, db
from participation.kit.packing import answer_packed, packed, weighed
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug, public_version

View = Callable[..., Any]
Marks = Callable[..., tuple[Hashable, ...]]
T = TypeVar("T")

LONGEST_SECONDS = 600


def shared_page(view: View) -> View:
    """Answer anonymous readers from memory.

    The key holds the version of the process (of all of them where the page has none), which every hiding, publishing
    and editing raises in its own transaction. Vote figures may be a few seconds old (``PAGE_CACHE_SECONDS``). A page
    whose content changes by itself says until when it holds with ``holds_until``; one that can tell cheaply whether it
    is still true does so with ``holds_while`` and is kept longer.
    """
    return _shared(view, lambda _session, slug=None, **_others: (version_of(slug),), None)


def marked_page(marks: Marks) -> Callable[[View], View]:
    """Answer anonymous readers from memory like ``shared_page``, but never with anything old, and so for longer.

    ``marks`` takes the session and the view's arguments and returns all that the page depends on, figures included.
    """
    return lambda view: _shared(view, marks, LONGEST_SECONDS)


def _shared(view: View, marks: Marks, longest: int | None) -> View:
    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        seconds = current_app.config["PAGE_CACHE_SECONDS"]
        if not seconds or not is_anonymous_reading():
            return view(*args, **kwargs)
        cache: PageCache = current_app.extensions["page_cache"]
        now = clock.now().timestamp()
        # Marks and page must be of one moment: a vote cast and withdrawn in between would else leave a wrong figure.
        begin_snapshot(db.session())
        key = (request.full_path, *marks(db.session(), **kwargs))
        page = cache.get(key, now)
        if page is not None and page.doubtful <= now:
            page = _trusted_again(cache, key, page, now + seconds)
        if page is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200:
                return response
            body = weighed(response.get_data(), is_packed=True)
            until = g.get("holds_until")
            check = g.get("still_true")
            expires = now + (LONGEST_SECONDS if check else longest or seconds)
            expires = min(expires, until.timestamp()) if until else expires
            etag = hashlib.blake2b(body, digest_size=12).hexdigest()
            doubtful = now + seconds if check else math.inf
            page = CachedPage(packed(body), etag, expires, doubtful, check, response.mimetype or "text/html")
            cache.put(key, page)
        return _answer(page)

    return inner


def holds_until(moment: datetime | None) -> None:
    """Say that the page being rendered changes by itself at ``moment``."""
    if moment is not None and (g.get("holds_until") is None or moment < g.holds_until):
        g.holds_until = moment


def holds_while(still_true: Callable[[], bool]) -> None:
    """Say how to find out whether the page being rendered is still true, so that it need not be rendered anew.

    It is asked every few seconds, in other requests: it must not keep anything of this one.
    """
    g.still_true = still_true


def version_of(slug: str | None) -> int:
    """Return the version of a process, or of all of them; read once a request."""
    if "public_version" not in g:
        g.public_version = {}
    if slug not in g.public_version:
        g.public_version[slug] = public_version(db.session(), slug)
    version: int = g.public_version[slug]
    return version


def note_version(slug: str, version: int) -> None:
    """Take over the version of a process from a query that was needed anyway."""
    g.public_version = {slug: version}


def remembered(key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """Return what ``make`` returned for ``key`` in the last few seconds (``PAGE_CACHE_SECONDS``), or returns now.

    Without a cache it is remembered for this request only.
    """
    memory: Memory = current_app.extensions["memory"]
    if memory.seconds:
        return memory.get(key, clock.now().timestamp(), make)
    if "remembered" not in g:
        g.remembered = {}
    if key not in g.remembered:
        g.remembered[key] = make()
    value: T = g.remembered[key]
    return value


def outline_of(slug: str) -> ProcessOutline:
    """Return the process at this address; raises ``Missing``."""
    if not current_app.config["PAGE_CACHE_SECONDS"]:
        return process_by_slug(db.session(), slug)
    return remembered(("process", slug, version_of(slug)), lambda: process_by_slug(db.session(), slug))


def _trusted_again(cache: PageCache, key: Hashable, page: CachedPage, doubtful: float) -> CachedPage | None:
    if page.still_true is None or not page.still_true():
        return None
    cache.put(key, replace(page, doubtful=doubtful))
    return page


def _answer(page: CachedPage) -> BaseResponse:
    response = answer_packed(page.body, page.mimetype)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Cookie", "Accept-Encoding"))
    response.set_etag(page.etag, weak=True)
    return response.make_conditional(request)
