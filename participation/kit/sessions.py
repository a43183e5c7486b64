"""Signing what comes back with every request, as itsdangerous does, without working the key out each time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Request, Response, make_response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import Serializer, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from werkzeug.datastructures import ImmutableMultiDict

View = TypeVar("View", bound=Callable[..., Any])
SHORT = 1000
"""Bytes; cookies may have four times as many."""


class QuickSigner(TimestampSigner):
    """Signs like its base, but works the key out once instead of with every value."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key that values are signed with."""
        known: dict[Any, bytes] = self.__dict__.setdefault("_derived", {})
        if secret_key not in known:
            known[secret_key] = super().derive_key(secret_key)
        return known[secret_key]


class QuickSerializer(URLSafeTimedSerializer):
    """Reads and writes what its base does, with one signer for all values."""

    default_signer = QuickSigner

    def dump_payload(self, obj: Any) -> bytes:
        """Return ``obj`` as text for a cookie; short ones are not packed, which takes longer than it saves."""
        content = Serializer.dump_payload(self, obj)
        return base64_encode(content) if len(content) <= SHORT else super().dump_payload(obj)

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Return the signer for ``salt``."""
        known: dict[Any, Signer] = self.__dict__.setdefault("_signers", {})
        if salt not in known:
            known[salt] = super().make_signer(salt)
        return known[salt]


class QuickSessions(SecureCookieSessionInterface):
    """Flask's own sessions, cookie for cookie; only what never changes is not made anew twice a request.

    Below the paths that begin with one of ``without`` there are none: cookies are neither read nor set.
    """

    def __init__(self, without: tuple[str, ...] = ()) -> None:
        self._without = without
        self._known: tuple[object, QuickSerializer] | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session that came along with a request; ``None`` where there are none."""
        return None if request.path.startswith(self._without) else super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what cookies are read and written with; ``None`` without a secret."""
        if not app.secret_key:
            return None
        keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
        if self._known is None or self._known[0] != keys:
            options = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            self._known = (
                keys,
                QuickSerializer(keys, salt=self.salt, serializer=self.serializer, signer_kwargs=options),
            )
        return self._known[1]


def without_cookies(view: View) -> View:
    """Show a view to everybody alike: nothing looks at the cookies that come along.

    Whoever is signed in here is nobody where a page of ours stands within one of somebody else's. It goes with an
    address below which there are no sessions either.
    """

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Response:
        request.cookies = ImmutableMultiDict()
        response: Response = make_response(view(*args, **kwargs))
        response.vary.discard("Cookie")
        return response

    return inner  # type: ignore[return-value]  # the same arguments, and an answer that Flask takes
