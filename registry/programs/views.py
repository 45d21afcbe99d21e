"""Pages of the programs room."""

from flask import Blueprint

bp = Blueprint("programs", __name__)
