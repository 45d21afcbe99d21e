"""Sessions as rows: Flask-Session's machinery over our own table and its own connection.

Its bundled SQLAlchemy store would commit the request's session and create its table by itself.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_session.base import ServerSideSession, ServerSideSessionInterface
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.db import Base, db, now, own_transaction


class WebSession(Base):
    """What one browser's visit remembers."""

    __tablename__ = "web_sessions"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RowSession(ServerSideSession):
    """A session kept as a row."""


class RowSessionInterface(ServerSideSessionInterface):
    """Stores sessions in `web_sessions`, each access in a short transaction of its own."""

    session_class = RowSession
    ttl = False

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app,
            key_prefix="",
            use_signer=False,
            permanent=True,
            sid_length=32,
            serialization_format="msgpack",
            cleanup_n_requests=None,
        )

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        with Session(db.engine) as own:
            data = own.scalar(
                select(WebSession.data).where(
                    WebSession.key == store_id, WebSession.expires_at > now()
                )
            )
        return self.serializer.decode(data) if data is not None else None

    def _delete_session(self, store_id: str) -> None:
        with own_transaction() as own:
            own.execute(delete(WebSession).where(WebSession.key == store_id))

    def _upsert_session(
        self, session_lifetime: timedelta, session: ServerSideSession, store_id: str
    ) -> None:
        row = WebSession(
            key=store_id,
            data=self.serializer.encode(session),
            expires_at=now() + session_lifetime,
        )
        with own_transaction() as own:
            own.merge(row)

    def _delete_expired_sessions(self) -> None:
        with own_transaction() as own:
            own.execute(delete(WebSession).where(WebSession.expires_at <= now()))
