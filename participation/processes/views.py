"""Pages on which admins edit processes and roles, and on which people choose their name in a process."""

from flask import Blueprint

blueprint = Blueprint("processes", __name__)
