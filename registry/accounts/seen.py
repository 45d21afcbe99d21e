"""When somebody was here last, to the nearest ten minutes: one small write in that time."""

from datetime import datetime, timedelta

import structlog
from flask import Flask, Response, g
from flask_login import current_user
from sqlalchemy import or_, update
from sqlalchemy.exc import SQLAlchemyError

from registry.accounts.models import User
from registry.db import db, now, own_transaction

EVERY = timedelta(minutes=10)
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Look after every request."""
    app.after_request(note_visit)


def note_visit(response: Response) -> Response:
    """Set `last_seen_at` when it is older than ten minutes. No reader waits for it to succeed, and
    the version stays: a visit is no change that another editor must be told of."""
    if "_login_user" not in g:
        return response
    try:
        if current_user.is_authenticated and _is_old(current_user.last_seen_at):
            user_id = current_user.id
            db.session.rollback()
            _note(user_id)
    except SQLAlchemyError:
        log.warning("visit not noted")
    return response


def _is_old(last: datetime | None) -> bool:
    return last is None or last < now() - EVERY


def _note(user_id: int) -> None:
    moment = now()
    with own_transaction() as own:
        own.execute(
            update(User)
            .where(
                User.id == user_id,
                or_(User.last_seen_at.is_(None), User.last_seen_at < moment - EVERY),
            )
            .values(last_seen_at=moment, updated_at=User.updated_at)
        )
