"""Contributions as notices and evidence see them: what they say, and whether everybody can read them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.service import CaseSubject
from participation.comments import service as comments
from participation.comments.models import Comment, CommentState
from participation.ideas import waiting as ideas
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.permissions import Missing
from participation.receipts.signing import text_digest

Contribution = Idea | Comment | Addendum


@dataclass(frozen=True, slots=True)
class NoticedText:
    """A contribution that somebody points at; ``title`` is that of the idea on whose page it stands."""

    subject: CaseSubject
    thing: Contribution
    title: str
    title_language: str
    is_public: bool

    @property
    def digest(self) -> str:
        """The digest of the text as it stands, taken like that on a receipt."""
        return text_digest(self.thing.text, title=self.thing.title if isinstance(self.thing, Idea) else "")


def noticed_text(session: Session, process_id: int, kind: SubjectKind, subject_id: int) -> NoticedText:
    """Return a contribution of this process, whoever asks; raises ``Missing``."""
    thing = _thing(session, kind, subject_id)
    if thing is None or thing.process_id != process_id:
        raise Missing
    idea = thing if isinstance(thing, Idea) else session.get_one(Idea, thing.idea_id)
    published = CommentState.PUBLISHED if isinstance(thing, Comment) else IdeaState.PUBLISHED
    return NoticedText(
        subject=comments.subject_of(thing) if isinstance(thing, Comment) else ideas.subject_of(thing),
        thing=thing,
        title=idea.title,
        title_language=idea.language,
        is_public=thing.state is published and idea.state is IdeaState.PUBLISHED,
    )


def _thing(session: Session, kind: SubjectKind, number: int) -> Contribution | None:
    if kind is SubjectKind.IDEA:
        return session.get(Idea, number)
    return session.get(Comment, number) if kind is SubjectKind.COMMENT else session.get(Addendum, number)
