"""The yearly results over ten years with 100,000 enrolments and 100,000 encounters.

Usage: python -m benchmarks.yearly_report [ENROLMENTS ENCOUNTERS] (default 100000 100000), on SQLite
in a folder of its own; with DATABASE_URL on that (empty) database. Sixty indicators of all counts
and rules. Prints one line of JSON per figure.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta

import flask_migrate
from sqlalchemy import insert

from registry import config as configuration
from registry.app import create_app
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.organizations.models import Organization, OrganizationKind, OrganizationState
from registry.policy.models import CountingRule, Indicator, PeriodType, PolicyCode
from registry.programs.models import (
    Enrolment,
    EnrolmentResult,
    EnrolmentState,
    Program,
    ProgramState,
    Shape,
)
from registry.reports.yearly import results

FIRST, LAST = 2016, 2025
PROGRAMS, ORGANIZATIONS = 30, 5_000
BATCH = 20_000


def fill(enrolments: int, encounters: int) -> None:
    """Rows spread evenly over ten fiscal years, thirty programs, five thousand organizations."""
    draw = random.Random(1)
    code = PolicyCode(plan="bench", code="3", title="bench")
    db.session.add(code)
    for number in range(1, ORGANIZATIONS + 1):
        db.session.add(
            Organization(
                number=number,
                kind=OrganizationKind.COMPANY,
                name=f"bench {number}",
                state=OrganizationState.APPROVED,
            )
        )
    programs = [
        Program(key=f"p{n}", title=f"p{n}", shape=Shape.ENROLMENT, state=ProgramState.ACTIVE)
        for n in range(PROGRAMS)
    ]
    db.session.add_all(programs)
    db.session.flush()
    for n, program in enumerate(programs):
        key = {"program": program.key}
        kinds = (
            ("enrolments.rows", CountingRule.FLOW),
            ("enrolments.standing", CountingRule.STOCK),
        )
        if n % 2:
            kinds = (
                ("encounters.rows", CountingRule.UNIQUE),
                ("encounters.rows", CountingRule.CUMULATIVE),
            )
        for place, (measure, rule) in enumerate(kinds):
            db.session.add(
                Indicator(
                    key=f"i{n}-{place}",
                    policy_code=code,
                    label=f"i{n}-{place}",
                    unit="x",
                    period_type=PeriodType.FISCAL_YEAR_END
                    if rule is CountingRule.STOCK
                    else PeriodType.FISCAL_YEAR,
                    rule=rule,
                    measure=measure,
                    filters=key,
                )
            )
    db.session.flush()
    days = [date(FIRST, 4, 1) + timedelta(days=n) for n in range(3_652)]
    rows = [
        {
            "program_id": draw.choice(programs).id,
            "organization_id": draw.randint(1, ORGANIZATIONS),
            "fiscal_year": draw.randint(FIRST, LAST),
            "result": EnrolmentResult.AWARDED,
            "state": EnrolmentState.ACTIVE,
            "version": 1,
        }
        for _row in range(enrolments)
    ]
    for at in range(0, len(rows), BATCH):
        db.session.execute(insert(Enrolment), rows[at : at + BATCH])
    met = [
        {
            "id": number,
            "number": number,
            "kind": EncounterKind.VISIT,
            "held_on": draw.choice(days),
            "subject": "bench",
            "program_id": draw.choice(programs).id,
            "version": 1,
        }
        for number in range(1, encounters + 1)
    ]
    for at in range(0, len(met), BATCH):
        db.session.execute(insert(Encounter), met[at : at + BATCH])
        db.session.execute(
            insert(EncounterParty),
            [
                {"encounter_id": row["id"], "organization_id": draw.randint(1, ORGANIZATIONS)}
                for row in met[at : at + BATCH]
            ],
        )
    db.session.commit()


def main(argv: list[str]) -> None:
    """Fill a database, then count ten years three times."""
    enrolments, encounters = (int(text) for text in argv) if argv else (100_000, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3"
        config = configuration.load(
            {"MUSUBI_DATA": folder, "DATABASE_URL": url, "MUSUBI_DEMO": "1"}
        )
        app = create_app(config)
        with app.test_request_context():
            flask_migrate.upgrade()
            fill(enrolments, encounters)
            for turn in range(3):
                started, worked = time.perf_counter(), time.process_time()
                found = results(range(FIRST, LAST + 1))
                seconds, worked = time.perf_counter() - started, time.process_time() - worked
                figure = {
                    "what": "yearly results of ten years",
                    "turn": turn + 1,
                    "enrolments": enrolments,
                    "encounters": encounters,
                    "figures": len(found),
                    "seconds": round(seconds, 2),
                    "processor_seconds": round(worked, 2),
                }
                print(json.dumps(figure))


if __name__ == "__main__":
    main(sys.argv[1:])
