"""The code with which somebody looks up what became of a notice."""

from participation.receipts.codes import hash_code, keyed_code

__all__ = ["hash_code", "notice_code"]


def notice_code(secret: str, submission_key: str) -> str:
    """Return the code of the notice that a form with ``submission_key`` made.

    It is worked out again whenever it is needed, for the page and for the letter, so that only its hash is kept.
    """
    return keyed_code(secret, f"notice {submission_key}")
