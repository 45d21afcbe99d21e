"""The app under test, on a database of its own: SQLite, or PostgreSQL with --database=postgresql."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from registry.app import create_app
from registry.config import Config
from registry.db import db
from tests.client import Client
from tests.postgres import Server, fresh_database, start_server

TODAY = date(2026, 11, 25)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="sqlite", choices=["sqlite", "postgresql"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches the database runs again."""
    if config.getoption("--database") == "sqlite":
        return
    kept, left = [], []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        fits = "app" in names and not item.get_closest_marker("sqlite_only")
        (kept if fits and not item.get_closest_marker("browser") else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    """A folder in memory where there is one: the tests' commits need not reach a disk."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="musubi-test-", dir=parent))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Server | None]:
    """A running PostgreSQL; missing binaries are a failure, never a skip."""
    if request.config.getoption("--database") == "sqlite":
        yield None
        return
    server = start_server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_url(data_folder: Path, postgres_server: Server | None) -> str:
    if postgres_server is None:
        return f"sqlite:///{data_folder / 'musubi.sqlite3'}"
    return fresh_database(postgres_server)


@pytest.fixture(scope="session")
def config(data_folder: Path, database_url: str) -> Config:
    return Config(
        data=data_folder,
        host="127.0.0.1",
        port=8000,
        database_url=database_url,
        base_url="http://localhost",
        secret_key="a-key-for-tests-of-more-than-32-characters",
        smtp_url=None,
        demo=True,
        today=TODAY,
    )


@pytest.fixture(scope="session")
def app_once(config: Config) -> Iterator[Flask]:
    os.environ["MUSUBI_TODAY"] = TODAY.isoformat()
    app = create_app(config, TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        flask_migrate.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(app_once: Flask) -> Iterator[Flask]:
    """The app with empty tables, inside its context."""
    with app_once.app_context():
        yield app_once
        db.session.rollback()
        _empty_tables()
        app_once.extensions.pop("musubi_matcher", None)
        db.session.remove()


@pytest.fixture
def make_app() -> Iterator[Callable[..., Flask]]:
    """Makes further apps, and closes their connections at the end of the test."""
    made: list[Flask] = []

    def make(config: Config, **overrides: object) -> Flask:
        made.append(create_app(config, **overrides))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser without scripts: fetches pages, checks each, fills and posts their forms."""
    return Client(app)


def _empty_tables() -> None:
    tables = list(reversed(db.metadata.sorted_tables))
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for table in tables:
                connection.execute(table.delete())
        else:
            names = ", ".join(f'"{table.name}"' for table in tables)
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        connection.commit()
