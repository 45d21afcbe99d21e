"""Loading the demo: once, whole, the same every time, and never over other records."""

import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.app import create_app
from registry.audit.models import AuditEntry
from registry.audit.queries import verify
from registry.canonical import SECRETS, dump_lines
from registry.common.roles import Role
from registry.config import DEMO_ACCOUNTS, Config
from registry.db import db, transaction
from registry.demo import loader
from registry.demo.ids import Ids
from registry.demo.loader import Occupied, Outcome, load
from registry.organizations.models import (
    Organization,
)
from tests.client import Client
from tests.conftest import TODAY


def test_another_database_gives_the_same_state(app: Flask, tmp_path: Path) -> None:
    here = list(dump_lines())
    config = Config(
        data=tmp_path,
        host="127.0.0.1",
        port=8000,
        database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}",
        base_url="http://elsewhere.example",
        secret_key="another-key-for-tests-of-more-than-32-characters",
        smtp_url=None,
        demo=True,
        today=TODAY,
    )
    other = create_app(config, TESTING=True)

    with other.app_context():
        flask_migrate.upgrade()
        load(tmp_path, today=TODAY)
        there = list(dump_lines())
        db.session.remove()
        db.engine.dispose()

    assert there == here and len(here) > 3000


def test_a_second_loading_changes_nothing(app: Flask, folder: Path, demo) -> None:
    before, entries = list(dump_lines(everything=True)), db.session.query(AuditEntry).count()

    outcome, known = load(folder, today=TODAY + timedelta(days=9), seed=7)

    assert outcome is Outcome.PRESENT and known == demo[1]
    assert list(dump_lines(everything=True)) == before
    assert db.session.query(AuditEntry).count() == entries


def test_a_failure_leaves_nothing_behind(
    app_once: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_app: Callable[..., Flask],
) -> None:
    url = f"sqlite:///{tmp_path / 'broken.sqlite3'}"
    config = app_once.extensions["musubi_config"]
    broken = make_app(Config(**{**vars(config), "data": tmp_path, "database_url": url}))

    def fail(_world: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(loader.cases, "load_cases", fail)
    with broken.app_context():
        flask_migrate.upgrade()
        with pytest.raises(RuntimeError):
            load(tmp_path, today=TODAY)
        counts = [
            db.session.scalar(select(func.count()).select_from(t))
            for t in (Organization, AuditEntry)
        ]
        db.session.remove()
        db.engine.dispose()

    assert counts == [0, 0] and not (tmp_path / DEMO_ACCOUNTS).exists()


def test_another_seed_gives_other_ids() -> None:
    key = "listing:n-rinse"

    assert Ids(0).of(key) == Ids(0).of(key) != Ids(1).of(key)


def test_the_accounts_stand_in_a_file_for_its_owner_alone(folder: Path, accounts) -> None:
    path = folder / DEMO_ACCOUNTS
    stored = json.loads(path.read_text(encoding="utf-8"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {set(entry) == {"email", "password", "role", "organization"} for entry in stored} == {
        True
    }
    names = [
        "coordinator",
        "member",
        "member2",
        "university",
        "operator",
        "partner",
        "evaluator",
        "administrator",
    ]
    assert set(names) <= set(accounts)
    assert len({account.password for account in accounts.values()}) == len(accounts)


@pytest.mark.parametrize(
    "name", ["coordinator", "member", "operator", "partner", "evaluator", "administrator"]
)
def test_each_account_signs_in_and_opens_the_lists(client: Client, accounts, name: str) -> None:
    account = accounts[name]
    client.post(
        "/sign-in",
        {"email": account.email, "password": account.password},
        status=302,
        containing="password",
    )

    for address in ("/", "/programs", "/listings", "/organizations"):
        assert client.get(address).status == 200


def test_no_dump_shows_a_secret(app: Flask) -> None:
    records = [json.loads(line) for line in dump_lines(everything=True)]

    shown = {f"{record['table']}.{name}" for record in records for name in record}
    assert not shown & SECRETS and "users.email" in shown and "messages.subject" in shown


def test_the_log_is_whole_and_tells_of_the_loading(app: Flask) -> None:
    verdict = verify()
    first = db.session.scalar(select(AuditEntry).where(AuditEntry.position == 1))

    assert verdict.bad_position is None and verdict.entries > 1000
    assert first.action == loader.LOADED


def test_roles_are_all_there(accounts) -> None:
    assert {account.role for account in accounts.values()} == {r.value for r in Role} - {"visitor"}


def test_a_real_registry_never_becomes_a_demo(
    app_once: Flask, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    config = app_once.extensions["musubi_config"]
    url = f"sqlite:///{tmp_path / 'real.sqlite3'}"
    real = make_app(Config(**{**vars(config), "data": tmp_path, "database_url": url}))

    with real.app_context():
        flask_migrate.upgrade()
        with transaction():
            db.session.add(
                Organization(number=1, kind="company", name="本物の会社", state="approved")
            )
        with pytest.raises(Occupied):
            load(tmp_path, today=TODAY)
        db.session.remove()
        db.engine.dispose()

    assert not (tmp_path / DEMO_ACCOUNTS).exists()


def test_a_lost_file_of_accounts_is_made_anew(app: Flask, folder: Path, demo) -> None:
    kept = (folder / DEMO_ACCOUNTS).read_text(encoding="utf-8")
    hashes = list(db.session.execute(select(loader.User.id, loader.User.password)))
    (folder / DEMO_ACCOUNTS).unlink()

    outcome, drawn = load(folder, today=TODAY)

    assert outcome is Outcome.NEW_PASSWORDS
    assert [a.email for a in drawn] == [a.email for a in demo[1]] and drawn != demo[1]
    (folder / DEMO_ACCOUNTS).write_text(kept, encoding="utf-8")
    with transaction():
        for number, password in hashes:
            db.session.get(loader.User, number).password = password
