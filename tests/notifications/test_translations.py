"""What others wrote, in letters: in the reader's language and marked so, or its language named; never when hidden."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.activity.worker import work_once
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications import digests, rounds
from participation.notifications.events import LettersToSend
from participation.notifications.models import DigestRun, EntryKind
from participation.notifications.service import tell
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled
from tests.notifications.village import Village
from tests.pages import queries

TITLE, SAID = "مكتبة للجميع", "Buna karşıyım"
GERMAN, GERMAN_SAID = "Bibliothek für alle", "Ich bin dagegen"
RIGHT_TO_LEFT, LEFT_TO_RIGHT, END = "\u2067", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class Scene:
    """An Arabic idea and a Turkish comment on it, both in German as well, by a machine and by people."""

    idea: int
    comment: int


def scene(session: Session, village: Village, languages: tuple[str, ...], rhythm: MailRhythm) -> Scene:
    """Tell a reader of each language of the comment, as of an answer to their own."""
    idea = make.idea(session, village.place, title=TITLE, body="تنقصنا مكتبات", language="ar")
    comment = make.comment(session, village.place, idea, body=SAID, author=village.ben_there)
    session.get_one(Comment, comment).language = "tr"
    session.flush()
    make.wording(session, idea, language="de", title=GERMAN, provider="deepl")
    make.wording(session, comment, kind=SubjectKind.COMMENT, language="de", body=GERMAN_SAID)
    for language in languages:
        account = make.account(session, f"{language}@example.org", language=language)
        session.execute(update(Account).where(Account.id == account).values(mail_rhythm=rhythm))
        tell(session, [account], EntryKind.REPLY, comment, process_id=village.place.id, now=clock.now())
    return Scene(idea, comment)


def digest(app: Flask, period: str = "today") -> dict[str, str]:
    """Send a round and return what each reader got, the subject apart, by language."""
    with app.app_context():
        with transaction() as session:
            rounds.begin_round(session, MailRhythm.DAILY, period, now=clock.now())
            run_id = session.scalars(select(func.max(DigestRun.id))).one()
        with queries(app) as sending:
            digests.send_letters(LettersToSend(run_id))
    assert sum("FROM wording" in one for one in sending) <= 1
    return {str(letter["To"]).partition("@")[0]: letter.get_content() for letter in spooled(app)}


def test_digests_are_in_each_readers_language(app: Flask, transact: Sessions, village: Village) -> None:
    with transact() as session:
        scene(session, village, ("de", "de-simple", "en", "ar", "tr"), MailRhythm.DAILY)
    told = digest(app)
    for language in ("de", "de-simple"):
        lines = [line.strip() for line in told[language].splitlines()]
        assert [line for line in lines if line.endswith(GERMAN)], language
        place = lines.index(GERMAN_SAID)
        assert "Original: Arabisch" in "".join(lines[:place])
        assert "Original: Türkisch" in "".join(lines[place:])
        assert TITLE not in told[language]
        assert END not in told[language]
    assert f"{RIGHT_TO_LEFT}{TITLE}{END}\n  (Arabic)" in told["en"]
    assert f"  {SAID}\n\n  (Turkish)" in told["en"]
    # Whoever reads Arabic or Turkish reads what was written, each direction kept apart.
    assert f"{TITLE}\n" in told["ar"]
    assert f"{LEFT_TO_RIGHT}{SAID}{END}" in told["ar"]
    assert f"{RIGHT_TO_LEFT}{TITLE}{END}" in told["tr"]
    assert f"  {SAID}\n" in told["tr"]


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["de", "en"])
def test_single_letters_are_in_the_readers_language(
    app: Flask, transact: Sessions, village: Village, language: str
) -> None:
    with transact() as session:
        scene(session, village, (language,), MailRhythm.AT_ONCE)
    with app.app_context():
        work_once({})
    (letter,) = (one for one in spooled(app) if one["To"] == f"{language}@example.org")
    text = letter.get_content()
    if language == "de":
        assert str(letter["Subject"]).endswith(f": {GERMAN}")
        assert f": {GERMAN}\n(" in text
        assert GERMAN_SAID in text
        assert TITLE not in text + str(letter["Subject"])
    else:
        assert str(letter["Subject"]).endswith(f": {RIGHT_TO_LEFT}{TITLE}{END}")
        assert f"{TITLE}{END}\n(Arabic)\n" in text
        assert GERMAN not in text


def test_what_is_hidden_takes_its_translation_along(app: Flask, transact: Sessions, village: Village) -> None:
    with transact() as session:
        there = scene(session, village, ("de",), MailRhythm.DAILY)
        session.get_one(Comment, there.comment).state = CommentState.HIDDEN
    assert digest(app) == {}
    with transact() as session:
        session.get_one(Comment, there.comment).state = CommentState.PUBLISHED
        idea = session.get_one(Idea, there.idea)
        idea.state = IdeaState.HIDDEN
        account = make.account(session, "other@example.org", language="de")
        session.execute(update(Account).where(Account.id == account).values(mail_rhythm=MailRhythm.DAILY))
        tell(session, [account], EntryKind.REPLY, there.comment, process_id=village.place.id, now=clock.now())
    assert not [word for text in digest(app, "tomorrow").values() for word in (GERMAN, GERMAN_SAID) if word in text]
