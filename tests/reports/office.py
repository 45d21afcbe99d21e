"""A small office whose month is known to the last figure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from registry.accounts.models import User
from registry.cases.models import Case, Stage, StageChange
from registry.common.roles import Role
from registry.db import db, transaction
from registry.encounters.models import Encounter, EncounterKind
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode
from registry.programs.models import Program, ProgramState, Shape
from registry.suggestions.models import Candidate
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization

NAKAHARA, TAKATSU = "14133", "14134"
SAEKI, HOTTA = "佐伯 由香", "堀田 篤"


@dataclass
class Office:
    """The people and things of the small office."""

    saeki: User
    hotta: User
    program: Program
    maker: Organization
    need: Listing
    seed: Listing


def noon(day: date) -> datetime:
    """Noon in Tokyo."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def add(*rows: object) -> None:
    with transaction():
        db.session.add_all(rows)


def encounter(number: int, kind: EncounterKind, on: date, **fields: object) -> Encounter:
    made = Encounter(number=number, kind=kind, held_on=on, subject="試験", **fields)
    add(made)
    return made


def case(number: int, opened: date, *changes: tuple[Stage, date], **fields: object) -> Case:
    """A case with its changes of stage in the order in which they were recorded."""
    last = changes[-1] if changes else (Stage.PROPOSED, opened)
    made = Case(
        number=number, title=f"試験 {number}", stage=last[0], opened_on=opened, moved_on=last[1]
    )
    for name, value in fields.items():
        setattr(made, name, value)
    made.changes = [
        StageChange(stage=stage, on=on) for stage, on in ((Stage.PROPOSED, opened), *changes)
    ]
    add(made)
    return made


def small_office() -> Office:
    """October 2026: 6 encounters (2 meetings), 4 dispatches, 2 introductions, 1 agreement; two
    coordinators, two wards, one program; a need that has no candidate."""
    saeki = make_user(Role.COORDINATOR, name=SAEKI)
    hotta = make_user(Role.COORDINATOR, name=HOTTA)
    code = PolicyCode(plan="1", code="3-3-1", title="知的財産")
    program = Program(
        key="ip",
        title="知的財産マッチング",
        title_en="IP matching",
        policy_code=code,
        shape=Shape.CASE,
        state=ProgramState.ACTIVE,
    )
    add(code, program)
    maker = make_organization(industry="24", municipality=NAKAHARA)
    lab = make_organization(industry="71", municipality=TAKATSU, approved_on=date(2026, 10, 5))
    need = make_need(organization=maker, published_at=noon(date(2026, 8, 3)))
    seed = make_seed(organization=lab, published_at=noon(date(2026, 10, 5)))
    other = make_need(organization=lab, published_at=noon(date(2026, 9, 1)))
    make_need(organization=lab, title="だれも答えないニーズ", published_at=noon(date(2026, 9, 1)))
    add(
        Candidate(
            need_id=need.id,
            seed_id=seed.id,
            score=80,
            rank=1,
            first_seen_at=noon(date(2026, 10, 6)),
        ),
        Candidate(
            need_id=other.id,
            seed_id=seed.id,
            score=70,
            rank=1,
            first_seen_at=noon(date(2026, 9, 2)),
        ),
    )
    first = date(2026, 10, 10)
    case(
        1,
        first,
        (Stage.INTRODUCED, date(2026, 10, 14)),
        (Stage.AGREED, date(2026, 10, 30)),
        need_id=need.id,
        seed_id=seed.id,
        program_id=program.id,
        coordinator_id=saeki.id,
    )
    case(
        2,
        date(2026, 9, 3),
        (Stage.INTRODUCED, date(2026, 10, 1)),
        need_id=other.id,
        seed_id=seed.id,
        coordinator_id=hotta.id,
    )
    kinds = [EncounterKind.VISIT] * 4 + [EncounterKind.MEETING] * 2 + [EncounterKind.DISPATCH] * 4
    for number, kind in enumerate(kinds, 1):
        encounter(
            number,
            kind,
            date(2026, 10, number),
            organizations=[maker if number % 2 else lab],
            coordinator_id=(saeki if number % 3 else hotta).id,
            program_id=program.id if number % 2 else None,
        )
    encounter(20, EncounterKind.DISPATCH, date(2026, 9, 30), organizations=[lab])
    encounter(21, EncounterKind.DISPATCH, date(2025, 10, 31), organizations=[lab])
    return Office(saeki, hotta, program, maker, need, seed)
