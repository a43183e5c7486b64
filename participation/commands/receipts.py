"""Commands about receipts: a new signing key, and checking a receipt without a browser."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from participation.commands.group import in_application
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.listings.receipts import whereabouts
from participation.receipts.codes import parse_code
from participation.receipts.files import Finding, check_file
from participation.receipts.keyring import KeyIsASetting, keyring, new_seed_text
from participation.receipts.queries import ReceiptView, receipt_by_code
from participation.receipts.service import note_key

PROBLEMS = {
    Finding.NO_RECEIPT: "this is not the file of a receipt",
    Finding.UNKNOWN_KEY: "it was signed with a key that is none of ours",
    Finding.CHANGED: "it has been changed: the signature does not fit",
    Finding.CHANGED_TEXT: "the receipt is genuine, but the text beside it is not the one that was sent",
}


@click.group()
def receipts() -> None:
    """Receipts and the key they are signed with."""


@receipts.command("new-key")
@in_application
def new_key() -> None:
    """Sign with a new key from now on; earlier receipts stay valid."""
    ring = keyring()
    try:
        key = ring.renew()
    except KeyIsASetting:
        click.echo("RECEIPT_KEY is set: put this value there on every machine, and restart.", err=True)
        click.echo(new_seed_text())
        return
    with transaction() as session:
        note_key(session, key, now=clock.now())
    click.echo(f"Receipts are signed with a new key from now on: {key.fingerprint}")
    click.echo(f"It is in {ring.path}; running processes have noticed already.", err=True)


@receipts.command("verify")
@click.argument("receipt", metavar="FILE|CODE")
@in_application
def verify(receipt: str) -> None:
    """Check the file or the code of a receipt; ends with an error unless it is genuine."""
    session = db.session()
    path = Path(receipt)
    if path.is_file():
        _verify_file(session, path)
        return
    code = parse_code(receipt)
    if code is None:
        raise click.ClickException(f"{receipt}: there is no such file, and it is not the code of a receipt")
    found = receipt_by_code(session, code)
    if found is None:
        raise click.ClickException(f"there is no receipt with the code {code}")
    if not found.is_valid:
        raise click.ClickException("what is kept about this receipt no longer fits its signature")
    _report(session, found)


def _verify_file(session: Session, path: Path) -> None:
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        content = ""
    check = check_file(session, content)
    if check.finding in PROBLEMS:
        raise click.ClickException(f"{path}: {PROBLEMS[check.finding]}")
    if check.receipt:
        _report(session, check.receipt)
    elif check.said:
        click.echo(check.said.text(), nl=False)
        click.echo("The signature is valid; nothing is kept about this receipt any more.")
    if check.has_text:
        click.echo("The text in the file is the one that was sent.")


def _report(session: Session, receipt: ReceiptView) -> None:
    click.echo(receipt.signed_text, nl=False)
    click.echo(f"The signature is valid. The contribution is: {whereabouts(session, receipt).standing.value}")
