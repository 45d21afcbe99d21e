"""The second factor: set up, asked for, lost, removed."""

import json
import re

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db
from registry.notifications.models import Message
from tests.client import PASSWORD, Client, Page
from tests.factories.accounts import make_user


def logged() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)))


def code(app: Flask, user: User, *, later: int = 0) -> str:
    """What the authenticator shows, `later` steps of 30 seconds on."""
    with app.test_request_context():
        totp = app.extensions["security"].totp_factory._totp.from_source(user.tf_totp_secret)
    moment = totp.normalize_time(None) + 30 * later
    return str(totp.generate(moment).token)


def set_up(client: Client, user: User) -> None:
    """Set up the second factor over the pages, reading the key as a person would."""
    client.sign_in(user)
    page = client.post("/account/second-factor", action="/account/second-factor", status=200)
    key = re.search(r"<dt>鍵</dt><dd>([A-Z2-7 -]+)</dd>", page.html)
    assert key, page.html
    totp = TOTP(key=key.group(1).replace("-", "").replace(" ", ""))
    form = page.form(containing="code")
    done = client.submit(form, {"code": totp.generate().token}, address=form["action"], status=302)
    assert done.location == "/account"
    db.session.refresh(user)


def enter(client: Client, user: User, address: str = "/sign-in") -> Page:
    """The password, right; the page that asks for the code."""
    form = client.get(address).form(containing="password")
    page = client.submit(
        form,
        {"email": user.email, "password": PASSWORD},
        address=form["action"] or "/sign-in",
        status=302,
    )
    return client.follow(page)


@pytest.fixture
def user(app: Flask) -> User:
    return make_user(Role.COORDINATOR)


def test_setting_up_shows_a_picture_and_a_key_and_leaves_traces(client: Client, user: User) -> None:
    client.sign_in(user)
    page = client.post("/account/second-factor", action="/account/second-factor", status=200)
    assert 'src="data:image/svg+xml;base64,' in page.html
    db.session.refresh(user)
    assert user.tf_totp_secret is None

    wrong = page.form(containing="code")
    client.submit(wrong, {"code": "000000"}, address=wrong["action"], status=302)
    db.session.refresh(user)
    assert user.tf_totp_secret is None

    set_up(Client(client.app), user)

    assert json.loads(user.tf_totp_secret)["type"] == "totp"
    assert "key" not in json.loads(user.tf_totp_secret)
    assert logged()[-1] == "user.second_factor_set"
    assert [m.kind for m in db.session.scalars(select(Message))] == ["account.second_factor_set"]
    assert "使っています" in client.get("/account").text


def test_the_password_alone_does_not_sign_in(client: Client, user: User) -> None:
    set_up(Client(client.app), user)

    page = enter(client, user, "/sign-in?next=/account")
    assert "確認コード" in page.reader.h1[0]
    assert client.get("/account", status=302).location.startswith("/sign-in")

    form = page.form(containing="code")
    refused = client.submit(form, {"code": "123 456"}, address=form["action"], status=200)
    assert "確認コードが違います" in refused.text
    form = refused.form(containing="code")
    typed = code(client.app, user, later=1).translate(
        {ord(str(n)): ord("０") + n for n in range(10)}
    )
    done = client.submit(
        form, {"code": typed[:3] + " " + typed[3:]}, address=form["action"], status=302
    )
    assert done.location == "/account"
    assert client.get("/account").status == 200
    assert logged()[-1] == "user.signed_in"


def test_each_code_counts_once(client: Client, user: User) -> None:
    set_up(Client(client.app), user)
    shown = code(client.app, user, later=2)
    first, second = Client(client.app), Client(client.app)

    form = enter(first, user).form(containing="code")
    first.submit(form, {"code": shown}, address=form["action"], status=302)
    form = enter(second, user).form(containing="code")

    second.submit(form, {"code": shown}, address=form["action"], status=200)
    assert second.get("/account", status=302).location.startswith("/sign-in")


def test_a_recovery_code_lets_in_once(client: Client, user: User) -> None:
    set_up(client, user)
    page = client.post("/account/recovery-codes", action="recovery-codes", status=200)
    codes = re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page.html)
    assert len(codes) == 8
    db.session.refresh(user)
    assert codes[0] not in json.dumps(user.mf_recovery_codes)

    lost = Client(client.app)
    form = lost.get(enter(lost, user).link("復旧コードで入る")).form(containing="code")
    lost.submit(form, {"code": f" {codes[0].upper()} "}, address="/sign-in/recovery", status=302)
    assert lost.get("/account").status == 200
    assert logged()[-2:] == ["user.recovery_code_used", "user.signed_in"]
    db.session.refresh(user)
    assert len(user.mf_recovery_codes or []) == 7

    thief = Client(client.app)
    form = thief.get(enter(thief, user).link("復旧コードで入る")).form(containing="code")
    refused = thief.submit(form, {"code": codes[0]}, address="/sign-in/recovery", status=200)
    assert "すでに使われています" in refused.text


def test_without_anything_the_office_is_asked_and_removes_it(client: Client, user: User) -> None:
    set_up(Client(client.app), user)
    page = enter(client, user)
    form = (
        page.form(action="/sign-in/rescue")
        if False
        else next(f for f in page.reader.forms if "/sign-in/rescue" in f["action"])
    )
    asked = client.submit(form, address=form["action"], status=200)
    assert "事務局に連絡しました" in asked.text
    (mail,) = db.session.scalars(select(Message).where(Message.kind == "account.two_factor_rescue"))
    assert mail.to_address == "musubi@localhost"
    assert user.email in mail.body

    boss = Client(client.app).sign_in(make_user(Role.ADMINISTRATOR))
    address = f"/admin/users/{user.public_id}"
    boss.post(f"{address}/remove-second-factor", at=address, action="remove-second-factor")

    Client(client.app).sign_in(user)
    assert logged()[-2:] == ["user.second_factor_removed", "user.signed_in"]


def test_doing_without_it_again_leaves_traces(client: Client, user: User) -> None:
    set_up(client, user)
    page = client.get("/account/second-factor")
    form = [f for f in page.reader.forms if f["action"] == "/account/second-factor"][1]

    done = client.submit(form, address=form["action"], status=302)

    assert done.location == "/account"
    db.session.refresh(user)
    assert user.tf_totp_secret is None
    assert logged()[-1] == "user.second_factor_removed"


def test_an_old_sign_in_is_asked_for_the_password_again(client: Client, user: User) -> None:
    client.sign_in(user)
    with client.http.session_transaction() as session:
        session["fs_paa"] = 1
        session.pop("fs_gexp", None)

    asked = client.get("/account/second-factor", status=302)
    assert asked.location.startswith("/account/verify?next=")
    page = client.get(asked.location)
    form = page.form(containing="password")
    client.submit(form, {"password": "wrong wrong"}, address=form["action"], status=200)
    done = client.submit(form, {"password": PASSWORD}, address=form["action"], status=302)
    assert done.location.endswith("/account/second-factor")
    assert client.get("/account/second-factor").status == 200


@pytest.mark.parametrize(
    "address", ["/sign-in/code", "/sign-in/recovery", "/sign-in/rescue", "/sign-in/method"]
)
def test_the_second_step_cannot_be_opened_first(client: Client, address: str) -> None:
    assert client.get(address, status=302).location == "/sign-in"
    assert "はじめからサインイン" in client.get("/sign-in").text
