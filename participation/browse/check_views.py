"""Routes of the tally that anybody can check: the page, the files of releases, the programs, and the own votes."""

from pathlib import Path

from flask import Response, jsonify, render_template, send_file

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.browse.check_page import check_page, figures_name, log_name, own_proof, own_votes_page
from participation.browse.results_shared import blueprint, visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.headers import unnoticed
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing, found, require
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, paths_of
from participation.tallies.programs import CHECK_TALLY, CHECK_VOTE, program
from participation.tallies.queries import releases_of

HERE = "/processes/<slug>/results/check"
OF_RELEASE = f"{HERE}/releases/<int(max=999999):release>"
FIGURES = {"csv": (FIGURES_CSV, "text/csv"), "json": (FIGURES_JSON, "application/json")}


@blueprint.get(HERE)
@public
@shared_page
def check(slug: str) -> str:
    """Show everything it takes to recount the figures."""
    page = check_page(db.session(), current_actor(), visible_process(slug), now=clock.now())
    return render_template("browse/results_check.html", page=page)


@blueprint.get(f"{HERE}/roots.json")
@public
def roots(slug: str) -> Response:
    """List all releases with their roots, for whoever wants to keep them."""
    releases = releases_of(db.session(), visible_process(slug).id)
    return jsonify(
        [
            {
                "release": release.number,
                "made_at": f"{release.made_at:%Y-%m-%dT%H:%M:%SZ}",
                "votes": release.leaves,
                "root": release.root,
                "vote_log_sha256": release.file_sha256,
            }
            for release in releases
        ]
    )


@blueprint.get(f"{OF_RELEASE}/figures.<any(csv, json):file_format>")
@public
def figures(slug: str, release: int, file_format: str) -> Response:
    """Hand out the figures of a release."""
    process, (ending, mimetype) = visible_process(slug), FIGURES[file_format]
    return _download(_file(process, release, ending), figures_name(process, release, file_format), mimetype)


@blueprint.get(f"{OF_RELEASE}/vote-log")
@public
def vote_log(slug: str, release: int) -> Response:
    """Hand out the vote log of a release."""
    process = visible_process(slug)
    return _download(_file(process, release, LOG), log_name(process, release), "application/gzip")


@blueprint.get(f"{HERE}/check-tally.py")
@public
def tally_program(slug: str) -> Response:
    """Hand out the program that recounts a release."""
    visible_process(slug)
    return _program(CHECK_TALLY)


@blueprint.get(f"{HERE}/check-vote.py")
@public
def vote_program(slug: str) -> Response:
    """Hand out the program that follows the path of a vote."""
    visible_process(slug)
    return _program(CHECK_VOTE)


@blueprint.get(f"{HERE}/own")
@signed_in_only
@unnoticed
def own_votes(slug: str) -> str:
    """Show the reader's own votes with their numbers and paths."""
    page = own_votes_page(
        db.session(), current_actor(), visible_process(slug), before=asked_number("before"), now=clock.now()
    )
    return render_template("browse/own_votes.html", page=page)


@blueprint.get(f"{HERE}/own/<int:idea_id>")
@signed_in_only
@unnoticed
def own_proof_file(slug: str, idea_id: int) -> Response:
    """Hand out the proof of an own vote as the program reads it."""
    proof = found(own_proof(db.session(), current_actor(), visible_process(slug), idea_id))
    headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
    return Response(proof.to_json(), mimetype="application/json", headers=headers)


def _file(process: ProcessOutline, number: int, ending: str) -> Path:
    """Return a file of a release; raises ``Missing``, also for one that is not kept any more, and ``Refused``."""
    require(may_see_results(process, now=clock.now()))
    releases = releases_of(db.session(), process.id)
    path = paths_of(found(next((one for one in releases if one.number == number), None)))[ending]
    if not path.exists():
        raise Missing
    return path


def _download(path: Path, name: str, mimetype: str) -> Response:
    return send_file(path, mimetype=mimetype, as_attachment=True, download_name=name)


def _program(name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(program(name), mimetype="text/x-python", headers=headers)
