"""Signing what comes back with every request, as itsdangerous does, without working the key out each time."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Serializer, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

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
    """Flask's own sessions, cookie for cookie; only what never changes is not made anew twice a request."""

    def __init__(self) -> None:
        self._known: tuple[object, QuickSerializer] | None = None

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
