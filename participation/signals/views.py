"""Where moderators see which words are watched, and keep a list of their own."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import direction, language_name
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.signals.forms import WordForm
from participation.signals.models import WatchedWord
from participation.signals.policies import may_watch_words
from participation.signals.reasons import list_label
from participation.signals.watching import built_in_lists
from participation.signals.wordlists import forget_word, watch_word, words_of

blueprint = Blueprint("signals", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word on the moderators' own list; ``is_kept`` says that the reader may take it off."""

    id: int
    word: str
    language: str
    language_name: str
    dir: str
    is_for_all: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The lists that come with the platform in one language: what each is about and its words."""

    language: str
    language_name: str
    dir: str
    count: int
    lists: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WordsPage:
    """The words that are watched in a process."""

    workplace: Workplace
    words: tuple[WordLine, ...]
    built_in: tuple[BuiltIn, ...]
    asks_for_all: bool


@blueprint.route("/desk/processes/<slug>/watched-words", methods=["GET", "POST"])
@moderators_only
def words(slug: str) -> Page:
    """Show the words that are watched in a process, and take a new one."""
    process = process_by_slug(db.session(), slug)
    form = WordForm().offer(current_app.config["LANGUAGES"], g.language)
    if not form.validate_on_submit():
        return _page(process, form)
    for_all = form.for_all.data and may_watch_words(current_actor(), None)
    try:
        with transaction() as session:
            watch_word(
                session,
                current_actor(),
                process_id=None if for_all else process.id,
                language=form.language.data,
                word=form.word.data or "",
                now=clock.now(),
            )
    except Refused as problem:
        form.word.errors = [str(problem.reason)]
        return _page(process, form)
    flash(_("The word is on the list. What waits is looked at anew."), "success")
    return redirect(url_for(".words", slug=slug), 303)


@blueprint.post("/desk/processes/<slug>/watched-words/<int:word_id>/remove")
@moderators_only
def remove(slug: str, word_id: int) -> Response:
    """Take a word off the list."""
    process = process_by_slug(db.session(), slug)
    with transaction() as session:
        forget_word(session, current_actor(), process_id=process.id, word_id=word_id, now=clock.now())
    flash(_("The word is off the list. What waits is looked at anew."), "success")
    return redirect(url_for(".words", slug=slug), 303)


def _page(process: ProcessOutline, form: WordForm) -> Page:
    page = WordsPage(
        workplace=workplace(current_actor(), process, g.language),
        words=tuple(_line(word) for word in words_of(db.session(), process.id)),
        built_in=tuple(_built_in(language, lists) for language, lists in built_in_lists().items()),
        asks_for_all=bool(may_watch_words(current_actor(), None)),
    )
    rendered = render_template("signals/words.html", page=page, form=form)
    return (rendered, UNPROCESSABLE) if form.errors else rendered


def _line(word: WatchedWord) -> WordLine:
    return WordLine(
        id=word.id,
        word=word.word,
        language=word.language,
        language_name=language_name(word.language, shown_in=g.language),
        dir=direction(word.language),
        is_for_all=word.process_id is None,
        is_kept=bool(may_watch_words(current_actor(), word.process_id)),
    )


def _built_in(language: str, lists: dict[str, list[str]]) -> BuiltIn:
    return BuiltIn(
        language=language,
        language_name=language_name(language, shown_in=g.language),
        dir=direction(language),
        count=sum(map(len, lists.values())),
        lists=tuple((list_label(name), " · ".join(entries)) for name, entries in lists.items()),
    )
