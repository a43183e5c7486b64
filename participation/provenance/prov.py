"""A lineage as W3C PROV-JSON: entities, activities, agents as roles, and how they follow from each other.

Format: "The PROV-JSON Serialization", W3C Member Submission, 24 April 2013.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from participation.kit.schema import Translated
from participation.provenance.lineage import (
    AnswerRecord,
    BundleRecord,
    ClusterRecord,
    CommentRecord,
    FilingRecord,
    IdeaRecord,
    Lineage,
    Loss,
    MeasureRecord,
    ReferralRecord,
    SignedRecord,
    StatementRecord,
)
from participation.strategy.answering.subjects import Subject
from participation.strategy.models import SourceKind, StatementState

PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RESIDENTS, MODERATION, CITY = "p:residents", "p:moderation-team", "p:city"
ROLES = {RESIDENTS: "Residents", MODERATION: "Moderation team", CITY: "City administration"}
"""Agents are roles: whoever did something is named nowhere."""

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the names in a document begin: ``records`` those of the process, ``terms`` the words of this product."""

    records: str
    terms: str


def places_of(public_url: str, language: str, slug: str) -> Places:
    """Return where names begin in what this installation says; the language keeps them the same for all readers.

    An installation without a public address is one on a developer's machine.
    """
    base = f"{public_url.rstrip('/') or 'http://localhost'}/{language}"
    return Places(records=f"{base}/processes/{slug}/provenance#", terms=f"{base}/methods/provenance#")


@dataclass(slots=True)
class _Document:
    """A document while it is written; relations have numbers of their own, as the format asks for."""

    parts: dict[str, dict[str, Attributes]] = field(default_factory=dict)
    relations: int = 0

    def add(self, kind: str, name: str, attributes: Attributes) -> None:
        self.parts.setdefault(kind, {})[name] = {key: value for key, value in attributes.items() if value is not None}

    def relate(self, kind: str, **ends: Any) -> None:
        self.relations += 1
        named = {f"prov:{name}": value for name, value in ends.items() if value is not None}
        self.parts.setdefault(kind, {})[f"_:r{self.relations}"] = named

    def entity(self, name: str, term: str, by: str, **attributes: Any) -> None:
        self.add("entity", name, {"prov:type": _term(term), **attributes})
        self.relate("wasAttributedTo", entity=name, agent=by)

    def activity(self, name: str, term: str, by: str, at: datetime | None, made: str, used: Iterable[str]) -> None:
        """Something was done at a moment: it used entities and made one."""
        moment = _moment(at)
        self.add("activity", name, {"prov:type": _term(term), "prov:startTime": moment, "prov:endTime": moment})
        self.relate("wasAssociatedWith", activity=name, agent=by)
        self.relate("wasGeneratedBy", entity=made, activity=name, time=moment)
        for entity in used:
            self.relate("used", activity=name, entity=entity, time=moment)

    def derived(self, made: str, used: str, term: str | None = None) -> None:
        ends: Attributes = {"generatedEntity": made, "usedEntity": used}
        self.relate("wasDerivedFrom", **ends, **({"type": _term(term)} if term else {}))


def prov_document(lineage: Lineage, places: Places) -> dict[str, Any]:
    """Return the lineage as a PROV-JSON document; the same lineage always gives the same one."""
    document = _Document()
    for name, label in ROLES.items():
        document.add("agent", name, {"prov:type": _term("Role"), "prov:label": label})
    for idea in lineage.ideas.values():
        _idea(document, idea)
    for revision in lineage.revisions:
        if revision.idea_id in lineage.ideas:
            _idea_revision(document, revision.idea_id, revision.revision)
            document.derived(
                _name("idea", revision.idea_id, lineage.ideas[revision.idea_id].revision),
                _name("idea", revision.idea_id, revision.revision),
                "prov:Revision",
            )
    _write(
        document,
        (_comment, lineage.comments),
        (_cluster, lineage.clusters.values()),
        (_filing, lineage.filings),
    )
    for bundle in lineage.bundles.values():
        _bundle(document, bundle, lineage)
    for statement in lineage.statements.values():
        _statement(document, statement, lineage)
    _write(
        document,
        (_loss, lineage.losses),
        (_answer, lineage.answers),
        (_referral, lineage.referrals),
        (_measure, lineage.measures),
    )
    return {"prefix": {"prov": PROV, "xsd": XSD, "p": places.records, "t": places.terms}, **document.parts}


def _write(document: _Document, *parts: tuple[Callable[[_Document, Any], None], Iterable[Any]]) -> None:
    for write, records in parts:
        for record in records:
            write(document, record)


def _idea(document: _Document, idea: IdeaRecord) -> None:
    name, revision = _name("idea", idea.id), _name("idea", idea.id, idea.revision)
    label = _said(idea.title, idea.language)
    external = {"t:externalId": idea.external_id}
    document.entity(name, "Idea", RESIDENTS, **{"prov:label": label, "t:number": idea.id, **external})
    _idea_revision(document, idea.id, idea.revision)
    document.activity(f"p:proposing-{idea.id}", "Proposing", RESIDENTS, idea.published_at, revision, ())
    if idea.comments:
        talk = f"p:discussion-{idea.id}"
        document.entity(talk, "Discussion", RESIDENTS, **{"t:comments": idea.comments})
        document.derived(talk, name)
    if idea.figures:
        votes = f"p:votes-{idea.id}"
        figures = {f"t:{stance}": getattr(idea.figures, stance) for stance in ("agree", "disagree", "unsure")}
        document.entity(votes, "VoteFigures", RESIDENTS, **figures)
        document.derived(votes, name)


def _idea_revision(document: _Document, idea_id: int, revision: int) -> None:
    name = _name("idea", idea_id, revision)
    document.entity(name, "IdeaRevision", RESIDENTS, **{"t:revision": revision})
    document.relate("specializationOf", specificEntity=name, generalEntity=_name("idea", idea_id))


def _comment(document: _Document, comment: CommentRecord) -> None:
    name = _name("comment", comment.id)
    stance = comment.stance.value if comment.stance else None
    document.entity(
        name,
        "Comment",
        RESIDENTS,
        **{"t:number": comment.id, "t:stance": stance, "t:externalId": comment.external_id},
    )
    document.activity(
        f"p:commenting-{comment.id}",
        "Commenting",
        RESIDENTS,
        comment.published_at,
        name,
        [_name("idea", comment.idea_id)],
    )
    document.derived(name, _name("idea", comment.idea_id))


def _bundle(document: _Document, bundle: BundleRecord, lineage: Lineage) -> None:
    name = _name("bundle", bundle.id)
    members = [_name("idea", idea_id) for idea_id in bundle.idea_ids]
    document.entity(name, "Bundle", MODERATION, **{"t:number": bundle.id, "t:ideas": len(members)})
    shown = [_name("idea", idea_id) for idea_id in bundle.idea_ids if idea_id in lineage.ideas]
    document.activity(f"p:bundling-{bundle.id}", "Bundling", MODERATION, bundle.made_at, name, shown)
    for member in shown:
        document.relate("hadMember", collection=name, entity=member)


def _cluster(document: _Document, cluster: ClusterRecord) -> None:
    name = _name("theme", cluster.id)
    attributes = {"prov:label": _words(cluster.title), "t:number": cluster.id, "t:ideas": cluster.ideas}
    document.entity(name, "Theme", MODERATION, **attributes)
    document.activity(f"p:making-theme-{cluster.id}", "MakingTheme", MODERATION, cluster.created_at, name, ())


def _filing(document: _Document, filing: FilingRecord) -> None:
    name, theme, idea = _name("filing", filing.id), _name("theme", filing.cluster_id), _name("idea", filing.idea_id)
    document.entity(
        name,
        "Filing",
        MODERATION,
        **{
            "t:main": filing.is_main,
            "t:origin": filing.origin.value,
            "t:change": filing.change or None,
        },
    )
    document.activity(f"p:filing-idea-{filing.id}", "FilingIdea", MODERATION, filing.filed_at, name, [idea])
    document.derived(name, idea)
    document.derived(theme, name)


def _statement(document: _Document, statement: StatementRecord, lineage: Lineage) -> None:
    name = _name("statement", statement.id)
    attributes: Attributes = {"t:number": statement.number, "t:state": statement.state.value}
    document.entity(name, "Statement", MODERATION, **{"prov:label": _words(statement.text), **attributes})
    for cluster_id in statement.cluster_ids:
        if cluster_id in lineage.clusters:
            document.derived(name, _name("theme", cluster_id))
    earlier = None
    for signed in statement.signed:
        _signed(document, signed, lineage, after=earlier)
        earlier = _name("statement", statement.id, signed.revision)
    for quote in lineage.quotes:
        if quote.statement_id == statement.id and _is_known(quote.kind, quote.source_id, lineage):
            document.derived(name, _name(quote.kind.value, quote.source_id), "prov:Quotation")
    if statement.state is StatementState.WITHDRAWN:
        moment = _moment(statement.withdrawn_at)
        withdrawing = f"p:withdrawing-statement-{statement.id}"
        document.add("activity", withdrawing, {"prov:type": _term("Withdrawing"), "prov:startTime": moment})
        document.relate("wasInvalidatedBy", entity=name, activity=withdrawing, time=moment)


def _signed(document: _Document, signed: SignedRecord, lineage: Lineage, *, after: str | None) -> None:
    """A revision is a specialisation of its statement; a second person made the sign-off by reading it."""
    statement, name = _name("statement", signed.statement_id), _name("statement", signed.statement_id, signed.revision)
    sign_off = f"p:sign-off-{signed.statement_id}-r{signed.revision}"
    attributes = {"prov:label": _words(signed.text), "t:revision": signed.revision, "t:sha256": signed.digest or None}
    if signed.people:
        figures = ("people", "agree", "disagree", "unsure")
        attributes |= {f"t:{figure}": getattr(signed.people, figure) for figure in figures}
    document.entity(name, "StatementRevision", MODERATION, **attributes)
    document.relate("specializationOf", specificEntity=name, generalEntity=statement)
    themes = [_name("theme", cluster_id) for cluster_id in signed.basis if cluster_id in lineage.clusters]
    writing = f"p:writing-{signed.statement_id}-r{signed.revision}"
    document.activity(writing, "Writing", MODERATION, signed.written_at, name, themes)
    for idea_id in sorted(signed.ideas & lineage.ideas.keys()):
        revision = next(ideas[idea_id] for ideas in signed.basis.values() if idea_id in ideas)
        exact = _name("idea", idea_id, revision)
        # The revision that was read may not be readable any more.
        document.derived(name, exact if exact in document.parts["entity"] else _name("idea", idea_id))
    if after:
        document.derived(name, after, "prov:Revision")
    document.entity(sign_off, "SignOff", MODERATION, **{"t:reopenedAt": _moment(signed.reopened_at)})
    signing = f"p:signing-{signed.statement_id}-r{signed.revision}"
    document.activity(signing, "SigningOff", MODERATION, signed.signed_at, sign_off, [name])
    document.derived(sign_off, name)


def _loss(document: _Document, loss: Loss) -> None:
    """A tombstone says of a source that there was one: its number, why it is gone and since when."""
    name = _name(loss.kind.value, loss.source_id)
    if name not in document.parts.get("entity", {}):
        document.add("entity", name, {"prov:type": _term("Tombstone"), "t:number": loss.source_id})
    moment, activity = _moment(loss.lost_at), f"p:losing-{loss.kind.value}-{loss.source_id}"
    document.add("activity", activity, {"prov:type": _term("Losing"), "t:reason": loss.reason.value})
    document.relate("wasInvalidatedBy", entity=name, activity=activity, time=moment)
    document.derived(_name("statement", loss.statement_id), name)


def _answer(document: _Document, answer: AnswerRecord) -> None:
    name, subject = _name("answer", answer.id), _of(answer.subject)
    document.entity(
        name,
        "Answer",
        CITY,
        **{
            "prov:label": _words(answer.text),
            "t:outcome": answer.outcome.value,
            "t:department": answer.department,
            "t:dueOn": answer.due_on.isoformat() if answer.due_on else None,
        },
    )
    document.activity(f"p:answering-{answer.id}", "Answering", CITY, answer.answered_at, name, [subject])
    document.derived(name, subject)


def _referral(document: _Document, referral: ReferralRecord) -> None:
    name = _name("referral", referral.id)
    attributes = {"t:department": referral.department, "t:dueOn": referral.due_on.isoformat()}
    document.entity(name, "Referral", CITY, **attributes)
    document.derived(name, _of(referral.subject))


def _measure(document: _Document, measure: MeasureRecord) -> None:
    name, answer = _name("measure", measure.id), _name("answer", measure.answer_id)
    document.entity(
        name,
        "Measure",
        CITY,
        **{
            "prov:label": _words(measure.title),
            "t:department": measure.department,
            "t:state": measure.state.value,
            "t:dueOn": measure.due_on.isoformat(),
        },
    )
    document.activity(f"p:planning-{measure.id}", "Planning", CITY, measure.made_at, name, [answer])
    document.derived(name, answer)
    earlier = name
    for step in measure.steps:
        own = _name("step", step.id)
        attributes = {"prov:label": _words(step.text), "t:state": step.state.value}
        document.entity(own, "MeasureStep", CITY, **attributes)
        document.activity(f"p:reporting-{step.id}", "Reporting", CITY, step.reported_at, own, [earlier])
        document.derived(own, earlier)
        earlier = own


def _is_known(kind: SourceKind, id_: int, lineage: Lineage) -> bool:
    if kind is SourceKind.IDEA:
        return id_ in lineage.ideas
    return any(comment.id == id_ for comment in lineage.comments)


def _name(kind: str, id_: int, revision: int | None = None) -> str:
    return f"p:{kind}-{id_}" if revision is None else f"p:{kind}-{id_}-r{revision}"


def _of(subject: Subject) -> str:
    return _name(subject.kind.value, subject.id)


def _term(name: str) -> Mapping[str, str]:
    return {"$": name if ":" in name else f"t:{name}", "type": "xsd:QName"}


def _said(text: str, language: str) -> Mapping[str, str]:
    return {"$": text, "lang": language}


def _words(text: Translated) -> Any:
    said = [_said(words, language) for language, words in sorted(text.items())]
    return (said[0] if len(said) == 1 else said) if said else None


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def named_next(document: dict[str, Any], statement_id: int, address: str) -> None:
    """Say in a document where the next ideas of a statement stand: the format has no other place for it."""
    document["entity"][_name("statement", statement_id)]["t:nextPart"] = {"$": address, "type": "xsd:anyURI"}
