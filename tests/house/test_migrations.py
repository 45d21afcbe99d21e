"""Migrations: models = schema, up and down with rows, and SQLite's foreign keys kept safe."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import MetaData, inspect, text

from registry.app import create_app
from registry.cli.revising import changed_checks
from registry.config import Config
from registry.db import db
from tests.factories.cases import make_case
from tests.postgres import Server, fresh_database


def test_the_models_are_the_schema(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = [d for d in compare_metadata(context, db.metadata) if not _is_batch_noise(d)]

    assert difference == []


@pytest.mark.sqlite_only
def test_the_checks_of_the_models_are_those_of_the_schema(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert changed_checks(db.metadata, connection) == {}


def test_there_is_one_newest_migration(app: Flask) -> None:
    script = ScriptDirectory(app.extensions["migrate"].directory)

    assert len(script.get_heads()) == 1


@pytest.fixture
def own_app(config: Config, tmp_path: Path, postgres_server: Server | None) -> Iterator[Flask]:
    """An app with a database of its own, for going up and down."""
    url = (
        fresh_database(postgres_server)
        if postgres_server
        else f"sqlite:///{tmp_path / 'own.sqlite3'}"
    )
    fields = {**config.__dict__, "data": tmp_path, "database_url": url}
    own = create_app(Config(**fields))
    with own.app_context():
        yield own
        db.session.remove()
        db.engine.dispose()


def test_every_migration_goes_up_down_and_up_again_with_rows(own_app: Flask) -> None:
    flask_migrate.upgrade()
    make_case()
    tables = set(inspect(db.engine).get_table_names())

    flask_migrate.downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names())
    flask_migrate.upgrade()

    assert left <= {"alembic_version"}
    assert set(inspect(db.engine).get_table_names()) == tables


@pytest.mark.sqlite_only
def test_remaking_a_table_does_not_empty_its_children(own_app: Flask, tmp_path: Path) -> None:
    """Batch mode drops and remakes a table; with foreign keys on, its children would be deleted."""
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)"))
        connection.execute(
            text(
                "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL "
                "REFERENCES parent(id) ON DELETE CASCADE)"
            )
        )
        connection.execute(text("INSERT INTO parent VALUES (1, 'x')"))
        connection.execute(text("INSERT INTO child VALUES (1, 1)"))
        connection.commit()

    flask_migrate.upgrade(directory=_with_a_remade_parent(own_app, tmp_path))

    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1
        columns = MetaData()
        columns.reflect(connection, only=["parent"])
        assert "added" in columns.tables["parent"].c


def _with_a_remade_parent(app: Flask, tmp_path: Path) -> str:
    """A copy of the migrations with one more, which remakes the parent table."""
    original = Path(app.extensions["migrate"].directory)
    copy = Path(shutil.copytree(original, tmp_path / "migrations"))
    newest = ScriptDirectory(str(original)).get_current_head()
    (copy / "versions" / "test01_remake_parent.py").write_text(
        f'''"""Remake the parent."""

import sqlalchemy as sa
from alembic import op

revision = "test01"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("parent", recreate="always") as table:
        table.add_column(sa.Column("added", sa.Text()))
''',
        encoding="utf-8",
    )
    return str(copy)


def _is_batch_noise(difference: object) -> bool:
    """SQLite cannot tell the names of unique constraints made inside a table apart."""
    return isinstance(difference, list) and not difference
