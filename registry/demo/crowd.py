"""Rows behind figures that the plan does not list singly: invented, and flagged illustrative."""

from datetime import date

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.demo.files import rows, whole
from registry.demo.world import World
from registry.organizations.models import Organization, OrganizationKind
from registry.programs.models import (
    Enrolment,
    EnrolmentResult,
    EnrolmentState,
    EnrolmentStep,
    MemberClass,
)

EXAMPLE = "fair-"
"""Begins the keys of organizations that stand only behind such figures."""


def pool(name: str, world: World) -> list[Organization]:
    """The organizations that a data file calls "fair" (firms), "groups", "universities" or
    "cooperating", the examples first."""
    examples = [row for key, row in world.organizations.items() if key.startswith(EXAMPLE)]
    invented = [
        row
        for key, row in world.organizations.items()
        if row.illustrative and row.approved_on and not key.startswith(EXAMPLE)
    ]
    if name == "fair":
        firms = [*examples, *invented]
        return [row for row in firms if row.kind is OrganizationKind.COMPANY]
    if name == "universities":
        return [row for row in invented if row.kind is OrganizationKind.UNIVERSITY]
    groups = [
        row for row in examples if row.kind is OrganizationKind.SUPPORTER and row.illustrative
    ]
    if name == "groups":
        return groups[:7]
    others = (OrganizationKind.SUPPORTER, OrganizationKind.INSTITUTE)
    return [*groups[7:], *(row for row in invented if row.kind in others)]


def load_members(world: World) -> None:
    """Members by class, certificates, founders and prizes: so many rows as the plan counts."""
    for row in rows("members"):
        count, steps = int(row["count"]), whole(row["steps"]) or 0
        found = pool(row["organizations"], world)[:count]
        if len(found) != count:
            raise ValueError(f"too few organizations for {row['key']}")
        year = int(row["fiscal_year"])
        started = date.fromisoformat(row["started"]) if row["started"] else None
        for place, organization in enumerate(found, 1):
            key = f"{row['key']}-{place}"
            enrolment = Enrolment(
                public_id=world.ids.of(f"enrolment:{key}"),
                program=world.programs[row["program"]],
                organization=organization,
                fiscal_year=year,
                project=row["project"],
                topic=row["topic"],
                member_class=MemberClass(row["member_class"]) if row["member_class"] else None,
                state=EnrolmentState.ACTIVE,
                result=EnrolmentResult(row["result"]),
                started_on=started,
                published=False,
                illustrative=True,
            )
            if place <= steps:
                enrolment.steps.append(
                    EnrolmentStep(
                        public_id=world.ids.of(f"step:{key}"),
                        step=row["step"],
                        on=date.fromisoformat(row["step_on"]),
                        illustrative=True,
                    )
                )
            db.session.add(enrolment)
        world.log(
            "enrolments.loaded",
            f"program:{world.programs[row['program']].public_id}",
            count=count,
            fiscal_year=FiscalYear(year).code,
        )
    db.session.flush()
