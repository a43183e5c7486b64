"""The code with which somebody looks up what became of a notice."""

import hashlib
import hmac

from participation.receipts.codes import code_of

CODE_BITS = 80


def notice_code(secret: str, submission_key: str) -> str:
    """Return the code of the notice that a form with ``submission_key`` made.

    It is worked out again whenever it is needed, for the page and for the letter, so that only its hash is kept.
    """
    digest = hmac.new(secret.encode(), f"notice {submission_key}".encode(), hashlib.sha256).digest()
    return code_of(int.from_bytes(digest[: CODE_BITS // 8]))


def hash_code(code: str) -> bytes:
    """Return the hash under which a code is kept."""
    return hashlib.sha256(code.encode()).digest()
