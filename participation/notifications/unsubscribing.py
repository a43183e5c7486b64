"""Links that end mail without signing in: made when a letter is sent, signed, and kept nowhere."""

import hashlib

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from participation.kit.links import page_url

SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


def unsubscribe_token(account_id: int) -> str:
    """Return what stands in a link that ends mail to an account; it is good for as long as the secret is."""
    return str(_serializer().dumps(account_id))


def account_of_token(token: str) -> int | None:
    """Return the account in a token of ``unsubscribe_token``; ``None`` when it is not from us."""
    try:
        account_id = _serializer().loads(token)
    except BadSignature:
        return None
    return account_id if isinstance(account_id, int) else None


def unsubscribe_url(account_id: int, *, language: str) -> str:
    """Return the address at which an account gets no more mail."""
    return page_url("notifications.unsubscribe", language=language, token=unsubscribe_token(account_id))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="unsubscribe", signer_kwargs=SIGNING)
