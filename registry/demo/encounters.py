"""Loading encounters: those of the data file, and the dispatches of FY2016."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from registry.accounts.models import User
from registry.cases.models import Case
from registry.common.calendar import TOKYO, is_business_day
from registry.common.roles import Role
from registry.db import db
from registry.demo.crowd import pool
from registry.demo.files import rows, split
from registry.demo.world import World
from registry.encounters.models import Encounter, EncounterKind
from registry.organizations.models import Organization
from registry.programs.models import Program

HALF_HOUR = timedelta(minutes=30)
DONE_AFTER = timedelta(days=21)
"""Next steps of encounters without a case count as done after so long."""
DISPATCH_TIMES = (time(10, 0), time(13, 30), time(15, 0))
DISPATCH_HOURS = (1.5, 2.0, 2.0, 2.5)


@dataclass(frozen=True)
class Told:
    """One encounter before it is a row: its day and time may still have to move."""

    key: str
    kind: EncounterKind
    on: date
    starts_at: time
    hours: float | None
    subject: str
    organizations: tuple[Organization, ...]
    coordinator: User
    result: str = ""
    next_step: str = ""
    next_due: date | None = None
    case: Case | None = None
    program: Program | None = None
    desk: str = ""
    supporters: tuple[Organization, ...] = ()


def load_encounters(world: World) -> None:
    """Encounters by day and time, numbered so; each belongs to its case's timeline.

    An appointment still to come stands as the next step of its case and is no encounter yet.
    """
    told = [*_told(world), *_dispatches(world), *_behind_figures(world)]
    found = sorted(_without_clashes(told), key=lambda one: (one.on, one.starts_at, one.key))
    last_of_case = {one.case.number: one.on for one in found if one.case}
    for number, one in enumerate(found, 1):
        encounter = _row(one, number, world)
        encounter.next_done_at = _done(one, last_of_case, world)
        db.session.add(encounter)
        if one.case:
            one.case.encounters.append(encounter)
            one.case.moved_on = max(one.case.moved_on, one.on)
    db.session.flush()
    for one in found:
        public_id = world.ids.of(f"encounter:{one.key}")
        world.log(
            "encounter.recorded",
            f"encounter:{public_id}",
            actor=one.coordinator,
            subject=one.subject,
        )


def _told(world: World) -> Iterator[Told]:
    for row in rows("encounters"):
        on = world.need_day(row["date"])
        if on > world.today or not row["result"]:
            continue
        case = world.cases[row["case"]] if row["case"] else None
        yield Told(
            key=row["key"],
            kind=EncounterKind(row["kind"]),
            on=_open_day(on, case.opened_on if case else None),
            starts_at=time.fromisoformat(row["time"]),
            hours=float(row["hours"]) if row["hours"] else None,
            subject=row["subject"],
            organizations=tuple(world.organizations[key] for key in split(row["organizations"])),
            coordinator=world.staff(row["coordinator"]),
            result=row["result"],
            next_step=row["next_step"],
            next_due=world.day(row["next_due"]),
            case=case,
            program=world.programs.get(row["program"]),
        )


def _open_day(on: date, not_before: date | None) -> date:
    """The last day on or before it on which the office is open, but not before the case began."""
    moved = on
    while not is_business_day(moved):
        moved -= timedelta(days=1)
    return moved if not_before is None or moved >= not_before else on


def _without_clashes(told: list[Told]) -> Iterator[Told]:
    """Nobody is in two places: a later one of the same day and time moves by half hours."""
    taken: set[tuple[str, date, time]] = set()
    for one in told:
        starts_at = one.starts_at
        while (one.coordinator.name, one.on, starts_at) in taken:
            starts_at = (datetime.combine(one.on, starts_at, TOKYO) + HALF_HOUR).time()
        taken.add((one.coordinator.name, one.on, starts_at))
        yield replace(one, starts_at=starts_at)


def _row(one: Told, number: int, world: World) -> Encounter:
    return Encounter(
        public_id=world.ids.of(f"encounter:{one.key}"),
        number=number,
        kind=one.kind,
        held_on=one.on,
        starts_at=one.starts_at,
        hours=one.hours,
        subject=one.subject,
        result=one.result,
        next_step=one.next_step,
        next_due=one.next_due,
        program=one.program,
        coordinator=one.coordinator,
        illustrative=True,
        organizations=list(one.organizations),
        desk=one.desk,
        supporters=list(one.supporters),
        created_at=datetime.combine(one.on, time(17), TOKYO),
    )


def _done(one: Told, last_of_case: dict[int, date], world: World) -> datetime | None:
    """When the next step was done: with the next encounter of the case, or after a while."""
    if not one.next_step:
        return None
    if one.case:
        is_done = not one.case.is_open or one.on < last_of_case[one.case.number]
    else:
        is_done = one.on + DONE_AFTER <= world.today
    return datetime.combine(one.on + timedelta(days=1), time(17), TOKYO) if is_done else None


def _dispatches(world: World) -> Iterator[Told]:
    """The dispatches of FY2016 (第3章 3-3-1: 269), spread evenly over the open days."""
    for row in rows("dispatches_fy2016"):
        case, subjects, count = world.cases[row["case"]], split(row["subjects"]), int(row["count"])
        coordinator = case.coordinator
        if coordinator is None:
            raise ValueError("a case of FY2016 has no coordinator")
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        days = _open_days(first, last)
        for place in range(count):
            yield Told(
                key=f"{row['case']}-{place + 1}",
                kind=EncounterKind.DISPATCH,
                on=days[place * (len(days) - 1) // max(1, count - 1)],
                starts_at=DISPATCH_TIMES[place % len(DISPATCH_TIMES)],
                hours=DISPATCH_HOURS[place % len(DISPATCH_HOURS)],
                subject=subjects[place % len(subjects)],
                organizations=tuple(party.organization for party in case.parties),
                coordinator=coordinator,
                case=case,
                program=world.programs["ip-matching"],
            )


def _behind_figures(world: World) -> Iterator[Told]:
    """Consultations and visits that the plan counts and does not list singly: so many rows spread
    over the open days, so many firms in turn, by the coordinators in turn."""
    staff = [user for user in world.users.values() if user.role is Role.COORDINATOR]
    for row in rows("encounters_fy2016"):
        count, subjects = int(row["count"]), split(row["subjects"])
        firms = pool(row["organizations"], world)[: int(row["firms"])]
        days = _open_days(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        for place in range(count):
            yield Told(
                key=f"{row['key']}-{place + 1}",
                kind=EncounterKind(row["kind"]),
                on=days[place * (len(days) - 1) // max(1, count - 1)],
                starts_at=DISPATCH_TIMES[place % len(DISPATCH_TIMES)],
                hours=DISPATCH_HOURS[place % len(DISPATCH_HOURS)],
                subject=subjects[place % len(subjects)],
                organizations=(firms[place % len(firms)],),
                coordinator=staff[place % len(staff)],
                program=world.programs[row["program"]],
                desk=row["desk"],
                supporters=tuple(world.organizations[key] for key in split(row["supporters"])),
            )


def _open_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [on for on in days if is_business_day(on)]
