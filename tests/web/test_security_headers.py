"""Headers and cookies, exactly."""

from collections.abc import Callable
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask import Flask

from registry.common.roles import Role
from registry.config import Config
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user

EXACT = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
OURS = {*EXACT, "Content-Type", "Content-Length", "Vary", "Set-Cookie", "Location", "Allow"}


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/sign-in", 200),
        ("GET", "/healthz", 200),
        ("GET", "/account", 302),
        ("GET", "/no-such-page", 404),
        ("GET", "/sign-out", 405),
        ("POST", "/sign-in", 400),
        ("HEAD", "/", 200),
        ("OPTIONS", "/", 200),
    ],
)
def test_every_answer_has_exactly_these_headers(
    client: Client, method: str, address: str, status: int
) -> None:
    answer = client.http.open(address, method=method)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EXACT} == EXACT
    assert "Cookie" in answer.headers["Vary"]
    assert set(answer.headers.keys()) <= OURS


def test_what_ships_is_cached_and_says_its_type(client: Client) -> None:
    answer = client.http.get("/static/css/base.css")

    assert answer.mimetype == "text/css"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


def cookies(answer: object) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in answer.headers.getlist("Set-Cookie"):  # type: ignore[attr-defined]
        for name, morsel in SimpleCookie(line).items():
            found[name] = {k: str(v) for k, v in morsel.items() if v}
    return found


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client: Client) -> None:
    morsel = cookies(client.http.get("/sign-in"))["musubi"]

    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == ("True", "Lax", "/")
    assert "domain" not in morsel
    assert "secure" not in morsel


def test_behind_https_the_cookie_is_bound_to_the_host(
    app: Flask, config: Config, make_app: Callable[..., Flask]
) -> None:
    safe = make_app(
        replace(config, base_url="https://musubi.city.example", demo=False),
        TESTING=True,
        RATELIMIT_ENABLED=False,
    )
    answer = safe.test_client().get("/sign-in", base_url="https://musubi.city.example")

    morsel = cookies(answer)["__Host-musubi"]
    assert (morsel["secure"], morsel["httponly"], morsel["path"]) == ("True", "True", "/")
    assert "domain" not in morsel
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_no_cookie_tells_more_than_a_random_id(client: Client) -> None:
    user = make_user(Role.MEMBER)
    form = client.get("/sign-in").form(containing="password")
    token = next(f["value"] for f in form["fields"] if f["name"] == "csrf_token")
    answer = client.http.post(
        "/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token}
    )

    assert set(cookies(answer)) == {"musubi", "lang"}
    value = client.http.get_cookie("musubi").value
    assert len(value) >= 43
    assert user.email not in value


@pytest.mark.parametrize(
    "query",
    [
        "_scheme=javascript&_external=1",
        "_scheme=javascript",
        "_external=1",
        "_anchor=x%22%3E",
        "_method=DELETE",
        "endpoint=portal.health",
        "lang=%22%3E%3Cscript%3E",
        "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_a_query_cannot_bend_the_links_of_a_page(client: Client, query: str) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))
    for address in ("/account", "/admin/users", "/sign-in"):
        answer = client._send(client.http.get, f"{address}?{query}")
        if answer.status_code == 302:
            continue
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert 'hreflang="en"' not in page or f'href="{address}?' in page


def test_pages_hold_no_inline_script_style_or_handler(client: Client) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))
    for address in (
        "/",
        "/account",
        "/admin",
        "/admin/settings",
        "/admin/audit",
        "/account/second-factor",
    ):
        html = client.get(address).html
        assert "<script>" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert "javascript:" not in html
        assert 'src="http' not in html
