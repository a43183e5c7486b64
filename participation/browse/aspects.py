"""What an idea touches beside the principles, in words: whom it serves, which basic service, which goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy.orm import Session

from participation.browse.surroundings import aspects_around
from participation.ideas.queries import aspect_ids_of
from participation.multilingual import lazy as _l
from participation.multilingual import pick
from participation.principles.models import AspectKind
from participation.processes.outline import ProcessOutline

KINDS: Mapping[AspectKind, Any] = {
    AspectKind.BENEFICIARY: _l("Who benefits"),
    AspectKind.BASIC_SERVICE: _l("Basic service"),
    AspectKind.GOAL: _l("Sustainability goal"),
}


@dataclass(frozen=True, slots=True)
class AspectFact:
    """All aspects of one kind that an idea touches, as one line of its facts."""

    label: str
    titles: str


def aspect_facts(session: Session, process: ProcessOutline, idea_id: int) -> tuple[AspectFact, ...]:
    """Return what an idea touches, kind by kind; kinds without anything are left out."""
    chosen = aspect_ids_of(session, idea_id)
    if not chosen:
        return ()
    titles: dict[AspectKind, list[str]] = {kind: [] for kind in KINDS}
    for aspect in aspects_around(process):
        if aspect.id in chosen:
            title = pick(aspect.title, g.language)
            titles[aspect.kind].append(f"{aspect.key}. {title}" if aspect.key.isdecimal() else title)
    return tuple(AspectFact(str(label), ", ".join(titles[kind])) for kind, label in KINDS.items() if titles[kind])
