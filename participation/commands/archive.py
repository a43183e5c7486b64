"""A whole process as one encrypted file: writing it, checking it, reading it into an empty installation."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor
from participation.archive.keys import Keys, Lock, key_path, lock_for, lock_with_passphrase, new_lock, read_passphrase
from participation.archive.problems import ArchiveProblem
from participation.commands.database import is_up_to_date
from participation.commands.group import OUTDATED, in_application
from participation.commands.processes import process_named
from participation.commands.tally import breaks
from participation.intake.commands import show_progress
from participation.kit import clock
from participation.kit.db import begin_snapshot, db
from participation.processes.queries import account_id_by_email, grants_of, process_by_id
from participation.provenance.verify import provenance_breaks

PATH = click.Path(path_type=Path, dir_okay=False)

passphrase_file = click.option(
    "--passphrase-file", type=PATH, metavar="FILE", help="The passphrase, in the first line of this file."
)
key_file = click.option("--key", type=PATH, metavar="FILE", help="The key; usually it lies beside the archive.")
archive_file = click.argument("file", type=PATH)


@click.group()
def archive() -> None:
    """A whole process as one encrypted file."""


@archive.command("write")
@click.argument("process")
@archive_file
@passphrase_file
@click.option(
    "--recipient", "recipients", multiple=True, metavar="age1…", help="Whose key opens it; may be given more than once."
)
@click.option("--with-addresses", is_flag=True, help="With the e-mail addresses of people; needs --as and --because.")
@click.option("--as", "admin", metavar="EMAIL", help="The admin who decides that addresses go along.")
@click.option("--because", "reason", metavar="TEXT", default="", help="Why they have to.")
@in_application
def write(
    process: str,
    file: Path,
    passphrase_file: Path | None,
    recipients: tuple[str, ...],
    *,
    with_addresses: bool,
    admin: str | None,
    reason: str,
) -> None:
    """Write everything that belongs to a process into FILE, encrypted.

    Closed with a passphrase (--passphrase-file or ARCHIVE_PASSPHRASE), for --recipient, or else with a key that is
    written to FILE.key. Addresses stay here unless an admin says why not; passwords always do.
    """
    from participation.archive.writing import WriteOrder, write_archive

    with _one_line_errors():
        _check_up_to_date()
        if not file.resolve().parent.is_dir():
            raise click.ClickException(f"there is no folder {file.parent}")
        if (admin or reason) and not with_addresses:
            raise click.UsageError("--as and --because go with --with-addresses")
        session = db.session()
        process_id = process_named(session, process).id
        actor = _admin(session, admin) if with_addresses else SYSTEM
        session.rollback()
        lock = _lock(passphrase_file, recipients)
        order = WriteOrder(process_id=process_id, path=file, lock=lock, has_addresses=with_addresses, reason=reason)
        with show_progress("archive") as progress:
            written = write_archive(actor, order, now=clock.now(), progress=progress)
    files = f"{written.files} file{'' if written.files == 1 else 's'}"
    click.echo(f"{file}: {written.rows:,} rows, {files}, {written.bytes:,} bytes; manifest {written.sha256}")
    if lock.beside:
        click.echo(
            f"{key_path(file)} opens it. Keep the two apart: whoever has both reads everything, without the key nobody"
            " reads anything.",
            err=True,
        )


@archive.command("verify")
@archive_file
@key_file
@passphrase_file
def verify(file: Path, key: Path | None, passphrase_file: Path | None) -> None:
    """Check an archive from beginning to end, without a database."""
    # The tables are known once everything has been loaded.
    import participation.app  # noqa: F401  # imported for what it loads
    from participation.archive.verifying import verify_archive

    with _one_line_errors(), show_progress("archive") as progress:
        found = verify_archive(file, _keys(key, passphrase_file), progress=progress)
    head = found.head
    click.echo(f"{head.process} as of {head.written_at[:16]} UTC, written by version {head.product}")
    click.echo(f"{'With' if head.has_addresses else 'Without'} addresses of people")
    for entry in found.manifest.tables:
        if entry.rows:
            click.echo(f"  {entry.name}: {entry.rows:,}")
    click.echo(f"  files: {len(found.manifest.files)}")
    click.echo(f"All is well; manifest {found.sha256}")
    if found.advice:
        click.echo(found.advice, err=True)


@archive.command("read")
@archive_file
@key_file
@passphrase_file
@in_application
def read(file: Path, key: Path | None, passphrase_file: Path | None) -> None:
    """Read an archive into an empty installation, all of it or nothing; then verify what came."""
    from participation.archive.reading import read_archive

    with _one_line_errors():
        _check_up_to_date()
        keys = _keys(key, passphrase_file)
        found = read_archive(SYSTEM, file, keys, now=clock.now(), show=show_progress)
    click.echo(f"{found.slug}: {found.rows:,} rows, {found.files} file{'' if found.files == 1 else 's'}")
    _verify(found.process_id)


def _verify(process_id: int) -> None:
    """Recompute the votes and the way from statements to their sources; raises ``ClickException`` for breaks."""
    session = db.session()
    begin_snapshot(session)
    process = process_by_id(session, process_id)
    wrong = list(breaks(session, process))
    wrong += [one.sentence for one in provenance_breaks(session, process, now=clock.now(), with_log=False)]
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        many = f"{len(wrong)} break{'' if len(wrong) == 1 else 's'}"
        raise click.ClickException(f"everything was read, but there {'is' if len(wrong) == 1 else 'are'} {many} in it")
    click.echo("All is well: rows, files, votes, and the way from each statement to its sources.")


def _check_up_to_date() -> None:
    if not is_up_to_date():
        raise click.ClickException(OUTDATED)


def _admin(session: Session, email: str | None) -> Actor:
    if not email:
        raise click.UsageError("--with-addresses needs --as EMAIL, the admin who decides that, and --because TEXT")
    account_id = account_id_by_email(session, email)
    if account_id is None:
        raise click.ClickException(f"there is no account for {email}")
    return Actor(account_id, email, grants_of(session, account_id))


def _lock(path: Path | None, recipients: tuple[str, ...]) -> Lock:
    if recipients and path:
        raise click.UsageError("either --recipient or a passphrase, not both")
    if recipients:
        return lock_for(recipients)
    words = _passphrase(path)
    return lock_with_passphrase(words) if words else new_lock()


def _keys(key: Path | None, path: Path | None) -> Keys:
    if key and path:
        raise click.UsageError("either --key or a passphrase, not both")
    return Keys(_passphrase(path), key)


def _passphrase(path: Path | None) -> str:
    return read_passphrase(path) if path else os.environ.get("ARCHIVE_PASSPHRASE", "")


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Let whatever is wrong with an archive be an error of one line."""
    try:
        yield
    except ArchiveProblem as problem:
        raise click.ClickException(str(problem)) from None
