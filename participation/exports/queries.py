"""Reading a process as the input for its strategy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.queries import ClusterView, clusters_of
from participation.exports import figures as counted
from participation.exports.answers import answer_rows, measure_rows, referral_rows
from participation.exports.assessments import assessment_rows
from participation.exports.bundles import bundled_rows
from participation.exports.clusters import cluster_rows
from participation.exports.code_words import code_words
from participation.exports.decisions import decision_rows
from participation.exports.document import FieldRow, PhaseRow, PrincipleRow, StrategyInput
from participation.exports.filings import filing_rows
from participation.exports.moments import to_the_second
from participation.exports.options import Options
from participation.exports.rows import Surroundings, comment_rows, idea_rows
from participation.exports.spoken import spoken_in
from participation.exports.statement_rows import Sources, published_sources, statement_rows, statements_on
from participation.exports.translations import has_translations, translation_rows
from participation.exports.votes import vote_rows
from participation.exports.wording import Words, labels, words
from participation.kit import clock
from participation.kit.permissions import require
from participation.moderation.terms import terms
from participation.multilingual import direction, language_name, pick
from participation.principles.queries import (
    AspectView,
    EntryView,
    FrameworkView,
    aspects_of,
    districts_of,
    fields_of,
    framework,
)
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.policies import may_export


def _nowhere(_id: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a document says about the installation it comes from: the city, its time zone, addresses of pages.

    ``languages`` are those of the interface, in which editorial texts may stand.
    """

    city: str
    timezone: str
    idea_url: Callable[[int], str]
    statement_url: Callable[[int], str] = _nowhere
    url: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What several parts of the document rest on."""

    process: ProcessOutline
    language: str
    now: datetime
    said: Words
    rules: FrameworkView
    titles: dict[int, str]
    fields: tuple[EntryView, ...]
    clusters: list[ClusterView]
    sources: list[Sources]
    shows_results: bool
    points_phase: int | None


def strategy_input(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    language: str,
    now: datetime,
    place: Place,
    options: Options | None = None,
) -> StrategyInput:
    """Return everything public about a process as one document in ``language``.

    The long lists are read from ``session`` while they are written, so it must stay open and, for figures that agree
    with each other, see one moment throughout. Needs an application context for the words; raises ``Refused`` when
    ``actor`` may not export.
    """
    require(may_export(actor, process.id))
    found = _found(session, process, language, now)
    given = process.phase_for(Capability.PRIORITISE, now)
    chosen = options or Options()
    document = StrategyInput(
        process_id=str(process.id),
        slug=process.slug,
        url=place.url,
        process_title=pick(process.title, language),
        title_in=process.title,
        question=pick(process.question, language),
        question_in=process.question,
        city=place.city,
        language=language,
        languages={code: language_name(code, shown_in=language) for code in place.languages},
        dir="rtl" if direction(language) == "rtl" else "ltr",
        timezone=place.timezone,
        generated_at=to_the_second(now),
        number=process.paper_number if chosen.number is None else chosen.number,
        source_note=_source_note(process, found.rules, found.said, language),
        method_note=_method_note(found.said, shows_results=found.shows_results, has_points=given is not None),
        has_points=given is not None,
        shows_results=found.shows_results,
        options=chosen,
        labels=labels(language),
        figures=counted.totals(session, process.id),
        phases=_phase_rows(process, language),
        principles=_principle_rows(session, found),
        fields=_field_rows(session, found),
        statements=statement_rows(
            session,
            found.sources,
            found.titles,
            language,
            found.said,
            shows_results=found.shows_results,
            url=place.statement_url,
        ),
        clusters=cluster_rows(session, found.clusters, language, shows_results=found.shows_results),
        assessments=assessment_rows(session, process, found.said, language),
        has_translations=has_translations(session, process.id, language),
        **_streams(session, found, place),
    )
    return replace(document, spoken=spoken_in(session, process.id, document))


def _phase_rows(process: ProcessOutline, language: str) -> tuple[PhaseRow, ...]:
    return tuple(
        PhaseRow(
            title=pick(phase.title, language), title_in=phase.title, starts_at=phase.starts_at, ends_at=phase.ends_at
        )
        for phase in process.phases
    )


def _found(session: Session, process: ProcessOutline, language: str, now: datetime) -> _Found:
    rules = framework(session, process.framework_id)
    clusters = clusters_of(session, process.id)
    shows_results = bool(may_see_results(process, now=now))
    given = process.phase_for(Capability.PRIORITISE, now)
    return _Found(
        process=process,
        language=language,
        now=now,
        said=words(language),
        rules=rules,
        titles=_titles(rules.principles, language),
        fields=fields_of(session, process.framework_id),
        clusters=clusters,
        sources=published_sources(session, process.id, (cluster.id for cluster in clusters)),
        shows_results=shows_results,
        points_phase=given.id if given and shows_results else None,
    )


def _streams(session: Session, found: _Found, place: Place) -> dict[str, Any]:
    """Return the parts that grow with what people contribute, each read anew whenever it is called."""
    process_id, language, shown = found.process.id, found.language, found.shows_results
    zone = clock.zone(place.timezone)
    today, settled_before = found.now.astimezone(zone).date(), found.now - terms().undo
    codes = code_words(language)
    around = Surroundings(
        process_id=process_id,
        words=found.said,
        principles=found.titles,
        districts=_titles(districts_of(session, found.process.framework_id), language),
        fields=_titles(found.fields, language),
        aspects=_titles(aspects_of(session, found.process.framework_id), language),
        language=language,
        statements_on=statements_on(found.sources, found.clusters),
        shows_results=shown,
        points_phase=found.points_phase,
        idea_url=place.idea_url,
    )
    cluster_ids = [cluster.id for cluster in found.clusters]
    return {
        "ideas": lambda: idea_rows(session, around),
        "votes": lambda: vote_rows(session, process_id, shows_results=shown, points_phase=found.points_phase),
        "comments": lambda: comment_rows(session, around),
        "decisions": lambda: decision_rows(session, process_id, codes, zone=zone, settled_before=settled_before),
        "filings": lambda: filing_rows(session, cluster_ids, codes),
        "bundles": lambda: bundled_rows(session, process_id, found.said, language, shows_results=shown),
        "answers": lambda: answer_rows(session, process_id, found.said, language, today=today),
        "measures": lambda: measure_rows(session, process_id, codes, language, today=today),
        "referrals": lambda: referral_rows(session, process_id, today=today),
        "translations": lambda: translation_rows(session, process_id, found.said),
    }


def _titles(entries: Iterable[EntryView | AspectView], language: str) -> dict[int, str]:
    return {entry.id: pick(entry.title, language) for entry in entries}


def _source_note(process: ProcessOutline, rules: FrameworkView, said: Words, language: str) -> str:
    principles = f"{said.principles_from} {pick(rules.title, language)}"
    if reference := rules.source.get("reference"):
        principles += f" ({reference})"
    own = (pick(text, language) for text in (process.licence, process.advice, process.next_step))
    return "\n".join(line for line in (*own, principles) if line)


def _method_note(said: Words, *, shows_results: bool, has_points: bool) -> str:
    points = (said.points,) if has_points else ()
    counted = (said.published_only, said.participants, said.stances, *points, said.few, said.statements, said.bundles)
    sentences = (*counted, said.order, said.one_moment)
    return "\n".join(sentences if shows_results else (*sentences, said.hidden))


def _principle_rows(session: Session, found: _Found) -> tuple[PrincipleRow, ...]:
    named = counted.ideas_by_principle(session, found.process.id)
    return tuple(
        PrincipleRow(
            id=str(principle.id),
            number=number,
            title=found.titles[principle.id],
            title_in=principle.title,
            ideas=named.get(principle.id, 0),
        )
        for number, principle in enumerate(found.rules.principles, start=1)
    )


def _field_rows(session: Session, found: _Found) -> tuple[FieldRow, ...]:
    named = counted.ideas_by_field(session, found.process.id)
    return tuple(
        FieldRow(
            id=str(one.id),
            number=number,
            title=pick(one.title, found.language),
            title_in=one.title,
            ideas=named.get(one.id, 0),
        )
        for number, one in enumerate(found.fields, start=1)
    )
