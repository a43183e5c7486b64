"""What moderators changed about where an idea stands, in its history: from where to where, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from participation.browse.surroundings import names_around
from participation.ideas.queries import public_titles
from participation.kit.outside import host_of
from participation.listings.names import Names
from participation.moderation.curating.traces import Trace, traces_of
from participation.moderation.models import DecisionKind
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.outline import ProcessOutline


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was changed, in words: what it was before and what it is since."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TraceItem:
    """One decision that put the idea somewhere; ``place`` is a link where it says that the answer stands elsewhere."""

    label: str
    when: str
    changes: tuple[Change, ...]
    place: str
    url: str
    reason: str


def traces_part(session: Session, process: ProcessOutline, idea_id: int) -> tuple[TraceItem, ...]:
    """Return what moderators did about where an idea stands, the latest first."""
    traces = traces_of(session, idea_id)
    pointed = {trace.details["idea"] for trace in traces if "idea" in trace.details}
    public = public_titles(session, process.id, pointed) if pointed else {}
    names = names_around(process) if traces else None
    return tuple(_item(process, trace, names, public) for trace in traces if names)


def _item(process: ProcessOutline, trace: Trace, names: Names, public: Mapping[int, Any]) -> TraceItem:
    if trace.kind is DecisionKind.MOVE:
        label, place, url = _("Put into another place"), "", ""
    else:
        label = _("Marked as answered elsewhere") if trace.details else _("Not answered elsewhere any more")
        place, url = _place(process, trace.details, public)
    return TraceItem(
        label=label,
        when=moment(trace.decided_at),
        changes=_changes(trace, names) if trace.kind is DecisionKind.MOVE else (),
        place=place,
        url=url,
        reason=trace.reason,
    )


def _place(process: ProcessOutline, pointer: Mapping[str, Any], public: Mapping[int, Any]) -> tuple[str, str]:
    if "url" in pointer:
        return host_of(pointer["url"]), pointer["url"]
    if "idea" not in pointer:
        return "", ""
    number = pointer["idea"]
    url = url_for("browse.idea", slug=process.slug, idea_id=number) if number in public else ""
    return _("Idea %(number)s", number=number), url


def _changes(trace: Trace, names: Names) -> tuple[Change, ...]:
    before, after = trace.details["before"], trace.details["after"]
    changes = []
    if before["principles"] != after["principles"]:
        said = (_principles(names, ids) for ids in (before["principles"], after["principles"]))
        changes.append(Change(_("Guiding principles"), *said))
    if before["field"] != after["field"]:
        said = (names.fields.get(id_ or 0, _("none")) for id_ in (before["field"], after["field"]))
        changes.append(Change(_("Field of action"), *said))
    return tuple(changes)


def _principles(names: Names, ids: Sequence[int]) -> str:
    return ", ".join(names.principles[id_].title for id_ in ids if id_ in names.principles) or _("none")
