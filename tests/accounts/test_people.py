"""The administrator's pages about people, one's own profile, and the commands."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.cli import environment, people
from registry.common.roles import Role
from registry.config import BadConfig, Config
from registry.db import db
from registry.notifications.models import Message
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user


def last_entry() -> AuditEntry:
    entry = db.session.scalar(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1))
    assert entry
    return entry


@pytest.fixture
def boss(client: Client) -> Client:
    return client.sign_in(make_user(Role.ADMINISTRATOR, name="管理 一郎"))


def test_the_profile_changes_name_and_language_of_pages_and_mails(client: Client) -> None:
    user = make_user(name="前の名前")
    client.sign_in(user)

    page = client.post("/account", {"name": "新しい名前", "locale": "en"}, containing="locale")

    assert client.follow(page).reader.lang == "en"
    assert client.get("/account").reader.lang == "en"
    entry = last_entry()
    assert {v.field: (v.before, v.after) for v in entry.values} == {
        "name": ("前の名前", "新しい名前"),
        "locale": ("ja", "en"),
    }
    form = client.get("/reset-password").form(containing="email")
    client.submit(form, {"email": user.email}, address="/reset-password", status=200)
    assert db.session.scalars(select(Message.locale)).all() == ["en"]


def test_a_profile_that_somebody_else_changed_is_not_overwritten(
    client: Client, app: Flask
) -> None:
    user = make_user(name="前の名前")
    client.sign_in(user)
    form = client.get("/account").form(containing="locale")
    boss = Client(app).sign_in(make_user(Role.ADMINISTRATOR))
    boss.post(f"/admin/users/{user.public_id}", {"name": "管理者が書いた"}, containing="role")

    page = client.submit(form, {"name": "自分が書いた"}, address="/account", status=409)

    assert "管理者が書いた" in page.text
    assert "自分が書いた" in page.text


@pytest.mark.parametrize(
    ("answers", "message"),
    [({"name": ""}, "氏名を入力"), ({"name": "あ" * 81}, "80 文字以内"), ({"locale": "fr"}, "")],
)
def test_a_wrong_profile_is_refused_at_its_field(
    client: Client, answers: dict[str, str], message: str
) -> None:
    client.sign_in(make_user(name="そのまま"))

    page = client.post("/account", answers, containing="locale", status=200)

    assert message in page.text
    assert [user.name for user in db.session.scalars(select(User))] == ["そのまま"]


def test_people_are_found_by_name_role_and_state(boss: Client) -> None:
    make_user(Role.PARTNER, name="銀行 花子", email="hanako@bank.example")
    make_user(Role.MEMBER, name="止めた人", active=False)

    assert "銀行 花子" in boss.get("/admin/users?q=HANAKO").text
    assert "銀行 花子" not in boss.get("/admin/users?role=member").text
    assert "止めた人" in boss.get("/admin/users?state=disabled").text
    assert "止めた人" not in boss.get("/admin/users?state=active").text
    assert "当てはまる利用者はいません" in boss.get("/admin/users?q=%25").text
    assert boss.get("/admin/users?role=nonsense&page=99&state=x").status == 200


def test_a_long_list_of_people_is_paged(boss: Client) -> None:
    for _n in range(55):
        make_user(Role.MEMBER)

    page = boss.get("/admin/users?role=member")

    assert "全 55 件のうち 1–50 件目" in page.text
    assert "51–55 件目" in boss.get("/admin/users?role=member&page=2").text


def test_an_administrator_cannot_take_the_role_from_himself_or_stop_himself(boss: Client) -> None:
    me = db.session.scalar(select(User))
    assert me
    address = f"/admin/users/{me.public_id}"
    version = me.version

    page = boss.post(address, {"role": "member"}, containing="role", status=200)
    assert "自分の役割は変えられません" in page.text
    page = boss.get(address)
    assert "アカウントを止める" not in page.text
    token = next(
        f["value"] for f in page.form(containing="role")["fields"] if f["name"] == "csrf_token"
    )
    boss._send(boss.http.post, f"{address}/disable", data={"csrf_token": token})
    assert "自分のアカウントは止められません" in boss.get(address).text
    db.session.refresh(me)
    assert (me.role, me.active, me.version) == (Role.ADMINISTRATOR, True, version)


def test_the_role_visitor_is_no_role_of_an_account(boss: Client) -> None:
    user = make_user(Role.MEMBER)

    boss.post(f"/admin/users/{user.public_id}", {"role": "visitor"}, containing="role", status=200)

    db.session.refresh(user)
    assert user.role is Role.MEMBER


def test_stopping_and_going_on_are_logged_with_who_did_it(boss: Client) -> None:
    user = make_user(Role.MEMBER)
    address = f"/admin/users/{user.public_id}"

    boss.post(f"{address}/disable", at=address, action="disable")
    assert last_entry().action == "user.disabled"
    boss.post(f"{address}/enable", at=address, action="enable")

    entry = last_entry()
    assert (entry.action, entry.subject) == ("user.enabled", f"user:{user.public_id}")
    assert "管理 一郎" in boss.get(f"/admin/audit/{entry.position}").text
    assert "再開した" in boss.get(address).text
    Client(boss.app).sign_in(user)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.VISITOR, Role.ADMINISTRATOR)]
)
def test_nobody_else_opens_the_administrators_pages(client: Client, role: Role) -> None:
    user, other = make_user(role), make_user()
    client.sign_in(user)
    for address in (
        "/admin",
        "/admin/users",
        f"/admin/users/{other.public_id}",
        "/admin/settings",
        "/admin/outbox",
        "/admin/audit",
        "/admin/code-lists",
    ):
        client.get(address, status=403)


def test_the_overview_counts(boss: Client) -> None:
    make_user(active=False)

    page = boss.get("/admin")

    assert "停止 1 人" in page.text
    assert page.has_link("事務局の設定")


@pytest.fixture
def command(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(environment, "create_app", lambda *_a, **_k: app)
    monkeypatch.setenv("MUSUBI_SECRET_KEY", config.secret_key)
    return CliRunner()


def test_no_link_is_made_without_the_key_that_signs_it(
    command: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUSUBI_SECRET_KEY")

    for words in (["add", "a@test.example", "--role", "member", "--name", "A"], ["link", "a@b.c"]):
        assert isinstance(command.invoke(people.user, words).exception, BadConfig)
    assert db.session.scalar(select(User)) is None


def test_user_add_prints_a_link_that_sets_the_password(command: CliRunner, client: Client) -> None:
    made = command.invoke(
        people.user,
        ["add", "New@Test.Example", "--role", "coordinator", "--name", "新人", "--locale", "en"],
    )
    assert made.exit_code == 0, made.output
    link = re.search(r"http://localhost(/reset-password/\S+)", made.output)
    assert link
    client.post(
        link.group(1),
        {"password": PASSWORD, "password_confirm": PASSWORD},
        containing="password_confirm",
        status=302,
    )
    user = db.session.scalar(select(User))
    assert user
    assert (user.email, user.locale, user.role) == ("new@test.example", "en", Role.COORDINATOR)
    client.sign_in(user)

    again = command.invoke(
        people.user, ["add", "new@test.example", "--role", "member", "--name", "別人"]
    )
    assert again.exit_code == 1
    assert "Traceback" not in again.output


def test_user_add_may_ask_for_the_password(command: CliRunner, client: Client) -> None:
    arguments = ["add", "a@test.example", "--role", "member", "--name", "A", "--ask-password"]

    weak = command.invoke(people.user, arguments, input="password123\npassword123\n")
    assert weak.exit_code == 1
    made = command.invoke(people.user, arguments, input=f"{PASSWORD}\n{PASSWORD}\n")

    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    db.session.rollback()
    user = db.session.scalar(select(User))
    assert user
    client.sign_in(user)


def test_user_disable_ends_the_account_at_once(command: CliRunner, client: Client) -> None:
    user = make_user()
    client.sign_in(user)

    assert command.invoke(people.user, ["disable", user.email.upper()]).exit_code == 0
    assert client.get("/account", status=302).location.startswith("/sign-in")
    assert command.invoke(people.user, ["disable", "nobody@test.example"]).exit_code == 1


def test_links_start_with_the_configured_address(app: Flask, config: Config) -> None:
    from registry.accounts.links import set_password_link

    app.extensions["musubi_config"] = replace(config, base_url="https://musubi.city.example")
    try:
        with app.test_request_context(base_url="http://localhost"):
            assert set_password_link(make_user()).startswith(
                "https://musubi.city.example/reset-password/"
            )
    finally:
        app.extensions["musubi_config"] = config
