"""Pages of the listings room."""

from flask import Blueprint

bp = Blueprint("listings", __name__)
