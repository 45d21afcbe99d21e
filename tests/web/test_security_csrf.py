"""A form counts only with the token of the session it is sent in."""

import pytest
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db
from registry.web.access import permission_of
from tests.client import Client
from tests.factories.accounts import make_user


def token_of(client: Client, address: str = "/account") -> str:
    fields = client.get(address).form(containing="csrf_token")["fields"]
    return str(next(f["value"] for f in fields if f["name"] == "csrf_token"))


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_no_post_of_any_route_gets_through_without_a_token(client: Client) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))
    before = entries()
    tried = 0
    for rule in client.app.url_map.iter_rules():
        writing = (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        for method in writing:
            address = rule.rule
            for name in rule.arguments:
                for converter in ("", "int:", "string:", "path:", "uuid:"):
                    address = address.replace(f"<{converter}{name}>", "1")
            answer = client.http.open(address, method=method, data={"name": "x"})
            # The API knows no cookies, so no token either: it refuses the form and the missing key.
            refused = {401, 415, 422} if address.startswith("/api/") else {400}
            assert answer.status_code in refused, (method, address, answer.status_code)
            tried += 1

    assert tried >= 15
    assert entries() == before
    assert client.get("/account").status == 200


@pytest.mark.parametrize(
    "token",
    [None, "", "x", "IjEyMyI.x.y", "another session's", "one's own of before signing in elsewhere"],
)
def test_a_wrong_token_changes_nothing(client: Client, token: str | None) -> None:
    user = make_user(name="そのまま")
    client.sign_in(user)
    other = Client(client.app).sign_in(user)
    if token and "session" in token:
        token = token_of(other)
    elif token and "before" in token:
        token = token_of(Client(client.app), "/sign-in")
    data = {"name": "かわった", "locale": "ja"}
    if token is not None:
        data["csrf_token"] = token

    answer = client.raw_post("/account", data)

    assert answer.status_code == 400
    assert "もう一度送ってください" in answer.get_data(as_text=True)
    assert db.session.scalars(select(User.name)).all() == ["そのまま"]


def test_a_token_in_the_address_or_as_plain_text_does_not_count(client: Client) -> None:
    user = make_user(name="そのまま")
    client.sign_in(user)
    token = token_of(client)
    data = {"name": "かわった", "locale": "ja"}

    assert client.raw_post(f"/account?csrf_token={token}", data).status_code == 400
    text = f'{{"name": "かわった", "locale": "ja", "csrf_token": "{token}"}}'
    for kind in ("text/plain", "application/json"):
        answer = client._send(client.http.post, "/account", data=text.encode(), content_type=kind)
        assert answer.status_code == 400
    assert db.session.scalars(select(User.name)).all() == ["そのまま"]


def test_reading_never_changes_anything(client: Client) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))
    client.get("/account")
    before = entries()
    for rule in client.app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments:
            answer = client._send(client.http.get, rule.rule, query_string={"_method": "DELETE"})
            assert answer.status_code < 500, rule.rule

    assert entries() == before


def test_method_override_is_not_a_thing(client: Client) -> None:
    client.sign_in(make_user())
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "DELETE"}):
        assert client.http.get("/account/end-sessions", headers=headers).status_code == 405
    assert client.get("/account").status == 200


def test_every_route_declares_its_permission(client: Client) -> None:
    missing = [
        name for name in client.app.view_functions if permission_of(client.app, name) is None
    ]

    assert missing == []


def test_a_hundred_visitors_do_not_switch_the_check_off(client: Client) -> None:
    for _n in range(100):
        Client(client.app).http.post("/sign-in", data={"email": "x"})

    client.sign_in(make_user())
    assert client.raw_post("/account", {"name": "x", "locale": "ja"}).status_code == 400
