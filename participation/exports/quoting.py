"""Quotes and objections in the language of a paper: as they were written, and what they say in a wording."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.exports.quoted import Quoted
from participation.exports.wording import Words
from participation.listings.quoted import quote_in, written_quote
from participation.listings.translated import ShownWordings, Written, is_foreign, wordings_for
from participation.multilingual import gettext as _
from participation.multilingual import in_language, language_name
from participation.strategy.statements.comparing import ShownQuote
from participation.strategy.statements.voices import Objection
from participation.wordings.providers.registry import title_of
from participation.wordings.queries import ShownWording


class Quoting:
    """Quotes and objections of one batch of statements in the language of the paper."""

    def __init__(
        self,
        session: Session,
        language: str,
        quotes: Mapping[int, Sequence[ShownQuote]],
        objections: Mapping[int, Sequence[Objection]],
        said: Words,
    ) -> None:
        """Look the wordings up, with one query at most."""
        self._said = said
        self._language = language
        self._shown: ShownWordings = wordings_for(session, language, _written(quotes.values(), objections.values()))

    def quote(self, quote: ShownQuote) -> Quoted:
        """Return a quote, and the sentences around it in a wording: nobody can say which words of those are quoted."""
        template = self._said.comment_on if quote.is_comment else self._said.idea_number
        source = template.format(number=quote.idea_id)
        found = quote_in(quote, self._shown)
        if found is None:
            return Quoted(words=f"„{quote.words}“", language=quote.language, source=self._named(source, quote.language))
        wording, sentence = found
        with in_language(self._language):
            label = _("The whole sentence (%(how)s):", how=self._how(wording))
        return Quoted(
            words=f"„{quote.words}“",
            language=quote.language,
            source=source,
            label=label,
            translated=sentence.text,
            translated_language=sentence.language,
        )

    def objection(self, one: Objection) -> Quoted:
        """Return a comment that objects, with its wording."""
        source = self._said.comment_on.format(number=one.idea_id)
        wording = self._shown.get((SubjectKind.COMMENT, one.comment_id))
        if wording is None:
            return Quoted(words=one.text, language=one.language, source=self._named(source, one.language))
        return Quoted(
            words=one.text,
            language=one.language,
            source=source,
            label=f"({self._how(wording)})",
            translated=wording.text,
            translated_language=wording.language,
        )

    def _named(self, source: str, language: str) -> str:
        is_other = is_foreign(language, self._language)
        return f"{source} · {language_name(language, shown_in=self._language)}" if is_other else source

    def _how(self, wording: ShownWording) -> str:
        return self._said.translated(wording.source_language, title_of(wording.provider) if wording.is_machine else "")


def _written(quotes: Iterable[Sequence[ShownQuote]], objections: Iterable[Sequence[Objection]]) -> Iterator[Written]:
    yield from (written_quote(quote) for some in quotes for quote in some)
    yield from (Written(SubjectKind.COMMENT, one.comment_id, one.language) for some in objections for one in some)
