"""How the API answers: problems, paging, tags, keys; the same for every resource."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from registry.accounts import service
from registry.accounts.models import ApiToken
from registry.accounts.scopes import Scope
from registry.accounts.tokens import revoke_token
from registry.api import auth, document
from registry.audit.models import AuditEntry
from registry.canonical import dump_lines
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.config import Config
from registry.db import db, transaction
from registry.organizations.models import Organization, OrganizationState
from registry.web.limits import limiter
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.tokens import Program

FIRM = {"kind": "company", "name": "試験の新しい会社"}


@pytest.fixture
def staff(app: Flask) -> Program:
    return Program(app, make_user(Role.COORDINATOR))


def problem(answer: object) -> dict:
    assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)
    found = answer.get_json()
    assert found["status"] == answer.status_code
    assert found["type"].startswith("/api#problem-")
    return found


def test_every_error_is_a_problem_in_the_readers_language(app: Flask, staff: Program) -> None:
    visitor = Program(app)
    cases = [
        (visitor.get("/encounters"), 401, "token-needed"),
        (Program(app, make_user(Role.EVALUATOR)).get("/encounters"), 403, "not-allowed"),
        (staff.get("/organizations/none"), 404, "not-found"),
        (staff.get("/nothing"), 404, "not-found"),
        (staff.send("DELETE", "/organizations"), 405, "method"),
        (staff.send("POST", "/organizations", data="{", content_type="text/plain"), 415, "media-type"),
        (staff.send("POST", "/organizations", data="{", content_type="application/json"), 400, "malformed"),
        (staff.post("/organizations", {}), 422, "invalid"),
        (staff.post("/organizations", {"x": "a" * 1_100_000}), 413, "too-large"),
        (staff.get("/organizations?colour=red"), 422, "invalid"),
    ]  # fmt: skip
    for answer, status, code in cases:
        found = problem(answer)
        assert (answer.status_code, found["type"]) == (status, f"/api#problem-{code}")
        assert answer.headers["Content-Language"] == "ja"
        assert "Set-Cookie" not in answer.headers
    assert "Allow" in cases[4][0].headers
    assert cases[0][0].headers["WWW-Authenticate"].startswith("Bearer")
    english = staff.get("/nothing", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert problem(english)["title"] == "Not found"


def test_what_does_not_fit_is_named_with_a_pointer(staff: Program) -> None:
    answer = staff.post(
        "/organizations",
        {"kind": "club", "name": " ", "employees": "24", "consent": {"way": "phone"}, "id": 3},
    )

    found = {e["pointer"]: e["code"] for e in problem(answer)["errors"]}
    assert answer.status_code == 422
    assert found == {
        "#/kind": "enum",
        "#/name": "blank",
        "#/employees": "int_type",
        "#/consent/given_by": "missing",
        "#/consent/given_on": "missing",
        "#/id": "extra_forbidden",
    }


def test_a_rule_that_refuses_is_a_conflict_at_its_member(staff: Program) -> None:
    make_organization(corporate_number="7000012050002", name="先にある会社")
    checked = {**FIRM, "duplicates_checked": True}
    answer = staff.post("/organizations", {**checked, "corporate_number": "7000012050002"})

    assert answer.status_code == 409
    assert problem(answer)["errors"][0]["pointer"] == "#/corporate_number"
    assert "先にある会社" in problem(answer)["detail"]


def test_texts_are_composed_and_hidden_characters_refused(staff: Program) -> None:
    answer = staff.post("/organizations", {"kind": "company", "name": "か\u3099んは\u309a\ufa19"})
    assert answer.get_json()["name"] == "がんぱ\ufa19"

    refused = staff.post("/organizations", {"kind": "company", "name": "会社\u202e株"})
    assert problem(refused)["errors"][0]["code"] == "hidden"


def test_a_list_is_paged_in_a_total_order_with_links(staff: Program) -> None:
    made = [make_organization(name=f"会社{at:02d}", kana="カイシャ") for at in range(7)]
    seen = []
    address = "/organizations?per_page=3"
    while address:
        answer = staff.get(address)
        page = answer.get_json()
        seen += [one["id"] for one in page["items"]]
        assert page["total"] == 7
        links = dict(reversed(part.split("; ")) for part in answer.headers["Link"].split(", "))
        address = links.get('rel="next"', "").strip("<>").removeprefix("/api/v1")
    assert seen == [one.public_id for one in made]
    assert staff.get("/organizations?per_page=3&page=9").get_json()["items"] == []
    wrong = ("page=0", "per_page=101", "page=1&page=2", "page=+1", "modified_after=2026")
    for query in wrong:
        assert problem(staff.get(f"/organizations?{query}"))["errors"][0]["parameter"]


def test_what_changed_since_a_moment_comes_in_the_order_of_change(staff: Program) -> None:
    first, second = make_organization(), make_organization()
    moment = staff.get(f"/organizations/{second.public_id}").get_json()["updated_at"]
    staff.patch(f"/organizations/{first.public_id}", {"summary": "新しい紹介文"})

    found = staff.get(f"/organizations?modified_after={moment}").get_json()
    assert [one["id"] for one in found["items"]] == [first.public_id]
    assert staff.get("/organizations?modified_after=0001-01-01T00:00:00%2B23:00").status_code == 200


def test_a_record_held_is_not_sent_again(staff: Program) -> None:
    path = f"/organizations/{make_organization().public_id}"
    tag = staff.get(path).headers["ETag"]

    again = staff.get(path, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.get_data()) == (304, b"")
    staff.patch(path, {"summary": "変わった"})
    assert staff.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_nobody_overwrites_what_he_has_not_read(staff: Program) -> None:
    path = f"/organizations/{make_organization().public_id}"
    old = staff.get(path).headers["ETag"]
    assert problem(staff.send("PATCH", path, json={"summary": "1"}))["status"] == 428
    done = staff.patch(path, {"summary": "先"}, old)
    assert done.status_code == 200 and done.headers["ETag"] != old

    stale = staff.patch(path, {"summary": "後"}, old)

    assert problem(stale)["status"] == 412
    assert staff.get(path).get_json()["summary"] == "先"
    assert staff.patch(path, {"summary": "それでも"}, "*").status_code == 200


def test_a_patch_changes_what_was_sent_and_nothing_else(staff: Program) -> None:
    firm = make_organization(capital_yen=5, employees=3, summary="まえ")
    path = f"/organizations/{firm.public_id}"
    before = staff.get(path).get_json()

    after = staff.patch(path, {"employees": None, "summary": ""}).get_json()

    assert {k for k in before if before[k] != after[k]} == {"employees", "summary", "updated_at"}
    refused = staff.patch(path, {"name": None})
    assert problem(refused)["errors"][0]["pointer"] == "#/name"
    assert staff.patch(path, {"state": "approved"}).status_code == 422


def test_the_same_key_makes_one_record(app: Flask, staff: Program) -> None:
    key = {"Idempotency-Key": "8f0c1c2e"}
    first = staff.post("/organizations", FIRM, headers=key)
    again = staff.post("/organizations", FIRM, headers=key)
    other = staff.post("/organizations", {**FIRM, "name": "別"}, headers=key)

    assert first.status_code == again.status_code == 201
    assert first.get_data() == again.get_data()
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert problem(other)["type"] == "/api#problem-key-reused"
    assert db.session.query(Organization).count() == 1
    bad = staff.post("/organizations", FIRM, headers={"Idempotency-Key": "a b"})
    assert problem(bad)["errors"][0]["header"] == "Idempotency-Key"
    stranger = Program(app, make_user(Role.ADMINISTRATOR))
    theirs = stranger.post("/organizations", {**FIRM, "duplicates_checked": True}, headers=key)
    assert theirs.status_code == 201 and theirs.get_json()["id"] != first.get_json()["id"]


def test_a_session_does_not_count(app: Flask) -> None:
    client = Client(app).sign_in(make_user(Role.ADMINISTRATOR))
    before = list(dump_lines())

    seen = client._send(client.http.get, "/api/v1/encounters")
    written = client._send(client.http.post, "/api/v1/organizations", json=FIRM)

    assert (seen.status_code, written.status_code) == (401, 401)
    assert "Set-Cookie" not in seen.headers
    assert "Access-Control-Allow-Origin" not in seen.headers
    assert list(dump_lines()) == before


def test_a_token_opens_what_its_owner_may_and_its_scopes_take_in(app: Flask) -> None:
    officer = make_user(Role.COORDINATOR)
    reading = Program(app, officer, Scope.ORGANIZATIONS_READ)
    writing = Program(app, officer, Scope.ORGANIZATIONS_WRITE)
    assert reading.get("/organizations").status_code == 200
    assert problem(reading.post("/organizations", FIRM))["type"] == "/api#problem-scope-needed"
    refused = reading.get("/encounters")
    assert 'scope="encounters:read"' in refused.headers["WWW-Authenticate"]
    assert writing.get("/organizations").status_code == 200
    assert writing.post("/organizations", FIRM).status_code == 201

    with transaction():
        officer.role = Role.EVALUATOR
    assert problem(writing.post("/organizations", FIRM))["status"] == 403


def test_a_token_dies_when_it_is_revoked_expires_or_its_owner_is_disabled(app: Flask) -> None:
    owner = make_user(Role.COORDINATOR)
    program = Program(app, owner)
    token = db.session.query(ApiToken).one()
    with transaction():
        service.disable_user(owner, viewer=SYSTEM)
    assert problem(program.get("/organizations"))["type"] == "/api#problem-token-invalid"
    with transaction():
        service.enable_user(owner, viewer=SYSTEM)
    assert program.get("/organizations").status_code == 401

    second = Program(app, owner)
    assert second.get("/organizations").status_code == 200
    with transaction():
        for token in db.session.query(ApiToken):
            revoke_token(token, viewer=SYSTEM)
    assert second.get("/organizations").status_code == 401
    for header in ("Basic YTpi", "Bearer", "Bearer musubi_wrong", "Bearer " + "x" * 5000):
        assert second.get("/programs", headers={"Authorization": header}).status_code == 401


def test_every_write_leaves_the_tokens_number_in_the_log(app: Flask, staff: Program) -> None:
    made = staff.post("/organizations", FIRM)
    staff.patch(f"/organizations/{made.get_json()['id']}", {"summary": "紹介"})
    staff.post("/organizations", {"kind": "company"})
    staff.get("/organizations")

    token = db.session.query(ApiToken).one()
    used = db.session.query(AuditEntry).filter_by(subject=f"token:{token.public_id}").all()
    assert [entry.action for entry in used] == ["token.created", "token.used", "token.used"]
    assert [entry.values[0].after for entry in used[1:]] == [
        "POST /api/v1/organizations",
        f"PATCH /api/v1/organizations/{made.get_json()['id']}",
    ]
    assert token.last_used_at is not None and token.version == 1


def test_keys_are_kept_as_hashes_only(app: Flask, staff: Program) -> None:
    dumped = "\n".join(dump_lines(everything=True))
    token = db.session.query(ApiToken).one()

    assert staff.key not in dumped and staff.key[14:] not in dumped
    assert token.token_hash not in dumped
    assert token.prefix in dumped and staff.key.startswith(token.prefix)


def test_hidden_and_absent_look_the_same(app: Flask) -> None:
    hidden = make_organization(state=OrganizationState.DRAFT, name="伏せた会社")
    program = Program(app, make_member())
    bodies = set()
    for one in (hidden.public_id, "00000000-0000-4000-8000-000000000000"):
        for answer in (
            program.get(f"/organizations/{one}"),
            program.send("PATCH", f"/organizations/{one}", json={}, headers={"If-Match": '"1-a"'}),
            program.get(f"/organizations/{one}/contacts"),
        ):
            assert answer.status_code == 404
            bodies.add(answer.get_data())
    assert len(bodies) == 1


def test_limits_are_counted_by_token(
    app: Flask, make_app: Callable[..., Flask], config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(auth, "WRITING", "2 per minute")
    limited = make_app(config, TESTING=True, RATELIMIT_ENABLED=True)
    staff = Program(limited, make_user(Role.COORDINATOR))
    other = Program(limited, make_user(Role.COORDINATOR))

    answers = [staff.post("/organizations", {}) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert other.post("/organizations", {}).status_code == 422
    assert staff.get("/organizations").status_code == 200


def test_the_document_is_the_same_at_every_call(app: Flask) -> None:
    first = Program(app).get("/openapi.json")
    document.document_text.cache_clear()
    assert first.get_json()["openapi"] == "3.1.0"
    assert document.document_text() == first.get_data(as_text=True)
    assert json.loads(document.document_text()) == first.get_json()
