"""Forms with which moderators make clusters and file ideas."""

from flask import Blueprint

blueprint = Blueprint("curation", __name__)
