"""The few ideas that the paper names: titles looked up once for all of them, with a word on how people voted."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.exports.council.document import NamedIdea
from participation.exports.document_rows import InLanguage
from participation.exports.translations import Translated
from participation.exports.wording import words as export_words
from participation.ideas.models import Idea, IdeaState
from participation.insights.plots import wilson
from participation.kit.db import in_batches
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import number, percent
from participation.voting.queries import VoteFigures

Ranked = Iterable[tuple[int, VoteFigures]]


class Names:
    """Titles of ideas that everybody may read."""

    def __init__(
        self,
        session: Session,
        process_id: int,
        idea_ids: Iterable[int],
        idea_url: Callable[[int], str],
        *,
        language: str,
    ) -> None:
        """Look the ideas up in batches, with their titles in ``language``; what is not public gets no name."""
        self._url = idea_url
        self._titles: dict[int, tuple[str, str]] = {}
        self._translated: dict[int, InLanguage | None] = {}
        said = export_words(language)
        wanted = select(Idea.id, Idea.title, Idea.language, Idea.revision).where(
            Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED
        )
        for batch in in_batches(dict.fromkeys(idea_ids)):
            rows = session.execute(wanted.where(Idea.id.in_(batch))).all()
            self._titles |= {row.id: (row.title, row.language) for row in rows}
            facts = [(row.id, row.language, row.revision) for row in rows]
            found = Translated(session, language, facts, {}, said)
            self._translated |= {row.id: _without_text(found.of(row.id)) for row in rows}

    def of(self, idea_id: int, words: str = "", by_group: tuple[str, ...] = ()) -> Iterable[NamedIdea]:
        """Yield the idea with what is said about it, or nothing where it is not public."""
        if idea_id in self._titles:
            title, language = self._titles[idea_id]
            yield NamedIdea(
                id=str(idea_id),
                title=title,
                language=language,
                url=self._url(idea_id),
                words=words,
                by_group=by_group,
                translated=self._translated[idea_id],
            )

    def ranked(self, ideas: Ranked) -> tuple[NamedIdea, ...]:
        """Return the ideas in their order, each with how people voted on it."""
        return tuple(named for idea_id, votes in ideas for named in self.of(idea_id, votes_in_words(votes)))


def _without_text(translated: InLanguage | None) -> InLanguage | None:
    return replace(translated, text="") if translated else None


def votes_in_words(votes: VoteFigures) -> str:
    """Return who agrees of those who took a side, between which limits, and how many voted."""
    sides = votes.agree + votes.disagree
    low, high = wilson(votes.agree, sides)
    return _(
        "%(share)s of those who took a side agree (between %(low)s and %(high)s); %(votes)s",
        share=percent(votes.agree / sides if sides else 0),
        low=percent(low),
        high=percent(high),
        votes=ngettext("%(shown)s vote", "%(shown)s votes", votes.people, shown=number(votes.people)),
    )
