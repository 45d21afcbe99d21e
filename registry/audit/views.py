"""Pages of the audit room."""

from flask import Blueprint

bp = Blueprint("audit", __name__)
