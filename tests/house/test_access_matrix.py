"""Every route crossed with every role, over HTTP with CSRF on; what is hidden looks absent."""

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from registry.canonical import dump_lines
from registry.common.roles import PERMISSIONS, STAFF, Role
from registry.db import transaction
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import OrganizationState
from registry.web.access import LIBRARY_ROUTES, permission_of
from registry.web.addresses import API
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

ABSENT = "00000000-0000-4000-8000-000000000000"
SPECIAL = {
    "filename": "css/base.css",
    "month": "2026-11",
    "token": "no-such-token",
    "position": "1",
}


def address(rule: Rule, record: str = ABSENT) -> str:
    """A concrete address of a rule, its ids pointing to `record`."""
    path = rule.rule
    for name in rule.arguments:
        value = SPECIAL.get(name, record)
        path = re.sub(rf"<(?:[a-z]+:)?{name}>", value, path)
    return path


def routes(app: Flask, method: str, *, api: bool = False) -> Iterator[tuple[Rule, str]]:
    """The pages' routes of a method, or those of the API: those are crossed with tokens."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        if rule.rule.startswith(f"{API}/") is not api:
            continue
        if method in (rule.methods or ()) and rule.endpoint not in LIBRARY_ROUTES:
            permission = permission_of(app, rule.endpoint)
            assert permission is not None, rule.endpoint
            yield rule, permission


def as_role(app: Flask, role: Role) -> Client:
    client = Client(app)
    if role is Role.VISITOR:
        return client
    return client.sign_in(make_member() if role is Role.MEMBER else make_user(role))


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_for_the_roles_of_their_permission_only(app: Flask, role: Role) -> None:
    client = as_role(app, role)

    for rule, permission in routes(app, "GET"):
        response = client._send(client.http.get, address(rule))
        if role in PERMISSIONS[permission]:
            assert response.status_code not in (401, 403, 405, 500, 503), (role, rule.rule)
        elif role is Role.VISITOR:
            assert response.status_code == 302, rule.rule
            assert response.headers["Location"].startswith("/sign-in?next="), rule.rule
        else:
            assert response.status_code == 403, (role, rule.rule, response.status_code)


@pytest.mark.parametrize("role", list(Role))
def test_no_post_goes_through_without_a_token_or_a_permission(app: Flask, role: Role) -> None:
    client = as_role(app, role)
    listing, organization = make_need(), make_organization()
    case = make_case()
    records = [ABSENT, listing.public_id, organization.public_id, case.public_id]
    before = list(dump_lines())

    for rule, permission in routes(app, "POST"):
        for record in records:
            response = client.raw_post(address(rule, record), {"reason": "x"})
            allowed = role in PERMISSIONS[permission]
            expected = 400 if allowed else 401 if role is Role.VISITOR else 403
            assert response.status_code == expected, (role, rule.rule, response.status_code)

    assert list(dump_lines()) == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EVALUATOR, Role.PARTNER, Role.OPERATOR])
def test_a_token_does_not_help_a_role_without_the_permission(app: Flask, role: Role) -> None:
    client = as_role(app, role)
    records = [make_need().public_id, make_organization().public_id, make_case().public_id]
    token = _token(client)
    before = list(dump_lines())

    for rule, permission in routes(app, "POST"):
        if role not in PERMISSIONS[permission]:
            for record in records:
                response = client.raw_post(address(rule, record), {"csrf_token": token})
                assert response.status_code == 403, (role, rule.rule)

    assert list(dump_lines()) == before


def _token(client: Client) -> str:
    """The token of this session, from any page's sign-out form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").html)
    assert found
    return found.group(1)


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF))
def test_hidden_records_answer_like_absent_ones(app: Flask, role: Role) -> None:
    hidden_firm = make_organization(state=OrganizationState.DRAFT, name="伏せた会社")
    need = make_need(organization=hidden_firm, visibility=Visibility.STAFF)
    case = make_case(need=need, seed=make_seed())
    with transaction():
        need.state = ListingState.DRAFT
    client = as_role(app, role)
    hidden = {
        "organizations": hidden_firm.public_id,
        "listings": need.public_id,
        "cases": case.public_id,
        "suggestions": need.public_id,
        "portal": hidden_firm.public_id,
    }

    for rule, permission in routes(app, "GET"):
        room = rule.endpoint.partition(".")[0]
        takes_record = any(name.endswith("id") for name in rule.arguments)
        if role in PERMISSIONS[permission] and takes_record and room in hidden:
            absent = client._send(client.http.get, address(rule, str(uuid.uuid4())))
            found = client._send(client.http.get, address(rule, hidden[room]))
            assert found.status_code == absent.status_code == 404, (role, rule.rule)
            assert _plain(found.get_data(as_text=True)) == _plain(absent.get_data(as_text=True))
            assert "伏せた会社" not in found.get_data(as_text=True)


def _plain(html: str) -> str:
    """A page without the ids and tokens that differ at every request."""
    html = re.sub(r'value="[^"]*"', "", html)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", html)
