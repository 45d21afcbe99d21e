"""Alembic's environment: the app's own engine, batch mode, and SQLite's foreign keys kept safe."""

from typing import Any

from alembic import context
from flask import current_app

from registry.db import UtcDateTime


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Moments stand in migrations as plain SQLAlchemy types."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations() -> None:
    """Run on one connection. On SQLite a batch change drops and remakes a table: with foreign keys
    on, ON DELETE CASCADE would empty its children, so they are off meanwhile and checked after."""
    extension = current_app.extensions["migrate"]
    with extension.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.rollback()
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            render_item=render_item,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.rollback()
            connection.connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows without their parent after the migration: {broken[:5]}")


run_migrations()
