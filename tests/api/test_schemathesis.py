"""Schemathesis on the document: what fits is taken or refused by a rule, what does not is refused,
every answer is as described; each request is sent with every role's token, and without one."""

import contextvars
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from registry.common.roles import Role
from registry.db import db
from tests.api.world import make_people
from tests.factories.tokens import make_key

CONFIG = Path(__file__).resolve().parents[2] / "schemathesis.toml"
EXAMPLES = 4
TABLES = {
    "organization_id": "organizations",
    "contact_id": "contacts",
    "listing_id": "listings",
    "program_id": "programs",
    "enrolment_id": "enrolments",
    "encounter_id": "encounters",
    "case_id": "cases",
    "place_id": "places",
    "occupancy_id": "occupancies",
    "edition_id": "editions",
    "call_id": "calls",
    "indicator_id": "indicators",
    "reading_id": "readings",
}


def cases_of(operation: Any) -> list[Any]:
    """Requests that fit the operation, and such that do not; the same at every run."""
    found: list[Any] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @seed(7)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: Any) -> None:
            if case.meta.generation.mode.is_positive or _is_wrong_beside_its_headers(case):
                found.append(case)

        collect()
    return found


def _is_wrong_beside_its_headers(case: Any) -> bool:
    """A request that is wrong by its headers alone gets a right one with the token of the role."""
    components = case.meta.components.items()
    return any(info.mode.is_negative for place, info in components if place.value != "header")


def aimed(case: Any, ids: dict[str, str]) -> Any:
    """A request that fits, aimed at a record that exists."""
    if case.meta.generation.mode.is_negative:
        return case
    for name in case.path_parameters or {}:
        if name in ids:
            case.path_parameters[name] = ids[name]
    return case


def faults_of(case: Any, headers: dict[str, str], statuses: Counter[int]) -> list[str]:
    """What schemathesis finds wrong with the answer to a request."""
    try:
        answer = case.call(headers=headers)
        statuses[answer.status_code] += 1
        case.validate_response(answer, headers=headers)
    except BaseExceptionGroup as group:
        return [f"{case.operation.label} {headers}: {error}"[:1500] for error in group.exceptions]
    return []


def test_every_operation_keeps_to_its_description_for_every_role(app: Flask) -> None:
    people = make_people()
    keys = {role: make_key(user) for role, user in people.items()}
    ids = {
        name: db.session.execute(db.metadata.tables[table].select()).mappings().first()["public_id"]
        for name, table in TABLES.items()
    }
    db.session.rollback()
    headers: dict[Role, dict[str, str]] = {
        role: {"Authorization": f"Bearer {keys[role]}"} if role in keys else {} for role in Role
    }
    statuses: Counter[int] = Counter()

    def run() -> list[str]:
        config = SchemathesisConfig.from_path(CONFIG)
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
        faults: list[str] = []
        for result in schema.get_all_operations():
            for at, case in enumerate(cases_of(result.ok())):
                for sent in headers.values():
                    faults += faults_of(aimed(case, ids) if at % 2 else case, sent, statuses)
        return faults

    faults = contextvars.Context().run(run)

    assert not faults, "\n\n".join(faults[:5])
    assert statuses.total() > 1500
    assert set(statuses) >= {200, 201, 401, 403, 404, 409, 422}
