"""Pages of the cases room."""

from flask import Blueprint

bp = Blueprint("cases", __name__)
