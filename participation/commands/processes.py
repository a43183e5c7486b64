"""Commands about frameworks and processes."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.commands.group import in_application
from participation.demographics.catalogue import import_catalogue
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Missing
from participation.kit.schema import Translated
from participation.principles.models import Framework
from participation.principles.queries import framework_id_by_key
from participation.principles.service import LISTS, read_catalogue
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes, process_by_slug, process_id_by_slug
from participation.processes.service import PhaseDraft, ProcessDraft, create_process, set_phases

BUNDLED = Path(__file__).resolve().parents[1] / "principles" / "catalogues" / "dortmund.yaml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LONGEST = 60

ADVICE = {
    "de": "Das Ergebnis ist eine Empfehlung der Bürger*innen. Entscheiden wird der Rat.",
    "en": "The result is advice from residents. The council will decide.",
}
NEXT_STEP = {
    "de": "Nach der Auswertung geht das Ergebnis an den Rat, der öffentlich darüber berät.",
    "en": "After the evaluation the result goes to the council, which discusses it in public.",
}
LICENCE = {
    "de": "Beiträge stehen unter der Lizenz Creative Commons Namensnennung 4.0 (CC BY 4.0). Namen sind Pseudonyme.",
    "en": "Contributions are under the licence Creative Commons Attribution 4.0 (CC BY 4.0). Names are pseudonyms.",
}
PHASE = {"de": "Mitmachen", "en": "Take part"}
PHASE_TEXT = {
    "de": "Ideen vorschlagen, darüber sprechen und abstimmen.",
    "en": "Propose ideas, talk about them and vote.",
}


def process_named(session: Session, slug: str) -> ProcessOutline:
    """Return the process at this address; raises ``ClickException`` naming those that exist."""
    try:
        return process_by_slug(session, slug)
    except Missing:
        known = ", ".join(process.slug for process in all_processes(session, with_drafts=True)) or "none yet"
        raise click.ClickException(f"there is no process {slug!r}; there are: {known}") from None


@click.group()
def framework() -> None:
    """What the council adopted: principles, criteria, values."""


@framework.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@in_application
def import_(file: Path) -> None:
    """Import a framework, or a newer version of it."""
    catalogue = read_catalogue(file)
    with transaction() as session:
        key = import_catalogue(session, SYSTEM, catalogue=catalogue).key
    counts = ", ".join(f"{len(catalogue.get(name, []))} {name.replace('_', ' ')}" for name in LISTS)
    click.echo(f"{key}: {counts}")


@click.group()
def process() -> None:
    """Participation processes."""


@process.command("create")
@click.argument("slug")
@click.option("--title", required=True, help="Title in German.")
@click.option("--title-en", default="", help="Title in English.")
@click.option("--question", default="", help="The question that is asked, in German.")
@click.option("--question-en", default="", help="The question that is asked, in English.")
@click.option("--framework", "key", help="Key of the framework; without it the first one, or the one that comes along.")
@click.option("--open-days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How long it is open.")
@click.option("--draft", is_flag=True, help="Only make it; an admin opens it on its page.")
@in_application
def create(
    slug: str, title: str, title_en: str, question: str, question_en: str, key: str | None, open_days: int, draft: bool
) -> None:
    """Make a process that is open from now on."""
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LONGEST:
        raise click.ClickException(f"{slug!r} cannot be part of an address: use a-z, 0-9 and single hyphens")
    now = clock.now()
    titles = _translated(title, title_en)
    content = ProcessDraft(
        slug=slug,
        title=titles,
        question=_translated(question, question_en) or titles,
        summary={},
        advice=ADVICE,
        next_step=NEXT_STEP,
        licence=LICENCE,
        state=ProcessState.DRAFT if draft else ProcessState.PUBLISHED,
        hides_results=False,
    )
    with transaction() as session:
        if process_id_by_slug(session, slug):
            raise click.ClickException(f"there is a process {slug!r} already")
        made = create_process(session, SYSTEM, framework_id=_framework(session, key), draft=content, now=now)
        if not draft:
            set_phases(session, SYSTEM, process_id=made.id, phases=[_open_phase(now, open_days)], now=now)
    click.echo(f"{slug}: {'draft' if draft else f'open until {now + timedelta(days=open_days):%Y-%m-%d}'}")


@process.command("list")
@in_application
def list_() -> None:
    """List processes with what is possible in them now."""
    now = clock.now()
    for one in all_processes(db.session(), with_drafts=True):
        possible = [capability.value for capability in Capability if one.is_open(capability, now)]
        click.echo(f"{one.slug}\t{one.state.value}\t{', '.join(possible) or 'closed'}\t{one.title.get('de', '')}")


def _translated(german: str, english: str) -> Translated:
    return {code: text.strip() for code, text in (("de", german), ("en", english)) if text.strip()}


def _open_phase(now: datetime, days: int) -> PhaseDraft:
    return PhaseDraft(
        kind=PhaseKind.PROPOSE,
        title=PHASE,
        description=PHASE_TEXT,
        starts_at=now,
        ends_at=now + timedelta(days=days),
        allows=frozenset({Capability.PROPOSE, Capability.COMMENT, Capability.VOTE}),
        review_first=False,
    )


def _framework(session: Session, key: str | None) -> int:
    try:
        return framework_id_by_key(session, key)
    except Missing:
        if key:
            known = ", ".join(session.scalars(select(Framework.key))) or "none yet"
            raise click.ClickException(f"there is no framework {key!r}; there are: {known}") from None
        return import_catalogue(session, SYSTEM, catalogue=read_catalogue(BUNDLED)).id
