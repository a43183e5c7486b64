"""Translations beside originals at the desk: of what everybody can read, and of nothing else."""

from collections.abc import Callable

import pytest

from participation.accounts.actor import Role
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Idea, IdeaState
from participation.notices.models import NoticeReason
from participation.processes.models import Process
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/de/desk/processes/digital"
TITLE, TEXT, SAID = "مكتبة للجميع", "تنقصنا مكتبات", "أنا ضد ذلك"
WORDS = ("Bibliothek für alle", "Uns fehlen Bibliotheken", "Ich bin dagegen")


@pytest.fixture
def pages(transact: Sessions) -> dict[str, str]:
    """An Arabic idea and a comment, both with a German wording: reported, on the board, and in a theme."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title=TITLE, body=TEXT, language="ar")
        comment = make.comment(session, place, idea, body=SAID)
        session.get_one(Comment, comment).language = "ar"
        session.flush()
        make.wording(session, idea, language="de", title=WORDS[0], body=WORDS[1], provider="deepl")
        make.wording(session, comment, kind=SubjectKind.COMMENT, language="de", body=WORDS[2])
        filed = make.idea(session, place, title=TITLE, body=TEXT, language="ar")
        make.wording(session, filed, language="de", title=WORDS[0], body=WORDS[1])
        cluster = make.cluster(session, place, ideas=[filed])
        for number, kind in ((idea, SubjectKind.IDEA), (comment, SubjectKind.COMMENT)):
            make.notice(session, place, number, kind, reason=NoticeReason.OTHER)
    queue, case = f"{DESK}/queue", f"{DESK}/cases"
    return {
        queue: WORDS[0] + WORDS[2],
        f"{case}/1": WORDS[0] + WORDS[1],
        f"{case}/2": WORDS[0] + WORDS[2],
        f"{DESK}/board": WORDS[0] + WORDS[1],
        f"{DESK}/clusters/{cluster}": WORDS[0] + WORDS[1],
        f"{DESK}/ideas/{idea}": "".join(WORDS),
    }


def heard(page: PageClient, address: str) -> str:
    """Return which of the words of the translations a page says, in their order."""
    text = page.get(address).text
    return "".join(word for word in WORDS if word in text)


def test_the_team_reads_translations_beside_originals(member: Member, pages: dict[str, str]) -> None:
    moderator = member(Role.ADMIN)
    for address, words in pages.items():
        page = moderator.get(address)
        assert {one.get("lang") for one in page.select("main [lang]") if "Bibliothek" in "".join(one.itertext())}
        assert TITLE in page.text, address
        assert [word for word in WORDS if word in words and word not in page.text] == [], address
        labels = page.text.count("Original: Arabisch")
        assert labels == page.text.count('class="translated-line"') + page.text.count('class="translated-below"') > 0
        english = moderator.get(address.replace("/de/", "/en/"))
        assert [word for word in WORDS if word in english.text] == [], address


def test_what_is_not_public_has_no_translation_there(member: Member, transact: Sessions, pages: dict[str, str]) -> None:
    moderator = member(Role.ADMIN)
    for state in (IdeaState.IN_REVIEW, IdeaState.HIDDEN, IdeaState.WITHDRAWN):
        with transact() as session:
            for idea in session.query(Idea):
                idea.state = state
            session.query(Process).update({Process.version: Process.version + 1})
        assert {address: heard(moderator, address) for address in pages} == dict.fromkeys(pages, "")
    with transact() as session:
        for idea in session.query(Idea):
            idea.state, idea.revision = IdeaState.PUBLISHED, idea.revision + 1
    # Of an earlier text: only that of the comment, which is the same as before.
    assert {heard(moderator, address) for address in pages} == {"", WORDS[2]}
