"""Commands about people: the first admin, and who holds which role."""

import os
from datetime import timedelta
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.accounts.models import Account, LinkPurpose
from participation.accounts.residence import make_codes
from participation.accounts.service import create_account, issue_link, normalise_email
from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.links import page_url
from participation.processes.models import Process, RoleGrant
from participation.processes.service import grant_role

MOST_CODES = 1_000_000
GRANTABLE = [role.value for role in Role if role is not Role.RESIDENT]


@click.group()
def account() -> None:
    """Accounts and roles."""


@account.command("create-admin")
@click.argument("email")
@click.option("--language", default="de", show_default=True, help="Language of the pages behind the link.")
@in_application
def create_admin(email: str, language: str) -> None:
    """Make an admin; print the link that sets the password."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise click.ClickException(f"{email} is not an e-mail address: {problem}") from None
    now = clock.now()
    with transaction() as session:
        person = create_account(session, email=address, language=language, now=now)
        grant_role(session, SYSTEM, account_id=person.id, role=Role.ADMIN, process_id=None, now=now)
        token = issue_link(session, account_id=person.id, purpose=LinkPurpose.INVITE, now=now)
        kept_address = person.email
    click.echo(f"{kept_address} is an admin. This link sets the password; it works once, for 7 days:", err=True)
    click.echo(page_url("accounts.accept_invitation", language=language, token=token))


@account.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice(GRANTABLE))
@click.option("--process", "slug", help="The process the role is held in; without it the role holds everywhere.")
@in_application
def grant(email: str, role: str, slug: str | None) -> None:
    """Give an account a role, everywhere or in one process."""
    with transaction() as session:
        person = _account_of(session, email)
        process_id = process_named(session, slug).id if slug else None
        held = Role(role)
        grant_role(session, SYSTEM, account_id=person.id, role=held, process_id=process_id, now=clock.now())
    click.echo(f"{normalise_email(email)} is {role} {f'in {slug}' if slug else 'everywhere'}.")


@account.command("list-roles")
@in_application
def list_roles() -> None:
    """List who holds which role where."""
    rows = db.session.execute(
        select(Account.email, RoleGrant.role, Process.slug)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Process, Process.id == RoleGrant.process_id)
        .where(RoleGrant.ended_at.is_(None))
        .order_by(Account.email, RoleGrant.id)
    )
    for email, role, slug in rows:
        click.echo(f"{email}\t{role.value}\t{slug or 'everywhere'}")


@account.command("residence-codes")
@click.argument("number", type=click.IntRange(1, MOST_CODES))
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long they can be used.")
@click.option(
    "--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="New file for them."
)
@in_application
def residence_codes(number: int, days: int, path: Path) -> None:
    """Write codes for letters to residents into a file, one per line.

    Whoever enters one may vote where only residents do. The codes stand in this file alone; the database knows their
    hashes. Delete the file as soon as the letters are printed.
    """
    if path.exists():
        raise click.ClickException(f"{path} exists already: choose another name")
    with transaction() as session:
        codes = make_codes(session, number=number, lasts=timedelta(days=days), now=clock.now())
        # Written before they count: a full disk must not leave codes behind that nobody knows.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.writelines(f"{code}\n" for code in codes)
    click.echo(f"{path}: {number} codes, good for {days} days")


def _account_of(session: Session, email: str) -> Account:
    person = session.scalar(select(Account).where(Account.email == normalise_email(email)))
    if person is None:
        raise click.ClickException(f"there is no account for {email}")
    return person
