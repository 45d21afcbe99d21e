"""Editions of this year: coming ones that take registrations, held ones whose meetings are followed
up. All invented; their days are told from the day of loading."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from registry.db import db
from registry.demo.crowd import pool
from registry.demo.files import is_yes, rows, split, whole
from registry.demo.world import COORDINATOR, World, moment
from registry.events.models import (
    Edition,
    EditionFigure,
    EditionState,
    Event,
    Exhibit,
    FigureKind,
    JointBooth,
    Meeting,
    MeetingResult,
    Registration,
    RegistrationState,
)
from registry.organizations.models import Organization

SUBJECTS = (
    "めっき前の洗浄を減らす薬液",
    "小ロットの板金試作",
    "排水のセンサーと遠隔の監視",
    "食品工場の廃熱の利用",
    "樹脂部品の軽量化",
)
FOLLOW_UPS: tuple[tuple[MeetingResult, str, int], ...] = (
    (MeetingResult.QUOTE, "見積もりが届いたかを両社に聞く", -2),
    (MeetingResult.TALKS, "試作の条件がそろったかを聞く", 5),
    (MeetingResult.NONE, "", 0),
    (MeetingResult.OPEN, "工場見学の日取りを決める", -5),
    (MeetingResult.DEAL, "公表してよいかを確かめる", 12),
)
"""What came of invented meetings, in turn: the result, what to do next, and in how many days."""
JOINT_MEMBERS = 4
"""So many of the exhibitors share the joint booth, where there is one."""


def load_editions_now(world: World, events: Mapping[str, Event]) -> None:
    """The editions of this year, with exhibitors, registrations and meetings."""
    for row in rows("editions_now"):
        edition = Edition(
            public_id=world.ids.of(f"edition:{row['key']}"),
            event=events[row["event"]],
            title=row["title"],
            title_en=row["title_en"],
            starts_on=world.need_day(row["starts"]),
            ends_on=world.need_day(row["ends"]),
            opens_on=world.day(row["opens"]),
            closes_on=world.day(row["closes"]),
            capacity=whole(row["capacity"]),
            venue=row["venue"],
            is_online=is_yes(row["is_online"]),
            state=EditionState(row["state"]),
            state_reason=row["reason"],
            announced=row["state"] != "planned",
            note=row["note"],
            illustrative=True,
        )
        db.session.add(edition)
        db.session.flush()
        told = [cell.partition("=")[0] for cell in split(row["named"]) + split(row["applied"])]
        named = {world.organizations[key].public_id for key in told}
        firms = [
            firm for firm in pool("fair", world) if firm.is_approved and firm.public_id not in named
        ]
        load_figures(row, edition, world)
        _exhibitors(row, edition, firms, world)
        _registrations(row, edition, firms, world)
        _meetings(row, edition, firms, world)
        world.log("edition.created", f"edition:{edition.public_id}", title=edition.title)
    db.session.flush()


def load_figures(row: dict[str, str], edition: Edition, world: World) -> None:
    """The figures of an edition; `~` before one means about (約), `@` after it the month of an
    estimate."""
    for cell in split(row["figures"]):
        kind, _, told = cell.partition("=")
        value, _, month = told.partition("@")
        db.session.add(
            EditionFigure(
                public_id=world.ids.of(f"figure:{row['key']}:{kind}"),
                edition=edition,
                kind=FigureKind(kind),
                value=Decimal(value.lstrip("~")),
                approximate=value.startswith("~"),
                as_of=month,
                source=row.get("source", ""),
            )
        )


def _exhibitors(
    row: dict[str, str], edition: Edition, firms: list[Organization], world: World
) -> None:
    """So many firms; the last ones share the joint booth, where there is one."""
    count, booths = whole(row["exhibitors"]) or 0, whole(row["booths"]) or 0
    joint = None
    if row["joint"]:
        joint = JointBooth(
            public_id=world.ids.of(f"joint:{row['key']}"),
            edition=edition,
            name=row["joint"],
            leader=firms[count - 1],
            booths=2,
        )
        db.session.add(joint)
    own = count - (JOINT_MEMBERS if joint else 0)
    spare = booths - own - (2 if joint else 0)
    for place, firm in enumerate(firms[:count]):
        shares = joint is not None and place >= own
        db.session.add(
            Exhibit(
                public_id=world.ids.of(f"exhibit:{row['key']}:{place + 1}"),
                edition=edition,
                organization=firm,
                joint_booth=joint if shares else None,
                booths=0 if shares else 1 + (place < spare),
                label="" if shares else f"A-{place + 1}",
                theme=SUBJECTS[place % len(SUBJECTS)] if place % 3 == 0 else "",
                illustrative=True,
            )
        )
    for cell in split(row["applied"]):
        key, _mark, theme = cell.partition("=")
        db.session.add(
            Exhibit(
                public_id=world.ids.of(f"exhibit:{row['key']}:{key}"),
                edition=edition,
                organization=world.organizations[key],
                theme=theme,
                requested=True,
                illustrative=True,
            )
        )


def _registrations(
    row: dict[str, str], edition: Edition, firms: list[Organization], world: World
) -> None:
    """So many firms, then those named; whoever finds no place waits. `people` is what the firms
    bring in all, one to three each where it is left open."""
    count, wanted = whole(row["registrations"]) or 0, whole(row["people"])
    coming = [(firms[-1 - place], 1 + place % 3) for place in range(count)]
    if wanted:
        share, rest = divmod(wanted, count)
        coming = [(firm, share + (place < rest)) for place, (firm, _n) in enumerate(coming)]
    for cell in split(row["named"]):
        key, _mark, number = cell.partition("=")
        coming.insert(2, (world.organizations[key], int(number)))
    taken = 0
    first = edition.opens_on or edition.starts_on
    for place, (firm, people) in enumerate(coming):
        fits = edition.capacity is None or taken + people <= edition.capacity
        taken += people if fits else 0
        asked = min(first + timedelta(days=1 + place), world.today)
        db.session.add(
            Registration(
                public_id=world.ids.of(f"registration:{row['key']}:{place + 1}"),
                edition=edition,
                organization=firm,
                people=people,
                state=_state(edition, fits, place),
                created_at=moment(asked, 9, place),
                illustrative=True,
            )
        )


def _state(edition: Edition, fits: bool, place: int) -> RegistrationState:
    if not fits:
        return RegistrationState.WAITING
    if edition.state is not EditionState.HELD:
        return RegistrationState.REGISTERED
    return RegistrationState.ABSENT if place % 6 == 5 else RegistrationState.ATTENDED


def _meetings(
    row: dict[str, str], edition: Edition, firms: list[Organization], world: World
) -> None:
    """Exhibitors met each other; some of what was agreed is done, some is late."""
    count = whole(row["meetings"]) or 0
    staff = world.users[COORDINATOR]
    for place in range(count):
        result, words, days = FOLLOW_UPS[place % len(FOLLOW_UPS)]
        done = bool(words) and place >= count - len(FOLLOW_UPS)
        due: date | None = world.today + timedelta(days=days + place) if words else None
        db.session.add(
            Meeting(
                public_id=world.ids.of(f"meeting:{row['key']}:{place + 1}"),
                edition=edition,
                host=firms[place],
                guest=firms[place + count],
                on=edition.starts_on + timedelta(days=place % 3),
                subject=SUBJECTS[place % len(SUBJECTS)],
                result=result,
                follow_up=words,
                follow_up_due=due,
                followed_up_at=moment(world.today - timedelta(days=3)) if done else None,
                coordinator=staff if words else None,
                illustrative=True,
            )
        )
