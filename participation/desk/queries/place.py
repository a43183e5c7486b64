"""Where one idea stands, for moderators: principles, field of action, answered elsewhere, bundle, messages."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.curation.bundling.queries import Surroundings, bundles_around
from participation.desk.queries.queue import PrincipleChoice, principle_choices
from participation.ideas.models import Idea
from participation.ideas.queries import principle_ids_of
from participation.moderation.curating.traces import current_pointer, target_of
from participation.multilingual import pick
from participation.principles.queries import fields_of
from participation.processes.outline import ProcessOutline


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field of action that an idea can belong to."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an idea stands and could stand; ``elsewhere`` is the number or address of where it is answered."""

    principle_ids: tuple[int, ...]
    principles: tuple[PrincipleChoice, ...]
    field_id: int | None
    fields: tuple[FieldChoice, ...]
    elsewhere: str
    bundles: Surroundings


def place_of(session: Session, process: ProcessOutline, idea: Idea, language: str) -> Place:
    """Return where an idea stands, in the words of ``language``."""
    return Place(
        principle_ids=tuple(principle_ids_of(session, [idea.id])[idea.id]),
        principles=principle_choices(session, process, language),
        field_id=idea.field_id,
        fields=tuple(
            FieldChoice(entry.id, pick(entry.title, language)) for entry in fields_of(session, process.framework_id)
        ),
        elsewhere=target_of(current_pointer(session, idea.id)),
        bundles=bundles_around(session, idea.id),
    )
