"""The product with one more page: the floor, as little as a page that reads from the database can do."""

import sys

from flask import Flask
from sqlalchemy import select

from participation.accounts.guard import public
from participation.commands.supervisor import end_with_parent
from participation.commands.web import application as product
from participation.commands.web import run_web
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import db

FLOOR = "/de/floor"
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

    return app


if __name__ == "__main__":
    end_with_parent()
    run_web("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), target="tests.bench.wsgi:application")
