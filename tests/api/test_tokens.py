"""API tokens on the pages and on the command line."""

import re

import pytest
from click.testing import CliRunner
from flask import Flask

from registry.accounts.models import ApiToken
from registry.accounts.scopes import Scope
from registry.audit.models import AuditEntry
from registry.cli.main import main
from registry.common.roles import Role
from registry.config import Config
from registry.db import db
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member
from tests.factories.tokens import Program, make_key


def test_a_key_is_shown_once_and_then_known_by_its_beginning(app: Flask, client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    asked = {"name": "名簿の取り込み", "scopes": ["organizations:read", "cases:read"]}
    made = client.post("/account/tokens/new", asked, status=200, containing="name")
    found = re.search(r"musubi_[\w-]{43}", made.html)
    assert found
    program = Program(app)
    program.key = found.group()

    assert program.get("/cases").status_code == 200
    assert program.get("/encounters").status_code == 403
    listed = client.get("/account/tokens")
    assert found.group() not in listed.html and found.group()[:13] in listed.text
    assert "名簿の取り込み" in listed.text
    client.post("/account/tokens", action="/revoke")
    assert program.get("/cases").status_code == 401
    assert "取り消し済み" in client.get("/account/tokens").text


def test_sending_the_form_twice_makes_one_token(app: Flask, client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    form = client.get("/account/tokens/new").form(containing="name")
    asked = {"name": "一つ", "scopes": ["cases:read"]}

    client.submit(form, asked, address="/account/tokens/new", status=200)
    client.submit(form, asked, address="/account/tokens/new", status=303)

    assert db.session.query(ApiToken).count() == 1


def test_only_scopes_of_use_to_the_role_are_offered_and_taken(client: Client) -> None:
    client.sign_in(make_member())
    page = client.get("/account/tokens/new")
    assert "encounters:read" not in page.html and "listings:write" in page.html

    asked = {"name": "x", "scopes": ["encounters:read"]}
    refused = client.post("/account/tokens/new", asked, status=200, containing="name")
    assert "エラー" in refused.reader.title
    assert db.session.query(ApiToken).count() == 0
    late = {"name": "x", "scopes": ["listings:read"], "expires_on-y": "2029"}
    refused = client.post("/account/tokens/new", late, status=200, containing="name")
    assert "366 日先まで" in refused.text


def test_an_administrator_ends_anybodys_token_and_nobody_else_does(app: Flask) -> None:
    owner = make_user(Role.COORDINATOR)
    make_key(owner, Scope.CASES_READ)
    public_id = db.session.query(ApiToken).one().public_id
    stranger = Client(app).sign_in(make_user(Role.COORDINATOR))
    own_page = stranger.get("/account").form(containing="name")
    token = next(f["value"] for f in own_page["fields"] if f["name"] == "csrf_token")
    address = f"/account/tokens/{public_id}/revoke"
    assert stranger.raw_post(address, {"csrf_token": token}).status_code == 404

    boss = Client(app).sign_in(make_user(Role.ADMINISTRATOR))
    page = boss.post(f"/admin/users/{owner.public_id}", action="/revoke", status=303)
    assert page.location == f"/admin/users/{owner.public_id}"
    assert db.session.query(ApiToken).one().revoked_at is not None
    actions = [entry.action for entry in db.session.query(AuditEntry)]
    assert "token.revoked" in actions


@pytest.fixture
def run(config: Config, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("MUSUBI_DATA", str(config.data))
    monkeypatch.setenv("DATABASE_URL", config.database_url)
    monkeypatch.setenv("MUSUBI_DEMO", "1")
    return CliRunner()


def test_the_command_prints_the_key_alone(app: Flask, run: CliRunner) -> None:
    owner = make_user(Role.EVALUATOR, email="eva@office.example")
    done = run.invoke(main, ["token", "create", "eva@office.example", "--scope", "reports:read"])
    assert done.exit_code == 0, done.output
    program = Program(app)
    program.key = done.stdout.strip()
    assert re.fullmatch(r"musubi_[\w-]{43}", program.key)
    assert program.get("/reports/monthly/2026-10").status_code == 200

    listed = run.invoke(main, ["token", "list", owner.email])
    public_id = listed.stdout.split("\t")[0]
    assert "reports:read" in listed.stdout and program.key not in listed.stdout
    assert run.invoke(main, ["token", "revoke", public_id]).exit_code == 0
    assert program.get("/reports/monthly/2026-10").status_code == 401
    for wrong in (
        ["token", "create", "eva@office.example", "--scope", "cases:read"],
        ["token", "create", "nobody@office.example", "--scope", "reports:read"],
        ["token", "revoke", "none"],
    ):
        assert run.invoke(main, wrong).exit_code == 1
    assert run.invoke(main, ["token", "create", "x", "--scope", "all"]).exit_code == 2


def test_the_command_prints_the_document(run: CliRunner, app: Flask) -> None:
    printed = run.invoke(main, ["openapi"])

    assert printed.stdout == Program(app).get("/openapi.json").get_data(as_text=True)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_tells_every_operation(client: Client, language: str) -> None:
    page = client.get(f"/api?lang={language}")

    for path in ("/listings/{listing_id}", "/cases/{case_id}/move", "problem-stale"):
        assert path in page.html
    assert "<script" not in page.html.split("<main")[1]
