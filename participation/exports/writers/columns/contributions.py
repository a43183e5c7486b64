"""The columns of what people contributed and of what moderators decided about it."""

from collections.abc import Callable, Mapping

from participation.exports.document import (
    CommentRow,
    DecisionRow,
    IdeaRow,
    InLanguage,
    Points,
    StrategyInput,
    TranslationRow,
    VoteRow,
    Votes,
)
from participation.exports.writers.cells import (
    HIDDEN,
    NARROW,
    TEXT,
    WIDE,
    Cell,
    Column,
    Headings,
    Kind,
    Row,
    lines,
)


def idea_columns(document: StrategyInput) -> list[Column[IdeaRow]]:
    """Return the columns of the list of ideas."""
    column = Headings[IdeaRow](document, "ideas").column
    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("external_id", Kind.ID, lambda row: row.external_id),
        column("title", Kind.TEXT, lambda row: row.title, WIDE),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
        column("language", Kind.LANGUAGE, lambda row: row.language, NARROW),
        *(_translated_columns(document) if document.has_translations else ()),
        column("state", Kind.TEXT, lambda row: row.state),
        column("author", Kind.TEXT, lambda row: row.pseudonym),
        column("submitted_at", Kind.MOMENT, lambda row: row.submitted_at),
        column("principles", Kind.LIST, lambda row: lines(row.principles), WIDE),
        column("district", Kind.TEXT, lambda row: row.district),
        column("field", Kind.TEXT, lambda row: row.field, WIDE),
        *stance_columns(Headings[IdeaRow](document, "ideas"), lambda row: row.votes),
        *(_point_columns(document) if document.has_points else ()),
        column("comments", Kind.NUMBER, lambda row: row.comments),
        column("cluster_ids", Kind.IDS, lambda row: lines(row.cluster_ids)),
        column("main_cluster_id", Kind.ID, lambda row: row.main_cluster_id, NARROW),
        column("bundle_id", Kind.ID, lambda row: row.bundle_id, NARROW),
        column("statement_ids", Kind.IDS, lambda row: lines(row.statement_ids)),
        column("url", Kind.URL, lambda row: row.url, WIDE),
        column("source", Kind.TEXT, lambda row: row.source),
        column("aspects", Kind.LIST, lambda row: lines(row.aspects), WIDE),
        column("answer", Kind.TEXT, lambda row: row.answer, TEXT),
    ]


def _translated_columns(document: StrategyInput) -> list[Column[IdeaRow]]:
    column = Headings[IdeaRow](document, "ideas").column

    def shown(part: Callable[[InLanguage], str]) -> Callable[[IdeaRow], Cell]:
        return lambda row: part(row.translated) if row.translated else None

    return [
        column("translated_title", Kind.TEXT, shown(lambda one: one.title), WIDE),
        column("translated_text", Kind.TEXT, shown(lambda one: one.text), TEXT),
        column("translation", Kind.TEXT, shown(lambda one: one.note), WIDE),
    ]


def vote_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[VoteRow]]:
    """Return the columns of the votes on each idea in sum."""
    column = Headings[VoteRow](document, "votes").column
    reasons: Mapping[str, str] = {} if for_machines else document.labels.legend.codes

    def shown(figure: Callable[[VoteRow], int | None]) -> Callable[[VoteRow], Cell]:
        def cell(row: VoteRow) -> Cell:
            number = figure(row)
            return HIDDEN if number is None and row.withheld else number

        return cell

    points = (
        column("points", Kind.NUMBER, shown(lambda row: row.points), NARROW),
        column("points_people", Kind.NUMBER, shown(lambda row: row.points_people)),
    )
    return [
        column("idea_id", Kind.ID, lambda row: row.idea_id, NARROW),
        column("agree", Kind.NUMBER, shown(lambda row: row.agree), NARROW),
        column("unsure", Kind.NUMBER, shown(lambda row: row.unsure), NARROW),
        column("disagree", Kind.NUMBER, shown(lambda row: row.disagree), NARROW),
        column("people", Kind.NUMBER, shown(lambda row: row.people), NARROW),
        *(points if document.has_points else ()),
        column("withheld", Kind.TEXT, lambda row: reasons.get(row.withheld, row.withheld)),
    ]


def comment_columns(document: StrategyInput) -> list[Column[CommentRow]]:
    """Return the columns of the list of comments."""
    column = Headings[CommentRow](document, "comments").column
    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("idea_id", Kind.ID, lambda row: row.idea_id, NARROW),
        column("parent_id", Kind.ID, lambda row: row.parent_id, NARROW),
        column("author", Kind.TEXT, lambda row: row.pseudonym),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
        column("language", Kind.LANGUAGE, lambda row: row.language, NARROW),
        column("submitted_at", Kind.MOMENT, lambda row: row.submitted_at),
    ]


def translation_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[TranslationRow]]:
    """Return the columns of contributions in other languages; machines get codes in place of words."""
    column = Headings[TranslationRow](document, "translations").column
    return [
        column("idea_id", Kind.ID, lambda row: row.idea_id, NARROW),
        column("about", Kind.TEXT, lambda row: row.kind_code if for_machines else row.kind),
        column("about_id", Kind.ID, lambda row: row.about_id, NARROW),
        column("language", Kind.LANGUAGE, lambda row: row.language, NARROW),
        column("from_language", Kind.LANGUAGE, lambda row: row.from_language, NARROW),
        column("origin", Kind.TEXT, lambda row: row.origin_code if for_machines else row.origin),
        column("provider", Kind.TEXT, lambda row: row.provider),
        column("revision", Kind.NUMBER, lambda row: row.revision, NARROW),
        column("title", Kind.TEXT, lambda row: row.title, WIDE),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
    ]


def decision_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[DecisionRow]]:
    """Return the columns of the public log of moderation; machines get codes in place of words."""
    column = Headings[DecisionRow](document, "decisions").column

    def said(words: Callable[[DecisionRow], str], code: Callable[[DecisionRow], str]) -> Callable[[DecisionRow], Cell]:
        return code if for_machines else words

    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("subject", Kind.TEXT, said(lambda row: row.subject, lambda row: row.subject_code)),
        column("decision", Kind.TEXT, said(lambda row: row.decision, lambda row: row.decision_code), WIDE),
        column("ground", Kind.TEXT, said(lambda row: row.ground, lambda row: row.ground_code), WIDE),
        column("automation", Kind.TEXT, said(lambda row: row.automation, lambda row: row.automation_code), WIDE),
        column("decided_on", Kind.DATE, lambda row: row.decided_on),
        column("hours_waited", Kind.DECIMAL, lambda row: row.hours_waited),
        column("appeal", Kind.TEXT, said(lambda row: row.appeal, lambda row: row.appeal_code), WIDE),
        column("digest", Kind.ID, lambda row: row.digest),
    ]


def stance_columns(headings: Headings[Row], votes: Callable[[Row], Votes | None]) -> list[Column[Row]]:
    """Return the columns of three stances, hidden where they may not be told."""

    def shown(figure: Callable[[Votes], int]) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            known = votes(row)
            return HIDDEN if known is None else figure(known)

        return cell

    return [
        headings.column("agree", Kind.NUMBER, shown(lambda known: known.agree), NARROW),
        headings.column("unsure", Kind.NUMBER, shown(lambda known: known.unsure), NARROW),
        headings.column("disagree", Kind.NUMBER, shown(lambda known: known.disagree), NARROW),
    ]


def _point_columns(document: StrategyInput) -> list[Column[IdeaRow]]:
    column = Headings[IdeaRow](document, "ideas").column

    def shown(figure: Callable[[Points], int]) -> Callable[[IdeaRow], Cell]:
        return lambda row: HIDDEN if row.points is None else figure(row.points)

    return [
        column("points", Kind.NUMBER, shown(lambda known: known.points), NARROW),
        column("points_people", Kind.NUMBER, shown(lambda known: known.people)),
    ]
