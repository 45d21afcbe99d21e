"""Choosing, changing, forgetting and setting passwords."""

import re
import statistics
import time

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import passwords, service
from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.notifications.models import Message
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user

NEW = "かわさきの長い合い言葉"


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def logged() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)))


def link_in(message: Message) -> str:
    found = re.search(r"https?://\S+/reset-password/\S+", message.body)
    assert found, message.body
    return found.group()


def ask_for_link(client: Client, email: str, **kwargs: object) -> str:
    form = client.get("/reset-password").form(containing="email")
    token = next(f["value"] for f in form["fields"] if f["name"] == "csrf_token")
    answer = client._send(
        client.http.post, "/reset-password", data={"email": email, "csrf_token": token}, **kwargs
    )
    return answer.get_data(as_text=True) if answer.status_code == 200 else str(answer.status_code)


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("short", "10 文字以上"),
        ("123456789", "10 文字以上"),
        ("x" * 129, "128 文字以内"),
        ("password123", "よく使われる"),
        ("PassWord123!", "よく使われる"),
        ("１２３４５６７８９０", "よく使われる"),
        ("aaaaaaaaaaaa", "よく使われる"),
        ("someone@test.example", "よく使われる"),
        ("ぱすわーどは長い文", "10 文字以上"),
        ("correct horse battery", None),
        ("ただの長い日本語の文です", None),
        ("x1" * 64, "よく使われる"),
        ("only lower case", None),
    ],
)
def test_passwords_are_judged_by_length_and_commonness_only(
    app: Flask, password: str, refused: str | None
) -> None:
    with app.test_request_context():
        found = passwords.fault(password, email="someone@test.example")

    assert (found is None) if refused is None else (refused in str(found))


def test_a_password_typed_in_another_form_of_the_same_letters_signs_in(client: Client) -> None:
    with client.app.test_request_context(), transaction():
        user = service.create_user(
            email="Hanako@Test.Example",
            name="花子",
            role=Role.MEMBER,
            password="ガギグゲゴが好きです",
            actor=SYSTEM,
        )

    form = client.get("/sign-in").form(containing="password")
    answers = {"email": "hanako@test.example", "password": "ｶﾞｷﾞｸﾞｹﾞｺﾞが好きです"}
    client.submit(form, answers, address="/sign-in", status=302)
    assert user.email == "hanako@test.example"


def test_create_user_refuses_a_known_address_and_a_weak_password(app: Flask) -> None:
    make_user(email="taken@test.example")
    with app.test_request_context():
        for email, password, field in [
            ("TAKEN@test.example ", NEW, "email"),
            ("free@test.example", "password123", "password"),
        ]:
            with pytest.raises(DomainError) as refusal, transaction():
                service.create_user(
                    email=email, name="x", role=Role.MEMBER, password=password, actor=SYSTEM
                )
            assert refusal.value.field == field


def test_changing_the_password_ends_other_sessions_and_leaves_traces(client: Client) -> None:
    user = make_user()
    client.sign_in(user)
    other = Client(client.app).sign_in(user)
    before = client.http.get_cookie("musubi").value

    page = client.post(
        "/account/password",
        {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW},
        containing="new_password",
        status=302,
    )

    assert page.location == "/account"
    assert "パスワードを変えました" in client.get("/account").text
    assert client.http.get_cookie("musubi").value != before
    assert other.get("/account", status=302).location.startswith("/sign-in")
    assert logged()[-2:] == ["user.signed_in", "user.password_changed"]
    (mail,) = mails()
    assert (mail.to_address, mail.kind) == (user.email, "account.change_notice")
    again = Client(client.app)
    form = again.get("/sign-in").form(containing="password")
    again.submit(form, {"email": user.email, "password": NEW}, address="/sign-in", status=302)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"password": "not mine at all"}, "パスワードが違います"),
        ({"new_password": "password123", "new_password_confirm": "password123"}, "よく使われる"),
        ({"new_password_confirm": "something else"}, "一致しません"),
        ({"new_password": "", "new_password_confirm": ""}, "パスワードを入力してください"),
        ({"new_password": PASSWORD, "new_password_confirm": PASSWORD}, "いまと違う"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    client: Client, answers: dict[str, str], message: str
) -> None:
    user = make_user()
    client.sign_in(user)
    stored, known = user.password, len(logged())

    page = client.post(
        "/account/password",
        {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW, **answers},
        containing="new_password",
        status=200,
    )

    assert message in page.text
    db.session.refresh(user)
    assert (user.password, len(logged()), mails()) == (stored, known, [])


def test_a_forgotten_password_is_set_by_a_link_that_works_once(client: Client) -> None:
    user = make_user()
    signed_in = Client(client.app).sign_in(user)
    ask_for_link(client, user.email)
    (mail,) = mails()
    link = link_in(mail)
    assert link.startswith("http://localhost/reset-password/")
    assert mail.subject == "【結び】パスワードの設定"
    path = link.removeprefix("http://localhost")

    page = client.post(
        path, {"password": NEW, "password_confirm": NEW}, containing="password_confirm", status=302
    )

    assert page.location == "/sign-in"
    assert signed_in.get("/account", status=302).location.startswith("/sign-in")
    assert logged()[-1] == "user.password_reset"
    assert [m.kind for m in mails()] == ["account.reset_instructions", "account.reset_notice"]
    assert client.get(path, status=302).location == "/reset-password"
    assert "このリンクは使えません" in client.get("/reset-password").text


def test_the_answer_for_a_known_and_an_unknown_address_is_the_same(client: Client) -> None:
    user, gone = make_user(), make_user(active=False)
    pages = [
        ask_for_link(client, email).replace(email, "")
        for email in (user.email, "nobody@test.example", gone.email)
    ]

    stripped = {re.sub(r'name="csrf_token" value="[^"]*"', "", page) for page in pages}
    assert len(stripped) == 1
    assert "登録のあるメールアドレスであれば" in pages[0]
    assert [mail.to_address for mail in mails()] == [user.email]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "localhost@evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "1"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Original-Host": "evil.example", "X-Host": "evil.example"},
        {"Host": "localhost:8443"},
    ],
    ids=str,
)
def test_a_claimed_host_never_reaches_a_mailed_link(
    client: Client, headers: dict[str, str]
) -> None:
    user = make_user()

    page = ask_for_link(client, user.email, headers=headers)

    assert "evil" not in page
    for mail in mails():
        assert link_in(mail).startswith("http://localhost/reset-password/")
        assert "evil" not in mail.body
    if "evil" in headers.get("Host", ""):
        assert page == "400"
        assert mails() == []


def test_mails_come_in_the_persons_language_whatever_the_page_is_in(client: Client) -> None:
    user = make_user(locale="en")
    client.get("/?lang=ja")

    ask_for_link(client, user.email)

    (mail,) = mails()
    assert mail.locale == "en"


def test_known_and_unknown_addresses_take_about_the_same_time(client: Client) -> None:
    user = make_user()
    times: dict[str, list[float]] = {user.email: [], "nobody@test.example": []}
    form = client.get("/sign-in").form(containing="password")
    token = next(f["value"] for f in form["fields"] if f["name"] == "csrf_token")
    for _n in range(6):
        for email, taken in times.items():
            start = time.perf_counter()
            client._send(
                client.http.post,
                "/sign-in",
                data={"email": email, "password": "a wrong password", "csrf_token": token},
            )
            taken.append(time.perf_counter() - start)

    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.4 < known / unknown < 2.5


def test_no_password_or_hash_stands_in_the_log(client: Client) -> None:
    user = make_user()
    client.sign_in(user)
    client.post(
        "/account/password",
        {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW},
        containing="new_password",
        status=302,
    )

    written = db.session.connection().exec_driver_sql("SELECT * FROM audit_values").all()
    assert NEW not in str(written)
    assert "argon2" not in str(written)
    assert db.session.get(User, user.id).password not in str(written)
