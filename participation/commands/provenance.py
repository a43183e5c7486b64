"""The provenance of a process on the command line, and the check that nothing in it is broken."""

import json
from typing import Any

import click
from flask import current_app
from sqlalchemy.orm import Session

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import begin_snapshot, db
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.provenance.lineage import Lineage
from participation.provenance.prov import places_of, prov_document
from participation.provenance.queries import lineage_of_idea, lineage_of_process, lineage_of_statement
from participation.provenance.tree import Tree, idea_tree, process_trees, statement_tree, tree_lines
from participation.provenance.verify import provenance_breaks

LANGUAGE = "en"


@click.command()
@click.argument("process")
@click.option("--statement", type=int, metavar="NUMBER", help="Only this statement, down to its ideas and votes.")
@click.option("--idea", type=int, metavar="NUMBER", help="Only this idea, up to what became of it.")
@click.option("--json", "as_json", is_flag=True, help="As W3C PROV-JSON.")
@in_application
def provenance(process: str, statement: int | None, idea: int | None, *, as_json: bool) -> None:
    """Show what leads to what: from statements down to ideas and votes, from ideas up to answers and measures.

    Only what is public: what was hidden, withdrawn or erased stands there without a word of it.
    """
    if statement is not None and idea is not None:
        raise click.UsageError("either a statement or an idea, not both")
    session = db.session()
    begin_snapshot(session)
    outline = process_named(session, process)
    lineage = _lineage(session, outline, statement, idea)
    if as_json:
        places = places_of(current_app.config["PUBLIC_URL"], current_app.config["BABEL_DEFAULT_LOCALE"], outline.slug)
        click.echo(json.dumps(prov_document(lineage, places), ensure_ascii=False, indent=2))
        return
    if statement is not None:
        trees: tuple[Tree, ...] = (statement_tree(lineage, statement, LANGUAGE),)
    elif idea is not None:
        trees = (idea_tree(lineage, idea, LANGUAGE),)
    else:
        trees = process_trees(lineage, LANGUAGE)
    for line in tree_lines(trees):
        click.echo(line)


@click.command("provenance-verify")
@click.argument("process")
@click.option("--log", "with_log", is_flag=True, help="Also hold the votes against the log that was released.")
@click.option("--json", "as_json", is_flag=True, help="Every break as JSON.")
@in_application
def provenance_verify(process: str, *, with_log: bool, as_json: bool) -> None:
    """Check the whole chain from statements down to votes and up to measures; name each break."""
    session = db.session()
    begin_snapshot(session)
    outline = process_named(session, process)
    found: list[dict[str, Any]] = []
    for one in provenance_breaks(session, outline, now=clock.now(), with_log=with_log):
        found.append({"break": one.kind.value, "about": dict(one.about), "sentence": one.sentence})
        if not as_json:
            click.echo(f"{one.kind.value}: {one.sentence}")
    if as_json:
        click.echo(json.dumps({"process": process, "breaks": found}, ensure_ascii=False, indent=2))
    if found:
        raise click.ClickException(f"{len(found)} break{'' if len(found) == 1 else 's'}")
    if not as_json:
        click.echo("All is well: every sentence leads to its ideas and votes, and every idea to what became of it.")


def _lineage(session: Session, process: ProcessOutline, statement: int | None, idea: int | None) -> Lineage:
    now = clock.now()
    try:
        if statement is not None:
            return lineage_of_statement(session, process, statement, now=now)
        if idea is not None:
            return lineage_of_idea(session, process, idea, now=now)
    except Missing:
        what = f"statement {statement}" if statement is not None else f"idea {idea}"
        raise click.ClickException(f"there is no public {what} in this process") from None
    return lineage_of_process(session, process, now=now)
