"""What a refused request is told."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry.common.roles import Role
from tests.client import Client
from tests.factories.accounts import make_user

INSIDE = ("Traceback", "sqlalchemy", "SELECT ", "/registry/", "werkzeug", "secret words")


def test_a_visitor_is_led_to_the_sign_in_page_and_a_post_is_told(client: Client) -> None:
    assert client.get("/account", status=302).location == "/sign-in?next=/account"
    page = client.get("/sign-in").form(containing="password")
    token = next(f["value"] for f in page["fields"] if f["name"] == "csrf_token")
    answer = client.raw_post("/account", {"csrf_token": token})
    assert answer.status_code == 401
    assert "サインインが必要です" in answer.get_data(as_text=True)


def test_a_page_of_another_role_is_forbidden_and_a_missing_one_absent(client: Client) -> None:
    client.sign_in(make_user(Role.MEMBER))

    assert "この画面は開けません" in client.get("/admin", status=403).text
    assert "ページが見つかりません" in client.get("/no-such-page", status=404).text
    assert "ページが見つかりません" in client.get("/admin/audit/x", status=404).text


def test_a_wrong_method_is_named(client: Client) -> None:
    answer = client.http.get("/sign-out")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
        assert client.http.open("/account", method=method).status_code in (400, 405)


@pytest.mark.parametrize(
    ("address", "status"), [("/no-such-page", 404), ("/admin", 302), ("/sign-out", 405)]
)
def test_machines_get_json(client: Client, address: str, status: int) -> None:
    answer = client.http.get(address, headers={"Accept": "application/json"})

    assert answer.status_code == status
    if status >= 400:
        assert answer.json == {
            "status": status,
            "title": answer.json["title"],
            "detail": answer.json["detail"],
        }


def test_a_crash_tells_a_number_and_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))

    def crash() -> object:
        raise RuntimeError("secret words")

    monkeypatch.setattr("registry.accounts.administration_views.audit_position", crash)
    for headers in ({}, {"Accept": "application/json"}):
        answer = client._send(client.http.get, "/admin", headers=headers)
        assert answer.status_code == 500
        text = answer.get_data(as_text=True)
        assert [word for word in INSIDE if word in text] == []


def test_a_busy_database_is_said_to_be_busy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))

    def busy() -> object:
        raise OperationalError("SELECT secret words", {}, Exception("database is locked"))

    monkeypatch.setattr("registry.accounts.administration_views.audit_position", busy)
    answer = client._send(client.http.get, "/admin")

    assert answer.status_code == 503
    assert "混み合っています" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil", "[::1"]
)
def test_a_request_for_another_host_gets_no_page(client: Client, host: str) -> None:
    answer = client.http.get("/account", headers={"Host": host})

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil" not in answer.get_data(as_text=True)


def test_own_names_are_served_on_any_port(client: Client) -> None:
    for host in ("localhost", "localhost:8000", "127.0.0.1:8000"):
        assert client.http.get("/healthz", headers={"Host": host}).status_code == 200


def test_debug_is_off_and_no_folder_is_listed(app: Flask, client: Client) -> None:
    assert not app.debug
    for address in ("/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/.git/config"):
        assert client.http.get(address).status_code == 404
