"""A comment as pages show it: who speaks, what it says, what the reader may do with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, url_for
from markupsafe import Markup

from participation.accounts.actor import Actor
from participation.browse.translations import Translated, note_on, suggest_url, written_in
from participation.cases.models import SubjectKind
from participation.comments.models import CommentStance, CommentState, Voice
from participation.comments.policies import CommentFacts, may_delete_comment, may_edit_comment, may_mark_helpful
from participation.comments.queries import Answered, CommentView
from participation.ideas.models import IdeaState
from participation.kit.permissions import Permission
from participation.listings.translated import ShownWordings, Written, is_foreign, text_in
from participation.multilingual import Phrase, ngettext
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_write
from participation.texts import render_markup

STANCE_PICTOGRAMS = {
    CommentStance.SUPPORTS: "agree",
    CommentStance.OBJECTS: "disagree",
    CommentStance.ASKS: "unsure",
    CommentStance.ADDS: "plus",
}


@dataclass(frozen=True, slots=True)
class CommentItem:
    """A comment as a template shows it; addresses are empty where there is nothing to do.

    ``translated`` is there where it is shown in a wording, ``written_in`` names the language of an original that is not
    the reader's, which can be translated at ``suggest_url``.
    """

    id: int
    author: str
    official_label: str
    url: str
    when: str
    text_html: Markup
    language: str
    dir: str
    written_in: str
    translated: Translated | None
    suggest_url: str
    state_label: str
    stance: str
    stance_label: str
    stance_pictogram: str
    answered_label: str
    answered_url: str
    edited_label: str
    history_url: str
    helpful: int
    helpful_label: str
    helpful_url: str
    is_marked: bool
    reply_url: str
    edit_url: str
    delete_url: str
    report_url: str
    more_url: str
    more_label: str
    replies: tuple["CommentItem", ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What all comments of a discussion have in common: the idea, the reader, what is possible now."""

    actor: Actor
    process: ProcessOutline
    idea_id: int
    idea_state: IdeaState
    now: datetime
    can_answer: bool
    can_mark: bool
    window: timedelta
    address: Callable[..., str]
    first_url: str
    """What the addresses of all comments begin with, up to the number."""
    report_url: str
    """Where comments are reported; 0 stands for the number."""
    suggest_url: str
    """Where a wording of comments is suggested; 0 stands for the number, and nothing where none is asked for."""

    def marking(self, view: CommentView) -> Permission:
        """Whether the reader may mark a comment as helpful."""
        return may_mark_helpful(self.actor, self.process, self.idea_state, facts(view), now=self.now)

    def editing(self, view: CommentView) -> Permission:
        """Whether the reader may change a comment."""
        return may_edit_comment(
            self.actor, self.process, self.idea_state, facts(view), window=self.window, now=self.now
        )


def scene(actor: Actor, process: ProcessOutline, idea_id: int, idea_state: IdeaState, now: datetime) -> Scene:
    """Return what the comments on an idea have in common for this reader."""
    possible = is_possible(process, Capability.COMMENT, now=now) and idea_state is IdeaState.PUBLISHED

    def address(endpoint: str, **values: object) -> str:
        return url_for(endpoint, slug=process.slug, idea_id=idea_id, **values)  # type: ignore[arg-type]  # any value

    return Scene(
        actor=actor,
        process=process,
        idea_id=idea_id,
        idea_state=idea_state,
        now=now,
        can_answer=bool(possible and may_write(actor, process.id, now=now)),
        can_mark=bool(possible) and actor.is_signed_in,
        window=timedelta(minutes=current_app.config["COMMENT_EDIT_MINUTES"]),
        address=address,
        first_url=address("discussion.comment", comment_id=0).removesuffix("0"),
        report_url=url_for("notices.comment", slug=process.slug, comment_id=0),
        suggest_url=suggest_url(process, SubjectKind.COMMENT, 0),
    )


def facts(view: CommentView) -> CommentFacts:
    """Return what the rules about a comment rest on."""
    return CommentFacts(view.state, view.is_own, view.submitted_at, view.helpful, view.has_answers)


def permalink(around: Scene, comment_id: int) -> str:
    """Return the address that leads to a comment, wherever it stands."""
    return f"{around.first_url}{comment_id}#comment-{comment_id}"


def report_address(around: Scene, comment_id: int) -> str:
    """Return the address at which anybody reports a comment."""
    return _numbered(around.report_url, comment_id)


def _numbered(url: str, comment_id: int) -> str:
    return url.replace("/comments/0/", f"/comments/{comment_id}/")


def stance_label(stance: CommentStance) -> str:
    """Return what a comment of this stance is called."""
    labels = {
        CommentStance.SUPPORTS: _("For the idea"),
        CommentStance.OBJECTS: _("Against the idea"),
        CommentStance.ASKS: _("Question"),
        CommentStance.ADDS: _("Addition"),
    }
    return labels[stance]


def stance_title(stance: CommentStance) -> str:
    """Return what all comments of this stance together are called."""
    titles = {
        CommentStance.SUPPORTS: _("For the idea"),
        CommentStance.OBJECTS: _("Against the idea"),
        CommentStance.ASKS: _("Questions"),
        CommentStance.ADDS: _("Additions"),
    }
    return titles[stance]


def written_comments(views: Iterable[CommentView]) -> Iterator[Written]:
    """Yield comments and all answers below them as they are asked for."""
    for view in views:
        if view.text is not None:
            yield Written(SubjectKind.COMMENT, view.id, view.language, view.revision)
        yield from written_comments(view.replies)


def comment_item(view: CommentView, around: Scene, shown: ShownWordings, *, flat: bool = False) -> CommentItem:
    """Return a comment in the wording ``shown``, with the answers below it.

    ``flat`` leaves the answers out, for lists of single comments.
    """
    readable, mine = view.text is not None, {"comment_id": view.id}
    public = readable and view.state is CommentState.PUBLISHED
    text = _text(view, shown)
    is_translatable = public and is_foreign(view.language, g.language)
    suggest = _numbered(around.suggest_url, view.id) if is_translatable else ""
    more = view.answer_count > _below(view)
    return CommentItem(
        id=view.id,
        author=author_of(view.voice, view.pseudonym) if readable else "",
        official_label=_official_label(view.voice),
        url=permalink(around, view.id),
        when=moment(view.submitted_at),
        text_html=render_markup(text.text),
        language=text.language,
        dir=text.dir,
        written_in=written_in(text.language),
        translated=note_on(
            shown.get((SubjectKind.COMMENT, view.id)), anchor=f"#comment-{view.id}", suggest_url=suggest
        ),
        suggest_url=suggest,
        state_label=_state_label(view),
        stance=view.stance.value if view.stance else "",
        stance_label=stance_label(view.stance) if view.stance else "",
        stance_pictogram=STANCE_PICTOGRAMS[view.stance] if view.stance else "",
        answered_label=_answered_label(view.answered) if view.answered else "",
        answered_url=permalink(around, view.answered.id) if view.answered and view.answered.is_public else "",
        edited_label=_("changed on %(moment)s", moment=moment(view.edited_at)) if view.edited_at else "",
        history_url=around.address("discussion.history", **mine) if view.edited_at else "",
        helpful=view.helpful,
        helpful_label=helpful_label(view.helpful),
        helpful_url=around.address("comments.mark", **mine) if around.marking(view) else "",
        is_marked=view.is_marked,
        reply_url=around.address("comments.new", answer_to=view.id) if around.can_answer and public else "",
        edit_url=around.address("comments.edit", **mine) if view.is_own and around.editing(view) else "",
        delete_url=around.address("comments.delete", **mine) if may_delete_comment(around.actor, facts(view)) else "",
        report_url=report_address(around, view.id) if public and not view.is_own else "",
        more_url=around.address("discussion.comment", **mine) if more and not flat else "",
        more_label=ngettext("Show the answer", "Show all %(num)s answers", view.answer_count) if more else "",
        replies=() if flat else tuple(comment_item(reply, around, shown) for reply in view.replies),
    )


def _text(view: CommentView, shown: ShownWordings) -> Phrase:
    if view.text is None:
        return Phrase("", g.language)
    return text_in(shown, SubjectKind.COMMENT, view.id, view.text, view.language)


def author_of(voice: Voice, pseudonym: str) -> str:
    """Return by what name somebody speaks: the pseudonym, or the city for official voices."""
    return pseudonym if voice is Voice.RESIDENT else str(current_app.config["OPERATOR_NAME"])


def helpful_label(count: int) -> str:
    """Return how many people found a comment helpful, in words; nothing for nobody."""
    return ngettext("%(num)s person found this helpful", "%(num)s people found this helpful", count) if count else ""


def _below(view: CommentView) -> int:
    return sum(1 + _below(reply) for reply in view.replies)


def _official_label(voice: Voice) -> str:
    labels = {
        Voice.RESIDENT: "",
        Voice.MODERATION: _("Moderation team"),
        Voice.ADMINISTRATION: _("City administration"),
    }
    return labels[voice]


def _answered_label(answered: Answered) -> str:
    if not answered.is_public:
        return _("in answer to a comment that is not public")
    return _("in answer to %(name)s", name=author_of(answered.voice, answered.pseudonym))


def _state_label(view: CommentView) -> str:
    if view.state is CommentState.WITHDRAWN:
        return _("Its author has deleted this comment.")
    if view.text is None:
        return _("This comment is not public.")
    labels = {
        CommentState.PUBLISHED: "",
        CommentState.IN_REVIEW: _("In review"),
        CommentState.HIDDEN: _("Hidden"),
    }
    return labels[view.state]
