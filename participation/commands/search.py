"""Commands about the search: writing its index anew."""

import click

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.ideas.search import index_ideas, to_index
from participation.kit.db import db, transaction
from participation.wordings import searching

BATCH = 50
"""Ideas indexed in one transaction, so that nobody waits for long to write."""


def index_in_batches(process_id: int | None = None, *, missing: bool = False) -> int:
    """Index the ideas of a process, or of all, and return how many; ``missing`` leaves out those in the index."""
    count, last = 0, 0
    while True:
        with transaction() as session:
            ids = to_index(session, after=last, most=BATCH, process_id=process_id, missing=missing)
            if not ids:
                return count
            index_ideas(session, ids)
        count, last = count + len(ids), ids[-1]


def index_wordings_in_batches(process_id: int | None = None, *, missing: bool = False) -> int:
    """Index the shown wordings of a process, or of all, and return how many; what is not shown any more is dropped."""
    count, last = 0, 0
    while True:
        with transaction() as session:
            if searching.forget_left_over(session, most=BATCH):
                continue
            ids = searching.to_index(session, after=last, most=BATCH, process_id=process_id, missing=missing)
            if not ids:
                return count
            searching.index(session, ids)
        count, last = count + len(ids), ids[-1]


@click.command()
@click.argument("process", required=False)
@in_application
def reindex(process: str | None) -> None:
    """Write the search index anew, of one process or of all; harmless at any time."""
    process_id = process_named(db.session(), process).id if process else None
    count = index_in_batches(process_id)
    wordings = index_wordings_in_batches(process_id)
    also = f" and {wordings:,} wording{'' if wordings == 1 else 's'} in other languages" if wordings else ""
    click.echo(f"The search index was written for {count:,} idea{'' if count == 1 else 's'}{also}.")
