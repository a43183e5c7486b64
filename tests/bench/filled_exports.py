"""A process with a great many ideas, written by a few statements that the database works out by itself."""

import sqlite3
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select

from participation.app import create_app
from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import Process
from tests.bench.fill import CARELESS, CLUSTERS, SECRET, fill
from tests.bench.words import prose, title

VOTES_PER_IDEA = 10
TEXTS = 997
"""So many different texts there are; a prime number, so that they do not fall in step with anything."""
FIRST = 3
"""The ideas before this one come with the process."""

_SERIES = """
CREATE TEMPORARY TABLE series AS
WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) SELECT n FROM numbers
"""
_MOMENT = "strftime('%Y-%m-%d %H:%M:%f000', :begin, '+' || {0} || ' seconds')"
_PARTS = (
    # People who came with an import, as many as there are ideas.
    """
    INSERT OR IGNORE INTO participant (process_id, pseudonym, external_key, joined_at)
    SELECT :process, 'Otter ' || n, 'x' || n, :now FROM series
    """,
    f"""
    INSERT INTO idea (id, process_id, participant_id, state, source, title, text, language, revision, district_id,
                      field_id, submitted_at, published_at)
    SELECT n, :process, 1 + n % :people, 'published', 'online', title, body || ' (' || n || ')', 'de', 1,
           (SELECT min(id) + n % count(*) FROM district),
           (SELECT min(id) + n % count(*) FROM field_of_action), {_MOMENT.format("n")}, {_MOMENT.format("n")}
    FROM series JOIN texts ON texts.number = n % :texts
    """,
    """
    INSERT INTO idea_principle (idea_id, principle_id)
    SELECT n, (SELECT min(id) + n % count(*) FROM principle) FROM series
    """,
    f"""
    INSERT INTO vote (idea_id, participant_id, stance, revision, cast_at, nonce)
    SELECT n, 1 + (n * 31 + turn.number * 37) % :people,
           CASE (n * 7 + turn.number) % 10 WHEN 0 THEN 'unsure' WHEN 1 THEN 'disagree' WHEN 2 THEN 'disagree'
           ELSE 'agree' END, 1, {_MOMENT.format("n")}, randomblob(16)
    FROM series CROSS JOIN texts AS turn WHERE turn.number < :votes
    """,
    """
    INSERT OR IGNORE INTO tally (idea_id, agree, disagree, unsure)
    SELECT idea_id, sum(stance = 'agree'), sum(stance = 'disagree'), sum(stance = 'unsure') FROM vote GROUP BY idea_id
    """,
    f"""
    INSERT INTO comment (process_id, idea_id, participant_id, state, text, language, submitted_at, published_at)
    SELECT :process, n, 1 + n * 3 % :people, 'published', remark, 'de', {_MOMENT.format("n")}, {_MOMENT.format("n")}
    FROM series JOIN texts ON texts.number = n * 5 % :texts
    """,
    "UPDATE comment SET thread_id = id WHERE thread_id IS NULL",
    f"""
    INSERT INTO filing (cluster_id, idea_id, is_main, origin, reason, filed_at, begun_in)
    SELECT 1 + n % :clusters, n, 1, 'hand', '', {_MOMENT.format("n")}, 0 FROM series WHERE n % 2 = 0
    """,
    "INSERT INTO bundle (process_id, made_at) SELECT :process, :now FROM series WHERE n % 40 = 0",
    """
    INSERT INTO bundle_member (bundle_id, idea_id, added_at)
    SELECT bundle.id, :first + (bundle.id - 1) * 40 + part.number, :now
    FROM bundle CROSS JOIN texts AS part WHERE part.number < 3 AND :first + (bundle.id - 1) * 40 + 3 <= :last
    """,
    f"""
    INSERT INTO answer (process_id, idea_id, outcome, department, text, answered_at)
    SELECT :process, n, 'partly', 'Amt ' || n % 9, json_object('de', remark), {_MOMENT.format("n")}
    FROM series JOIN texts ON texts.number = n % :texts WHERE n % 20 = 0
    """,
    f"""
    INSERT INTO decision (process_id, idea_id, kind, ground, reason, block_texts, details, automation, waited_seconds,
                          salt, content_digest, state_before, decided_at)
    SELECT :process, n, 'publish', '', '', '{{}}', '{{}}', 'none', n % 90000, x'00', hex(randomblob(32)), 'in_review',
           {_MOMENT.format("n")}
    FROM series WHERE n % 3 = 0
    """,
)


def application(place: Path) -> Flask:
    """Return the product on the database in ``place``."""
    settings = {"DATA_DIR": place / "data", "SECRET_KEY": SECRET, "ANALYSIS": "off"}
    return create_app({"DATABASE_URL": f"sqlite:///{place / 'exports.sqlite'}", **settings})


def process_id_in() -> int:
    """Return the one process of the database."""
    return db.session.scalars(select(Process.id)).one()


def fill_for_exports(place: Path, ideas: int) -> int:
    """Fill a new database in ``place`` with ``ideas`` ideas and what belongs to them; return how many votes that is.

    Each idea has ten votes and a comment, half of them are in a theme; some are bundled, answered, decided about.
    """
    path = place / "exports.sqlite"
    fill(place, FIRST - 1).path.rename(path)
    now = clock.now()
    connection = sqlite3.connect(path)
    for pragma in CARELESS:
        connection.execute(f"PRAGMA {pragma}")
    process, people = connection.execute("SELECT id, (SELECT count(*) FROM participant) FROM process").fetchone()
    values = {
        "process": process,
        "people": people + ideas - FIRST + 1,
        "first": FIRST,
        "last": ideas,
        "texts": TEXTS,
        "votes": VOTES_PER_IDEA,
        "clusters": CLUSTERS,
        "now": f"{now:%Y-%m-%d %H:%M:%S}.000000",
        "begin": f"{now.replace(year=now.year - 1):%Y-%m-%d %H:%M:%S}",
    }
    connection.execute(_SERIES, values)
    connection.execute("CREATE TEMPORARY TABLE texts (number INTEGER PRIMARY KEY, title, body, remark)")
    connection.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", _texts())
    for part in _PARTS:
        connection.execute(part, values)
    connection.commit()
    connection.execute("ANALYZE")
    votes: int = connection.execute("SELECT count(*) FROM vote").fetchone()[0]
    connection.commit()
    connection.close()
    return votes


def _texts() -> list[tuple[int, str, str, str]]:
    chance = Random(7)
    return [
        (n, title(chance)[:140], prose(chance, typical=420, longest=4000), prose(chance, typical=150, longest=900))
        for n in range(TEXTS)
    ]
