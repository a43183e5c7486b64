"""What the pages of all steps have in common: where one is, what is saved, and since when it is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for

from participation.accounts.actor import Actor
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.moments import day, deadline, moment
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import GRACE, is_possible, may_write
from participation.proposing.policies import may_submit_draft
from participation.proposing.queries import DraftView
from participation.proposing.service import KEPT
from participation.proposing.steps import Step

STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class StepLink:
    """A step in the indicator; ``state`` is done, current or open, and ``url`` empty as long as there is no draft."""

    label: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of all steps show around their own part."""

    slug: str
    process_title: str
    process_url: str
    new_url: str
    steps: tuple[StepLink, ...]
    back_url: str
    next_url: str
    delete_url: str
    autosave_url: str
    saved: str
    kept_until: str
    closed_reason: str
    reasons_url: str
    grace_note: str
    open_until: str


def step_labels() -> dict[Step, str]:
    """Return what the steps are called."""
    return {
        Step.TEXT: _("Your idea"),
        Step.PRINCIPLES: _("Principles"),
        Step.DETAILS: _("Details"),
        Step.SIMILAR: _("Similar ideas"),
        Step.PREVIEW: _("Preview"),
    }


def step_url(slug: str, key: str, step: Step) -> str:
    """Return the address of a step of a draft."""
    return url_for(f"proposing.{step.value}", slug=slug, key=key)


def frame_of(
    actor: Actor,
    process: ProcessOutline,
    draft: DraftView | None,
    step: Step,
    now: datetime,
    *,
    preset: dict[str, Any] | None = None,
) -> Frame:
    """Return what stands around a step; without a draft it is the first one, whose address may carry a ``preset``."""
    slug, at = process.slug, STEPS.index(step)
    until = process.open_until(Capability.PROPOSE, now)

    def link(to: Step) -> str:
        return step_url(slug, draft.key, to) if draft else ""

    def action(name: str) -> str:
        return url_for(f"proposing.{name}", slug=slug, key=draft.key) if draft else ""

    return Frame(
        slug=slug,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        new_url=url_for("proposing.new", slug=slug),
        steps=_steps(draft, step, link),
        back_url=link(STEPS[at - 1]) if at else "",
        next_url=link(STEPS[at + 1]) if at + 1 < len(STEPS) else "",
        delete_url=action("delete"),
        autosave_url=url_for("proposing.autosave", slug=slug, **(preset or {})),
        saved=moment(draft.changed_at) if draft else "",
        kept_until=day(draft.changed_at + KEPT) if draft else "",
        closed_reason=_closed_reason(actor, process, draft, now),
        reasons_url=url_for("appeals.decisions") if actor.suspended_until(process.id, now) else "",
        grace_note=_grace_note(actor, process, draft, now),
        open_until=deadline(until) if until else "",
    )


def _steps(draft: DraftView | None, current: Step, link: Callable[[Step], str]) -> tuple[StepLink, ...]:
    labels = step_labels()
    at = STEPS.index(current)
    lacking = draft.gap if draft else Step.TEXT

    def state(number: int, step: Step) -> str:
        if step is current:
            return "current"
        return "done" if number < at and step is not lacking else "open"

    return tuple(StepLink(labels[step], link(step), state(number, step)) for number, step in enumerate(STEPS))


def _closed_reason(actor: Actor, process: ProcessOutline, draft: DraftView | None, now: datetime) -> str:
    """Return why nothing can be submitted any more or yet; empty where it can, or only a sign-in is missing."""
    if draft and may_submit_draft(actor, process, opened_at=draft.opened_at, now=now):
        return ""
    possible = is_possible(process, Capability.PROPOSE, now=now) and may_write(actor, process.id, now=now)
    return "" if possible else str(possible.reason)


def _grace_note(actor: Actor, process: ProcessOutline, draft: DraftView | None, now: datetime) -> str:
    """Return until when a draft can still be submitted though proposing has ended."""
    ended = process.closed_since(Capability.PROPOSE, now)
    if draft is None or ended is None or process.is_open(Capability.PROPOSE, now):
        return ""
    if not may_submit_draft(actor, process, opened_at=draft.opened_at, now=now):
        return ""
    return _(
        "Proposing ideas has just ended. Because you began before, you can still submit this one until %(moment)s.",
        moment=moment(ended + GRACE),
    )
