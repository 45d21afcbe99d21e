"""The demo, loaded once for the tests of this folder, which only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from registry.config import DEMO_ACCOUNTS
from registry.db import db
from registry.demo.accounts import Account
from registry.demo.loader import Outcome, load
from tests.conftest import TODAY, _empty_tables


@pytest.fixture(scope="package")
def demo(app_once: Flask) -> Iterator[tuple[Flask, list[Account]]]:
    """The app with the demo, loaded once for the tests that only read."""
    folder = app_once.extensions["musubi_config"].data
    with app_once.app_context():
        outcome, accounts = load(folder, today=TODAY)
    assert outcome is Outcome.LOADED
    yield app_once, accounts
    with app_once.app_context():
        _empty_tables()
    app_once.extensions.pop("musubi_matcher", None)
    (folder / DEMO_ACCOUNTS).unlink()


@pytest.fixture
def app(demo: tuple[Flask, list[Account]]) -> Iterator[Flask]:
    """The loaded app, inside its context."""
    with demo[0].app_context():
        yield demo[0]
        db.session.remove()


@pytest.fixture
def accounts(demo: tuple[Flask, list[Account]]) -> dict[str, Account]:
    return {account.email.partition("@")[0]: account for account in demo[1]}


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.extensions["musubi_config"].data)
