"""A small world with one of everything, and somebody of every role in it: what the API is tried on."""

from datetime import date

from registry.accounts.models import User
from registry.cases.models import Side
from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import Visibility
from registry.organizations.models import Contact, Membership, Organization
from registry.programs.kinds import CallState
from registry.programs.models import (
    Call,
    Enrolment,
    EnrolmentResult,
    Program,
    ProgramOperator,
    ProgramState,
    Shape,
)
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_encounter, make_introduced_case, party
from tests.factories.events import make_edition, make_event
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization
from tests.factories.places import make_occupancy, make_place
from tests.factories.policy import make_indicator, make_reading


def make_people() -> dict[Role, User]:
    """Somebody of every role who signs in, among records of every kind."""
    firm = make_organization(name="株式会社見本", kana="ミホン", employees=24)
    other = make_organization(name="見本大学", kind="university")
    people = {role: make_user(role) for role in Role if role not in (Role.VISITOR, Role.MEMBER)}
    people[Role.MEMBER] = make_member(firm, is_manager=True)
    program = Program(
        key="sample", title="見本の制度", shape=Shape.ENROLMENT, state=ProgramState.ACTIVE
    )
    with transaction():
        db.session.add(program)
        db.session.flush()
        db.session.add_all(
            [
                ProgramOperator(program_id=program.id, user_id=people[Role.OPERATOR].id),
                Contact(organization_id=firm.id, name="見本 花子", phone="044-200-0000"),
                Membership(
                    organization_id=other.id,
                    user_id=people[Role.PARTNER].id,
                    since=firm.approved_on,
                ),
                Enrolment(
                    program_id=program.id,
                    organization_id=firm.id,
                    fiscal_year=2026,
                    result=EnrolmentResult.AWARDED,
                ),
            ]
        )
    need = make_need(organization=firm, title="めっき後の細い溝の洗浄", keywords=["めっき"])
    seed = make_seed(organization=other, anonymous=True, visibility=Visibility.MEMBERS)
    asked = make_case(need=need, seed=seed)
    ask(party(asked, Side.NEED))
    make_introduced_case(need=make_need(organization=firm), seed=make_seed())
    make_encounter(firm, other)
    make_newer_rooms(program, firm)
    return people


def make_newer_rooms(program: Program, firm: Organization) -> None:
    """A place with a tenant, an edition, a call, an indicator with a figure."""
    place = make_place(program_id=program.id)
    make_occupancy(place, firm, note="庁内のメモ")
    make_edition(make_event(program_id=program.id))
    make_reading(make_indicator())
    call = Call(program_id=program.id, title="見本の公募", fiscal_year=2026, state=CallState.OPEN,
                opens_on=date(2026, 11, 1))  # fmt: skip
    with transaction():
        db.session.add(call)
