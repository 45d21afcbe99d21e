"""Loading check-ins: planned for every agreed match, asked as their days came, answered as told."""

from datetime import date, timedelta

from sqlalchemy import select

from registry.accounts.models import User
from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.check_in_queries import due_check_ins, is_followed
from registry.cases.check_ins import ANSWER_DAYS, REMIND_AFTER, plan
from registry.cases.models import Case, Party, Side
from registry.common.calendar import next_business_day
from registry.common.viewer import SYSTEM
from registry.db import db
from registry.demo.files import rows
from registry.demo.organizations import EVIDENCE, speaker
from registry.demo.world import World, moment
from registry.organizations.models import ConsentWay
from registry.organizations.queries import addresses_of

WAYS = {"link": ConsentWay.LINK, "phone": ConsentWay.TELEPHONE}


def load_check_ins(world: World) -> None:
    """The check-ins of all agreed matches of the demo, and what came of them until today."""
    followed = set(db.session.scalars(select(Case.id).where(is_followed())))
    for case in world.cases.values():
        if case.id in followed and case.opened_on.year > 2016:
            plan(case, viewer=SYSTEM)
    for row in rows("check_ins"):
        case = world.cases[row["case"]]
        party = next(p for p in case.parties if p.side is Side(row["side"]))
        check = db.session.scalar(
            select(CheckIn).where(
                CheckIn.party_id == party.id, CheckIn.months == int(row["months"])
            )
        )
        if check is None:
            raise ValueError(f"no check-in was planned for {row['case']}, {row['months']} months")
        _ask(check, party, world.need_day(row["asked"]), world.day(row["reminded"]))
        if answered := world.day(row["answered"]):
            _answer(check, party, row, answered, case.coordinator)
    db.session.flush()
    _ask_the_rest(world)


def _ask(check: CheckIn, party: Party, asked: date, reminded: date | None) -> None:
    check.asked_on, check.reminded_on = max(asked, check.due), reminded
    check.answer_until = check.asked_on + timedelta(days=ANSWER_DAYS)
    check.mails = len(addresses_of(party.organization))


def _answer(
    check: CheckIn, party: Party, row: dict[str, str], on: date, coordinator: User | None
) -> None:
    check.answered_on, check.state = on, CheckInState(row["state"])
    check.comment, check.way = row["comment"], WAYS[row["how"]]
    if check.way is not ConsentWay.LINK:
        check.answered_by, check.recorded_by = speaker(party.organization), coordinator
        check.evidence = EVIDENCE[check.way]
    if row["seen"] == "yes":
        check.seen_at = moment(on, 17)


def _ask_the_rest(world: World) -> None:
    """What the worker would have asked by now, had the demo lived through its days."""
    for check in db.session.scalars(due_check_ins(world.today)).all():
        asked = next_business_day(check.due)
        if check.asked_on is None and asked < world.today:
            late = asked + timedelta(days=REMIND_AFTER)
            _ask(check, check.party, asked, late if late < world.today else None)
            if not check.mails:
                check.reminded_on = None
    db.session.flush()
