"""A real browser on a served demo."""

import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from registry.app import create_app
from registry.common import calendar
from registry.config import Config
from registry.db import db
from registry.demo.loader import load
from tests.browser.people import Person, Stage

MISSING = "no Chromium found: type `apt-get install chromium fonts-noto-cjk`"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a missing one is a failure, never a skip."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Iterator[Flask]:
    """The app with the whole demo, on a database of its own."""
    data = data_folder / "demo"
    data.mkdir()
    config = Config(
        data=data,
        host="127.0.0.1",
        port=8000,
        database_url=f"sqlite:///{data / 'musubi.sqlite3'}",
        base_url="http://127.0.0.1",
        secret_key="a-key-for-tests-of-more-than-32-characters",
        smtp_url=None,
        demo=True,
        today=None,
    )
    app = create_app(config, RATELIMIT_ENABLED=False)
    with app.app_context():
        flask_migrate.upgrade()
        load(data, today=calendar.today())
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def address(demo_app: Flask) -> Iterator[str]:
    """Where the demo is served."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def stage(browser: Browser, address: str, demo_app: Flask) -> Iterator[Stage]:
    """Lets people of the demo come in: `stage.enter("coordinator")`."""
    found = Stage(browser, address, demo_app)
    yield found
    found.leave()


@pytest.fixture
def coordinator(stage: Stage) -> Person:
    return stage.enter("coordinator")
