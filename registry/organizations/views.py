"""Pages of the organizations room."""

from flask import Blueprint

bp = Blueprint("organizations", __name__)
