"""Who can sign in to the demo; everybody knows the password, so this never faces the public."""

from dataclasses import dataclass

from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.accounts.passwords import verify_password
from participation.kit.db import db

DEMO_PASSWORD = "demo-password"  # noqa: S105  # known on purpose, refused wherever others could use it
FACILITATED = "open-wifi"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demo: its role, and the one process it is held in if not everywhere."""

    email: str
    role: Role
    what: str
    slug: str | None = None


RESIDENT = DemoAccount("resident@example.org", Role.RESIDENT, "resident: proposes, comments, votes")
MODERATOR = DemoAccount("moderator@example.org", Role.MODERATOR, "moderator: reviews, clusters, writes statements")
STAFF = DemoAccount("staff@example.org", Role.STAFF, "city staff: publishes statements, exports")
ADMIN = DemoAccount("admin@example.org", Role.ADMIN, "admin: creates and edits processes, gives roles")
FACILITATOR = DemoAccount(
    "facilitator@example.org", Role.MODERATOR, f"moderator from outside, only in {FACILITATED}", FACILITATED
)
DEMO_ACCOUNTS = (RESIDENT, MODERATOR, STAFF, ADMIN, FACILITATOR)


def known_passwords() -> list[str]:
    """Return an address for each password hash in this database that the demo's password still fits."""
    # All of them were made with one and the same hash, so the work is little.
    rows = db.session.execute(
        select(func.min(Account.email), Account.password_hash)
        .where(Account.email.endswith("@example.org"), Account.password_hash.is_not(None))
        .group_by(Account.password_hash)
        .order_by(func.min(Account.email))
    )
    return [email for email, encoded in rows if verify_password(encoded, DEMO_PASSWORD)]
