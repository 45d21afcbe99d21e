"""What was acknowledged survives kill -9; what was not is there whole or not at all."""

import http.client
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import flask_migrate
import pytest

from registry.app import create_app
from registry.common.roles import Role
from registry.config import load
from registry.db import db
from tests.factories.accounts import make_user
from tests.serving import Person, Served

WRITERS = 3
ROUNDS = 3


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A server on its own SQLite file, with one coordinator for each writer."""
    served = Served(tmp_path)
    app = create_app(load(served.environment))
    with app.app_context():
        flask_migrate.upgrade()
        for number in range(WRITERS):
            make_user(Role.COORDINATOR, email=f"writer{number}@test.example")
        db.session.remove()
        db.engine.dispose()
    return served


def _write(person: Person, name: str, acknowledged: list[str], stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        word = f"{name}-{number}"
        try:
            status, _text = person.post("/glossary/new", {"japanese": word, "english": "x"})
        except (OSError, http.client.HTTPException):
            return
        if status == 303:
            acknowledged.append(word)
        number += 1


@pytest.mark.sqlite_only
def test_a_kill_in_the_middle_of_saving_loses_nothing_acknowledged(served: Served) -> None:
    acknowledged: list[str] = []

    for turn in range(ROUNDS):
        stop = threading.Event()
        with served:
            people = [
                Person(served).sign_in(f"writer{number}@test.example") for number in range(WRITERS)
            ]
            threads = [
                threading.Thread(target=_write, args=(person, f"t{turn}w{n}", acknowledged, stop))
                for n, person in enumerate(people)
            ]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0.8, 1.6))
            served.kill()
            stop.set()
            for thread in threads:
                thread.join()

    with closing(sqlite3.connect(served.data / "musubi.sqlite3")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = {row[0] for row in file.execute("SELECT japanese FROM glossary_entries")}
        logged = file.execute(
            "SELECT count(*) FROM audit_entries WHERE action = 'glossary.added'"
        ).fetchone()[0]
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= stored
    assert logged == len(stored)
    assert served.command("verify").returncode == 0
