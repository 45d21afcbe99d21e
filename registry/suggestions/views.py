"""Pages of the suggestions room."""

from flask import Blueprint

bp = Blueprint("suggestions", __name__)
