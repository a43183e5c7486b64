"""The list of ideas under a search: what readers are shown is found, and what means the same stands below it."""

from flask import Flask
from sqlalchemy import update

from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.processes.service import touch
from participation.similarity import meant
from participation.similarity.memory import memories
from participation.similarity.service import MadeVector, put_vectors
from participation.texts.vectors import Encoder, pack
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

IDEAS = (
    ("Bibliothek am Sonntag", "Die Stadtbibliothek soll auch am Sonntag öffnen.", "de"),
    ("مكتبة يوم الأحد", "يجب أن تفتح مكتبة المدينة يوم الأحد أيضا.", "ar"),
    ("Mehr Bäume", "Auf den Plätzen fehlt Schatten.", "de"),
)


def test_ideas_that_mean_the_same_stand_below_those_with_the_words(
    app: Flask, client: PageClient, transact: Sessions, meaning: Encoder
) -> None:
    used = meaning
    memories.forget()
    with transact() as session:
        place = make.process(session, "parks")
        ids = [make.idea(session, place, title=title, body=body, language=code) for title, body, code in IDEAS]
        vectors = [
            MadeVector(id_, 1, pack(used.encode(title, body)))
            for id_, (title, body, _code) in zip(ids, IDEAS, strict=True)
        ]
        put_vectors(session, place.id, vectors, method=used.method, now=clock.now())
        make.wording(session, ids[1], language="tr", title="Pazar günü açık kütüphane", body="Şehir kütüphanesi")
    address = "/processes/parks/ideas?q="

    def titles(path: str) -> tuple[list[str], list[str]]:
        page = client.get(path)
        return page.texts(".idea-card__title"), page.texts("section[aria-labelledby=meant] a[lang]")

    meant.directions.forget()
    # Nothing is ready: what can be said at once is said, and the rest is made meanwhile.
    assert titles(f"/tr{address}pazar+günü+kütüphane") == (["Pazar günü açık kütüphane"], [])
    meant.directions.prepare(used)
    with app.app_context():
        memories.of(db.session(), place.id).snapshot_at_last()
    assert titles(f"/tr{address}pazar+günü+kütüphane") == (["Pazar günü açık kütüphane"], ["Bibliothek am Sonntag"])
    # In German nobody is shown the Turkish wording, so both are only near in meaning.
    words, near = titles(f"/de{address}pazar+günü+kütüphane")
    assert (words, set(near)) == ([], {"Bibliothek am Sonntag", "مكتبة يوم الأحد"})
    # The filters hold there, too, and further pages are without it.
    assert titles(f"/de{address}pazar+günü+kütüphane&language=ar") == ([], ["مكتبة يوم الأحد"])
    assert titles(f"/de{address}pa") == ([], [])
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ids[1]).values(state=IdeaState.HIDDEN))
        touch(session, place.id)
    assert titles(f"/de{address}pazar+günü+kütüphane") == ([], ["Bibliothek am Sonntag"])
