"""Processes and their principles."""

from typing import Any, Literal

from flask import g

from participation.api.addresses import data_url, reader_url, wording
from participation.api.blueprint import PREFIX, reading, visible_process
from participation.api.shapes import (
    Entry,
    Phase,
    Principle,
    PrincipleList,
    ProcessDetail,
    ProcessItem,
    ProcessLinks,
    ProcessList,
    Wording,
)
from participation.kit import clock
from participation.kit.db import db
from participation.kit.schema import Translated
from participation.listings.names import Entry as NamedEntry
from participation.listings.names import entries_of
from participation.multilingual import phrase
from participation.principles.queries import principles_of
from participation.processes.models import ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.queries import all_processes

PROCESS = f"{PREFIX}/processes/<slug>"
LISTS = ("principles", "ideas", "comments", "votes", "clusters", "bundles", "statements")


@reading(f"{PREFIX}/processes", ProcessList, finds=False)
def processes(_asked: dict[str, Any]) -> ProcessList:
    """Return the public processes, the newest first."""
    return ProcessList(tuple(_item(outline) for outline in all_processes(db.session()) if outline.opens_data))


@reading(PROCESS, ProcessDetail)
def process(_asked: dict[str, Any], slug: str) -> ProcessDetail:
    """Return a process with its phases."""
    outline = visible_process(slug)
    entries = entries_of(db.session(), outline.framework_id)
    return ProcessDetail(
        slug=slug,
        title=said(outline.title),
        question=said(outline.question),
        summary=said(outline.summary),
        advice=said(outline.advice),
        next_step=said(outline.next_step),
        licence=said(outline.licence),
        data_licence=outline.data_licence,
        state=_state(outline),
        results_hidden=not may_see_results(outline, now=clock.now()),
        phases=tuple(_phase(one) for one in outline.phases),
        fields=tuple(_entry(one) for one in entries.fields),
        districts=tuple(_entry(one) for one in entries.districts),
        links=ProcessLinks(**{name: data_url(name, slug=slug) for name in LISTS}),
        url=data_url("process", slug=slug),
        page_url=reader_url("browse.process", slug=slug),
    )


@reading(f"{PROCESS}/principles", PrincipleList)
def principles(_asked: dict[str, Any], slug: str) -> PrincipleList:
    """Return the principles of a process."""
    outline = visible_process(slug)
    entries = principles_of(db.session(), outline.framework_id)
    return PrincipleList(
        tuple(
            Principle(
                key=one.key,
                number=number,
                title=said(one.title),
                explanation=said(one.explanation),
                ideas_url=data_url("ideas", slug=slug, principle=one.key),
                page_url=reader_url("leitbild.principle", slug=slug, principle_key=one.key),
            )
            for number, one in enumerate(entries, start=1)
        )
    )


def said(text: Translated) -> Wording:
    """Return an editorial text in the language of the answer, or in the best other one."""
    return wording(phrase(text, g.language))


def _item(outline: ProcessOutline) -> ProcessItem:
    phases = outline.phases
    return ProcessItem(
        slug=outline.slug,
        title=said(outline.title),
        question=said(outline.question),
        summary=said(outline.summary),
        state=_state(outline),
        starts_at=min((one.starts_at for one in phases), default=None),
        ends_at=max((one.ends_at for one in phases), default=None),
        url=data_url("process", slug=outline.slug),
        page_url=reader_url("browse.process", slug=outline.slug),
    )


def _state(outline: ProcessOutline) -> Literal["published", "archived"]:
    return "archived" if outline.state is ProcessState.ARCHIVED else "published"


def _phase(one: PhaseOutline) -> Phase:
    allows: Any = tuple(sorted(capability.value for capability in one.allows))
    return Phase(one.kind, said(one.title), said(one.description), one.starts_at, one.ends_at, allows)


def _entry(one: NamedEntry) -> Entry:
    return Entry(one.key, said(one.title))
