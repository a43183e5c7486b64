"""A statement in public: who stands behind it, what is quoted, what was lost, and what speaks against it."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.opinion_shares import IdeaLink, idea_links
from participation.browse.statement_wordings import QuoteWording, quote_wording, view_in, written_around
from participation.browse.translations import label_of, shown_here, written_in
from participation.cases.models import SubjectKind
from participation.ideas.queries import public_titles
from participation.listings.statements import StatementView, statement_view
from participation.listings.translated import ShownWordings, written_idea
from participation.multilingual import Phrase, direction, ngettext, phrase
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.multilingual.moments import day, number
from participation.opinions.wording import letter_of, name_of
from participation.processes.outline import ProcessOutline
from participation.strategy.models import LossReason, SourceKind
from participation.strategy.statements.comparing import ShownQuote
from participation.strategy.statements.losses import Trace
from participation.strategy.statements.voices import DistrictBehind, GroupOnStatement, Objection
from participation.texts import excerpt, render

WHY_GONE = {
    LossReason.HIDDEN: _l("is not public any more: moderators hid it."),
    LossReason.WITHDRAWN: _l("is not public any more: its author took it back."),
    LossReason.CHANGED: _l("does not say any more what it said."),
    LossReason.ERASED: _l("was erased."),
}
OBJECTION_LONGEST = 600


@dataclass(frozen=True, slots=True)
class QuoteItem:
    """Quoted words as they were written, where they are from, and what their sentence says in the reader's language."""

    words: str
    language: str
    dir: str
    label: str
    url: str
    note: str
    wording: QuoteWording | None = None


@dataclass(frozen=True, slots=True)
class Stone:
    """The tombstone of a source."""

    label: str
    why: str
    note: str
    when: str


@dataclass(frozen=True, slots=True)
class ObjectionItem:
    """A comment that objects, with the idea that it objects to; ``translated`` says so where it is in other words."""

    text_html: Markup
    language: str
    dir: str
    translated: str
    idea: IdeaLink
    url: str
    helpful: str


@dataclass(frozen=True, slots=True)
class OpposedIdea:
    """An idea on which a group takes the other side than most people."""

    idea: IdeaLink
    words: str


@dataclass(frozen=True, slots=True)
class GroupItem:
    """How an opinion group stands to the ideas behind a statement."""

    letter: str
    name: str
    people: str
    stand: str
    opposed: tuple[OpposedIdea, ...]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The page of a statement; ``districts`` are rows of a table."""

    view: StatementView
    quotes: tuple[QuoteItem, ...]
    stones: tuple[Stone, ...]
    objections: tuple[ObjectionItem, ...]
    groups: tuple[GroupItem, ...]
    districts: tuple[tuple[str, ...], ...]
    shows_people: bool
    lost_ideas: frozenset[int]

    @property
    def has_minority(self) -> bool:
        """Whether anything is known that speaks against the statement."""
        people = self.view.rests_on.people if self.view.rests_on else None
        return bool(self.objections or any(group.opposed for group in self.groups) or (people and people.disagree))


def statement_page(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> StatementPage:
    """Return the page of a statement that is or was public; raises ``Missing`` for any other."""
    statements_url = url_for("browse.statements", slug=process.slug)
    original = statement_view(session, process, statement_id, g.language, statements_url=statements_url, now=now)
    opposed = {one.idea_id for group in original.groups for one in group.opposed}
    titles = public_titles(session, process.id, opposed) if opposed else {}
    also = (written_idea(idea_id, one.language) for idea_id, one in titles.items())
    shown = shown_here(session, (*written_around(original), *also))
    view, ideas = view_in(original, shown), idea_links(process.slug, titles, shown)
    shows_people = view.rests_on is not None and view.rests_on.people is not None
    return StatementPage(
        view=view,
        quotes=tuple(_quote(process.slug, quote, shown) for quote in view.quotes),
        stones=tuple(_stone(trace, now) for trace in view.lost),
        objections=tuple(_objection(process.slug, one, shown) for one in view.objections),
        groups=tuple(_group(group, ideas) for group in view.groups),
        districts=tuple(_district(one)[: 3 if shows_people else 2] for one in view.districts),
        shows_people=shows_people,
        lost_ideas=frozenset(trace.source_id for trace in view.lost if trace.kind is SourceKind.IDEA),
    )


def _quote(slug: str, quote: ShownQuote, shown: ShownWordings) -> QuoteItem:
    place = quote.place
    if quote.is_comment:
        label = _("A comment on idea %(number)s", number=quote.idea_id)
        comment = url_for("discussion.comment", slug=slug, idea_id=quote.idea_id, comment_id=place.source_id)
        url = f"{comment}#comment-{place.source_id}"
    else:
        label = _("Idea %(number)s", number=place.source_id)
        url = url_for("browse.idea", slug=slug, idea_id=place.source_id)
    foreign = written_in(quote.language)
    note = _("written in %(language)s", language=foreign) if foreign else ""
    return QuoteItem(quote.words or "", quote.language, quote.dir, label, url, note, quote_wording(quote, shown))


def _stone(trace: Trace, now: datetime) -> Stone:
    of_comment = trace.kind is SourceKind.COMMENT
    label = (
        _("Comment %(number)s", number=trace.source_id) if of_comment else _("Idea %(number)s", number=trace.source_id)
    )
    return Stone(
        label=label,
        why=str(WHY_GONE[trace.reason]),
        note=_("It was quoted here.") if trace.was_quoted else "",
        when=_("(since %(day)s)", day=day(trace.since or now)),
    )


def _objection(slug: str, one: Objection, shown: ShownWordings) -> ObjectionItem:
    url = url_for("browse.idea", slug=slug, idea_id=one.idea_id)
    comment = url_for("discussion.comment", slug=slug, idea_id=one.idea_id, comment_id=one.comment_id)
    return ObjectionItem(
        text_html=render(excerpt(one.text, OBJECTION_LONGEST)),
        language=one.language,
        dir=direction(one.language),
        translated=label_of(shown.get((SubjectKind.COMMENT, one.comment_id))),
        idea=IdeaLink(one.idea_title, url, one.idea_language, direction(one.idea_language)),
        url=f"{comment}#comment-{one.comment_id}",
        helpful=ngettext("%(num)s person found this helpful", "%(num)s people found this helpful", one.helpful)
        if one.helpful
        else "",
    )


def _group(group: GroupOnStatement, ideas: dict[int, IdeaLink]) -> GroupItem:
    parts = [
        ngettext("agrees with %(num)s idea", "agrees with %(num)s ideas", group.agrees) if group.agrees else "",
        ngettext("disagrees with %(num)s idea", "disagrees with %(num)s ideas", group.disagrees)
        if group.disagrees
        else "",
        ngettext("is split on %(num)s idea", "is split on %(num)s ideas", group.split) if group.split else "",
        ngettext("too few votes on %(num)s idea", "too few votes on %(num)s ideas", group.unknown)
        if group.unknown
        else "",
    ]
    return GroupItem(
        letter=letter_of(group.number),
        name=name_of(group.number),
        people=ngettext("%(num)s person", "%(num)s people", group.people),
        stand=" · ".join(part for part in parts if part),
        opposed=tuple(
            OpposedIdea(
                ideas[one.idea_id],
                _("agrees, unlike most people") if one.agrees else _("disagrees, unlike most people"),
            )
            for one in group.opposed
            if one.idea_id in ideas
        ),
    )


def _district(one: DistrictBehind) -> tuple[str, str, str]:
    title: Phrase | None = phrase(one.title, g.language) if one.title is not None else None
    name = title.text if title else _("No district named")
    return name, number(one.ideas), number(one.agree) if one.agree is not None else _("fewer than 10")
