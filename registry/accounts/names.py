"""Names for the log: it keeps public ids of actors, people want to read names."""

from collections.abc import Iterable

from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.queries import register_names
from registry.db import db


def init_app(app: Flask) -> None:
    """Tell the log whom to ask."""
    register_names(app, names_of)


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """Names by public id; unknown ids are left out."""
    found = db.session.execute(
        select(User.public_id, User.name).where(User.public_id.in_(set(public_ids)))
    )
    return {row.public_id: row.name for row in found}
