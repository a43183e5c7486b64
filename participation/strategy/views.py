"""Pages on which statements are written and published."""

from flask import Blueprint

blueprint = Blueprint("strategy", __name__)
