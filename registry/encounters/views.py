"""Pages of the encounters room."""

from flask import Blueprint

bp = Blueprint("encounters", __name__)
