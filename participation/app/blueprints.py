"""All the pages: every package's blueprint under the language prefix, and what the machine asks for."""

from flask import Flask, Response, render_template
from sqlalchemy import text

from participation.accessibility.desk_views import blueprint as barriers
from participation.accessibility.video_views import blueprint as videos
from participation.accessibility.views import blueprint as accessibility
from participation.accounts.forms import SignUpForm
from participation.accounts.guard import public
from participation.accounts.language_views import blueprint as accounts
from participation.api.documentation import blueprint as interface
from participation.api.views import register as register_api
from participation.app.languages import PREFIX
from participation.browse.bundle_views import blueprint as together
from participation.browse.city_feeds import blueprint as feeds
from participation.browse.discussion_views import blueprint as discussion
from participation.browse.document_views import blueprint as documents
from participation.browse.embed_views import blueprint as embeds
from participation.browse.function_views import blueprint as functions
from participation.browse.history_views import blueprint as history
from participation.browse.legal_views import blueprint as smallprint
from participation.browse.leitbild_views import blueprint as leitbild
from participation.browse.matrix_views import blueprint as matrix
from participation.browse.method_views import blueprint as methods
from participation.browse.mine import blueprint as mine
from participation.browse.moderation_views import blueprint as transparency
from participation.browse.notice_views import blueprint as notices
from participation.browse.outcome_views import blueprint as outcomes
from participation.browse.print_views import blueprint as printing
from participation.browse.provenance_views import blueprint as provenance
from participation.browse.receipt_views import blueprint as receipts
from participation.browse.results_views import blueprint as results
from participation.browse.short_views import blueprint as short
from participation.browse.similar_step import blueprint as proposing
from participation.browse.views import blueprint as browse
from participation.browse.vote_row_views import blueprint as voting
from participation.browse.word_views import blueprint as words
from participation.comments.views import blueprint as comments
from participation.curation.board.cluster_views import blueprint as curation
from participation.curation.bundling.candidate_views import blueprint as bundles
from participation.demographics.views import blueprint as demographics
from participation.desk.board_actions import blueprint as desk
from participation.exports.matrix_views import blueprint as exports
from participation.exports.opendata.views import blueprint as opendata
from participation.exports.posters.views import blueprint as posters
from participation.ideas.views import blueprint as ideas
from participation.intake.mapping_views import blueprint as mappings
from participation.intake.views import blueprint as imports
from participation.kit.db import db
from participation.legal.views import blueprint as legal
from participation.moderation.appeals.views import blueprint as appeals
from participation.moderation.curating.views import blueprint as curating
from participation.moderation.messages.views import blueprint as messages
from participation.moderation.openness.time_views import blueprint as times
from participation.moderation.queue.views import blueprint as queue
from participation.moderation.rewording.views import blueprint as rewording
from participation.moderation.text_blocks.views import blueprint as text_blocks
from participation.moderation.views import blueprint as moderation
from participation.notices.evidence_views import blueprint as evidence
from participation.notifications.views import blueprint as notifications
from participation.opinions.views import blueprint as opinions
from participation.processes.views import blueprint as processes
from participation.proposing.edit_views import blueprint as editing
from participation.proposing.forms import PrinciplesForm
from participation.signals.views import blueprint as signals
from participation.strategy.answering.views import blueprint as answering
from participation.strategy.assessing.views import blueprint as assessing
from participation.strategy.statements.quote_views import blueprint as quoting
from participation.strategy.statements.signing_views import blueprint as signing
from participation.strategy.statements.views import blueprint as strategy
from participation.wordings.provider_views import blueprint as translations
from participation.wordings.suggesting.views import blueprint as suggesting

BLUEPRINTS = (
    accessibility,
    accounts,
    answering,
    appeals,
    assessing,
    barriers,
    browse,
    bundles,
    comments,
    curating,
    curation,
    demographics,
    desk,
    discussion,
    documents,
    editing,
    embeds,
    exports,
    functions,
    history,
    feeds,
    ideas,
    imports,
    interface,
    legal,
    leitbild,
    mappings,
    matrix,
    messages,
    methods,
    mine,
    moderation,
    notices,
    evidence,
    notifications,
    opendata,
    opinions,
    outcomes,
    posters,
    printing,
    processes,
    proposing,
    provenance,
    queue,
    receipts,
    results,
    rewording,
    signals,
    smallprint,
    strategy,
    quoting,
    signing,
    suggesting,
    text_blocks,
    times,
    together,
    translations,
    transparency,
    videos,
    voting,
    words,
)


def register(app: Flask) -> None:
    """Add all routes to ``app``."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    register_api(app)
    app.register_blueprint(short)
    # Mail programs send it by themselves, without a session (RFC 8058); the signed link in its address is the proof.
    app.extensions["csrf"].exempt("participation.notifications.views.unsubscribe")

    @app.get("/healthz", endpoint="machine.health")
    @public
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz", endpoint="machine.readiness")
    @public
    def readiness() -> Response:
        db.session.execute(text("SELECT 1"))
        return Response("ready\n", mimetype="text/plain")

    @app.get("/robots.txt", endpoint="machine.robots")
    @public
    def robots() -> Response:
        parts = ("desk", "vote", "account", "notice", "barriers", "language")
        closed = "".join(f"Disallow: /*/{part}\n" for part in parts)
        return Response(f"User-agent: *\n{closed}", mimetype="text/plain")

    if app.config["DEMO"]:

        @app.get("/_components", endpoint="machine.components")
        @public
        def components() -> str:
            boxes = PrinciplesForm().offer([], language="de")
            return render_template("dev/components.html", form=SignUpForm(), boxes=boxes)
