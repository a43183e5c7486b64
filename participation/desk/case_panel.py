"""One case as the desk shows it: everything about it, what can be decided, and the words for that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.desk.queries.queue import CasePage, QueuePage, case_page
from participation.kit.forms import opened_now
from participation.moderation.grounds import GroundKind, grounds
from participation.moderation.policies import possible_kinds
from participation.moderation.queue.whereabouts import Whereabouts
from participation.moderation.terms import SUSPENSION_DAYS
from participation.moderation.text_blocks.service import blocks_for
from participation.moderation.words import ground_label
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline

ENDPOINTS = {"idea": "ideas", "comment": "comments", "addendum": "addenda"}


@dataclass(frozen=True, slots=True)
class BlockChoice:
    """A saved text that a moderator can put into a reason; ``ground`` is the rule or law that it is about."""

    id: int
    title: str
    text: Phrase
    ground: str


@dataclass(frozen=True, slots=True)
class GroundChoice:
    """A rule or law that a decision can rest on."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class CasePanel:
    """A case with what can be done about it; ``kinds`` are the values of the decisions that are possible now."""

    page: CasePage
    where: Whereabouts
    kinds: frozenset[str]
    blocks: tuple[BlockChoice, ...]
    rules: tuple[GroundChoice, ...]
    laws: tuple[GroundChoice, ...]
    days: tuple[int, ...]
    opened: str
    now: datetime

    @property
    def plural(self) -> str:
        """The kind of contribution as it stands in addresses."""
        return ENDPOINTS[self.page.item.subject_kind.value]


def case_panel(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    case_id: int,
    where: Whereabouts,
    language: str,
    now: datetime,
    beside: QueuePage | None = None,
) -> CasePanel:
    """Return one case of ``process``, alone or ``beside`` a page of the queue; raises ``Missing``."""
    page = case_page(session, actor, process, case_id=case_id, language=language, now=now, beside=beside)
    item = page.item
    return CasePanel(
        page=page,
        where=where,
        kinds=frozenset(kind.value for kind in possible_kinds(actor, process.id, item.subject_kind, item.state)),
        blocks=block_choices(session, process.id, language),
        rules=ground_choices(GroundKind.RULE, language),
        laws=ground_choices(GroundKind.LAW, language),
        days=SUSPENSION_DAYS,
        opened=opened_now(),
        now=now,
    )


def block_choices(session: Session, process_id: int, language: str) -> tuple[BlockChoice, ...]:
    """Return the saved texts of a process as they read in ``language``."""
    return tuple(
        BlockChoice(block.id, block.title, phrase(block.texts, language), block.ground)
        for block in blocks_for(session, process_id)
    )


def ground_choices(kind: GroundKind, language: str) -> tuple[GroundChoice, ...]:
    """Return the rules, or the laws, that a decision can rest on."""
    return tuple(
        GroundChoice(ground.key, str(ground_label(ground.key, language))) for ground in grounds() if ground.kind is kind
    )
