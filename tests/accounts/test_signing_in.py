"""Signing in, out, and staying out."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.config import Config
from registry.db import db, transaction
from registry.web.limits import limiter
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user

HOSTILE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https://evil.example/",
    "http:evil.example",
    "https:evil.example",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "http://evil.example\\@localhost/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x19//evil.example",
    "/\x00/evil.example",
    "／／evil.example",
    "evil.example",
    "?next=//evil.example",
    "/%09/evil.example\r\nSet-Cookie: a=b",
    "http://localhost:1/",
    "",
]


def actions(subject: User | None = None) -> list[str]:
    """What stands in the log, oldest first."""
    return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.position)]


def session_id(client: Client) -> str:
    cookie = client.http.get_cookie("musubi")
    return cookie.value if cookie else ""


@pytest.fixture
def limited(
    app: Flask, config: Config, make_app: Callable[..., Flask]
) -> Iterator[Callable[[], Client]]:
    """Gives browsers of an app that counts tries, freshly started each time it is called."""

    def start() -> Client:
        return Client(make_app(config, TESTING=True, RATELIMIT_ENABLED=True))

    yield start
    limiter.enabled = False


@pytest.mark.parametrize("target", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_signing_in_never_leads_to_another_site(client: Client, target: str) -> None:
    user = make_user()
    form = client.get("/sign-in").form(containing="password")

    answer = client._send(
        client.http.post,
        "/sign-in",
        query_string={"next": target},
        data={
            "email": user.email,
            "password": PASSWORD,
            "next": target,
            "csrf_token": _token(form),
        },
    )

    if "\0" in target:
        assert answer.status_code == 400
    else:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_signing_in_leads_back_to_the_page_asked_for(client: Client) -> None:
    user = make_user(Role.ADMINISTRATOR)
    asked = client.get("/admin/users?q=金型", status=302)

    page = client.get(asked.location)
    done = client.submit(
        page.form(containing="password"),
        {"email": user.email, "password": PASSWORD},
        address=page.form(containing="password")["action"],
        status=302,
    )

    assert "/admin/users?q=" in done.location
    assert client.get(done.location).status == 200


def test_the_session_id_changes_at_sign_in_and_the_old_one_is_dead(client: Client) -> None:
    user = make_user()
    client.get("/sign-in")
    before = session_id(client)

    client.sign_in(user)
    after = session_id(client)

    assert before
    assert before != after
    thief = Client(client.app)
    thief.http.set_cookie("musubi", before)
    assert thief.get("/account", status=302).location.startswith("/sign-in")
    thief.http.set_cookie("musubi", "chosen-by-somebody")
    thief.get("/sign-in")
    assert session_id(thief) != "chosen-by-somebody"


def test_unknown_address_wrong_password_and_disabled_account_look_the_same(client: Client) -> None:
    user, gone = make_user(), make_user(active=False)
    answers = []
    for email, password in [
        ("nobody@test.example", PASSWORD),
        (user.email, "a wrong password"),
        (gone.email, PASSWORD),
        (user.email, "x" * 5000),
    ]:
        form = client.get("/sign-in").form(containing="password")
        page = client.submit(
            form, {"email": email, "password": password}, address="/sign-in", status=200
        )
        answers.append(page.text.replace(email, ""))
        assert page.form(containing="password")["fields"]

    assert len(set(answers)) == 1
    assert "メールアドレスかパスワードが違います。" in answers[0]


def test_sign_out_ends_the_session_on_the_server(client: Client) -> None:
    client.sign_in(make_user())
    stolen = session_id(client)

    page = client.get("/account")
    client.submit(
        next(f for f in page.reader.forms if f["action"] == "/sign-out"),
        address="/sign-out",
        status=302,
    )

    thief = Client(client.app)
    thief.http.set_cookie("musubi", stolen)
    assert thief.get("/account", status=302).location.startswith("/sign-in")


def test_signing_out_everywhere_ends_every_session(client: Client) -> None:
    user = make_user()
    client.sign_in(user)
    other = Client(client.app).sign_in(user)

    client.post("/account/end-sessions", at="/account", action="end-sessions")

    for browser in (client, other):
        assert browser.get("/account", status=302).location.startswith("/sign-in")
    assert actions()[-1] == "user.signed_out"


def test_disabling_and_a_new_role_count_from_the_next_request_on(client: Client) -> None:
    user = make_user(Role.COORDINATOR)
    client.sign_in(user)
    assert client.get("/account").status == 200
    boss = Client(client.app).sign_in(make_user(Role.ADMINISTRATOR))

    boss.post(f"/admin/users/{user.public_id}", {"role": "administrator"}, containing="role")
    assert client.get("/admin/users").status == 200
    boss.post(f"/admin/users/{user.public_id}", {"role": "member"}, containing="role")
    client.get("/admin/users", status=403)
    boss.post(
        f"/admin/users/{user.public_id}/disable",
        at=f"/admin/users/{user.public_id}",
        action="disable",
    )
    assert client.get("/account", status=302).location.startswith("/sign-in")


def test_guessing_is_slowed_and_stays_so_after_a_restart(limited: Callable[[], Client]) -> None:
    victim, other = make_user(), make_user()
    guesser = limited()

    assert [sign_in(guesser, victim.email, "a wrong password") for _n in range(10)] == [200] * 10
    assert sign_in(guesser, victim.email, PASSWORD) == 429
    assert sign_in(guesser, victim.email.upper(), PASSWORD) == 429

    restarted = limited()
    assert sign_in(restarted, victim.email, PASSWORD) == 429
    assert sign_in(restarted, other.email, PASSWORD) == 302


def test_the_owner_may_sign_in_elsewhere_while_somebody_guesses(
    limited: Callable[[], Client],
) -> None:
    victim = make_user()
    guesser = limited()
    for _n in range(11):
        sign_in(guesser, victim.email, "a wrong password")

    assert sign_in(guesser, victim.email, PASSWORD, place="192.0.2.7") == 302


def test_asking_for_many_links_is_slowed(limited: Callable[[], Client]) -> None:
    user, browser = make_user(), limited()
    form = browser.get("/reset-password").form(containing="email")

    answers = [
        browser.http.post("/reset-password", data={"email": user.email, "csrf_token": _token(form)})
        for _n in range(7)
    ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2


def sign_in(browser: Client, email: str, password: str, place: str = "127.0.0.1") -> int:
    """The status that a try to sign in gets."""
    form = browser.get("/sign-in").form(containing="password")
    return browser._send(
        browser.http.post,
        "/sign-in",
        data={"email": email, "password": password, "csrf_token": _token(form)},
        environ_overrides={"REMOTE_ADDR": place},
    ).status_code


def _token(form: dict[str, object]) -> str:
    fields: list[dict[str, str]] = form["fields"]  # type: ignore[assignment]
    return next(f["value"] for f in fields if f["name"] == "csrf_token")


def test_a_visit_is_noted_once_in_ten_minutes_and_changes_no_version(client: Client) -> None:
    user = make_user()
    client.sign_in(user)
    client.get("/account")
    db.session.refresh(user)
    first, version, updated = user.last_seen_at, user.version, user.updated_at
    assert first is not None

    client.get("/account")
    db.session.refresh(user)

    assert (user.last_seen_at, user.version, user.updated_at) == (first, version, updated)


def test_no_token_in_the_address_or_a_header_signs_anybody_in(client: Client) -> None:
    user = make_user()
    with client.app.test_request_context():
        token = user.get_auth_token()

    assert client.get(f"/account?auth_token={token}", status=302).location.startswith("/sign-in")
    answer = client.http.get("/account", headers={"Authentication-Token": token})
    assert answer.status_code == 302


def test_a_library_answer_comes_as_a_page_never_as_json(client: Client) -> None:
    user = make_user()
    answer = client.raw_post(
        "/sign-in?include_auth_token", json={"email": user.email, "password": PASSWORD}
    )

    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert client.get("/account", status=302).location.startswith("/sign-in")


def test_pages_come_in_the_persons_language_unless_the_browser_chose_one(client: Client) -> None:
    client.sign_in(make_user(locale="en"))
    assert client.get("/account").reader.lang == "en"

    other = Client(client.app)
    other.get("/?lang=ja")
    other.sign_in(make_user(locale="en"))
    assert other.get("/account").reader.lang == "ja"


def test_signing_in_while_somebody_else_writes_keeps_both(client: Client) -> None:
    user = make_user()
    with transaction():
        user.name = "別の人が書いた名前"
    client.sign_in(user)

    db.session.refresh(user)
    assert user.name == "別の人が書いた名前"
    assert actions() == ["user.signed_in"]
