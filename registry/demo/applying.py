"""Loading what programs say, their conditions, calls, and applications in every state: invented,
and flagged illustrative."""

import json
from datetime import date
from typing import Any

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.demo.files import is_yes, rows, split, whole
from registry.demo.world import World, moment
from registry.programs.models import (
    Call,
    CallState,
    Condition,
    ConditionKind,
    Enrolment,
    EnrolmentResult,
    EnrolmentState,
    EnrolmentStep,
)
from registry.programs.questions import define
from registry.programs.search import refresh

TEXTS = ("subtitle", "content", "content_en", "contact", "audience", "purpose", "how_to_apply",
         "season", "documents")  # fmt: skip
LISTS = ("areas", "industries", "stages", "troubles", "service_kinds", "keywords")


def load_details(world: World) -> None:
    """The fields of GIF DS-451-4 of some programs, and who confirmed them when."""
    staff = next(user for user in world.users.values() if user.role == "coordinator")
    for row in rows("program_details"):
        program = world.programs[row["key"]]
        for name in TEXTS:
            setattr(program, name, row[name])
        for name in LISTS:
            setattr(program, name, split(row[name]))
        program.benefit_max_yen = whole(row["benefit_max_yen"])
        program.loan_max_yen = whole(row["loan_max_yen"])
        program.rate_max_percent = _share(row["rate_max_percent"])
        program.interest_max_percent = _share(row["interest_max_percent"])
        program.is_online = True if is_yes(row["is_online"]) else None
        program.stage_names = json.loads(row["stage_names"]) if row["stage_names"] else {}
        program.confirmed_on, program.confirmed_by_id = world.day(row["confirmed"]), staff.id
        refresh(program)
    db.session.flush()


def load_conditions(world: World) -> None:
    """Typed conditions of eligibility."""
    for row in rows("conditions"):
        db.session.add(
            Condition(
                program_id=world.programs[row["program"]].id,
                kind=ConditionKind(row["kind"]),
                limits=json.loads(row["limits"]),
                rule=row["rule"],
                rule_en=row["rule_en"],
            )
        )
    db.session.flush()


def load_calls(world: World) -> dict[str, Call]:
    """Calls with their questions, by key."""
    calls = {}
    for row in rows("calls"):
        opens = world.need_day(row["opens"])
        calls[row["key"]] = call = Call(
            public_id=world.ids.of(f"call:{row['key']}"),
            program=world.programs[row["program"]],
            title=row["title"],
            title_en=row["title_en"],
            fiscal_year=FiscalYear.of(opens).year,
            opens_on=opens,
            closes_on=world.day(row["closes"]),
            state=CallState(row["state"]),
            budget_yen=whole(row["budget_yen"]),
            places=whole(row["places"]),
            note=row["note"],
            questions=define(_questions(row["key"])),
            illustrative=True,
        )
        db.session.add(call)
        db.session.flush()
        program = call.program.public_id
        world.log("call.created", f"call:{call.public_id}", program=program, title=call.title)
    return calls


def load_applications(world: World) -> None:
    """Applications in every state, with their answers, decisions and steps."""
    calls = load_calls(world)
    for row in rows("applications"):
        call, applied = calls[row["call"]], world.day(row["applied"])
        enrolment = Enrolment(
            public_id=world.ids.of(f"enrolment:{row['key']}"),
            program_id=call.program_id,
            call_id=call.id,
            organization=world.organizations[row["organization"]],
            partners=[world.organizations[key] for key in split(row["partners"])],
            fiscal_year=call.fiscal_year,
            project=row["project"],
            topic=row["topic"],
            state=EnrolmentState(row["state"]),
            result=EnrolmentResult(row["result"]),
            requested_yen=whole(row["requested_yen"]),
            amount_yen=whole(row["amount_yen"]),
            applied_on=applied,
            decided_on=world.day(row["decided"]),
            started_on=world.day(row["started"]),
            ended_on=world.day(row["ended"]),
            decision_reason=row["reason"],
            answers=json.loads(row["answers"]),
            published=is_yes(row["published"]),
            illustrative=True,
            created_at=moment(applied or world.today),
        )
        for cell in split(row["steps"]):
            step, _colon, day = cell.partition(":")
            enrolment.steps.append(_step(world, row["key"], step, world.need_day(day)))
        db.session.add(enrolment)
        db.session.flush()
        subject = f"enrolment:{enrolment.public_id}"
        world.log("enrolment.begun", subject, call=call.public_id, state=enrolment.state)


def _step(world: World, key: str, step: str, on: date) -> EnrolmentStep:
    public_id = world.ids.of(f"step:{key}:{step}")
    return EnrolmentStep(public_id=public_id, step=step, on=on, illustrative=True)


def _questions(call: str) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "required": is_yes(row["required"]),
            "choices": "\n".join(split(row["choices"])),
            "max": whole(row["max"]),
        }
        for row in rows("call_questions")
        if row["call"] == call
    ]


def _share(cell: str) -> float | None:
    return float(cell) if cell else None
