"""The command line: everything that the city's IT does without a browser."""

import click

from participation.commands.accounts import account
from participation.commands.archive import archive
from participation.commands.database import check, migrate
from participation.commands.demo import demo
from participation.commands.export import export
from participation.commands.group import Commands, in_application
from participation.commands.groups import groups
from participation.commands.imports import deciding
from participation.commands.processes import framework, process
from participation.commands.provenance import provenance, provenance_verify
from participation.commands.receipts import receipts
from participation.commands.reference import reference
from participation.commands.search import reindex
from participation.commands.serve import serve, work
from participation.commands.similarity import similar, vectors
from participation.commands.suggest import suggest
from participation.commands.tally import tally, tally_verify
from participation.commands.translate import translate
from participation.curation.board.commands import filings_command
from participation.intake.commands import import_group

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Residents propose, discuss and vote on ideas for their city's strategy.

    Settings come from the environment: DATABASE_URL, SECRET_KEY, PUBLIC_URL, HOST, PORT and others, see config.py.
    """


for command in (
    account,
    archive,
    check,
    demo,
    export,
    framework,
    groups,
    migrate,
    process,
    provenance,
    provenance_verify,
    receipts,
    reference,
    reindex,
    serve,
    similar,
    suggest,
    tally,
    tally_verify,
    translate,
    vectors,
    work,
):
    main.add_command(command)


import_group.add_command(filings_command)
# The intake package lies below and knows nothing of how the application is made, nor of decisions and their grounds.
for imported in import_group.commands.values():
    if imported.callback:
        imported.callback = in_application(deciding(imported))
main.add_command(import_group, "import")
