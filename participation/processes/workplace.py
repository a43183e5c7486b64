"""The frame of every desk page: which process it is about and where its actor may go from there."""

from dataclasses import dataclass

from participation.accounts.actor import Actor
from participation.multilingual import Phrase, phrase
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline
from participation.processes.policies import DeskRights, desk_rights


@dataclass(frozen=True, slots=True)
class Workplace:
    """A process as the head of a desk page shows it."""

    process_id: int
    slug: str
    title: Phrase
    state: ProcessState
    rights: DeskRights


def workplace(actor: Actor, process: ProcessOutline, language: str) -> Workplace:
    """Return the frame of the desk pages about ``process`` for ``actor``."""
    return Workplace(
        process_id=process.id,
        slug=process.slug,
        title=phrase(process.title, language),
        state=process.state,
        rights=desk_rights(actor, process.id),
    )
