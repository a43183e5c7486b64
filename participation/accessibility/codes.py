"""The code with which somebody looks up what became of the report of a barrier."""

from participation.receipts.codes import hash_code, keyed_code

__all__ = ["barrier_code", "hash_code"]


def barrier_code(secret: str, submission_key: str) -> str:
    """Return the code of the report that a form with ``submission_key`` made; only its hash is kept."""
    return keyed_code(secret, f"barrier {submission_key}")
