"""Loading the programs and what organizations have in them."""

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.demo.files import is_yes, rows, split, whole
from registry.demo.world import World, moment
from registry.organizations.models import Organization
from registry.programs.models import (
    Enrolment,
    EnrolmentResult,
    Program,
    ProgramOperator,
    ProgramState,
    Shape,
)
from registry.programs.search import refresh


def load_programs(world: World) -> None:
    """The programs of the plan. One without an operator is run by the city."""
    for row in rows("programs"):
        operator = world.organizations.get(row["operator"])
        program = Program(
            public_id=world.ids.of(f"program:{row['key']}"),
            key=row["key"],
            policy_code=world.codes[row["policy_code"]],
            title=row["title"],
            title_en=row["title_en"],
            summary=row["summary"],
            summary_en=row["summary_en"],
            operator_organization=operator,
            shape=Shape(row["shape"]),
            state=ProgramState(row["state"]),
            started=row["started"],
            ended=row["ended"],
            source=row["source"],
        )
        refresh(program)
        world.programs[row["key"]] = program
        db.session.add(program)
    db.session.flush()
    for program in world.programs.values():
        world.log("program.created", f"program:{program.public_id}", title=program.title)


def load_operators(world: World) -> None:
    """Who runs which programs."""
    for row in rows("accounts"):
        for key in split(row["programs"]):
            user, program = world.users[row["email"]], world.programs[key]
            db.session.add(ProgramOperator(program=program, user=user))


def load_enrolments(world: World) -> None:
    """Awards, certificates, memberships and parts in projects.

    The plan's own rows have a year or none, never a day; of invented ones the year follows from
    the day.
    """
    for row in rows("enrolments"):
        decided = world.day(row["date"])
        year = whole(row["fiscal_year"])
        if year is None and decided is not None:
            year = FiscalYear.of(decided).year
        enrolment = Enrolment(
            public_id=world.ids.of(f"enrolment:{row['key']}"),
            program=world.programs[row["program"]],
            organization=world.organizations[row["organization"]],
            fiscal_year=year,
            project=row["project"],
            role=row["role"],
            topic=row["topic"],
            result=EnrolmentResult(row["result"]),
            amount_yen=whole(row["amount_yen"]),
            decided_on=decided,
            note=row["note"],
            illustrative=is_yes(row["illustrative"]),
            source=row["source"],
            partners=[world.organizations[key] for key in split(row["partners"])],
        )
        if decided:
            enrolment.created_at = moment(decided)
        db.session.add(enrolment)
        db.session.flush()
        organization: Organization = enrolment.organization
        world.log(
            "enrolment.recorded",
            f"enrolment:{enrolment.public_id}",
            program=enrolment.program.public_id,
            organization=organization.public_id,
            result=enrolment.result,
        )
