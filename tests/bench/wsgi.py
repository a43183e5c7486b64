"""The product with one more page: the floor, as little as a page that reads from the database can do."""

import sys

from flask import Flask, Response, request
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from participation.accounts.guard import public
from participation.commands.supervisor import end_with_parent
from participation.commands.web import application as product
from participation.commands.web import run_web
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.voting.models import Stance, Vote, new_nonce

FLOOR = "/de/floor"
FLOOR_VOTE = "/de/floor-vote"
ROWS = 20
TEMPLATE = """<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>Floor</title></head>
<body>
<h1>Floor</h1>
<ul>
{% for row in rows %}
  <li><a href="ideas/{{ row.id }}" lang="{{ row.language }}">{{ row.title }}</a> {{ row.text[:200] }}</li>
{% endfor %}
</ul>
</body>
</html>
"""


def application() -> Flask:
    """Return the product's application with the floor page added."""
    app = product()
    template = app.jinja_env.from_string(TEMPLATE)
    newest = (
        select(Idea.id, Idea.title, Idea.language, Idea.text)
        .where(Idea.process_id == 1, Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.published_at.desc(), Idea.id.desc())
        .limit(ROWS)
    )

    @app.get(FLOOR, endpoint="bench.floor")
    @public
    def floor() -> str:
        return template.render(rows=db.session.execute(newest).all())

    _add_floor_vote(app)
    return app


def _add_floor_vote(app: Flask) -> None:
    """Add the least that taking a vote can be: one row written or changed, in a transaction of its own."""
    with app.app_context():
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = insert(Vote.__table__)  # type: ignore[arg-type]  # a mapped class has a table
    changes = {name: statement.excluded[name] for name in ("stance", "cast_at")}
    upsert = statement.on_conflict_do_update(index_elements=["idea_id", "participant_id"], set_=changes)

    @app.post(FLOOR_VOTE, endpoint="bench.floor_vote")
    @app.extensions["csrf"].exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
    @public
    def floor_vote() -> Response:
        row = {
            "idea_id": int(request.form["idea"]),
            "participant_id": int(request.form["person"]),
            "stance": Stance(request.form["stance"]),
            "revision": 1,
            "cast_at": clock.now(),
            "nonce": new_nonce(),
        }
        with transaction() as session:
            session.connection().execute(upsert, row)
        return Response(status=303, headers={"Location": FLOOR})


if __name__ == "__main__":
    end_with_parent()
    run_web("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), target="tests.bench.wsgi:application")
