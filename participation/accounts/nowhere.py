"""Addresses of accounts whose address is not known here: they lead nowhere, and nobody can sign in with them."""

from sqlalchemy import ColumnElement, String, cast, literal

DOMAIN = "no-address.invalid"
"""Nobody can ever own it (RFC 6761, section 6.4): forms refuse it, and no letter is sent there."""


def address_nowhere(account_id: ColumnElement[int]) -> ColumnElement[str]:
    """Return what stands in place of an account's address: different for each one, the same every time."""
    return literal("account-") + cast(account_id, String) + literal(f"@{DOMAIN}")
