"""Every operation of the API crossed with every role's token; what is hidden looks absent there."""

import uuid

import pytest
from flask import Flask

from registry.canonical import dump_lines
from registry.common.roles import PERMISSIONS, STAFF, Role
from registry.db import db, transaction
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import OrganizationState
from registry.web.access import route_table
from registry.web.addresses import API
from tests.api.world import make_people
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization
from tests.factories.tokens import Program
from tests.house.test_access_matrix import address, routes
from tests.house.test_canaries import OUTSIDERS, World, plant, readable


def program_of(app: Flask, role: Role) -> Program:
    if role is Role.VISITOR:
        return Program(app)
    return Program(app, make_member() if role is Role.MEMBER else make_user(role))


def below(path: str) -> str:
    return path.removeprefix(API)


def test_the_table_of_routes_shows_the_api_with_its_permissions(app: Flask) -> None:
    rows = [row for row in route_table(app) if row["rule"].startswith(f"{API}/")]

    assert len(rows) > 30
    assert all(row["access"] in PERMISSIONS for row in rows)


@pytest.mark.parametrize("role", list(Role))
def test_operations_open_for_the_roles_of_their_permission_only(app: Flask, role: Role) -> None:
    program = program_of(app, role)
    for rule, permission in routes(app, "GET", api=True):
        status = program.get(below(address(rule))).status_code
        if role in PERMISSIONS[permission]:
            assert status in (200, 404) or (status == 403 and "contacts" in rule.rule), rule.rule
        else:
            assert status == (401 if role is Role.VISITOR else 403), (role, rule.rule, status)


@pytest.mark.parametrize("role", list(Role))
def test_no_write_goes_through_without_the_permission(app: Flask, role: Role) -> None:
    make_people()
    records = [str(row["public_id"]) for table in ("organizations", "listings", "cases")
               for row in db.session.execute(db.metadata.tables[table].select()).mappings()]  # fmt: skip
    program = program_of(app, role)
    before = list(dump_lines())
    tried = 0
    for method in ("POST", "PATCH"):
        for rule, permission in routes(app, method, api=True):
            for record in records if role not in PERMISSIONS[permission] else ():
                answer = program.send(
                    method, below(address(rule, record)), json={}, headers={"If-Match": "*"}
                )
                expected = 401 if role is Role.VISITOR else 403
                assert answer.status_code == expected, (role, rule.rule)
                tried += 1

    assert list(dump_lines()) == before
    assert tried > 0 or role in STAFF


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF))
def test_hidden_records_answer_like_absent_ones(app: Flask, role: Role) -> None:
    hidden_firm = make_organization(state=OrganizationState.DRAFT, name="伏せた会社")
    need = make_need(organization=hidden_firm, visibility=Visibility.STAFF)
    case = make_case(need=need, seed=make_seed())
    with transaction():
        need.state = ListingState.DRAFT
    program = program_of(app, role)
    ids = [hidden_firm.public_id, need.public_id, case.public_id]
    for method in ("GET", "POST", "PATCH"):
        for rule, permission in routes(app, method, api=True):
            if role not in PERMISSIONS[permission] or not rule.arguments - {"month"}:
                continue
            body = {} if method == "GET" else {"json": {}}
            absent = program.send(method, below(address(rule, str(uuid.uuid4()))), **body)
            for one in ids:
                found = program.send(method, below(address(rule, one)), **body)
                assert found.status_code == absent.status_code, (role, rule.rule)
                assert found.get_data() == absent.get_data()
                assert found.status_code in (404, 422), (role, rule.rule, found.status_code)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_answer_of_the_api_holds_what_the_reader_may_not_know(app: Flask, role: Role) -> None:
    world = World()
    plant(world)
    program = program_of(app, role)
    leaks, fetched = [], 0
    directory = set(world.directory)

    def look(path: str) -> None:
        nonlocal fetched
        answer = program.get(path)
        text = readable(answer.get_data()) + str(answer.headers)
        told = directory if path.startswith("/organizations") else set()
        leaks.extend((path, word) for word in world.canaries if word in text and word not in told)
        assert answer.status_code < 500, path
        fetched += 1

    for rule, _permission in routes(app, "GET", api=True):
        if rule.arguments - {"month"}:
            for one in sorted(world.ids):
                look(below(address(rule, one)))
        else:
            look(below(address(rule)))
            look(below(address(rule)) + "?per_page=100&modified_after=2020-01-01T00:00:00Z")
    for word in world.canaries:
        for path in ("/listings", "/organizations", "/programs"):
            found = program.get(path, query_string={"q": word}).get_json()
            if word not in directory:
                assert found["total"] == 0, (path, word)
    by_name = program.get("/listings", query_string={"q": world.directory[0]}).get_json()
    assert by_name["total"] == 0
    assert leaks == []
    assert fetched > 100
