"""The page with all words that are explained."""

from flask import Blueprint, g, render_template

from participation.accounts.guard import public
from participation.browse.shared import shared_page
from participation.browse.words import framework_words, topics
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.principles.queries import framework_id_by_key, terms_of

blueprint = Blueprint("words", __name__)


@blueprint.get("/words")
@public
@shared_page
def overview() -> str:
    """Explain the words of the product and those of the framework."""
    session = db.session()
    try:
        terms = terms_of(session, framework_id_by_key(session))
    except Missing:
        terms = ()
    return render_template("browse/words.html", topics=topics(g.language), terms=framework_words(terms, g.language))
