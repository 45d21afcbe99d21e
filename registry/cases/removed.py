"""The rung that was just taken off, kept in the session so that it can be put back."""

from collections.abc import Mapping
from typing import Any

from flask import request, session

from registry.cases.labels import rung_label
from registry.cases.models import Case, Rung

REMOVED = "removed_outcome"
"""Where the session keeps the rung taken off last."""


def removed_just_now(case: Case) -> str:
    """The rung that was taken off on the way to this page, in words; empty when none was."""
    kept = session.get(REMOVED) or {}
    wanted = (case.id, request.args.get("removed", ""))
    return rung_label(Rung(kept["rung"])) if (kept and _named(kept) == wanted) else ""


def _named(kept: Mapping[str, Any]) -> tuple[Any, Any]:
    return kept["case_id"], kept["public_id"]
