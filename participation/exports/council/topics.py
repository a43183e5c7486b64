"""Results by principle and field of action, by district and by the way ideas came in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.curation.models import Cluster, Filing
from participation.demographics.queries import characteristics_of
from participation.exports.council.document import Amounts, Stances, Theme, Topic
from participation.exports.council.naming import Names
from participation.exports.council.tallying import Sums, TopicSums
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.principles.queries import EntryView

MOST_THEMES = 3
Themes = Mapping[int, tuple[Theme, ...]]


def themes_by_principle(session: Session, process_id: int, language: str) -> Themes:
    """Return the most frequent themes among the ideas of each principle."""
    return _themes(session, process_id, IdeaPrinciple.principle_id, language)


def themes_by_field(session: Session, process_id: int, language: str) -> Themes:
    """Return the most frequent themes among the ideas of each field of action."""
    return _themes(session, process_id, Idea.field_id, language)


def topics(
    entries: Sequence[EntryView],
    sums: Mapping[int | None, TopicSums],
    themes: Themes,
    names: Names,
    *,
    language: str,
    shows_results: bool,
) -> tuple[Topic, ...]:
    """Return the results of each principle or field, in the order of the framework."""
    return tuple(
        _topic(place, entry, sums.get(entry.id, TopicSums()), themes, names, language, shows_results)
        for place, entry in enumerate(entries, start=1)
    )


def in_verdicts(sums: TopicSums) -> str:
    """Return what the votes on these ideas say, in one sentence."""
    if not sums.judged:
        return _("There are too few votes to say how its ideas are received.")
    return ngettext(
        "On %(agreed)s of %(num)s idea with enough votes a clear majority agrees, on %(rejected)s it disagrees.",
        "On %(agreed)s of %(num)s ideas with enough votes a clear majority agrees, on %(rejected)s it disagrees.",
        sums.judged,
        agreed=number(sums.agreed),
        rejected=number(sums.rejected),
    )


def channels(sums: Sums, *, shows_results: bool) -> tuple[Amounts, ...]:
    """Return how much came in by each way."""
    ways = {IdeaSource.ONLINE: _("On this platform"), IdeaSource.IMPORTED: _("Taken over from elsewhere")}
    return tuple(
        _amounts(label, sums.sources[source], shows_results=shows_results)
        for source, label in ways.items()
        if source in sums.sources
    )


def by_district(
    session: Session, framework_id: int, districts: Sequence[EntryView], sums: Sums, *, language: str, shows: bool
) -> tuple[tuple[Amounts, ...], str]:
    """Return how much each district has and what there is to say about that; ``shows`` votes where they may be seen."""
    if not any(entry.id in sums.districts for entry in districts):
        return (), ""
    expected = _expected(session, framework_id, districts, sums)
    rows = [
        _amounts(
            pick(entry.title, language),
            sums.districts.get(entry.id, TopicSums()),
            shows_results=shows,
            expected=expected.get(entry.id),
        )
        for entry in districts
    ]
    if None in sums.districts:
        rows.append(_amounts(_("No district named"), sums.districts[None], shows_results=shows))
    note = (
        _("The diamond shows how many ideas there would be if ideas were spread like residents.")
        if expected
        else _("How many people live in each district is not known here, so ideas cannot be held against it.")
    )
    return tuple(rows), f"{_('Ideas can name the district that they are about.')} {note}"


def _topic(
    place: int,
    entry: EntryView,
    sums: TopicSums,
    themes: Themes,
    names: Names,
    language: str,
    shows_results: bool,
) -> Topic:
    return Topic(
        number=place,
        title=pick(entry.title, language),
        ideas=sums.ideas,
        comments=sums.comments,
        stances=_stances(sums) if shows_results else None,
        verdict=in_verdicts(sums) if shows_results and sums.ideas else "",
        best=names.ranked(sums.best.ranked()) if shows_results else (),
        themes=themes.get(entry.id, ()),
    )


def _stances(sums: TopicSums) -> Stances | None:
    return Stances(agree=sums.agree, unsure=sums.unsure, disagree=sums.disagree) if sums.votes else None


def _amounts(label: str, sums: TopicSums, *, shows_results: bool, expected: float | None = None) -> Amounts:
    return Amounts(
        label=label,
        ideas=sums.ideas,
        comments=sums.comments,
        votes=sums.votes if shows_results else None,
        expected=expected,
    )


def _expected(
    session: Session, framework_id: int, districts: Sequence[EntryView], sums: Sums
) -> Mapping[int | None, float]:
    """Return how many ideas each district would have if those that name one were spread like residents."""
    keys = {entry.key for entry in districts}
    for characteristic in characteristics_of(session, framework_id):
        shares = {one.key: one.residents for one in characteristic.options if one.residents is not None}
        total = sum(shares.get(key, 0) for key in keys)
        if keys <= shares.keys() and total:
            located = sum(counted.ideas for key, counted in sums.districts.items() if key is not None)
            return {entry.id: located * shares[entry.key] / total for entry in districts}
    return {}


def _themes(session: Session, process_id: int, key: InstrumentedAttribute[Any], language: str) -> Themes:
    statement = (
        select(key, Cluster.id, func.count())
        .select_from(Idea)
        .join(Filing, Filing.idea_id == Idea.id)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .where(Filing.ended_at.is_(None), Cluster.removed_at.is_(None), key.is_not(None))
        .group_by(key, Cluster.id)
        .order_by(func.count().desc(), Cluster.id)
    )
    if key is IdeaPrinciple.principle_id:
        statement = statement.join(IdeaPrinciple, IdeaPrinciple.idea_id == Idea.id)
    found: dict[int, list[tuple[int, int]]] = {}
    for entry_id, cluster_id, count in session.execute(statement):
        if len(listed := found.setdefault(entry_id, [])) < MOST_THEMES:
            listed.append((cluster_id, count))
    wanted = {cluster_id for listed in found.values() for cluster_id, _count in listed}
    titles = {
        row.id: pick(row.title, language)
        for row in session.execute(select(Cluster.id, Cluster.title).where(Cluster.id.in_(wanted)))
    }
    return {
        entry_id: tuple(Theme(title=titles[cluster_id], ideas=count) for cluster_id, count in listed)
        for entry_id, listed in found.items()
    }
